import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import { applyAssignment, notRunning, readTag, TAG_KEY } from "../../../src/experiment/assignmentTag.ts"
import type { Experiment } from "../../../src/experiment/Experiment.ts"
import { stopExperiment } from "../../../src/experiment/freeze.ts"
import type { JsonObject } from "../../../src/domain/Json.ts"
import type { Capabilities } from "../../../src/provider/Capabilities.ts"
import { MEMORY_CAPABILITIES } from "../../../src/testing/memoryAdapter.ts"
import { experimentOf, instant, SALT, started, STARTED } from "./experiments.ts"

const able: Capabilities = {
  ...MEMORY_CAPABILITIES,
  metadata: "yes",
  variables: "yes",
  inlineAgent: "yes",
  callerNumber: "optional"
}
/** The second provider has neither metadata nor a number of its own. */
const capabilities = new Map<string, Capabilities>([
  ["alpha", able],
  ["beta", { ...able, metadata: "no", callerNumber: "required", inlineAgent: "no" }]
])

const apply = (order: unknown, experiment: Experiment = started(), at = STARTED) =>
  applyAssignment(experiment, order, { capabilitiesOf: (id) => capabilities.get(id), at })

/** By tests of assignment: the first is in treatment, the second in control. */
const treated: JsonObject = { to: "+12025550101", from: "+12025550199", reference: "order-1" }
const controlled: JsonObject = { to: "+33199000003", from: "+12025550199", reference: "order-2" }

const faultOf = (result: ReturnType<typeof apply>) => (Result.isFailure(result) ? result.failure.field : "none")

describe("an assigned order", () => {
  it("has its arm's provider and agent, and carries the assignment where the provider brings it back", () => {
    expect(Result.getOrThrow(apply({ ...controlled, variables: { name: "Ada" } })).order).toEqual({
      ...controlled,
      provider: "alpha",
      agent: { id: "agent-a" },
      variables: { name: "Ada" },
      metadata: { [TAG_KEY]: "exp-1/control/22ef4ea86d29" }
    })
    expect(Result.getOrThrow(apply({ ...treated, variables: { name: "Ada" } })).order).toEqual({
      ...treated,
      provider: "beta",
      agent: { id: "agent-b" },
      variables: { name: "Ada", [TAG_KEY]: "exp-1/treatment/c6dff0171923" }
    })
  })

  it("may have its agent left out as undefined, as rows of a table do", () => {
    expect(Result.getOrThrow(apply({ ...controlled, agent: undefined })).order.agent).toEqual({ id: "agent-a" })
  })

  it("has its arm's options beside its own", () => {
    const experiment = started({
      arms: [
        { name: "control", provider: "alpha", agent: "a", share: 1, providerOptions: { fast: true } },
        { name: "treatment", provider: "beta", agent: "b", share: 1 }
      ]
    })
    const own = { ...controlled, providerOptions: { alpha: { voice: "low", fast: true }, beta: { line: 1 } } }
    expect(Result.getOrThrow(apply(own, experiment)).order["providerOptions"]).toEqual({
      alpha: { voice: "low", fast: true },
      beta: { line: 1 }
    })
    expect(Result.getOrThrow(apply(controlled, experiment)).order["providerOptions"]).toEqual({ alpha: { fast: true } })
    expect(faultOf(apply({ ...controlled, providerOptions: { alpha: { fast: false } } }, experiment))).toBe(
      "providerOptions.alpha.fast"
    )
    expect(faultOf(apply({ ...controlled, providerOptions: { alpha: 3 } }, experiment))).toBe("providerOptions.alpha")
  })

  it("keeps its own agent where no arm names one", () => {
    const experiment = started({
      arms: [
        { name: "control", provider: "alpha", share: 1, providerOptions: { fast: true } },
        { name: "treatment", provider: "alpha", share: 1 }
      ]
    })
    const agent = { inline: { prompt: "Hello" } }
    const assigned = Result.getOrThrow(apply({ ...controlled, agent, provider: "alpha" }, experiment))
    expect(assigned.order).toMatchObject({ agent, provider: "alpha" })
    expect(faultOf(apply(controlled, experiment))).toBe("agent")
    expect(faultOf(apply({ ...controlled, agent, metadata: "none" }, experiment))).toBe("metadata")
  })

  it("tells nobody's number by what it carries", () => {
    const { order, digest } = Result.getOrThrow(apply(treated))
    const carried = JSON.stringify(order["variables"])
    for (const secret of ["2025550101", SALT, digest]) expect(carried).not.toContain(secret)
  })

  it.each<readonly [string, JsonObject, string]>([
    ["names another provider than its arm's", { provider: "beta" }, "provider"],
    ["names its own arm's provider, but not every arm's", { provider: "alpha" }, "provider"],
    ["names an agent", { agent: { id: "agent-c" } }, "agent"],
    ["brings an agent of its own", { agent: { inline: { prompt: "Hello" } } }, "agent"],
    ["carries another assignment", { metadata: { [TAG_KEY]: "exp-0/b/000000000000" } }, `metadata.${TAG_KEY}`],
    ["asks for what one arm cannot do", { metadata: { order: "17" } }, "metadata"],
    ["lacks what one arm requires", { from: undefined }, "from"],
    ["is no order", { reference: undefined }, "reference"],
    ["has metadata that is none", { metadata: "none" }, "metadata"],
    ["has no number to assign", { to: undefined }, "to"]
  ])("is refused if it %s, whichever arm it is in", (_, changes, field) => {
    expect(faultOf(apply({ ...controlled, ...changes }))).toBe(field)
    const other = apply({ ...treated, ...changes })
    expect(Result.isFailure(other)).toBe(true)
  })

  it.each([undefined, null, "order", [controlled]])("is an object, not %j", (order) => {
    expect(faultOf(apply(order))).toBe("order")
  })

  it("is placed only while the experiment runs as it was started", () => {
    const experiment = started({ end: "2030-03-02T00:00:00Z" })
    const at = (text: string) => faultOf(apply(controlled, experiment, instant(text)))
    expect(at("2030-03-01T08:59:59.999Z")).toBe("experiment.start")
    expect(at("2030-03-01T23:59:59.999Z")).toBe("none")
    expect(at("2030-03-02T00:00:00Z")).toBe("experiment.end")
    expect(faultOf(apply(controlled, experimentOf()))).toBe("experiment.frozen")
    expect(faultOf(apply(controlled, { ...experiment, alpha: 0.2 }))).toBe("experiment.alpha")
    expect(notRunning(experiment, STARTED)).toBeUndefined()
    const stopped = Result.getOrThrow(stopExperiment(experiment, STARTED))
    expect(faultOf(apply(controlled, stopped))).toBe("experiment.stopped")
  })

  it("needs providers that can be called", () => {
    const result = applyAssignment(started(), controlled, { capabilitiesOf: () => undefined, at: STARTED })
    expect(faultOf(result)).toBe("experiment.arms")
  })
})

describe("a tag", () => {
  const tag = "exp-1/treatment/c6dff0171923"

  it("is read from either map", () => {
    const read = { arm: "treatment", digest: "c6dff0171923" }
    expect(readTag({ metadata: { [TAG_KEY]: tag } }, "exp-1")).toEqual(read)
    expect(readTag({ variables: { [TAG_KEY]: tag } }, "exp-1")).toEqual(read)
    expect(
      readTag({ metadata: { [TAG_KEY]: "exp-0/b/000000000000" }, variables: { [TAG_KEY]: tag } }, "exp-1")
    ).toEqual(read)
  })

  it.each([
    [{}],
    [{ metadata: {} }],
    [{ metadata: { [TAG_KEY]: 17 } }],
    [{ metadata: { [TAG_KEY]: "exp-10/treatment/c6dff0171923" } }],
    [{ metadata: { [TAG_KEY]: "exp-1/treatment" } }],
    [{ metadata: { [TAG_KEY]: "exp-1/a/b/c6dff0171923" } }],
    [{ metadata: { [TAG_KEY]: `${tag}0` } }],
    [{ metadata: { [TAG_KEY]: "exp-1/treatment/C6DFF0171923" } }]
  ])("is none: %j", (order) => {
    expect(readTag(order, "exp-1")).toBeUndefined()
  })
})
