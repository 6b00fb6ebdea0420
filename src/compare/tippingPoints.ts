/**
 * How many answers that nobody stated would have to be wrong for a verdict to fall: of each certainty and arm the least
 * number, all of them wrong in the direction that speaks for the verdict.
 */
import { isAnswer } from "./Observations.ts"
import type { Goal } from "./measured.ts"
import { type AnswerCounts, DOUBTED, keeps, sumOf } from "./samples.ts"
import type { Shifted } from "./statistics/rates.ts"
import { type IntervalVerdict, verdictOf } from "./verdict.ts"

type Doubted = keyof typeof DOUBTED

export interface TippingPoint {
  readonly certainty: Doubted
  readonly side: "arm" | "baseline"
  /** Wrong answers. */
  readonly wrong: number
  /** Answers of this certainty in the arm. */
  readonly of: number
  /** Whether the verdict falls then; if not, it holds though all that could speak for it were wrong. */
  readonly falls: boolean
  /** The contrast as it then is. */
  readonly shifted: Shifted
}

export interface Sides {
  readonly arm: AnswerCounts | undefined
  readonly baseline: AnswerCounts | undefined
}

/**
 * `shift`: the contrast with the rates of both moved by so much. Wrong answers are thought to be spread over the arm's strata
 * and persons as its answers are. The more are wrong, the further the verdict is from what it was: the least number is
 * searched for by halves.
 */
export const tippingPoints = (
  { verdict, goal }: { readonly verdict: IntervalVerdict; readonly goal: Goal },
  counts: Sides,
  shift: (arm: number, baseline: number) => Shifted,
  multiplier: number
): ReadonlyArray<TippingPoint> => {
  const pointOf = (certainty: Doubted, side: keyof Sides, up: boolean): TippingPoint | undefined => {
    const codes = DOUBTED[certainty]
    const all = sumOf(counts[side], isAnswer)
    const of = sumOf(counts[side], (code) => code === codes.yes || code === codes.no)
    const most = sumOf(counts[side], (code) => code === (up ? codes.no : codes.yes))
    if (most === 0) return undefined
    const shiftedBy = (wrong: number): Shifted => {
      const by = (up ? wrong : -wrong) / all
      return side === "arm" ? shift(by, 0) : shift(0, by)
    }
    const falls = (wrong: number): boolean =>
      !keeps(verdict, verdictOf(shiftedBy(wrong).interval(multiplier), goal) ?? "not_enough_data")
    let [low, high] = [0, most]
    if (!falls(most)) return { certainty, side, wrong: most, of, falls: false, shifted: shiftedBy(most) }
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (falls(middle)) high = middle
      else low = middle
    }
    return { certainty, side, wrong: high, of, falls: true, shifted: shiftedBy(high) }
  }
  return (["detected", "inferred"] as const).flatMap((certainty) =>
    (["arm", "baseline"] as const).flatMap((side) => {
      const found = directionsOf(verdict, goal, side).flatMap((up) => pointOf(certainty, side, up) ?? [])
      const [least] = found.toSorted((a, b) => Number(b.falls) - Number(a.falls) || a.wrong - b.wrong)
      return least ?? []
    })
  )
}

/** Whether rates of that side must go up to speak against the verdict; no difference is spoken against by both ways. */
const directionsOf = (verdict: IntervalVerdict, { better }: Goal, side: keyof Sides): ReadonlyArray<boolean> => {
  const isGoodForArm = side === "arm" ? better === "higher" : better === "lower"
  switch (verdict) {
    case "better":
    case "not_worse":
      return [!isGoodForArm]
    case "worse":
      return [isGoodForArm]
    case "no_meaningful_difference":
      return [true, false]
    case "not_enough_data":
      return []
  }
}
