/** Whether an export holds all calls: what any real data has, and one arm has none of. */
import type { Check } from "../Comparison.ts"
import { counted, countText, percent } from "../format.ts"
import { ANSWER, type Collected, isTold, isYes } from "../Observations.ts"
import { chanceOfNone, GUARD_ALPHA, personsOf, shareOf } from "./chance.ts"
import { WATCHED } from "./watchedDefinitions.ts"

type Found = Check | undefined

/** So many persons who all answer are worth a word where no arm has anybody who does not. */
const MANY_ANSWERING = 100

export const unconnectedDials = ({ orders }: Collected): Found => {
  const codes = orders.rate(WATCHED.connected)
  if (codes === undefined) return undefined
  const counts = orders.arms.map((name) => ({ name, n: 0, yes: 0, persons: 0 }))
  for (let row = 0; row < codes.length; row++) {
    const [code, own] = [codes[row] ?? ANSWER.outside, counts[orders.arm[row] ?? 0]]
    if (own === undefined || !isTold(code)) continue
    own.n += 1
    if (!isYes(code)) own.yes += 1
  }
  const without = counts
    .map((each, arm) => ({ ...each, arm }))
    .filter(({ n, yes }) => n > 0 && yes === 0)
    .map((each) => ({ ...each, persons: personsOf(orders, each.arm, (row) => isTold(codes[row] ?? 0)) }))
  const others = counts.filter(({ yes }) => yes > 0)
  const figures = Object.fromEntries(counts.map(({ name, yes }) => [`${name}: not connected`, yes]))
  if (others.length === 0) {
    if (without.length < 2 || without.some(({ persons }) => persons < MANY_ANSWERING)) return undefined
    const sentence =
      "Every first dial of every arm was answered. Real calls are not: the exports seem to leave out what did not connect, and rates are those of answered calls."
    return { id: "unconnected_dials", outcome: "warning", sentence, figures }
  }
  const all = { yes: sumOf(others.map(({ yes }) => yes)), n: sumOf(others.map(({ n }) => n)) }
  const suspicious = without.filter(({ persons }) => chanceOfNone(persons, all) < GUARD_ALPHA)
  if (suspicious.length === 0) return undefined
  const arms = suspicious.map(({ name, n }) => `${name} (${counted(n, "order")})`).join(" and ")
  const sentence = `Every first dial of ${arms} was answered, and of the others ${percent(shareOf(all))} were not: an export without the calls that did not connect looks like this. No conclusion is drawn.`
  return { id: "unconnected_dials", outcome: "failed", sentence, figures }
}

/** With so many expected, that none runs is no chance however often somebody looks: exp(−14) is less than a millionth. */
const MANY_RUNNING = 14

/** `smallestShare`: less than half of it left out cannot make a difference that matters. */
export const runningCalls = (
  { facts, running, orders }: Collected,
  counts: ReadonlyArray<{ readonly orders: number }>,
  smallestShare: number
): Found => {
  if (running === undefined) return undefined
  const lacking = orders.arms
    .map((name, arm) => ({
      name,
      expected: running[arm] ?? 0,
      open: facts[arm]?.open ?? 0,
      orders: counts[arm]?.orders ?? 0
    }))
    .filter(
      ({ expected, open, orders: all }) =>
        open === 0 && expected >= MANY_RUNNING && expected >= (smallestShare / 2) * (all + expected)
    )
  if (lacking.length === 0) return undefined
  const each = lacking.map(({ name, expected }) => `${name}, where about ${countText(Math.round(expected))} would be`)
  const sentence = `No order was going on when the data ends in ${each.join(" and ")}, by how long orders take: the export seems to leave out what was not over. What is over quickly is not like the rest, so no conclusion is drawn. Export again once all are over.`
  const figures = Object.fromEntries(lacking.map(({ name, expected }) => [`${name}: expected`, expected]))
  return { id: "running_calls", outcome: "failed", sentence, figures }
}

const sumOf = (counts: ReadonlyArray<number>): number => counts.reduce((sum, count) => sum + count, 0)
