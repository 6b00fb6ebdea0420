/** Named agents: what an order that names one comes to at each provider. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { parsePlaceCall } from "../../src/domain/PlaceCall.ts"
import { orderAt } from "../../src/routes/namedAgent.ts"
import type { ConfigurationInput } from "../../src/routes/Configuration.ts"
import { decide, order, provider, routed, routerOf } from "./routed.ts"

const POOL = ["+12025550190", "+12025550191", "+33199009990", "+33199009991"]

const configuration: ConfigurationInput = {
  agents: {
    reminder: {
      variables: { shop: "Example", tone: "kind" },
      providers: {
        a: { id: "at-a", metadata: { team: "red" }, from: POOL, localPresence: true },
        b: { id: "at-b", variables: { tone: "brief" }, from: ["+12025550199"] }
      }
    }
  }
}

const router = routerOf(configuration, provider("a"), provider("b", { metadata: "no" }))
const at = (id: string, more: Parameters<typeof decide>[1] = {}) =>
  Result.getOrThrow(decide(router, { provider: id, agent: { name: "reminder" }, ...more })).order

describe("a named agent", () => {
  it("is what the configuration says at each provider", () => {
    expect(at("a")).toMatchObject({
      agent: { id: "at-a" },
      variables: { shop: "Example", tone: "kind" },
      metadata: { team: "red" }
    })
    expect(at("b")).toEqual({
      to: "+12025550100",
      reference: "lead-1",
      from: "+12025550199",
      agent: { id: "at-b" },
      variables: { shop: "Example", tone: "brief" }
    })
  })

  it("gives way to what the order says itself", () => {
    const own = {
      from: "+12025550198",
      variables: { tone: "loud" },
      metadata: { lead: "7" }
    }
    expect(at("a", own)).toMatchObject({
      from: "+12025550198",
      variables: { shop: "Example", tone: "loud" },
      metadata: { team: "red", lead: "7" }
    })
  })

  it("adds options of the provider, under those of the order", () => {
    const agents = { reminder: { providers: { b: { id: "at-b", options: { queue: true, note: "x" } } } } }
    const options = { a: { other: 1 }, b: { note: "y" } }
    const parsed = Result.getOrThrow(
      parsePlaceCall({ ...order, agent: { name: "reminder" }, providerOptions: options })
    )
    expect(Result.getOrThrow(orderAt({ agents }, parsed, "b")).providerOptions).toEqual({
      a: { other: 1 },
      b: { queue: true, note: "y" }
    })
  })

  it("calls a person from one number, of their country where there is one", () => {
    const french = Array.from({ length: 40 }, (_, index) => `+3319900${String(1000 + index)}`)
    const numbers = french.map((to) => at("a", { to }).from)
    expect(new Set(numbers)).toEqual(new Set(POOL.slice(2)))
    expect(french.map((to) => at("a", { to, reference: `again-${to.slice(-4)}` }).from)).toEqual(numbers)
    // Nobody of the pool is German: any of them.
    expect(POOL).toContain(at("a", { to: "+4915112345678" }).from)
  })

  it.each([
    ["is not there", { agent: { name: "other" } }, "agent.name: reminder"],
    ["is called as objects are", { agent: { name: "constructor" } }, "agent.name: reminder"],
    [
      "has no place there",
      { agent: { name: "reminder" }, provider: "c" },
      "agent.name: an agent that is configured at c"
    ]
  ])("that %s is refused", (_name, more, expected) => {
    const three = routerOf(configuration, provider("a"), provider("b", { metadata: "no" }), provider("c"))
    const result = decide(three, { provider: "a", ...more })
    expect(
      Result.isFailure(result)
        ? `${result.failure.field}: ${"expected" in result.failure ? result.failure.expected : ""}`
        : "taken"
    ).toBe(expected)
  })

  it.effect(
    "is placed as such, and the same order again is the same order, whatever the configuration says by then",
    () =>
      Effect.gen(function* () {
        const [a, b] = [provider("a"), provider("b", { metadata: "no" })]
        const { calls } = yield* routed(configuration, a, b)
        const named = { ...order, provider: "a", agent: { name: "reminder" } }
        const placed = yield* calls.place(named)
        expect(placed).toMatchObject({ state: "accepted", routed: { provider: "a", because: "the order names a" } })
        expect(a.placed[0]?.order).toMatchObject({ agent: { id: "at-a" } })
        expect(a.placed[0]?.order.agent).not.toHaveProperty("name")
        const again = yield* calls.place(named)
        expect(again).toMatchObject({ already: true })
        expect(again).not.toHaveProperty("differs")
      })
  )
})
