/**
 * Revox as a twin. What the documentation leaves open is decided here and marked "undocumented": the status of success,
 * the form of errors, the answers to cancel and to the check of a key, and everything about timing. Calling windows and
 * allowed days are taken and returned, but not kept to: a twin has no closing time.
 */
import type { FailureKind } from "../../src/domain/Failure.ts"
import { isJsonObject, type JsonObject, valueAt } from "../../src/domain/Json.ts"
import { readReference } from "../../src/provider/FieldReader.ts"
import type { TwinOptions } from "../../src/provider/ProviderDeclaration.ts"
import { makeMessageSource } from "../../src/twin/messages.ts"
import { makeOrderAnswers } from "../../src/twin/orderAnswers.ts"
import { makeOrderBook } from "../../src/twin/orderBook.ts"
import type { Answer } from "../../src/twin/reply.ts"
import { uuidFrom } from "../../src/twin/seeded.ts"
import { agentAnswers, makeStoredAgents } from "../../src/twin/storedAgents.ts"
import { millisecondsOf, wholeNumber } from "../../src/twin/requestBody.ts"
import type { Ending, Story } from "../../src/twin/story.ts"
import { storyOf } from "../../src/twin/stories.ts"
import type { OrderState } from "../../src/twin/timeline.ts"
import { makeTwin, type RouteCall, type Twin, type TwinDefinition, type TwinEnding } from "../../src/twin/twin.ts"
import { TWIN_KEY } from "../../src/twin/twinKey.ts"
import {
  attemptRecord,
  DIAL_ERROR_OF,
  directionOf,
  type OrderDetails,
  orderRecord,
  orderStatus,
  type TwinOrderRecord
} from "./TwinRecords.ts"
import { DEFAULT_ASSISTANT, DEFAULT_FROM, phoneNumbers, storedAssistants, VOICES } from "./TwinAccount.ts"
import {
  type ApiVersion,
  readAssistant,
  readCreate,
  readSearch,
  retryFrom,
  statusesIn,
  statusesOf
} from "./TwinRequest.ts"
import { messagesOf } from "./TwinMessages.ts"
import { REFERENCE_KEY } from "./Wire.ts"
import { dialErrorWords } from "./Words.ts"

/** What the twin of Revox is like. */
export interface RevoxTwinOptions extends TwinOptions {
  /** The state of the API that is spoken. @default "V4" */
  readonly apiVersion?: ApiVersion
  /** What `GET /call` lists. The default is what is documented. @default "attempts" */
  readonly listItems?: "orders" | "attempts"
  /** The number of the first page. The documentation names 0 and 1: `either` answers it for both. @default "either" */
  readonly pageBase?: 0 | 1 | "either"
  /** Where search (V5) is, such as `/call/search`: its path is on no page. Absent: there is no search. */
  readonly searchPath?: string
}

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
  (version: ApiVersion) =>
  (ending: Ending, story: Story): TwinEnding => {
    if (version === "V1") return endingInV1(ending, story)
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
  const {
    apiKey = TWIN_KEY,
    apiVersion: version = "V4",
    listItems = "attempts",
    pageBase = "either",
    seed = "revox"
  } = options
  const orders = makeOrderBook<OrderDetails>(seed)
  /** The form of errors is undocumented; the SDK shows `message` where there is one. */
  const errorBody = (message: string, code: string): JsonObject => ({ message, code })
  const recordOf = (order: TwinOrderRecord, state: OrderState, now: number): JsonObject =>
    orderRecord(order, state, version, now)
  // Undocumented: what cancelling does to a running attempt, and to an order that is over (409).
  const { refuse, invalid, show, reading, get, cancel } = makeOrderAnswers(orders, {
    errorBody,
    orderBody: (order, state, now) => ({ call: recordOf(order, state, now) })
  })

  /** Whether an order has brought an address of its own. */
  let isNamedInline = false

  const place = reading(readCreate, (order, { body, now }) => {
    if (storyOf(order.phone_number).placement === "refused") return invalid("phone_number cannot be called")
    // An assistant beside the id of one is not used.
    const stored = order.assistant_id ?? ((order.assistant ?? null) === null ? DEFAULT_ASSISTANT : undefined)
    const inline = stored === undefined ? valueAt(body, ["assistant"]) : undefined
    const own = stored === undefined ? order.assistant?.call_retry_config : undefined
    const retry = retryFrom(own ?? order.call_retry_config)
    isNamedInline ||= stored === undefined && typeof order.assistant?.webhook_url === "string"
    const { concurrency } = order
    const metadata = order.metadata ?? null
    const placed = orders.place({
      to: order.phone_number,
      reference: readReference(metadata, REFERENCE_KEY),
      placedAt: now,
      options: {
        // Taken to count all attempts: "attempt #2" of `call_twice_in_a_row` asks for a maximum of at least 2.
        attemptsAllowed: retry.max_retry_attempts,
        retryDelaySeconds: retry.calling_windows[0]?.retry_delay_seconds,
        twiceInARow: retry.call_twice_in_a_row,
        scheduledAt: millisecondsOf(order.scheduled_at)
      },
      // What a key alone allows is undocumented: here one call at a time.
      lines: concurrency == null ? undefined : { key: concurrency.key, max: concurrency.max ?? 1 },
      details: {
        from: order.from_phone_number ?? DEFAULT_FROM,
        assistantId: stored ?? uuidFrom(seed, "assistant", orders.all().length),
        assistant: isJsonObject(inline) ? inline : undefined,
        retry,
        metadata,
        variables: order.prompt_variables ?? {}
      }
    })
    return show(placed, now)
  })

  /** All orders as they stand, newest first; with one of the statuses, if there are any. */
  const standing = (now: number, statuses: ReadonlyArray<string>) =>
    orders
      .all()
      .map((order) => ({ order, state: orders.stateOf(order, now) }))
      .filter(({ order, state }) => statuses.length === 0 || statuses.includes(orderStatus(order, state, version, now)))
      .toReversed()

  /** From 0; `undefined` for a number that is no page. */
  const pageFrom = (page: number | undefined): number | undefined => {
    if (page === undefined) return undefined
    if (pageBase === "either") return Math.max(page - 1, 0)
    return page < pageBase ? undefined : page - pageBase
  }
  const pageOf = <A>(items: ReadonlyArray<A>, page: number, size: number): ReadonlyArray<A> =>
    items.slice(page * size, (page + 1) * size)

  /** Newest first, undocumented like the size of a page that none is asked for. */
  const list = ({ query, now }: RouteCall): Answer => {
    const page = query.has("page") ? pageFrom(wholeNumber(query.get("page"))) : 0
    const size = query.has("page_size") ? wholeNumber(query.get("page_size")) : 10
    const statuses = statusesIn(query)
    if (page === undefined) return invalid("page must be the number of a page")
    if (size === undefined || size < 1) return invalid("page_size must be at least 1")
    if (statuses.some((status) => !statusesOf(version).includes(status))) {
      return invalid(`statuses must be among ${statusesOf(version).join(", ")}`)
    }
    const found = standing(now, statuses)
    const items =
      listItems === "orders"
        ? found.map(({ order, state }) => recordOf(order, state, now))
        : found
            .flatMap(({ order, state }) => state.attempts.map((attempt) => ({ order, state, attempt })))
            .toSorted((a, b) => b.attempt.dialedAt - a.attempt.dialedAt)
            .map(({ order, state, attempt }) => attemptRecord(order, attempt, state, version))
    return { status: 200, body: { calls: pageOf(items, page, size) } }
  }

  /** Newest first. Of the documented filters these narrow; no order has an assignee, and the rest is taken and not looked at. */
  const search = reading(readSearch, (filter, { now }) => {
    const { page_size: size, statuses, assistant_ids, call_ids, directions, to_phone_number } = filter
    const page = pageFrom(filter.page)
    if (page === undefined) return invalid("page must be the number of a page")
    const found = standing(now, statuses)
      .filter(({ order }) => assistant_ids.length === 0 || assistant_ids.includes(order.details.assistantId))
      .filter(({ order }) => (call_ids ?? []).length === 0 || call_ids?.includes(order.id))
      .filter(({ order }) => (to_phone_number ?? order.to) === order.to)
      .filter(
        ({ order }) =>
          filter.assignee_ids.length === 0 && (directions.length === 0 || directions.includes(directionOf(order)))
      )
    const calls = pageOf(found, page, size).map(({ order, state }) => recordOf(order, state, now))
    return { status: 200, body: { calls, total_count: found.length } }
  })

  const always = (body: JsonObject) => (): Answer => ({ status: 200, body })
  const keyCheck = (authenticated: boolean) => always({ authenticated })
  const assistants = makeStoredAgents(storedAssistants(version))
  const assistant = agentAnswers(assistants, (found) => ({ assistant: found }), refuse)
  const allAssistants = (): Answer => ({ status: 200, body: { assistants: assistants.all() } })
  const changeAssistant = reading(readAssistant, (fields, { id }) => assistant.change(id, fields))

  /** The assistant's address, which an inline one names itself. */
  const urlOf = ({ details }: TwinOrderRecord): string | undefined => {
    const url = valueAt(details.assistant ?? assistants.get(details.assistantId), ["webhook_url"])
    return typeof url === "string" && url !== "" ? url : undefined
  }

  /** No source knows calls from a browser. */
  const receive: TwinDefinition["receive"] = ({ channel, from = "", agentId = DEFAULT_ASSISTANT }, now) =>
    channel === "web" || assistants.get(agentId) === undefined
      ? undefined
      : orders.place({
          to: DEFAULT_FROM,
          reference: undefined,
          placedAt: now,
          options: { attemptsAllowed: 1 },
          lines: undefined,
          incoming: channel,
          playedBy: from,
          details: {
            from,
            assistantId: agentId,
            assistant: undefined,
            retry: retryFrom(undefined),
            metadata: null,
            variables: {}
          }
        })

  const { searchPath } = options
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
      // Documented from V5 on; answered in every version.
      { operation: "cancel", method: "POST", path: "/call/{id}/cancel", handle: cancel },
      // Documented: whether the key is still valid, which is no failure of the request.
      { operation: "check", method: "GET", path: "/auth-status", handle: keyCheck(true), otherKey: keyCheck(false)() },
      { operation: "catalog", method: "GET", path: "/assistants", handle: allAssistants },
      { operation: "catalog", method: "GET", path: "/assistants/{id}", handle: assistant.get },
      // Undocumented: its answer, and what null does.
      { operation: "configure", method: "PATCH", path: "/assistants/{id}", handle: changeAssistant },
      { operation: "catalog", method: "GET", path: "/voices", handle: always({ voices: VOICES }) },
      {
        operation: "catalog",
        method: "GET",
        path: "/phone-numbers",
        handle: always({ phone_numbers: phoneNumbers(version) })
      },
      ...(searchPath === undefined
        ? []
        : [{ operation: "list", method: "POST", path: searchPath, handle: search } as const])
    ],
    orders: orders.all,
    receive,
    messages: makeMessageSource(
      orders,
      messagesOf(version, urlOf),
      () => isNamedInline || assistants.all().some(({ webhook_url: url }) => typeof url === "string")
    ),
    agents: assistants.all,
    clear: () => {
      orders.clear()
      assistants.clear()
      isNamedInline = false
    },
    endingOf: endingOf(version)
  })
}
