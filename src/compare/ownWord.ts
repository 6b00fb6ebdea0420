/**
 * How far what is concluded from transcripts agrees with the provider's own word, where there is one: in the same rows. Two
 * arms in which it agrees differently may differ for that reason alone.
 */
import { type Definition, type Metric, titleOf } from "../metrics/Metric.ts"
import type { Agreed, Agreement, AgreementOfArm } from "./Agreement.ts"
import type { Contrast } from "./Comparison.ts"
import { isLikely } from "./comparability.ts"
import { ARM_LEVEL, zOf } from "./estimate.ts"
import { counted, countText, percent } from "./format.ts"
import { FEW_ANSWERS } from "./guard/chance.ts"
import { ANSWER, isYes, type Observations } from "./Observations.ts"
import { wilson } from "./statistics/rates.ts"

/** Difference between arms in the share that agrees, above which the arms are not measured alike. */
const DIFFERENCE = 0.05

/** What a provider itself says, not what follows from something else. */
const OWN_WORDS: ReadonlySet<number> = new Set([
  ANSWER.yes_stated,
  ANSWER.yes_detected,
  ANSWER.no_stated,
  ANSWER.no_detected
])

/** Of each definition that rests on transcripts, its agreement with the metric's definition by the provider's own word. */
export const agreementsOf = (metric: Metric, observations: Observations): ReadonlyArray<Agreement> | undefined => {
  const definitions: ReadonlyArray<Definition<never>> = metric.definitions
  const own = definitions.find(({ claim }) => claim !== undefined)
  const ownCodes = observations.rate(own?.id ?? "")
  if (own?.claim === undefined || ownCodes === undefined) return undefined
  const { claim } = own
  const found = definitions.flatMap((definition): ReadonlyArray<Agreement> => {
    const { id, transcriptRule: rule } = definition
    const codes = observations.rate(id)
    if (codes === undefined || rule === undefined) return []
    const arms = observations.arms.map((_, arm) => ofArm(arm, ownCodes, codes, observations))
    if (arms.every(({ yes, no }) => yes.n + no.n + yes.unjudged + no.unjudged === 0)) return []
    return [{ definition: id, title: titleOf(metric, definition), rule, claim, arms }]
  })
  return found.length === 0 ? undefined : found
}

const ofArm = (index: number, own: Uint8Array, codes: Uint8Array, { arm, arms }: Observations): AgreementOfArm => {
  const counts = { yes: { n: 0, same: 0, unjudged: 0 }, no: { n: 0, same: 0, unjudged: 0 } }
  codes.forEach((concluded, row) => {
    const said = own[row] ?? 0
    if (arm[row] !== index || !OWN_WORDS.has(said)) return
    const count = isYes(said) ? counts.yes : counts.no
    if (concluded === ANSWER.missing) count.unjudged += 1
    // What is stated was not concluded: that nobody answered needs no rule.
    if (concluded !== ANSWER.yes_inferred && concluded !== ANSWER.no_inferred) return
    count.n += 1
    if (isYes(concluded) === isYes(said)) count.same += 1
  })
  return { arm: arms[index] ?? "", yes: withShare(counts.yes), no: withShare(counts.no) }
}

const withShare = (count: Pick<Agreed, "n" | "same" | "unjudged">): Agreed => {
  const { n, same } = count
  return n === 0 ? count : { ...count, share: same / n, interval: wilson(same / n, n, zOf(ARM_LEVEL)) }
}

const SIDES = [
  { side: "yes", counts: "counts" },
  { side: "no", counts: "does not count" }
] as const

type Side = (typeof SIDES)[number]

const countedText = ({ arm, ...sides }: AgreementOfArm, { side }: Side): string => {
  const { n, same, share = 0, unjudged } = sides[side]
  const more = unjudged === 0 ? "" : `, without a verdict on ${countText(unjudged)} more`
  return `${countText(same)} of ${counted(n, "call")} of ${arm} (${percent(share)}${more})`
}

const saysText = ({ claim }: Agreement, { side }: Side): string =>
  `of which the provider itself says that ${side === "yes" ? claim : "something else answered"}`

/** What a definition makes of the calls of which the provider itself says who answered, in a sentence for each kind of word. */
export const agreementSentences = (agreement: Agreement): ReadonlyArray<string> =>
  SIDES.flatMap((side) => {
    const told = agreement.arms.filter((each) => each[side.side].n > 0)
    if (told.length === 0) return []
    return [
      `“${agreement.title}” ${side.counts} ${told.map((each) => countedText(each, side)).join(" and ")} ${saysText(agreement, side)}.`
    ]
  })

/** Why a difference between two arms may come from the definition; absent where its agreement is alike, or can be seen in neither. */
export const unlikeAgreement = (
  agreement: Agreement | undefined,
  { arm, baseline }: Pick<Contrast, "arm" | "baseline">
): string | undefined => {
  if (agreement === undefined) return undefined
  const both = agreement.arms.filter((each) => each.arm === arm || each.arm === baseline)
  const sentences = SIDES.flatMap((side) => {
    const [first, second] = both.filter((each) => each[side.side].n >= FEW_ANSWERS)
    if (first === undefined) return []
    const head = `“${agreement.title}” ${side.counts} ${countedText(first, side)}`
    if (second === undefined) {
      const silent = first.arm === arm ? baseline : arm
      const same = side.side === "yes" ? "as many" : "as few"
      return [
        `${head} ${saysText(agreement, side)}; the records of ${silent} have too few such words to tell whether ${same} are counted there.`
      ]
    }
    return isAlike(first[side.side], second[side.side])
      ? []
      : [`${head} and ${countedText(second, side)} ${saysText(agreement, side)}.`]
  })
  return sentences.length === 0
    ? undefined
    : [...sentences, "A difference between the arms may come from that alone."].join(" ")
}

/** By the normal approximation of the difference of the two shares. */
const isAlike = (a: Agreed, b: Agreed): boolean => {
  const difference = a.same / a.n - b.same / b.n
  const pooled = (a.same + b.same) / (a.n + b.n)
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / a.n + 1 / b.n))
  return Math.abs(difference) <= DIFFERENCE || error === 0 || isLikely(Math.abs(difference) / error)
}
