import { describe, expect, it } from "vitest"
import { sourcePlace } from "../../src/domain/sourcePath.ts"

const record = { legs: [{ notes: ["a", "b"] }, { notes: [] }], "first name": { "a.b": 1 } }
const leg = ["legs", 0]

describe("a path of a source", () => {
  it.each([
    ["status", undefined, ["status"]],
    ["status", leg, ["legs", 0, "status"]],
    ["^.status", leg, ["status"]],
    ["^.customer.number", leg, ["customer", "number"]],
    ["^.status", [], ["status"]],
    ["^.status", undefined, undefined],
    ["notes[1]", leg, ["legs", 0, "notes", 1]],
    ["notes[7].text", leg, ["legs", 0, "notes", 7, "text"]],
    ["notes[-1]", leg, ["legs", 0, "notes", 1]],
    ["notes[-3]", leg, undefined],
    ["notes[-1]", ["legs", 1], undefined],
    ["legs[-1].notes", undefined, ["legs", 1, "notes"]],
    ["status[-1]", undefined, undefined],
    [`["first name"]["a.b"]`, undefined, ["first name", "a.b"]],
    ["call-id.first name", undefined, ["call-id", "first name"]]
  ])("%s, of the attempt at %j, leads to %j", (path, attempt, place) => {
    expect(sourcePlace(record, path, attempt)).toEqual(place)
  })
})
