/** The JSON Schema of a configuration takes what parsing takes. */
import { readFileSync } from "node:fs"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import * as z from "zod"
import { isJsonObject } from "../../src/domain/Json.ts"
import { parseConfiguration } from "../../src/routes/parseConfiguration.ts"
import { blocks } from "./workspace.ts"

const schema: unknown = JSON.parse(
  readFileSync(new URL("../../docs/schema/configuration.json", import.meta.url), "utf8")
)
if (!isJsonObject(schema)) throw new Error("configuration.json is no schema")
/** A library that has no part in making it. It leaves out `minProperties` and `uniqueItems`. */
const validator = z.fromJSONSchema(schema)

const isValid = (configuration: unknown): boolean => validator.safeParse(configuration).success
const isTaken = (configuration: unknown): boolean => Result.isSuccess(parseConfiguration(configuration))

const agents = (at: object) => ({ agents: { reminder: { providers: { a: at } } } })
const rule = (more: object) => ({ routes: { main: { rules: [{ name: "one", use: "a", ...more }] } } })
const hours = { from: "09:00", to: "18:00", timeZone: "Europe/Paris" }
const rates = { a: { currency: "USD", perMinute: { default: "0.1", "+33": "0.14" }, perCall: "0.01" } }

describe("the JSON Schema of a configuration", () => {
  it.each([
    {},
    { $schema: "./node_modules/unicall/docs/schema/configuration.json", agents: {} },
    agents({ id: "x", from: ["+12025550199"], localPresence: true, variables: { n: "1" }, options: { skip: [1] } }),
    agents({ inline: { prompt: "Be brief.", maxDurationSeconds: 60 } }),
    rule({ when: { country: ["FR"], prefix: ["+33"], hours: { ...hours, days: ["monday"] }, needs: ["scheduledAt"] } }),
    { ...rule({ use: ["a", "b"] }), defaultRoute: "main" },
    rule({ use: { weights: { a: 9, b: 0 }, by: "key" } }),
    { ...rule({ use: { cheapest: ["a"], minutes: 2 } }), rates },
    { routes: { main: { rules: [{ name: "one", use: "a" }], mayOmit: ["metadata"] } } }
  ])("takes %j, as parsing does", (configuration) => {
    expect([isValid(configuration), isTaken(configuration)]).toEqual([true, true])
  })

  it.each([
    [[]],
    [{ agent: {} }],
    [{ agents: { "12025550100": { providers: { a: { id: "x" } } } } }],
    [{ agents: { "call-12025550100": { providers: { a: { id: "x" } } } } }],
    [{ agents: { reminder: {} } }],
    [agents({ id: "" })],
    [agents({ id: "x", from: "+12025550199" })],
    [agents({ id: "x", from: ["202 555 0199"] })],
    [agents({ id: "x", from: [] })],
    [agents({ id: "x", version: "3" })],
    [agents({ inline: { prompt: "Be brief.", voice: "x" } })],
    [agents({ id: "x", variables: { n: 1 } })],
    [rule({ name: "to-12025550100" })],
    [rule({ use: [] })],
    [rule({ use: { weights: { a: -1 } } })],
    [rule({ use: { weights: { a: 1 }, by: "chance" } })],
    [rule({ use: { cheapest: ["a"], minutes: 0 } })],
    [rule({ when: { country: ["France"] } })],
    [rule({ when: { hours: { ...hours, from: "9" } } })],
    [rule({ when: { needs: ["coffee"] } })],
    [{ routes: { main: { rules: [] } } }],
    [{ rates: { a: { ...rates.a, currency: "dollar" } } }],
    [{ rates: { a: { ...rates.a, perMinute: { default: 0.1 } } } }],
    [{ rates: { a: { ...rates.a, perMinute: { France: "1" } } } }],
    [{ defaultRoute: "" }]
  ])("refuses %j, as parsing does", (configuration) => {
    expect([isValid(configuration), isTaken(configuration)]).toEqual([false, false])
  })

  it("has the file of an experiment where code has the experiment", () => {
    expect(isValid(rule({ use: { experiment: "experiment.json" } }))).toBe(true)
    expect(isValid(rule({ use: { experiment: { id: "x" } } }))).toBe(false)
  })

  it("takes every configuration in the documentation", () => {
    const shown = blocks.flatMap(({ name, language, text }) => {
      const value: unknown = language === "json" ? JSON.parse(text) : undefined
      const isOne = isJsonObject(value) && ["agents", "routes", "rates"].some((field) => isJsonObject(value[field]))
      return isOne ? [{ name, value }] : []
    })
    expect(shown).not.toEqual([])
    // What a file names, code has in place.
    const withoutExperiments = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value).replaceAll(/"experiment":"[^"]*"/g, `"weights":{"a":1}`))
    for (const { name, value } of shown) {
      expect([name, isValid(value), isTaken(withoutExperiments(value))]).toEqual([name, true, true])
    }
  })
})
