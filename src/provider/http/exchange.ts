/** One request and its answer. Whatever goes wrong ends in a reason: of clients, `fetch` and answers nothing is taken for granted. */
import type * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import type { HttpClientRequest } from "effect/http/HttpClientRequest"
import type { HttpClientResponse } from "effect/http/HttpClientResponse"
import * as Stream from "effect/Stream"
import type { Redactor } from "../../domain/Redaction.ts"
import { type CallErrorReason, NetworkError, UnreadableResponse } from "../CallError.ts"
import { type Answer, answerOf } from "./answer.ts"
import type { Sent } from "./requestId.ts"
import { reasonOfTransport } from "./reason.ts"
import type { ServerClock } from "./serverClock.ts"

interface Exchange {
  readonly client: HttpClient.HttpClient
  readonly request: HttpClientRequest
  /** What the answer may echo. */
  readonly sent: Sent
  /** Takes the secrets out of the answer. */
  readonly redactor: Redactor
  readonly serverClock: ServerClock
}

/** No redirection is followed: one of 307 or 308 would send a placement again, any would carry the key elsewhere. */
export const NO_REDIRECT: RequestInit = { redirect: "manual" }

const isStatus = (status: unknown): boolean =>
  typeof status === "number" && Number.isInteger(status) && status >= 100 && status < 1000

const notHttp = (): UnreadableResponse => new UnreadableResponse({ expected: "an answer over HTTP" })

/** What a client fails with is typed, but clients are also written without types. */
const reasonOf = (error: unknown, broken: () => CallErrorReason): CallErrorReason => {
  if (HttpClientError.isHttpClientError(error)) return reasonOfTransport(error)
  return error instanceof UnreadableResponse ? error : broken()
}

/** Sends once, until the last byte of the answer has come. */
export const exchange = ({
  client,
  request,
  sent,
  redactor,
  serverClock
}: Exchange): Effect.Effect<Answer, CallErrorReason> =>
  Effect.suspend(() => {
    let answered = false
    /** Where something died: in what there was of an answer, or before. */
    const broken = (): CallErrorReason => (answered ? notHttp() : new NetworkError({ sent: "maybe" }))
    const whole = Effect.gen(function* () {
      const response = yield* serverClock.measuring(client.execute(request))
      answered = true
      const { headers, status } = response
      if (!isStatus(status)) return yield* notHttp()
      const text = yield* textOf(response)
      return answerOf(status, headers, text, yield* Clock.currentTimeMillis, sent, redactor)
    }).pipe(
      Effect.mapError((error) => reasonOf(error, broken)),
      Effect.provideService(FetchHttpClient.RequestInit, NO_REDIRECT),
      // Our own span of the operation tells less: no address, no query.
      Effect.provideService(HttpClient.TracerDisabledWhen, () => true)
    )
    return contained(whole, broken)
  })

const errorOf = <E>({ reasons }: Cause.Cause<E>): { readonly error: E } | undefined =>
  reasons.find((reason) => reason._tag === "Fail")

/**
 * Runs what others wrote in a fiber of its own: it may die, interrupt itself, or never let go. Whatever it ends with but
 * success or its own failure is `broken`. An interruption does not wait for it: a `fetch` may ignore its signal, a body may
 * never be done with `cancel()`.
 */
export const contained = <A, E, R>(effect: Effect.Effect<A, E, R>, broken: () => E): Effect.Effect<A, E, R> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(Effect.forkDetach(effect, { startImmediately: true }), (fiber) =>
      Effect.flatMap(
        Effect.onInterrupt(restore(Fiber.await(fiber)), () => Effect.sync(() => fiber.interruptUnsafe())),
        (exit): Effect.Effect<A, E> =>
          Exit.isSuccess(exit) ? exit : Effect.fail((errorOf(exit.cause) ?? { error: broken() }).error)
      )
    )
  )

/** Far more than a page of calls with all their transcripts. */
export const LARGEST_MEGABYTES = 64

const LARGEST = LARGEST_MEGABYTES * 1024 * 1024

/**
 * The body of an answer as text, up to a size: a server may send without end, and a small compressed body can inflate without
 * bound. What says its size is read at once; the rest is counted while it comes.
 */
export const textOf = (
  response: HttpClientResponse
): Effect.Effect<string, HttpClientError.HttpClientError | UnreadableResponse> => {
  const { headers, status } = response
  const tooLarge = () => new UnreadableResponse({ status, expected: `an answer of at most ${LARGEST_MEGABYTES} MB` })
  const announced = headers["content-encoding"] === undefined ? Number(headers["content-length"]) : Number.NaN
  if (announced > LARGEST) return Effect.fail(tooLarge())
  if (announced <= LARGEST || status === 204) return response.text
  return Effect.suspend(() => {
    const decoder = new TextDecoder()
    let text = ""
    let size = 0
    return response.stream.pipe(
      Stream.runForEach((chunk) => {
        size += chunk.byteLength
        if (size > LARGEST) return Effect.fail(tooLarge())
        text += decoder.decode(chunk, { stream: true })
        return Effect.void
      }),
      Effect.catchIf(isEmptyBody, () => Effect.void),
      Effect.map(() => text + decoder.decode())
    )
  })
}

/** An answer without a body has no stream, and an empty text. */
const isEmptyBody = (
  error: HttpClientError.HttpClientError | UnreadableResponse
): error is HttpClientError.HttpClientError =>
  error._tag === "HttpClientError" && error.reason._tag === "EmptyBodyError"
