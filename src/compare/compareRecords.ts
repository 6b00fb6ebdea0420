/** Comparing as a library: records in, one after another, and the comparison out. */
import type { Registry } from "../provider/registry.ts"
import { makeCollector, type Refused } from "./collect.ts"
import { compare, type CompareOptions } from "./compare.ts"
import type { Comparison } from "./Comparison.ts"
import type { Stratum } from "../experiment/Experiment.ts"
import { metricsFor } from "../metrics/index.ts"
import type { ArmsBy } from "./collector/populations.ts"

/** What is compared, and how. */
export interface ComparingOptions extends Omit<CompareOptions, "registry" | "strata"> {
  /** What orders are sorted by, so that rates are compared like with like. @default the experiment's, else nothing */
  readonly strata?: ReadonlyArray<Stratum> | undefined
  /** What the arms are without an experiment. @default "provider" */
  readonly by?: ArmsBy | undefined
  /** Told of everything that was no record. */
  readonly refused?: ((refused: Refused) => void) | undefined
}

/** A comparison that payloads are added to one after another. */
export interface Comparing {
  /**
   * Takes what `normalize` takes and what it gives, lines of `unicall place --json` and placements of a journal: any JSON
   * value. What is no record is counted and told of; `source` names it there.
   *
   * @throws Error once there is a result: what came later would be in none
   */
  readonly add: (payload: unknown, source?: string) => void
  /**
   * The comparison of all that was added; the same whenever it is asked for.
   *
   * @throws RangeError as `compare` does
   */
  readonly result: () => Comparison
}

/**
 * Memory grows with the number of distinct orders alone: docs/performance.md has the figures. Raw payloads are held in short
 * until the result; normalised records are not.
 */
export const makeComparing =
  (registry: Registry) =>
  (options: ComparingOptions = {}): Comparing => {
    const { experiment, by, refused, ...given } = options
    const strata = given.strata ?? experiment?.strata ?? []
    const collector = makeCollector({
      registry,
      metrics: metricsFor(experiment?.successOutcomes),
      experiment,
      armsBy: by ?? "provider",
      baseline: given.baseline,
      strata,
      timeZone: given.timeZone ?? experiment?.timeZone ?? "UTC",
      refused
    })
    let made: Comparison | undefined
    return {
      add: (payload, source = "payload") => {
        if (made !== undefined) throw new Error("the comparison has been made: nothing can be added to it")
        collector.payload(payload, () => source)
      },
      result: () => (made ??= compare(collector.finish(), { registry, experiment, ...given, strata }))
    }
  }
