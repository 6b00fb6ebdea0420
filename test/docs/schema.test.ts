import { readdirSync, readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import * as z from "zod"
import { openCalls } from "../../adapters/promiseNode.ts"
import { makeRevoxTwin } from "../../adapters/revox/Twin.ts"
import { makeRevRingTwin } from "../../adapters/revring/Twin.ts"
import { makeVapiTwin } from "../../adapters/vapi/Twin.ts"
import { listen } from "../../src/twin/server.ts"
import { fold, normalize, providers } from "../../adapters/index.ts"
import { isJsonObject } from "../../src/domain/Json.ts"
import { RECORD_KINDS } from "../../src/domain/OutputRecord.ts"
import { fixturesOf } from "../adapters/fixtures.ts"
import { withConfiguration } from "../../src/switch/plan.ts"
import { adapterOf, planFor } from "../switch/planned.ts"

const folder = new URL("../../docs/schema/", import.meta.url)

const readSchema = (name: string): unknown => JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"))

const NAMES = [
  ...RECORD_KINDS,
  "call_change",
  "output_record",
  "switch_plan",
  "agent_info",
  "number_info",
  "configuration"
]

/** Read by a library that has no part in making them. */
const validators = new Map(
  NAMES.map((name) => {
    const schema = readSchema(name)
    if (!isJsonObject(schema)) throw new Error(`${name}.json is no schema`)
    return [name, z.fromJSONSchema(schema)] as const
  })
)

const errors = (name: string, record: unknown): unknown =>
  validators.get(name)?.safeParse(JSON.parse(JSON.stringify(record))).error?.issues

const fixtures = providers.ids.flatMap((id) =>
  fixturesOf(id).map((fixture) => [`${id} ${fixture.name}`, fixture] as const)
)

const collected = async <A>(items: AsyncIterable<A>): Promise<ReadonlyArray<A>> => {
  const all: Array<A> = []
  for await (const item of items) all.push(item)
  return all
}

describe("JSON Schemas", () => {
  it("are there for every kind and for all together", () => {
    expect(readdirSync(folder).toSorted()).toEqual(NAMES.map((name) => `${name}.json`).toSorted())
  })

  it("are self-contained, titled, of draft 2020-12", () => {
    for (const name of validators.keys()) {
      const schema = readSchema(name)
      expect(schema).toMatchObject({
        $schema: "https://json-schema.org/draft/2020-12/schema",
        title: expect.any(String)
      })
      expect(schema).not.toHaveProperty("$id")
      const references = JSON.stringify(schema).match(/"\$ref":"[^"]*"/g) ?? []
      for (const reference of references) expect(reference).toContain(`"#/$defs/`)
    }
  })

  it.each(fixtures)("accept what becomes of %s", (_, { wire }) => {
    for (const record of [...normalize(wire), ...fold([wire, wire])]) {
      expect(errors(record.kind, record)).toBeUndefined()
      expect(errors("output_record", record)).toBeUndefined()
    }
  })

  it("accept a plan of a move, and none with another word", () => {
    const plan = planFor("revox", "revring", [])
    expect(plan.features.length).toBeGreaterThan(20)
    expect(errors("switch_plan", plan)).toBeUndefined()
    const settings = { agents: { desk: { providers: { revox: { id: "a-1" } } } } }
    const both = withConfiguration(plan, settings, { source: adapterOf("revox"), target: adapterOf("revring") })
    expect(both.configuration?.findings.length).toBeGreaterThan(2)
    expect(errors("switch_plan", both)).toBeUndefined()
    expect(errors("switch_plan", { ...both, configuration: { ...both.configuration, routes: -1 } })).toBeDefined()
    expect(errors("switch_plan", { ...plan, features: [{ ...plan.features[0], fate: "perhaps" }] })).toBeDefined()
  })

  it("accept no record of another kind, with another word, or without what is always there", () => {
    const seen = new Set<string>()
    for (const [, { wire }] of fixtures) {
      for (const record of normalize(wire)) {
        if (seen.has(record.kind)) continue
        seen.add(record.kind)
        expect(RECORD_KINDS.filter((kind) => errors(kind, record) === undefined)).toEqual([record.kind])
        expect(errors(record.kind, { ...record, provider: 1 })).toBeDefined()
        expect(errors("output_record", { ...record, kind: "call" })).toBeDefined()
        if (record.kind === "call_order" || record.kind === "call_attempt") {
          expect(errors(record.kind, { ...record, status: "completely" })).toBeDefined()
          expect(errors(record.kind, { ...record, reach: undefined })).toBeDefined()
          expect(errors("output_record", { ...record, reach: { ...record.reach, value: "perhaps" } })).toBeDefined()
        }
      }
    }
    expect([...seen].toSorted()).toEqual([...RECORD_KINDS].toSorted())
  })

  it("accept the agents and numbers that providers list, and none with a number that is none", async () => {
    const twins = [makeRevoxTwin(), makeRevRingTwin(), makeVapiTwin()] as const
    const [revox, revring, vapi] = await Promise.all([listen(twins[0]), listen(twins[1]), listen(twins[2])])
    const apiKey = "twin-key"
    await using calls = await openCalls({
      revox: { apiKey, baseUrl: revox.url },
      revring: { apiKey, baseUrl: revring.url },
      vapi: { apiKey, baseUrl: vapi.url }
    })
    for (const provider of calls.providers) {
      const agents = await collected(calls.agents({ provider }))
      const numbers = await collected(calls.numbers({ provider }))
      expect([agents.length, numbers.length].every((count) => count > 0)).toBe(true)
      for (const agent of agents) expect(errors("agent_info", agent)).toBeUndefined()
      for (const number of numbers) {
        expect(errors("number_info", number)).toBeUndefined()
        expect(errors("number_info", { ...number, e164: "202 555 0199" })).toBeDefined()
        expect(errors("agent_info", number)).toBeDefined()
      }
    }
    await Promise.all([revox.close(), revring.close(), vapi.close()])
  })

  it("describe every field", () => {
    for (const kind of [...RECORD_KINDS, "agent_info", "number_info"]) {
      const schema = readSchema(kind)
      const properties = isJsonObject(schema) && isJsonObject(schema["properties"]) ? schema["properties"] : {}
      expect(Object.keys(properties).length).toBeGreaterThan(5)
      const undescribed = Object.entries(properties).filter(
        ([, property]) => !isJsonObject(property) || property["description"] === undefined
      )
      expect(undescribed).toEqual([])
    }
  })
})
