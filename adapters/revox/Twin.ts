/**
 * Revox as a twin. What the documentation leaves open is decided here and marked "undocumented": the status of success,
 * the form of errors, the answers to cancel and to the check of a key, and everything about timing. Calling windows and
 * allowed days are taken and returned, but not kept to: a twin has no closing time.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { FailureKind } from "../../src/domain/Failure.ts"
import { isJsonObject, type JsonObject } from "../../src/domain/Json.ts"
import type { FaultRule } from "../../src/testing/twin/fault.ts"
import { makeOrderBook } from "../../src/testing/twin/orderBook.ts"
import type { Answer } from "../../src/testing/twin/reply.ts"
import {
  AtLeastOne,
  bodyReader,
  E164,
  millisecondsOf,
  optional,
  TextMap,
  Time,
  wholeNumber
} from "../../src/testing/twin/requestBody.ts"
import { type Ending, RETRY_DELAY_SECONDS, type Story } from "../../src/testing/twin/story.ts"
import { storyOf } from "../../src/testing/twin/stories.ts"
import { makeTwin, type RouteCall, type Twin, type TwinEnding } from "../../src/testing/twin/twin.ts"
import {
  attemptRecord,
  DIAL_ERROR_OF,
  type OrderDetails,
  orderRecord,
  orderStatus,
  type RetryConfig,
  type TwinOrderRecord,
  type TwinRung
} from "./TwinWire.ts"
import { dialErrorWords, orderStatusWords } from "./Words.ts"
import { ORDER_STATUSES } from "./Wire.ts"

/** What the twin of Revox is like. */
export interface RevoxTwinOptions {
  /** The key that it accepts. @default "twin-key" */
  readonly apiKey?: string
  /** The state of the API that is spoken. @default "V4" */
  readonly rung?: TwinRung
  /** What `GET /call` lists. The default is what is documented. @default "attempts" */
  readonly listItems?: "orders" | "attempts"
  /** The number of the first page. The documentation names 0 and 1: `either` answers it for both. @default "either" */
  readonly pageBase?: 0 | 1 | "either"
  /** The same seed gives the same ids and the same draws of faults. */
  readonly seed?: string
  /** What goes wrong with which requests: rules, or their short text. */
  readonly faults?: string | ReadonlyArray<FaultRule>
}

const DEFAULT_FROM = "+12025550199"

const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const

const RetryBody = Schema.Struct({
  allowed_days: Schema.optionalKey(Schema.Array(Schema.Literals(DAYS))),
  call_twice_in_a_row: Schema.optionalKey(Schema.Boolean),
  calling_windows: Schema.optionalKey(
    Schema.Array(
      Schema.Struct({
        calling_window_end_time: Schema.optionalKey(Schema.NonEmptyString),
        calling_window_start_time: Schema.optionalKey(Schema.NonEmptyString),
        retry_delay_seconds: Schema.optionalKey(AtLeastOne)
      })
    )
  ),
  max_retry_attempts: Schema.optionalKey(AtLeastOne),
  timezone: Schema.optionalKey(Schema.NonEmptyString)
})

const CreateBody = Schema.Struct({
  phone_number: E164,
  assistant: optional(
    Schema.Struct({
      prompt: Schema.NonEmptyString,
      first_sentence: optional(Schema.String),
      voicemail_message: optional(Schema.String),
      webhook_url: optional(Schema.String),
      max_call_duration_secs: optional(Schema.Finite),
      call_retry_config: optional(RetryBody)
    })
  ),
  assistant_id: optional(Schema.NonEmptyString),
  /** Only documented inside `assistant`; V0 had it here. */
  call_retry_config: optional(RetryBody),
  concurrency: optional(
    Schema.Struct({
      key: Schema.NonEmptyString,
      max: Schema.Finite.pipe(Schema.check(Schema.isGreaterThanOrEqualTo(1)))
    })
  ),
  force_now: optional(Schema.Boolean),
  skip_calling_window: optional(Schema.Boolean),
  from_phone_number: optional(E164),
  metadata: optional(TextMap),
  prompt_variables: optional(TextMap),
  scheduled_at: optional(Time)
})

const readCreate = bodyReader(CreateBody, {
  phone_number: "a telephone number in E.164",
  "assistant.prompt": "a text",
  "assistant.call_retry_config": "a retry configuration as documented",
  assistant: "an assistant with a prompt",
  assistant_id: "an id",
  call_retry_config: "a retry configuration as documented",
  concurrency: "a key and a max of at least 1",
  force_now: "true or false",
  skip_calling_window: "true or false",
  from_phone_number: "a telephone number in E.164",
  metadata: "text by name",
  prompt_variables: "text by name",
  scheduled_at: "ISO 8601 with a zone"
})

const DEFAULT_WINDOW = {
  calling_window_end_time: "18:00",
  calling_window_start_time: "10:00",
  retry_delay_seconds: RETRY_DELAY_SECONDS
} as const

/** With the documented defaults. */
const retryFrom = (given: typeof RetryBody.Type | null | undefined): RetryConfig => ({
  allowed_days: DAYS.slice(0, 5),
  call_twice_in_a_row: false,
  max_retry_attempts: 3,
  ...given,
  calling_windows: (given?.calling_windows ?? [{}]).map((window) => ({ ...DEFAULT_WINDOW, ...window }))
})

const referenceIn = (metadata: JsonObject | null): string | undefined => {
  const reference = metadata?.["reference"]
  return typeof reference === "string" ? reference : undefined
}

/** How `statuses` is encoded is undocumented: repeated, with brackets, or joined by commas. */
const statusesIn = (query: URLSearchParams): ReadonlyArray<string> =>
  [...query]
    .filter(([name]) => /^statuses(\[\d*\])?$/.test(name))
    .flatMap(([, value]) => value.split(","))
    .filter((status) => status !== "")

/** Without `dial_error`, V1 cannot tell what failed; nor does it know of screening, nor of orders that errored. */
const endingInV1 = (ending: Ending, { attempts, unknownWords }: Story): TwinEnding => {
  const last = attempts.at(-1)
  if (attempts.length === 0) return { status: "completed", reach: "unknown", because: "V1 has no status of an order" }
  if (last?.failure !== undefined && ending.reach === "failed") {
    return { ...ending, reach: "not_reached", because: "V1 has no dial_error" }
  }
  if (last?.answeredBy === "call_screening") return { ...ending, reach: "answered", because: "V1 has no word for it" }
  if (unknownWords === "status") return { ...ending, status: "completed", because: "V1 has no status of an order" }
  return { ...ending, because: undefined }
}

const isDeclined = (failure: FailureKind | undefined): boolean =>
  failure === "declined" && dialErrorWords(DIAL_ERROR_OF[failure]) !== "declined"

const endingOf =
  (rung: TwinRung) =>
  (ending: Ending, story: Story): TwinEnding => {
    if (rung === "V1") return endingInV1(ending, story)
    return isDeclined(story.attempts.at(-1)?.failure)
      ? { ...ending, reach: "failed", because: "dial_error has no word for a call that was declined" }
      : { ...ending, because: undefined }
  }

/**
 * Makes a Revox that never telephones. Orders are taken by `POST /call` and move on with the time that each request is
 * answered at.
 * @throws FaultTextError if the faults given are none
 */
export const makeRevoxTwin = (options: RevoxTwinOptions = {}): Twin => {
  const { apiKey = "twin-key", rung = "V4", listItems = "attempts", pageBase = "either", seed = "revox" } = options
  const orders = makeOrderBook<OrderDetails>(seed)

  /** The form of errors is undocumented; the SDK shows `message` where there is one. */
  const errorBody = (message: string, code: string): JsonObject => ({ message, code })
  const refusal = (status: number, message: string, code: string): Answer => ({
    status,
    body: errorBody(message, code)
  })
  const unknownOrder = (): Answer => refusal(404, "there is no call with this id", "not_found")
  const recordOf = (order: TwinOrderRecord, now: number): JsonObject =>
    orderRecord(order, orders.stateOf(order, now), rung, now)

  const place = ({ body, now }: RouteCall): Answer => {
    const read = readCreate(body)
    if (Result.isFailure(read)) return refusal(422, read.failure, "invalid_request")
    const order = read.success
    if ((order.assistant ?? order.assistant_id ?? null) === null) {
      return refusal(422, "assistant or assistant_id must be given", "invalid_request")
    }
    if (storyOf(order.phone_number).placement === "refused") {
      return refusal(422, "phone_number cannot be called", "invalid_request")
    }
    const retry = retryFrom(order.assistant?.call_retry_config ?? order.call_retry_config)
    const metadata = order.metadata ?? null
    const inline = isJsonObject(body) && isJsonObject(body["assistant"]) ? body["assistant"] : undefined
    const placed = orders.place({
      to: order.phone_number,
      reference: referenceIn(metadata),
      placedAt: now,
      options: {
        // Taken to count all attempts: "attempt #2" of `call_twice_in_a_row` asks for a maximum of at least 2.
        attemptsAllowed: retry.max_retry_attempts,
        retryDelaySeconds: retry.calling_windows[0]?.retry_delay_seconds,
        twiceInARow: retry.call_twice_in_a_row,
        scheduledAt: millisecondsOf(order.scheduled_at)
      },
      lines: order.concurrency ?? undefined,
      details: {
        from: order.from_phone_number ?? DEFAULT_FROM,
        assistantId: order.assistant_id ?? undefined,
        assistant: order.assistant_id === undefined || order.assistant_id === null ? inline : undefined,
        retry,
        metadata,
        variables: order.prompt_variables ?? {}
      }
    })
    return { status: 200, body: { call: recordOf(placed, now) } }
  }

  const get = ({ id, now }: RouteCall): Answer => {
    const order = orders.get(id)
    return order === undefined ? unknownOrder() : { status: 200, body: { call: recordOf(order, now) } }
  }

  /** Undocumented: what cancelling does to a running attempt (here it is hung up), and to an order that is over (409). */
  const cancel = ({ id, now }: RouteCall): Answer => {
    const order = orders.get(id)
    if (order === undefined) return unknownOrder()
    if (orders.stateOf(order, now).phase === "over") return refusal(409, "the call is already over", "conflict")
    orders.cancel(id, now)
    return get({ id, now, query: new URLSearchParams(), body: undefined })
  }

  /** From 0; `undefined` for a number that is no page. */
  const pageIn = (query: URLSearchParams): number | undefined => {
    if (!query.has("page")) return 0
    const page = wholeNumber(query.get("page"))
    if (page === undefined) return undefined
    if (pageBase === "either") return Math.max(page - 1, 0)
    return page < pageBase ? undefined : page - pageBase
  }

  /** Newest first, undocumented like the size of a page that none is asked for. */
  const list = ({ query, now }: RouteCall): Answer => {
    const page = pageIn(query)
    const size = query.has("page_size") ? wholeNumber(query.get("page_size")) : 10
    const statuses = statusesIn(query)
    if (page === undefined) return refusal(422, "page must be the number of a page", "invalid_request")
    if (size === undefined || size < 1) return refusal(422, "page_size must be at least 1", "invalid_request")
    if (statuses.some((status) => orderStatusWords(status) === undefined)) {
      return refusal(422, `statuses must be among ${ORDER_STATUSES.join(", ")}`, "invalid_request")
    }
    const found = orders
      .all()
      .map((order) => ({ order, state: orders.stateOf(order, now) }))
      .filter(({ order, state }) => statuses.length === 0 || statuses.includes(orderStatus(order, state, now)))
      .toReversed()
    const items =
      listItems === "orders"
        ? found.map(({ order, state }) => orderRecord(order, state, rung, now))
        : found
            .flatMap(({ order, state }) => state.attempts.map((attempt) => ({ order, state, attempt })))
            .toSorted((a, b) => b.attempt.dialedAt - a.attempt.dialedAt)
            .map(({ order, state, attempt }) => attemptRecord(order, attempt, state, rung))
    return { status: 200, body: { calls: items.slice(page * size, (page + 1) * size) } }
  }

  return makeTwin({
    name: "Revox",
    seed,
    faults: options.faults ?? [],
    basePaths: ["", "/api"],
    isAuthorized: ({ authorization }) => authorization === `Bearer ${apiKey}`,
    errorBody,
    routes: [
      { operation: "place", method: "POST", path: "/call", handle: place },
      { operation: "list", method: "GET", path: "/call", handle: list },
      { operation: "get", method: "GET", path: "/call/{id}", handle: get },
      // Documented from V5 on; answered on every rung.
      { operation: "cancel", method: "POST", path: "/call/{id}/cancel", handle: cancel },
      // The form of the answer is undocumented.
      {
        operation: "check",
        method: "GET",
        path: "/auth-status",
        handle: () => ({ status: 200, body: { authenticated: true } })
      }
    ],
    orders: orders.all,
    clear: orders.clear,
    endingOf: endingOf(rung)
  })
}
