/** What a plan says of configurations: findings in both directions, counts made anew, lines that can be taken as they are. */
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import type { Configuration, ConfigurationInput } from "../../src/routes/Configuration.ts"
import { misplacedIn } from "../../src/routes/misplaced.ts"
import { parseConfiguration } from "../../src/routes/parseConfiguration.ts"
import { briefOfPlan } from "../../src/report/switchPlan.ts"
import { renderBriefMarkdown } from "../../src/report/markdown.ts"
import { planOfConfiguration } from "../../src/switch/plan.ts"
import { experimentOf } from "../compare/trialPlacing.ts"
import { adapterOf } from "./planned.ts"

const parsed = (input: unknown): Configuration => {
  const read = parseConfiguration(input)
  if (Result.isFailure(read)) throw new Error(`${read.failure.field}: ${read.failure.expected}`)
  return read.success
}

const planned = (from: string, to: string, input: unknown) =>
  planOfConfiguration(parsed(input), { source: adapterOf(from), target: adapterOf(to) })

const settingsOf = (from: string, to: string, input: unknown) => {
  const { configuration } = planned(from, to, input)
  if (configuration === undefined) throw new Error("expected a configuration in the plan")
  return configuration
}

const fatesOf = (from: string, to: string, input: unknown) =>
  settingsOf(from, to, input).findings.map(({ id, fate }) => `${id} ${fate}`)

const found = (from: string, to: string, input: unknown, id: string) => {
  const finding = settingsOf(from, to, input).findings.find((each) => each.id === id)
  if (finding === undefined) throw new Error(`no finding ${id}`)
  return {
    ...finding,
    json: (finding.lines ?? []).flatMap(({ language, text }) => (language === "json" ? [text] : []))
  }
}

const agent = (providers: object, more: object = {}) => ({ agents: { desk: { providers, ...more } } })
const [one, two, french] = ["+12025550101", "+12025550102", "+33199001234"]

describe("named agents", () => {
  it.each<[name: string, input: object, toRevring: ReadonlyArray<string>, toRevox: ReadonlyArray<string>]>([
    ["at one", agent({ revox: { id: "a" } }), ["agent yours", "agent_from yours"], ["agent gained"]],
    [
      "at both",
      agent({ revox: { id: "a", from: [one] }, revring: { id: "b", from: [two] } }),
      ["agent same", "agent_from same"],
      ["agent same", "agent_from same"]
    ],
    ["at another", agent({ vapi: { id: "a" } }), [], []],
    [
      "defined here",
      agent({ revox: { inline: { prompt: "Hi" } } }),
      ["agent yours", "agent_inline yours", "agent_from yours"],
      ["agent gained"]
    ],
    [
      "with metadata for all",
      agent({ revox: { id: "a" }, revring: { id: "b", from: [one] } }, { metadata: { team: "x" } }),
      ["agent same", "agent_metadata yours", "agent_from same"],
      ["agent same", "agent_from different"]
    ],
    [
      "with variables of one",
      agent({
        revox: { id: "a", variables: { tone: "x" } },
        revring: { id: "b", from: [one], variables: { pace: "y" } }
      }),
      ["agent same", "agent_variables yours", "agent_from same"],
      ["agent same", "agent_variables yours", "agent_from different"]
    ],
    [
      "with metadata for all and of one",
      agent(
        { revox: { id: "a", metadata: { tier: "y" } }, revring: { id: "b", from: [one] } },
        { metadata: { team: "x" } }
      ),
      ["agent same", "agent_metadata yours", "agent_from same"],
      ["agent same", "agent_from different"]
    ],
    [
      "with options and numbers near the person",
      agent({
        revox: { id: "a", from: [one, french], localPresence: true, options: { skip_calling_window: true } },
        revring: { id: "b", from: [one] }
      }),
      ["agent same", "agent_from different", "agent_options lost"],
      ["agent same", "agent_from different"]
    ],
    [
      "with an empty entry",
      agent({ revox: { id: "a" }, revring: {} }),
      ["agent yours", "agent_from yours"],
      ["agent same"]
    ]
  ])("%s", (_, input, toRevring, toRevox) => {
    const ofAgents = (fates: ReadonlyArray<string>) => fates.filter((fate) => fate.startsWith("agent"))
    expect(ofAgents(fatesOf("revox", "revring", input))).toEqual(toRevring)
    expect(ofAgents(fatesOf("revring", "revox", input))).toEqual(toRevox)
  })

  it("get lines that are refused until they are filled in, and are an entry then", () => {
    const input = agent({ revox: { id: "a", from: [one] } })
    const [text = ""] = found("revox", "revring", input, "agent").json
    expect(text).toBe('{ "agents": { "desk": { "providers": { "revring": { "id": "", "from": [ "" ] } } } } }')
    expect(Result.isFailure(parseConfiguration(JSON.parse(text)))).toBe(true)
    const filled = text.replace('"id": ""', '"id": "b"').replace('[ "" ]', `[ "${two}" ]`)
    expect(misplacedIn(parsed(JSON.parse(filled)), [adapterOf("revring")])).toBeUndefined()
  })

  it("with values for all keep those of the provider that is left, by name", () => {
    const input = agent({ revox: { id: "a", metadata: { tier: "y" } } }, { metadata: { team: "x" } })
    const [where, how] = found("revox", "revring", input, "agent_metadata").becomes
    expect(where).toContain("1 value (`team`), is for all providers")
    expect(how).toMatch(/^Move it to `agents\.desk\.providers\.revox\.metadata`, which has 1 value \(`tier`\) already,/)
    // The target takes metadata: what is for all is there, too, and what was of one is to be copied.
    expect(found("revox", "vapi", input, "agent_metadata").becomes).toEqual([
      "At Revox it has 1 value (`tier`) that it has not at Vapi. Copy what is needed to its entry there."
    ])
  })

  it("are told what the target asks beside their numbers", () => {
    const byId = expect.stringMatching(/^Vapi calls from a number by its id: the setting `phoneNumbers`/)
    const pool = { revox: { id: "a", from: [one] } }
    expect(found("revox", "vapi", agent(pool), "agent_from").becomes).toContainEqual(byId)
    const both = agent({ ...pool, vapi: { id: "b", from: [two] } })
    expect(found("revox", "vapi", both, "agent_from").becomes).toContainEqual(byId)
    expect(found("vapi", "revox", both, "agent_from").becomes).toEqual(["1 number at Revox."])
    expect(found("vapi", "revring", both, "agent").json[0]).toContain('"revring": { "id": "", "from": [ "" ] }')
  })

  it("are told where the configuration would be refused with an entry at the target", () => {
    const before = agent({ revox: { id: "a" } }, { metadata: { team: "x" } })
    const finding = found("revox", "revring", before, "agent_metadata")
    expect(finding.becomes[0]).toContain("`agents.desk.metadata`, 1 value (`team`), is for all providers")
    const both = [adapterOf("revox"), adapterOf("revring")]
    const refused = agent({ revox: { id: "a" }, revring: { id: "b" } }, { metadata: { team: "x" } })
    expect(misplacedIn(parsed(refused), both)?.field).toBe("agents.desk.metadata")
    const moved = agent({ revox: { id: "a", metadata: { team: "x" } }, revring: { id: "b" } })
    expect(misplacedIn(parsed(moved), both)).toBeUndefined()
  })
})

const route = (use: unknown, more: object = {}, when: object = {}) => ({
  routes: { main: { rules: [{ name: "split", use, ...when }], ...more } }
})

const first = (from: string, to: string, use: unknown) =>
  found(from, to, route(use), "rule").json.map((text): unknown => JSON.parse(text))

describe("rules", () => {
  it.each<[from: string, to: string, use: unknown, step: unknown, back: unknown]>([
    ["revox", "revring", "revox", { weights: { revox: 9, revring: 1 } }, "revox"],
    ["revring", "revox", "revring", { weights: { revring: 9, revox: 1 } }, "revring"],
    [
      "revox",
      "revring",
      { weights: { revox: 3, vapi: 1 }, by: "key" },
      { weights: { revox: 27, vapi: 10, revring: 3 }, by: "key" },
      { weights: { revox: 3, vapi: 1, revring: 0 }, by: "key" }
    ],
    [
      "revring",
      "revox",
      { weights: { revox: 0, revring: 0.7 } },
      { weights: { revox: 0.7, revring: 6.3 } },
      { weights: { revox: 0, revring: 0.7 } }
    ]
  ])("from %s to %s: the first step of %j, and the way back", (from, to, use, step, back) => {
    expect(first(from, to, use)).toEqual([
      { name: "split", use: step },
      { name: "split", use: back }
    ])
  })

  it("of preference keep who comes before and after", () => {
    const [step, back] = first("revox", "revring", ["vapi", "revox", "revring", "acme"])
    expect(step).toEqual([
      { name: "split-before", use: ["vapi"] },
      { name: "split", use: { weights: { revox: 9, revring: 1 } } },
      { name: "split-after", use: ["acme"] }
    ])
    expect(back).toEqual({ name: "split", use: ["vapi", "revox", "revring", "acme"] })
    expect(Result.isSuccess(parseConfiguration({ routes: { main: { rules: step } } }))).toBe(true)
  })

  it.each<[input: object, fate: string, share: object | undefined]>([
    [route({ weights: { revox: 90, revring: 10 } }), "yours", { source: 0.9, target: 0.1 }],
    [route({ weights: { revox: 0, revring: 1 } }), "same", { source: 0, target: 1 }],
    [route({ weights: { revox: 1e308, revring: 1e308 } }), "yours", { source: 0.5, target: 0.5 }],
    [route(["revring", "revox"]), "same", undefined],
    [route("revox", {}, { when: { needs: ["retry"] } }), "lost", { source: 1, target: 0 }],
    [route("revox", { mayOmit: ["retry"] }, { when: { needs: ["retry"] } }), "yours", { source: 1, target: 0 }],
    [route({ choose: () => "revox" }), "not_known", undefined]
  ])("%j", (input, fate, share) => {
    const finding = found("revox", "revring", input, "rule")
    expect([finding.fate, finding.share]).toEqual([fate, share])
  })

  it("of preference say who comes before whom, and not that it is the first", () => {
    expect(found("revox", "revring", route(["vapi", "revring", "revox"]), "rule").becomes).toEqual([
      "RevRing comes before Revox already: no step is left but to take Revox out."
    ])
  })

  it("that take the cheapest get no lines: every order that is cheaper there moves at once", () => {
    const prices = (use: unknown, rates = {}) => found("revox", "revring", { ...route(use), rates }, "rule")
    const card = { currency: "EUR", perMinute: { default: "0.1" } }
    const alone = prices({ cheapest: ["revox"] }, { revox: card })
    expect([alone.fate, alone.json, alone.use]).toEqual(["yours", [], ["It takes the cheapest of 1 provider."]])
    expect(alone.becomes[0]).toBe("`rates` has no prices of RevRing.")
    expect(alone.becomes[1]).toContain("RevRing gets at once every order that is cheaper there")
    expect(prices({ cheapest: ["revox", "vapi"] }, { revox: card, vapi: card, revring: card }).becomes).toHaveLength(1)
    const cards = { revox: card, revring: card, vapi: card }
    expect(prices({ cheapest: ["revox", "revring"] }, cards).becomes).toEqual([
      "Prices decide between Revox and RevRing already."
    ])
    expect(prices({ cheapest: ["revring", "vapi"] }, cards).becomes).toEqual(["It does not name Revox."])
  })

  it("of an experiment are left as they are, with the parts of their arms", () => {
    const arm = (name: string, provider: (typeof ids)[number], share: number) => ({
      name,
      provider,
      agent: name,
      share
    })
    const trial = (...arms: ReadonlyArray<ReturnType<typeof arm>>) => {
      const experiment = experimentOf(arms)
      return found("revox", "revring", route({ experiment }), "rule")
    }
    const begun = trial(arm("a", "revox", 1), arm("b", "revox", 1), arm("c", "revring", 2))
    expect([begun.fate, begun.share, begun.use]).toEqual([
      "different",
      { source: 0.5, target: 0.5 },
      ["An experiment of 3 arms decides: Revox 50.0 %, RevRing 50.0 %."]
    ])
    expect(begun.becomes).toEqual(["Leave it as it is until it ends: a change would spoil what it measures."])
    const other = trial(arm("a", "revox", 3e307), arm("b", "vapi", 1e308))
    expect([other.fate, other.share?.source.toFixed(3), other.share?.target]).toEqual(["yours", "0.231", 0])
    expect(other.becomes[1]).toBe("Then move what it leaves at Revox.")
    const gone = trial(arm("a", "revring", 1), arm("b", "vapi", 1))
    expect([gone.fate, gone.becomes]).toEqual(["same", ["No arm is at Revox."]])
  })

  it("by reference say that one person may be called by both", () => {
    const noteOf = (by: string) => found("revox", "revring", route({ weights: { revox: 1 }, by }), "rule").use[1]
    expect(noteOf("reference")).toBe("It goes by the reference: one person may be called by both.")
    expect([noteOf("number"), noteOf("key")]).toEqual([undefined, undefined])
  })

  it("that keep who was chosen move a tenth of those who were not called yet, and go on keeping", () => {
    const kept = found("revox", "vapi", route({ weights: { revox: 1 }, keep: true }), "rule")
    expect(kept.becomes[0]).toBe(
      "Of those who were not called by this rule yet, a tenth of what Revox has goes to Vapi; others keep their part."
    )
    expect(first("revox", "vapi", { weights: { revox: 1 }, keep: true })).toEqual([
      { name: "split", use: { weights: { revox: 9, vapi: 1 }, keep: true } },
      { name: "split", use: { weights: { revox: 1, vapi: 0 }, keep: true } }
    ])
  })

  it("with huge weights get lines with the same parts, which are taken", () => {
    for (const [weights, part] of [
      [{ vapi: 1e308, revring: 1e308 }, 0.05],
      [{ vapi: 1e13, revring: 1 }, 0.1],
      [{ vapi: 0.1, revring: 0.2 }, 0.1 / 3]
    ] as const) {
      const input = route({ weights })
      const [step] = found("vapi", "revox", input, "rule").json
      const taken = { routes: { main: { rules: [JSON.parse(step ?? "")] } } }
      expect(found("vapi", "revox", taken, "rule").share?.target).toBeCloseTo(part, 9)
      expect(found("vapi", "revring", taken, "rule").becomes[0]).toContain("The move has begun")
    }
  })

  it("tell what stays, and what is left out without a word", () => {
    const input = route("revox", { mayOmit: ["metadata"] })
    const stay = found("revox", "revring", input, "rule").becomes.join(" ")
    expect(stay).toContain("`scheduledAt`, `retry` (more than one dial), `concurrency` stay at Revox")
    expect(stay).not.toContain("metadata")
    expect(found("revox", "revring", input, "may_omit").becomes[0]).toContain(
      "`metadata` may be left out of every order"
    )
    const back = fatesOf("revring", "revox", route("revring", { mayOmit: ["metadata"] }))
    expect(back).toEqual(["also_check yours", "default_route yours", "rule yours"])
  })

  it("show no beginning of a number, which may be a whole one", () => {
    const input = route("revox", {}, { when: { prefix: [one] } })
    expect(JSON.stringify(planned("revox", "revring", input))).not.toMatch(/\d{7}/)
  })
})

describe("what stands beside routes", () => {
  it("begins with a check at the target, and with a route where there is none", () => {
    expect(found("revox", "revring", {}, "also_check").json).toEqual(['{ "alsoCheck": [ "revring" ] }'])
    expect(found("revox", "revring", { alsoCheck: ["vapi"] }, "also_check").json).toEqual([
      '{ "alsoCheck": [ "vapi", "revring" ] }'
    ])
    expect(found("revox", "revring", { alsoCheck: ["revring"] }, "also_check").fate).toBe("same")
    const lines = found("revox", "revring", {}, "routes").json
    expect(lines.map((text) => parsed(JSON.parse(text)).defaultRoute)).toEqual(["main", "main"])
    expect(found("revox", "revring", { ...route("revox"), defaultRoute: "main" }, "default_route").fate).toBe("same")
    expect(found("revox", "revring", route("revox"), "default_route").json).toEqual(['{ "defaultRoute": "main" }'])
  })
})

const ids = ["revox", "revring", "vapi"] as const

type AnyEntry = { readonly id: string; readonly from?: ReadonlyArray<string> }

/** The same configuration for the same seed: one to three providers each, pools that share numbers, and rules of every common form. */
const anyConfiguration = (seed: number) => {
  let state = seed * 7919 + 17
  const upTo = (most: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 16) % (most + 1)
  }
  const some = () => ids.filter((_, at) => ((1 + upTo(6)) >> at) % 2 === 1)
  const named = () => {
    const chosen = some()
    return chosen.length === 0 ? [ids[upTo(2)] ?? "vapi"] : chosen
  }
  const pool = () => [...new Set(Array.from({ length: 1 + upTo(3) }, () => `+120255501${10 + upTo(9)}`))]
  const entry = (): AnyEntry => (upTo(2) === 0 ? { id: "a" } : { id: "a", from: pool() })
  const providers = (): { readonly [id: string]: AnyEntry } => Object.fromEntries(named().map((id) => [id, entry()]))
  const use = (): Use => {
    const form = upTo(2)
    if (form === 0) return ids[upTo(2)] ?? "vapi"
    if (form === 1) return named().toSorted(() => upTo(2) - 1)
    const [first = "vapi", ...others] = named()
    return { weights: Object.fromEntries([[first, 1 + upTo(20)], ...others.map((id) => [id, upTo(20)] as const)]) }
  }
  const rules = () => Array.from({ length: 1 + upTo(3) }, (_, at) => ({ name: `r${at}`, use: use() }))
  const byName = <A>(make: () => A): { readonly [name: string]: A } =>
    Object.fromEntries(["desk", "night", "spring", "main"].slice(upTo(4)).map((name) => [name, make()]))
  return { agents: byName(() => ({ providers: providers() })), routes: byName(() => ({ rules: rules() })) }
}

type Use = string | ReadonlyArray<string> | { readonly weights: object }
const named = (use: Use): ReadonlyArray<string> =>
  typeof use === "string" ? [use] : "weights" in use ? Object.keys(use.weights) : use

describe("any configuration", () => {
  it("is counted right, shows no number, and gets lines that take the place of what is there", () => {
    const moves = [["revox", "revring"] as const, ["revring", "revox"] as const]
    let blocks = 0
    for (let seed = 0; seed < 200; seed++) {
      const input = anyConfiguration(seed)
      const [from, to] = moves[seed % 2] ?? ["revox", "revring"]
      const plan = planned(from, to, input)
      const settings = settingsOf(from, to, input)
      const placed = Object.values(input.agents).map(({ providers }) => `${from in providers} ${to in providers}`)
      const times = (text: string) => placed.filter((each) => each === text).length
      const poolOf = (id: string) =>
        new Set(Object.values(input.agents).flatMap(({ providers }) => providers[id]?.from ?? [])).size
      const rules = Object.values(input.routes).flatMap((each) => each.rules)
      expect(settings).toMatchObject({
        agents: {
          all: placed.length,
          atBoth: times("true true"),
          atSource: times("true false"),
          atTarget: times("false true"),
          atNeither: times("false false")
        },
        callerNumbers: { source: poolOf(from), target: poolOf(to) },
        routes: Object.keys(input.routes).length,
        rules: {
          all: rules.length,
          source: rules.filter(({ use }) => named(use).includes(from)).length,
          target: rules.filter(({ use }) => named(use).includes(to)).length
        }
      })
      for (const text of [JSON.stringify(plan), renderBriefMarkdown(briefOfPlan(plan))])
        expect(text).not.toMatch(/2025550/)
      for (const { id, lines = [] } of settings.findings) {
        for (const { text } of id === "rule" ? lines : []) {
          blocks += 1
          const written: unknown = JSON.parse(text)
          const taken = { routes: { main: { rules: Array.isArray(written) ? written : [written] } } }
          expect(Result.isSuccess(parseConfiguration(taken))).toBe(true)
        }
      }
    }
    expect(blocks).toBeGreaterThan(200)
  })

  it("may have names like numbers: they are not shown, and no lines name them", () => {
    const input: ConfigurationInput = {
      agents: { desk: { providers: { revox: { id: "a", options: { [one]: 1 } } } } },
      routes: { main: { rules: [{ name: "rest", use: { weights: { revox: 1, [two]: 1 } } }] } },
      alsoCheck: []
    }
    const { alsoCheck: _, ...rest } = input
    const text = JSON.stringify(planned("revox", "revring", rest))
    expect(text).not.toMatch(/555-?01/)
    expect(text).toContain("a name that may be a telephone number")
  })
})
