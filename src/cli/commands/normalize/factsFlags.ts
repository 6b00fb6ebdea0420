/** Flags of `normalize` about facts: what folding has joined, to be folded again. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { usage } from "../../shell/CommandFailure.ts"
import { onOff, text } from "../../shell/flags.ts"
import type { JobOptions } from "./job.ts"
import { dataPath } from "../../shell/output.ts"
import type { Target } from "../../shell/wholeFile.ts"
import { findFactsFile } from "./factsFile.ts"

export const factsFlags = {
  facts: onOff(
    "facts",
    "Fold, and write the joined claims instead of records: they can be folded again, with anything"
  ),
  into: text(
    "into",
    "FILE",
    "Fold into this file of facts, made if it is not there, as a whole or not at all; .gz compresses it"
  )
}

export interface FactsFlags {
  readonly fold: boolean
  readonly facts: boolean
  readonly into: Option.Option<string>
}

/** Flags that facts do not go with, and why. */
interface Others {
  readonly format: string
  readonly native: boolean
  readonly only: Option.Option<string>
}

export interface Folding {
  readonly fold: boolean
  readonly output: JobOptions["output"]
  readonly into: Target | undefined
}

export const foldingOf = Effect.fnUntraced(function* (flags: FactsFlags & Others) {
  const name = Option.getOrUndefined(flags.into)
  if (name === undefined && !flags.facts) {
    return { fold: flags.fold, output: "records", into: undefined } satisfies Folding
  }
  const flag = name === undefined ? "--facts" : "--into"
  const misfit =
    flags.format !== "ndjson"
      ? `without --format ${flags.format}; facts are NDJSON, and records of any format are made from them`
      : !flags.native
        ? "without --no-native; facts hold the provider's records, and records without them are made from facts"
        : Option.isSome(flags.only)
          ? "without --only; facts are whole, and records of some kinds are made from them"
          : name !== undefined && dataPath() !== undefined
            ? "without -o; all is written to the file of facts"
            : undefined
  if (misfit !== undefined) return yield* usage(`${flag}: expected it ${misfit}`)
  const into = name === undefined ? undefined : yield* findFactsFile(name)
  return { fold: true, output: into === undefined ? "facts" : "nothing", into } satisfies Folding
})
