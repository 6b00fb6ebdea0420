/** What holds of every route by chance: shares, who moves when, and that it depends on nothing but the order and the configuration. */
import { spawnSync } from "node:child_process"
import process from "node:process"
import { fileURLToPath } from "node:url"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import { noteOf, readNote } from "../../src/calls/Router.ts"
import type { ConfigurationInput } from "../../src/routes/Configuration.ts"
import { makeChoice, makeRanking } from "../../src/routes/rendezvous.ts"
import { makeDraws } from "../../src/testing/simulation/index.ts"
import { decide, provider, routerOf } from "./routed.ts"

const IDS = ["a", "b", "c", "d", "e"] as const

type Weights = { readonly [id: string]: number }

/** Two to five of them, with weights from 0.1 to 100. */
const weightsOf = (seed: number): Weights => {
  const draws = makeDraws("weights", seed)
  const count = 2 + draws.below(4)
  return Object.fromEntries(IDS.slice(0, count).map((id) => [id, 10 ** (draws.next() * 3 - 1)]))
}

/** The first for each key, by the same ranking that a route has. */
const firsts = (weights: Weights, keys: ReadonlyArray<string>): ReadonlyArray<string> => {
  const ranking = makeRanking(Object.entries(weights), "main")
  return keys.map((key) => ranking(key)[0] ?? "nobody")
}

const KEYS = Array.from({ length: 1000 }, (_, index) => `key-${index}`)

const SEEDS = Array.from({ length: 100 }, (_, index) => index)

const byWeights = (weights: Weights): ConfigurationInput => ({
  routes: { main: { rules: [{ name: "split", use: { weights, by: "key" } }] } },
  defaultRoute: "main"
})

/** Those that have another one now: from whom, and to whom. */
const moved = (before: ReadonlyArray<string>, after: ReadonlyArray<string>) =>
  before.flatMap((from, index) => {
    const to = after[index] ?? "nobody"
    return from === to ? [] : [{ from, to }]
  })

describe("weights, whatever they are", () => {
  it("that are equal give the same one first, whether all are ranked or the first is chosen alone", () => {
    for (const seed of SEEDS) {
      const candidates = Object.keys(weightsOf(seed))
      const ranking = makeRanking(
        candidates.map((candidate) => [candidate, 2]),
        "main"
      )
      const choice = makeChoice(candidates, "main")
      for (const key of KEYS.slice(0, 50)) expect(choice(key)).toBe(ranking(key)[0])
    }
    expect(makeChoice([], "main")("key")).toBeUndefined()
  })

  it("share keys within binomial bounds", () => {
    // By Hoeffding a share is further off than this in one of 10 million looks, on both sides together; there are at most 500.
    const bound = Math.sqrt(Math.log(2 * 1e7) / (2 * KEYS.length))
    let looks = 0
    let squares = 0
    for (const seed of SEEDS) {
      const weights = weightsOf(seed)
      const total = Object.values(weights).reduce((a, b) => a + b, 0)
      const chosen = firsts(
        weights,
        KEYS.map((key) => `${seed} ${key}`)
      )
      for (const [id, weight] of Object.entries(weights)) {
        const share = weight / total
        const off = chosen.filter((each) => each === id).length / KEYS.length - share
        expect(Math.abs(off)).toBeLessThan(bound)
        looks += 1
        squares += (off * off * KEYS.length) / (share * (1 - share))
      }
    }
    // They are as far off as chance puts them: the mean square of their distances in deviations is 1, here within six of its own.
    expect(Math.abs(squares / looks - 1)).toBeLessThan(6 * Math.sqrt(4 / looks))
  })

  it("that grow move keys to the grown one only, and a provider that is taken away or drained only its own", () => {
    let toGrown = 0
    for (const seed of SEEDS) {
      const draws = makeDraws("grown", seed)
      const weights = weightsOf(seed)
      const ids = Object.keys(weights)
      const one = ids[draws.below(ids.length)] ?? "a"
      const { [one]: weight = 1, ...others } = weights
      const before = firsts(weights, KEYS)
      const grown = moved(before, firsts({ ...weights, [one]: weight * (1 + 4 * draws.next()) }, KEYS))
      toGrown += grown.length
      expect(grown.filter(({ to }) => to !== one)).toEqual([])
      const without = firsts(others, KEYS)
      expect(moved(before, without).filter(({ from }) => from !== one)).toEqual([])
      expect(before.filter((id, index) => id === one && without[index] === one)).toEqual([])
      expect(firsts({ ...weights, [one]: 0 }, KEYS)).toEqual(without)
    }
    expect(toGrown).toBeGreaterThan(SEEDS.length * 10)
  })

  it("decide the same however their keys are ordered, and all are in one proportion", () => {
    for (const seed of SEEDS) {
      const weights = weightsOf(seed)
      const turned = Object.fromEntries(Object.entries(weights).toReversed())
      const scaled = Object.fromEntries(Object.entries(weights).map(([id, weight]) => [id, weight * 8]))
      expect(firsts(turned, KEYS.slice(0, 100))).toEqual(firsts(weights, KEYS.slice(0, 100)))
      expect(firsts(scaled, KEYS.slice(0, 100))).toEqual(firsts(weights, KEYS.slice(0, 100)))
    }
  })
})

describe("a decision", () => {
  const weights = { a: 3, b: 1, c: 2 }
  const providers = ["a", "b", "c"]
  const orders = Array.from({ length: 200 }, (_, index) => ({
    reference: `lead-${index}`,
    routeKey: `person-${index}`
  }))
  const decided = (configuration: ConfigurationInput, ids: ReadonlyArray<string> = providers) => {
    const router = routerOf(configuration, ...ids.map((id) => provider(id)))
    return orders.map((more) => Result.getOrThrow(decide(router, more)).decision)
  }

  it("is the same in another process, whatever the order of its providers and of the keys of its configuration", () => {
    const configuration = {
      defaultRoute: "main",
      routes: { main: { rules: [{ use: { by: "key", weights: { c: 2, a: 3, b: 1 } }, name: "split" }] } }
    }
    const input = JSON.stringify({ configuration, providers: ["c", "a", "b"], orders })
    const child = spawnSync(process.execPath, [fileURLToPath(new URL("child.ts", import.meta.url))], {
      input,
      encoding: "utf8"
    })
    expect(child.stderr).toBe("")
    const here = decided(byWeights(weights)).map((each) => each.provider)
    expect(JSON.parse(child.stdout)).toEqual(here)
    expect(new Set(here).size).toBe(3)
  })

  it("has the same digest of the configuration, however its keys are ordered", () => {
    const { routes = {} } = byWeights({ c: 2, b: 1, a: 3 })
    expect(decided({ defaultRoute: "main", routes })).toEqual(decided(byWeights(weights)))
  })

  it("comes to the same again by what the journal keeps of it, the order and the configuration", () => {
    const first = decided(byWeights(weights))
    const again = decided(byWeights(weights), providers.toReversed())
    first.forEach((decision, index) => {
      const note = readNote(noteOf(decision))
      expect(note).toMatchObject({ route: "main", rule: "split", configuration: decision.configuration })
      expect(again[index]?.configuration).toBe(note?.configuration)
      expect(again[index]?.provider).toBe(decision.provider)
      expect(again[index]?.candidates?.map((each) => each.provider)).toEqual(note?.candidates)
    })
  })
})
