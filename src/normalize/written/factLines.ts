/**
 * Facts as JSON, one a line, for folding again: what `fold` has joined so far, and nothing derived from it. A line says
 * its version; a later unicall reads what an earlier one wrote, not the other way round.
 */
import type { CallAttempt } from "../../domain/CallAttempt.ts"
import type { CallOrder } from "../../domain/CallOrder.ts"
import type { OrderStatus } from "../../domain/CallStatus.ts"
import type { AttemptClaims, AttemptFact, RawWords, OrderClaims, OrderFact } from "../../domain/Fact.ts"
import type { AttemptId, OrderId, ProviderId } from "../../domain/Identifiers.ts"
import type { Instant } from "../../domain/Instant.ts"
import type { Issue } from "../../domain/Issue.ts"
import type { JsonObject } from "../../domain/Json.ts"
import type { Adapter } from "../../provider/Adapter.ts"

/** Raised whenever an earlier unicall would misread a line. */
export const FACTS_VERSION = 1

/** Ages and ends as pairs: keyed by field names they would look like secrets to redaction. */
type Moments<K> = ReadonlyArray<readonly [key: K, moment: Instant | null]>

/** What facts of orders and of attempts have in common on a line. */
interface FactFields {
  readonly asOf?: Instant
  /** Fields whose claim is of another age than `asOf`; null is no age. */
  readonly ages?: Moments<string>
  readonly evidence: { readonly [field: string]: string | boolean }
  readonly issues?: ReadonlyArray<Issue>
}

export interface AttemptFactFields extends FactFields {
  readonly id: AttemptId
  readonly claims: Partial<AttemptClaims> & Pick<AttemptClaims, "status">
  readonly native?: JsonObject
}

interface Versioned {
  readonly version: number
  readonly provider: ProviderId
}

/** All that payloads told of one order, with the attempts they listed. */
export interface OrderFactLine extends Versioned, FactFields {
  readonly kind: "order_fact"
  readonly id: OrderId
  readonly claims: OrderClaims
  readonly ends?: Moments<OrderStatus>
  readonly attempts: ReadonlyArray<AttemptFactFields>
  readonly native: JsonObject
}

/** All that payloads told of an attempt that no order has listed. */
export interface AttemptFactLine extends Versioned, AttemptFactFields {
  readonly kind: "attempt_fact"
}

/** A record whose payloads are gone: it has no claims, and is kept as it came. */
export interface RecordViewLine extends Versioned {
  readonly kind: "record_view"
  readonly record: CallOrder | CallAttempt
}

/** A line of facts. */
export type FactLine = OrderFactLine | AttemptFactLine | RecordViewLine

export const FACT_LINE_KINDS = ["order_fact", "attempt_fact", "record_view"] as const satisfies ReadonlyArray<
  FactLine["kind"]
>

const factKinds: ReadonlySet<unknown> = new Set(FACT_LINE_KINDS)

export const isFactsKind = (kind: unknown): boolean => factKinds.has(kind)

// Writing

const pairs = <K>(moments: ReadonlyMap<K, Instant | undefined>): Moments<K> =>
  [...moments].map(([key, moment]) => [key, moment ?? null] as const)

const evidenceOf = (evidence: RawWords): FactFields["evidence"] =>
  Object.fromEntries(Object.entries(evidence).flatMap(([field, word]) => (word === undefined ? [] : [[field, word]])))

const commonOf = ({ asOf, ages, evidence, issues }: OrderFact | AttemptFact): FactFields => ({
  ...(asOf === undefined ? {} : { asOf }),
  ...(ages === undefined || ages.size === 0 ? {} : { ages: pairs(ages) }),
  evidence: evidenceOf(evidence),
  ...(issues.length === 0 ? {} : { issues })
})

const attemptFields = (fact: AttemptFact): AttemptFactFields => ({
  id: fact.id,
  ...commonOf(fact),
  claims: fact.claims,
  ...(fact.native === undefined ? {} : { native: fact.native })
})

/** An order with its attempts as a line. */
export const orderFactLine = (fact: OrderFact): OrderFactLine => ({
  kind: "order_fact",
  version: FACTS_VERSION,
  provider: fact.provider,
  id: fact.id,
  ...commonOf(fact),
  ...(fact.ends === undefined ? {} : { ends: pairs(fact.ends) }),
  claims: fact.claims,
  attempts: fact.attempts.map(attemptFields),
  native: fact.native
})

export const attemptFactLine = (fact: AttemptFact): AttemptFactLine => ({
  kind: "attempt_fact",
  version: FACTS_VERSION,
  provider: fact.provider,
  ...attemptFields(fact)
})

export const recordViewLine = (record: CallOrder | CallAttempt): RecordViewLine => ({
  kind: "record_view",
  version: FACTS_VERSION,
  provider: record.provider,
  record
})

// Reading

const momentsOf = <K>(moments: Moments<K>): ReadonlyMap<K, Instant | undefined> =>
  new Map(moments.map(([key, moment]) => [key, moment ?? undefined]))

const NO_ISSUES: ReadonlyArray<Issue> = []
const NO_PATH: AttemptClaims["path"] = []

const attemptFactFrom = (fields: AttemptFactFields, { providerId }: Adapter): AttemptFact => ({
  kind: "attempt",
  provider: providerId,
  id: fields.id,
  asOf: fields.asOf,
  claims: { ...fields.claims, path: fields.claims.path ?? NO_PATH },
  evidence: fields.evidence,
  native: fields.native,
  issues: fields.issues ?? NO_ISSUES,
  ...(fields.ages === undefined ? {} : { ages: momentsOf(fields.ages) })
})

/** The fact that a line holds; its provider's adapter reads it. */
export const factFrom = (line: OrderFactLine | AttemptFactLine, adapter: Adapter): OrderFact | AttemptFact =>
  line.kind === "attempt_fact"
    ? attemptFactFrom(line, adapter)
    : {
        kind: "order",
        provider: adapter.providerId,
        id: line.id,
        asOf: line.asOf,
        claims: line.claims,
        evidence: line.evidence,
        attempts: line.attempts.map((fields) => attemptFactFrom(fields, adapter)),
        native: line.native,
        issues: line.issues ?? NO_ISSUES,
        ...(line.ages === undefined ? {} : { ages: momentsOf(line.ages) }),
        ...(line.ends === undefined ? {} : { ends: momentsOf(line.ends) })
      }
