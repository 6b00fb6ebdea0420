/**
 * Whether two providers say the same about one call. What they may differ in follows from what they declare of their records:
 * `evidence`, `capabilities`, `sources`, `endings`. Pure; nothing of a person is in what it finds.
 */
import type { Attempt } from "../domain/CallAttempt.ts"
import type { CallOrder } from "../domain/CallOrder.ts"
import type { Observable } from "../provider/Evidence.ts"
import type { Registry } from "../provider/registry.ts"
import { attemptRules } from "./attemptRules.ts"
import { type DeclaredReason, type Finding, different, SAME, type Told, type Witness } from "./Finding.ts"
import { joinedOrders } from "./joinedOrders.ts"
import { orderRules } from "./orderRules.ts"

/** What a provider tells of a call: its order, or all orders that were placed to make it, one for each dial. */
export type Telling = CallOrder | ReadonlyArray<CallOrder>

/** What is compared, and what is known of it. */
export interface SameCallOptions {
  /**
   * `one`: both tell of the very same call. `two`: each made a call of its own in the same way, as to a test line of yours; its
   * moments, lengths and words are its own, and that there are any is compared.
   * @default "one"
   */
  readonly calls?: "one" | "two" | undefined
  /** What was set up of the things that are told only where they are, such as a detector of mailboxes: `["voicemail"]`. @default none */
  readonly setUp?: ReadonlyArray<Observable> | undefined
}

/** A field in which two records differ as a provider declares it. */
export interface DeclaredDifference {
  readonly field: string
  readonly because: DeclaredReason
}

/** A field in which they differ and must not; `a` and `b` are words of the call model, or say how: `earlier`, `not told`. */
export interface UndeclaredDifference {
  readonly field: string
  readonly a: string
  readonly b: string
}

/** What was compared, by the paths of fields: `status`, `attempts[0].reach`. No values of records. */
export interface SameCall {
  /** Fields in which both say the same. */
  readonly same: ReadonlyArray<string>
  /** Fields in which they differ, as expected. */
  readonly declared: ReadonlyArray<DeclaredDifference>
  /** Fields in which they differ and must not. */
  readonly differences: ReadonlyArray<UndeclaredDifference>
}

interface Found {
  readonly field: string
  readonly finding: Finding
}

/**
 * Holds what two providers tell of one call against each other, by what each declares.
 *
 * @throws RangeError if a side has no order, or orders of several providers
 */
export const compareTellings = (
  a: Telling,
  b: Telling,
  providers: { readonly a: Witness; readonly b: Witness },
  { calls = "one", setUp = [] }: SameCallOptions = {}
): SameCall => {
  const side = (telling: Telling, by: Witness): Told<CallOrder> => {
    const order = joinedOrders(ordersOf(telling))
    return { record: order, order, by: withSetUp(by, setUp), ofOneCall: calls === "one" }
  }
  const [one, other] = [side(a, providers.a), side(b, providers.b)]
  const ofAttempts = compareAttempts(one, other)
  const ofOrder = Object.entries(orderRules).flatMap(([field, rule]) =>
    rule === "by_attempts" ? [] : [{ field, finding: rule(one, other, field) }]
  )
  const byAttempts = Object.entries(BY_ATTEMPTS).map(([field, rule]) => ({
    field,
    finding: rule(one, other, ofAttempts)
  }))
  return concluded([...ofOrder, ...byAttempts, ...ofAttempts])
}

/** `compareTellings` by the declarations of one registry, in which the records' own provider is looked up. */
export const makeCompareTellings =
  (registry: Pick<Registry, "get">) =>
  (a: Telling, b: Telling, options: SameCallOptions = {}): SameCall => {
    const witnessOf = (telling: Telling): Witness => {
      const [{ provider } = { provider: "" }] = ordersOf(telling)
      const witness = registry.get(provider)
      if (witness === undefined) throw new RangeError("expected orders of a known provider")
      return witness
    }
    return compareTellings(a, b, { a: witnessOf(a), b: witnessOf(b) }, options)
  }

const ordersOf = (telling: Telling): ReadonlyArray<CallOrder> => ("kind" in telling ? [telling] : telling)

/** What was set up is told like what needs no setting up. */
const withSetUp = (by: Witness, setUp: ReadonlyArray<Observable>): Witness => {
  const proofs = setUp.flatMap((observable) => {
    const proof = by.evidence[observable]
    return proof === undefined ? [] : [[observable, { ...proof, setUpBy: undefined }] as const]
  })
  return proofs.length === 0 ? by : { ...by, evidence: { ...by.evidence, ...Object.fromEntries(proofs) } }
}

const concluded = (found: ReadonlyArray<Found>): SameCall => {
  const same: Array<string> = []
  const declared: Array<DeclaredDifference> = []
  const differences: Array<UndeclaredDifference> = []
  for (const { field, finding } of found) {
    if (finding.is === "same") same.push(field)
    if (finding.is === "declared") declared.push({ field, because: finding.because })
    if (finding.is === "different") differences.push({ field, a: finding.a, b: finding.b })
  }
  return { same, declared, differences }
}

// Attempts

/** Of a provider with one dial for each order, the order is its attempt, though nothing was dialled yet. */
const undialed = ({ record: { attempts }, by }: Told<CallOrder>, other: Told<CallOrder>): DeclaredReason | undefined =>
  by.capabilities.retries === "no" && attempts.length === 1 && other.record.attempts.length === 0
    ? {
        provider: by.id,
        declaration: "capabilities.retries",
        text: `At ${by.title} an order is its one attempt, whether it was dialled or not.`
      }
    : undefined

const compareAttempts = (a: Told<CallOrder>, b: Told<CallOrder>): ReadonlyArray<Found> => {
  const others = b.record.attempts
  return a.record.attempts.flatMap((attempt, index) => {
    const other = others[index]
    if (other === undefined) return []
    const [one, another]: readonly [Told<Attempt>, Told<Attempt>] = [
      { ...a, record: attempt },
      { ...b, record: other }
    ]
    return Object.entries(attemptRules).map(([field, rule]) => ({
      field: `attempts[${index}].${field}`,
      finding: rule(one, another, field)
    }))
  })
}

const countOf = ({ record }: Told<CallOrder>): string => String(record.attempts.length)

const attemptsOf = (a: Told<CallOrder>, b: Told<CallOrder>): Finding => {
  if (a.record.attempts.length === b.record.attempts.length) return SAME
  const because = undialed(a, b) ?? undialed(b, a)
  return because === undefined ? different(countOf(a), countOf(b)) : { is: "declared", because }
}

/** The best of the attempts: expected to differ if theirs are. */
const reachOf = (a: Told<CallOrder>, b: Told<CallOrder>, ofAttempts: ReadonlyArray<Found>): Finding => {
  const [one, other] = [a.record.reach.value, b.record.reach.value]
  if (one === other) return SAME
  const declared = ofAttempts.find(({ field, finding }) => field.endsWith(".reach") && finding.is === "declared")
  return declared?.finding ?? different(one, other)
}

type FieldsByAttempts = {
  [field in keyof typeof orderRules]: (typeof orderRules)[field] extends "by_attempts" ? field : never
}[keyof typeof orderRules]

const BY_ATTEMPTS: {
  readonly [field in FieldsByAttempts]: (
    a: Told<CallOrder>,
    b: Told<CallOrder>,
    ofAttempts: ReadonlyArray<Found>
  ) => Finding
} = { attempts: attemptsOf, reach: reachOf }
