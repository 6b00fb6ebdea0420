/** Sending requests to one provider: authentication, limits, timeouts, retries; failures as reasons. */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Semaphore from "effect/Semaphore"
import * as Headers from "effect/http/Headers"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as RateLimiter from "effect/persistence/RateLimiter"
import type { ProviderId } from "../../domain/Identifiers.ts"
import type { JsonObject } from "../../domain/Json.ts"
import { makeRedactor } from "../../domain/Redaction.ts"
import type { SecretKeys } from "../../domain/SecretKeys.ts"
import type { ClockOffset } from "../CallProvider.ts"
import { monotonicMillis, onMonotonicTime } from "../monotonicTime.ts"
import {
  CallError,
  type CallErrorReason,
  InvalidRequest,
  NetworkError,
  type Operation,
  PlacementUncertain,
  RateLimited,
  TimedOut,
  UnreadableResponse
} from "../CallError.ts"
import { type Answer, notesOf } from "./answer.ts"
import { type ClientOptions, RETRY, TIMEOUTS } from "./ClientOptions.ts"
import { baseUrlFault, headerFault, isLoopback, limitsFault } from "./configuration.ts"
import { exchange } from "./exchange.ts"
import { onceBody } from "./onceBody.ts"
import { reasonOfAnswer, refuses, type StatusRows } from "./reason.ts"
import { LONGEST_TURN } from "../placingLimits.ts"
import { accountOf } from "./account.ts"
import { sentIn } from "./requestId.ts"
import { type FailedTry, retrying } from "./retry.ts"
import { makeServerClock } from "./serverClock.ts"
import { countRequest, countRetry } from "./telemetry.ts"

/** A request below the base URL. Nothing personal may stand in its path. */
export interface WireRequest {
  readonly method: "GET" | "POST"
  readonly path: string
  readonly query?: ReadonlyArray<readonly [name: string, value: string]>
  readonly headers?: { readonly [name: string]: string }
  readonly body?: JsonObject
}

/** Sends requests to one provider, with its key, limits and retries. */
export interface Sender {
  /** Where requests go. */
  readonly baseUrl: string
  /** Whether requests leave this machine. */
  readonly live: boolean
  /** Tells accounts apart; see `CallProvider.account`. */
  readonly account: string
  /** Repeats what may be repeated: reads, and cancelling, which is the same once or twice. */
  readonly ask: (operation: Operation, request: WireRequest) => Effect.Effect<Answer, CallError>
  /** Sends once. Fails with `PlacementUncertain` unless it was refused for certain or never left. */
  readonly place: (request: WireRequest) => Effect.Effect<Answer, CallError>
  /** A failure of this provider. */
  readonly fail: (operation: Operation, reason: CallErrorReason) => CallError
  /** The provider's clock against ours, from whatever was answered last. */
  readonly clock: Effect.Effect<ClockOffset | undefined>
}

/** What is particular to a provider's HTTP interface. */
export interface Provider {
  readonly id: ProviderId
  readonly defaultBaseUrl: string
  /** The headers that carry the key. */
  readonly authentication: (key: string) => { readonly [name: string]: string }
  /** Rows of the status table that differ. */
  readonly statuses: StatusRows
  /** Its adapter's: what it answers loses these secrets too. */
  readonly secretKeys?: SecretKeys | undefined
}

/**
 * Sends to a provider with these options; fails with `InvalidRequest`, operation `configure`, if the key or the base URL
 * cannot be used.
 */
export const makeSender = Effect.fnUntraced(function* (provider: Provider, options: ClientOptions) {
  const fail = (operation: Operation, reason: CallErrorReason): CallError =>
    new CallError({ provider: provider.id, operation, reason })

  const baseUrl = withoutSpareSlashes((options.baseUrl ?? provider.defaultBaseUrl).trim())
  const key = Redacted.value(options.apiKey)
  const fault = headerFault("apiKey", key) ?? baseUrlFault("baseUrl", baseUrl) ?? limitsFault(options)
  if (fault !== undefined) return yield* fail("configure", new InvalidRequest(fault))

  const base = yield* HttpClient.HttpClient
  const { transformClient = same, placeClient = base } = options
  const clientsFault = new InvalidRequest({
    field: "transformClient",
    expected: "a function from HttpClient to HttpClient"
  })
  const [client, clientOfPlacing] = yield* Effect.try({
    try: () => [transformClient(base), transformClient(placeClient)] as const,
    catch: () => fail("configure", clientsFault)
  })
  if (![client, clientOfPlacing].every(HttpClient.isHttpClient)) return yield* fail("configure", clientsFault)
  const redactor = makeRedactor([provider.secretKeys ?? {}])
  const timeouts = { ...TIMEOUTS, ...options.timeouts }
  const limits = { ...RETRY, ...options.retry }
  const lines = options.maxConcurrency === undefined ? undefined : yield* Semaphore.make(options.maxConcurrency)
  const pace = options.rateLimit === undefined ? undefined : yield* makePace(provider.id, options.rateLimit)
  const serverClock = makeServerClock()
  const authentication = Headers.fromInput({ accept: "application/json", ...provider.authentication(key) })

  const requestOf = ({ method, path, query, headers, body }: WireRequest): HttpClientRequest.HttpClientRequest => {
    const merged = headers === undefined ? authentication : Headers.setAll(authentication, headers)
    const request = HttpClientRequest.make(method)(
      baseUrl + path,
      query === undefined ? { headers: merged } : { headers: merged, urlParams: query }
    )
    return body === undefined ? request : HttpClientRequest.bodyJsonUnsafe(request, body)
  }

  const exchangeRead = (request: WireRequest): Effect.Effect<Answer, CallErrorReason> =>
    exchange({ client, request: requestOf(request), sent: sentIn(request.body), redactor, serverClock })

  const exchangePlacement = ({ body = {}, headers, ...request }: WireRequest): Effect.Effect<Answer, CallErrorReason> =>
    Effect.suspend(() => {
      const once = onceBody(JSON.stringify(body))
      // A connection kept open may be closed by the server just then, and nobody knows what it took.
      const bare = requestOf({ ...request, headers: { ...headers, connection: "close" } })
      const whole = HttpClientRequest.setBody(
        bare,
        HttpBody.raw(once.stream, { contentType: "application/json", contentLength: once.length })
      )
      const sent = exchange({ client: clientOfPlacing, request: whole, sent: sentIn(body), redactor, serverClock })
      return Effect.mapError(sent, (reason) =>
        // What failed to connect may be something else, asked by a client of others on the way.
        reason._tag === "NetworkError" && reason.sent === "no" && !once.withdraw()
          ? new NetworkError({ sent: "maybe", ...(reason.code === undefined ? {} : { code: reason.code }) })
          : reason
      )
    })

  const limited = (exchanged: Effect.Effect<Answer, FailedTry>): Effect.Effect<Answer, FailedTry> => {
    const paced = pace === undefined ? exchanged : Effect.andThen(pace, exchanged)
    return lines === undefined ? paced : lines.withPermits(1)(paced)
  }

  /** For placing: without a turn in time it fails, and nothing has left. What has begun is not given up. */
  const limitedSoon = (exchanged: Effect.Effect<Answer, FailedTry>): Effect.Effect<Answer, FailedTry> =>
    pace === undefined && lines === undefined
      ? exchanged
      : Effect.clockWith((clock) => {
          const elapsed = stopwatch(clock)
          let state: "waits" | "begun" | "late" = "waits"
          const begin = Effect.suspend(() => {
            // A machine that slept wakes to timers in their order, the turn's before that of the limit.
            if (state === "late" || elapsed() > Duration.toMillis(LONGEST_TURN)) return Effect.never
            state = "begun"
            return exchanged
          })
          const late = Effect.suspend(() => {
            if (state === "begun") return Effect.never
            state = "late"
            return Effect.fail<FailedTry>({ reason: new RateLimited({}), again: undefined })
          })
          return Effect.raceFirst(limited(begin), Effect.andThen(Effect.sleep(LONGEST_TURN), late))
        })

  /** One try: waits for its turn, then has its time until the last byte. */
  const tryOnce = (
    operation: Operation,
    request: WireRequest,
    timeout: Duration.Input
  ): Effect.Effect<Answer, FailedTry> =>
    (operation === "place" ? limitedSoon : limited)(
      (operation === "place" ? exchangePlacement : exchangeRead)(request).pipe(
        Effect.mapError((reason): FailedTry => ({ reason, again: undefined })),
        Effect.timeoutOrElse({
          duration: timeout,
          orElse: () =>
            Effect.fail<FailedTry>({ reason: new TimedOut({ afterSeconds: seconds(timeout) }), again: undefined })
        }),
        Effect.tap(({ requestId }) =>
          requestId === undefined ? Effect.void : Effect.annotateCurrentSpan("voice_call.request_id", requestId)
        ),
        Effect.flatMap((answer) =>
          answer.status >= 200 && answer.status < 300
            ? Effect.succeed(answer)
            : Effect.fail({ reason: reasonOfAnswer(answer, operation, provider.statuses), again: answer.shouldRetry })
        )
      )
    )

  const told = <A>(operation: Operation, sent: Effect.Effect<A, CallErrorReason>): Effect.Effect<A, CallError> =>
    Effect.mapError(countRequest(provider.id, operation, sent), (reason) => fail(operation, reason))

  const sender: Sender = {
    baseUrl,
    live: !isLoopback(baseUrl),
    account: accountOf(provider.id, baseUrl, key),
    fail,
    clock: serverClock.offset,
    ask: (operation, request) =>
      told(
        operation,
        retrying(tryOnce(operation, request, timeouts.read), limits, (tries) =>
          countRetry(provider.id, operation, tries)
        )
      ),
    place: (request) =>
      told(
        "place",
        Effect.mapError(tryOnce("place", request, timeouts.place), ({ reason }) =>
          isRefusal(reason) ? reason : uncertain(reason)
        )
      )
  }
  return sender
})

/** A base URL as people write it, such that no path begins with two slashes: not every server takes `//call` for `/call`. */
const withoutSpareSlashes = (url: string): string => url.replace(/(?<!:)\/{2,}/g, "/").replace(/\/$/, "")

const same = (client: HttpClient.HttpClient): HttpClient.HttpClient => client

/** Milliseconds by the clock that says more: others judge by the wall clock how old a reservation is, and it may be set back. */
const stopwatch = (clock: Clock.Clock): (() => number) => {
  const [wall, monotonic] = [clock.currentTimeMillisUnsafe(), monotonicMillis(clock)]
  return () => Math.max(clock.currentTimeMillisUnsafe() - wall, monotonicMillis(clock) - monotonic)
}

const seconds = (duration: Duration.Input): number => Duration.toMillis(Duration.fromInputUnsafe(duration)) / 1000

/** Whether a placement that failed so was certainly not taken. Without a status, `RateLimited` is our own limit. */
const isRefusal = (reason: CallErrorReason): boolean => {
  if (reason._tag === "NetworkError") return reason.sent === "no"
  if (!("status" in reason) || reason.status === undefined) return reason._tag === "RateLimited"
  return refuses(reason.status)
}

const uncertain = (reason: CallErrorReason): PlacementUncertain => {
  const status = "status" in reason && reason.status !== undefined ? { status: reason.status } : {}
  const request = "requestId" in reason && reason.requestId !== undefined ? { requestId: reason.requestId } : {}
  const body = "body" in reason && reason.body !== undefined ? { body: reason.body } : {}
  return new PlacementUncertain({ because: reason._tag, ...status, ...request, ...body })
}

/**
 * An id as one segment of a path. Addresses read `.` and `..` as steps, encoded or not, and no id may lead to another
 * endpoint: these two become something that is not found. Half a surrogate pair has no encoding.
 */
export const segment = (id: string): string =>
  encodeURIComponent(id === "." || id === ".." ? id.replaceAll(".", "%2E") : id.toWellFormed())

/** The failure of an answer of success that is not what was `expected`. */
export const unreadable = (answer: Answer, expected: string): UnreadableResponse =>
  new UnreadableResponse({ ...notesOf(answer), expected })

/** Waits until the window has room. */
const makePace = Effect.fnUntraced(function* (
  provider: ProviderId,
  { limit, window }: { readonly limit: number; readonly window: Duration.Input }
) {
  const limiter = yield* RateLimiter.make.pipe(Effect.provide(RateLimiter.layerStoreMemory))
  const consume = limiter.consume({ key: provider, limit, window, algorithm: "token-bucket", onExceeded: "delay" })
  // The store counts by the wall clock: set back by an hour, it would hold everything for an hour.
  return onMonotonicTime(consume).pipe(
    // It is in memory and has no way to fail with `delay`; of another one, nothing would have been sent.
    Effect.mapError((): FailedTry => ({ reason: new RateLimited({}), again: undefined })),
    Effect.flatMap(({ delay }) => Effect.sleep(delay))
  )
})
