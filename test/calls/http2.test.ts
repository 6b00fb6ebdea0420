/**
 * Placing at a server that speaks HTTP/2 and HTTP/1.1, whichever a client prefers, and refuses in the ways after which
 * clients send again by themselves: 421, a refused stream, a connection that goes away. Whatever client there is, and
 * whatever is wrapped around it, one reference sends one request.
 */
import { createSecureServer, constants, type Http2ServerRequest, type Http2ServerResponse } from "node:http2"
import type { Socket } from "node:net"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import { layerFetch } from "../../src/provider/http/fetchClient.ts"
import {
  certificates,
  openService,
  orderFor,
  START,
  subjects,
  type Transport,
  transports,
  trusting
} from "./faultySite.ts"

const REFERENCE = "lead-17"

const trust = Scope.makeUnsafe()
beforeAll(() => Effect.runPromise(Scope.provide(trusting, trust)))
afterAll(() => Effect.runPromise(Scope.close(trust, Exit.void)))

/** As people write them: they send again what did not come through. */
const insisting: typeof globalThis.fetch = async (input, init) => {
  const first = await fetch(input, init).catch(() => undefined)
  return first === undefined || !first.ok ? await fetch(input, init) : first
}

const retried = (layer: Layer.Layer<HttpClient.HttpClient>) =>
  Layer.effect(HttpClient.HttpClient)(
    Effect.map(HttpClient.HttpClient, (client) =>
      client.pipe(HttpClient.filterStatusOk, HttpClient.retry({ times: 2 }))
    )
  ).pipe(Layer.provide(layer))

/** Of a client that sends again, a head without a body may arrive: undici opens the stream before it reads the body. */
interface Client extends Pick<Transport, "name" | "layer"> {
  readonly heads?: number
}

const clients: ReadonlyArray<Client> = [
  ...transports,
  { name: "Effect's own client over fetch", layer: FetchHttpClient.layer },
  { name: "a fetch that sends again", layer: layerFetch(insisting) },
  { name: "a client that sends again, over fetch", layer: retried(layerFetch()) },
  { name: "a client that sends again, over undici", layer: retried(NodeHttpClient.layerUndici), heads: 3 }
]

interface Occasion {
  readonly request: Http2ServerRequest
  readonly response: Http2ServerResponse
  readonly socket: Socket
}

/** Over HTTP/1.1 there are no streams: the connection goes. */
const closeStream =
  (code: number) =>
  ({ request, socket }: Occasion) => {
    if (request.httpVersionMajor === 2) request.stream.close(code)
    else socket.destroy()
  }

const answer =
  (status: number, headers: { readonly [name: string]: string } = {}) =>
  ({ response }: Occasion) => {
    response.writeHead(status, headers)
    response.end("{}")
  }

interface Fault {
  readonly name: string
  /** Whether the body is read before. */
  readonly reads: boolean
  readonly does: (occasion: Occasion) => void
}

const NGHTTP2 = constants

const faults: ReadonlyArray<Fault> = [
  { name: "421", reads: true, does: answer(421) },
  { name: "503 that wants to be asked again", reads: true, does: answer(503, { "retry-after": "0" }) },
  { name: "a refused stream", reads: true, does: closeStream(NGHTTP2.NGHTTP2_REFUSED_STREAM) },
  { name: "a stream refused at once", reads: false, does: closeStream(NGHTTP2.NGHTTP2_REFUSED_STREAM) },
  { name: "a stream with an error", reads: true, does: closeStream(NGHTTP2.NGHTTP2_INTERNAL_ERROR) },
  { name: "a canceled stream", reads: true, does: closeStream(NGHTTP2.NGHTTP2_CANCEL) },
  { name: "HTTP/1.1 required", reads: true, does: closeStream(NGHTTP2.NGHTTP2_HTTP_1_1_REQUIRED) },
  {
    name: "a connection that goes away and says it took nothing",
    reads: true,
    does: ({ request, socket }) => {
      if (request.httpVersionMajor !== 2) socket.destroy()
      else {
        request.stream.session?.goaway(NGHTTP2.NGHTTP2_NO_ERROR, 0)
        request.stream.session?.destroy()
      }
    }
  },
  { name: "a connection that is cut", reads: true, does: ({ socket }) => socket.destroy() },
  {
    name: "half an answer",
    reads: true,
    does: (occasion) => {
      occasion.response.writeHead(200, { "content-length": "100" })
      occasion.response.write('{"id":')
      setImmediate(() => closeStream(NGHTTP2.NGHTTP2_REFUSED_STREAM)(occasion))
    }
  }
]

/** Misbehaves at the first placement. */
const openSite = Effect.fnUntraced(function* (subject: (typeof subjects)[number], fault: Fault, accepted: boolean) {
  const twin = subject.twin()
  const heads: Array<string> = []
  const orders: Array<string> = []
  const sockets = new Set<Socket>()
  const server = createSecureServer({ ...certificates.trusted, allowHTTP1: true })
  server.on("secureConnection", (socket) => sockets.add(socket.on("error", () => undefined)))
  server.on("sessionError", () => undefined)
  server.on("request", (request: Http2ServerRequest, response: Http2ServerResponse) => {
    const isPlacing = request.method === "POST" && request.url === subject.placePath
    if (isPlacing) heads.push(`HTTP/${request.httpVersion}`)
    const socket = request.httpVersionMajor === 2 ? [...sockets].at(-1) : request.socket
    const isFaulty = isPlacing && heads.length === 1
    // The clock of its answers is that of its orders.
    response.setHeader("date", new Date(START).toUTCString())
    const misbehave = (): void => {
      if (socket !== undefined) fault.does({ request, response, socket })
    }
    request.on("error", () => undefined)
    response.on("error", () => undefined)
    if (isFaulty && !fault.reads) return misbehave()
    let body = ""
    request.on("data", (chunk) => {
      body += String(chunk)
    })
    request.on("end", () => {
      if (isPlacing && body !== "") orders.push(body)
      const url = new URL(request.url, "https://127.0.0.1")
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
      const asked = { method: request.method, path: url.pathname, query: url.searchParams, headers, body }
      const reply = isFaulty && !accepted ? undefined : twin.respond(asked, START)
      if (isFaulty || reply === undefined) return misbehave()
      response.writeHead(reply.status, { ...reply.headers })
      response.end(reply.body)
    })
  })
  yield* Effect.acquireRelease(
    Effect.promise(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))),
    () =>
      Effect.sync(() => {
        server.close()
        for (const socket of sockets) socket.destroy()
      })
  )
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  return { baseUrl: `https://127.0.0.1:${port}`, heads, orders, twin }
})

const [revox] = subjects

const cases = clients.flatMap((client) =>
  faults.flatMap((fault) => (fault.reads ? [true, false] : [false]).map((accepted) => ({ client, fault, accepted })))
)

const versions = new Map<string, string>()

describe("over HTTP/2 or HTTP/1.1", () => {
  for (const { client, fault, accepted } of cases) {
    it.effect(`${client.name}: ${fault.name}${accepted ? ", accepted" : ""}`, () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(START)
        const site = yield* openSite(revox!, fault, accepted)
        const { calls } = yield* openService({ at: [[revox!, site.baseUrl]], transport: { ...client, reuses: false } })
        const order = orderFor(revox!.id, REFERENCE)
        const placed = yield* Effect.result(calls.place(order))
        const once = (): void => {
          expect(site.orders.length).toBeLessThanOrEqual(1)
          expect(site.heads.length).toBeLessThanOrEqual(client.heads ?? 1)
        }
        once()
        versions.set(client.name, site.heads[0] ?? "")
        if (Result.isSuccess(placed)) {
          expect(placed.success).toMatchObject({ state: "uncertain" })
          expect(yield* calls.place(order)).toMatchObject({ state: "uncertain" })
          once()
        } else {
          // Refused for certain: then nothing may have been taken.
          expect(accepted).toBe(false)
        }
        if (accepted) expect(yield* calls.reconcile(REFERENCE)).toMatchObject({ state: "accepted" })
        once()
      })
    )
  }

  it("both were spoken", () => {
    expect(versions.get("node:http")).toBe("HTTP/1.1")
    expect(versions.get("undici")).toBe("HTTP/2.0")
  })
})
