/** From payloads of a known population to a comparison, the whole way, and what to look at in it. */
import { expect } from "vitest"
import { providers } from "../../adapters/index.ts"
import { makeCollector } from "../../src/compare/collect.ts"
import { compare } from "../../src/compare/compare.ts"
import type { Check, Comparison, Contrast, MetricResult } from "../../src/compare/Comparison.ts"
import type { Experiment } from "../../src/experiment/Experiment.ts"
import { metricsFor } from "../../src/metrics/index.ts"
import { type Collected, isAnswer, isYes } from "../../src/compare/Observations.ts"
import type { JsonObject } from "../../src/domain/Json.ts"

export const OWN_WORD = "first_attempt.human_reached.own_word"
export const CONVERSATION = "first_attempt.human_reached.conversation"

export interface TrialOptions {
  readonly experiment?: Experiment
  readonly analysis?: "sequential" | "fixed"
  readonly armsBy?: "provider" | "agent"
  /** @default the experiment's, else the first */
  readonly baseline?: string
}

export const collectAll = (payloads: ReadonlyArray<JsonObject>, options: TrialOptions = {}): Collected => {
  const refused: Array<string> = []
  const collector = makeCollector({
    registry: providers,
    metrics: metricsFor(options.experiment?.successOutcomes),
    experiment: options.experiment,
    armsBy: options.armsBy ?? "provider",
    strata: options.experiment?.strata ?? [],
    timeZone: "UTC",
    refused: ({ message }) => refused.push(message)
  })
  payloads.forEach((payload, index) => collector.payload(payload, () => `population:${index}`))
  const collected = collector.finish()
  expect(refused).toEqual([])
  return collected
}

export const concluded = (collected: Collected, { experiment, analysis, baseline }: TrialOptions = {}): Comparison =>
  compare(collected, { registry: providers, experiment, analysis, baseline })

export const compareAll = (payloads: ReadonlyArray<JsonObject>, options: TrialOptions = {}): Comparison =>
  concluded(collectAll(payloads, options), options)

export const metricIn = ({ metrics }: Comparison, id: string): MetricResult => {
  const found = metrics.find((metric) => metric.id === id)
  if (found === undefined) throw new Error(`no metric ${id}`)
  return found
}

/** Of two arms there is one. */
export const contrastIn = (comparison: Comparison, id: string): Contrast => {
  const [contrast] = metricIn(comparison, id).contrasts
  if (contrast === undefined) throw new Error(`nothing compared by ${id}`)
  return contrast
}

export const checkIn = ({ checks }: Comparison, id: Check["id"]): Check => {
  const found = checks.find((check) => check.id === id)
  if (found === undefined) throw new Error(`no check ${id}`)
  return found
}

/** What somebody would count by hand in each arm, whatever the guard makes of it. */
export const countedIn = ({ orders }: Collected, definition: string) => {
  const codes = orders.rate(definition)
  return orders.arms.map((_, arm) => {
    let [count, n] = [0, 0]
    for (let row = 0; row < orders.size; row++) {
      const code = codes?.[row] ?? 0
      if (orders.arm[row] !== arm || !isAnswer(code)) continue
      n += 1
      if (isYes(code)) count += 1
    }
    return { count, n, rate: count / n }
  })
}

/** What somebody would find who divides by hand: the difference of two arms, and the same in its standard errors. */
export const naive = (collected: Collected, definition: string) => {
  const [a = { count: 0, n: 0, rate: 0 }, b = a] = countedIn(collected, definition)
  const pooled = (a.count + b.count) / (a.n + b.n)
  const difference = b.rate - a.rate
  return { difference, z: difference / Math.sqrt(pooled * (1 - pooled) * (1 / a.n + 1 / b.n)) }
}
