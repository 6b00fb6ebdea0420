/**
 * Pairs in bulk: `npm run simulate:pairs -- --pairs 100000 --seed 1`. With `--keep` what came of it is appended to `figures.jsonl`.
 * Ends with 1 if a pair differs as it must not or a planted mistake is not found; with 2 if a flag cannot be followed.
 */
import process from "node:process"
import { parseArgs } from "node:util"
import { codeVersion } from "../simulation/codeVersion.ts"
import { keep } from "./keptFigures.ts"
import { playPairs } from "./pairs.ts"
import { findMistake, PLANTED_MISTAKES } from "./planted.ts"

const OPTIONS = {
  pairs: { type: "string", default: "100000" },
  seed: { type: "string", default: "1" },
  within: { type: "string", default: "1000" },
  keep: { type: "boolean", default: false }
} as const

class FlagError extends Error {
  override readonly name = "FlagError"
}

const MOST = 1_000_000_000

const countOf = (flag: string, text: string): number => {
  if (!/^\d{1,10}$/.test(text) || Number(text) < 1 || Number(text) > MOST)
    throw new FlagError(`--${flag}: expected a whole number from 1 to ${MOST}`)
  return Number(text)
}

const readFlags = (args: ReadonlyArray<string>) => {
  try {
    const { pairs, seed, within, keep: isKept } = parseArgs({ args: [...args], options: OPTIONS }).values
    return { pairs: countOf("pairs", pairs), seed: countOf("seed", seed), within: countOf("within", within), isKept }
  } catch (error) {
    throw error instanceof FlagError
      ? error
      : new FlagError(error instanceof Error ? error.message : "unreadable flags")
  }
}

/** More are no news. */
const MOST_ALARMS = 20

const main = (args: ReadonlyArray<string>): void => {
  const { pairs, seed, within, isKept } = readFlags(args)
  const started = performance.now()
  const played = playPairs(seed, pairs, (done) => process.stderr.write(`${done} pairs\n`))
  const seconds = Math.round(performance.now() - started) / 1000
  const planted = Object.fromEntries(
    PLANTED_MISTAKES.map((mistake) => [mistake.id, findMistake(mistake, seed, within)?.pair ?? null])
  )
  const figures = {
    commit: codeVersion("test/switch/*.ts"),
    node: process.version,
    seed,
    pairs: played.pairs,
    kinds: played.kinds,
    alarms: played.alarms.length,
    alarmed: played.alarms.slice(0, MOST_ALARMS).map((alarm) => alarm.seed),
    declared: played.declared,
    planted,
    plantedWithin: within,
    seconds
  }
  if (isKept) keep(figures)
  process.stdout.write(`${JSON.stringify(figures)}\n`)
  for (const alarm of played.alarms.slice(0, MOST_ALARMS)) process.stdout.write(`${JSON.stringify(alarm)}\n`)
  process.exitCode = played.alarms.length === 0 && !Object.values(planted).includes(null) ? 0 : 1
}

try {
  main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof FlagError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
