/**
 * What may be compared at all. Of a metric's definitions, strictest first, the first is taken that all arms can meet;
 * each one before it is refused with its reason.
 */
import { isSameProof, type Observable, type Proof, proofOf } from "../provider/Evidence.ts"
import type { Registry } from "../provider/registry.ts"
import type { Refusal } from "./Comparison.ts"
import type { Definition } from "../metrics/Metric.ts"
import { type ArmFacts, isAnswer, isYes, type Observations, ANSWER, VALUE } from "./Observations.ts"
import { normalCdf } from "./statistics/distributions.ts"

/** Share of verdicts contradicted by their own record above which verdicts are not trusted; below so many they are too few to say. */
export const CONTRADICTED_SHARE = 0.05
export const FEW_VERDICTS = 20

/** Difference between arms in the share of records that do not tell, above which what they tell is not compared. */
export const MISSING_DIFFERENCE = 0.05

/** Chance below which a difference between arms in what records tell, or in dials allowed, is not put down to chance. */
const CHANCE = 0.01

/** Share of records that do not tell above which the rest says little about all. */
export const MISSING_SHARE = 0.5

/** Difference between arms in the dials that an order is allowed on average, above which whole orders are not compared. */
const CHANCES_DIFFERENCE = 0.05

export interface Choice<D extends Definition<never>> {
  readonly definition: D | undefined
  readonly refused: ReadonlyArray<Refusal>
}

interface Situation {
  readonly registry: Registry
  readonly facts: ReadonlyArray<ArmFacts>
  readonly observations: Observations
}

/** Arms that have data; an arm without any forbids nothing. */
export const chooseDefinition = <D extends Definition<never>>(
  definitions: ReadonlyArray<D>,
  situation: Situation
): Choice<D> => {
  const refused: Array<Refusal> = []
  for (const definition of definitions) {
    const why = refusalOf(definition, situation)
    if (why === undefined) return { definition, refused }
    refused.push({ definition: definition.id, text: definition.text, ...why })
  }
  return { definition: undefined, refused }
}

type Why = Pick<Refusal, "because" | "sentence">

const refusalOf = (definition: Definition<never>, situation: Situation): Why | undefined =>
  evidenceDiffers(definition, situation) ??
  (definition.countsRetries ? chancesDiffer(situation.facts) : undefined) ??
  (definition.trustsVerdicts ? verdictsContradicted(situation.facts) : undefined) ??
  missingDiffers(definition, situation) ??
  neverThere(definition, situation)

const OBSERVABLE_TITLES = {
  human: "that a person answered",
  voicemail: "that a mailbox answered",
  ivr: "that a telephone menu answered",
  call_screening: "that call screening answered",
  dialed_time: "when dialling began",
  answer_time: "when the call was answered",
  end_time: "when the call ended",
  created_time: "when the order was created",
  updated_time: "when the record last changed",
  talk_time: "how long the call lasted",
  connected: "that the call was answered",
  busy: "that the line was busy",
  no_answer: "that nobody answered",
  invalid_number: "that the number does not exist",
  unreachable: "that the number could not be reached",
  declined: "that the call was declined",
  congestion: "that the network was congested",
  not_permitted: "that the call was not permitted",
  precondition_failed: "that a precondition failed",
  timeout: "that dialling timed out",
  provider_error: "that the provider was at fault",
  transferred: "that the call was transferred",
  remote_hangup: "that the other side hung up",
  outcome: "what came of the order",
  transcript: "what was said",
  recording: "the recording"
} as const satisfies Record<Observable, string>

const tells = { stated: "states", detected: "detects", inferred: "lets us infer" } as const
const tellsIt = { stated: "states it", detected: "only detects it", inferred: "lets us infer it" } as const

const evidenceDiffers = ({ needs }: Definition<never>, { registry, facts }: Situation): Why | undefined => {
  const adapters = [...new Set(facts.flatMap(({ providers }) => providers))].flatMap((id) => registry.get(id) ?? [])
  for (const need of needs) {
    const what = OBSERVABLE_TITLES[need]
    const proofs = adapters.map(({ title, evidence }) => ({ title, proof: proofOf(evidence, need) }))
    const silent = proofs.filter(({ proof }) => proof === undefined)
    if (silent.length > 0) {
      const names = silent.map(({ title }) => title).join(" and ")
      return { because: "not_told", sentence: `${names} ${silent.length > 1 ? "do" : "does"} not tell ${what}.` }
    }
    const [first, ...others] = proofs
    const other = others.find(({ proof }) => !isSame(proof, first?.proof))
    if (first?.proof !== undefined && other?.proof !== undefined) {
      const one = `${first.title} ${tells[first.proof.certainty]} ${what} (${plain(first.proof.from)})`
      const another = `${other.title} ${tellsIt[other.proof.certainty]} (${plain(other.proof.from)})`
      return { because: "told_differently", sentence: `${one}; ${another}. These are not the same measure.` }
    }
  }
  return undefined
}

/** Marks of code are for Markdown; people read this at a terminal too. */
const plain = (clause: string): string => clause.replaceAll("`", "")

const isSame = (a: Proof | undefined, b: Proof | undefined): boolean =>
  a === undefined || b === undefined ? a === b : isSameProof(a, b)

/** Dials that an order of an arm could have, as far as any order of it shows. */
const chancesDiffer = (facts: ReadonlyArray<ArmFacts>): Why | undefined => {
  const most = facts.filter(({ mostAttempts }) => mostAttempts > 0)
  const fewest = most.toSorted((a, b) => a.mostAttempts - b.mostAttempts)
  const [least, greatest] = [fewest[0], fewest.at(-1)]
  if (least === undefined || greatest === undefined) return undefined
  if (least.mostAttempts === greatest.mostAttempts) return usualChancesDiffer(facts)
  return {
    because: "more_chances",
    sentence: `Orders of ${greatest.name} may be dialled up to ${times(greatest.mostAttempts)}, orders of ${least.name} ${times(least.mostAttempts)}: they have more chances. The first attempt can be compared.`
  }
}

/** The most is soon the same: one order that may be dialled thrice does not make an arm of orders that may. */
const usualChancesDiffer = (facts: ReadonlyArray<ArmFacts>): Why | undefined => {
  const told = facts.flatMap(({ name, allowed }) => (allowed === undefined ? [] : [{ name, ...allowed }]))
  const [least, greatest] = [told.toSorted((a, b) => a.mean - b.mean)[0], told.toSorted((a, b) => b.mean - a.mean)[0]]
  if (least === undefined || greatest === undefined) return undefined
  const difference = greatest.mean - least.mean
  const error = Math.sqrt(greatest.variance / greatest.orders + least.variance / least.orders)
  if (difference <= CHANCES_DIFFERENCE || 2 * (1 - normalCdf(difference / error)) > CHANCE) return undefined
  return {
    because: "more_chances",
    sentence: `Orders of ${greatest.name} may be dialled ${greatest.mean.toFixed(2)} times on average, orders of ${least.name} ${least.mean.toFixed(2)} times: they have more chances. The first attempt can be compared.`
  }
}

const times = (count: number): string => (count === 1 ? "once" : count === 2 ? "twice" : `${count} times`)

const verdictsContradicted = (facts: ReadonlyArray<ArmFacts>): Why | undefined => {
  const worst = facts
    .filter(({ verdicts, contradicted }) => verdicts >= FEW_VERDICTS && contradicted / verdicts > CONTRADICTED_SHARE)
    .toSorted((a, b) => b.contradicted / b.verdicts - a.contradicted / a.verdicts)[0]
  if (worst === undefined) return undefined
  const share = Math.round((100 * worst.contradicted) / worst.verdicts)
  return {
    because: "contradicted",
    sentence: `In ${worst.name}, ${share} % of the verdicts on who answered are contradicted by their own record (${worst.contradicted} of ${worst.verdicts}): the verdicts are not to be relied on.`
  }
}

/**
 * What no record of an arm has was hardly late: an export leaves it out ("minimal"), or it is switched off. Too few records
 * say nothing.
 */
const neverThere = (definition: Definition<never>, { observations, facts }: Situation): Why | undefined => {
  const codes = definition.mayStillArrive === true ? observations.rate(definition.id) : undefined
  if (codes === undefined) return undefined
  const without = facts.filter((_, arm) => {
    const own = codes.filter((code, row) => observations.arm[row] === arm && isAnswer(code))
    return own.length >= FEW_VERDICTS && !own.some(isYes)
  })
  if (without.length === 0) return undefined
  return {
    because: "not_told",
    sentence: `No record of ${without.map(({ name }) => name).join(" and ")} has it: it may be switched off, or left out of the export.`
  }
}

interface Told {
  readonly name: string
  readonly told: number
  readonly missing: number
}

const missingDiffers = (definition: Definition<never>, { observations, facts }: Situation): Why | undefined => {
  const arms = countTold(definition, observations)
    .map((counts, arm) => ({ name: facts[arm]?.name ?? "", ...counts }))
    .filter(({ told, missing }) => told + missing > 0)
    .toSorted((a, b) => shareOf(b) - shareOf(a))
  const [most, least] = [arms[0], arms.at(-1)]
  if (most === undefined || least === undefined) return undefined
  const percent = (arm: Told): string => `${Math.round(100 * shareOf(arm))} %`
  if (shareOf(most) > MISSING_SHARE) {
    return {
      because: "missing_differs",
      sentence: `In ${most.name}, ${percent(most)} of the records do not tell: the others say little about all.`
    }
  }
  if (arms.length < 2 || shareOf(most) - shareOf(least) <= MISSING_DIFFERENCE || isByChance(most, least))
    return undefined
  return {
    because: "missing_differs",
    sentence: `The records do not tell in ${percent(most)} of ${most.name} and ${percent(least)} of ${least.name}: what is left are not the same kinds of call.`
  }
}

const shareOf = ({ told, missing }: Told): number => missing / (told + missing)

/** The two shares by the normal approximation of their difference. */
const isByChance = (a: Told, b: Told): boolean => {
  const [n, m] = [a.told + a.missing, b.told + b.missing]
  const pooled = (a.missing + b.missing) / (n + m)
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
  return error === 0 || 2 * (1 - normalCdf((shareOf(a) - shareOf(b)) / error)) > CHANCE
}

/** Of a ratio, both what is divided and what it is divided by have to be told. */
const countTold = (
  definition: Definition<never>,
  { arm, arms, size, rate, value }: Observations
): ReadonlyArray<{ readonly told: number; readonly missing: number }> => {
  const told = new Float64Array(arms.length)
  const missing = new Float64Array(arms.length)
  const add = (counts: Float64Array, row: number): void => {
    const at = arm[row] ?? 0
    counts[at] = (counts[at] ?? 0) + 1
  }
  const { id, kind } = definition
  const codes = kind === "rate" ? rate(id) : undefined
  const values = kind === "rate" ? undefined : value(id)
  const per = definition.kind === "rate" || definition.per === undefined ? undefined : rate(definition.per)
  for (let row = 0; row < size; row++) {
    if (codes !== undefined) {
      const code = codes[row] ?? ANSWER.outside
      if (isAnswer(code)) add(told, row)
      else if (code === ANSWER.missing) add(missing, row)
    } else if (values !== undefined) {
      const each = values[row] ?? VALUE.outside
      if (each === VALUE.missing || (each >= 0 && per?.[row] === ANSWER.missing)) add(missing, row)
      else if (each >= 0) add(told, row)
    }
  }
  return arms.map((_, at) => ({ told: told[at] ?? 0, missing: missing[at] ?? 0 }))
}
