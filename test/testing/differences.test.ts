import { describe, expect, it } from "vitest"
import { differencesOf } from "../../src/testing/differences.ts"

describe("differences of records", () => {
  it("are told by their place, with both values", () => {
    const want = { id: "c-1", agent: { id: "a", name: "B" }, attempts: [{ to: "+1" }, { to: "+2" }], from: "+3" }
    const got = { id: "c-1", agent: { id: "a", name: null }, attempts: [{ to: "+4" }], summary: "x".repeat(500) }
    expect(differencesOf(want, got)).toEqual([
      `agent.name: expected "B", got null`,
      `attempts[0].to: expected "+1", got "+4"`,
      `attempts[1]: expected {"to":"+2"}, got nothing`,
      `from: expected "+3", got nothing`,
      `summary: expected nothing, got "${"x".repeat(159)}…`
    ])
    expect(differencesOf({ a: null }, {})).toEqual(["a: expected null, got nothing"])
  })

  it("are none between records that say the same, whatever the order of keys and issues", () => {
    const issues = [
      { path: "a", reason: "missing" },
      { path: "b", reason: "missing" }
    ]
    expect(
      differencesOf({ a: 1, b: [{}], issues }, { b: [{}], issues: issues.toReversed(), a: 1, c: undefined })
    ).toEqual([])
  })

  it("are told of issues by what is missing and what is too much, each as often as it is", () => {
    const [a, b] = ["a", "b"].map((path) => ({ path, reason: "missing" }))
    expect(differencesOf({ issues: [a, a] }, { issues: [b, a] })).toEqual([
      `issues: expected {"path":"a","reason":"missing"}, which is not there`,
      `issues: got {"path":"b","reason":"missing"}, which is not expected`
    ])
  })
})
