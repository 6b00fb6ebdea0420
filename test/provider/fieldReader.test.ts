import { describe, expect, it } from "vitest"
import type { AttemptStatus, OrderStatus } from "../../src/domain/CallStatus.ts"
import { answeredByReply } from "../../src/domain/Reach.ts"
import { reachOfFailure } from "../../src/domain/Failure.ts"
import { wordTable } from "../../src/domain/Words.ts"
import { IssueLog, meaningOf, readAnswered, readReference, readStatus } from "../../src/provider/FieldReader.ts"

const attemptWords = wordTable<AttemptStatus>({ talking: "in_progress", done: "ended", broken: "failed" })
const orderWords = wordTable<OrderStatus>({ talking: "in_progress", done: "completed", broken: "failed" })

const statusOf = (raw: string | null | undefined, ended = false) => {
  const issues = new IssueLog([])
  return { status: readStatus(raw, attemptWords, "state", ended, issues), issues: issues.all() }
}

describe("a status from a word table", () => {
  it.each([
    ["done", "ended", true],
    ["broken", "failed", true],
    ["talking", "in_progress", false]
  ])("of %s is %s, whatever else was told", (word, value, terminal) => {
    for (const ended of [true, false]) {
      expect(statusOf(word, ended)).toEqual({ status: { value, word, terminal, because: `state=${word}` }, issues: [] })
    }
  })

  it("of an order ends with the order's own words", () => {
    expect(readStatus("done", orderWords, "state", false)).toMatchObject({ value: "completed", terminal: true })
  })

  it.each([true, false])("of an unknown word is over if something else says so: %s", (ended) => {
    expect(statusOf("wrapped up", ended)).toEqual({
      status: { value: "unrecognized", word: "wrapped up", terminal: ended, because: "state=wrapped up" },
      issues: [{ path: "state", reason: "unknown_word", raw: "wrapped up" }]
    })
  })

  it.each([undefined, null, ""])("of no word (%j) has no word, and an issue", (raw) => {
    for (const ended of [true, false]) {
      expect(statusOf(raw, ended)).toEqual({
        status: { value: "unrecognized", terminal: ended, because: "state=missing" },
        issues: [{ path: "state", reason: "missing" }]
      })
    }
  })
})

describe("what every adapter reads in the same way", () => {
  it("is the reference in a map: text of its own that is not empty", () => {
    expect(readReference({ key: "lead-7" }, "key")).toBe("lead-7")
    for (const map of [undefined, null, {}, { key: "" }, { key: 7 }, { key: null }, { other: "lead-7" }])
      expect(readReference(map, "key")).toBeUndefined()
    expect(readReference(Object.create({ key: "inherited" }), "key")).toBeUndefined()
  })

  it("is whether it was answered: null is a no only once it is over", () => {
    expect(readAnswered("2026-03-01T10:00:00Z", false)).toBe(true)
    expect(readAnswered(null, true)).toBe(false)
    expect(readAnswered(null, false)).toBeUndefined()
    for (const raw of [undefined, "", {}]) expect(readAnswered(raw, true)).toBeUndefined()
  })

  it("is the meaning of a word of evidence", () => {
    expect(meaningOf("done", attemptWords)).toBe("ended")
    expect(meaningOf("wrapped up", attemptWords)).toBe("unrecognized")
    for (const none of [undefined, true, false]) expect(meaningOf(none, attemptWords)).toBeUndefined()
  })

  it("is a reply after the agent spoke, and no greeting before", () => {
    const agent = { role: "agent", text: "Hello?" } as const
    const remote = { role: "remote", text: "Yes, hello." } as const
    expect(answeredByReply({ turns: [agent, remote] })).toMatchObject({ value: "human", certainty: "inferred" })
    for (const transcript of [undefined, { text: "Hello?" }, { turns: [] }, { turns: [remote, agent] }])
      expect(answeredByReply(transcript)).toBeUndefined()
  })

  it.each([
    ["busy", "not_reached"],
    ["no_answer", "not_reached"],
    ["unreachable", "not_reached"],
    ["declined", "not_reached"],
    ["blocked", "not_reached"],
    ["invalid_number", "failed"],
    ["congestion", "failed"],
    ["timeout", "failed"],
    ["account", "failed"],
    ["account_limit", "failed"],
    ["customer_error", "failed"],
    ["unrecognized", "failed"]
  ] as const)("is whether nobody was reached or something broke: %s is %s", (kind, reach) => {
    expect(reachOfFailure(kind)).toBe(reach)
  })
})
