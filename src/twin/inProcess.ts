/**
 * Twins without a network: an `HttpClient` whose requests they answer, in the time of Effect's `Clock`. Redirects are not
 * followed.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { mayHaveBody, type TwinReply } from "./reply.ts"
import type { Twin, TwinRequest } from "./twin.ts"

/** A twin and the address at which it stands for its provider. */
export interface TwinAt {
  readonly twin: Twin
  readonly baseUrl: string
}

interface Found {
  readonly twin: Twin
  readonly path: string
}

const find = (twins: ReadonlyArray<TwinAt>, url: URL): Found | undefined => {
  const pathname = url.pathname.replace(/\/{2,}/g, "/")
  const found = twins
    .map(({ twin, baseUrl }) => ({ twin, base: new URL(baseUrl) }))
    .map(({ twin, base }) => ({ twin, origin: base.origin, prefix: base.pathname.replace(/\/+$/, "") }))
    .filter(({ origin, prefix }) => origin === url.origin && `${pathname}/`.startsWith(`${prefix}/`))
    .toSorted((a, b) => b.prefix.length - a.prefix.length)[0]
  return found === undefined ? undefined : { twin: found.twin, path: pathname.slice(found.prefix.length) || "/" }
}

type Failing<A> = Effect.Effect<A, HttpClientError.HttpClientError>

/** A failure as undici reports it: the code stands in the cause of the cause. */
const lost = (
  request: HttpClientRequest.HttpClientRequest,
  code: string,
  message: string
): HttpClientError.HttpClientError => {
  const cause = new TypeError("fetch failed", { cause: Object.assign(new Error(message), { code }) })
  return new HttpClientError.HttpClientError({ reason: new HttpClientError.TransportError({ request, cause }) })
}

const bodyOf = (request: HttpClientRequest.HttpClientRequest): Failing<string> => {
  const { body } = request
  const unreadable = (cause: unknown) =>
    new HttpClientError.HttpClientError({ reason: new HttpClientError.EncodeError({ request, cause }) })
  switch (body._tag) {
    case "Empty":
      return Effect.succeed("")
    case "Uint8Array":
      return Effect.succeed(new TextDecoder().decode(body.body))
    case "Raw": {
      if (typeof body.body === "string") return Effect.succeed(body.body)
      if (!(body.body instanceof ReadableStream)) break
      const stream = body.body
      return Effect.tryPromise({ try: () => new Response(stream).text(), catch: unreadable })
    }
    case "Stream":
      return body.stream.pipe(Stream.decodeText(), Stream.mkString, Effect.mapError(unreadable))
  }
  const description = "a twin takes bodies of text or bytes"
  return Effect.fail(
    new HttpClientError.HttpClientError({ reason: new HttpClientError.EncodeError({ request, description }) })
  )
}

const PIECES = 4

const bytesOf = (body: TwinReply["body"]): Uint8Array<ArrayBuffer> =>
  typeof body === "string" ? new TextEncoder().encode(body) : body

/** The body in equal pieces, time passing before each. */
const slowly = (body: Uint8Array<ArrayBuffer>, seconds: number): Stream.Stream<Uint8Array<ArrayBuffer>> => {
  const step = Math.ceil(body.length / PIECES)
  const pieces = Array.from({ length: PIECES }, (_, index) => body.slice(index * step, (index + 1) * step))
  return Stream.fromIterable(pieces).pipe(
    Stream.mapEffect((piece) => Effect.as(Effect.sleep(Duration.seconds(seconds / PIECES)), piece))
  )
}

/** Half of the body, then what undici makes of a connection that ends too early. */
const cut = (body: Uint8Array<ArrayBuffer>): Stream.Stream<Uint8Array<ArrayBuffer>, TypeError> => {
  const cause = Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" })
  const half = body.slice(0, Math.floor(body.length / 2))
  return Stream.concat(Stream.make(half), Stream.fail(new TypeError("terminated", { cause })))
}

const streamed = (
  reply: TwinReply,
  body: Uint8Array<ArrayBuffer>
): Effect.Effect<Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>> | null> => {
  if (body.length === 0) return Effect.succeed(null)
  switch (reply.fault?.kind) {
    case "slow_body":
      return Stream.toReadableStreamEffect(slowly(body, reply.fault.seconds))
    case "cut":
      return Stream.toReadableStreamEffect(cut(body))
    default:
      return Effect.succeed(body)
  }
}

const carry = (
  request: HttpClientRequest.HttpClientRequest,
  reply: TwinReply,
  now: number
): Failing<HttpClientResponse.HttpClientResponse> =>
  Effect.gen(function* () {
    const { fault } = reply
    if (fault?.kind === "hang") return yield* Effect.never
    if (fault?.kind === "drop") return yield* Effect.fail(lost(request, "UND_ERR_SOCKET", "other side closed"))
    if (fault?.kind === "delay") yield* Effect.sleep(Duration.seconds(fault.seconds))
    const bytes = bytesOf(reply.body)
    const headers = new Headers({ ...reply.headers, date: new Date(now).toUTCString() })
    if (request.method !== "HEAD" && mayHaveBody(reply.status)) headers.set("content-length", String(bytes.length))
    const body = yield* streamed(reply, bytes)
    return HttpClientResponse.fromWeb(request, new Response(body, { status: reply.status, headers }))
  })

/** A client whose requests the twins answer; a request to any other address fails as one to an unknown host. */
export const twinHttpClient = (twins: ReadonlyArray<TwinAt>): HttpClient.HttpClient =>
  HttpClient.make((request, url) =>
    Effect.gen(function* () {
      const found = find(twins, url)
      if (found === undefined)
        return yield* Effect.fail(lost(request, "ENOTFOUND", `getaddrinfo ENOTFOUND ${url.hostname}`))
      const now = yield* Clock.currentTimeMillis
      const asked: TwinRequest = {
        method: request.method,
        path: found.path,
        query: url.searchParams,
        headers: { host: url.host, ...request.headers },
        body: yield* bodyOf(request)
      }
      return yield* carry(request, found.twin.respond(asked, now), now)
    })
  )

/** `twinHttpClient` as the `HttpClient` of a program. */
export const layerTwins = (twins: ReadonlyArray<TwinAt>): Layer.Layer<HttpClient.HttpClient> =>
  Layer.succeed(HttpClient.HttpClient)(twinHttpClient(twins))
