/**
 * What may be compared at all. Of a metric's definitions, strictest first, the first is taken that all arms can meet;
 * each one before it is refused with its reason.
 */
import { isSameProof, type Observable, proofOf } from "../provider/Evidence.ts"
import type { Registry } from "../provider/registry.ts"
import type { Refusal } from "./Comparison.ts"
import type { Definition } from "../metrics/Metric.ts"
import { ANSWER, type ArmFacts, isAnswer, isYes, type Observations } from "./Observations.ts"
import { countAnswers, sumOf } from "./samples.ts"
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

interface Situation {
  readonly registry: Registry
  /** Of arms that have data; an arm without any forbids nothing. */
  readonly facts: ReadonlyArray<ArmFacts>
  readonly observations: Observations
}

export const chooseDefinition = <D extends Definition<never>>(
  definitions: ReadonlyArray<D>,
  situation: Situation
): { readonly definition: D | undefined; readonly refused: ReadonlyArray<Refusal> } => {
  const refused: Array<Refusal> = []
  for (const definition of definitions) {
    const why = refusalOf(definition, situation)
    if (why === undefined) return { definition, refused }
    refused.push({ definition: definition.id, text: definition.text, ...why })
  }
  return { definition: undefined, refused }
}

type Why = Pick<Refusal, "because" | "sentence">

const refusalOf = (definition: Definition<never>, { registry, facts, observations }: Situation): Why | undefined => {
  const counts = countAnswers(definition, observations).map((codes, arm) => ({
    name: facts[arm]?.name ?? "",
    told: sumOf(codes, isAnswer),
    yes: sumOf(codes, isYes),
    missing: sumOf(codes, (code) => code === ANSWER.missing)
  }))
  return (
    evidenceDiffers(definition, registry, facts) ??
    (definition.countsRetries ? chancesDiffer(facts) : undefined) ??
    (definition.trustsVerdicts ? verdictsContradicted(facts) : undefined) ??
    missingDiffers(counts) ??
    (definition.kind === "rate" && definition.mayStillArrive === true ? neverThere(counts) : undefined)
  )
}

const OBSERVABLE_TITLES = {
  human: "that a person answered",
  voicemail: "that a mailbox answered",
  ivr: "that a telephone menu answered",
  call_screening: "that call screening answered",
  dialed_time: "when dialling began",
  answer_time: "when the call was answered",
  connected: "that the call was answered",
  end_time: "when the call ended",
  created_time: "when the order was created",
  updated_time: "when the record last changed",
  talk_time: "how long the call lasted",
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

const evidenceDiffers = (
  { needs }: Definition<never>,
  registry: Registry,
  facts: ReadonlyArray<ArmFacts>
): Why | undefined => {
  const adapters = [...new Set(facts.flatMap(({ providers }) => providers))].flatMap((id) => registry.get(id) ?? [])
  for (const need of needs) {
    const what = OBSERVABLE_TITLES[need]
    const proofs = adapters.map(({ title, evidence }) => ({ title, proof: proofOf(evidence, need) }))
    const silent = proofs.filter(({ proof }) => proof === undefined)
    if (silent.length > 0) {
      const names = silent.map(({ title }) => title).join(" and ")
      return { because: "not_told", sentence: `${names} ${silent.length > 1 ? "do" : "does"} not tell ${what}.` }
    }
    const [first, ...others] = proofs.flatMap(({ title, proof }) => (proof === undefined ? [] : [{ title, proof }]))
    const other = first === undefined ? undefined : others.find(({ proof }) => !isSameProof(proof, first.proof))
    if (first !== undefined && other !== undefined) {
      const one = `${first.title} ${tells[first.proof.certainty]} ${what} (${plain(first.proof.from)})`
      const another = `${other.title} ${tellsIt[other.proof.certainty]} (${plain(other.proof.from)})`
      return { because: "told_differently", sentence: `${one}; ${another}. These are not the same measure.` }
    }
  }
  return undefined
}

/** Marks of code are for Markdown; people read this at a terminal too. */
const plain = (clause: string): string => clause.replaceAll("`", "")

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

/** Whether chance alone may bring about a difference of so many standard errors. */
const isLikely = (z: number): boolean => 2 * (1 - normalCdf(z)) > CHANCE

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

interface ArmAnswers {
  readonly name: string
  readonly told: number
  readonly yes: number
  readonly missing: number
}

/**
 * What no record of an arm has was hardly late: an export leaves it out ("minimal"), or it is switched off. Too few records
 * say nothing.
 */
const neverThere = (arms: ReadonlyArray<ArmAnswers>): Why | undefined => {
  const without = arms.filter(({ told, yes }) => told >= FEW_VERDICTS && yes === 0)
  if (without.length === 0) return undefined
  return {
    because: "not_told",
    sentence: `No record of ${without.map(({ name }) => name).join(" and ")} has it: it may be switched off, or left out of the export.`
  }
}

const missingDiffers = (all: ReadonlyArray<ArmAnswers>): Why | undefined => {
  const arms = all.filter(({ told, missing }) => told + missing > 0).toSorted((a, b) => shareOf(b) - shareOf(a))
  const [most, least] = [arms[0], arms.at(-1)]
  if (most === undefined || least === undefined) return undefined
  const because = "missing_differs"
  const percent = (arm: ArmAnswers): string => `${Math.round(100 * shareOf(arm))} %`
  if (shareOf(most) > MISSING_SHARE) {
    const sentence = `In ${most.name}, ${percent(most)} of the records do not tell: the others say little about all.`
    return { because, sentence }
  }
  if (shareOf(most) - shareOf(least) <= MISSING_DIFFERENCE || isByChance(most, least)) return undefined
  const sentence = `The records do not tell in ${percent(most)} of ${most.name} and ${percent(least)} of ${least.name}: what is left are not the same kinds of call.`
  return { because, sentence }
}

const shareOf = ({ told, missing }: ArmAnswers): number => missing / (told + missing)

/** The two shares by the normal approximation of their difference. */
const isByChance = (a: ArmAnswers, b: ArmAnswers): boolean => {
  const [n, m] = [a.told + a.missing, b.told + b.missing]
  const pooled = (a.missing + b.missing) / (n + m)
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
  return error === 0 || isLikely((shareOf(a) - shareOf(b)) / error)
}
