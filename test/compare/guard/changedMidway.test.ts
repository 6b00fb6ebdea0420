import { describe, expect, it } from "vitest"
import { changedMidway } from "../../../src/compare/guard/changedMidway.ts"
import { firstAttemptMetrics } from "../../../src/metrics/firstAttempt.ts"
import { type AnswerWord, observationsOf } from "../observed.ts"

const ID = "first_attempt.connected.stated"
const definition = firstAttemptMetrics.flatMap(({ definitions }) => definitions).find(({ id }) => id === ID)

const DAY = 86_400_000
const START = Date.UTC(2026, 2, 2)
/** The differing arm changes on the twentieth of forty days. */
const MIDDLE = 20

interface Row {
  readonly arm: number
  readonly day: number
  readonly answer: AnswerWord
  readonly person?: number
}

const check = (rows: ReadonlyArray<Row>) =>
  changedMidway(
    definition,
    observationsOf(
      ["a", "b"],
      rows.map(({ arm, day, answer, person }) => ({
        arm,
        count: 1,
        rates: { [ID]: answer },
        at: () => START + day * DAY,
        ...(person === undefined ? {} : { person: () => person })
      }))
    ),
    { baseline: 0, smallestShare: 0.03, timeZone: "UTC" }
  )

/** Twenty orders of each arm a day, oldest first; of arm b so many of twenty say yes before the middle, and after. */
const course = (early: number, late: number): ReadonlyArray<Row> =>
  Array.from({ length: 40 }, (_, day) =>
    [0, 1].flatMap((arm) =>
      Array.from({ length: 20 }, (__, nth): Row => {
        const yes = arm === 0 ? 8 : day < MIDDLE ? early : late
        return { arm, day, answer: nth < yes ? "yes_stated" : "no_stated" }
      })
    )
  ).flat()

const byTime = (rows: ReadonlyArray<Row>): ReadonlyArray<Row> => rows.toSorted((a, b) => a.day - b.day)

describe("a difference that changes on the way", () => {
  it("is said with the day and both differences", () => {
    expect(check(course(8, 14))).toMatchObject({
      outcome: "warning",
      sentence: expect.stringContaining("before 22 Mar 2026 it was 0.0 points, from then on +30.0 points"),
      figures: { early: 0, late: expect.closeTo(0.3, 10) }
    })
    expect(check(course(8, 8))).toBeUndefined()
  })

  it("is found by the times of what is measured, wherever those stand who were never called", () => {
    // They stand behind all orders, in no order of time.
    const never = Array.from({ length: 1_200 }, (_, unit): Row => {
      const day = (unit * 7 + 3) % 40
      return { arm: unit % 2, day, answer: "no_assumed" }
    })
    const rows = [...course(8, 14), ...never]
    expect(check(rows)).toEqual(check(byTime(rows)))
    expect(check(rows)?.sentence).toContain("before 22 Mar 2026")
  })

  it("is not said of what is not measured, whenever that was", () => {
    const outside = Array.from({ length: 5_000 }, (): Row => ({ arm: 1, day: 0, answer: "outside" }))
    expect(check([...outside, ...course(8, 14)])).toEqual(check(course(8, 14)))
  })

  it("is not said where some persons with many orders make it", () => {
    // The orders of twenty days of an arm are of twenty persons, who always answer or never do.
    const ofFew = course(8, 14).map((row): Row => {
      const yes = row.answer === "yes_stated"
      const [half, arm] = [row.day < MIDDLE ? 0 : 1, row.arm]
      const of = arm === 0 || half === 0 ? 8 : 14
      const nth = yes ? row.day % of : of + (row.day % (20 - of))
      return { ...row, person: 100 * half + 50 * arm + nth }
    })
    expect(check(course(8, 14))).toBeDefined()
    expect(check(ofFew)).toBeUndefined()
  })
})
