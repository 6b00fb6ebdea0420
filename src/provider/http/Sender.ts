/** Sending requests to one provider: authentication, limits, timeouts, retries; failures as reasons. */
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Headers from "effect/http/Headers"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { ProviderId } from "../../domain/Identifiers.ts"
import { isJsonObject } from "../../domain/Json.ts"
import { isLoopback } from "../../domain/loopback.ts"
import { present } from "../../domain/present.ts"
import type { SecretKeys } from "../../domain/SecretKeys.ts"
import type { ClockOffset, PlaceRequest } from "../CallProvider.ts"
import {
  CallError,
  type CallErrorReason,
  InvalidRequest,
  NetworkError,
  type Operation,
  PlacementUncertain,
  TimedOut,
  Unauthorized,
  UnreadableResponse
} from "../CallError.ts"
import { type Answer, notesOf } from "./answer.ts"
import { type ClientOptions, RETRY, TIMEOUTS } from "./ClientOptions.ts"
import { baseUrlFault, headerFault, limitsFault } from "./configuration.ts"
import { redactorOf } from "../registry.ts"
import { contained, exchange } from "./exchange.ts"
import { onceBody } from "./onceBody.ts"
import { reasonOfAnswer, refuses, type StatusRows } from "./reason.ts"
import {
  type Authentication,
  bodyTextOf,
  type HeaderMap,
  headersFault,
  type SignedRequest,
  type WireRequest,
  writeRequest,
  type WrittenRequest
} from "./request.ts"
import { sentIn } from "./requestId.ts"
import { type FailedTry, retrying } from "./retry.ts"
import { makeServerClock } from "./serverClock.ts"
import { countRequest, countRetry } from "./telemetry.ts"
import { makeTurns } from "./turns.ts"

/** Sends requests to one provider, with its key, limits and retries. */
export interface Sender {
  /** Where requests go. */
  readonly baseUrl: string
  /** Whether requests leave this machine. */
  readonly ringsRealPhones: boolean
  /** Tells accounts apart; see `CallProvider.account`. */
  readonly account: string
  /** Repeats what may be repeated: reads, and cancelling, which is the same once or twice. */
  readonly ask: (operation: Operation, request: WireRequest) => Effect.Effect<Answer, CallError>
  /** The request that `place` sends, for `CallProvider.request`; names a header that cannot be sent. Pure. */
  readonly request: (
    request: WireRequest & Pick<PlaceRequest, "method" | "body">
  ) => Result.Result<PlaceRequest, InvalidRequest>
  /** Sends once. Fails with `PlacementUncertain` unless it was refused for certain or never left. */
  readonly place: (request: PlaceRequest) => Effect.Effect<Answer, CallError>
  /** A failure of this provider. */
  readonly fail: (operation: Operation, reason: CallErrorReason) => CallError
  /** The provider's clock against ours, from whatever was answered last. */
  readonly clock: Effect.Effect<ClockOffset | undefined>
}

/** What is particular to a provider's HTTP interface. */
export interface Provider {
  readonly id: ProviderId
  readonly defaultBaseUrl: string
  readonly authentication: Authentication
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
  const noClient = () => fail("configure", new InvalidRequest(NO_CLIENT))
  const [client, clientOfPlacing] = yield* Effect.try({
    try: () => [transformClient(base), transformClient(placeClient)] as const,
    catch: noClient
  })
  if (![client, clientOfPlacing].every(HttpClient.isHttpClient)) return yield* noClient()
  const redactor = redactorOf(provider)
  const timeouts = { ...TIMEOUTS, ...options.timeouts }
  const limits = { ...RETRY, ...options.retry }
  const turns = yield* makeTurns(provider.id, options)
  const serverClock = makeServerClock()

  /** With its credentials; until it has them nothing leaves, whatever becomes of making them. */
  const signed = (request: WrittenRequest): Effect.Effect<SignedRequest, FailedTry> =>
    Effect.suspend(() => {
      const { method, url } = request
      const text = bodyTextOf(request)
      const withCredentials = (credentials: HeaderMap): Effect.Effect<SignedRequest, CallErrorReason> => {
        const headers = Headers.setAll(Headers.fromInput(request.headers), credentials)
        const unfit = headersFault(headers)
        return unfit === undefined ? Effect.succeed({ ...request, headers, text }) : Effect.fail(unfit)
      }
      const made = provider.authentication(key, { method, url, body: text })
      if (Effect.isEffect(made)) {
        const making = Effect.mapError(made, ({ reason }) => reason)
        return contained(Effect.flatMap(making, withCredentials), noCredentials)
      }
      // Adapters are also written without types.
      return isJsonObject(made) ? withCredentials(made) : Effect.fail(noCredentials())
    }).pipe(
      Effect.catchDefect(() => Effect.fail(noCredentials())),
      Effect.mapError((reason): FailedTry => ({ reason: asUnsent(reason), again: undefined, unsent: true }))
    )

  const exchangeRead = ({ method, url, headers, body, text }: SignedRequest): Effect.Effect<Answer, FailedTry> => {
    const bare = HttpClientRequest.make(method)(url, { headers })
    const request =
      body === undefined
        ? bare
        : HttpClientRequest.setBody(bare, HttpBody.text(text, headers["content-type"] ?? "application/json"))
    return Effect.mapError(exchange({ client, request, sent: sentIn(body, url), redactor, serverClock }), failedTry)
  }

  const exchangePlacement = ({ method, url, headers, body, text }: SignedRequest): Effect.Effect<Answer, FailedTry> =>
    Effect.suspend(() => {
      const once = onceBody(text)
      // A connection kept open may be closed by the server just then, and nobody knows what it took.
      const bare = HttpClientRequest.make(method)(url, { headers: Headers.set(headers, "connection", "close") })
      const request = HttpClientRequest.setBody(
        bare,
        HttpBody.raw(once.stream, { contentType: headers["content-type"], contentLength: once.length })
      )
      const sent = exchange({ client: clientOfPlacing, request, sent: sentIn(body, url), redactor, serverClock })
      return Effect.mapError(sent, (reason) =>
        // What failed to connect may be something else, asked by a client of others on the way.
        failedTry(
          reason._tag === "NetworkError" && reason.sent === "no" && !once.withdraw() ? sentAs("maybe", reason) : reason
        )
      )
    })

  /** Within its time, and by its status. */
  const answered = (
    operation: Operation,
    exchanged: Effect.Effect<Answer, FailedTry>,
    timeout: Duration.Input
  ): Effect.Effect<Answer, FailedTry> =>
    exchanged.pipe(
      Effect.timeoutOrElse({
        duration: timeout,
        orElse: () => Effect.fail(failedTry(new TimedOut({ afterSeconds: seconds(timeout) })))
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

  /** One try: waits for its turn, then has its time until the last byte. */
  const tryRead = (operation: Operation, request: WrittenRequest): Effect.Effect<Answer, FailedTry> =>
    turns.wait(answered(operation, Effect.flatMap(signed(request), exchangeRead), timeouts.read))

  /** The only try. Its time begins once it has its turn and its credentials. */
  const tryPlacement = (request: PlaceRequest): Effect.Effect<Answer, FailedTry> =>
    turns.waitSoon(signed(request), (ready) => answered("place", exchangePlacement(ready), timeouts.place))

  const counted = <A>(operation: Operation, sent: Effect.Effect<A, CallErrorReason>): Effect.Effect<A, CallError> =>
    Effect.mapError(countRequest(provider.id, operation, sent), (reason) => fail(operation, reason))

  return {
    baseUrl,
    ringsRealPhones: !isLoopback(baseUrl),
    account: accountOf(provider.id, baseUrl, key),
    fail,
    clock: serverClock.offset,
    ask: (operation, request) =>
      counted(
        operation,
        retrying(tryRead(operation, writeRequest(baseUrl, request)), limits, (tries) =>
          countRetry(provider.id, operation, tries)
        )
      ),
    request: (request) => {
      const written = { ...writeRequest(baseUrl, request), method: request.method, body: request.body }
      const unfit = headersFault(written.headers)
      return unfit === undefined ? Result.succeed(written) : Result.fail(unfit)
    },
    place: (request) =>
      isBelow(baseUrl, request.url)
        ? counted(
            "place",
            Effect.mapError(tryPlacement(request), (failed) =>
              isRefusal(failed, provider.statuses) ? failed.reason : uncertain(failed.reason)
            )
          )
        : Effect.fail(fail("place", new InvalidRequest(ELSEWHERE)))
  } satisfies Sender
})

/** A base URL as people write it, such that no path begins with two slashes: not every server takes `//call` for `/call`. */
const withoutSpareSlashes = (url: string): string => url.replace(/(?<!:)\/{2,}/g, "/").replace(/\/$/, "")

/** Four bytes of a fingerprint tell the accounts of a machine apart, and are too few to find or to prove a key by. */
const FINGERPRINT_BYTES = 4

/** Addresses that lead to the same place have one spelling: case of the host, default port, slashes at the end or doubled. */
const accountOf = (provider: ProviderId, baseUrl: string, key: string): string => {
  const { origin, pathname } = new URL(baseUrl)
  const spelled = `${origin}${pathname.replace(/\/{2,}/g, "/").replace(/\/$/, "")}`
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify([provider, spelled, key]))).slice(0, FINGERPRINT_BYTES))
}

const same = (client: HttpClient.HttpClient): HttpClient.HttpClient => client

const NO_CLIENT = { field: "transformClient", expected: "a function from HttpClient to HttpClient" }

const seconds = (duration: Duration.Input): number => Duration.toMillis(Duration.fromInputUnsafe(duration)) / 1000

const noCredentials = (): CallErrorReason => new Unauthorized({})

const failedTry = (reason: CallErrorReason): FailedTry => ({ reason, again: undefined })

/** What kept the credentials from being made is told of the request that therefore never left. */
const asUnsent = (reason: CallErrorReason): CallErrorReason =>
  reason._tag === "NetworkError" ? sentAs("no", reason) : reason

const sentAs = (sent: NetworkError["sent"], { code }: NetworkError): NetworkError =>
  new NetworkError(present({ sent, code }))

const isBelow = (baseUrl: string, url: string): boolean =>
  url.startsWith(baseUrl) && ["", "/", "?"].includes(url.charAt(baseUrl.length))

/** The key goes nowhere else. */
const ELSEWHERE = { field: "url", expected: "an address below the base URL" }

/** Whether a placement that failed so was certainly not taken. */
const isRefusal = ({ reason, unsent }: FailedTry, statuses: StatusRows): boolean => {
  if (unsent === true) return true
  if (reason._tag === "NetworkError") return reason.sent === "no"
  return "status" in reason && reason.status !== undefined && refuses(reason.status, statuses)
}

const uncertain = (reason: CallErrorReason): PlacementUncertain => {
  const { status, requestId, body } = "status" in reason ? reason : {}
  return new PlacementUncertain({ because: reason._tag, ...present({ status, requestId, body }) })
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
