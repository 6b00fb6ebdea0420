/** Tern bodies into facts. Pure. */
import {
  type AttemptFact,
  type AttemptId,
  type AttemptStatus,
  type Cost,
  figuresOf,
  type Goal,
  isJsonObject,
  IssueLog,
  type JsonObject,
  latest,
  type LocateAttempts,
  makeReader,
  missingId,
  type OrderFact,
  type OrderId,
  parseAttemptId,
  parseOrderId,
  ProviderId,
  present,
  readAnswered,
  readDecimal,
  readId,
  readInstant,
  readRole,
  readStatus,
  readTranscript,
  readValue,
  readWord,
  type Timing,
  type Transfer,
  type Unreadable
} from "../../../src/provider/index.ts"
import * as Wire from "./Wire.ts"
import * as Words from "./Words.ts"

export const providerId = ProviderId.make("tern")

const readDial = makeReader(Wire.Dial)

/** Legs are numbered within their dial: only both together tell one. */
const attemptIdOf = (order: string, n: unknown): AttemptId | undefined => {
  const number = parseAttemptId(n)
  return number === undefined ? undefined : parseAttemptId(`${order}/${number}`)
}

export const locateAttempts: LocateAttempts = (native) => {
  const order = parseOrderId(native["uid"])
  const legs = Array.isArray(native["legs"]) ? native["legs"] : []
  return new Map(
    legs.flatMap((leg: unknown, index) => {
      const id = order === undefined || !isJsonObject(leg) ? undefined : attemptIdOf(order, leg["n"])
      return id === undefined ? [] : [[id, ["legs", index]] as const]
    })
  )
}

/** A leg has no word for where it stands: its times tell. */
const legStatus = (answered: boolean, started: boolean, ended: boolean): { value: AttemptStatus; because: string } => {
  if (ended)
    return answered ? { value: "ended", because: "ended" } : { value: "failed", because: "ended without picked_up" }
  if (answered) return { value: "in_progress", because: "picked_up" }
  return started ? { value: "dialing", because: "started" } : { value: "queued", because: "not started" }
}

type Values = { readonly [name: string]: unknown }

const withoutNulls = <A extends Values>(values: A): { [Name in keyof A]: Exclude<A[Name], null> | undefined } => {
  const kept = Object.entries(values).map(([name, value]) => [name, value ?? undefined])
  return Object.fromEntries(kept)
}

const transferFrom = ({ handover }: Wire.Leg, issues: IssueLog): Transfer | undefined => {
  const word = readWord(handover?.state, Words.handoverWords, "handover.state", issues)
  const state = word === undefined ? undefined : Words.handoverWords(word)
  if (state === undefined) return undefined
  const at = readInstant(handover?.began, "handover.began", issues)
  return { ...present({ to: readValue(handover?.number), at }), state }
}

const timingFrom = ({ pace }: Wire.Leg): Timing | undefined => {
  if (pace === null || pace === undefined) return undefined
  const answers = figuresOf((pace.answer_ms ?? []).flatMap((each) => each ?? []))
  const definition = "from the callee's last word to the bot's first"
  const quiet = readValue(pace.quiet_s)
  const cuts = present({ byRemote: readValue(pace.cut_by_callee), byAgent: readValue(pace.cut_by_bot) })
  const spoken = present({ remoteSeconds: readValue(pace.callee_s), agentSeconds: readValue(pace.bot_s) })
  const some = <A extends object>(value: A) => (Object.keys(value).length === 0 ? undefined : value)
  return some(
    present({
      latencies: answers && [{ stage: "response" as const, definition, ...answers, source: "pace.answer_ms" }],
      interruptions: some(cuts) && { ...cuts, source: "pace.cut_by_callee, pace.cut_by_bot" },
      speech: some(spoken) && { ...spoken, source: "pace.callee_s, pace.bot_s" },
      silence: quiet === undefined ? undefined : { seconds: quiet, source: "pace.quiet_s" }
    })
  )
}

const goalFrom = (verdict: Wire.Dial["verdict"]): Goal | undefined => {
  const text = readValue(verdict?.task)
  if (text === undefined || text === "") return undefined
  const achieved = Words.taskWords(text)
  const reasons = verdict?.reasons?.flatMap((each) => each ?? [])
  return {
    achieved: achieved ?? "unknown",
    ...present({ confidence: readValue(verdict?.sure), reasons, text: achieved === undefined ? text : undefined })
  }
}

const costFrom = (charge: Wire.Dial["charge"], issues: IssueLog): Cost | undefined => {
  const amount = readDecimal(charge?.total, "charge.total", issues)
  if (amount === undefined) return undefined
  const parts = charge?.items?.flatMap((item, index) => {
    const part = readDecimal(item?.total, `charge.items[${index}].total`, issues)
    return part === undefined ? [] : [{ name: item?.what ?? "", amount: part }]
  })
  return { amount, ...present({ currency: readValue(charge?.money), unit: readValue(charge?.unit), parts }) }
}

const legFrom = (
  leg: Wire.Leg,
  index: number,
  order: OrderId,
  dial: Wire.Dial,
  recording: string | undefined,
  log: IssueLog
): AttemptFact | undefined => {
  const issues = log.within(["legs", index])
  const id = attemptIdOf(order, leg.n)
  if (id === undefined) {
    issues.add("n", "missing_id")
    return undefined
  }
  const dialedAt = readInstant(leg.started, "started", issues)
  const answeredAt = readInstant(leg.picked_up, "picked_up", issues)
  const endedAt = readInstant(leg.ended, "ended", issues)
  const terminal = endedAt !== undefined
  const status = { ...legStatus(answeredAt !== undefined, dialedAt !== undefined, terminal), terminal }
  return {
    kind: "attempt",
    provider: providerId,
    id,
    asOf: latest(dialedAt, answeredAt, endedAt),
    claims: {
      status,
      orderId: order,
      path: ["legs", index],
      position: index,
      to: readValue(dial.party?.number),
      dialedAt,
      answeredAt,
      endedAt,
      answered: readAnswered(leg.picked_up, terminal),
      transcript: readTranscript(leg.lines, (line, place) => {
        const at = readInstant(line.at, `lines[${place}].at`, issues)
        const role = readRole(line.by, Words.roleWords, () => `lines[${place}].by`, issues)
        const more = { at, atSeconds: line.offset, toolName: line.tool, toolCallId: line.tool_call }
        return { role, text: line.said ?? "", ...present(withoutNulls(more)) }
      }),
      recordingUrl: recording,
      carrierCallId: readValue(leg.sid),
      transfer: transferFrom(leg, issues),
      timing: timingFrom(leg)
    },
    evidence: {
      who: readWord(leg.who, Words.whoWords, "who", issues),
      why: readWord(leg.why, Words.whyWords, "why", issues),
      bye: readWord(leg.bye, Words.byeWords, "bye", issues)
    },
    issues: []
  }
}

/** A Tern dial is an order, its legs are the attempts. */
export const orderFrom = (native: JsonObject): OrderFact | Unreadable => {
  const { body, issues: misfits } = readDial(native)
  const id = parseOrderId(body.uid)
  if (id === undefined) return missingId("uid")
  const issues = new IssueLog(misfits)
  const createdAt = readInstant(body.created, "created", issues)
  const legs = body.legs ?? []
  /** The recording is the dial's: it is of the last leg that was picked up. */
  const recorded = legs.findLastIndex((leg) => leg?.picked_up !== undefined && leg?.picked_up !== null)
  const recording = readValue(body.audio?.[0]?.url)
  const attempts = legs.flatMap((leg, index) => {
    const attempt =
      leg === undefined || leg === null
        ? undefined
        : legFrom(leg, index, id, body, index === recorded ? recording : undefined, issues)
    return attempt === undefined ? [] : [attempt]
  })
  return {
    kind: "order",
    provider: providerId,
    id,
    asOf: latest(createdAt, ...attempts.map(({ asOf }) => asOf)),
    claims: {
      status: readStatus(body.phase, Words.orderStatusWords, "phase", false, issues),
      to: readValue(body.party?.number),
      agentId: readId(body.agent),
      createdAt,
      endedAt: readInstant(body.over, "over", issues),
      outcomeReason: readValue(body.verdict?.note),
      goal: goalFrom(body.verdict),
      cost: costFrom(body.charge, issues)
    },
    evidence: { ref: readValue(body.ref), "verdict.goal_met": readValue(body.verdict?.goal_met) },
    attempts,
    native,
    issues: issues.all()
  }
}
