import { describe, expect, it } from "vitest"
import { pauseAfter } from "../../src/outbox/schedule.ts"

const HOUR = 3600_000
const usual = { longest: Infinity, left: Infinity, asked: undefined, chance: 0 }

describe("a message that was not taken", () => {
  it("is tried again as Standard Webhooks recommends", () => {
    const pauses = Array.from({ length: 11 }, (_, index) => pauseAfter({ ...usual, tries: index + 1 }) / 1000)
    expect(pauses).toEqual([5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400, 86400, 86400])
  })

  it("waits no longer than it may, and is tried once more at the end of its time", () => {
    expect(pauseAfter({ ...usual, tries: 5, longest: HOUR })).toBe(HOUR)
    expect(pauseAfter({ ...usual, tries: 5, longest: HOUR, left: 1000, chance: 1 })).toBe(1000)
  })

  it("waits up to a fifth longer by chance", () => {
    expect(pauseAfter({ ...usual, tries: 1, chance: 0.5 })).toBe(5500)
    expect(pauseAfter({ ...usual, tries: 9, longest: HOUR, chance: 1 })).toBe(1.2 * HOUR)
  })

  it("waits as long as the receiver asks, and never less than the first pause", () => {
    expect(pauseAfter({ ...usual, tries: 4, asked: 20_000 })).toBe(20_000)
    expect(pauseAfter({ ...usual, tries: 4, asked: 0 })).toBe(5000)
    expect(pauseAfter({ ...usual, tries: 1, asked: 20_000, chance: 1 })).toBe(24_000)
    // What it asks for is no less because the time is up, or the pause is longer than our own.
    expect(pauseAfter({ tries: 1, longest: HOUR, left: 1000, asked: 2 * HOUR, chance: 0 })).toBe(2 * HOUR)
  })
})
