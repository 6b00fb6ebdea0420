import { describe, expect, it } from "@effect/vitest"
import { normalize } from "../../adapters/index.ts"
import { parseArguments } from "../../src/domain/Transcript.ts"

const nested = (levels: number): string => `${"[".repeat(levels)}${"]".repeat(levels)}`

describe("arguments of a tool", () => {
  it.each([
    ['{"day":"monday"}', { day: "monday" }],
    ["[1]", [1]],
    ["null", undefined],
    ["not JSON", "not JSON"],
    [{ day: 1 }, { day: 1 }],
    [null, undefined]
  ])("%j", (raw, expected) => expect(parseArguments(raw)).toEqual(expected))

  it.each([101, 20_000, 200_000])("that nest %d levels deep stay text, and the record can be written", (levels) => {
    expect(parseArguments(nested(100))).not.toBeTypeOf("string")
    expect(parseArguments(nested(levels))).toBe(nested(levels))
    const turn = { role: "tool_call", tool_name: "book", tool_arguments: nested(levels) }
    const order = {
      call_order_id: "o",
      id: "o",
      status: "completed",
      call_attempts: [{ id: "a", status: "completed", transcript: [turn] }]
    }
    expect(() => JSON.stringify([...normalize(order)])).not.toThrow()
  })
})
