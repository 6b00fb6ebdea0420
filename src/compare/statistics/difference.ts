/** Two estimates against each other: the difference and its interval, out of the intervals of its two sides. */
import type { Interval } from "../Comparison.ts"
import { overlapOf, type PersonSums } from "./persons.ts"

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

/** What is measured in an arm. */
export interface Estimate {
  readonly n: number
  /** Distinct persons among the measured. */
  readonly persons: number
  /** Yes-answers, of a rate. */
  readonly count?: number
  /** A rate, a median, or a ratio of sums. */
  readonly value: number
  /** Reaching `z` standard errors; `undefined` while there is too little for one. */
  readonly interval: (z: number) => Interval | undefined
}

/** An estimate with what each person adds to it. */
export interface Linearised<E extends Estimate = Estimate> {
  readonly estimate: E
  readonly sums: PersonSums
}

/** One arm against the baseline. */
export interface Difference<E extends Estimate = Estimate> {
  readonly arm: E
  readonly baseline: E
  /** Value of the arm minus value of the baseline. */
  readonly effect: number
  /** Of the two values, by persons who are in both arms. */
  readonly correlation: number
  /** Rows of both arms that count. */
  readonly n: number
  /** Distinct persons in either arm. */
  readonly persons: number
  /** Persons in both arms. */
  readonly sharedPersons: number
  /** Square-and-add of the two intervals, for any multiplier; `undefined` while one of them is. */
  readonly interval: (multiplier: number) => Interval | undefined
}

export const differenceOf = <E extends Estimate>(a: Linearised<E>, b: Linearised<E>): Difference<E> => {
  const { persons, sharedPersons, correlation } = overlapOf(a.sums, b.sums)
  const [arm, baseline] = [a.estimate, b.estimate]
  return {
    arm,
    baseline,
    effect: arm.value - baseline.value,
    correlation,
    n: arm.n + baseline.n,
    persons,
    sharedPersons,
    interval: (multiplier) => {
      const [own, other] = [arm.interval(multiplier), baseline.interval(multiplier)]
      return own === undefined || other === undefined
        ? undefined
        : squareAndAdd({ value: arm.value, interval: own }, { value: baseline.value, interval: other }, correlation)
    }
  }
}

/** What a sample comes to. */
export interface Estimates<E extends Estimate = Estimate, D extends Difference = Difference<E>> {
  /** By index of the arm; `undefined` where nothing was measured. */
  readonly arms: ReadonlyArray<E | undefined>
  /** `undefined` if nothing was measured in one of the two, or nothing that can be compared. */
  readonly contrast: (arm: number, baseline: number) => D | undefined
}
