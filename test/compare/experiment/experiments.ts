/** Experiments for tests: of two providers nobody has, and of as many units as it takes. */
import * as Result from "effect/Result"
import type { Experiment } from "../../../src/experiment/Experiment.ts"
import type { Witnesses } from "../../../src/experiment/definitions.ts"
import { parseExperiment } from "../../../src/experiment/parseExperiment.ts"
import { freeze } from "../../../src/experiment/freeze.ts"
import { type Instant, parseInstant } from "../../../src/domain/Instant.ts"
import type { JsonObject } from "../../../src/domain/Json.ts"
import { OBSERVABLES } from "../../../src/provider/Evidence.ts"

export const SALT = "k3Jd92ksLqpz81Xm"

export const PROVIDERS = ["alpha", "beta"]

const proof = { certainty: "stated", basis: "own_word", from: "its word" } as const

/** Both tell everything in the same way. */
export const WITNESSES: Witnesses = {
  get: (id) =>
    PROVIDERS.includes(id)
      ? { title: id, evidence: Object.fromEntries(OBSERVABLES.map((each) => [each, proof])) }
      : undefined
}

export const draft: JsonObject = {
  id: "exp-1",
  arms: [
    { name: "control", provider: "alpha", agent: "agent-a", share: 1 },
    { name: "treatment", provider: "beta", agent: "agent-b", share: 1 }
  ],
  unit: "number",
  salt: SALT,
  primary: { metric: "first_attempt.human_reached", smallestEffect: 0.03 }
}

export const experimentOf = (changes: JsonObject = {}): Experiment =>
  Result.getOrThrowWith(
    parseExperiment({ ...draft, ...changes }, PROVIDERS),
    ({ field, expected }) => new Error(`${field}: expected ${expected}`)
  )

export const instant = (text: string): Instant => {
  const parsed = parseInstant(text)
  if (parsed === undefined) throw new Error(`no instant: ${text}`)
  return parsed
}

export const STARTED = instant("2030-03-01T09:00:00Z")

export const started = (changes: JsonObject = {}, at: Instant = STARTED): Experiment =>
  Result.getOrThrowWith(
    freeze(experimentOf(changes), at, WITNESSES),
    ({ field, expected }) => new Error(`${field}: expected ${expected}`)
  )

/** Numbers in form only: none is written down or dialled. */
export const manyNumbers = (count: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, at) => `+99900${String(at).padStart(7, "0")}`)

/** The usual statistic of counts against what was expected of each. */
export const chiSquare = (counts: ReadonlyArray<number>, expected: ReadonlyArray<number>): number =>
  counts.reduce((sum, count, at) => sum + (count - (expected[at] ?? 0)) ** 2 / (expected[at] ?? 1), 0)
