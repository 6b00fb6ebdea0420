/** Tern bodies into facts. Pure. */
import {
  type AttemptFact,
  type AttemptId,
  type AttemptStatus,
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
  readAnswered,
  readId,
  readInstant,
  readRole,
  readStatus,
  readTranscript,
  readValue,
  readWord,
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
        return { role, text: line.said ?? "", ...(at === undefined ? {} : { at }) }
      }),
      recordingUrl: recording
    },
    evidence: {
      who: readWord(leg.who, Words.whoWords, "who", issues),
      why: readWord(leg.why, Words.whyWords, "why", issues)
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
      outcomeReason: readValue(body.verdict?.note)
    },
    evidence: { ref: readValue(body.ref), "verdict.goal_met": readValue(body.verdict?.goal_met) },
    attempts,
    native,
    issues: issues.all()
  }
}
