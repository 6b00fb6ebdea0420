/**
 * Who was assigned counts by the primary metric, whether anything came of it or not (intention to treat): an arm that
 * refuses to call somebody has not reached them.
 */
import { ANSWER, type LostFacts, type Observations } from "../Observations.ts"
import type { AssignedUnits } from "./assigned.ts"
import { LOSS_NUMBERS } from "./losses.ts"
import { OTHER_STRATA } from "./strata.ts"

/** A unit that was assigned and of which no order is in the data. */
interface LostUnit {
  /** Index of the arm. */
  readonly arm: number
  /** What it counts as. */
  readonly code: number
  /** When it was first asked for, in milliseconds since the epoch; NaN if not told. */
  readonly at: number
  /** Empty if not told. */
  readonly stratum: string
}

/** What a unit without an order counts as; of an accepted one, the record may only be absent from the data. */
const CODES = new Map<number, number>([
  [LOSS_NUMBERS.refused, ANSWER.no_assumed],
  [LOSS_NUMBERS.uncertain, ANSWER.no_assumed],
  [LOSS_NUMBERS.withoutRecord, ANSWER.missing]
])

/** `isOpen`: whether the window of who was first asked for at a time is; within it nobody counts, called or not. */
export const lostUnits = (
  { arm, loss, isTold, at, stratumOf }: AssignedUnits,
  isOpen: (time: number) => boolean
): ReadonlyArray<LostUnit> => {
  const found: Array<LostUnit> = []
  loss.forEach((kind, who) => {
    const code = isTold[who] === 1 ? CODES.get(kind) : undefined
    const time = at[who] ?? Number.NaN
    if (code === undefined) return
    found.push({ arm: arm[who] ?? 0, code: isOpen(time) ? ANSWER.open : code, at: time, stratum: stratumOf(who) })
  })
  return found
}

interface Counting {
  /** Definitions by which they count. */
  readonly rates: ReadonlyArray<string>
  readonly stratified: boolean
}

export const lostFacts = (
  lost: ReadonlyArray<LostUnit>,
  { rates, stratified, arms }: Counting & { readonly arms: number }
): LostFacts => ({
  units: Array.from({ length: arms }, (_, arm) => lost.filter((each) => each.arm === arm).length),
  areCounted: rates.length > 0,
  withoutStratum: stratified && rates.length > 0 ? lost.filter(({ stratum }) => stratum === "").length : 0
})

/** Orders, and after them a row for each unit that was lost, which is in the primary metric and outside of all others. */
export const withLost = (
  orders: Observations,
  lost: ReadonlyArray<LostUnit>,
  { rates, stratified }: Counting
): Observations => {
  const more = lost.length
  if (more === 0) return orders
  const { size, persons } = orders
  const strata = [...orders.strata]
  const places = new Map(strata.map((stratum, place) => [stratum, place]))
  const placeOf = (stratum: string): number => {
    if (!stratified || stratum === "") return 0
    const place = places.get(stratum) ?? places.get(OTHER_STRATA)
    if (place !== undefined) return place
    places.set(stratum, strata.length)
    return strata.push(stratum) - 1
  }
  const longer = <C extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(
    column: C,
    into: C,
    valueOf: (unit: LostUnit, place: number) => number
  ): C => {
    into.set(column)
    lost.forEach((unit, place) => (into[size + place] = valueOf(unit, place)))
    return into
  }
  const [known, values] = [new Map<string, Uint8Array>(), new Map<string, Float64Array>()]
  return {
    ...orders,
    arm: longer(orders.arm, new Uint8Array(size + more), ({ arm }) => arm),
    person: longer(orders.person, new Uint32Array(size + more), (_, place) => persons + place),
    stratum: longer(orders.stratum, new Uint16Array(size + more), ({ stratum }) => placeOf(stratum)),
    at: longer(orders.at, new Float64Array(size + more), ({ at }) => at),
    strata,
    size: size + more,
    persons: persons + more,
    rate: (id) => {
      const codes = known.get(id) ?? orders.rate(id)
      if (codes === undefined || known.has(id)) return codes
      const isMeant = rates.includes(id)
      const all = longer(codes, new Uint8Array(size + more), ({ code }) => (isMeant ? code : ANSWER.outside))
      known.set(id, all)
      return all
    },
    value: (id) => {
      const numbers = values.get(id) ?? orders.value(id)
      if (numbers === undefined || values.has(id)) return numbers
      const all = longer(numbers, new Float64Array(size + more), () => Number.NaN)
      values.set(id, all)
      return all
    }
  }
}
