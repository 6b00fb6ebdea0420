import { describe, expect, it } from "vitest"
import { makeAssign } from "../../../src/experiment/assignment.ts"
import { tagOf } from "../../../src/experiment/assignmentTag.ts"
import type { Experiment } from "../../../src/experiment/Experiment.ts"
import { ProviderId } from "../../../src/domain/Identifiers.ts"
import { parseInstant } from "../../../src/domain/Instant.ts"
import { answersOf, attempt, collect, isBalanced, leftOutOf, listed, order, plain } from "./collecting.ts"

const instant = (text: string) => {
  const read = parseInstant(text)
  if (read === undefined) throw new Error(text)
  return read
}

const experiment: Experiment = {
  id: "spring",
  arms: [
    { name: "one", provider: ProviderId.make("revox"), share: 1 },
    { name: "two", provider: ProviderId.make("revring"), agent: "agent-2", share: 1 }
  ],
  baseline: "two",
  unit: "number",
  salt: "a salt of the tests, 32 letters.",
  primary: { metric: "first_attempt.human_reached" },
  start: instant("2026-03-01T00:00:00Z"),
  end: instant("2026-03-08T00:00:00Z")
}

const assign = makeAssign(experiment)

/** A number that is assigned to an arm. */
const numberIn = (arm: string, skip = 0): string => {
  const numbers = Array.from({ length: 100 }, (_, index) => `+120255501${String(index).padStart(2, "0")}`)
  const found = numbers.filter((number) => assign(number).arm.name === arm)[skip]
  if (found === undefined) throw new Error(arm)
  return found
}

const tagged = (arm: string, fields: object = {}) =>
  order({ metadata: { unicall_experiment: `spring/${arm}/0123456789ab` }, ...fields })

describe("arms of an experiment", () => {
  it("are those it lists, the baseline first, with or without orders", () => {
    const { collected } = collect([], { experiment })
    expect(collected.orders.arms).toEqual(["two", "one"])
    expect(collected.facts).toMatchObject([
      { name: "two", agent: "agent-2", dialed: 0 },
      { name: "one", agent: undefined }
    ])
  })

  it("are read from the order's tag, in metadata or variables", () => {
    const { collected } = collect(
      [
        tagged("one"),
        order({
          id: "2",
          to: "+12025550102",
          variables: { unicall_experiment: tagOf(experiment, { ...assign("+12025550101"), arm: experiment.arms[0]! }) }
        })
      ],
      { experiment }
    )
    expect(plain(collected).orders.arm).toEqual(["one", "one"])
  })

  it("are assigned again where there is no tag", () => {
    const values = [
      order({ to: numberIn("one") }),
      order({ id: "2", to: numberIn("two"), provider: "revring", createdAt: "2026-03-02T00:00:00.000Z" })
    ]
    expect(plain(collect(values, { experiment }).collected).orders.arm).toEqual(["one", "two"])
    expect(collect(values, { experiment }).collected).toMatchObject({ crossovers: 0, unmarked: 2 })
    expect(collect([tagged("two"), ...values], { experiment }).collected.unmarked).toBe(2)
  })

  it("keep an order where it was assigned, and count that it went elsewhere", () => {
    const { collected } = collect(
      [
        tagged("two"),
        tagged("two", { id: "2", to: "+12025550198", provider: "revring", agent: { id: "agent-9" } }),
        tagged("two", { id: "3", to: "+12025550199", provider: "revring", agent: { id: "agent-2" } }),
        order({ id: "4", to: numberIn("two", 1) })
      ],
      { experiment }
    )
    expect(plain(collected).orders.arm).toEqual(["two", "two", "two", "two"])
    expect(collected.crossovers).toBe(3)
  })

  it("are read from raw payloads too", () => {
    const wire = (id: string, metadata: object) => ({
      id,
      to_phone_number: "+12025550101",
      direction: "outbound",
      status: "scheduled",
      call_attempts: [],
      created_at: "2026-03-01T09:00:00.000Z",
      metadata: { ...metadata, note: { deep: [1] } }
    })
    const { collected } = collect([wire("1", { unicall_experiment: "spring/two/0123456789ab" })], { experiment })
    expect(plain(collected).orders.arm).toEqual(["two"])
  })

  it("are read for an order that had to wait for its attempts", () => {
    const open = tagged("two", { attemptsMade: 2 })
    const result = collect([open, listed({ id: "attempt-2" })], { experiment })
    expect(plain(result.collected).orders.arm).toEqual(["two"])
    expect(answersOf(result, "dials")).toEqual([2])
  })

  it("leave out what is in none, or outside the period", () => {
    const { to: _, ...numberless } = order({ id: "3", attempts: [] })
    const { createdAt: _c, ...timeless } = order({ id: "6", attempts: [] })
    const result = collect(
      [
        tagged("one"),
        tagged("three", { id: "2" }),
        numberless,
        order({ id: "4", createdAt: "2026-02-28T23:59:59.999Z" }),
        order({ id: "5", createdAt: "2026-03-08T00:00:00.000Z" }),
        timeless,
        order({ id: "7", metadata: { unicall_experiment: "autumn/two/0123456789ab" }, to: numberIn("one") })
      ],
      { experiment: { ...experiment, arms: [experiment.arms[0]!, experiment.arms[1]!] } }
    )
    expect(result.collected.data).toMatchObject({ records: 7, orders: 1 })
    expect(leftOutOf(result)).toEqual({
      "placed in another experiment, by its mark": 1,
      "tagged with an arm that the experiment does not have": 1,
      "neither tagged nor telling what the experiment assigns by, so no arm": 1,
      "before the experiment began": 1,
      "after the experiment ended": 1,
      "no time told, so whether it lies within the experiment is not known": 1
    })
    expect(isBalanced(result.collected)).toBe(true)
  })

  it("have what was placed in them, though a provider's clock is fast or slow", () => {
    const { collected } = collect(
      [
        tagged("one", { createdAt: "2026-02-28T23:59:58.000Z" }),
        tagged("two", { id: "2", to: "+12025550199", createdAt: "2026-03-08T00:00:01.000Z" })
      ],
      { experiment }
    )
    expect(plain(collected).orders.arm).toEqual(["one", "two"])
  })

  it("leave out untagged orders of a provider that is not in the experiment", () => {
    const [one] = experiment.arms
    if (one === undefined) throw new Error("no arm")
    const alone = { ...experiment, arms: [one, { ...one, name: "other" }] }
    const result = collect([order({ provider: "revring" })], { experiment: alone })
    expect(leftOutOf(result)).toEqual({ "not tagged, and of a provider that is not in the experiment": 1 })
  })

  it("take attempts alone by their number", () => {
    const { collected } = collect([listed({ to: numberIn("one") })], { experiment })
    expect(plain(collected).orders.arm).toEqual(["one"])
  })

  it("take a person by the contact's key where that is what is assigned", () => {
    const byContact: Experiment = { ...experiment, unit: "contact", contactKey: "crm" }
    const { collected } = collect(
      [
        order({ metadata: { crm: "c-1" } }),
        order({ id: "2", createdAt: "2026-03-02T09:00:00.000Z", to: "+12025550199", variables: { crm: "c-1" } }),
        order({ id: "3", metadata: { crm: 7 } }),
        order({ id: "4", metadata: {}, attempts: [attempt()] })
      ],
      { experiment: byContact }
    )
    expect(collected.data).toMatchObject({ orders: 2, persons: 2 })
    expect(collected.units).toMatchObject({ laterOrders: 1 })
  })
})

describe("orders without the mark, where most of their provider's orders carry it", () => {
  const WITHOUT = "without the mark of the experiment that most orders of its provider carry"
  /** Each to another person, who is judged once. */
  const unmarked = (id: string, fields: object = {}) => order({ id, to: numberIn("one", Number(id)), ...fields })
  const marked = [
    tagged("one", { to: numberIn("one") }),
    tagged("two", { id: "2", to: numberIn("two") }),
    tagged("one", { id: "3", to: numberIn("one", 3) })
  ]

  it("are left out and counted, in whatever order all is read", () => {
    const payloads = [unmarked("8"), ...marked, unmarked("9")]
    const [there, back] = [collect(payloads, { experiment }), collect(payloads.toReversed(), { experiment })]
    expect(there.collected.data).toMatchObject({ records: 5, orders: 3, leftOut: [{ reason: WITHOUT, count: 2 }] })
    expect(there.collected.unmarked).toBe(0)
    expect(isBalanced(there.collected)).toBe(true)
    expect(plain(back.collected)).toEqual(plain(there.collected))
  })

  it("stay where no more than half carry it, and where the provider's export has no marks at all", () => {
    const half = [...marked.slice(0, 2), unmarked("8"), unmarked("9")]
    expect(collect(half, { experiment }).collected).toMatchObject({ unmarked: 2, data: { orders: 4, leftOut: [] } })
    const bare = [...marked, unmarked("8", { provider: "revring" }), unmarked("9", { provider: "revring" })]
    expect(collect(bare, { experiment }).collected).toMatchObject({ unmarked: 2, data: { orders: 5, leftOut: [] } })
  })

  it("stay where an attempt without its order cannot carry one", () => {
    const { collected } = collect([...marked, listed({ id: "a-9", orderId: "9", to: numberIn("two", 1) })], {
      experiment
    })
    expect(collected).toMatchObject({ unmarked: 1, data: { orders: 4, attemptsOnly: 1, leftOut: [] } })
  })

  it("stay where their placement was made under the experiment", () => {
    const placed = (id: string, fields: object) => ({
      state: "accepted",
      provider: "revox",
      reference: `r-${id}`,
      call: `revox:${id}`,
      ...fields
    })
    const of = { experiment: { id: "spring", arm: "one" } }
    const payloads = [...marked, unmarked("8"), unmarked("9"), placed("8", of), placed("9", {})]
    const { collected } = collect(payloads, { experiment })
    expect(collected).toMatchObject({ unmarked: 0, data: { orders: 4, placements: 1 } })
    expect(collected.data.leftOut).toContainEqual({ reason: WITHOUT, count: 1 })
    expect(isBalanced(collected)).toBe(true)
    expect(plain(collect(payloads.toReversed(), { experiment }).collected)).toEqual(plain(collected))
  })
})

describe("a stopped experiment", () => {
  const stopped = { ...experiment, stopped: { at: instant("2026-03-04T00:00:00Z"), digest: "" } }
  const placed = (reference: string, since: string) => ({
    state: "failed",
    provider: "revox",
    reference,
    reason: "AtCapacity",
    since,
    experiment: { id: "spring", arm: "one" }
  })

  it("leaves out what was placed after, marked or not", () => {
    const result = collect(
      [
        tagged("one", { createdAt: "2026-03-03T23:59:59.999Z" }),
        tagged("two", { id: "2", createdAt: "2026-03-04T00:00:00.000Z" }),
        order({ id: "3", provider: "revring", to: numberIn("two"), createdAt: "2026-03-03T00:00:00.000Z" }),
        order({ id: "4", provider: "revring", to: numberIn("two"), createdAt: "2026-03-05T00:00:00.000Z" }),
        placed("r-1", "2026-03-03T00:00:00.000Z"),
        placed("r-2", "2026-03-05T00:00:00.000Z")
      ],
      { experiment: stopped }
    )
    expect(result.collected.data).toMatchObject({ orders: 2, placements: 1 })
    expect(leftOutOf(result)).toEqual({ "asked for after the experiment was stopped": 3 })
  })
})
