/** Who was assigned and never called stands at the end of the orders, and counts by the primary metric alone. */
import { describe, expect, it } from "vitest"
import { providers } from "../../../adapters/index.ts"
import { compare } from "../../../src/compare/compare.ts"
import { balanceOf } from "../../../src/compare/guard/balanceRows.ts"
import { neverThere } from "../../../src/compare/guard/neverThere.ts"
import { unconnectedDials } from "../../../src/compare/guard/wholeness.ts"
import { metricsFor } from "../../../src/metrics/index.ts"
import type { Definition } from "../../../src/metrics/Metric.ts"
import { type AnswerWord, collectedOf, factsOf, type Rows } from "../observed.ts"

const HUMAN = "first_attempt.human_reached.own_word"
const CONNECTED = "first_attempt.connected.stated"

const rows = (arm: number, count: number, word: AnswerWord, id: string): Rows => ({ arm, count, rates: { [id]: word } })
const two = [factsOf("a"), factsOf("b")]

/** The last group are those who were never called, of arm b. */
const collectedWith = (groups: ReadonlyArray<Rows>, never: Rows) =>
  collectedOf(two, [...groups, never], { lost: { units: [0, never.count], areCounted: true, withoutStratum: 0 } })

const definitionOf = (id: string): Definition<never> => {
  const all = metricsFor().flatMap((metric): ReadonlyArray<Definition<never>> => metric.definitions)
  const found = all.find((each) => each.id === id)
  if (found === undefined) throw new Error(`no definition ${id}`)
  return found
}

describe("who was never called", () => {
  it("has no order among those for each person", () => {
    const orders = [0, 1].map((arm) => rows(arm, 40, "yes_stated", HUMAN))
    const collected = collectedWith(orders, rows(1, 25, "no_assumed", HUMAN))
    const traits = [{ trait: "hour" as const, values: ["morning"], of: new Uint8Array(80), isShared: true }]
    const found = balanceOf({ ...collected, traits }, { baseline: 0 })
    expect(found.find(({ trait }) => trait === "orders_per_person")?.arms).toMatchObject([{ n: 40 }, { n: 40 }])
  })

  it("is no order of any hour", () => {
    const orders = [0, 1].map((arm) => rows(arm, 40, "yes_stated", HUMAN))
    const { heatMap } = compare(collectedWith(orders, rows(1, 25, "no_assumed", HUMAN)), { registry: providers })
    const counts = heatMap?.arms.map(({ cells }) => cells.reduce((sum, { n }) => sum + n, 0))
    expect(counts).toEqual([40, 40])
  })

  it("is no call that has no verdict", () => {
    const others = [rows(0, 300, "yes_stated", HUMAN), rows(0, 300, "no_stated", HUMAN)]
    const few = rows(1, 5, "no_stated", HUMAN)
    const said = (never: AnswerWord) =>
      neverThere(definitionOf(HUMAN), collectedWith([...others, few], rows(1, 200, never, HUMAN)).orders, () => [])
    expect(said("no_assumed")).toBeUndefined()
    expect(said("no_stated")?.sentence).toMatch(
      /^No first dial of b has the verdict that a person answered, and 50\.0 %/
    )
  })

  it("is no dial that did not connect, and neither is an order that is not over after a week", () => {
    const others = [rows(0, 300, "yes_stated", CONNECTED), rows(0, 100, "no_stated", CONNECTED)]
    const answered = rows(1, 300, "yes_stated", CONNECTED)
    const overdue = rows(1, 3, "no_assumed", CONNECTED)
    const check = (groups: ReadonlyArray<Rows>) =>
      unconnectedDials(collectedWith(groups, rows(1, 50, "no_assumed", CONNECTED)))
    expect(check([...others, answered, overdue])).toMatchObject({
      outcome: "failed",
      sentence: expect.stringContaining(
        "Every first dial of b (300 orders) was answered, and of the others 25.0 % were not"
      )
    })
    expect(check([...others, answered, rows(1, 3, "no_stated", CONNECTED)])).toBeUndefined()
  })
})
