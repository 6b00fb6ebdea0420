import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import { parseExperiment } from "../../../src/experiment/parseExperiment.ts"
import * as Compare from "../../../adapters/compare.ts"
import { providers } from "../../../adapters/index.ts"
import type { Experiment } from "../../../src/experiment/Experiment.ts"
import { metricIds } from "../../../src/metrics/index.ts"
import { changeFault, checkFrozen, freeze, stopExperiment } from "../../../src/experiment/freeze.ts"
import type { JsonObject } from "../../../src/domain/Json.ts"
import { draft, experimentOf, instant, PROVIDERS, SALT, started, STARTED, WITNESSES } from "./experiments.ts"

const digest = /^[0-9a-f]{64}$/

/** As a version left it that fixed neither definitions nor which way is good; the digests are Python's. */
const startedEarlier = (): Experiment => {
  const { frozen, ...fields } = started()
  const { better: _, ...primary } = fields.primary
  const digests = { ...frozen?.fields, primary: "df38d4359f9cf9ea9a9c2d879dfd8d878ea79b5917345b47cb2d2292ba0a5938" }
  const digest = "c956ad721dba0dbe88967cf8f28961d1f795d84e01f72a22a682f27fc3316afe"
  return { ...fields, primary, frozen: { at: STARTED, digest, fields: digests } }
}

describe("starting", () => {
  it("fixes every field, and starts now unless the experiment names a later moment", () => {
    const now = started()
    expect(now).toMatchObject({ ...draft, start: STARTED, frozen: { at: STARTED } })
    expect(now.frozen?.digest).toMatch(digest)
    expect(Object.keys(now.frozen?.fields ?? {}).toSorted()).toEqual([...Object.keys(draft), "start"].toSorted())
    // What is left to the library is written down, since a later version may suppose otherwise.
    expect(started({ primary: { metric: "first_attempt.connected" } }).primary).toEqual({
      metric: "first_attempt.connected",
      smallestEffect: 0.03,
      better: "higher"
    })
    const guardrails = [{ metric: "first_attempt.not_reached" }, { metric: "first_attempt.voicemail", better: "lower" }]
    expect(started({ guardrails }).guardrails?.map(({ better }) => better)).toEqual(["lower", "lower"])
    expect(started({ start: "2030-03-02T00:00:00Z" }).start).toBe("2030-03-02T00:00:00.000Z")
    expect(checkFrozen(now)).toEqual([])
    expect(checkFrozen(experimentOf())).toEqual([])
  })

  it("happens once, and not too late", () => {
    const fieldOf = (result: ReturnType<typeof freeze>) => Result.isFailure(result) && result.failure.field
    expect(fieldOf(freeze(started(), STARTED, WITNESSES))).toBe("frozen")
    expect(fieldOf(freeze(experimentOf({ start: "2030-02-28T00:00:00Z" }), STARTED, WITNESSES))).toBe("start")
    expect(fieldOf(freeze(experimentOf({ end: "2030-03-01T09:00:00Z" }), STARTED, WITNESSES))).toBe("end")
  })

  it("has a digest of what is said, not of how it is written", () => {
    const { salt, id, ...rest } = draft
    const rewritten = { ...rest, salt, id, end: "2030-06-01T02:00+02:00" }
    const other = Result.getOrThrow(parseExperiment(rewritten, PROVIDERS))
    const digests = [started({ end: "2030-06-01T00:00:00Z" }), Result.getOrThrow(freeze(other, STARTED, WITNESSES))]
    expect(digests[1]?.frozen).toEqual(digests[0]?.frozen)
    expect(started({}, instant("2030-03-01T09:00:01Z")).frozen?.digest).not.toBe(started().frozen?.digest)
  })

  it("has the digests that anybody can compute from the file", () => {
    // With Python's hmac, hashlib and json (sorted keys, no spaces), the salt by its HMAC.
    expect(started().frozen?.fields).toMatchObject({
      arms: "4ddd11a565f8b2284ce555b4853b3a2f2ad0c35dd67a6a4f87f37911bcaea95f",
      salt: "4acc2b85fda86d9ab854ab91b1ed3ea5cedae8818fef583c2a04a9f08369f92d"
    })
    expect(checkFrozen(startedEarlier())).toEqual([])
  })

  it("fixes the definition of each metric that the providers of the arms have in common", () => {
    const { frozen } = started()
    expect(Object.keys(frozen?.definitions ?? {})).toEqual([...metricIds])
    expect(frozen?.definitions?.["first_attempt.human_reached"]).toEqual({
      id: "first_attempt.human_reached.own_word",
      digest: expect.stringMatching(digest)
    })
    const { definitions: _, ...without } = frozen ?? { at: STARTED, digest: "", fields: {} }
    expect(checkFrozen({ ...started(), frozen: without })).toEqual(["frozen"])
  })

  it("is refused for a goal that the providers can never be compared by, with the reasons of a comparison", () => {
    const goal = { metric: "order.success" }
    const arms = [
      { name: "a", provider: "revox", agent: "x", share: 1 },
      { name: "b", provider: "revring", agent: "y", share: 1 }
    ]
    const faultOf = (changes: JsonObject) => {
      const fault = Result.flatMap(parseExperiment({ ...draft, arms, ...changes }, providers.ids), (experiment) =>
        freeze(experiment, STARTED, providers)
      )
      return Result.isFailure(fault) ? fault.failure : undefined
    }
    expect(faultOf({})).toBeUndefined()
    const primary = faultOf({ primary: goal })
    expect(primary?.field).toBe("primary.metric")
    expect(primary?.expected).toContain("RevRing does not tell what came of the order.")
    expect(primary?.expected).toMatch(/These can be compared: first_attempt\.connected, first_attempt\.human_reached,/)
    expect(primary?.expected).not.toContain("order.success,")
    expect(faultOf({ guardrails: [{ metric: "first_attempt.connected" }, goal] })?.field).toBe("guardrails[1].metric")
    expect(faultOf({ primary: { metric: "first_attempt.busy", better: "lower" } })?.expected).toMatch(
      /Revox states that the line was busy .*These are not the same measure\. These can/
    )
    // As the package has it, by the providers that there are.
    const bound = Result.flatMap(Compare.readExperiment({ ...draft, arms, primary: goal }), (experiment) =>
      Result.flatMap(Compare.planExperiment(experiment, { baselineRate: 0.4, power: 0.8 }), () =>
        Compare.freeze(experiment, STARTED)
      )
    )
    expect(Result.isFailure(bound) && bound.failure).toEqual(primary)
    // Two agents of one provider differ in nothing that it tells.
    expect(faultOf({ primary: goal, arms: arms.map((arm) => ({ ...arm, provider: "revox" })) })).toBeUndefined()
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

describe("stopping", () => {
  const LATER = instant("2030-03-08T12:30:00Z")
  const stopped = (changes: JsonObject = {}, reason?: string) =>
    Result.getOrThrow(stopExperiment(started(changes), LATER, reason))

  it("is recorded with its reason, survives the file, and leaves the digest of the start as it was", () => {
    const experiment = stopped({}, "An arm called at night")
    expect(experiment.stopped).toEqual({
      at: LATER,
      reason: "An arm called at night",
      digest: expect.stringMatching(digest)
    })
    expect(experiment.frozen).toEqual(started().frozen)
    expect(checkFrozen(experiment)).toEqual([])
    expect(Result.getOrThrow(parseExperiment(JSON.parse(JSON.stringify(experiment)), PROVIDERS))).toEqual(experiment)
    expect(stopped().stopped).not.toHaveProperty("reason")
    expect(stopped().stopped?.digest).not.toBe(experiment.stopped?.digest)
  })

  it("cannot be changed after", () => {
    const experiment = stopped({}, "An arm called at night")
    const { reason: _, ...withoutReason } = experiment.stopped ?? { at: LATER, digest: "" }
    for (const changed of [
      { ...withoutReason },
      { ...withoutReason, reason: "Enough data" },
      { ...withoutReason, reason: "An arm called at night", at: STARTED }
    ]) {
      expect(changeFault({ ...experiment, stopped: changed })).toEqual({
        field: "stopped",
        expected: "what it was when the experiment was stopped"
      })
    }
    expect(changeFault({ ...experimentOf(), stopped: withoutReason })?.expected).toMatch(/never started/)
    expect(checkFrozen({ ...experiment, salt: "k3Jd92ksLqpz81Xn" })).toEqual(["salt"])
  })

  it("happens once, while the experiment runs, for a reason that fits on a line", () => {
    const faultOf = (experiment: Experiment, reason?: string) => {
      const result = stopExperiment(experiment, LATER, reason)
      return Result.isFailure(result) && result.failure.field
    }
    expect(faultOf(experimentOf())).toBe("frozen")
    expect(faultOf(stopped())).toBe("stopped")
    expect(faultOf(started({ end: "2030-03-08T12:30:00Z" }))).toBe("end")
    expect(faultOf({ ...started(), alpha: 0.1 })).toBe("alpha")
    for (const reason of ["", "  ", "two\nlines", "x".repeat(501)]) expect(faultOf(started(), reason)).toBe("reason")
    expect(Result.isFailure(freeze(stopped(), LATER, WITNESSES))).toBe(true)
  })
})
