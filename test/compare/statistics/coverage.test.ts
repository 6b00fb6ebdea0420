import { describe, expect, it } from "vitest"
import { FIRST_RUNS, measureFirst, readCoverage, SITUATIONS } from "./coverage.ts"
import { expectedCounts } from "./exact.ts"

const { situations } = readCoverage()

describe("the coverage that the documentation shows", () => {
  it("is of these situations, in this order", () => {
    const kept = situations.map(({ measure, truths, share, orders, persons }) => ({
      measure,
      truths,
      share,
      orders,
      persons
    }))
    expect(kept).toEqual(SITUATIONS)
  })

  it.each(situations.filter(({ persons, orders }) => persons <= 100 && (orders === "one each" || persons === 60)))(
    `comes out the same again: first ${FIRST_RUNS} runs, $measure, $truths, $share, $orders, $persons persons`,
    ({ firstRuns, ...situation }) => {
      expect(measureFirst(situation)).toEqual(firstRuns)
    }
  )

  it("is what is promised, at every look, wherever each person has one order", () => {
    for (const { orders, everyLook, difference } of situations) {
      if (orders !== "one each") continue
      for (const { given, held } of [everyLook, difference]) {
        expect(held).toBeGreaterThanOrEqual(expectedCounts(Math.max(1, given), 0.95).least)
      }
    }
  })
})
