/** What differs between a configuration and the accounts at its providers. */
import { describe, expect, it } from "@effect/vitest"
import * as Result from "effect/Result"
import type { AgentInfo, NumberInfo } from "../../src/provider/Catalog.ts"
import type { AccountLists, Listed } from "../../src/routes/accountLists.ts"
import { agentDifferences, neededLists } from "../../src/routes/agentDifferences.ts"
import { parseConfiguration } from "../../src/routes/parseConfiguration.ts"
import { agentOf, numberOf } from "./accounts.ts"

const FROM = "+12025550199"

const configuration = (providers: object) =>
  Result.getOrThrow(parseConfiguration({ agents: { reminder: { providers } } }))

interface Told {
  readonly agents?: ReadonlyArray<AgentInfo>
  readonly numbers?: ReadonlyArray<NumberInfo>
  readonly isWhole?: boolean
  readonly isOfAssigned?: boolean
}

const account = ({ agents = [], numbers = [], isWhole = true, isOfAssigned = false }: Told): AccountLists => ({
  agents: { items: agents, isWhole },
  numbers: { items: numbers, isWhole, isOfAssigned }
})

const found = (providers: object, accounts: { readonly [provider: string]: AccountLists }) =>
  agentDifferences(configuration(providers), new Map(Object.entries(accounts)))

const ada = agentOf("a", "x")
const at = { agent: "reminder", provider: "a" }

describe("differences of a configuration", () => {
  it.each<readonly [string, object, Told, ReadonlyArray<object>]>([
    [
      "nothing, where all is there",
      { id: "x", from: [FROM] },
      { agents: [ada], numbers: [numberOf("a", FROM, ["x"])] },
      []
    ],
    [
      "nothing, of a number that is nobody's",
      { id: "x", from: [FROM] },
      { agents: [ada], numbers: [numberOf("a", FROM, [])] },
      []
    ],
    [
      "nothing, where nobody tells whose it is",
      { id: "x", from: [FROM] },
      { agents: [ada], numbers: [numberOf("a", FROM)] },
      []
    ],
    ["nothing, of an agent that is defined there", { inline: { prompt: "Hi." } }, {}, []],
    [
      "an agent that is not listed",
      { id: "y" },
      { agents: [ada] },
      [{ kind: "agent_missing", severity: "wrong", ...at, id: "y" }]
    ],
    [
      "an agent that is not in a list which may lack some",
      { id: "y" },
      { agents: [ada], isWhole: false },
      [{ kind: "agent_not_seen", severity: "unchecked", ...at, id: "y" }]
    ],
    ["nothing, where a list lacks others", { id: "x" }, { agents: [ada], isWhole: false }, []],
    [
      "a number that the account does not have",
      { id: "x", from: [FROM] },
      { agents: [ada], numbers: [numberOf("a", "+12025550198", ["x"])] },
      [{ kind: "number_missing", severity: "wrong", ...at, number: FROM }]
    ],
    [
      "a number that is not among the assigned ones",
      { id: "x", from: [FROM] },
      { agents: [ada], isOfAssigned: true },
      [{ kind: "number_not_seen", severity: "unchecked", ...at, number: FROM, because: "assigned" }]
    ],
    [
      "a number that is not in a list which may lack some",
      { id: "x", from: [FROM] },
      { agents: [ada], isOfAssigned: true, isWhole: false },
      [{ kind: "number_not_seen", severity: "unchecked", ...at, number: FROM, because: "incomplete" }]
    ],
    [
      "a number of another agent",
      { id: "x", from: [FROM] },
      { agents: [ada], numbers: [numberOf("a", FROM, ["y", "z"])] },
      [{ kind: "number_of_other_agent", severity: "note", ...at, number: FROM, agentIds: ["y", "z"] }]
    ],
    [
      "nothing, of a number with others",
      { id: "x", from: [FROM] },
      { agents: [ada], numbers: [numberOf("a", FROM, ["y", "x"])] },
      []
    ],
    [
      "nothing, of a number for an agent defined there",
      { inline: { prompt: "Hi." }, from: [FROM] },
      { numbers: [numberOf("a", FROM, ["y"])] },
      []
    ]
  ])("are %s", (_name, agentAt, told, expected) => {
    expect(found({ a: agentAt }, { a: account(told) })).toEqual(expected)
  })

  it.each<readonly [string | undefined, string | undefined, boolean]>([
    ["en", "fr", true],
    ["en-US", "EN", false],
    ["en_GB", "en-US", false],
    ["en", "multi", false],
    ["en", undefined, false],
    ["fr", "en-US", true]
  ])("of languages %s and %s: %s", (one, other, differ) => {
    const of = (provider: string, language: string | undefined) =>
      account({ agents: [agentOf(provider, "x", { language })] })
    const difference = {
      kind: "languages_differ",
      severity: "note",
      agent: "reminder",
      languages: { a: one, b: other }
    }
    const both = { a: { id: "x" }, b: { id: "x" } }
    expect(found(both, { a: of("a", one), b: of("b", other) })).toEqual(differ ? [difference] : [])
  })

  it("say once of a provider what could not be read, and nothing about its agents", () => {
    const all = Result.getOrThrow(
      parseConfiguration({
        agents: {
          one: { providers: { a: { id: "x", from: [FROM] }, b: { id: "y" }, constructor: { id: "z" } } },
          two: { providers: { a: { id: "y" }, b: { id: "z", from: [FROM] } } }
        }
      })
    )
    const whole: Listed<never> = { items: [], isWhole: true }
    const accounts = new Map<string, AccountLists>([
      ["a", { agents: "no_key", numbers: "no_key" }],
      ["b", { agents: "cannot_be_listed", numbers: whole }]
    ])
    const not = (provider: string, what: string, because: string) => ({
      kind: "not_checked",
      severity: "unchecked",
      provider,
      what,
      because
    })
    expect(agentDifferences(all, accounts)).toEqual([
      { kind: "number_missing", severity: "wrong", agent: "two", provider: "b", number: FROM },
      not("a", "agents", "no_key"),
      not("a", "numbers", "no_key"),
      not("b", "agents", "cannot_be_listed"),
      not("constructor", "agents", "unknown_provider")
    ])
  })

  it("need only the lists of what a configuration names", () => {
    const needed = neededLists(configuration({ a: { id: "x" }, b: { inline: { prompt: "Hi." }, from: [FROM] }, c: {} }))
    expect([...needed]).toEqual([
      ["a", new Set(["agents"])],
      ["b", new Set(["numbers"])]
    ])
  })
})
