import { describe, expect, it } from "vitest"
import { ProviderId } from "../../../src/domain/Identifiers.ts"
import type { Experiment } from "../../../src/experiment/Experiment.ts"
import { ANSWER } from "../../../src/compare/Observations.ts"
import { answersOf, callMetric, collect, isBalanced, order, plain } from "./collecting.ts"

const experiment: Experiment = {
  id: "spring",
  arms: [
    { name: "one", provider: ProviderId.make("revox"), share: 1 },
    { name: "two", provider: ProviderId.make("revring"), share: 1 }
  ],
  unit: "number",
  salt: "a salt of the tests, 32 letters.",
  primary: { metric: "human" }
}

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
  [values, values.toReversed()].map((each) => collect(each, { experiment: { ...experiment, ...changes }, metrics }))

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
      const { orders, lostUnits, data } = result.collected
      expect(lostUnits).toEqual([2, 2])
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
        ["one", ANSWER.no_stated],
        ["one", ANSWER.no_stated],
        ["two", ANSWER.missing],
        ["two", ANSWER.no_stated]
      ])
      expect(answersOf(result, "transcript").slice(3)).toEqual(Array(4).fill(ANSWER.outside))
      expect(answersOf(result, "talk").slice(3)).toEqual(Array(4).fill(Number.NaN))
      expect(isBalanced(result.collected)).toBe(true)
    }
  })

  it("counts by none that asks for less", () => {
    for (const result of both(values, { primary: { metric: "human", better: "lower" } })) {
      expect(answersOf(result, "human").slice(3)).toEqual(Array(4).fill(ANSWER.outside))
      expect(result.collected.lostUnits).toEqual([2, 2])
    }
  })

  it("is a reference where references are assigned", () => {
    for (const { collected } of both(values, { unit: "reference" })) expect(collected.lostUnits).toEqual([4, 3])
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
      expect(answersOf(result, "human")).toEqual([ANSWER.no_stated, ANSWER.open, ANSWER.yes_stated])
    }
  })
})
