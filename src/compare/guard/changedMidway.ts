/** Whether the difference of an arm to the baseline is another later than before: an agent that was edited looks like this. */
import type { Check } from "../Comparison.ts"
import { dayText, points } from "../format.ts"
import type { Definition } from "../../metrics/Metric.ts"
import { isAnswer, isYes, type Observations } from "../Observations.ts"
import { filled, rowsWhere } from "../rows.ts"
import { sampleOf } from "../samples.ts"
import { type Side, squareAndAdd } from "../statistics/difference.ts"
import { estimateRates, NOT_MEASURED, newcombe, wilson } from "../statistics/rates.ts"
import { FEWEST_PERSONS } from "../estimate.ts"
import { type Counted, excludesZero, GUARD_ALPHA, multiplierOf, shareOf } from "./chance.ts"

/** The data is split at each quarter of it. */
const PARTS = 4

export interface ChangeContext {
  readonly baseline: number
  readonly smallestShare: number
  readonly timeZone: string
}

interface Split {
  readonly arm: number
  /** Rows of this time or later are late. */
  readonly from: number
}

export const changedMidway = (
  definition: Definition<never> | undefined,
  orders: Observations,
  { baseline, smallestShare, timeZone }: ChangeContext
): Check | undefined => {
  const codes = definition?.kind === "rate" ? orders.rate(definition.id) : undefined
  if (codes === undefined) return undefined
  const others = [...orders.arms.keys()].filter((arm) => arm !== baseline)
  const alpha = GUARD_ALPHA / (Math.max(1, others.length) * (PARTS - 1))
  const starts = startsOf(codes, orders)
  const counts = countParts(codes, orders, starts)
  const between = (arm: number, from: number, to: number): Counted =>
    (counts[arm] ?? []).slice(from, to).reduce((sum, each) => ({ yes: sum.yes + each.yes, n: sum.n + each.n }), NONE)
  const found = others.flatMap((arm) =>
    starts.flatMap((from, at) => {
      const cells = [
        [between(arm, 0, at + 1), between(arm, at + 1, PARTS)],
        [between(baseline, 0, at + 1), between(baseline, at + 1, PARTS)]
      ] as const
      const n = cells.flat().reduce((sum, cell) => sum + cell.n, 0)
      if (cells.flat().some((cell) => cell.n < FEWEST_PERSONS)) return []
      const z = multiplierOf(alpha, n)
      const [own, other] = cells.map(([early, late]) => sideOf(sideOfCount(late, z), sideOfCount(early, z)))
      if (own === undefined || other === undefined) return []
      const change = own.value - other.value
      // Rows of a person are alike: with that the interval is no narrower.
      if (Math.abs(change) < smallestShare || !excludesZero(squareAndAdd(own, other))) return []
      const differences = [0, 1].map((part) => shareOf(cells[0][part] ?? NONE) - shareOf(cells[1][part] ?? NONE))
      return isConfirmed(codes, orders, { arm, from }, baseline, alpha) ? [{ arm, from, change, differences }] : []
    })
  )
  const [most] = found.toSorted((a, b) => Math.abs(b.change) - Math.abs(a.change))
  if (most === undefined) return undefined
  const [name, reference] = [orders.arms[most.arm] ?? "", orders.arms[baseline] ?? ""]
  const [early = 0, late = 0] = most.differences
  const day = dayText(new Date(most.from).toISOString(), timeZone)
  const sentence = `The difference between ${name} and ${reference} changed on the way: before ${day} it was ${points(early)}, from then on ${points(late)}. An agent, its number or what is exported may have been changed at about that time; each figure is an average of before and after.`
  return { id: "changed_midway", outcome: "warning", sentence, figures: { early, late } }
}

const NONE: Counted = { yes: 0, n: 0 }

/** Times at which the later parts begin; who was never called stands behind all orders, whatever the time. */
const startsOf = (codes: Uint8Array, { at }: Observations): ReadonlyArray<number> => {
  const measured = rowsWhere(at.length, (row) => isMeasured(codes, at, row))
  const times = filled(new Float64Array(measured.length), measured, (row) => at[row] ?? 0).toSorted()
  return Array.from({ length: PARTS - 1 }, (_, part) => times[Math.ceil(((part + 1) * times.length) / PARTS)]).filter(
    (start) => start !== undefined
  )
}

const isMeasured = (codes: Uint8Array, at: Float64Array, row: number): boolean =>
  isAnswer(codes[row] ?? 0) && !Number.isNaN(at[row] ?? Number.NaN)

/** By arm and part of the time. */
const countParts = (
  codes: Uint8Array,
  { arm, arms, at }: Observations,
  starts: ReadonlyArray<number>
): ReadonlyArray<ReadonlyArray<Counted>> => {
  const counts = arms.map(() => Array.from({ length: PARTS }, () => ({ yes: 0, n: 0 })))
  for (let row = 0; row < codes.length; row++) {
    if (!isMeasured(codes, at, row)) continue
    const time = at[row] ?? 0
    const cell = counts[arm[row] ?? 0]?.[starts.findLastIndex((start) => time >= start) + 1]
    if (cell === undefined) continue
    cell.n += 1
    if (isYes(codes[row] ?? 0)) cell.yes += 1
  }
  return counts
}

const sideOfCount = (counted: Counted, z: number): Side => ({
  value: shareOf(counted),
  interval: wilson(shareOf(counted), counted.n, z)
})

const sideOf = (late: Side, early: Side): Side => ({ value: late.value - early.value, interval: newcombe(late, early) })

/** Early and late rows of the two arms. */
const CELLS = 4

/** The same with persons as they are: each cell as an arm. */
const isConfirmed = (
  codes: Uint8Array,
  orders: Observations,
  { arm, from }: Split,
  baseline: number,
  alpha: number
): boolean => {
  const { at, size } = orders
  const isLate = (row: number): number => Number((at[row] ?? 0) >= from)
  const cell = orders.arm.map((own, row) => (own === arm ? 0 : 2) + isLate(row))
  const yes = new Uint8Array(size).fill(NOT_MEASURED)
  for (let row = 0; row < codes.length; row++) {
    const isOfThese = orders.arm[row] === arm || orders.arm[row] === baseline
    if (isOfThese && isMeasured(codes, at, row)) yes[row] = Number(isYes(codes[row] ?? 0))
  }
  const sample = { ...sampleOf(orders), arm: cell, arms: CELLS, yes, stratum: new Uint16Array(size), strata: 1 }
  const { contrast } = estimateRates(sample)
  const [own, other] = [contrast(1, 0), contrast(3, 2)]
  if (own === undefined || other === undefined) return false
  const enough = [own.arm, own.baseline, other.arm, other.baseline].every(({ persons }) => persons >= FEWEST_PERSONS)
  const z = multiplierOf(alpha, own.persons + other.persons)
  const side = ({ effect, interval }: typeof own): Side => ({ value: effect, interval: interval(z) })
  return enough && excludesZero(squareAndAdd(side(own), side(other)))
}
