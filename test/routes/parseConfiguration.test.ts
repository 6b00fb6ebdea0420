/** Configurations: each mistake is named by its place, and never quoted. */
import { describe, expect, it } from "@effect/vitest"
import * as Result from "effect/Result"
import { readyAt } from "../../src/calls/prepare.ts"
import { parseConfiguration } from "../../src/routes/parseConfiguration.ts"
import { configurationDigest, makeRouter } from "../../src/routes/makeRouter.ts"
import { provider } from "./routed.ts"

const agents = (at: object) => ({ agents: { reminder: { providers: { a: at } } } })
const rule = (more: object) => ({ routes: { main: { rules: [{ name: "one", use: "a", ...more }] } } })
const hours = { from: "09:00", to: "18:00", timeZone: "Europe/Paris" }

const faultOf = (input: unknown): string =>
  Result.match(parseConfiguration(input), {
    onFailure: ({ field, expected }) => `${field}: ${expected}`,
    onSuccess: () => "taken"
  })

describe("a configuration", () => {
  it.each([
    ["nothing", {}],
    ["its schema, for editors", { $schema: "./node_modules/unicall/docs/schema/configuration.json" }],
    ["an agent", agents({ id: "agent-1", from: ["+12025550199"], options: { skip: true } })],
    ["a rule with everything", rule({ when: { country: ["FR"], prefix: ["+33"], hours, needs: ["scheduledAt"] } })],
    ["weights", rule({ use: { weights: { a: 9, b: 0 }, by: "key" } })],
    [
      "prices",
      { ...rule({ use: { cheapest: ["a"] } }), rates: { a: { currency: "USD", perMinute: { default: "0.1" } } } }
    ],
    ["a function", rule({ use: { choose: () => "a" } })]
  ])("takes %s", (_name, input) => {
    expect(faultOf(input)).toBe("taken")
  })

  it.each([
    ["a list", [], "configuration: an object"],
    ["a name that nobody knows", { agent: {} }, "agent: no field of this name"],
    [
      "an agent without providers",
      { agents: { reminder: {} } },
      "agents.reminder.providers: what the agent is, by provider"
    ],
    [
      "an agent of no provider",
      { agents: { reminder: { providers: {} } } },
      "agents.reminder.providers: one provider at least"
    ],
    [
      "an id that is a number",
      agents({ id: 7 }),
      "agents.reminder.providers.a.id: the id of the agent at the provider"
    ],
    [
      "a number as people write it",
      agents({ id: "x", from: ["202 555 0199"] }),
      "agents.reminder.providers.a.from[0]: telephone numbers in E.164, such as +12025550100"
    ],
    [
      "a number twice",
      agents({ id: "x", from: ["+12025550199", "+12025550199"] }),
      "agents.reminder.providers.a.from: each number once"
    ],
    [
      "a variable that is no text",
      agents({ id: "x", variables: { n: 1 } }),
      "agents.reminder.providers.a.variables.n: text"
    ],
    [
      "a field that no agent has",
      agents({ id: "x", version: "3" }),
      "agents.reminder.providers.a.version: no field of this name"
    ],
    [
      "no rules",
      { routes: { main: { rules: [] } } },
      'routes.main.rules: a list of rules: { "name": …, "use": … }, with when if wished'
    ],
    [
      "a rule of no name",
      rule({ name: "" }),
      "routes.main.rules[0].name: a name that begins with a letter: 1 to 64 letters, digits, dots, dashes and underscores, no telephone number"
    ],
    [
      "a rule named for a number",
      rule({ name: "to-12025550100" }),
      "routes.main.rules[0].name: a name that begins with a letter: 1 to 64 letters, digits, dots, dashes and underscores, no telephone number"
    ],
    [
      "two rules of one name",
      {
        routes: {
          main: {
            rules: [
              { name: "one", use: "a" },
              { name: "one", use: "b" }
            ]
          }
        }
      },
      "routes.main.rules[1].name: a name that no other rule of the route has"
    ],
    [
      "a country in words",
      rule({ when: { country: ["France"] } }),
      "routes.main.rules[0].when.country[0]: a country by its two letters (ISO 3166), such as FR"
    ],
    [
      "a country that there is not",
      rule({ when: { country: ["FR", "UK"] } }),
      "routes.main.rules[0].when.country[1]: a country by its two letters (ISO 3166), such as FR"
    ],
    [
      "a prefix without a plus",
      rule({ when: { prefix: ["33"] } }),
      "routes.main.rules[0].when.prefix[0]: the beginning of a number in E.164, such as +33"
    ],
    [
      "hours that are none",
      rule({ when: { hours: { ...hours, from: "9" } } }),
      "routes.main.rules[0].when.hours.from: a time of day such as 09:00"
    ],
    [
      "hours that do not end",
      rule({ when: { hours: { ...hours, to: "09:00" } } }),
      "routes.main.rules[0].when.hours: an end that is not the beginning"
    ],
    [
      "a time zone that is none",
      rule({ when: { hours: { ...hours, timeZone: "Paris" } } }),
      "routes.main.rules[0].when.hours.timeZone: the IANA name of a time zone, such as Europe/Paris"
    ],
    [
      "a need that is none",
      rule({ when: { needs: ["coffee"] } }),
      "routes.main.rules[0].when.needs[0]: one of from, agent.inline, scheduledAt, retry, metadata, variables, concurrency"
    ],
    [
      "weights that are all 0",
      rule({ use: { weights: { a: 0 } } }),
      "routes.main.rules[0].use.weights: a weight above 0"
    ],
    [
      "a weight below 0",
      rule({ use: { weights: { a: -1 } } }),
      "routes.main.rules[0].use.weights.a: a number, 0 or more"
    ],
    [
      "two uses at once",
      rule({ use: { weights: { a: 1 }, cheapest: ["a"] } }),
      "routes.main.rules[0].use: one of weights (with by, keep), cheapest (with minutes), experiment and choose, and nothing of another one"
    ],
    [
      "what belongs to another use",
      rule({ use: { cheapest: ["a"], by: "key" } }),
      "routes.main.rules[0].use: one of weights (with by, keep), cheapest (with minutes), experiment and choose, and nothing of another one"
    ],
    [
      "no price",
      rule({ use: { cheapest: ["a"] } }),
      "routes.main.rules[0].use.cheapest: providers with a rate card in rates; a has none"
    ],
    [
      "a price that is a number",
      { rates: { a: { currency: "USD", perMinute: { default: 0.1 } } } },
      'rates.a.perMinute.default: a decimal number as text, such as "0.10"'
    ],
    [
      "two currencies",
      { rates: { a: { currency: "USD", perMinute: {} }, b: { currency: "EUR", perMinute: {} } } },
      "rates.b.currency: USD, as the other rate cards: prices of two currencies cannot be compared"
    ],
    [
      "a prefix that is none",
      { rates: { a: { currency: "USD", perMinute: { France: "1" } } } },
      'rates.a.perMinute: "default" or beginnings of numbers in E.164, such as +33'
    ],
    ["a default that is not there", { defaultRoute: "main" }, "defaultRoute: the name of a route"]
  ])("refuses %s", (_name, input, expected) => {
    expect(faultOf(input)).toBe(expected)
  })

  it("keeps what __proto__ and constructor name", () => {
    const input: unknown = JSON.parse(
      '{"agents":{"constructor":{"providers":{"a":{"id":"x"}}}},"defaultRoute":"toString"}'
    )
    expect(faultOf(input)).toBe("defaultRoute: the name of a route")
  })
})

describe("a configuration that providers cannot follow", () => {
  const refused = (input: Parameters<typeof makeRouter>[0]): string =>
    Result.match(makeRouter(input)([provider("a"), provider("b", { metadata: "no", inlineAgent: "no" })], readyAt), {
      onFailure: ({ field, expected }) => `${field}: ${expected}`,
      onSuccess: () => "taken"
    })
  const both = (agent: object, b: object = { id: "y" }) => ({
    agents: { reminder: { ...agent, providers: { a: { id: "x" }, b } } }
  })

  it("is refused when calls are opened, before any order", () => {
    expect(refused(both({ variables: { n: "1" } }))).toBe("taken")
    expect(refused(both({ metadata: { n: "1" } }))).toBe(
      "configuration.agents.reminder.metadata: none for all, but under the providers that take it: b has no metadata"
    )
    expect(refused(both({}, { id: "y", metadata: { n: "1" } }))).toBe(
      "configuration.agents.reminder.providers.b.metadata: none: b has no metadata"
    )
    expect(refused(both({}, { inline: { prompt: "Be brief." } }))).toBe(
      "configuration.agents.reminder.providers.b.inline: none: b has no inlineAgent"
    )
    expect(refused({ routes: { main: { rules: [{ name: "one", use: { weights: { a: 1, c: 1 } } }] } } })).toBe(
      "configuration.routes.main.rules[0].use: providers that are opened: a or b"
    )
    expect(refused({ agents: { reminder: { providers: { c: { id: "x" } } } } })).toBe("taken")
  })
})

describe("the digest of a configuration", () => {
  const digest = (input: object) => configurationDigest(Result.getOrThrow(parseConfiguration(input)))

  it("is that of what it says, however it is written", () => {
    expect(digest({ agents: {}, routes: {} })).toBe(digest({ routes: {}, agents: {} }))
    expect(digest(rule({}))).not.toBe(digest(rule({ use: "b" })))
    expect(digest(rule({ use: { choose: () => "a" } }))).toMatch(/^[0-9a-f]{16}$/)
  })
})
