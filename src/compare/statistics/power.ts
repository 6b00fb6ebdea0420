/** How many units an experiment needs, and what it can find with those it has. */
import type { Analysis } from "../Comparison.ts"
import { normalCdf, normalQuantile } from "./distributions.ts"
import { sequentialMultiplier } from "./sequential.ts"

export interface PowerDesign {
  /** The rate as it is now, above 0 and below 1. */
  readonly baselineRate: number
  /** The difference to be found, arm − baseline; not 0, and the two rates stay between 0 and 1. */
  readonly effect: number
  /**
   * What is to be shown: that there is a difference, where it is `effect`; or that there is no harm of `effect` or more,
   * where there is no difference. @default "difference"
   */
  readonly claim?: "difference" | "no_harm" | undefined
  /** Chance of a verdict where there is no difference. */
  readonly alpha: number
  /** Relative shares of the arms, the baseline's first; every arm is compared with it. */
  readonly shares: ReadonlyArray<number>
  readonly analysis: Analysis
  /**
   * Units in all arms for which a sequential analysis is tuned; those looked at, unless given. The comparison must be
   * told the same, else its intervals are wider at the end than planned here.
   */
  readonly planned?: number | undefined
  /** How many orders tell as much as one independent order: 1 unless one person gets several. */
  readonly designEffect?: number | undefined
}

export interface Units {
  readonly all: number
  /** Per arm in the order of the shares, each rounded up; they may come to a few more than `all`. */
  readonly arms: ReadonlyArray<number>
}

/** More than anybody will call: beyond it the answer is that it cannot be done. */
const MOST_UNITS = 1e12

/**
 * The chance to find the effect with so many units in all arms, in the arm that has the least chance. Of a sequential
 * analysis it is the chance at the last look only: the earlier ones add to it.
 */
export const powerAt = (design: PowerDesign, units: number): number => {
  const [baseline = 1, ...others] = fractionsOf(design.shares)
  return Math.min(...others.map((arm) => powerOfPair(design, units, baseline, arm)))
}

/** Fewest units at which the chance to find the effect is at least `power`; `undefined` if none would do. */
export const unitsNeeded = (design: PowerDesign, power: number): Units | undefined => {
  const all = leastWhole((units) => powerAt(design, units) >= power, MOST_UNITS)
  return all === undefined
    ? undefined
    : { all, arms: fractionsOf(design.shares).map((share) => Math.ceil(share * all)) }
}

/**
 * The least difference, upwards or downwards, that is found with the chance `power` when there are so many units in all;
 * `undefined` if not even the largest possible is.
 */
export const detectableEffect = (
  design: Omit<PowerDesign, "effect">,
  units: number,
  power: number,
  direction: "up" | "down" = "up"
): number | undefined => {
  const sign = direction === "up" ? 1 : -1
  const room = direction === "up" ? 1 - design.baselineRate : design.baselineRate
  const found = (step: number) => powerAt({ ...design, effect: (sign * room * step) / STEPS }, units) >= power
  const step = leastWhole(found, STEPS)
  return step === undefined ? undefined : (sign * room * step) / STEPS
}

const STEPS = 1_000_000

/** The usual normal formula (Fleiss, Levin and Paik 2003, 4.14), for shares of any size. */
const powerOfPair = (design: PowerDesign, units: number, baseline: number, arm: number): number => {
  const { baselineRate, effect, claim, alpha, analysis, planned = units, designEffect = 1 } = design
  const both = baseline + arm
  const rate = claim === "no_harm" ? baselineRate : baselineRate + effect
  const pooled = (baseline * baselineRate + arm * rate) / both
  const errorWithoutEffect = Math.sqrt((pooled * (1 - pooled) * (1 / baseline + 1 / arm) * designEffect) / units)
  const error = Math.sqrt(
    ((baselineRate * (1 - baselineRate)) / baseline + (rate * (1 - rate)) / arm) * (designEffect / units)
  )
  const multiplier =
    analysis === "fixed"
      ? normalQuantile(1 - alpha / 2)
      : sequentialMultiplier({ alpha, n: units * both, planned: planned * both })
  return normalCdf((Math.abs(effect) - multiplier * errorWithoutEffect) / error)
}

const fractionsOf = (shares: ReadonlyArray<number>): ReadonlyArray<number> => {
  const total = shares.reduce((sum, share) => sum + share, 0)
  return shares.map((share) => share / total)
}

/** The least whole number from 1 to `most` at which `holds`, which stays true from there on. */
const leastWhole = (holds: (value: number) => boolean, most: number): number | undefined => {
  if (!holds(most)) return undefined
  let [fails, held] = [0, most]
  while (held - fails > 1) {
    const middle = Math.floor((fails + held) / 2)
    if (holds(middle)) held = middle
    else fails = middle
  }
  return held
}
