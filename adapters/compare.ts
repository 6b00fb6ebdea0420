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
import type { Experiment } from "../src/experiment/Experiment.ts"
import { parseExperiment } from "../src/experiment/parseExperiment.ts"
import type { FieldFault } from "../src/domain/PlaceCall.ts"
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

export * from "../src/compare/index.ts"
export { renderHtml } from "../src/report/html/page.ts"
export { renderMarkdown } from "../src/report/markdown.ts"
export { renderTerminal, type TerminalOptions } from "../src/report/terminal.ts"
