/**
 * Merging facts about the same order or attempt. Each field is a claim with the key (grade, age, extent, canonical
 * JSON), and merging takes the greater key per field: a maximum on a chain, so merging is associative, commutative and
 * idempotent by construction.
 */
import { isTerminalOrder, STATUS_RANK, type AttemptStatus, type OrderStatus } from "./CallStatus.ts"
import { attemptFields } from "./CallAttempt.ts"
import { orderFields } from "./CallOrder.ts"
import type { Ages, AttemptClaims, AttemptFact, RawWords, OrderClaims, OrderFact, StatusClaim } from "./Fact.ts"
import { type Claim, claimsIn, type FieldTable } from "./fields.ts"
import type { Instant } from "./Instant.ts"
import type { Issue } from "./Issue.ts"
import { compareExtent, isSameValue } from "./extent.ts"
import { canonicalJson, isJsonObject, type JsonObject } from "./Json.ts"
import { compareText } from "./textOrder.ts"

type Recognizes = (field: string, word: string | boolean) => boolean

/** How much a claim says, whatever its age. */
const GRADE = { absent: -2, null: -1, unrecognized: 0, empty: 1, stated: 3 } as const

const gradeOf = (value: unknown): number => {
  if (value === undefined) return GRADE.absent
  if (value === null) return GRADE.null
  if (value === "" || (Array.isArray(value) && value.length === 0)) return GRADE.empty
  if (isJsonObject(value) && Object.keys(value).length === 0) return GRADE.empty
  return GRADE.stated
}

/** A table's own grade, as far as what is stated goes: of two that are, the newer one counts before the longer. */
const gradeOfClaim = (claim: Claim): ((value: unknown) => number) =>
  claim.grade === undefined
    ? gradeOf
    : (value) => (value === undefined ? GRADE.absent : Math.min(GRADE.stated, claim.grade?.(value) ?? GRADE.stated))

/** −1, 0 or 1; no age at all is older than any. */
const compareAge = (a: Instant | undefined, b: Instant | undefined): number =>
  a === b ? 0 : a === undefined ? -1 : b === undefined ? 1 : compareText(a, b)

const laterOf = (a: Instant | undefined, b: Instant | undefined): Instant | undefined => (compareAge(a, b) >= 0 ? a : b)

const compareJson = (a: unknown, b: unknown): number => compareText(canonicalJson(a), canonicalJson(b))

interface Side {
  readonly asOf?: Instant | undefined
  readonly ages?: Ages
}

const ageOf = (side: Side, field: string): Instant | undefined =>
  side.ages !== undefined && side.ages.has(field) ? side.ages.get(field) : side.asOf

/** Settles two facts field by field and remembers how old each winning claim is. */
const settlement = (a: Side, b: Side) => {
  const asOf = laterOf(a.asOf, b.asOf)
  const ages = new Map<string, Instant | undefined>()
  const keep = (field: string, age: Instant | undefined) => {
    if (age !== asOf) ages.set(field, age)
  }
  const choose = <A>(field: string, left: A, right: A, order: number): A => {
    const [ageLeft, ageRight] = [ageOf(a, field), ageOf(b, field)]
    keep(field, order > 0 ? ageLeft : order < 0 ? ageRight : laterOf(ageLeft, ageRight))
    return order >= 0 ? left : right
  }
  const claim = <A>(field: string, left: A, right: A, grade: (value: A) => number = gradeOf): A => {
    // What neither claims has no age. Most fields are not told by most facts.
    if (left === undefined && right === undefined) return left
    const given = left !== undefined && right !== undefined
    if (left === right || (given && isSameValue(left, right))) {
      keep(field, laterOf(ageOf(a, field), ageOf(b, field)))
      return sameText(left, right)
    }
    return choose(
      field,
      left,
      right,
      grade(left) - grade(right) ||
        compareAge(ageOf(a, field), ageOf(b, field)) ||
        compareExtent(left, right) ||
        compareJson(left, right)
    )
  }
  const status = <S extends OrderStatus | AttemptStatus>(left: StatusClaim<S>, right: StatusClaim<S>): StatusClaim<S> =>
    choose("status", left, right, compareStatus(left, right, ageOf(a, "status"), ageOf(b, "status")))
  return { asOf, ages, claim, status, choose }
}

/** Of two equal values whose keys stand in different order, always the same one. */
const sameText = <A>(left: A, right: A): A =>
  left === right || (JSON.stringify(left) ?? "") <= (JSON.stringify(right) ?? "") ? left : right

/** A known end, a call that is over in an unknown way, or neither: an unknown word never takes a known end away. */
const endedness = (claim: StatusClaim<OrderStatus | AttemptStatus>): number =>
  !claim.terminal ? 0 : claim.value === "unrecognized" ? 1 : 2

const compareStatus = <S extends OrderStatus | AttemptStatus>(
  left: StatusClaim<S>,
  right: StatusClaim<S>,
  ageLeft: Instant | undefined,
  ageRight: Instant | undefined
): number =>
  endedness(left) - endedness(right) ||
  Number(left.word !== undefined) - Number(right.word !== undefined) ||
  compareAge(ageLeft, ageRight) ||
  STATUS_RANK[left.value] - STATUS_RANK[right.value] ||
  compareText(left.word ?? "", right.word ?? "") ||
  compareText(left.because, right.because)

const NOTHING: JsonObject = {}

type Settlement = ReturnType<typeof settlement>

const mergeEvidence = (a: RawWords, b: RawWords, settle: Settlement, recognizes: Recognizes): RawWords => {
  const merged: Record<string, string | boolean | undefined> = {}
  for (const field of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const grade = (word: string | boolean | undefined): number => {
      const byForm = gradeOf(word)
      return word !== undefined && byForm === GRADE.stated && !recognizes(field, word) ? GRADE.unrecognized : byForm
    }
    merged[field] = settle.claim(`evidence.${field}`, a[field], b[field], grade)
  }
  return merged
}

const mergeNative = (a: JsonObject, b: JsonObject, settle: Settlement): JsonObject => {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].toSorted()
  const own = (record: JsonObject, key: string) => (Object.hasOwn(record, key) ? record[key] : undefined)
  return Object.fromEntries(keys.map((key) => [key, settle.claim(`native.${key}`, own(a, key), own(b, key))]))
}

const mergeIssues = (a: ReadonlyArray<Issue>, b: ReadonlyArray<Issue>): ReadonlyArray<Issue> => {
  if (a.length === 0 || b.length === 0) return a.length === 0 ? b : a
  return [...new Map([...a, ...b].map((issue) => [issueText(issue), issue])).values()]
}

const issueTexts = new WeakMap<Issue, string>()

/** An issue is met again with every fact that joins it. */
const issueText = (issue: Issue): string => {
  const known = issueTexts.get(issue)
  if (known !== undefined) return known
  const text = canonicalJson(issue)
  issueTexts.set(issue, text)
  return text
}

type Values = { readonly [claim: string]: unknown }

/** Takes the greater of each claim that a table has. */
const claimsMerger = <Claims extends OrderClaims | AttemptClaims>(table: FieldTable) => {
  const claims = claimsIn(table).map((claim) => ({ name: claim.name, grade: gradeOfClaim(claim) }))
  function merge(a: Claims, b: Claims, settle: Settlement): Claims
  function merge(a: Claims & Values, b: Claims & Values, settle: Settlement): Values {
    const merged: { [claim: string]: unknown } = { status: settle.status(a.status, b.status) }
    for (const { name, grade } of claims) merged[name] = settle.claim(name, a[name], b[name], grade)
    return merged
  }
  return merge
}

const mergeAttemptClaims = claimsMerger<AttemptClaims>(attemptFields)
const mergeOrderClaims = claimsMerger<OrderClaims>(orderFields)

/** Two facts about one attempt as one fact. */
export const mergeAttempts = (a: AttemptFact, b: AttemptFact, recognizes: Recognizes): AttemptFact => {
  const settle = settlement(a, b)
  return {
    kind: "attempt",
    provider: a.provider,
    id: a.id,
    claims: mergeAttemptClaims(a.claims, b.claims, settle),
    evidence: mergeEvidence(a.evidence, b.evidence, settle, recognizes),
    native:
      a.native === undefined && b.native === undefined
        ? undefined
        : mergeNative(a.native ?? NOTHING, b.native ?? NOTHING, settle),
    issues: mergeIssues(a.issues, b.issues),
    asOf: settle.asOf,
    ages: settle.ages
  }
}

const endsOf = (order: OrderFact): ReadonlyMap<OrderStatus, Instant | undefined> => {
  if (order.ends !== undefined) return order.ends
  const { value } = order.claims.status
  return isTerminalOrder(value) ? new Map([[value, order.asOf]]) : new Map()
}

const mergeEnds = (a: OrderFact, b: OrderFact): ReadonlyMap<OrderStatus, Instant | undefined> => {
  const ends = new Map(endsOf(a))
  for (const [status, asOf] of endsOf(b)) ends.set(status, ends.has(status) ? laterOf(ends.get(status), asOf) : asOf)
  return ends
}

/** Two facts about one order as one fact; its attempts are merged by id elsewhere, so only the facts' own lists join here. */
export const mergeOrders = (a: OrderFact, b: OrderFact, recognizes: Recognizes): OrderFact => {
  const settle = settlement(a, b)
  return {
    kind: "order",
    provider: a.provider,
    id: a.id,
    claims: mergeOrderClaims(a.claims, b.claims, settle),
    evidence: mergeEvidence(a.evidence, b.evidence, settle, recognizes),
    native: mergeNative(a.native, b.native, settle),
    issues: mergeIssues(a.issues, b.issues),
    attempts: [],
    ends: mergeEnds(a, b),
    asOf: settle.asOf,
    ages: settle.ages
  }
}

/** Two readings of one order, each whole with its attempts, as one. */
export const mergeReadings = (a: OrderFact, b: OrderFact, recognizes: Recognizes): OrderFact => {
  const attempts = new Map(a.attempts.map((attempt) => [attempt.id, attempt]))
  for (const attempt of b.attempts) {
    const known = attempts.get(attempt.id)
    attempts.set(attempt.id, known === undefined ? attempt : mergeAttempts(known, attempt, recognizes))
  }
  return { ...mergeOrders(a, b, recognizes), attempts: [...attempts.values()] }
}
