/**
 * What may be compared at all. Of a metric's definitions, preferred first, the first is taken that all arms can meet;
 * each one before it is refused with its reason.
 */
import type { Registry } from "../provider/registry.ts"
import { definitionDigest } from "../experiment/definitions.ts"
import type { FixedDefinition } from "../experiment/Experiment.ts"
import type { Refusal } from "./Comparison.ts"
import { evidenceDiffers } from "../metrics/evidence.ts"
import type { Definition } from "../metrics/Metric.ts"
import { ANSWER, type ArmFacts, isAnswer, isYes, type Observations } from "./Observations.ts"
import { clusteredInterval, excludesZero, FEW_ANSWERS, GUARD_ALPHA } from "./guard/chance.ts"
import { neverThere } from "./guard/neverThere.ts"
import { codesOf, countAnswers, sumOf } from "./samples.ts"
import { normalCdf } from "./statistics/distributions.ts"
import { NOT_MEASURED } from "./statistics/rates.ts"

/** Share of verdicts contradicted by their own record above which verdicts are not trusted. */
export const CONTRADICTED_SHARE = 0.05

/**
 * Difference between arms in the share of records that do not tell, above which what they tell is not compared; of a rate,
 * half the smallest effect that matters: what is missing could make up the other half.
 */
export const MISSING_DIFFERENCE = 0.05
const missingAllowed = (kind: Definition<never>["kind"], smallestEffect: number | undefined): number =>
  kind === "rate" && smallestEffect !== undefined
    ? Math.min(MISSING_DIFFERENCE, smallestEffect / 2)
    : MISSING_DIFFERENCE

/** Share of records that do not tell above which the rest says little about all. */
export const MISSING_SHARE = 0.5

/** Difference between arms in the dials that an order is allowed on average, above which whole orders are not compared. */
const CHANCES_DIFFERENCE = 0.05

interface Situation {
  readonly registry: Registry
  /** Of arms that have data; an arm without any forbids nothing. */
  readonly facts: ReadonlyArray<ArmFacts>
  readonly observations: Observations
  /** Of the metric, as asked for; a share for rates. */
  readonly smallestEffect?: number | undefined
}

interface Choice<D> {
  readonly definition: D | undefined
  readonly refused: ReadonlyArray<Refusal>
}

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

/**
 * The definition that the experiment fixed at its start, or none: never another one, which some look at the data would
 * have chosen. `fixed` is absent where the arms had none in common.
 */
export const keepDefinition = <D extends Definition<never>>(
  definitions: ReadonlyArray<D>,
  fixed: FixedDefinition | undefined,
  situation: Situation
): Choice<D> => {
  const at = definitions.findIndex(({ id }) => id === fixed?.id)
  const definition = definitions[at]
  const refusal = ({ id, text }: D, why: Why): Refusal => ({ definition: id, text, ...why })
  const refused = definitions
    .slice(0, at < 0 ? undefined : at)
    .map((each) => refusal(each, refusalOf(each, situation) ?? { because: "not_fixed", sentence: NOT_FIXED }))
  if (fixed === undefined) return { definition: undefined, refused }
  const why =
    definition === undefined || definitionDigest(definition) !== fixed.digest
      ? ({ because: "not_fixed", sentence: changedText(definition, fixed) } as const)
      : refusalOf(definition, situation)
  if (why === undefined) return { definition, refused }
  const sentence = why.because === "not_fixed" ? why.sentence : `${why.sentence} ${KEPT}`
  const last = { definition: fixed.id, text: definition?.text ?? "", because: why.because, sentence }
  return { definition: undefined, refused: [...refused, last] }
}

const NOT_FIXED = "It is not the definition that the experiment fixed at its start."
const CHANGED =
  "This version of unicall has another definition than the one that the experiment fixed at its start: compare with the version that started it."

/** Why a definition is not the one that was fixed. */
const changedText = (definition: Definition<never> | undefined, { rule }: FixedDefinition): string => {
  const now = definition?.transcriptRule?.id
  return now === undefined || rule === undefined || now === rule
    ? CHANGED
    : `The experiment was started with the rule ${rule} over transcripts, and this version of unicall has ${now}: numbers of the two are not compared. Compare with the version that started it.`
}

const KEPT = "The experiment fixed this definition at its start, so no other takes its place."

type Why = Pick<Refusal, "because" | "sentence">

const refusalOf = (definition: Definition<never>, situation: Situation): Why | undefined => {
  const { registry, facts, observations } = situation
  const adapters = adaptersOf(facts, registry)
  const differs = evidenceDiffers(definition, adapters)
  if (differs !== undefined) return differs
  const counts = countAnswers(definition, observations).map((codes, arm) => ({
    arm,
    name: facts[arm]?.name ?? "",
    told: sumOf(codes, isAnswer),
    yes: sumOf(codes, isYes),
    missing: sumOf(codes, (code) => code === ANSWER.missing)
  }))
  return (
    (definition.countsRetries ? chancesDiffer(facts) : undefined) ??
    (definition.trustsVerdicts ? verdictsContradicted(facts) : undefined) ??
    neverThere(definition, observations, (verdict) => adapters.flatMap(({ evidence }) => evidence[verdict] ?? [])) ??
    missingDiffers(definition, counts, situation) ??
    (definition.kind === "rate" && definition.mayStillArrive === true ? neverArrived(counts) : undefined)
  )
}

const adaptersOf = (facts: ReadonlyArray<ArmFacts>, registry: Registry) =>
  [...new Set(facts.flatMap(({ providers }) => providers))].flatMap((id) => registry.get(id) ?? [])

/** Dials that an order of an arm could have, as far as any order of it shows. */
const chancesDiffer = (facts: ReadonlyArray<ArmFacts>): Why | undefined => {
  const most = facts.filter(({ mostAttempts }) => mostAttempts > 0)
  const fewest = most.toSorted((a, b) => a.mostAttempts - b.mostAttempts)
  const [least, greatest] = [fewest[0], fewest.at(-1)]
  if (least === undefined || greatest === undefined) return undefined
  if (least.mostAttempts === greatest.mostAttempts) return usualChancesDiffer(facts)
  return moreChances(greatest.name, `up to ${times(greatest.mostAttempts)}`, least.name, times(least.mostAttempts))
}

/** The most is soon the same: one order that may be dialled thrice does not make an arm of orders that may. */
const usualChancesDiffer = (facts: ReadonlyArray<ArmFacts>): Why | undefined => {
  const allowed = facts.flatMap(({ name, allowed }) => (allowed === undefined ? [] : [{ name, ...allowed }]))
  const [least] = allowed.toSorted((a, b) => a.mean - b.mean)
  const [greatest] = allowed.toSorted((a, b) => b.mean - a.mean)
  if (least === undefined || greatest === undefined) return undefined
  const difference = greatest.mean - least.mean
  const error = Math.sqrt(greatest.variance / greatest.orders + least.variance / least.orders)
  if (difference <= CHANCES_DIFFERENCE || isLikely(difference / error)) return undefined
  const usual = (mean: number): string => `${mean.toFixed(2)} times`
  return moreChances(greatest.name, `${usual(greatest.mean)} on average`, least.name, usual(least.mean))
}

const moreChances = (arm: string, often: string, other: string, seldom: string): Why => ({
  because: "more_chances",
  sentence: `Orders of ${arm} may be dialled ${often}, orders of ${other} ${seldom}: they have more chances. The first attempt can be compared.`
})

/** Whether chance alone may bring about a difference of so many standard errors; so strict that looking often does little harm. */
export const isLikely = (z: number): boolean => 2 * (1 - normalCdf(z)) > GUARD_ALPHA

const times = (count: number): string => (count === 1 ? "once" : count === 2 ? "twice" : `${count} times`)

const verdictsContradicted = (facts: ReadonlyArray<ArmFacts>): Why | undefined => {
  const worst = facts
    .filter(({ verdicts, contradicted }) => verdicts >= FEW_ANSWERS && contradicted / verdicts > CONTRADICTED_SHARE)
    .toSorted((a, b) => b.contradicted / b.verdicts - a.contradicted / a.verdicts)[0]
  if (worst === undefined) return undefined
  const share = Math.round((100 * worst.contradicted) / worst.verdicts)
  return {
    because: "contradicted",
    sentence: `In ${worst.name}, ${share} % of the verdicts on who answered are contradicted by their own record (${worst.contradicted} of ${worst.verdicts}): the verdicts are not to be relied on.`
  }
}

interface ArmAnswers {
  readonly arm: number
  readonly name: string
  readonly told: number
  readonly yes: number
  readonly missing: number
}

/**
 * What no record of an arm has was hardly late: an export leaves it out ("minimal"), or it is switched off. Too few records
 * say nothing.
 */
const neverArrived = (arms: ReadonlyArray<ArmAnswers>): Why | undefined => {
  const without = arms.filter(({ told, yes }) => told >= FEW_ANSWERS && yes === 0)
  if (without.length === 0) return undefined
  return {
    because: "not_told",
    sentence: `No record of ${without.map(({ name }) => name).join(" and ")} has it: it may be switched off, or left out of the export.`
  }
}

const missingDiffers = (
  definition: Definition<never>,
  all: ReadonlyArray<ArmAnswers>,
  { observations, smallestEffect }: Situation
): Why | undefined => {
  const arms = all.filter(({ told, missing }) => told + missing > 0).toSorted((a, b) => shareOf(b) - shareOf(a))
  const [most, least] = [arms[0], arms.at(-1)]
  if (most === undefined || least === undefined) return undefined
  const because = "missing_differs"
  const percent = (arm: ArmAnswers): string => `${Math.round(100 * shareOf(arm))} %`
  if (shareOf(most) > MISSING_SHARE) {
    const sentence = `In ${most.name}, ${percent(most)} of the records do not tell: the others say little about all.`
    return { because, sentence }
  }
  if (shareOf(most) - shareOf(least) <= missingAllowed(definition.kind, smallestEffect)) return undefined
  if (isByChance(definition, observations, most.arm, least.arm)) return undefined
  const sentence = `The records do not tell in ${percent(most)} of ${most.name} and ${percent(least)} of ${least.name}: what is left are not the same kinds of call.`
  return { because, sentence }
}

const shareOf = ({ told, missing }: ArmAnswers): number => missing / (told + missing)

/** Whether chance may make the difference of the two shares, at any look. */
const isByChance = (definition: Definition<never>, observations: Observations, a: number, b: number): boolean => {
  const codes = codesOf(definition, observations)
  if (codes === undefined) return true
  const isMissing = Uint8Array.from(codes, (code) => (code === ANSWER.missing ? 1 : isAnswer(code) ? 0 : NOT_MEASURED))
  const interval = clusteredInterval(observations, isMissing, a, b, GUARD_ALPHA)
  return interval === undefined || !excludesZero(interval)
}
