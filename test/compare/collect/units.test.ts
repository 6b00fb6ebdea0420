import { describe, expect, it } from "vitest"
import { ANSWER, VALUE } from "../../../src/compare/Observations.ts"
import {
  answersOf,
  attempt,
  callMetric,
  collect,
  isBalanced,
  leftOutOf,
  order,
  plain,
  spring as experiment
} from "./collecting.ts"

const NUMBERS = ["+12025550101", "+12025550102", "+12025550103", "+12025550104"]

const HUMAN = { value: "human", certainty: "detected" }
const MAILBOX = { value: "voicemail", certainty: "stated" }

/** An order to a person on a day of March: who answered, and how long they talked. */
const called = (person: number, day: number, answeredBy: object | undefined, fields: object = {}, arm = "one") => {
  const { answeredBy: _, ...dial } = attempt({ id: `a-${person}-${day}`, talkSeconds: day })
  return order({
    id: `o-${person}-${day}`,
    to: NUMBERS[person],
    createdAt: `2026-03-${String(day).padStart(2, "0")}T09:5${person}:00.000Z`,
    metadata: { unicall_experiment: `spring/${arm}/0123456789ab` },
    attempts: [answeredBy === undefined ? dial : { ...dial, answeredBy }],
    ...fields
  })
}

/** `dials` is a ratio: its orders are divided by those that reached a person. */
const metrics = [
  { ...callMetric, id: "human", definitions: callMetric.definitions.slice(0, 1) },
  { ...callMetric, definitions: callMetric.definitions.slice(1, 3) },
  {
    ...callMetric,
    definitions: callMetric.definitions.flatMap((each) =>
      each.id === "dials" && each.kind === "count" ? [{ ...each, per: "human" }] : []
    )
  }
]

describe("a person of an experiment", () => {
  it("is judged by the first order, whatever was read first, and the others are counted", () => {
    const records = [called(0, 3, HUMAN), called(1, 2, HUMAN), called(0, 1, MAILBOX), called(0, 2, HUMAN)]
    const results = [records, records.toReversed()].map((each) => collect(each, { experiment }))
    for (const result of results) {
      expect(plain(result.collected).orders.person).toEqual([0, 1])
      expect(answersOf(result, "human")).toEqual([ANSWER.no_stated, ANSWER.yes_detected])
      expect(answersOf(result, "talk")).toEqual([1, 2])
      expect(result.collected.data).toMatchObject({ orders: 2, persons: 2 })
      expect(leftOutOf(result)).toEqual({ "later order of a person who is judged by an earlier one": 2 })
      expect(isBalanced(result.collected)).toBe(true)
      expect(result.collected.units).toMatchObject({ laterOrders: 2, personsInSeveralArms: 0 })
      expect(result.collected.units?.ordersPerPerson.map((counts) => [...counts])).toEqual([
        [
          [3, 1],
          [1, 1]
        ],
        []
      ])
    }
  })

  it("stays in the arm of the first order, and one without a time is none of the first", () => {
    const { createdAt: _, ...timeless } = called(0, 1, MAILBOX, { attempts: [], id: "timeless" })
    const result = collect([timeless, called(0, 3, HUMAN, {}, "two"), called(0, 4, MAILBOX)], { experiment })
    expect(plain(result.collected).orders.arm).toEqual(["two"])
    expect(answersOf(result, "human")).toEqual([ANSWER.yes_detected])
    expect(result.collected.units?.personsInSeveralArms).toBe(1)
  })

  it("has each order counted where orders are assigned, or nothing is", () => {
    const records = [called(0, 1, MAILBOX), called(0, 2, HUMAN)]
    for (const options of [{ experiment: { ...experiment, unit: "reference" as const } }, {}]) {
      const { collected } = collect(
        records.map((each) => ({ ...each, reference: each.id })),
        options
      )
      expect(collected.units).toBeUndefined()
      expect(collected.data).toMatchObject({ orders: 2, persons: 1 })
    }
  })
})

describe("a window", () => {
  const widened = { experiment: { ...experiment, windowHours: 48 }, metrics }
  const collected = (...orders: ReadonlyArray<object>) =>
    // The last day of the data: all windows have passed by then, but the last.
    collect([...orders, called(3, 20, HUMAN)], widened)

  it("counts a success of any order within it, and none after", () => {
    const result = collected(
      called(0, 1, MAILBOX),
      called(0, 2, HUMAN),
      called(0, 3, MAILBOX),
      called(1, 1, MAILBOX),
      called(1, 3, HUMAN),
      called(2, 1, MAILBOX),
      called(2, 2, undefined)
    )
    expect(answersOf(result, "human")).toEqual([ANSWER.yes_detected, ANSWER.no_stated, ANSWER.missing, ANSWER.open])
    expect(result.collected.data).toMatchObject({ orders: 6, persons: 4 })
    expect(leftOutOf(result)).toEqual({ "later order of a person who is judged by an earlier one": 2 })
    expect(isBalanced(result.collected)).toBe(true)
  })

  it("asks the first order about all else, and counts what all orders of a ratio took", () => {
    const result = collected(called(0, 1, MAILBOX), called(0, 2, HUMAN))
    expect(answersOf(result, "talk")).toEqual([1, 20])
    expect(answersOf(result, "dials")).toEqual([2, VALUE.open])
  })

  it("is that of the last who was asked for where no time is told, and open where nobody tells one", () => {
    const { createdAt: _, ...untimed } = called(0, 1, HUMAN)
    const timeless = {
      ...untimed,
      attempts: [attempt({ answeredBy: HUMAN, dialedAt: undefined, answeredAt: undefined, endedAt: undefined })]
    }
    const codesWith = (...orders: ReadonlyArray<object>) =>
      answersOf(collect([timeless, ...orders], widened), "human").toSorted()
    const last = called(1, 3, HUMAN)
    expect(codesWith(last, called(2, 1, HUMAN, { updatedAt: "2026-03-05T08:00:00.000Z" }))).toEqual([
      ANSWER.open,
      ANSWER.open,
      ANSWER.yes_detected
    ])
    expect(codesWith(last, called(2, 1, HUMAN, { updatedAt: "2026-03-06T08:00:00.000Z" }))).toEqual(
      [1, 2, 3].map(() => ANSWER.yes_detected)
    )
    expect(codesWith()).toEqual([ANSWER.open])
  })

  it("of the last who was asked for is told by every order, those of persons who are judged already among them", () => {
    const { collected } = collect([called(0, 1, MAILBOX), called(0, 2, HUMAN), called(1, 1, HUMAN)], widened)
    expect(collected.lastAsked).toBe(Date.parse("2026-03-02T09:50:00.000Z"))
  })

  it("lets nothing count before it has passed, however sure, nor while an order of it is open", () => {
    const result = collect(
      [
        called(0, 1, MAILBOX),
        called(0, 2, undefined, { attempts: [], terminal: false, status: "in_progress" }),
        called(1, 4, HUMAN),
        called(2, 5, HUMAN)
      ],
      widened
    )
    expect(answersOf(result, "human")).toEqual([ANSWER.open, ANSWER.open, ANSWER.open])
  })
})
