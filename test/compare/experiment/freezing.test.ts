import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import { parseExperiment } from "../../../src/experiment/parseExperiment.ts"
import { checkFrozen, freeze } from "../../../src/experiment/freeze.ts"
import type { JsonObject } from "../../../src/domain/Json.ts"
import { draft, experimentOf, instant, PROVIDERS, SALT, started, STARTED } from "./experiments.ts"

const digest = /^[0-9a-f]{64}$/

describe("starting", () => {
  it("fixes every field, and starts now unless the experiment names a later moment", () => {
    const now = started()
    expect(now).toMatchObject({ ...draft, start: STARTED, frozen: { at: STARTED } })
    expect(now.frozen?.digest).toMatch(digest)
    expect(Object.keys(now.frozen?.fields ?? {}).toSorted()).toEqual([...Object.keys(draft), "start"].toSorted())
    expect(started({ start: "2030-03-02T00:00:00Z" }).start).toBe("2030-03-02T00:00:00.000Z")
    expect(checkFrozen(now)).toEqual([])
    expect(checkFrozen(experimentOf())).toEqual([])
  })

  it("happens once, and not too late", () => {
    const fieldOf = (result: ReturnType<typeof freeze>) => Result.isFailure(result) && result.failure.field
    expect(fieldOf(freeze(started(), STARTED))).toBe("frozen")
    expect(fieldOf(freeze(experimentOf({ start: "2030-02-28T00:00:00Z" }), STARTED))).toBe("start")
    expect(fieldOf(freeze(experimentOf({ end: "2030-03-01T09:00:00Z" }), STARTED))).toBe("end")
  })

  it("has a digest of what is said, not of how it is written", () => {
    const { salt, id, ...rest } = draft
    const rewritten = { ...rest, salt, id, end: "2030-06-01T02:00+02:00" }
    const other = Result.getOrThrow(parseExperiment(rewritten, PROVIDERS))
    const digests = [started({ end: "2030-06-01T00:00:00Z" }), Result.getOrThrow(freeze(other, STARTED))]
    expect(digests[1]?.frozen).toEqual(digests[0]?.frozen)
    expect(started({}, instant("2030-03-01T09:00:01Z")).frozen?.digest).not.toBe(started().frozen?.digest)
  })

  it("has the digests that anybody can compute from the file", () => {
    // With Python's hmac, hashlib and json (sorted keys, no spaces), the salt by its HMAC.
    expect(started().frozen).toMatchObject({
      digest: "c956ad721dba0dbe88967cf8f28961d1f795d84e01f72a22a682f27fc3316afe",
      fields: {
        arms: "4ddd11a565f8b2284ce555b4853b3a2f2ad0c35dd67a6a4f87f37911bcaea95f",
        salt: "4acc2b85fda86d9ab854ab91b1ed3ea5cedae8818fef583c2a04a9f08369f92d"
      }
    })
  })

  it("does not tell the salt by its digests", () => {
    const { frozen } = started()
    expect(JSON.stringify(frozen)).not.toContain(SALT)
    expect(started({ salt: "Vn4x0pQz7aLw2KsD" }).frozen?.fields["salt"]).not.toBe(frozen?.fields["salt"])
  })
})

describe("a change after the start", () => {
  it.each<readonly [ReadonlyArray<string>, JsonObject]>([
    [["id"], { id: "exp-2" }],
    [["arms"], { arms: experimentOf().arms.toReversed() }],
    [["arms"], { arms: experimentOf().arms.map((arm) => ({ ...arm, share: 2 })) }],
    [["unit"], { unit: "reference" }],
    [["salt"], { salt: "k3Jd92ksLqpz81Xn" }],
    [["primary"], { primary: { metric: "first_attempt.human_reached", smallestEffect: 0.05 } }],
    [["start"], { start: "2030-03-01T09:00:00.001Z" }],
    [["end"], { end: "2030-06-01T00:00:00.000Z" }],
    [["baseline"], { baseline: "control" }],
    [["alpha", "guardrails"], { guardrails: [{ metric: "order.success" }], alpha: 0.1 }]
  ])("is found by its field: %j", (fields, changes) => {
    const input = { ...started(), ...changes }
    const parsed = parseExperiment(input, PROVIDERS)
    if (Result.isSuccess(parsed)) return expect(parsed).toBe("a fault")
    expect(parsed.failure.field).toBe(fields[0])
    expect(parsed.failure.expected).toContain("when the experiment was started on 2030-03-01")
    for (const field of fields.slice(1)) expect(parsed.failure.expected).toContain(field)
  })

  it("is found where something was taken away, or the record of the start itself was changed", () => {
    const { frozen, ...fields } = started({ alpha: 0.01, strata: ["hour"] })
    if (frozen === undefined) return expect(frozen).toBe("there")
    const { alpha: _, strata: __, ...less } = fields
    expect(checkFrozen({ ...less, frozen })).toEqual(["alpha", "strata"])
    expect(checkFrozen({ ...fields, frozen: { ...frozen, at: instant("2030-02-01T00:00:00Z") } })).toEqual(["frozen"])
    expect(checkFrozen({ ...fields, frozen: { ...frozen, digest: "0".repeat(64) } })).toEqual(["frozen"])
    const { salt: ___, ...unsalted } = frozen.fields
    expect(checkFrozen({ ...fields, frozen: { ...frozen, fields: unsalted } })).toEqual(["salt"])
  })
})
