/** What the in-memory provider says of itself, and its orders as facts. All is in words of the domain: nothing is translated. */
import * as Schema from "effect/Schema"
import { Outcome } from "../domain/CallOrder.ts"
import { type AttemptStatus, isTerminalOrder, type OrderStatus } from "../domain/CallStatus.ts"
import { DisconnectReason } from "../domain/Disconnect.ts"
import type { AttemptFact, Interpretation, OrderFact, StatusClaim } from "../domain/Fact.ts"
import { FailureKind } from "../domain/Failure.ts"
import { evidenceText } from "../domain/flatText.ts"
import { AttemptId, OrderId, type ProviderId } from "../domain/Identifiers.ts"
import { type Instant, instantAt } from "../domain/Instant.ts"
import type { JsonObject } from "../domain/Json.ts"
import type { PlaceCall } from "../domain/PlaceCall.ts"
import { AnsweredByValue } from "../domain/Reach.ts"
import { present } from "../domain/present.ts"
import type { Adapter } from "../provider/Adapter.ts"
import type { Capabilities } from "../provider/Capabilities.ts"
import type { CapabilitySources } from "../provider/capabilitySources.ts"
import { type Observable, OBSERVABLES, type ProviderEvidence } from "../provider/Evidence.ts"
import type { PlacedOrder } from "../twin/orderBook.ts"
import type { AttemptState, OrderState } from "../twin/timeline.ts"

const MADE_SO = "undocumented: it is made so, in this package"

/** Everything that can be done over the port; nothing that would need a provider's own words or messages. */
export const MEMORY_CAPABILITIES: Capabilities = {
  retries: "yes",
  schedule: "yes",
  inlineAgent: "yes",
  metadata: "yes",
  variables: "yes",
  concurrency: "yes",
  callerNumber: "optional",
  cancel: "yes",
  batchRead: 100,
  list: "documented",
  listItems: "orders",
  listFilters: ["status", "created", "agent", "reference", "number"],
  referenceIn: "metadata",
  listTells: { reference: "yes", evidence: MADE_SO },
  webhook: "no",
  preCallWebhook: "no",
  listAgents: { holds: "all", evidence: MADE_SO },
  listNumbers: { holds: "all", evidence: MADE_SO },
  answeredBy: "stated",
  outcome: "yes",
  extraction: "yes",
  summary: "yes",
  transcript: "yes",
  recording: "yes",
  idempotency: "no",
  webCalls: "no"
}

/** No page speaks of what is made to try things with. */
export const MEMORY_SOURCES: CapabilitySources = {
  retries: MADE_SO,
  schedule: MADE_SO,
  inlineAgent: MADE_SO,
  metadata: MADE_SO,
  variables: MADE_SO,
  concurrency: MADE_SO,
  callerNumber: MADE_SO,
  cancel: MADE_SO,
  batchRead: MADE_SO,
  list: MADE_SO,
  listItems: MADE_SO,
  listFilters: MADE_SO,
  referenceIn: MADE_SO,
  webhook: MADE_SO,
  preCallWebhook: MADE_SO,
  webhookAddresses: MADE_SO,
  answeredBy: MADE_SO,
  outcome: MADE_SO,
  extraction: MADE_SO,
  summary: MADE_SO,
  transcript: MADE_SO,
  recording: MADE_SO,
  webCalls: MADE_SO
}

const isOutcome = Schema.is(Outcome)
const isAnsweredBy = Schema.is(AnsweredByValue)
const isFailure = Schema.is(FailureKind)
const isDisconnect = Schema.is(DisconnectReason)

const recognizers: { readonly [field: string]: (word: unknown) => boolean } = {
  outcome: isOutcome,
  answeredBy: isAnsweredBy,
  failure: isFailure,
  disconnect: isDisconnect
}

const interpretation: Interpretation = {
  terms: { dialedAt: "dialedAt", answeredAt: "answeredAt", endedAt: "endedAt", duration: "talkSeconds" },
  order: ({ evidence: { outcome, reference } }) => ({
    direction: "outbound",
    channel: "phone",
    outcome: isOutcome(outcome) ? outcome : undefined,
    reference: typeof reference === "string" ? reference : undefined
  }),
  attempt: ({ evidence: { answeredBy, failure, disconnect } }) => ({
    answeredBy:
      answeredBy === undefined
        ? undefined
        : {
            value: isAnsweredBy(answeredBy) ? answeredBy : "unrecognized",
            certainty: "stated",
            because: evidenceText("answeredBy", String(answeredBy))
          },
    failure: isFailure(failure) ? { kind: failure } : undefined,
    failureVerdict: isFailure(failure)
      ? { value: failure, certainty: "stated", because: evidenceText("failure", failure) }
      : undefined,
    disconnect:
      disconnect === undefined ? undefined : { reason: isDisconnect(disconnect) ? disconnect : "unrecognized" }
  }),
  recognizes: (field, word) => recognizers[field]?.(word) ?? true
}

/** No story has a verdict on the task or a cost. */
const UNTOLD: ReadonlySet<Observable> = new Set(["goal", "cost"])

/** Its records are made of its stories: it knows everything that is in these. */
const evidence: ProviderEvidence = Object.fromEntries(
  OBSERVABLES.filter((observable) => !UNTOLD.has(observable)).map((observable) => [
    observable,
    { certainty: "stated", basis: "story", from: "the story" } as const
  ])
)

export const memoryAdapter = (providerId: ProviderId, capabilities: Capabilities): Adapter => ({
  id: providerId,
  providerId,
  title: "In memory",
  capabilities,
  capabilitySources: MEMORY_SOURCES,
  evidence,
  shapes: [],
  interpretation,
  sources: { order: [], attempt: [], hint: [], locateAttempts: () => new Map() }
})

export type MemoryOrder = PlacedOrder<PlaceCall>

/** Words that no table knows, for the stories that try them. */
const UNKNOWN = { status: "wrapped_up", answeredBy: "robot_receptionist", disconnect: "handed_over" }

const orderStatusOf = ({ story }: MemoryOrder, state: OrderState): OrderStatus => {
  switch (state.phase) {
    case "scheduled":
    case "between_attempts":
      return "scheduled"
    case "queued":
      return "queued"
    case "dialing":
    case "talking":
      return "in_progress"
    case "over":
      if (state.canceled) return "canceled"
      return story.attempts.length === 0 ? "failed" : "completed"
  }
}

const attemptStatusOf = ({ phase, plan, hungUp, answeredAt }: AttemptState): AttemptStatus => {
  if (phase !== "over") return phase === "dialing" ? "dialing" : "in_progress"
  if (hungUp && answeredAt === undefined) return "canceled"
  return plan.failure === undefined ? "ended" : "failed"
}

const claimed = <S extends string>(value: S, terminal: boolean): StatusClaim<S> => ({
  value,
  word: value,
  terminal,
  because: evidenceText("status", value)
})

const at = (instant: number | undefined): Instant | undefined =>
  instant === undefined ? undefined : instantAt(instant)

const attemptFrom = (
  { id, to, story, provider }: MemoryOrder & { readonly provider: ProviderId },
  attempt: AttemptState,
  state: OrderState,
  { transcript, recording, extraction, answeredBy }: Capabilities
): AttemptFact => {
  const { plan, phase, answeredAt, hungUp, turns, recorded } = attempt
  const attemptId = AttemptId.make(`${id}-${attempt.index + 1}`)
  const over = phase === "over"
  const unknown = story.unknownWords === "details"
  const wasAnswered = over && answeredAt !== undefined
  return {
    kind: "attempt",
    provider,
    id: attemptId,
    asOf: at(state.changedAt),
    claims: {
      status: claimed(attemptStatusOf(attempt), over),
      orderId: OrderId.make(id),
      path: ["attempts", attempt.index],
      position: attempt.index,
      to,
      dialedAt: at(attempt.dialedAt),
      answeredAt: at(answeredAt),
      endedAt: at(attempt.endedAt),
      answered: answeredAt !== undefined ? true : over ? false : undefined,
      transcript: turns === undefined || transcript !== "yes" ? undefined : { turns },
      recordingUrl: recorded && recording === "yes" ? `https://recordings.example.invalid/${attemptId}.mp3` : undefined,
      extracted: state.evaluated && turns !== undefined && extraction === "yes" ? story.extracted : undefined
    },
    evidence: {
      answeredBy: wasAnswered && answeredBy !== "no" ? (unknown ? UNKNOWN.answeredBy : plan.answeredBy) : undefined,
      failure: over && !hungUp ? plan.failure : undefined,
      disconnect: wasAnswered && !hungUp ? (unknown ? UNKNOWN.disconnect : plan.end) : undefined
    },
    issues: []
  }
}

/** An order as it stands. */
export const memoryFact = (
  order: MemoryOrder,
  state: OrderState,
  { providerId, capabilities }: Pick<Adapter, "providerId" | "capabilities">
): OrderFact => {
  const { details, story } = order
  const id = OrderId.make(order.id)
  const value = orderStatusOf(order, state)
  const hides = story.unknownWords === "status" && state.phase === "over" && !state.canceled
  const status: StatusClaim<OrderStatus> = hides
    ? { value: "unrecognized", word: UNKNOWN.status, terminal: true, because: evidenceText("status", UNKNOWN.status) }
    : claimed(value, isTerminalOrder(value))
  const attempts = state.attempts.map((attempt) =>
    attemptFrom({ ...order, provider: providerId }, attempt, state, capabilities)
  )
  const claims: OrderFact["claims"] = {
    status,
    from: details.from,
    to: order.to,
    agentId: details.agent.id,
    createdAt: at(order.placedAt),
    scheduledAt: at(state.scheduledAt),
    nextAttemptAt: at(state.nextAttemptAt),
    updatedAt: at(state.changedAt),
    attemptsMade: attempts.length,
    attemptsAllowed: details.retry?.maxAttempts,
    summary: state.evaluated && capabilities.summary === "yes" ? story.summary : undefined,
    metadata: details.metadata,
    variables: details.variables
  }
  const evidence = {
    reference: order.reference,
    outcome: state.evaluated && capabilities.outcome === "yes" ? story.outcome : undefined
  }
  return {
    kind: "order",
    provider: providerId,
    id,
    asOf: claims.updatedAt,
    claims,
    evidence,
    attempts,
    native: present({ id, ...claims, ...evidence, status: status.word, attempts: attempts.map(nativeAttempt) }),
    issues: []
  }
}

const nativeAttempt = ({ id, claims, evidence }: AttemptFact): JsonObject => {
  const { path: _path, orderId: _orderId, position: _position, ...rest } = claims
  return present({ id, ...rest, ...evidence, status: claims.status.word })
}
