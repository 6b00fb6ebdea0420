/**
 * Vapi as a twin. What the documentation leaves open is decided here and marked "undocumented": the form of errors, the
 * order of the list, when a record shows in it, and everything about timing.
 */
import * as Result from "effect/Result"
import { reachOfFailure } from "../../src/domain/Failure.ts"
import { isJsonObject, type JsonObject, valueAt } from "../../src/domain/Json.ts"
import { remoteReplies } from "../../src/domain/Reply.ts"
import type { TwinOptions } from "../../src/provider/ProviderDeclaration.ts"
import { isLoopback } from "../../src/domain/loopback.ts"
import { makeMessageSource } from "../../src/twin/messages.ts"
import { makeOrderAnswers } from "../../src/twin/orderAnswers.ts"
import { makeOrderBook } from "../../src/twin/orderBook.ts"
import type { Answer } from "../../src/twin/reply.ts"
import { agentAnswers, makeStoredAgents } from "../../src/twin/storedAgents.ts"
import { millisecondsOf, wholeNumber } from "../../src/twin/requestBody.ts"
import { storyOf } from "../../src/twin/stories.ts"
import type { Ending, Story } from "../../src/twin/story.ts"
import { makeTwin, type RouteCall, type Twin, type TwinDefinition, type TwinEnding } from "../../src/twin/twin.ts"
import { TWIN_KEY } from "../../src/twin/twinKey.ts"
import { messagesOf } from "./TwinMessages.ts"
import { inForce, readAssistant, readCall } from "./TwinRequest.ts"
import {
  ASSISTANTS,
  type CallDetails,
  callRecord,
  NUMBERS,
  OWN_NUMBER,
  OWN_NUMBER_ID,
  type TwinCall
} from "./TwinRecords.ts"
import * as Wire from "./Wire.ts"

/** What the twin of Vapi is like. */
export interface VapiTwinOptions extends TwinOptions {
  /** Whether its assistants have a detector of mailboxes, which Vapi's have only if it is set up. @default true */
  readonly voicemailDetection?: boolean
  /** How many calls run at a time; others wait. @default no limit */
  readonly concurrencyLimit?: number
}

const hasUrl = (server: unknown): boolean => typeof valueAt(server, ["url"]) === "string"

/** Where this twin is, as a client has asked it. */
const addressOf = ({ headers: { host = "api.vapi.ai" } }: RouteCall): string =>
  `${isLoopback(`http://${host}`) ? "http" : "https"}://${host}`

/** All calls of the account share its lines. */
const LINES = "account"

const DEFAULT_PAGE = 100

/** What a call comes to here: it is one dial, is `ended` whatever came of it, and who answered is only known from signs. */
const endingOf =
  (detectsVoicemail: boolean) =>
  (ending: Ending, story: Story): TwinEnding => {
    if (ending.reach === "pending" || ending.reach === "canceled") return { ...ending, because: undefined }
    const [first] = story.attempts
    const status = story.unknownWords === "status" ? ("unrecognized" as const) : ("completed" as const)
    const reach = reachOf(story, first, detectsVoicemail)
    const because =
      status === ending.status && reach === ending.reach
        ? undefined
        : first?.failure === undefined && first !== undefined
          ? "who answered is concluded from a reply, or from a detector"
          : "a call is one dial, and every call that is over is ended"
    return { status, reach, because }
  }

const reachOf = (
  { unknownWords }: Story,
  first: Story["attempts"][number] | undefined,
  detectsVoicemail: boolean
): Ending["reach"] => {
  if (first === undefined) return "failed"
  if (first.failure !== undefined) return reachOfFailure(first.failure)
  if (first.end === "voicemail" && detectsVoicemail) return "voicemail"
  if (first.turns !== undefined && remoteReplies({ turns: first.turns }) > 0) return "human"
  return unknownWords === "details" ? "unknown" : "answered"
}

/**
 * Makes a Vapi that never telephones. Calls are taken by `POST /call` and move on with the time that each request is
 * answered at.
 *
 * @throws FaultTextError if the faults given are none
 */
export const makeVapiTwin = (options: VapiTwinOptions = {}): Twin => {
  const { apiKey = TWIN_KEY, voicemailDetection = true, concurrencyLimit, seed = "vapi" } = options
  const calls = makeOrderBook<CallDetails>(seed)
  const assistants = makeStoredAgents(ASSISTANTS)

  /** The form of errors is undocumented. */
  const errorBody = (message: string, code: string): JsonObject => ({ error: code, message })
  /** Calls that are gone with their records; what was taken is still counted. */
  const deleted = new Set<string>()
  const {
    refuse,
    show,
    get: read
  } = makeOrderAnswers(calls, {
    errorBody,
    orderBody: (call, state, now) => callRecord(call, state, now, voicemailDetection)
  })
  const invalid = (message: string): Answer => refuse(400, message, "Bad Request")

  /** Whether a call has brought an address of its own. */
  let isNamedInline = false

  const create = (asked: RouteCall): Answer =>
    Result.match(readCall(asked.body), {
      onFailure: invalid,
      onSuccess: (request) => {
        const { now } = asked
        const { customer, name, schedulePlan, assistantId, assistant, squadId } = request
        if (assistantId == null && assistant == null && squadId == null) return invalid("Need an assistant or a squad")
        if (storyOf(customer.number).placement === "refused") return invalid("customer.number cannot be called")
        isNamedInline ||= hasUrl(valueAt(assistant, ["server"]))
        const scheduledAt = millisecondsOf(schedulePlan?.earliestAt)
        const call = calls.place({
          to: customer.number,
          reference: name ?? undefined,
          placedAt: now,
          options: { attemptsAllowed: 1, ...(scheduledAt === undefined ? {} : { scheduledAt }) },
          lines: concurrencyLimit === undefined ? undefined : { key: LINES, max: concurrencyLimit },
          details: { request: inForce(request), address: addressOf(asked) }
        })
        return show(call, now, 201)
      }
    })

  const notFound = (): Answer => refuse(404, "there is no call with this id", "Not Found")

  const get = (asked: RouteCall): Answer => (deleted.has(asked.id) ? notFound() : read(asked))

  const isRunning = (id: string, now: number): boolean => {
    const call = deleted.has(id) ? undefined : calls.get(id)
    return call !== undefined && ["dialing", "talking"].includes(calls.stateOf(call, now).phase)
  }

  /** With all its data. Undocumented: a call that runs is refused. */
  const remove = (asked: RouteCall): Answer => {
    const { id, now } = asked
    if (isRunning(id, now)) return invalid("the call is running")
    const answer = get(asked)
    if (answer.status === 200) {
      calls.cancel(id, now)
      deleted.add(id)
    }
    return answer
  }

  /** The address in the record of a call that runs. Undocumented: its answers. */
  const control = ({ id, now, body }: RouteCall): Answer => {
    if (!isRunning(id, now)) return notFound()
    if (!isJsonObject(body) || body["type"] !== "end-call") return invalid("type must be end-call")
    calls.cancel(id, now)
    return { status: 200, body: {} }
  }

  /** A bare array, of what was made within the bounds of the query. Undocumented: the newest first. */
  const newest = <A>(
    { query }: RouteCall,
    all: ReadonlyArray<A>,
    madeAt: (item: A) => number
  ): ReadonlyArray<A> | string => {
    const size = query.has("limit") ? wholeNumber(query.get("limit")) : DEFAULT_PAGE
    if (size === undefined || size > Wire.LARGEST_PAGE) return `limit must be 0 to ${Wire.LARGEST_PAGE}`
    const bounds = new Map<string, number>()
    for (const name of ["createdAtGt", "createdAtGe", "createdAtLt", "createdAtLe"]) {
      const bound = millisecondsOf(query.get(name))
      if (query.has(name) && bound === undefined) return `${name} must be ISO 8601 with a zone`
      if (bound !== undefined) bounds.set(name, bound)
    }
    const isWithin = (at: number): boolean =>
      at > (bounds.get("createdAtGt") ?? -1) &&
      at >= (bounds.get("createdAtGe") ?? at) &&
      at < (bounds.get("createdAtLt") ?? at + 1) &&
      at <= (bounds.get("createdAtLe") ?? at)
    return all
      .filter((item) => isWithin(madeAt(item)))
      .toSorted((a, b) => madeAt(a) - madeAt(b))
      .toReversed()
      .slice(0, size)
  }

  const list = (asked: RouteCall): Answer => {
    const { query, now } = asked
    const assistantId = query.get("assistantId")
    const kept = calls
      .all()
      .filter(({ id }) => !deleted.has(id))
      .filter(({ details }) => assistantId === null || details.request["assistantId"] === assistantId)
    const found = newest(asked, kept, ({ placedAt }) => placedAt)
    if (typeof found === "string") return invalid(found)
    const records = found.map((call) => callRecord(call, calls.stateOf(call, now), now, voicemailDetection))
    return { status: 200, body: records }
  }

  const listOf =
    (all: () => ReadonlyArray<JsonObject>) =>
    (asked: RouteCall): Answer => {
      const found = newest(asked, all(), ({ createdAt }) => Date.parse(String(createdAt)))
      return typeof found === "string" ? invalid(found) : { status: 200, body: found }
    }

  const assistant = agentAnswers(assistants, (found) => found, refuse)

  /** Undocumented: `server` is replaced, not merged. */
  const changeAssistant = ({ id, body }: RouteCall): Answer =>
    Result.match(readAssistant(body), {
      onFailure: invalid,
      onSuccess: (fields) => assistant.change(id, fields)
    })

  const recordOf = (call: TwinCall, at: number): JsonObject =>
    callRecord(call, calls.stateOf(call, at), at, voicemailDetection)

  const serverOf = ({ details: { request } }: TwinCall): JsonObject | undefined => {
    const own = valueAt(request, ["assistant", "server"])
    const stored = assistants.get(String(request["assistantId"]))?.["server"]
    return isJsonObject(own) ? own : isJsonObject(stored) ? stored : undefined
  }

  const receive: TwinDefinition["receive"] = ({ channel, from = "", agentId = ASSISTANTS[0]?.id ?? "" }, now) => {
    if (assistants.get(agentId) === undefined) return undefined
    const phone = { type: "inboundPhoneCall", customer: { number: from }, phoneNumberId: OWN_NUMBER_ID }
    return calls.place({
      to: channel === "web" ? agentId : OWN_NUMBER,
      reference: undefined,
      placedAt: now,
      options: { attemptsAllowed: 1 },
      lines: undefined,
      incoming: channel,
      playedBy: from,
      details: {
        request: { assistantId: agentId, ...(channel === "web" ? { type: "webCall" } : phone) },
        address: "https://api.vapi.ai"
      }
    })
  }

  return makeTwin({
    name: "Vapi",
    seed,
    faults: options.faults ?? [],
    basePaths: [""],
    isAuthorized: (headers) => headers["authorization"] === `Bearer ${apiKey}`,
    errorBody,
    routes: [
      { operation: "place", method: "POST", path: "/call", handle: create },
      { operation: "list", method: "GET", path: "/call", handle: list },
      { operation: "get", method: "GET", path: "/call/{id}", handle: get },
      { operation: "cancel", method: "DELETE", path: "/call/{id}", handle: remove },
      { operation: "cancel", method: "POST", path: "/control/{id}", handle: control, takesNoKey: true },
      { operation: "catalog", method: "GET", path: "/assistant", handle: listOf(assistants.all) },
      { operation: "catalog", method: "GET", path: "/phone-number", handle: listOf(() => NUMBERS) },
      { operation: "catalog", method: "GET", path: "/assistant/{id}", handle: assistant.get },
      { operation: "configure", method: "PATCH", path: "/assistant/{id}", handle: changeAssistant }
    ],
    orders: calls.all,
    receive,
    messages: makeMessageSource(
      calls,
      messagesOf(serverOf, recordOf),
      () => isNamedInline || assistants.all().some((each) => hasUrl(each["server"]))
    ),
    agents: assistants.all,
    clear: () => {
      calls.clear()
      assistants.clear()
      isNamedInline = false
      deleted.clear()
    },
    endingOf: endingOf(voicemailDetection)
  })
}
