import { describe, expect, it } from "vitest"
import { Instant } from "../../../src/domain/Instant.ts"
import type { Experiment, Stratum } from "../../../src/experiment/Experiment.ts"
import { ANSWER } from "../../../src/compare/Observations.ts"
import { answersOf, callMetric, collect, isBalanced, leftOutOf, order, plain, spring } from "./collecting.ts"

/** The first definition is the primary metric's, the others are another's. */
const metrics = [
  { ...callMetric, id: "human", better: "higher" as const, definitions: callMetric.definitions.slice(0, 1) },
  { ...callMetric, definitions: callMetric.definitions.slice(1) }
]

const PROVIDERS = { one: "revox", two: "revring" } as const

const line = (number: number, arm: keyof typeof PROVIDERS, unit: string | undefined) => ({
  reference: `ref-${number}`,
  provider: PROVIDERS[arm],
  experiment: unit === undefined ? { id: "spring", arm } : { id: "spring", arm, unit }
})
type Line = Parameters<typeof line>
const refused = (...given: Line) => ({ ...line(...given), state: "failed", reason: "AtCapacity" })
const uncertain = (...given: Line) => ({ ...line(...given), state: "uncertain", because: "Timeout" })
const accepted = (...given: Line) => ({
  ...line(...given),
  state: "accepted",
  call: `${PROVIDERS[given[1]]}:order-${given[0]}`
})
const recorded = (number: number, arm: keyof typeof PROVIDERS, fields: object = {}) =>
  order({
    id: `order-${number}`,
    provider: PROVIDERS[arm],
    reference: `ref-${number}`,
    to: `+120255501${String(number).padStart(2, "0")}`,
    metadata: { unicall_experiment: `spring/${arm}/0123456789ab` },
    ...fields
  })

const both = (values: ReadonlyArray<object>, changes: Partial<Experiment> = {}) =>
  [values, values.toReversed()].map((each) => collect(each, { experiment: { ...spring, ...changes }, metrics }))

describe("a person who was assigned and has no order", () => {
  const values = [
    accepted(1, "one", "a"),
    recorded(1, "one"),
    refused(2, "one", "b"),
    uncertain(3, "two", "c"),
    accepted(4, "two", "d"),
    // Refused at first, and placed then.
    refused(5, "two", "e"),
    accepted(6, "two", "e"),
    recorded(6, "two"),
    // Not known to be placed, and yet there is its order.
    uncertain(7, "two", "f"),
    recorded(7, "two"),
    // Refused twice, and one person.
    refused(8, "one", "g"),
    refused(9, "one", "g"),
    // A line that does not tell whom it is about.
    refused(10, "one", undefined)
  ]

  it("counts by the primary metric: as no, or as not told where only the record is missing", () => {
    for (const result of both(values)) {
      const { orders, lost, data } = result.collected
      expect(lost).toEqual({ units: [2, 2], areCounted: true, withoutStratum: 0 })
      // Each unit by the placement that came furthest; a line without a unit stands for itself.
      expect(result.collected.losses).toEqual([
        { assigned: 4, lost: [3, 0, 0, 0] },
        { assigned: 4, lost: [0, 1, 1, 0] }
      ])
      expect([orders.size, orders.persons, data.orders, data.persons]).toEqual([7, 7, 3, 3])
      const arms = plain(result.collected).orders.arm
      const answers = answersOf(result, "human").map((code, row) => [arms[row], code])
      expect(answers.slice(0, 3).map(([, code]) => code)).toEqual([7, 7, 7].map(() => ANSWER.yes_stated))
      expect(answers.slice(3).toSorted()).toEqual([
        ["one", ANSWER.no_assumed],
        ["one", ANSWER.no_assumed],
        ["two", ANSWER.missing],
        ["two", ANSWER.no_assumed]
      ])
      expect(answersOf(result, "transcript").slice(3)).toEqual(Array(4).fill(ANSWER.outside))
      expect(answersOf(result, "talk").slice(3)).toEqual(Array(4).fill(Number.NaN))
      expect(isBalanced(result.collected)).toBe(true)
    }
  })

  it("counts by none that asks for less", () => {
    for (const result of both(values, { primary: { metric: "human", better: "lower" } })) {
      expect(answersOf(result, "human").slice(3)).toEqual(Array(4).fill(ANSWER.outside))
      expect(result.collected.lost).toMatchObject({ units: [2, 2], areCounted: false })
    }
  })

  it("is a reference where references are assigned", () => {
    for (const { collected } of both(values, { unit: "reference" })) expect(collected.lost?.units).toEqual([4, 3])
  })
})

/** The order of a unit, with the unit in its mark. */
const marked = (number: number, arm: keyof typeof PROVIDERS, unit: string, fields: object = {}) =>
  recorded(number, arm, { metadata: { unicall_experiment: `spring/${arm}/${unit}` }, ...fields })

const DIGEST = "0123456789ab"
const at = (moment: string) => ({ at: `2026-03-${moment}:00.000Z` })
const createdAt = (moment: string) => ({ createdAt: `2026-03-${moment}:00.000Z` })

describe("what came of a person", () => {
  it("is what came furthest, of placements and of orders that no placement names", () => {
    const stages = [
      [refused(1, "one", DIGEST), [1, 0, 0, 0]],
      [uncertain(2, "one", DIGEST), [0, 1, 0, 0]],
      [accepted(3, "one", DIGEST), [0, 0, 1, 0]],
      [marked(4, "one", DIGEST, { attempts: [], terminal: false, status: "in_progress" }), [0, 0, 0, 1]],
      [marked(5, "one", DIGEST, createdAt("02T09:00")), [0, 0, 0, 0]]
    ] as const
    const late = marked(6, "two", "ba9876543210", createdAt("09T09:00"))
    stages.forEach(([, lost], last) => {
      const values = stages.slice(0, last + 1).map(([value]) => value)
      for (const { collected } of both([...values, late])) {
        expect(collected.losses?.[0]).toEqual({ assigned: 1, lost })
        expect(collected.lost?.units).toEqual([last < 3 ? 1 : 0, 0])
      }
    })
  })

  it("is known by the whole digest as by the one of the mark", () => {
    const values = [refused(1, "one", `${DIGEST}${"c".repeat(52)}`), marked(2, "one", DIGEST)]
    for (const { collected } of both(values)) expect(collected.lost?.units).toEqual([0, 0])
  })

  it("is nothing once the experiment was stopped, and what it was before where somebody asked again", () => {
    const stopped = { at: Instant.make("2026-03-05T00:00:00.000Z"), digest: "" }
    const values = [
      { ...refused(1, "one", "a"), ...at("04T23:59") },
      { ...refused(2, "one", "b"), ...at("05T00:00") },
      // Of one reference: refused before, and accepted after.
      { ...refused(3, "two", "c"), ...at("04T23:59") },
      { ...accepted(3, "two", "c"), ...at("05T09:00"), latencyMs: 80 },
      marked(3, "two", DIGEST, createdAt("05T09:00"))
    ]
    for (const result of both(values, { stopped })) {
      expect(result.collected.lost?.units).toEqual([1, 1])
      expect(leftOutOf(result)).toEqual({ "asked for after the experiment was stopped": 2 })
    }
  })
})

describe("a person without an order", () => {
  it("is open within the window, as everybody else is; without a time, as whoever was asked for last", () => {
    const values = [
      { ...refused(1, "one", "a"), ...at("01T09:00") },
      { ...refused(2, "one", "b"), ...at("01T10:00") },
      refused(3, "two", "c"),
      recorded(4, "two", createdAt("02T09:00"))
    ]
    const codesAsOf = (updatedAt: string) =>
      both([...values, recorded(5, "two", { ...createdAt("02T08:00"), updatedAt })], { windowHours: 24 }).map(
        (result) => answersOf(result, "human").slice(2).toSorted()
      )
    const [no, open] = [ANSWER.no_assumed, ANSWER.open]
    expect(codesAsOf("2026-03-02T09:30:00.000Z")).toEqual([1, 2].map(() => [open, open, no]))
    expect(codesAsOf("2026-03-03T08:59:00.000Z")).toEqual([1, 2].map(() => [open, no, no]))
    expect(codesAsOf("2026-03-03T09:00:00.000Z")).toEqual([1, 2].map(() => [no, no, no]))
  })

  it("has the time and stratum of the first request, or is told to have none", () => {
    const country = { experiment: { id: "spring", arm: "one", unit: "a", country: "FR" } }
    const values = [
      { ...refused(1, "one", "a"), ...at("02T09:00"), ...country },
      { ...refused(1, "one", "a"), ...at("01T14:00"), ...country },
      { ...uncertain(2, "one", "a"), ...at("03T10:00"), ...country },
      recorded(3, "two", createdAt("02T09:00"))
    ]
    const collectBy = (strata: ReadonlyArray<Stratum>) =>
      [values, values.toReversed()].map((each) => collect(each, { experiment: spring, metrics, strata }).collected)
    for (const collected of collectBy(["country", "hour"])) {
      const { orders } = plain(collected)
      expect(orders.stratum).toEqual(["US · 09:00", "FR · 14:00"])
      expect(orders.at[1]).toBe(Date.parse("2026-03-01T14:00:00.000Z"))
      expect(collected.lost?.withoutStratum).toBe(0)
    }
    // Nobody knows a campaign of what has none yet.
    for (const collected of collectBy(["hour", "campaign"])) expect(collected.lost?.withoutStratum).toBe(1)
    for (const collected of collectBy([])) expect(collected.lost?.withoutStratum).toBe(0)
  })
})

describe("an order without the mark", () => {
  it("is of the experiment where any record of its placement was made under it, whichever names it", () => {
    const tagged = [1, 2, 3].map((number) => recorded(number, "one"))
    const unmarked = recorded(4, "one", { metadata: {} })
    const { call, ...inDoubt } = accepted(4, "one", DIGEST)
    const named = { ...line(4, "one", undefined), experiment: undefined, state: "accepted", call }
    for (const values of [
      // The record that stays names the order, and the other way round.
      [{ ...inDoubt, state: "uncertain", because: "Timeout" }, named],
      [{ ...inDoubt, state: "accepted", latencyMs: 5 }, named],
      [
        { ...inDoubt, state: "accepted" },
        { ...named, latencyMs: 5, experiment: inDoubt.experiment }
      ]
    ]) {
      for (const result of both([...tagged, unmarked, ...values])) {
        expect(result.collected.data.orders).toBe(4)
        expect(result.collected.unmarked).toBe(0)
      }
    }
  })
})

describe("an order that is not over", () => {
  const running = { attempts: [], terminal: false, status: "in_progress", updatedAt: "2026-03-01T10:00:00.000Z" }

  it("counts as no a week after it was created, and is open before", () => {
    const values = [
      recorded(1, "one", running),
      recorded(2, "one", { ...running, createdAt: "2026-03-03T09:00:00.000Z" }),
      recorded(3, "two", { createdAt: "2026-03-08T12:00:00.000Z", updatedAt: "2026-03-08T12:10:00.000Z" })
    ]
    for (const result of both(values)) {
      expect(answersOf(result, "human")).toEqual([ANSWER.no_assumed, ANSWER.open, ANSWER.yes_stated])
      expect(result.collected.overdue).toBe(1)
    }
  })
})
