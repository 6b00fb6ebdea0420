/** Routes: whom they choose, why, and that nobody is rung twice whatever they choose. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { readNote } from "../../src/calls/Router.ts"
import { InvalidRequest, TimedOut } from "../../src/provider/CallError.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import type { PlaceCallInput } from "../../src/domain/PlaceCall.ts"
import type { ConfigurationInput } from "../../src/routes/Configuration.ts"
import { makeInMemoryProvider } from "../../src/testing/index.ts"
import { keyOf } from "../calls/placementKeys.ts"
import { experimentOf } from "../compare/trialPlacing.ts"
import { at, decide, order, provider, routed, routerOf, serviceOver } from "./routed.ts"

type Rules = NonNullable<ConfigurationInput["routes"]>[string]["rules"]

const main = (...rules: Rules): ConfigurationInput => ({
  routes: { main: { rules } },
  defaultRoute: "main"
})

const chosen = (decision: ReturnType<typeof decide>): string =>
  Result.match(decision, {
    onSuccess: ({ decision: { provider: id, rule } }) => `${id} by ${rule}`,
    onFailure: ({ field, ...rest }) => `${field}: ${"expected" in rest ? rest.expected : "unsupported"}`
  })

describe("a rule", () => {
  const a = provider("a")
  const b = provider("b", { metadata: "no", schedule: "no" })
  const cases: ReadonlyArray<readonly [name: string, rules: Rules, more: Partial<PlaceCallInput>, expected: string]> = [
    ["names one provider", [{ name: "all", use: "b" }], {}, "b by all"],
    [
      "of a country",
      [
        { name: "fr", when: { country: ["FR"] }, use: "b" },
        { name: "rest", use: "a" }
      ],
      { to: "+33199001234" },
      "b by fr"
    ],
    [
      "of a country, for another",
      [
        { name: "fr", when: { country: ["FR"] }, use: "b" },
        { name: "rest", use: "a" }
      ],
      {},
      "a by rest"
    ],
    [
      "of a prefix",
      [
        { name: "dc", when: { prefix: ["+1202"] }, use: "b" },
        { name: "rest", use: "a" }
      ],
      {},
      "b by dc"
    ],
    [
      "of what the order needs",
      [
        { name: "later", when: { needs: ["scheduledAt"] }, use: "a" },
        { name: "rest", use: "b" }
      ],
      { scheduledAt: "2026-03-03T10:00:00Z" },
      "a by later"
    ],
    [
      "of what the order does not need",
      [
        { name: "later", when: { needs: ["scheduledAt"] }, use: "a" },
        { name: "rest", use: "b" }
      ],
      {},
      "b by rest"
    ],
    [
      "takes the first that can take the order",
      [{ name: "both", use: ["b", "a"] }],
      { metadata: { k: "v" } },
      "a by both"
    ],
    [
      "passes to the next where none can",
      [
        { name: "b-only", use: "b" },
        { name: "rest", use: "a" }
      ],
      { metadata: { k: "v" } },
      "a by rest"
    ],
    [
      "has nobody who can",
      [{ name: "b-only", use: "b" }],
      { metadata: { k: "v" } },
      "route: an order that a provider of route main can take; b: metadata"
    ],
    [
      "is for nobody",
      [{ name: "fr", when: { country: ["FR"] }, use: "b" }],
      {},
      "route: an order that a rule of route main is for"
    ],
    ["is a function", [{ name: "own", use: { choose: ({ to }) => (to.endsWith("0") ? "b" : "a") } }], {}, "b by own"],
    [
      "is a function that leaves it",
      [
        { name: "own", use: { choose: () => undefined } },
        { name: "rest", use: "a" }
      ],
      {},
      "a by rest"
    ],
    [
      "goes by a key that is not there",
      [{ name: "split", use: { weights: { a: 1, b: 1 }, by: "key" } }],
      {},
      "routeKey: a key: the route goes by it"
    ],
    [
      "is a function that throws",
      [
        {
          name: "own",
          use: {
            choose: ({ to }) => {
              throw new Error(to)
            }
          }
        }
      ],
      {},
      "route: a function of rule own that does not throw"
    ],
    [
      "is a function that names nobody",
      [{ name: "own", use: { choose: () => "typo" } }],
      {},
      "route: ids of opened providers from the function of rule own"
    ],
    [
      "goes by another key than is given",
      [{ name: "all", use: "a" }],
      { routeKey: "k" },
      "routeKey: none: no rule of route main goes by it"
    ],
    ["has no weight left for one", [{ name: "drained", use: { weights: { a: 0, b: 1 } } }], {}, "b by drained"]
  ]
  it.each(cases)("%s", (_name, rules, more, expected) => {
    expect(chosen(decide(routerOf(main(...rules), a, b), more))).toBe(expected)
  })

  it("by hours goes by when the call is to be made, over midnight, too", () => {
    const night = { from: "22:30", to: "06:15", timeZone: "Europe/Paris", days: ["friday"] as const }
    const router = routerOf(
      main({ name: "night", when: { hours: night }, use: "b" }, { name: "day", use: "a" }),
      provider("a"),
      provider("b")
    )
    const by = (scheduledAt: string) => chosen(decide(router, { scheduledAt }))
    // Friday is 2026-03-06; Paris is an hour ahead of UTC.
    expect(by("2026-03-06T21:29:59Z")).toBe("a by day")
    expect(by("2026-03-06T21:30:00Z")).toBe("b by night")
    expect(by("2026-03-07T05:14:59Z")).toBe("b by night")
    expect(by("2026-03-07T05:15:00Z")).toBe("a by day")
    expect(by("2026-03-07T21:30:00Z")).toBe("a by day")
  })

  it("by hours of one day ends with their end", () => {
    const office = { from: "09:00", to: "18:00", timeZone: "Europe/Paris" }
    const router = routerOf(
      main({ name: "office", when: { hours: office }, use: "b" }, { name: "rest", use: "a" }),
      provider("a"),
      provider("b")
    )
    const by = (scheduledAt: string) => chosen(decide(router, { scheduledAt }))
    // Paris is an hour ahead of UTC until 2026-03-29, two from then on.
    expect(by("2026-03-06T16:59:59Z")).toBe("b by office")
    expect(by("2026-03-06T17:00:00Z")).toBe("a by rest")
    expect(by("2026-03-30T07:00:00Z")).toBe("b by office")
    expect(by("2026-03-30T16:00:00Z")).toBe("a by rest")
  })

  it("of what an order needs wants all of it", () => {
    const rules: Rules = [
      { name: "both", when: { needs: ["scheduledAt", "metadata"] }, use: "b" },
      { name: "rest", use: "a" }
    ]
    const router = routerOf(main(...rules), provider("a"), provider("b"))
    const scheduledAt = "2026-03-06T17:00:00Z"
    expect(chosen(decide(router, { scheduledAt }))).toBe("a by rest")
    expect(chosen(decide(router, { scheduledAt, metadata: { k: "v" } }))).toBe("b by both")
  })

  const priced = (minutes: number, rates: NonNullable<ConfigurationInput["rates"]>, to: string) => {
    const ids = Object.keys(rates)
    const configuration = { ...main({ name: "cheap", use: { cheapest: ids, minutes } }), rates }
    return chosen(decide(routerOf(configuration, ...ids.map((id) => provider(id))), { to }))
  }
  const card = (perMinute: { readonly [prefix: string]: string }, perCall = "0") => ({
    currency: "USD",
    perMinute,
    perCall
  })

  it.each([
    ["the least", 1, { a: card({ default: "0.30" }), b: card({ default: "0.10" }) }, "b"],
    ["by the longest prefix", 1, { a: card({ default: "0.10" }), b: card({ "+1202": "0.20", "+1": "0.01" }) }, "a"],
    [
      "a prefix before the default",
      1,
      { a: card({ default: "0.10", "+1": "0.30" }), b: card({ default: "0.20" }) },
      "b"
    ],
    ["with the price of a call", 1, { a: card({ default: "0.10" }, "0.15"), b: card({ default: "0.20" }) }, "b"],
    ["over the minutes", 3, { a: card({ default: "0.10" }, "0.15"), b: card({ default: "0.20" }) }, "a"],
    ["nobody without a price", 1, { a: card({ "+44": "0.01" }), b: card({ default: "0.20" }) }, "b"],
    // As binary fractions, three times 0.1 is more than 0.3.
    ["the first of equal prices", 3, { a: card({ default: "0.1" }), b: card({ default: "0" }, "0.3") }, "a"]
  ])("by price takes %s", (_what, minutes, rates, expected) => {
    expect(priced(minutes, rates, "+12025550100")).toBe(`${expected} by cheap`)
  })

  it("of an experiment gives the order the agent of its arm, where the order names none itself", () => {
    const experiment = experimentOf([
      { name: "one", provider: "revox", agent: "agent-a" },
      { name: "two", provider: "revring", agent: "agent-b" }
    ])
    const router = routerOf(main({ name: "trial", use: { experiment } }), provider("revox"), provider("revring"))
    const context = { at: at("2030-01-01T00:00:00Z") }
    const taken = Array.from({ length: 40 }, (_, index) => {
      const more = { to: `+120255501${index + 10}`, agent: {} }
      const { order: placed, decision } = Result.getOrThrow(decide(router, more, context))
      // Placed before: sent again, it is the same order.
      const again = Result.getOrThrow(decide(router, more, { ...context, placedWith: decision.provider }))
      expect(again.order).toEqual(placed)
      expect(again.decision.because).toContain("was placed with")
      return `${decision.provider} ${placed.agent.id}`
    })
    expect(new Set(taken)).toEqual(new Set(["revox agent-a", "revring agent-b"]))
    expect(chosen(decide(router, {}, context))).toBe("agent: none: the experiment chooses it")
  })

  it("of an experiment is checked at others as the order of their arm, with its agent", () => {
    const strict = (id: string): CallProvider => {
      const memory = provider(id)
      const request: CallProvider["request"] = (asked) =>
        asked.agent.id === undefined
          ? Result.fail(new InvalidRequest({ field: "agent.id", expected: "an agent" }))
          : memory.request(asked)
      return { ...memory, request }
    }
    const experiment = experimentOf([
      { name: "one", provider: "revox", agent: "agent-a" },
      { name: "two", provider: "revring", agent: "agent-b" }
    ])
    const configuration = { ...main({ name: "trial", use: { experiment } }), alsoCheck: ["revox", "revring", "vapi"] }
    const router = routerOf(configuration, strict("revox"), strict("revring"), strict("vapi"))
    const { decision } = Result.getOrThrow(decide(router, { agent: {} }, { at: at("2030-01-01T00:00:00Z") }))
    expect(decision.alsoChecked).toEqual([
      { provider: decision.provider === "revox" ? "revring" : "revox" },
      // No arm is there: the order as it was given names no agent.
      { provider: "vapi", cannot: { field: "agent.id", expected: "an agent" } }
    ])

    const more = { agent: {}, metadata: { k: "v" } }
    const [rule] = configuration.routes?.["main"]?.rules ?? []
    const may = rule && { ...configuration, routes: { main: { rules: [rule], mayOmit: ["metadata"] as const } } }
    const lenient = routerOf(may ?? {}, provider("revox"), provider("revring"), provider("vapi", { metadata: "no" }))
    const { decision: told } = Result.getOrThrow(decide(lenient, more, { at: at("2030-01-01T00:00:00Z") }))
    expect(told.alsoChecked).toContainEqual({ provider: "vapi", omitted: ["metadata"] })
  })

  it("explains itself in a sentence without a number", () => {
    const decision = Result.getOrThrow(
      decide(
        routerOf(
          main({ name: "early", use: "b" }, { name: "both", use: ["b", "a"] }),
          provider("a"),
          provider("b", { metadata: "no" })
        ),
        {
          metadata: { k: "v" }
        }
      )
    ).decision
    expect(decision).toEqual({
      provider: "a",
      route: "main",
      rule: "both",
      candidates: [
        { provider: "b", rule: "early", cannot: { field: "metadata", expected: "none: the provider has no metadata" } },
        { provider: "b", rule: "both", cannot: { field: "metadata", expected: "none: the provider has no metadata" } },
        { provider: "a", rule: "both" }
      ],
      because: "rule both prefers a; b cannot take metadata; no provider of rule early could take it",
      configuration: decision.configuration
    })
    expect(decision.configuration).toMatch(/^[0-9a-f]{16}$/)
  })

  it("that chose nobody is not said to have had providers that could not take it", () => {
    const rules: Rules = [
      { name: "own", use: { choose: () => undefined } },
      { name: "rest", use: "a" }
    ]
    const decision = Result.getOrThrow(decide(routerOf(main(...rules), a, b), {})).decision
    expect(decision.because).toBe("rule rest names a")
  })

  it("leaves out what the order allows, and tells it", () => {
    const router = routerOf(main({ name: "b", use: "b" }), provider("b", { metadata: "no", retries: "no" }))
    const more = { metadata: { k: "v" }, retry: { maxAttempts: 3 }, mayOmit: ["metadata", "retry"] as const }
    const taken = Result.getOrThrow(decide(router, more))
    expect(taken.decision.omitted).toEqual(["retry", "metadata"])
    expect(taken.order).not.toHaveProperty("metadata")
    expect(taken.order).not.toHaveProperty("mayOmit")
    expect(chosen(decide(router, { ...more, mayOmit: ["retry"] }))).toBe(
      "route: an order that a provider of route main can take; b: metadata"
    )
  })
})

it("a limit of dials is left out only where the provider dials once", () => {
  const more = { retry: { maxAttempts: 2 }, mayOmit: ["retry"] as const }
  const omitted = (retries: "no" | "automatic" | "unknown") =>
    Result.match(decide(routerOf(main({ name: "b", use: "b" }), provider("b", { retries })), more), {
      onSuccess: ({ decision }) => decision.omitted,
      onFailure: ({ field }) => field
    })
  expect([omitted("no"), omitted("automatic"), omitted("unknown")]).toEqual([["retry"], "route", "route"])
})

describe("weights", () => {
  const split = (a: number, b: number) => main({ name: "split", use: { weights: { a, b } } })
  const [first, second] = [provider("a"), provider("b")]
  const numbers = Array.from({ length: 1000 }, (_, index) => `+1202555${String(index).padStart(4, "0")}`)
  const choices = (a: number, b: number) => {
    const router = routerOf(split(a, b), first, second)
    return numbers.map((to) => String(Result.getOrThrow(decide(router, { to })).decision.provider))
  }

  it("share within binomial bounds", () => {
    for (const share of [0.5, 0.2, 0.03]) {
      const count = choices(1 - share, share).filter((id) => id === "b").length
      const deviation = Math.sqrt(numbers.length * share * (1 - share))
      expect(Math.abs(count - numbers.length * share)).toBeLessThan(4 * deviation)
    }
  })

  it("that grow move keys to their provider only", () => {
    const before = choices(9, 1)
    const after = choices(9, 3)
    const moved = numbers.flatMap((_, index) => (before[index] === after[index] ? [] : [after[index]]))
    expect(moved.length).toBeGreaterThan(25)
    expect(new Set(moved)).toEqual(new Set(["b"]))
  })

  it("keep a person with one provider, whatever else the order says, in every process", () => {
    const again = routerOf(split(1, 1), second, first)
    const router = routerOf(split(1, 1), first, second)
    for (const to of numbers.slice(0, 100)) {
      const one = Result.getOrThrow(decide(router, { to })).decision.provider
      expect(Result.getOrThrow(decide(again, { to, reference: `other-${to.slice(-4)}` })).decision.provider).toBe(one)
    }
  })
})

describe("placing by a route", () => {
  const config = main({ name: "first", use: { weights: { a: 1, b: 1 } } })

  it.effect("tells the decision, and keeps of it what no number can be read from", () =>
    Effect.gen(function* () {
      const [a, b] = [provider("a"), provider("b")]
      const { calls, journal } = yield* routed(config, a, b)
      const placed = yield* calls.place(order)
      expect(placed).toMatchObject({ state: "accepted", routed: { route: "main", rule: "first" } })
      expect(a.placed.length + b.placed.length).toBe(1)
      const kept = Option.getOrThrow(yield* journal.find(keyOf("lead-1")))
      expect(readNote(kept.routing)).toEqual({
        configuration: placed.routed?.configuration,
        route: "main",
        rule: "first",
        candidates: placed.routed?.candidates?.map(({ provider: id }) => id)
      })
      expect(kept.routing).not.toMatch(/\d{7}|555/)
    })
  )

  it.effect("stays where the reference was placed, whatever the route says now", () =>
    Effect.gen(function* () {
      const [a, b] = [provider("a"), provider("b")]
      const { calls, journal } = yield* routed(main({ name: "all", use: "a" }), a, b)
      yield* calls.place(order)
      const later = yield* serviceOver(journal, main({ name: "all", use: "b" }), a, b)
      const again = yield* later.place(order)
      expect(again).toMatchObject({
        state: "accepted",
        already: true,
        call: { provider: "a" },
        routed: { provider: "a", because: "its reference was placed with a before, and stays there" }
      })
      expect(again).not.toHaveProperty("differs")
      expect([a.placed.length, b.placed.length]).toEqual([1, 0])
    })
  )

  it.effect("says that its provider is not opened, where the reference was placed with another", () =>
    Effect.gen(function* () {
      const [a, b] = [{ ...provider("a"), account: "0a0b0c0d" }, provider("b")]
      const { calls, journal } = yield* routed(main({ name: "all", use: "a" }), a, b)
      yield* calls.place(order)
      const later = yield* serviceOver(journal, main({ name: "all", use: "b" }), b)
      expect((yield* Effect.flip(later.place(order))).message).toBe(
        "place: the reference is held by an order of a provider that is not opened here; nothing was sent"
      )
      expect(b.placed).toEqual([])
    })
  )

  it.effect("places nothing elsewhere while it is uncertain", () =>
    Effect.gen(function* () {
      const a = makeInMemoryProvider({ id: "a", failures: { place: { reason: new TimedOut({}), accepted: true } } })
      const b = provider("b")
      const { calls, journal } = yield* routed(main({ name: "all", use: "a" }), a, b)
      expect(yield* calls.place(order)).toMatchObject({ state: "uncertain", provider: "a" })
      const later = yield* serviceOver(journal, main({ name: "all", use: "b" }), a, b)
      expect(yield* later.place(order)).toMatchObject({ state: "uncertain", provider: "a", routed: { provider: "a" } })
      expect(b.asked).not.toContain("place")
    })
  )

  it.effect("rings once however many processes with other routes place it at once", () =>
    Effect.gen(function* () {
      const [a, b] = [provider("a"), provider("b")]
      const { calls, journal } = yield* routed(main({ name: "all", use: "a" }), a, b)
      const other = yield* serviceOver(journal, main({ name: "all", use: "b" }), a, b)
      const placed = yield* Effect.all(
        Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? calls : other).place(order)),
        { concurrency: "unbounded" }
      )
      expect(a.placed.length + b.placed.length).toBe(1)
      const [only] = new Set(placed.map((each) => each.routed?.provider))
      expect(placed.every((each) => each.routed?.provider === only)).toBe(true)
    })
  )

  it.effect("checks each order at others, too, and sends them nothing", () =>
    Effect.gen(function* () {
      const [a, b] = [provider("a"), provider("b", { metadata: "no", retries: "no" })]
      const { calls } = yield* routed({ alsoCheck: ["b", "a"] }, a, b)
      const named = { ...order, provider: "a", metadata: { k: "v" } }
      expect((yield* calls.place(named)).routed?.alsoChecked).toEqual([
        { provider: "b", cannot: { field: "metadata", expected: "none: the provider has no metadata" } }
      ])
      const may = { ...named, reference: "lead-2", mayOmit: ["metadata"] as const }
      expect((yield* calls.place(may)).routed?.alsoChecked).toEqual([{ provider: "b", omitted: ["metadata"] }])
      expect((yield* calls.dryRun({ ...order, provider: "a" })).routed?.alsoChecked).toEqual([{ provider: "b" }])
      expect([a.placed.length, b.asked]).toEqual([2, []])
    })
  )

  it.effect("refuses names where no configuration was given", () =>
    Effect.gen(function* () {
      const { calls } = yield* routed({}, provider("a"))
      expect((yield* Effect.flip(calls.place({ ...order, route: "main" }))).message).toBe(
        "place: route: expected none: the configuration has no route"
      )
      expect((yield* Effect.flip(calls.place({ ...order, route: "main", provider: "a" }))).message).toBe(
        "place: provider: expected none beside route, which chooses it"
      )
    })
  )
})
