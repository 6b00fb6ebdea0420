import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import { providers } from "../../adapters/index.ts"
import { compare, type CompareOptions } from "../../src/compare/compare.ts"
import { type Collected, isAnswer, isYes } from "../../src/compare/Observations.ts"
import type { Experiment } from "../../src/experiment/Experiment.ts"
import { freeze } from "../../src/experiment/freeze.ts"
import { parseExperiment } from "../../src/experiment/parseExperiment.ts"
import { Instant } from "../../src/domain/Instant.ts"
import { metricsFor } from "../../src/metrics/index.ts"
import type { Definition } from "../../src/metrics/Metric.ts"
import { sameAnswers } from "../../src/metrics/sameAnswers.ts"
import { abSamples } from "./abSamples.ts"
import { collectedOf, factsOf, observationsOf, type Rows } from "./observed.ts"
import { collectAll } from "./trial.ts"

const CONNECTED = "first_attempt.connected"
const NOT_REACHED = "first_attempt.not_reached"

/** Of two agents of a provider that tells almost everything. */
const started = (changes: object = {}): Experiment => {
  const arms = ["a", "b"].map((name) => ({ name, provider: "revring", agent: name, share: 1 }))
  const primary = { metric: "first_attempt.human_reached" }
  const whole = { id: "trial", arms, unit: "number", salt: "7f3c9a1be5d24c6f8a90", primary, ...changes }
  const at = Instant.make("2026-03-01T00:00:00.000Z")
  const parsed = parseExperiment(whole, providers.ids)
  return Result.getOrThrow(Result.flatMap(parsed, (experiment) => freeze(experiment, at, providers)))
}

const facts = [factsOf("a", { providers: ["revring"] }), factsOf("b", { providers: ["revring"] })]

/** Both claims of one connection, of two arms. */
const groups = [0, 1].flatMap((arm): ReadonlyArray<Rows> => {
  const ids = [`${CONNECTED}.answer_time`, `${CONNECTED}.stated`]
  const rates = (word: "yes_stated" | "no_stated", opposite: "yes_stated" | "no_stated") => ({
    ...Object.fromEntries(ids.map((id) => [id, word])),
    [`${NOT_REACHED}.own_word`]: opposite,
    [`${NOT_REACHED}.not_connected`]: opposite
  })
  return [
    { arm, count: 300, rates: rates("yes_stated", "no_stated") },
    { arm, count: 200, rates: rates("no_stated", "yes_stated") }
  ]
})

const looked = (options: Partial<CompareOptions>, given: Partial<Collected> = {}) => {
  const { metrics } = compare(collectedOf(facts, groups, given), { registry: providers, ...options })
  const level = metrics.find(({ id }) => id === CONNECTED)?.contrasts[0]?.level ?? Number.NaN
  return { metrics, parts: Math.round(0.05 / (1 - level)) }
}

const placements = observationsOf(["a", "b"], [{ arm: 0, count: 1, rates: { "placement.refused.state": "no_stated" } }])

describe("metrics that say the same", () => {
  it("share one part of alpha, and metrics of which the data can hold nothing take none", () => {
    const registry = { ...providers, get: (id: string) => withoutReasons(providers.get(id)) }
    const ofOthers = { registry, experiment: undefined }
    const { metrics, parts } = looked(ofOthers)
    const judged = metrics.filter(
      ({ role, better, definition, scope }) =>
        role === "secondary" && better !== "neither" && definition !== undefined && scope !== "placement"
    )
    const used = judged.map(({ definition }) => definition?.id)
    expect(used).toContain(`${NOT_REACHED}.not_connected`)
    expect(parts).toBe(judged.length - 1)
    const inPlacing = metrics.filter(({ scope, better }) => scope === "placement" && better !== "neither").length
    expect(looked(ofOthers, { placements }).parts).toBe(parts + inPlacing)
  })

  it("answer alike or the other way round in every order of the samples", () => {
    const { experiment, revox, revring } = abSamples()
    const { orders } = collectAll([...revox, ...revring], { experiment: { ...experiment, unit: "reference" } })
    const rates = metricsFor().flatMap(({ definitions }) => {
      const all: ReadonlyArray<Definition<never>> = definitions
      return all.filter(({ kind }) => kind === "rate").map(({ id }) => id)
    })
    const twins = rates.filter((id) => sameAnswers(id) !== id)
    expect(twins).toEqual([`${CONNECTED}.stated`, `${NOT_REACHED}.not_connected`])
    for (const id of twins) {
      const [own = new Uint8Array(), other = new Uint8Array()] = [orders.rate(id), orders.rate(sameAnswers(id))]
      const relations = new Set(
        own.map((code, row) => {
          const same = other[row] ?? 0
          if (!isAnswer(code)) return code === same ? 0 : 3
          return !isAnswer(same) ? 3 : isYes(code) === isYes(same) ? 1 : 2
        })
      )
      // The same of all orders or the opposite of all; what is open or not told is so by both.
      expect([...relations].filter((relation) => relation > 0)).toEqual([id === `${CONNECTED}.stated` ? 1 : 2])
    }
  })
})

/** A provider that does not tell why a dial failed. */
const withoutReasons = (provider: ReturnType<typeof providers.get>) => {
  if (provider === undefined) return undefined
  const { busy: _, ...evidence } = provider.evidence
  return { ...provider, evidence }
}

describe("the parts of an experiment", () => {
  const experiment = started()
  const directed = Object.keys(experiment.frozen?.definitions ?? {}).filter(
    (id) => metricsFor().find((metric) => metric.id === id)?.better !== "neither" && id !== experiment.primary.metric
  )
  const ofCalls = directed.filter((id) => !id.startsWith("placement."))

  it("are those of the definitions that it fixed, whatever one look can compare", () => {
    const { metrics, parts } = looked({ experiment })
    expect(parts).toBe(ofCalls.length)
    // Verdicts that their own record contradicts: at this look two metrics of calls fewer are compared.
    const doubtful = facts.map((arm) => ({ ...arm, verdicts: 100, contradicted: 50 }))
    const look = compare(collectedOf(doubtful, groups), { registry: providers, experiment })
    const compared = (all: typeof metrics) => all.filter(({ definition }) => definition !== undefined).length
    expect(compared(look.metrics)).toBeLessThan(compared(metrics))
    const level = look.metrics.find(({ id }) => id === CONNECTED)?.contrasts[0]?.level ?? Number.NaN
    expect(Math.round(0.05 / (1 - level))).toBe(parts)
    expect(looked({ experiment }, { placements }).parts).toBe(directed.length)
  })

  it("are apart within a window, which widens one of two metrics that else say the same", () => {
    const registry = { ...providers, get: (id: string) => withoutReasons(providers.get(id)) }
    const { frozen: _, ...fields } = experiment
    const partsOf = (given: Partial<Collected>) => looked({ registry, experiment: fields }, given).parts
    const units = { windowHours: 48, laterOrders: 0, personsInSeveralArms: 0, ordersPerPerson: [] }
    expect(partsOf({ units })).toBe(partsOf({}) + 1)
  })
})
