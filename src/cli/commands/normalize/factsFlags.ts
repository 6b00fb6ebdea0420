/** Flags of `normalize` about facts: what folding has joined, to be folded again. */
import * as Effect from "effect/Effect"
import { usage } from "../../shell/CommandFailure.ts"
import { type Given, onOff, text } from "../../shell/flags.ts"
import { dataPath } from "../../shell/output.ts"
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

export interface FactsFlags extends Given<typeof factsFlags> {
  readonly fold: boolean
  readonly native: boolean
  readonly only: string | undefined
}

/** Why facts do not go with the other flags. */
const misfitOf = ({ native, only, into }: FactsFlags, format: string): string | undefined => {
  if (format !== "ndjson") {
    return `without --format ${format}; facts are NDJSON, and records of any format are made from them`
  }
  if (!native) {
    return "without --no-native; facts hold the provider's records, and records without them are made from facts"
  }
  if (only !== undefined) return "without --only; facts are whole, and records of some kinds are made from them"
  return into !== undefined && dataPath() !== undefined ? "without -o; all is written to the file of facts" : undefined
}

/** What is folded, what is written of it, and into which file of facts. */
export const foldingOf = Effect.fnUntraced(function* (flags: FactsFlags, format: string) {
  const { fold, facts, into: name } = flags
  if (name === undefined && !facts) return { fold, output: "records", into: undefined } as const
  const misfit = misfitOf(flags, format)
  if (misfit !== undefined) return yield* usage(`${name === undefined ? "--facts" : "--into"}: expected it ${misfit}`)
  if (name === undefined) return { fold: true, output: "facts", into: undefined } as const
  return { fold: true, output: "nothing", into: yield* findFactsFile(name) } as const
})
