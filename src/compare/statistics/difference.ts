/** The interval of a difference, out of the intervals of its two sides. */
import type { Interval } from "../Comparison.ts"

export interface Side {
  readonly value: number
  readonly interval: Interval
}

/** The standard error of a difference, or how far its interval reaches to one side. */
export const spanOf = (a: number, b: number, correlation: number): number =>
  Math.sqrt(Math.max(0, a * a + b * b - 2 * correlation * a * b))

/**
 * Square-and-add: Newcombe's method 10 (1998) where the sides are rates with Wilson limits, with his correction for
 * correlation (1998, paired proportions); Zou and Donner (2008) carry it over to any two estimates. The interval leans as
 * its sides do.
 */
export const squareAndAdd = (a: Side, b: Side, correlation = 0): Interval => {
  const effect = a.value - b.value
  return {
    low: effect - spanOf(a.value - a.interval.low, b.interval.high - b.value, correlation),
    high: effect + spanOf(a.interval.high - a.value, b.value - b.interval.low, correlation)
  }
}

/** The same of estimates that may have no interval; then the difference has none. */
export const squareAndAddKnown = (
  [valueA, a]: readonly [number, Interval | undefined],
  [valueB, b]: readonly [number, Interval | undefined],
  correlation: number
): Interval | undefined =>
  a === undefined || b === undefined
    ? undefined
    : squareAndAdd({ value: valueA, interval: a }, { value: valueB, interval: b }, correlation)
