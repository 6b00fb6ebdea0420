/**
 * Histories in bulk: `npm run simulate -- --histories 100000 --from 1 --workers 2 --journal memory --file figures.ndjson`.
 * Ranges of seeds that stand in the file are not played again. `--keep` appends what all came to to `figures.jsonl`. Ends with
 * 1 if a seed fails, which it prints as a test, or if 20,000 histories leave a cell of coverage unmet.
 *
 * `npm run simulate -- --planted --bug retry-in-transport --seeds 10000` looks for bugs that are planted in the code, without
 * `--bug` for all, and keeps what came of it in `plantedBugs.found.json`. Ends with 1 if one was not found. With `--kept`, only
 * the seeds that are kept there are played.
 */
import { once } from "node:events"
import { appendFileSync } from "node:fs"
import { availableParallelism } from "node:os"
import process from "node:process"
import { parseArgs } from "node:util"
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads"
import * as Schema from "effect/Schema"
import { cellsOver, coverageTable, FLOOR_HISTORIES } from "./coverage.ts"
import { playOver } from "./journals.ts"
import { joined, rangeFigures, RangeFigures, readRanges } from "./range.ts"
import { missedSince, runPlanted } from "./plantedRun.ts"
import { keep } from "./keptFigures.ts"
import { settlingTable } from "./settling.ts"
import { asTest, seedsFrom, shrunkScript, simulate } from "./simulate.ts"
import { verdictOf } from "./checkers.ts"

/** Seeds that a worker plays before it tells what they came to. */
const RANGE = 500

const Ask = Schema.Struct({ journal: Schema.Literals(["memory", "sqlite"]), from: Schema.Int, histories: Schema.Int })
type Ask = typeof Ask.Type

const played = ({ journal, from, histories }: Ask): RangeFigures => {
  const started = performance.now()
  const figures = simulate(seedsFrom(from, histories), { play: playOver(journal) })
  return rangeFigures(journal, from, figures, Math.round(performance.now() - started) / 1000)
}

const rangesOf = (journal: Ask["journal"], from: number, histories: number): ReadonlyArray<Ask> =>
  Array.from({ length: Math.ceil(histories / RANGE) }, (_, index) => ({
    journal,
    from: from + index * RANGE,
    histories: Math.min(RANGE, histories - index * RANGE)
  }))

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

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      histories: { type: "string", default: "10000" },
      from: { type: "string", default: "1" },
      journal: { type: "string", default: "memory" },
      workers: { type: "string", default: String(availableParallelism()) },
      file: { type: "string" },
      keep: { type: "boolean", default: false },
      planted: { type: "boolean", default: false },
      bug: { type: "string", multiple: true, default: [] },
      kept: { type: "boolean", default: false },
      seeds: { type: "string", default: "10000" },
      "no-shrink": { type: "boolean", default: false }
    }
  })
  if (values.planted && values.kept) {
    const missed = await missedSince()
    process.stdout.write(`${JSON.stringify(missed)}\n`)
    process.exitCode = missed.length === 0 ? 0 : 1
    return
  }
  if (values.planted) {
    const options = { seeds: Number(values.seeds), isShrunk: !values["no-shrink"] }
    const isAllFound = await runPlanted(values.bug, options, (line) => process.stdout.write(`${line}\n`))
    process.exitCode = isAllFound ? 0 : 1
    return
  }
  const journal = values.journal === "sqlite" ? "sqlite" : "memory"
  const { file } = values
  const asks = rangesOf(journal, Number(values.from), Number(values.histories))
  const known = readRanges(file).filter((each) => each.journal === journal)
  const done = known.filter((each) => asks.some((ask) => ask.from === each.from && ask.histories === each.histories))
  const left = asks.filter((ask) => !done.some((each) => each.from === ask.from))
  const started = performance.now()
  let histories = 0
  await playAll(left, Number(values.workers), (range) => {
    done.push(range)
    histories += range.histories
    if (file !== undefined) appendFileSync(file, `${JSON.stringify(range)}\n`)
    const rate = Math.round(histories / ((performance.now() - started) / 1000))
    const failed = done.reduce((sum, { failures }) => sum + failures.length, 0)
    process.stderr.write(`${histories} histories, ${rate} a second, ${failed} failed\n`)
  })
  const all = joined(done)
  if (all === undefined) return
  const { coverage, failures, ...figures } = all
  if (values.keep) keep(all)
  const cells = new Map(Object.entries(coverage))
  const unmet = cellsOver(journal).filter((cell) => !cells.has(cell))
  const tables = [coverageTable(cells), `unmet: ${unmet.join(", ") || "none"}`, settlingTable(all.settling)]
  process.stdout.write(`${[...tables, JSON.stringify(figures)].join("\n\n")}\n`)
  for (const failure of failures.slice(0, 5)) {
    const play = playOver(journal)
    const script = shrunkScript(failure, play)
    process.stdout.write(`\n${asTest(script, verdictOf(play(script)).faults)}\n`)
  }
  const isBelowFloor = all.histories >= FLOOR_HISTORIES && unmet.length > 0
  process.exitCode = failures.length === 0 && !isBelowFloor ? 0 : 1
}

if (!isMainThread && workerData === "simulate") {
  parentPort?.on("message", (ask: unknown) => parentPort?.postMessage(played(decodeAsk(ask))))
} else if (import.meta.main) await main()
