/**
 * RevRing as a twin. What the documentation leaves open is decided here and marked "undocumented": the status of success,
 * the form of errors, what cancel does to a running call, how the list is ordered and cut, and everything about timing.
 */
import * as Schema from "effect/Schema"
import { reachOfFailure } from "../../src/domain/Failure.ts"
import { JsonObject, valueAt } from "../../src/domain/Json.ts"
import { remoteReplies } from "../../src/domain/Reply.ts"
import { readReference } from "../../src/provider/FieldReader.ts"
import type { TwinOptions } from "../../src/provider/ProviderDeclaration.ts"
import { makeMessageSource } from "../../src/twin/messages.ts"
import { makeOrderAnswers } from "../../src/twin/orderAnswers.ts"
import { makeOrderBook } from "../../src/twin/orderBook.ts"
import type { Answer } from "../../src/twin/reply.ts"
import { agentAnswers, makeStoredAgents } from "../../src/twin/storedAgents.ts"
import { bodyReader, E164, millisecondsOf, optional, wholeNumber } from "../../src/twin/requestBody.ts"
import type { Ending, Story } from "../../src/twin/story.ts"
import { storyOf } from "../../src/twin/stories.ts"
import type { OrderState } from "../../src/twin/timeline.ts"
import {
  makeTwin,
  type Route,
  type RouteCall,
  type Twin,
  type TwinDefinition,
  type TwinEnding
} from "../../src/twin/twin.ts"
import { TWIN_KEY } from "../../src/twin/twinKey.ts"
import { AGENTS, batchRecord, type CallDetails, callRecord, type TwinCall, type ApiVersion } from "./TwinRecords.ts"
import { type CallNotes, messagesOf } from "./TwinMessages.ts"
import { CallerIdName, REFERENCE_VARIABLE } from "./Wire.ts"

/** What the twin of RevRing is like. */
export interface RevRingTwinOptions extends TwinOptions {
  /** The generation of the documentation that is spoken. Cancel came with 2, batch-get with 3. @default 3 */
  readonly generation?: ApiVersion
  /** Whether items of batch-get have status and direction, which its documented example lacks. @default true */
  readonly batchGivesStatus?: boolean
  /** How many calls run at a time; others wait in the queue. @default no limit */
  readonly concurrencyLimit?: number
}

const SendBody = Schema.Struct({
  agentId: Schema.NonEmptyString,
  toNumber: E164,
  fromNumber: E164,
  variables: optional(JsonObject),
  callerIdName: optional(CallerIdName),
  skipQueue: optional(Schema.Boolean)
})

const readSend = bodyReader(SendBody, {
  agentId: "the id of an agent",
  toNumber: "a telephone number in E.164",
  fromNumber: "a telephone number in E.164",
  variables: "an object",
  callerIdName: "a text of 1 to 15 characters",
  skipQueue: "true or false"
})

const BatchBody = Schema.Struct({
  ids: Schema.Array(Schema.String).pipe(Schema.check(Schema.isMinLength(1)), Schema.check(Schema.isMaxLength(100))),
  minimal: optional(Schema.Boolean)
})

const readBatch = bodyReader(BatchBody, { ids: "1 to 100 ids", minimal: "true or false" })

/** A change of an agent; what is not looked at is taken as it is. */
const readAgent = bodyReader(
  Schema.StructWithRest(
    Schema.Struct({ preCallWebhookUrl: optional(Schema.String), postCallWebhookUrl: optional(Schema.String) }),
    [Schema.Record(Schema.String, Schema.Unknown)]
  ),
  { preCallWebhookUrl: "an address, or null", postCallWebhookUrl: "an address, or null" }
)

/** All calls of the organisation share its lines. */
const LINES = "organisation"

const LARGEST_PAGE = 100

const ONE_ATTEMPT = "a call is one attempt here"

/** What a call comes to here: its first attempt decides, and who answered is only known from signs. */
const endingOf =
  (version: ApiVersion) =>
  (ending: Ending, story: Story): TwinEnding => {
    const [first, ...retries] = story.attempts
    if (first?.failure !== undefined) {
      const reach = reachOfFailure(first.failure)
      const because = retries.length > 0 ? ONE_ATTEMPT : "a call that did not connect is FAILED"
      return { status: "failed", reach, because }
    }
    if (ending.status === "queued" && version === 1) {
      return { ...ending, status: "in_progress", because: "generation 1 has no word for waiting" }
    }
    if (first?.answeredBy === "voicemail" && retries.length > 0) {
      return { ...ending, reach: "voicemail", because: ONE_ATTEMPT }
    }
    if (first?.answeredBy === "call_screening") {
      return { ...ending, reach: "voicemail", because: "the detector of voicemail fires on screening" }
    }
    const isSilent = first?.turns !== undefined && remoteReplies({ turns: first.turns }) === 0
    const isTransferred = first?.end === "transferred"
    if ((ending.reach === "human" || ending.reach === "ivr") && isSilent && !isTransferred) {
      return { ...ending, reach: "answered", because: "who answered is not said, and no word of theirs tells it" }
    }
    return { ...ending, because: undefined }
  }

/**
 * Makes a RevRing that never telephones. Calls are taken by `POST /calls` and move on with the time that each request is
 * answered at.
 *
 * @throws FaultTextError if the faults given are none
 */
export const makeRevRingTwin = (options: RevRingTwinOptions = {}): Twin => {
  const {
    apiKey = TWIN_KEY,
    generation: version = 3,
    batchGivesStatus = true,
    concurrencyLimit,
    seed = "revring"
  } = options
  const calls = makeOrderBook<CallDetails>(seed)
  const agents = makeStoredAgents(AGENTS)

  /** The form of errors is undocumented. */
  const errorBody = (message: string, code: string): JsonObject => ({ error: { code, message } })
  const notes = new Map<string, CallNotes>()
  const recordIn = (call: TwinCall, state: OrderState): JsonObject =>
    callRecord(call, state, version, notes.get(call.id))
  const recordOf = (call: TwinCall, now: number): JsonObject => recordIn(call, calls.stateOf(call, now))
  // Undocumented: a running call is hung up, and one that is over cannot be canceled (409).
  const { refuse, invalid, show, reading, get, cancel } = makeOrderAnswers(calls, {
    errorBody,
    orderBody: (call, state) => ({ data: recordIn(call, state) })
  })

  const send = reading(readSend, ({ agentId, toNumber, fromNumber, ...order }, { now }) => {
    const { placement } = storyOf(toNumber)
    if (placement === "refused") return invalid("toNumber cannot be called")
    const isFull = concurrencyLimit !== undefined && calls.linesInUse(LINES, now) >= concurrencyLimit
    // Generation 1 does not know `skipQueue`.
    if (order.skipQueue === true && version > 1 && (isFull || placement === "at_capacity")) {
      return refuse(429, "the concurrency limit is reached", "concurrency_limit")
    }
    const variables = order.variables ?? {}
    const call = calls.place({
      to: toNumber,
      reference: readReference(variables, REFERENCE_VARIABLE),
      placedAt: now,
      options: { attemptsAllowed: 1 },
      lines: concurrencyLimit === undefined ? undefined : { key: LINES, max: concurrencyLimit },
      details: { agentId, from: fromNumber, callerIdName: order.callerIdName ?? null, variables }
    })
    return show(call, now, 201)
  })

  /** Unknown ids are missing from the answer, and its order is not that of the ids. */
  const batchGet = reading(readBatch, ({ ids, minimal }, { now }) => {
    const wanted = new Set(ids)
    const found = calls.all().filter(({ id }) => wanted.has(id))
    const records = found.map((call) => batchRecord(recordOf(call, now), minimal === true, batchGivesStatus))
    return { status: 200, body: { data: records } }
  })

  /** On no page of the documentation: the parameters are those of one application. No way to a second page is known. */
  const list = ({ query, now }: RouteCall): Answer => {
    const size = query.has("pageSize") ? wholeNumber(query.get("pageSize")) : 50
    const [from, to] = [millisecondsOf(query.get("createdFrom")), millisecondsOf(query.get("createdTo"))]
    const direction = query.get("sortDir") ?? "desc"
    if (size === undefined || size < 1 || size > LARGEST_PAGE) return invalid(`pageSize must be 1 to ${LARGEST_PAGE}`)
    if ((query.get("sortBy") ?? "createdAt") !== "createdAt") return invalid("sortBy must be createdAt")
    if (direction !== "asc" && direction !== "desc") return invalid("sortDir must be asc or desc")
    for (const [name, value] of Object.entries({ createdFrom: from, createdTo: to })) {
      if (query.has(name) && value === undefined) return invalid(`${name} must be ISO 8601 with a zone`)
    }
    const agentId = query.get("agentId")
    const oldestFirst = calls
      .all()
      .filter(({ details }) => agentId === null || details.agentId === agentId)
      .filter(({ placedAt }) => placedAt >= (from ?? placedAt) && placedAt <= (to ?? placedAt))
      .toSorted((a, b) => a.placedAt - b.placedAt)
    const sorted = direction === "asc" ? oldestFirst : oldestFirst.toReversed()
    return { status: 200, body: { data: sorted.slice(0, size).map((call) => recordOf(call, now)) } }
  }

  /** There is no endpoint to check a key with; this one takes no id. */
  const allAgents = (): Answer => ({ status: 200, body: { data: agents.all() } })
  const agent = agentAnswers(agents, (found) => ({ data: found }), refuse)
  const changeAgent = reading(readAgent, (fields, { id }) => agent.change(id, fields))
  /** Undocumented: what `minimal` leaves out. */
  const someAgents = reading(readBatch, ({ ids }) => ({
    status: 200,
    body: { data: agents.all().filter(({ id }) => ids.includes(id)) }
  }))

  /** To the first number of an agent, or from a browser to the agent itself. Undocumented: the form of a browser's "number". */
  const receive: TwinDefinition["receive"] = ({ channel, from, agentId = AGENTS[0]?.id ?? "" }, now) => {
    const number = valueAt(agents.get(agentId), ["phoneNumbers", 0, "e164"])
    if (typeof number !== "string") return undefined
    return calls.place({
      to: channel === "web" ? agentId : number,
      reference: undefined,
      placedAt: now,
      options: { attemptsAllowed: 1 },
      lines: undefined,
      incoming: channel,
      playedBy: from ?? "",
      details: { agentId, from: channel === "web" ? "webclient-1" : (from ?? ""), callerIdName: null, variables: {} }
    })
  }

  const urlOf = ({ details: { agentId } }: TwinCall, field: string): string | undefined => {
    const url = agents.get(agentId)?.[field]
    return typeof url === "string" && url !== "" ? url : undefined
  }
  const note = ({ id }: TwinCall, more: CallNotes): void => void notes.set(id, { ...notes.get(id), ...more })

  const routes: ReadonlyArray<Route & { readonly since: ApiVersion }> = [
    { operation: "place", method: "POST", path: "/calls", handle: send, since: 1 },
    { operation: "batch", method: "POST", path: "/calls/batch-get", handle: batchGet, since: 3 },
    { operation: "list", method: "GET", path: "/calls", handle: list, since: 1 },
    { operation: "get", method: "GET", path: "/calls/{id}", handle: get, since: 1 },
    { operation: "cancel", method: "POST", path: "/calls/{id}/cancel", handle: cancel, since: 2 },
    { operation: "check", method: "GET", path: "/agents", handle: allAgents, since: 1 },
    { operation: "catalog", method: "POST", path: "/agents/batch-get", handle: someAgents, since: 3 },
    { operation: "configure", method: "PATCH", path: "/agents/{id}", handle: changeAgent, since: 1 }
  ]

  return makeTwin({
    name: "RevRing",
    seed,
    faults: options.faults ?? [],
    basePaths: ["", "/v1"],
    isAuthorized: (headers) => headers["x-api-key"] === apiKey,
    errorBody,
    routes: routes.filter(({ since }) => since <= version),
    orders: calls.all,
    receive,
    messages: makeMessageSource(calls, messagesOf({ version, urlOf, recordOf: recordIn, note }), () =>
      agents.all().some((each) => each["preCallWebhookUrl"] !== null || each["postCallWebhookUrl"] !== null)
    ),
    agents: agents.all,
    clear: () => {
      notes.clear()
      calls.clear()
      agents.clear()
    },
    endingOf: endingOf(version)
  })
}
