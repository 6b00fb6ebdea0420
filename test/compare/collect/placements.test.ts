import { describe, expect, it } from "vitest"
import { makeAssign } from "../../../src/experiment/assignment.ts"
import { ANSWER } from "../../../src/compare/Observations.ts"
import type { Experiment } from "../../../src/experiment/Experiment.ts"
import { collect, isBalanced, leftOutOf, order, plain, type Result, spring } from "./collecting.ts"

const accepted = (fields: object = {}) => ({
  state: "accepted",
  reference: "ref-1",
  already: false,
  provider: "revox",
  call: "revox:order-1",
  status: "completed",
  ...fields
})

/** A placement as the journal holds it. */
const journaled = (fields: object = {}) => ({
  reference: "ref-1",
  provider: "revox",
  token: "t",
  check: "beef",
  state: "accepted",
  reservedAt: "2026-03-01T09:00:00.000Z",
  changedAt: "2026-03-01T09:00:01.000Z",
  orderId: "order-1",
  ...fields
})

const [NO, YES] = [String(ANSWER.no_stated), String(ANSWER.yes_stated)]

const column = ({ collected }: Result, id: string) => plain(collected).placements.answers[id]

describe("placements", () => {
  it("are told from records by their keys, and an order in the line is one too", () => {
    const result = collect([
      accepted({ order: order(), latencyMs: 120 }),
      { state: "failed", reference: "ref-2", provider: "revring", reason: "AtCapacity", message: "x", latencyMs: 80 },
      {
        state: "uncertain",
        reference: "ref-3",
        provider: "revox",
        since: "2026-03-01T09:30:00.000Z",
        because: "Timeout"
      },
      { state: "released", reference: "ref-4" },
      { state: "failed", reason: "InvalidRequest", message: "to: expected a number" }
    ])
    expect(plain(result.collected).placements).toMatchObject({
      size: 3,
      arms: ["revox", "revring"],
      arm: ["revox", "revox", "revring"],
      at: [Date.parse("2026-03-01T09:30:00.000Z"), Date.parse("2026-03-01T09:59:00.000Z"), Number.NaN],
      answers: { refused: [NO, NO, YES], uncertain: [YES, NO, NO], latency: ["-2", "120", "80"] }
    })
    expect(result.collected.data).toMatchObject({ records: 6, orders: 1, placements: 3 })
    expect(leftOutOf(result)).toEqual({ "placement that was given up": 1, "placement without a reference": 1 })
    expect(isBalanced(result.collected)).toBe(true)
  })

  it("make no arm of a provider that there is not", () => {
    const result = collect([order(), accepted({ reference: "ref-2", provider: "constructor", call: "constructor:1" })])
    expect(result.collected.orders.arms).toEqual(["revox"])
    expect(leftOutOf(result)).toEqual({ "placement whose arm is not told": 1 })
    expect(isBalanced(result.collected)).toBe(true)
  })

  it("come from the journal", () => {
    const result = collect([
      journaled(),
      journaled({ reference: "ref-2", state: "ended", status: "completed" }),
      journaled({ reference: "ref-3", state: "reserved", orderId: undefined }),
      journaled({ reference: "ref-4", state: "uncertain", because: "Timeout", orderId: undefined })
    ])
    expect(column(result, "uncertain")?.toSorted()).toEqual([NO, NO, YES, YES])
  })

  it("that were called absent are uncertain, under the reference that was sent; what has expired was asked of nobody", () => {
    const absent = { state: "absent", evidence: "not_listed", orderId: undefined }
    const aside = { ...absent, reference: "ref-2\u0001t", sentAs: "ref-2" }
    const result = collect([
      journaled({ ...absent }),
      journaled(aside),
      journaled({ reference: "ref-2", provider: "revring", supersedes: "t" }),
      {
        state: "absent",
        reference: "ref-3",
        provider: "revox",
        since: "2026-03-01T09:30:00.000Z",
        because: "not_listed"
      },
      { state: "expired", reference: "ref-4", provider: "revox", notAfter: "2026-03-01T09:30:00.000Z" }
    ])
    expect(column(result, "uncertain")?.toSorted()).toEqual([NO, YES, YES, YES])
    expect(leftOutOf(result)).toEqual({ "placement that was given up": 1 })
  })

  it("of one reference are one: as the request went, not what became of it", () => {
    const uncertain = {
      state: "uncertain",
      reference: "ref-1",
      provider: "revox",
      since: "2026-03-01T09:00:00.000Z",
      because: "Timeout"
    }
    for (const values of [
      [uncertain, journaled(), accepted({ already: true })],
      [accepted({ already: true }), uncertain, journaled()]
    ]) {
      const result = collect(values)
      expect(column(result, "uncertain")).toEqual([YES])
      expect(result.collected.data).toMatchObject({ records: 3, placements: 1, folded: 2 })
    }
    const measured = collect([accepted({ latencyMs: 90 }), { ...uncertain }, journaled()])
    expect(column(measured, "uncertain")).toEqual([NO])
    expect(column(measured, "latency")).toEqual(["90"])
  })

  it("are of the person whose order it became", () => {
    const { collected } = collect([
      accepted(),
      accepted({ reference: "ref-2", call: "revox:order-2" }),
      accepted({ reference: "ref-3", call: "revox:order-3" }),
      order(),
      order({ id: "order-2" })
    ])
    expect(collected.placements.persons).toBe(2)
  })

  it("take the agent's arm from the journal, or from their order", () => {
    const { collected } = collect(
      [
        journaled({ reference: "ref-2", orderId: "order-2", agentId: "b" }),
        accepted(),
        order({ agent: { id: "a" } }),
        accepted({ reference: "ref-3", call: "revox:unknown" })
      ],
      { armsBy: "agent" }
    )
    expect(plain(collected).placements.arm.toSorted()).toEqual(["a", "b"])
    expect(collected.data.leftOut).toEqual([{ reason: "placement whose arm is not told", count: 1 }])
  })
})

describe("placements of an experiment", () => {
  const experiment: Experiment = { ...spring, unit: "reference" }

  it("take the arm that the line names, else that of their reference", () => {
    const result = collect(
      [
        { state: "failed", reference: "ref-1", reason: "AtCapacity", experiment: { id: "spring", arm: "two" } },
        journaled({ reference: "ref-2" }),
        order({ id: "order-2", reference: "ref-2", metadata: { unicall_experiment: "spring/one/0123456789ab" } }),
        accepted({ reference: "ref-3", experiment: { id: "autumn", arm: "one" } })
      ],
      { experiment }
    )
    const assigned = makeAssign(experiment)("ref-2").arm.name
    expect(plain(result.collected).placements.arm.toSorted()).toEqual([assigned, "two"].toSorted())
    expect(leftOutOf(result)).toEqual({ "placement whose arm is not told": 1 })
  })

  it("are left out without a mark where others carry one, unless their order is of the experiment", () => {
    const tag = { metadata: { unicall_experiment: "spring/one/0123456789ab" } }
    const recorded = (number: number, fields: object = {}) =>
      order({ id: `order-${number}`, reference: `ref-${number}`, to: `+1202555010${number}`, ...fields })
    const foreign = [
      // Of other work that the journal holds: without a record, in doubt, and with a record that carries no mark.
      journaled({ reference: "ref-1", orderId: "order-1" }),
      journaled({ reference: "ref-2", state: "uncertain", because: "Timeout", orderId: undefined }),
      journaled({ reference: "ref-3", orderId: "order-3" }),
      recorded(3)
    ]
    const own = [
      journaled({ reference: "ref-4", orderId: "order-4" }),
      recorded(4, tag),
      recorded(5, tag),
      // The journal does not know its order's id, and there is its order.
      journaled({ reference: "ref-6", state: "uncertain", because: "Timeout", orderId: undefined }),
      recorded(6, tag)
    ]
    const marked = {
      state: "failed",
      reference: "ref-7",
      provider: "revox",
      reason: "AtCapacity",
      experiment: { id: "spring", arm: "one" }
    }
    const assignedIn = (values: ReadonlyArray<object>) => {
      const { collected } = collect(values, { experiment })
      return collected.losses?.reduce((sum, { assigned }) => sum + assigned, 0)
    }
    for (const values of [[...foreign, ...own, marked], [marked, ...own, ...foreign].toReversed()]) {
      const result = collect(values, { experiment })
      expect(leftOutOf(result)).toEqual({
        "placement without the mark of the experiment that others carry": 3,
        "without the mark of the experiment that most orders of its provider carry": 1
      })
      expect(isBalanced(result.collected)).toBe(true)
      expect(result.collected.lost?.units.reduce((sum, count) => sum + count)).toBe(1)
      expect(assignedIn(values)).toBe(3)
    }
    // A journal alone tells no mark: all of it counts, but what an order without one became.
    expect(assignedIn([...foreign, ...own])).toBe(4)
  })

  it("take their order's arm where numbers are what is assigned", () => {
    const result = collect(
      [
        accepted(),
        order({ metadata: { unicall_experiment: "spring/two/0123456789ab" } }),
        accepted({ reference: "ref-2", call: "revox:x" })
      ],
      { experiment: { ...experiment, unit: "number" } }
    )
    expect(plain(result.collected).placements.arm).toEqual(["two"])
    expect(result.collected.crossovers).toBe(1)
    expect(isBalanced(result.collected)).toBe(true)
  })

  it("are lost in four ways, whatever was read first", () => {
    const mark = (arm: string) => ({ experiment: { id: "spring", arm } })
    const placed = (number: number, fields: object = {}) =>
      accepted({ reference: `ref-${number}`, call: `revox:order-${number}`, ...mark("one"), ...fields })
    const unsure = (number: number) => ({
      state: "uncertain",
      reference: `ref-${number}`,
      provider: "revox",
      because: "Timeout",
      ...mark("one")
    })
    const recorded = (number: number, fields: object = {}) =>
      order({ id: `order-${number}`, reference: `ref-${number}`, to: `+1202555010${number}`, ...fields })
    const running = { attempts: [], terminal: false, status: "in_progress", updatedAt: "2026-03-01T10:00:00.000Z" }
    const values = [
      { state: "failed", reference: "ref-1", provider: "revox", reason: "AtCapacity", ...mark("one") },
      unsure(2),
      placed(3),
      placed(4),
      recorded(4, running),
      placed(5),
      recorded(5, { createdAt: "2026-03-09T09:00:00.000Z" }),
      // Its record was found after all: once a journal or a second run names the order, it is known.
      unsure(6),
      placed(6),
      recorded(6),
      // Running since yesterday only.
      placed(7),
      recorded(7, { ...running, createdAt: "2026-03-08T09:00:00.000Z" }),
      { state: "failed", reference: "ref-8", provider: "revring", reason: "AtCapacity", ...mark("two") }
    ]
    for (const each of [values, values.toReversed()]) {
      const { collected } = collect(each, { experiment })
      expect(collected.losses).toEqual([
        { assigned: 7, lost: [1, 1, 1, 1] },
        { assigned: 1, lost: [1, 0, 0, 0] }
      ])
    }
    expect(collect(values).collected.losses).toBeUndefined()
    expect(collect([recorded(1)], { experiment }).collected.losses).toBeUndefined()
  })
})
