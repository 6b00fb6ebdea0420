/** What an adapter declares that records tell, and the data of an arm does not hold: a definition that rests on it misleads. */
import type { Refusal } from "../Comparison.ts"
import type { Definition } from "../../metrics/Metric.ts"
import type { Observable, Proof } from "../../provider/Evidence.ts"
import { percent } from "../format.ts"
import { ANSWER, isAnswer, isTold, isYes, type Observations } from "../Observations.ts"
import { sampleOf } from "../samples.ts"
import { squareAndAdd } from "../statistics/difference.ts"
import { estimateRates, NOT_MEASURED } from "../statistics/rates.ts"
import { FEWEST_PERSONS } from "../estimate.ts"
import { chanceOfNone, type Counted, FEW_ANSWERS, GUARD_ALPHA, multiplierOf, personsOf, shareOf } from "./chance.ts"
import { WATCHED } from "./watchedDefinitions.ts"

type Why = Pick<Refusal, "because" | "sentence">

const LEFT_OUT = "it may be switched off, or left out of the export"

/** Verdicts on who answered: who it was, and what is said where there is none. */
const VERDICTS = {
  voicemail: ["a mailbox", "the detection of mailboxes may be switched off, and then mailboxes pass for persons"],
  human: ["a person", LEFT_OUT],
  ivr: ["a telephone menu", LEFT_OUT],
  call_screening: ["call screening", LEFT_OUT]
} as const satisfies { readonly [observable in Observable]?: readonly [who: string, otherwise: string] }

const isVerdict = (observable: Observable): observable is keyof typeof VERDICTS => Object.hasOwn(VERDICTS, observable)

/** `proofsOf`: how the arms' providers know a verdict. */
export const neverThere = (
  definition: Definition<never>,
  orders: Observations,
  proofsOf: (verdict: Observable) => ReadonlyArray<Proof>
): Why | undefined => {
  const { needs, trustsVerdicts, transcriptRule } = definition
  if (transcriptRule !== undefined) return conversationsDiffer(orders)
  if (!trustsVerdicts) return undefined
  for (const need of needs.filter(isVerdict)) {
    const [who, otherwise] = VERDICTS[need]
    const found = noneOf(orders, WATCHED[need])
    const sentence = (names: string, others: string): string =>
      `No first dial of ${names} has the verdict that ${who} answered${others}: ${otherwise}.`
    if (found !== undefined) {
      const others = `, and ${percent(found.share)} of the others have it`
      return { because: "never_there", sentence: sentence(found.names, others) }
    }
    // Where the verdict is all that is counted, a rate of nothing would be the detector's and not the calls'; where no detector
    // was set up, what it would have found counts as something else.
    const isOff = ({ certainty, setUpBy }: Proof): boolean =>
      setUpBy !== undefined || (needs.length === 1 && certainty === "detected")
    if (proofsOf(need).some(isOff) && isNowhere(orders, WATCHED[need]))
      return { because: "never_there", sentence: sentence("any arm", "") }
  }
  return undefined
}

const isNowhere = (orders: Observations, id: string): boolean => {
  const codes = orders.rate(id)
  if (codes === undefined) return false
  const { yes, n } = total(countYes(orders, codes))
  return yes === 0 && n >= FEW_ANSWERS
}

/** Arms without a yes where the others have so many that it is no chance. */
const noneOf = (orders: Observations, id: string): { readonly names: string; readonly share: number } | undefined => {
  const codes = orders.rate(id)
  if (codes === undefined) return undefined
  const counts = countYes(orders, codes)
  const others = total(counts.filter(({ yes }) => yes > 0))
  const without = counts.flatMap(({ yes, n }, arm) => {
    if (yes > 0 || n === 0 || others.yes === 0) return []
    const persons = personsOf(orders, arm, (row) => isTold(codes[row] ?? 0))
    return chanceOfNone(persons, others) < GUARD_ALPHA ? [orders.arms[arm] ?? ""] : []
  })
  return without.length === 0 ? undefined : { names: without.join(" and "), share: shareOf(others) }
}

const countYes = ({ arm, arms }: Observations, codes: Uint8Array): ReadonlyArray<Counted> => {
  const counts = arms.map(() => ({ yes: 0, n: 0 }))
  for (let row = 0; row < codes.length; row++) {
    const [code, own] = [codes[row] ?? ANSWER.outside, counts[arm[row] ?? 0]]
    if (own === undefined || !isTold(code)) continue
    own.n += 1
    if (isYes(code)) own.yes += 1
  }
  return counts
}

const total = (counts: ReadonlyArray<Counted>): Counted =>
  counts.reduce((sum, { yes, n }) => ({ yes: sum.yes + yes, n: sum.n + n }), { yes: 0, n: 0 })

/** Of calls that a provider itself says a person answered, an arm's conversations are far fewer if their share is below this part of another's. */
const FAR_FEWER = 0.5

const known = new WeakMap<Observations, { readonly why: Why | undefined }>()

/** The same for all definitions that count replies, and asked for each of them. */
const conversationsDiffer = (orders: Observations): Why | undefined => {
  const found = known.get(orders) ?? { why: fewConversations(orders) ?? noConversation(orders) }
  known.set(orders, found)
  return found.why
}

const noConversation = (orders: Observations): Why | undefined => {
  const found = noneOf(orders, WATCHED.conversation)
  if (found === undefined) return undefined
  const sentence = `No first dial of ${found.names} shows two replies to the agent, and ${percent(found.share)} of the others do: an agent that asks one question gets one reply, so a conversation is not the same in both.`
  return { because: "never_there", sentence }
}

const fewConversations = (orders: Observations): Why | undefined => {
  const [human, conversation] = [orders.rate(WATCHED.human), orders.rate(WATCHED.conversation)]
  if (human === undefined || conversation === undefined) return undefined
  const yes = human.map((code, row) => {
    const shown = conversation[row] ?? ANSWER.outside
    return isYes(code) && isAnswer(shown) ? Number(isYes(shown)) : NOT_MEASURED
  })
  const { size, persons } = orders
  const { arms } = estimateRates({ ...sampleOf(orders), yes, stratum: new Uint16Array(size), strata: 1 })
  const told = arms.flatMap((found, arm) =>
    found === undefined || found.persons < FEWEST_PERSONS ? [] : [{ ...found, name: orders.arms[arm] ?? "" }]
  )
  const [least, most] = [told.toSorted((a, b) => a.value - b.value)[0], told.toSorted((a, b) => b.value - a.value)[0]]
  if (least === undefined || most === undefined || least.value >= FAR_FEWER * most.value) return undefined
  const z = multiplierOf(GUARD_ALPHA, Math.min(persons, least.n + most.n))
  const part = most.interval(z)
  const { high } = squareAndAdd(
    { value: least.value, interval: least.interval(z) },
    { value: FAR_FEWER * most.value, interval: { low: FAR_FEWER * part.low, high: FAR_FEWER * part.high } }
  )
  if (high >= 0) return undefined
  const sentence = `Of first dials that by the provider's own word a person answered, ${percent(least.value)} of ${least.name} show two replies to the agent, and ${percent(most.value)} of ${most.name}: the agents do not talk alike (one question gets one reply), so a conversation is not the same in both.`
  return { because: "few_conversations", sentence }
}
