import { describe, expect, it } from "vitest"
import { ANSWER } from "../../src/compare/Observations.ts"
import { tippingPoints } from "../../src/compare/tippingPoints.ts"
import { metricsFor } from "../../src/metrics/index.ts"
import type { AnswerWord } from "./observed.ts"

const [metric] = metricsFor()
if (metric === undefined) throw new Error("no metric")
const goal = { metric, role: "primary", better: "higher", smallestEffect: 0.1 } as const

const countsOf = (answers: { readonly [word in AnswerWord]?: number }) =>
  Float64Array.from(Object.keys(ANSWER), (word) => Object.entries(answers).find(([each]) => each === word)?.[1] ?? 0)

/** Two rates of one half, with an interval of 5.2 points to both sides. */
const shift = (arm: number, baseline: number) => {
  const effect = arm - baseline
  return { effect, interval: () => ({ low: effect - 0.052, high: effect + 0.052 }) }
}

describe("no meaningful difference", () => {
  const stated = countsOf({ yes_stated: 50, no_stated: 50 })
  const points = (arm: Float64Array, baseline: Float64Array) =>
    tippingPoints({ verdict: "no_meaningful_difference", goal }, { arm, baseline }, shift, 2)

  it.each([
    { yes_inferred: 2, no_inferred: 40, yes_stated: 48, no_stated: 10 },
    { yes_inferred: 40, no_inferred: 2, yes_stated: 10, no_stated: 48 }
  ])("falls by whichever way takes fewer wrong answers: %o", (answers) => {
    const found = { certainty: "inferred", wrong: 5, of: 42, falls: true }
    expect(points(countsOf(answers), stated)).toMatchObject([{ ...found, side: "arm" }])
    expect(points(stated, countsOf(answers))).toMatchObject([{ ...found, side: "baseline" }])
  })

  it("stands where too few are doubted in both ways", () => {
    const few = countsOf({ yes_detected: 3, no_detected: 2, yes_stated: 47, no_stated: 48 })
    expect(points(few, stated)).toMatchObject([{ certainty: "detected", side: "arm", of: 5, falls: false }])
  })
})
