import { describe, expect, it } from "vitest"
import { attemptRules } from "../../src/switch/attemptRules.ts"
import { orderRules } from "../../src/switch/orderRules.ts"
import { own } from "../../src/switch/valueRules.ts"
import { compareBy, playPairs, readOrders } from "./pairs.ts"
import { BEYOND_PAIRS, findMistake, PLANTED_MISTAKES } from "./planted.ts"
import { scriptedCall } from "./scriptedCalls.ts"
import { PAIRINGS, tellers } from "./tellers.ts"

describe("one call, told by two providers", () => {
  const played = playPairs(1, 2000)

  it("raises no false alarm", () => {
    expect(played.pairs).toBe(2000)
    expect(played.alarms).toEqual([])
  })

  it("is told of every kind of call", () => {
    expect(Object.keys(played.kinds)).toEqual(["answered", "going on", "not answered", "not dialled"])
    expect(Math.min(...Object.values(played.kinds))).toBeGreaterThan(40)
  })

  it("compares every field that two of the providers tell", () => {
    /** No two of the providers tell them. */
    const toldByOne = ["attemptsAllowed", "attemptsMade", "nextAttemptAt", "outcome", "outcomeReason"]
    const ofAttempts = ["carrierCallId", "handledBy"]
    const expected = [
      ...Object.entries(orderRules).flatMap(([field, rule]) =>
        rule === own || toldByOne.includes(field) ? [] : [field]
      ),
      ...Object.entries(attemptRules).flatMap(([field, rule]) =>
        rule === own || ofAttempts.includes(field) ? [] : [`attempts[].${field}`]
      )
    ]
    expect([...played.compared].toSorted()).toEqual(expected.toSorted())
  })

  it("differs by declarations of every sort", () => {
    const sorts = new Set(Object.keys(played.declared).map((each) => each.replace(/^\w+ |\.\w+$/g, "")))
    expect([...sorts].toSorted()).toEqual(["capabilities", "endings", "evidence", "sources"])
  })

  it("is found the same whichever side comes first", () => {
    for (let seed = 5000; seed < 5020; seed++) {
      const call = scriptedCall(String(seed))
      for (const [a, b] of PAIRINGS) {
        const [ofA, ofB] = [readOrders(tellers[a].tell(call)), readOrders(tellers[b].tell(call))]
        const [one, other] = [compareBy([a, b], ofA, ofB, call), compareBy([b, a], ofB, ofA, call)]
        expect(other.same).toEqual(one.same)
        expect(other.declared.map(({ field }) => field)).toEqual(one.declared.map(({ field }) => field))
      }
    }
  })
})

describe("a mistake in a mapping", () => {
  it("is planted in more than twenty ways, each once", () => {
    expect(PLANTED_MISTAKES.length).toBeGreaterThan(20)
    expect(new Set(PLANTED_MISTAKES.map(({ id }) => id)).size).toBe(PLANTED_MISTAKES.length)
  })

  it.each(PLANTED_MISTAKES)("$id: $is, and within 100 pairs $field is named", (mistake) => {
    expect(findMistake(mistake, 1, 100)?.fields).toContain(mistake.field)
  })

  it.each(BEYOND_PAIRS)("$id: $is, which pairs cannot show", (mistake) => {
    expect(findMistake(mistake, 1, 100)).toBeUndefined()
  })
})
