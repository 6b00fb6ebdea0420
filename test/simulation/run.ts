/**
 * Histories in bulk: `npm run simulate -- --histories 100000 --from 1 --workers 2 --journal memory --file figures.ndjson`.
 * Ranges of seeds that stand in the file, of the same code, are not played again. `--keep` appends what all came to to
 * `figures.jsonl`. Ends with 1 if a seed fails, which it prints as a test, or if 20,000 histories leave a cell of coverage
 * unmet; with 2 if a flag or the file cannot be followed.
 *
 * `--routed` plays histories with routes, whose seeds begin with `r`.
 *
 * `npm run simulate -- --planted --bug retry-in-transport --seeds 10000` looks for bugs that are planted in the code, without
 * `--bug` for all, and keeps what came of it in `plantedBugs.found.json`. Ends with 1 if one was not found. With `--kept`, only
 * the seeds that are kept there are played, and it is told of which something else came.
 */
import { once } from "node:events"
import process from "node:process"
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads"
import * as Schema from "effect/Schema"
import { codeVersion } from "./codeVersion.ts"
import { cellsOver, coverageTable, FLOOR_HISTORIES } from "./coverage.ts"
import { FlagError, type Flags, readFlags } from "./flags.ts"
import { playOver } from "./journals.ts"
import { keep } from "./keptFigures.ts"
import { missedSince, runPlanted } from "./plantedRun.ts"
import {
  appendRange,
  joined,
  rangeFigures,
  RangeFigures,
  RangeFileError,
  rangesLeft,
  rangesWithin,
  readRanges
} from "./range.ts"
import { scriptOf } from "./generator.ts"
import { ROUTED } from "./routed.ts"
import { settlingTable } from "./settling.ts"
import { asTest, faultsOf, seedsFrom, shrunkScript, simulate } from "./simulate.ts"

/** Seeds that a worker plays before it tells what they came to. */
const RANGE = 500

const Ask = Schema.Struct({
  journal: Schema.Literals(["memory", "sqlite"]),
  isRouted: Schema.optionalKey(Schema.Literal(true)),
  commit: Schema.String,
  from: Schema.Int,
  histories: Schema.Int
})
type Ask = typeof Ask.Type

const played = ({ histories, ...of }: Ask): RangeFigures => {
  const started = performance.now()
  const seeds = seedsFrom(of.from, histories, of.isRouted === true ? ROUTED : "")
  const figures = simulate(seeds, { play: playOver(of.journal) })
  return rangeFigures(of, figures, Math.round(performance.now() - started) / 1000)
}

const decodeAsk = Schema.decodeUnknownSync(Ask)
const decodeFigures = Schema.decodeUnknownSync(RangeFigures)

/** One after the other, each worker takes the next range. */
const playAll = async (asks: ReadonlyArray<Ask>, workers: number, onRange: (done: RangeFigures) => void) => {
  const left = [...asks]
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL(import.meta.url), { workerData: "simulate" })
    try {
      for (let ask = left.shift(); ask !== undefined; ask = left.shift()) {
        const answer = once(worker, "message")
        worker.postMessage(ask)
        const [figures] = await answer
        onRange(decodeFigures(figures))
      }
    } finally {
      await worker.terminate()
    }
  }
  await Promise.all(Array.from({ length: Math.min(workers, asks.length) }, work))
}

/** What is known of the seeds, of this code and this journal. */
const knownOf = ({ file, journal, isRouted, from, histories }: Flags, commit: string): ReadonlyArray<RangeFigures> => {
  if (file === undefined) return []
  const ranges = readRanges(file).filter((range) => range.journal === journal && (range.isRouted === true) === isRouted)
  const own = ranges.filter((range) => range.commit === commit)
  const others = rangesWithin(
    ranges.filter((range) => range.commit !== commit),
    { from, histories }
  )
  if (others.length > 0)
    process.stderr.write(`${file}: ${others.length} ranges are of other code than ${commit}, and are played again\n`)
  return rangesWithin(own, { from, histories })
}

const playHistories = async (flags: Flags): Promise<void> => {
  const { journal, from, histories, workers, file } = flags
  const commit = codeVersion()
  const done = [...knownOf(flags, commit)]
  const of = { journal, commit, ...(flags.isRouted ? { isRouted: true as const } : {}) }
  const left = rangesLeft({ from, histories }, done, RANGE).map((range) => ({ ...of, ...range }))
  const started = performance.now()
  let count = 0
  await playAll(left, workers, (range) => {
    done.push(range)
    count += range.histories
    if (file !== undefined) appendRange(file, range)
    const rate = Math.round(count / ((performance.now() - started) / 1000))
    const failed = done.reduce((sum, { failures }) => sum + failures.length, 0)
    process.stderr.write(`${count} histories, ${rate} a second, ${failed} failed\n`)
  })
  const all = joined(done)
  if (all === undefined) return
  const { coverage, failures, ...figures } = all
  if (flags.keep) keep(all)
  const cells = new Map(Object.entries(coverage))
  const unmet = cellsOver(journal, flags.isRouted).filter((cell) => !cells.has(cell))
  const tables = [coverageTable(cells), `unmet: ${unmet.join(", ") || "none"}`, settlingTable(all.settling)]
  process.stdout.write(`${[...tables, JSON.stringify(figures)].join("\n\n")}\n`)
  for (const failure of failures.slice(0, 5)) {
    const play = playOver(journal)
    const script = flags.isShrunk ? shrunkScript(failure, play) : scriptOf(failure.seed)
    process.stdout.write(`\n${asTest(script, faultsOf(script, play))}\n`)
  }
  const isBelowFloor = all.histories >= FLOOR_HISTORIES && unmet.length > 0
  process.exitCode = failures.length === 0 && !isBelowFloor ? 0 : 1
}

const main = async (): Promise<void> => {
  const flags = readFlags(process.argv.slice(2))
  if (!flags.planted) return playHistories(flags)
  if (flags.kept) {
    const missed = await missedSince()
    process.stdout.write(`${JSON.stringify(missed)}\n`)
    process.exitCode = missed.length === 0 ? 0 : 1
    return
  }
  const isAllFound = await runPlanted(flags.bugs, flags, (line) => process.stdout.write(`${line}\n`))
  process.exitCode = isAllFound ? 0 : 1
}

if (!isMainThread && workerData === "simulate") {
  parentPort?.on("message", (ask: unknown) => parentPort?.postMessage(played(decodeAsk(ask))))
} else if (import.meta.main) {
  try {
    await main()
  } catch (error) {
    if (!(error instanceof FlagError || error instanceof RangeFileError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 2
  }
}
