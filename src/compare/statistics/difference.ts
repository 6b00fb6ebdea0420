/** The interval of a difference, out of the intervals of its two sides. */
import type { Interval } from "../Comparison.ts"

export interface Side {
  readonly value: number
  readonly interval: Interval
}

/**
 * Square-and-add: Newcombe's method 10 (1998) where the sides are rates with Wilson limits, with his correction for
 * correlation (1998, paired proportions); Zou and Donner (2008) carry it over to any two estimates. The interval leans as
 * its sides do.
 */
export const squareAndAdd = (a: Side, b: Side, correlation = 0): Interval => {
  const effect = a.value - b.value
  const reach = (p: number, q: number) => Math.sqrt(Math.max(0, p * p + q * q - 2 * correlation * p * q))
  return {
    low: effect - reach(a.value - a.interval.low, b.interval.high - b.value),
    high: effect + reach(a.interval.high - a.value, b.value - b.interval.low)
  }
}
