import { existsSync, readdirSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { providers } from "../../adapters/index.ts"
import type { OrderFact } from "../../src/domain/Fact.ts"
import { isJsonObject } from "../../src/domain/Json.ts"
import type { Adapter, FieldSource, Shape } from "../../src/provider/Adapter.ts"
import { adapterContract } from "../../src/testing/index.ts"
import { fixturesOf } from "../adapters/fixtures.ts"
import { withPaths } from "./withPaths.ts"

describe("registry", () => {
  it("has every adapter, each under the name of its folder", () => {
    const adapters = new URL("../../adapters/", import.meta.url)
    const folders = readdirSync(adapters, { withFileTypes: true })
      // Fixtures may be written before the adapter.
      .filter((entry) => entry.isDirectory() && existsSync(new URL(`${entry.name}/index.ts`, adapters)))
      .map(({ name }) => name)
    expect([...providers.ids].toSorted()).toEqual(folders.toSorted())
  })
})

describe.each(providers.adapters.map((adapter) => [adapter.id, adapter] as const))("contract of %s", (id, adapter) => {
  const others = providers.adapters.filter((other) => other.id !== id)
  const cases = adapterContract(adapter, fixturesOf(id), { others })

  it.each(cases.map(({ name, run }) => [name, run] as const))("%s", (_, run) => run())
})

describe("adapterContract", () => {
  const [adapter] = providers.adapters

  it("cannot run without fixtures", () => {
    expect(adapter).toBeDefined()
    if (adapter !== undefined) expect(() => adapterContract(adapter, [])).toThrow("no fixtures")
  })

  it("cannot run without a fixture of each shape", () => {
    for (const adapter of providers.adapters) {
      for (const shape of adapter.shapes) {
        const fixtures = fixturesOf(adapter.id).filter(({ wire }) => !holds(wire, shape))
        expect(() => adapterContract(adapter, fixtures)).toThrow(`no fixture of its shape "${shape.name}"`)
      }
    }
  })
})

/** Each a way to break a good adapter, and the case that must notice. */
const broken: ReadonlyArray<readonly [about: string, breaks: (adapter: Adapter) => Adapter, noticedBy: string]> = [
  ["an id in capitals", (adapter) => ({ ...adapter, id: "Revox" }), "MUST have a lower-case kebab id"],
  [
    "a denied ability",
    (adapter) => ({ ...adapter, capabilities: { ...adapter.capabilities, outcome: "no" } }),
    "MUST NOT show in a fixture"
  ],
  [
    "a verdict that the evidence denies",
    (adapter) => ({ ...adapter, evidence: { ...adapter.evidence, voicemail: undefined } }),
    "MUST declare the evidence"
  ],
  [
    "a figure of time that the evidence denies",
    (adapter) => ({ ...adapter, evidence: { ...adapter.evidence, interruptions_by_remote: undefined } }),
    "MUST declare the evidence"
  ],
  [
    "two shapes of the same keys",
    (adapter) => ({
      ...adapter,
      shapes: adapter.shapes.flatMap((shape) => [shape, { ...shape, name: `${shape.name} too` }])
    }),
    "MUST tell each body"
  ],
  ["a memory", forgetful, "MUST read the same"],
  [
    "a native record of its own",
    (adapter) => reading(adapter, (order) => ({ ...order, native: {} })),
    "MUST keep the provider's record"
  ],
  ["issues swallowed", (adapter) => reading(adapter, (order) => ({ ...order, issues: [] })), "MUST keep words outside"],
  [
    "an unknown status taken for a known one, beside other words that are unrecognized",
    (adapter) =>
      reading(adapter, (order) => {
        const { status } = order.claims
        const value = status.value === "unrecognized" ? "completed" : status.value
        return { ...order, claims: { ...order.claims, status: { ...status, value } } }
      }),
    "MUST keep words outside"
  ],
  [
    "a made-up reference",
    (adapter) => ({
      ...adapter,
      interpretation: {
        ...adapter.interpretation,
        order: (order) => ({ ...adapter.interpretation.order(order), reference: "made-up" })
      }
    }),
    "MUST read exactly the expected records: v2-voicemail"
  ],
  [
    "a source left out",
    (adapter) => withSources(adapter, (sources) => sources.filter(({ field }) => field !== "outcomeReason")),
    "MUST name a source of every"
  ],
  [
    "a source that is another field's",
    (adapter) =>
      withSources(adapter, (sources) =>
        sources.map((each) => (each.field === "from" ? { ...each, paths: ["to_phone_number"] } : each))
      ),
    "MUST name no source"
  ],
  [
    "a field that is read, and said to come from nowhere",
    (adapter) => withPaths(adapter, "order", "outcomeReason"),
    "MUST name every place"
  ],
  [
    "a meaning that is said to come from nowhere",
    (adapter) => withPaths(adapter, "order", "outcome"),
    "MUST name every place"
  ],
  [
    "one of several sources left out",
    (adapter) =>
      withPaths(adapter, "order", "status", "status", "is_completed", "call_attempts", "scheduled_at", "next_call_at"),
    "MUST name every place"
  ],
  [
    "the provider's own word said to come from nowhere, beside a status that names it",
    (adapter) => withPaths(adapter, "order", "providerStatus"),
    "MUST name every place"
  ],
  [
    "a source no fixture has",
    (adapter) =>
      withSources(adapter, (sources) =>
        sources.map((each) => (each.field === "from" ? { ...each, paths: ["caller", ...each.paths] } : each))
      ),
    "SHOULD have a fixture"
  ],
  [
    "secrets in clear",
    (adapter) =>
      reading(adapter, (order) => ({ ...order, claims: { ...order.claims, summary: JSON.stringify(seen) } })),
    "MUST NOT let secrets out"
  ]
]

/** What reached an adapter unredacted, as one that keeps payloads behind the library's back would have it. */
let seen: unknown

const reading = (adapter: Adapter, change: (order: OrderFact) => OrderFact): Adapter => ({
  ...adapter,
  shapes: adapter.shapes.map((shape) => ({
    ...shape,
    matches: (body) => {
      seen = body
      return shape.matches(body)
    },
    read: (body) => {
      const read = shape.read(body)
      return read.kind === "order" ? change(read) : read
    }
  }))
})

function forgetful(adapter: Adapter): Adapter {
  let count = 0
  return reading(adapter, (order) => ({ ...order, claims: { ...order.claims, attemptsMade: count++ } }))
}

const withSources = (
  adapter: Adapter,
  change: (sources: ReadonlyArray<FieldSource>) => ReadonlyArray<FieldSource>
): Adapter => ({
  ...adapter,
  sources: { ...adapter.sources, order: change(adapter.sources.order) }
})

describe("adapterContract notices", () => {
  const revox: Adapter | undefined = providers.adapters.find(({ id }) => id === "revox")

  it.each(broken)("%s", (_, breaks, noticedBy) => {
    if (revox === undefined) throw new Error("no adapter to break")
    const noticing = adapterContract(breaks(revox), fixturesOf(revox.id)).filter(({ name }) =>
      name.startsWith(noticedBy)
    )
    expect(noticing).toHaveLength(1)
    for (const { run } of noticing) expect(run).toThrow(/\S/)
  })
})

describe("a failure of adapterContract", () => {
  const failureOf = (breaks: (adapter: Adapter) => Adapter, name: string): string => {
    const revox = providers.adapters.find(({ id }) => id === "revox")
    const cases = revox === undefined ? [] : adapterContract(breaks(revox), fixturesOf(revox.id))
    try {
      cases.find((each) => each.name.startsWith(name))?.run()
    } catch (error) {
      return error instanceof Error ? error.message : ""
    }
    return ""
  }

  it("names the place in a record with both values", () => {
    const breaks = (adapter: Adapter) =>
      reading(adapter, (order) => ({ ...order, claims: { ...order.claims, attemptsMade: 77 } }))
    expect(failureOf(breaks, "MUST read exactly the expected records: v2-voicemail")).toMatch(
      /^record 0: attemptsMade: expected \S+, got 77$/
    )
  })

  it("names the field and the unknown word that makes no issue", () => {
    const breaks = (adapter: Adapter) => reading(adapter, (order) => ({ ...order, issues: [] }))
    expect(failureOf(breaks, "MUST keep words outside")).toMatch(
      /: status: at status the unknown word "never_heard_of" makes no issue/
    )
  })
})

/** Whether a body of this shape stands anywhere in it, in JSON of its own too. */
const holds = (wire: unknown, shape: Shape): boolean => {
  if (typeof wire === "string") return /^\s*\{/.test(wire) && holds(JSON.parse(wire), shape)
  if (isJsonObject(wire) && shape.matches(wire)) return true
  return typeof wire === "object" && wire !== null && Object.values(wire).some((inner: unknown) => holds(inner, shape))
}
