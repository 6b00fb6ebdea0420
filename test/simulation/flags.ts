/** What `npm run simulate` is asked for. */
import { availableParallelism } from "node:os"
import { parseArgs } from "node:util"
import { PLANTED_BUGS } from "./plantedBugs.ts"

/** A flag that cannot be followed. */
export class FlagError extends Error {
  override readonly name = "FlagError"
}

const OPTIONS = {
  histories: { type: "string", default: "10000" },
  from: { type: "string", default: "1" },
  journal: { type: "string", default: "memory" },
  workers: { type: "string", default: String(availableParallelism()) },
  file: { type: "string" },
  keep: { type: "boolean", default: false },
  routed: { type: "boolean", default: false },
  planted: { type: "boolean", default: false },
  bug: { type: "string", multiple: true },
  kept: { type: "boolean", default: false },
  seeds: { type: "string", default: "10000" },
  "no-shrink": { type: "boolean", default: false }
} as const

/** Beyond it seeds are not told apart. */
const MOST = 1_000_000_000

const countOf = (flag: string, text: string): number => {
  if (!/^\d{1,10}$/.test(text) || Number(text) < 1 || Number(text) > MOST)
    throw new FlagError(`--${flag}: expected a whole number from 1 to ${MOST}`)
  return Number(text)
}

const journalOf = (text: string): "memory" | "sqlite" => {
  if (text !== "memory" && text !== "sqlite") throw new FlagError("--journal: expected memory or sqlite")
  return text
}

const parsed = (args: ReadonlyArray<string>) => {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values
  } catch (error) {
    throw new FlagError(error instanceof Error ? error.message : "flags that cannot be read")
  }
}

/** @throws FlagError naming the flag */
export const readFlags = (args: ReadonlyArray<string>) => {
  const values = parsed(args)
  const { bug = [], file, keep, kept, planted, routed: isRouted } = values
  for (const name of bug)
    if (PLANTED_BUGS.every(({ id }) => id !== name))
      throw new FlagError(`--bug: expected one of ${PLANTED_BUGS.map(({ id }) => id).join(", ")}`)
  if (!planted && (bug.length > 0 || kept)) throw new FlagError(`--${kept ? "kept" : "bug"}: expected with --planted`)
  return {
    histories: countOf("histories", values.histories),
    from: countOf("from", values.from),
    workers: countOf("workers", values.workers),
    seeds: countOf("seeds", values.seeds),
    journal: journalOf(values.journal),
    file,
    keep,
    isRouted,
    planted,
    kept,
    bugs: bug,
    isShrunk: !values["no-shrink"]
  }
}

export type Flags = ReturnType<typeof readFlags>
