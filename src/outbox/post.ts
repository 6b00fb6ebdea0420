/** One try to hand a message over: signed, sent once, and what was answered, of which only the status counts. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import type { HttpClientError } from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { HttpClientResponse } from "effect/http/HttpClientResponse"
import * as Stream from "effect/Stream"
import { present } from "../domain/present.ts"
import { NO_REDIRECT } from "../provider/http/exchange.ts"
import { retryAfterSeconds } from "../provider/http/httpTime.ts"
import { reasonOfTransport } from "../provider/http/reason.ts"
import { type Secrets, secretsOf } from "../webhooks/hmac.ts"
import { standardHeaders } from "../webhooks/standardWebhook.ts"

/** A message as it is sent in every try. */
export interface Message {
  readonly id: string
  readonly body: Uint8Array<ArrayBuffer>
}

/** `gone`: the receiver wants no more messages, ever. A `problem` is a status or a code, no word of the receiver. */
export type Tried =
  | { readonly result: "taken" }
  | { readonly result: "gone" }
  | { readonly result: "failed"; readonly problem: string; readonly retryAfter?: Duration.Duration }

export interface Receiver {
  readonly client: HttpClient.HttpClient
  readonly url: string
  readonly secrets: Secrets
  /** For the whole try, until the head of the answer. */
  readonly timeout: Duration.Duration
}

const failed = (problem: string, retryAfter?: number): Tried => ({
  result: "failed",
  problem,
  ...present({ retryAfter: retryAfter === undefined ? undefined : Duration.seconds(retryAfter) })
})

const triedOf = ({ status, headers }: HttpClientResponse, now: number): Tried => {
  if (status >= 200 && status < 300) return { result: "taken" }
  if (status === 410) return { result: "gone" }
  if (status >= 300 && status < 400) return failed(`HTTP ${status}, and redirections are not followed`)
  return failed(`HTTP ${status}`, retryAfterSeconds(headers, now))
}

/** Enough for every polite answer: it is read for the sake of the connection alone. */
const MOST_BYTES = 64 * 1024
const LONGEST_READING = Duration.seconds(1)

const readOff = (response: HttpClientResponse): Effect.Effect<void> =>
  Effect.suspend(() => {
    let size = 0
    const isLittle = (chunk: Uint8Array): boolean => (size += chunk.byteLength) <= MOST_BYTES
    return response.stream.pipe(
      Stream.runForEachWhile((chunk) => Effect.succeed(isLittle(chunk))),
      Effect.timeoutOption(LONGEST_READING),
      Effect.ignore
    )
  })

const transportProblem = (error: HttpClientError): Tried => failed(reasonOfTransport(error).code ?? "NetworkError")

/** Never fails: whatever goes wrong is a failed try. */
export const post = ({ client, url, secrets, timeout }: Receiver, { id, body }: Message): Effect.Effect<Tried> =>
  Effect.gen(function* () {
    const seconds = String(Math.floor((yield* Clock.currentTimeMillis) / 1000))
    const headers = yield* Effect.promise(() => standardHeaders(secretsOf(secrets), { id, seconds, body }))
    const request = HttpClientRequest.post(url, { headers: { ...headers, "user-agent": "unicall" } }).pipe(
      HttpClientRequest.setBody(HttpBody.uint8Array(body, "application/json"))
    )
    return yield* client.execute(request)
  }).pipe(
    Effect.timeoutOption(timeout),
    Effect.flatMap((answered) =>
      answered._tag === "None"
        ? Effect.succeed(failed(`no answer within ${Duration.format(timeout)}`))
        : Effect.andThen(
            readOff(answered.value),
            Effect.map(Clock.currentTimeMillis, (now) => triedOf(answered.value, now))
          )
    ),
    Effect.catch((error) => Effect.succeed(transportProblem(error))),
    Effect.catchDefect(() => Effect.succeed(failed("a defect"))),
    Effect.provideService(FetchHttpClient.RequestInit, NO_REDIRECT),
    // An address may hold a secret, which is no business of a tracer; nor are our traces one of the receiver.
    Effect.provideService(HttpClient.TracerDisabledWhen, () => true)
  )
