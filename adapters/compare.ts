/**
 * Experiments and comparisons over every provider: `unicall/compare` in the package.
 *
 *     const comparison = compareRecords(payloads)
 *     writeFileSync("report.html", renderHtml(comparison))
 */
import "../src/supportedNode.ts"
import type * as Result from "effect/Result"
import { makeComparing, type ComparingOptions } from "../src/compare/compareRecords.ts"
import type { Comparison } from "../src/compare/Comparison.ts"
import { type Assumptions, type Plan, planExperiment as planFor } from "../src/compare/plan.ts"
import type { Instant } from "../src/domain/Instant.ts"
import type { Witnesses } from "../src/experiment/definitions.ts"
import type { Experiment } from "../src/experiment/Experiment.ts"
import { freeze as freezeFor } from "../src/experiment/freeze.ts"
import { parseExperiment } from "../src/experiment/parseExperiment.ts"
import type { FieldFault } from "../src/domain/PlaceCall.ts"
import { makeCompareTellings } from "../src/switch/sameCall.ts"
import { providers } from "./index.ts"

/** Collects records one after another, for data that does not fit into memory. */
export const comparing = makeComparing(providers)

/** Compares what the payloads tell of, raw or normalised, in any mixture, order and repetition. */
export const compareRecords = (payloads: Iterable<unknown>, options: ComparingOptions = {}): Comparison => {
  const { add, result } = comparing(options)
  let index = 0
  for (const payload of payloads) add(payload, `payload[${index++}]`)
  return result()
}

/** Reads an experiment as a file holds it; fails with the first field at fault and what was expected of it. */
export const readExperiment = (input: unknown): Result.Result<Experiment, FieldFault> =>
  parseExperiment(input, providers.ids)

/**
 * The experiment as it is from `at` on; `at` is its start unless it names a later one. Fails if it has been started
 * before, if its start or end has passed, or if the arms' providers can never be compared by one of its goals.
 * `known`: a registry, for arms of other providers than those here.
 */
export const freeze = (
  experiment: Experiment,
  at: Instant,
  known: Witnesses = providers
): Result.Result<Experiment, FieldFault> => freezeFor(experiment, at, known)

/**
 * How many units an experiment needs. Only rates can be planned from a base rate. Fails with the assumption, or the field
 * of the experiment, that does not fit. `known`: a registry, for arms of other providers than those here.
 */
export const planExperiment = (
  experiment: Experiment,
  assumptions: Assumptions,
  known: Witnesses = providers
): Result.Result<Plan, FieldFault> => planFor(experiment, assumptions, known)

/**
 * Whether two providers say the same about one call: what is the same, what differs as one of them declares, and what differs and
 * must not. Pure; no number, no transcript and no other value of a record is in what it gives.
 *
 * @example compareTellings(orderOfOne, [firstDialOfOther, secondDialOfOther]).differences
 * @throws RangeError if a side has no order, orders of several providers, or of one that is not known
 */
export const compareTellings = makeCompareTellings(providers)

export * from "../src/compare/index.ts"
export type { DeclaredReason } from "../src/switch/Finding.ts"
export type {
  DeclaredDifference,
  SameCall,
  SameCallOptions,
  Telling,
  UndeclaredDifference
} from "../src/switch/sameCall.ts"
export { renderHtml } from "../src/report/html/page.ts"
export { renderMarkdown } from "../src/report/markdown.ts"
export { renderTerminal, type TerminalOptions } from "../src/report/terminal.ts"
