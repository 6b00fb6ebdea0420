/**
 * Records and facts without what no definition looks at: the provider's record, texts of what was said, extracted data,
 * customers' maps. What may have to wait until all data has been read is kept in this form.
 */
import type { Attempt } from "../../domain/CallAttempt.ts"
import type { CallOrder } from "../../domain/CallOrder.ts"
import type { AttemptFact, OrderFact } from "../../domain/Fact.ts"
import type { JsonObject } from "../../domain/Json.ts"
import { type Role, type Transcript, type Turn } from "../../domain/Transcript.ts"

type Mutable<A> = { -readonly [K in keyof A]: A[K] }

const NOTHING: JsonObject = {}

/** `maps`: short values of `metadata` and `variables` are kept, for an experiment to read its assignment from. */
export const leanOrder = (order: CallOrder, maps: boolean): CallOrder => {
  // Emptied and not removed: objects whose fields are removed one by one are slow and large.
  const lean: Mutable<CallOrder> = { ...order, attempts: order.attempts.map(leanAttempt) }
  if (lean.native !== undefined) lean.native = NOTHING
  if (lean.issues !== undefined) lean.issues = []
  if (lean.conflicts !== undefined) lean.conflicts = []
  if (lean.summary !== undefined) lean.summary = ""
  if (lean.outcomeReason !== undefined) lean.outcomeReason = ""
  if (lean.metadata !== undefined) lean.metadata = maps ? scalarsOf(lean.metadata) : NOTHING
  if (lean.variables !== undefined) lean.variables = maps ? scalarsOf(lean.variables) : NOTHING
  return lean
}

export const leanAttempt = (attempt: Attempt): Attempt => {
  const lean: Mutable<Attempt> = { ...attempt }
  if (lean.native !== undefined) lean.native = NOTHING
  if (lean.extracted !== undefined) lean.extracted = NOTHING
  if (lean.metrics !== undefined) lean.metrics = NOTHING
  if (lean.transcript !== undefined) lean.transcript = withoutWords(lean.transcript)
  if (lean.recordingUrl !== undefined) lean.recordingUrl = withoutText(lean.recordingUrl)
  return lean
}

export const leanOrderFact = (fact: OrderFact, maps: boolean): OrderFact => {
  const { claims } = fact
  const mapOf = (map: JsonObject | undefined) => (map !== undefined && maps ? scalarsOf(map) : undefined)
  return {
    ...fact,
    native: NOTHING,
    issues: [],
    attempts: fact.attempts.map(leanAttemptFact),
    claims: {
      ...claims,
      summary: undefined,
      outcomeReason: undefined,
      organizationId: undefined,
      metadata: mapOf(claims.metadata),
      variables: mapOf(claims.variables)
    }
  }
}

export const leanAttemptFact = (fact: AttemptFact): AttemptFact => {
  const { claims } = fact
  const { transcript, recordingUrl } = claims
  return {
    ...fact,
    native: undefined,
    issues: [],
    claims: {
      ...claims,
      transcript: transcript === undefined ? undefined : withoutWords(transcript),
      recordingUrl: recordingUrl === undefined ? undefined : withoutText(recordingUrl),
      extracted: undefined,
      metrics: undefined
    }
  }
}

/** An order's answers rest on these and nothing else; equal text, equal answers. For telling two records apart, not for reading. */
export const orderText = (order: CallOrder): string =>
  JSON.stringify([
    [order.status, order.providerStatus, order.terminal, order.direction, order.channel, order.from, order.to],
    [order.agent?.id, order.agent?.name, order.campaign?.id, order.campaign?.name, order.reference, order.outcome],
    [order.createdAt, order.scheduledAt, order.nextAttemptAt, order.updatedAt],
    [order.attemptsMade, order.attemptsAllowed, order.enriched.transcript, order.enriched.recording],
    [order.enriched.outcome, order.reach.value, order.reach.certainty, order.reach.contradicted],
    order.attempts.map(attemptText)
  ])

export const attemptText = (attempt: Attempt): string =>
  JSON.stringify([
    [attempt.id, attempt.orderId, attempt.status, attempt.to],
    [attempt.dialedAt, attempt.answeredAt, attempt.endedAt, attempt.answered],
    [attempt.ringSeconds, attempt.talkSeconds, attempt.talkSource, attempt.recordingUrl],
    [attempt.answeredBy?.value, attempt.answeredBy?.certainty, attempt.handledBy],
    [attempt.failure?.kind, attempt.failure?.sipCode, attempt.disconnect?.by, attempt.disconnect?.reason],
    [attempt.reach.value, attempt.reach.certainty, attempt.reach.because, attempt.reach.contradicted],
    transcriptText(attempt.transcript)
  ])

const transcriptText = (transcript: Transcript | undefined): unknown =>
  transcript === undefined
    ? null
    : "turns" in transcript
      ? transcript.turns.map(({ role, text }) => [role, withoutText(text)])
      : withoutText(transcript.text)

const SOMETHING = "…"

/** Whether there is any text, as text. */
const withoutText = (text: string): string => (text.trim() === "" ? "" : SOMETHING)

const turnsOf = (text: string): { readonly [role in Role]: Turn } => ({
  agent: { role: "agent", text },
  remote: { role: "remote", text },
  tool: { role: "tool", text },
  system: { role: "system", text },
  unrecognized: { role: "unrecognized", text }
})

/** Shared by all transcripts. */
const SPOKEN = turnsOf(SOMETHING)
const SILENT = turnsOf("")

/** Who spoke after whom, and whether words were said: all that answers rest on. */
const withoutWords = (transcript: Transcript): Transcript =>
  "turns" in transcript
    ? { turns: transcript.turns.map(({ role, text }) => (text.trim() === "" ? SILENT : SPOKEN)[role]) }
    : { text: withoutText(transcript.text) }

const LONGEST_SCALAR = 200

const scalarsOf = (map: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(map).filter(
      ([, value]) => typeof value === "number" || (typeof value === "string" && value.length <= LONGEST_SCALAR)
    )
  )
