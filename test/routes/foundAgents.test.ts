/** Named agents out of what providers have. */
import { describe, expect, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import * as Result from "effect/Result"
import type { AgentInfo, NumberInfo } from "../../src/provider/Catalog.ts"
import { foundAgents } from "../../src/routes/foundAgents.ts"
import { anyOf, oneOf } from "../../src/testing/choice.ts"
import { parseConfiguration } from "../../src/routes/parseConfiguration.ts"
import { agentOf, numberOf } from "./accounts.ts"

const account = (agents: ReadonlyArray<AgentInfo>, numbers: ReadonlyArray<NumberInfo> = [], takesNumber = true) => ({
  agents,
  numbers,
  takesNumber
})

const pieces = Arbitrary.array(oneOf("1", "23456", " ", "-", ".", "_", "a", "B", "é", "日", "\u0000", "number"), {
  maxLength: 20
})

/** Of two agents some have the same. */
const names = Arbitrary.array(
  anyOf(
    oneOf("Sales", " sales", "constructor", ""),
    Arbitrary.map(pieces, (parts) => parts.join("")),
    Arbitrary.schema(Schema.String)
  ),
  { maxLength: 8 }
)

const namesOf = (...names: ReadonlyArray<string | undefined>) =>
  Object.keys(foundAgents([account(names.map((name, at) => agentOf("a", `id-${at}`, { name })))]).agents)

describe("agents that are found", () => {
  it("are one where their names are the same but for case and spaces", () => {
    const { agents, ambiguous } = foundAgents([
      account([agentOf("a", "1", { name: "Reminder  Calls" }), agentOf("a", "2", { name: "Sales" })]),
      account([agentOf("b", "3", { name: " reminder calls" }), agentOf("b", "4", { name: "sales team" })])
    ])
    expect(agents).toEqual({
      "reminder-calls": { providers: { a: { id: "1" }, b: { id: "3" } } },
      sales: { providers: { a: { id: "2" } } },
      "sales-team": { providers: { b: { id: "4" } } }
    })
    expect(ambiguous).toBe(0)
  })

  it("stand alone where a provider has several of the name, or none has a name", () => {
    const { agents, ambiguous } = foundAgents([
      account([agentOf("a", "1", { name: "Sales" }), agentOf("a", "2", { name: "sales" }), agentOf("a", "3")]),
      account([agentOf("b", "4", { name: "Sales" }), agentOf("b", "5")])
    ])
    expect(Object.entries(agents)).toEqual([
      ["sales", { providers: { a: { id: "1" } } }],
      ["sales-2", { providers: { a: { id: "2" } } }],
      ["sales-3", { providers: { b: { id: "4" } } }],
      ["agent", { providers: { a: { id: "3" } } }],
      ["agent-2", { providers: { b: { id: "5" } } }]
    ])
    expect(ambiguous).toBe(1)
  })

  it("have the numbers that are assigned to them, each once; the others are counted", () => {
    const numbers = [
      numberOf("a", "+12025550199", ["1"]),
      numberOf("a", "+12025550199", ["1"]),
      numberOf("a", "+12025550198", ["2", "1"]),
      numberOf("a", "+12025550197", []),
      numberOf("a", "+12025550196"),
      numberOf("a", "+12025550195", ["elsewhere"])
    ]
    const agents = [agentOf("a", "1", { name: "One" }), agentOf("a", "2", { name: "Two" })]
    expect(foundAgents([account(agents, numbers)])).toEqual({
      agents: {
        one: { providers: { a: { id: "1", from: ["+12025550199", "+12025550198"] } } },
        two: { providers: { a: { id: "2", from: ["+12025550198"] } } }
      },
      ambiguous: 0,
      unassigned: 3
    })
    const without = foundAgents([account(agents, numbers, false)])
    expect(without.unassigned).toBe(0)
    expect(JSON.stringify(without.agents)).not.toContain("from")
  })

  it.each([
    ["Élodie’s Réminder", "elodie-s-reminder"],
    ["2nd try", "agent-2nd-try"],
    ["Support +1 (202) 555-0142", "support"],
    ["x12025550142y", "xy"],
    ["+12025550142", "agent"],
    ["日本語", "agent"],
    ["__proto__", "proto"],
    ["constructor", "constructor"],
    ["a.b_c-d", "a.b_c-d"],
    ["\u001b[2J\n", "agent-2j"],
    ["x".repeat(100), "x".repeat(64)]
  ])("named %j are called %s", (name, expected) => {
    expect(namesOf(name)).toEqual([expected])
  })

  it("have names that differ even where they are cut", () => {
    const names = namesOf("x".repeat(100), "x".repeat(101), "x 2", "X-2", "x")
    expect(new Set(names).size).toBe(5)
    expect(names.every((name) => name.length <= 64)).toBe(true)
  })

  it.prop(
    "make a configuration that is taken, whatever they are named",
    [names, names],
    ([one, other]) => {
      const { agents } = foundAgents([
        account(one.map((name, index) => agentOf("a", `${index}`, { name }))),
        account(other.map((name, index) => agentOf("b", `${index}`, { name })))
      ])
      expect(Result.isSuccess(parseConfiguration({ agents }))).toBe(true)
      const all = Object.values(agents).flatMap(({ providers }) => Object.values(providers))
      expect(all).toHaveLength(one.length + other.length)
    },
    { arbitrary: { runs: 200 } }
  )
})
