import { describe, expect, it } from "vitest"
import type { Absent, Looked, Uncertain } from "../../src/calls/Placed.ts"
import { isOpen, makeNews } from "../../src/cli/commands/reconcile/news.ts"
import { OrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { Instant } from "../../src/domain/Instant.ts"

const since = Instant.make("2026-03-02T15:00:00.000Z")
const later = Instant.make("2026-03-02T16:00:00.000Z")
const placement = { reference: "lead-1", provider: ProviderId.make("one"), since } as const

const uncertain = (changes: Partial<Uncertain> = {}): Looked => ({
  ...placement,
  state: "uncertain",
  because: "TimedOut",
  evidence: "not_listed",
  ...changes
})
const absent = (changes: Partial<Absent> = {}): Looked => ({
  ...placement,
  state: "absent",
  because: "not_listed",
  ...changes
})
const accepted = (id: string): Looked => ({
  state: "accepted",
  reference: "lead-1",
  call: { provider: placement.provider, id: OrderId.make(id) },
  already: true
})
const inFlight: Looked = { ...placement, state: "in_flight", askAgainAt: later }

const question = { ask: "is_there_one", since } as const
const calls = [{ provider: placement.provider, id: OrderId.make("a") }]

describe("news", () => {
  it.each<[string, Looked, Looked, boolean]>([
    ["the same", uncertain(), uncertain(), false],
    ["the same question", uncertain({ question }), uncertain({ question }), false],
    ["how much was searched alone", uncertain(), uncertain({ search: { compared: "whole", orders: 7 } }), false],
    ["a question", uncertain(), uncertain({ question }), true],
    ["no question any more", uncertain({ question }), uncertain(), true],
    ["another question", uncertain({ question }), uncertain({ question: { ask: "is_it_one_of", since, calls } }), true],
    ["other evidence", uncertain(), uncertain({ evidence: "unknown" }), true],
    ["another state", uncertain(), absent(), true],
    ["absent as before", absent(), absent(), false],
    ["in doubt by now", absent(), absent({ doubted: true }), true],
    ["in doubt no more", absent({ doubted: true }), absent(), true],
    ["in flight as before", inFlight, inFlight, false],
    ["no more in flight", inFlight, uncertain(), true],
    ["found", uncertain(), accepted("a"), true],
    ["found before", accepted("a"), accepted("a"), false],
    ["another call of the reference", accepted("a"), accepted("b"), true],
    ["another reference", uncertain(), uncertain({ reference: "lead-2" }), true]
  ])("is %s: %#", (_, before, now, expected) => {
    const isNews = makeNews()
    expect([isNews(before), isNews(now)]).toEqual([true, expected])
  })

  it("is what is again as it was before", () => {
    const isNews = makeNews()
    expect([uncertain(), uncertain({ question }), uncertain()].map(isNews)).toEqual([true, true, true])
  })

  it("is told once of each placement of a reference that was placed again", () => {
    const isNews = makeNews()
    const both = [absent(), uncertain({ since: later })]
    expect([...both, ...both].map(isNews)).toEqual([true, true, false, false])
  })
})

describe("what is open", () => {
  it.each<[Looked, boolean]>([
    [uncertain(), true],
    [inFlight, true],
    [absent({ doubted: true }), true],
    [absent(), false],
    [accepted("a"), false]
  ])("is $0.state: %#", (placed, expected) => {
    expect(isOpen(placed)).toBe(expected)
  })

  it("is no reference that nothing holds", () => {
    expect(isOpen({ state: "free", reference: "lead-1" })).toBe(false)
  })
})
