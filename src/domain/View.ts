/** Records as users see them: everything derived is computed here, once, from settled claims. */
import { type Attempt, attemptFields, type CallAttempt } from "./CallAttempt.ts"
import { type CallOrder, type Conflict, endAt, orderFields } from "./CallOrder.ts"
import { isOver, isTerminalOrder } from "./CallStatus.ts"
import type {
  AttemptClaims,
  AttemptFact,
  AttemptMeaning,
  Interpretation,
  OrderClaims,
  OrderFact,
  OrderMeaning
} from "./Fact.ts"
import { addAll, type ConclusionsOf, type Given } from "./fields.ts"
import { type Instant, parseInstant, secondsBetween } from "./Instant.ts"
import type { Issue } from "./Issue.ts"
import { evidenceText } from "./flatText.ts"
import { formatPath, joinPaths, type JsonObject, valueAt } from "./Json.ts"
import { attemptReach, orderReach, type Reach } from "./Reach.ts"
import { hasWords } from "./Transcript.ts"
import { remoteReplies, REPLIES_OF_A_CONVERSATION } from "./Reply.ts"
import { sourcePlace } from "./sourcePath.ts"
import { compareText } from "./textOrder.ts"
import { settledIssues } from "./ViewJoin.ts"

type Mutable<A> = { -readonly [K in keyof A]: A[K] }

/** An order as a record; `attempts` are the facts of the attempts that belong to it. */
export const viewOrder = (
  order: OrderFact,
  attempts: ReadonlyArray<AttemptFact>,
  interpretation: Interpretation
): CallOrder => {
  const { claims } = order
  const { status } = claims
  const meaning = interpretation.order(order)
  const terminal =
    isTerminalOrder(status.value) || (status.value !== "unrecognized" ? false : status.terminal || undefined)
  const ordered = attempts.length > 1 ? attempts.toSorted(byAge) : attempts
  const issues: Array<Issue> = [...order.issues]
  const reaches: Array<Reach> = []
  const items: Array<Attempt> = []
  let transcript = false
  let recording = false
  for (const fact of ordered) {
    const item = viewAttempt(fact, interpretation, meaning.channel === "web")
    const base = fact.native === undefined ? "" : formatPath(["attempts", items.length, "native"])
    for (const issue of fact.issues)
      issues.push({ ...issue, path: base === "" ? issue.path : joinPaths(base, issue.path) })
    if (isDisordered(fact.claims)) issues.push(...disorder(fact, interpretation, fact.native ?? order.native, base))
    if (fact.native !== undefined) item.native = fact.native
    items.push(item)
    reaches.push(item.reach)
    transcript ||= hasWords(item.transcript)
    recording ||= item.recordingUrl !== undefined
  }
  const record: Mutable<CallOrder> = {
    kind: "call_order",
    provider: order.provider,
    id: order.id,
    status: status.value,
    reach: orderReach(reaches, {
      status: status.value,
      terminal,
      dialingDone: meaning.dialingDone === true,
      because: status.because
    }),
    enriched: { transcript, recording, outcome: meaning.outcome !== undefined },
    attempts: items
  }
  const conclusions: OrderConclusions = {
    providerStatus: status.word,
    terminal,
    agent: named(claims.agentId, claims.agentName),
    campaign: named(claims.campaignId, claims.campaignName),
    issues: issues.length === 0 ? undefined : settledIssues(issues),
    conflicts: lostEnds(order),
    native: order.native
  }
  addToOrder(record, claims, meaning, conclusions)
  return record
}

/** An attempt whose order is not known here, as a record of its own. */
export const viewListedAttempt = (attempt: AttemptFact, interpretation: Interpretation): CallAttempt => {
  const issues: Array<Issue> = [...attempt.issues]
  const view = viewAttempt(attempt, interpretation, false)
  if (isDisordered(attempt.claims)) issues.push(...disorder(attempt, interpretation, attempt.native, ""))
  const record: Mutable<CallAttempt> = { kind: "call_attempt", provider: attempt.provider, ...view }
  if (issues.length > 0) record.issues = settledIssues(issues)
  if (attempt.native !== undefined) record.native = attempt.native
  return record
}

/** What tells a provider's facts; an adapter does. */
interface Interpreter {
  readonly interpretation: Interpretation
}

/** A fact as a record of its own, an order with the attempts that it holds itself. */
export function viewFact(fact: OrderFact, interpreter: Interpreter): CallOrder
export function viewFact(fact: OrderFact | AttemptFact, interpreter: Interpreter): CallOrder | CallAttempt
export function viewFact(fact: OrderFact | AttemptFact, { interpretation }: Interpreter): CallOrder | CallAttempt {
  return fact.kind === "order"
    ? viewOrder(fact, fact.attempts, interpretation)
    : viewListedAttempt(fact, interpretation)
}

const named = (id: string | undefined, name: string | undefined): CallOrder["agent"] => {
  if (id === undefined) return name === undefined ? undefined : { name }
  return name === undefined ? { id } : { id, name }
}

const viewAttempt = (fact: AttemptFact, interpretation: Interpretation, web: boolean): Mutable<Attempt> => {
  const { claims } = fact
  const { answeredAt, durationSeconds } = claims
  const meaning = interpretation.attempt(fact)
  const talkSeconds = durationSeconds ?? secondsBetween(answeredAt, claims.endedAt)
  const record: Mutable<Attempt> = {
    id: fact.id,
    status: claims.status.value,
    reach: attemptReach(evidenceOf(fact, meaning, interpretation, talkSeconds))
  }
  const { answeredBy } = meaning
  const conclusions: AttemptConclusions = {
    to: web ? undefined : claims.to,
    ringSeconds: secondsBetween(claims.dialedAt, answeredAt),
    talkSeconds,
    talkSource: talkSeconds === undefined ? undefined : durationSeconds === undefined ? "derived" : "provider",
    answeredBy: answeredBy && { value: answeredBy.value, certainty: answeredBy.certainty },
    native: undefined
  }
  addToAttempt(record, claims, meaning, conclusions)
  return record
}

const evidenceOf = (
  { claims }: AttemptFact,
  meaning: AttemptMeaning,
  { terms }: Interpretation,
  talkSeconds: number | undefined
): Parameters<typeof attemptReach>[0] => {
  const { status } = claims
  const over = isOver(status.value, status.terminal || claims.endedAt !== undefined)
  return {
    status: status.value,
    statusBecause: status.because,
    over,
    running: !over && status.value !== "unrecognized",
    ended: claims.endedAt === undefined ? undefined : evidenceText(terms.endedAt, "given"),
    answered: claims.answered,
    answeredBecause: meaning.answeredBecause ?? answeredBecause(claims, terms),
    talkSeconds,
    // Only a verdict of a mailbox can be contradicted by them.
    remoteReplies:
      meaning.answeredBy?.value === "voicemail" ? remoteReplies(claims.transcript, REPLIES_OF_A_CONVERSATION) : 0,
    answeredBy: meaning.answeredBy,
    failure: meaning.failureVerdict
  }
}

const answeredBecause = (claims: AttemptFact["claims"], terms: Interpretation["terms"]): string => {
  if (claims.answered === false) return evidenceText(terms.answeredAt, "null")
  const byDuration = claims.answeredAt === undefined && (claims.durationSeconds ?? 0) > 0
  return evidenceText(byDuration ? terms.duration : terms.answeredAt, "given")
}

const isDisordered = ({ dialedAt, answeredAt, endedAt }: AttemptFact["claims"]): boolean =>
  (answeredAt !== undefined && dialedAt !== undefined && answeredAt < dialedAt) ||
  (endedAt !== undefined && (answeredAt ?? dialedAt) !== undefined && endedAt < (answeredAt ?? dialedAt ?? ""))

/** Names the later step that claims an earlier time, with its raw value where that still stands in the record. */
const disorder = (
  { claims }: AttemptFact,
  { terms }: Interpretation,
  native: JsonObject | undefined,
  base: string
): ReadonlyArray<Issue> => {
  const { dialedAt, answeredAt, endedAt, path } = claims
  const issue = (field: string, instant: Instant): Issue => {
    const place = sourcePlace(native, field, base === "" ? path : []) ?? []
    const raw = valueAt(native, place)
    const at = joinPaths(base, formatPath(place))
    return { path: at, reason: "impossible_order", raw: parseInstant(raw) === instant ? raw : instant }
  }
  const found: Array<Issue> = []
  if (answeredAt !== undefined && dialedAt !== undefined && answeredAt < dialedAt)
    found.push(issue(terms.answeredAt, answeredAt))
  const beforeEnd = answeredAt ?? dialedAt
  if (endedAt !== undefined && beforeEnd !== undefined && endedAt < beforeEnd) found.push(issue(terms.endedAt, endedAt))
  return found
}

const byAge = (a: AttemptFact, b: AttemptFact): number =>
  compareText(a.claims.dialedAt ?? "~", b.claims.dialedAt ?? "~") ||
  comparePosition(a.claims.position, b.claims.position) ||
  compareText(a.id, b.id)

const comparePosition = (a = Number.MAX_SAFE_INTEGER, b = Number.MAX_SAFE_INTEGER): number => a - b

/** Terminal statuses that were claimed and lost. */
const lostEnds = ({ ends, claims }: OrderFact): ReadonlyArray<Conflict> | undefined => {
  const lost: Array<Conflict> = []
  for (const [status, asOf] of ends ?? []) if (status !== claims.status.value) lost.push(endAt(status, asOf))
  return lost.length === 0 ? undefined : lost.toSorted((a, b) => compareText(a.value, b.value))
}

type OrderConclusions = ConclusionsOf<typeof orderFields>
type AttemptConclusions = ConclusionsOf<typeof attemptFields>

/** What is absent stays absent, so each field has a line of its own. */
const addToOrder = addAll(
  orderFields,
  (
    record: Given<CallOrder>,
    claims: Given<OrderClaims>,
    meaning: Given<OrderMeaning>,
    conclusions: Given<OrderConclusions>
  ) => {
    if (meaning.channel !== undefined) record.channel = meaning.channel
    if (meaning.direction !== undefined) record.direction = meaning.direction
    if (claims.from !== undefined) record.from = claims.from
    if (claims.to !== undefined) record.to = claims.to
    if (conclusions.providerStatus !== undefined) record.providerStatus = conclusions.providerStatus
    if (conclusions.terminal !== undefined) record.terminal = conclusions.terminal
    if (conclusions.agent !== undefined) record.agent = conclusions.agent
    if (meaning.reference !== undefined) record.reference = meaning.reference
    if (claims.createdAt !== undefined) record.createdAt = claims.createdAt
    if (claims.scheduledAt !== undefined) record.scheduledAt = claims.scheduledAt
    if (claims.nextAttemptAt !== undefined) record.nextAttemptAt = claims.nextAttemptAt
    if (claims.endedAt !== undefined) record.endedAt = claims.endedAt
    if (claims.updatedAt !== undefined) record.updatedAt = claims.updatedAt
    if (claims.attemptsMade !== undefined) record.attemptsMade = claims.attemptsMade
    if (claims.attemptsAllowed !== undefined) record.attemptsAllowed = claims.attemptsAllowed
    if (meaning.outcome !== undefined) record.outcome = meaning.outcome
    if (claims.outcomeReason !== undefined) record.outcomeReason = claims.outcomeReason
    if (claims.goal !== undefined) record.goal = claims.goal
    if (claims.cost !== undefined) record.cost = claims.cost
    if (claims.summary !== undefined) record.summary = claims.summary
    if (claims.metadata !== undefined) record.metadata = claims.metadata
    if (claims.variables !== undefined) record.variables = claims.variables
    if (conclusions.campaign !== undefined) record.campaign = conclusions.campaign
    if (claims.organizationId !== undefined) record.organizationId = claims.organizationId
    if (conclusions.issues !== undefined) record.issues = conclusions.issues
    if (conclusions.conflicts !== undefined) record.conflicts = conclusions.conflicts
    if (conclusions.native !== undefined) record.native = conclusions.native
  }
)

const addToAttempt = addAll(
  attemptFields,
  (
    record: Given<Attempt>,
    claims: Given<AttemptClaims>,
    meaning: Given<AttemptMeaning>,
    conclusions: Given<AttemptConclusions>
  ) => {
    if (claims.orderId !== undefined) record.orderId = claims.orderId
    if (conclusions.to !== undefined) record.to = conclusions.to
    if (claims.carrierCallId !== undefined) record.carrierCallId = claims.carrierCallId
    if (claims.dialedAt !== undefined) record.dialedAt = claims.dialedAt
    if (claims.answeredAt !== undefined) record.answeredAt = claims.answeredAt
    if (claims.endedAt !== undefined) record.endedAt = claims.endedAt
    if (claims.answered !== undefined) record.answered = claims.answered
    if (conclusions.ringSeconds !== undefined) record.ringSeconds = conclusions.ringSeconds
    if (conclusions.talkSeconds !== undefined) record.talkSeconds = conclusions.talkSeconds
    if (conclusions.talkSource !== undefined) record.talkSource = conclusions.talkSource
    if (conclusions.answeredBy !== undefined) record.answeredBy = conclusions.answeredBy
    if (meaning.handledBy !== undefined) record.handledBy = meaning.handledBy
    if (meaning.failure !== undefined) record.failure = meaning.failure
    if (meaning.disconnect !== undefined) record.disconnect = meaning.disconnect
    if (claims.transfer !== undefined) record.transfer = claims.transfer
    if (claims.transcript !== undefined) record.transcript = claims.transcript
    if (claims.recordingUrl !== undefined) record.recordingUrl = claims.recordingUrl
    if (claims.extracted !== undefined) record.extracted = claims.extracted
    if (claims.metrics !== undefined) record.metrics = claims.metrics
    if (claims.timing !== undefined) record.timing = claims.timing
    if (conclusions.native !== undefined) record.native = conclusions.native
  }
)
