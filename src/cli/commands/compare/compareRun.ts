/** Runs `unicall compare`: inputs into observations, those into a comparison, and that into reports. */
import { existsSync } from "node:fs"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { providers } from "../../providers.ts"
import { type Collector, makeCollector, type Refused } from "../../../compare/collect.ts"
import { armNamed, compare } from "../../../compare/compare.ts"
import type { Comparison } from "../../../compare/Comparison.ts"
import { metricsFor } from "../../../metrics/index.ts"
import type { Collected } from "../../../compare/Observations.ts"
import { renderMarkdown } from "../../../report/markdown.ts"
import { renderTerminal } from "../../../report/terminal.ts"
import { readSqliteJournal } from "../../../node/SqliteJournal.ts"
import { InputUnreadable, NothingConcluded, RecordsRejected, UsageFailure } from "../../shell/CommandFailure.ts"
import { readOptionsOf, splitOptionsOf } from "../../inputs/inputFlags.ts"
import type { Input } from "../../inputs/findInputs.ts"
import type { ReadingJob } from "../normalize/job.ts"
import { plainText } from "../../shell/terminal.ts"
import { namedInputs, readInThread, sizeOf } from "../../inputs/readInputs.ts"
import { makeNoteOutput, makeVerdictOutput } from "../../shell/output.ts"
import { makeRejectionNotes } from "../../inputs/rejectionNotes.ts"
import { makeProgress, silent } from "../normalize/balance.ts"
import { checkFiles, type FileUse, readsOf } from "../../shell/fileUse.ts"
import { findTarget, type Target } from "../../shell/wholeFile.ts"
import { type CompareFlags, type Settings, settingsOf } from "./compareFlags.ts"
import { writeReport } from "./reportFile.ts"

const WIDTH_OF_A_PIPE = 80

/** Standard error, with a line on it that comes and goes. */
const makeNotes = (now: () => number) => {
  const output = makeNoteOutput()
  const isTerminal = process.stderr.isTTY
  const show = (text: string): void => {
    output.text(text)
    output.flush()
  }
  return {
    text: output.text,
    line: (text: string): void => output.text(`${text}\n`),
    flush: output.flush,
    close: output.close,
    reading: (total: number | undefined) => (isTerminal ? makeProgress(show, total, now) : silent),
    step: (text: string): void => {
      if (isTerminal) show(`\r\u001B[K${text}`)
    }
  }
}

type Notes = ReturnType<typeof makeNotes>

const collectorOf = (
  flags: CompareFlags,
  { experiment, armsBy, baseline, timeZone }: Settings,
  refused: (refused: Refused) => void
): Collector =>
  makeCollector({
    registry: providers,
    metrics: metricsFor(experiment?.successOutcomes),
    experiment,
    armsBy,
    baseline,
    strata: experiment?.strata ?? [],
    timeZone: timeZone ?? experiment?.timeZone ?? "UTC",
    read: readOptionsOf(flags),
    refused
  })

/** A journal that is not there is not made. */
const readJournal = (file: string, each: (placement: object) => void) =>
  existsSync(file)
    ? readSqliteJournal({ file }, each).pipe(
        Effect.mapError(({ problem }) => new InputUnreadable({ message: `${file}: ${problem}` }))
      )
    : Effect.fail(new InputUnreadable({ message: `${file}: no such file or folder` }))

/** Reads everything; tells and counts what is no record. */
const collect = Effect.fnUntraced(function* (
  flags: CompareFlags,
  settings: Settings,
  inputs: ReadonlyArray<Input>,
  notes: Notes
) {
  const tally = { read: 0, rejected: 0 }
  const progress = notes.reading(sizeOf(inputs))
  const rejections = makeRejectionNotes()
  const collector = collectorOf(flags, settings, (refused) => {
    tally.rejected += 1
    rejections.add(refused)
  })
  const job: ReadingJob = {
    tally,
    payload: (payload, source, provider) => {
      tally.read += 1
      collector.payload(payload, source, provider)
    },
    unreadable: collector.unreadable
  }
  yield* readInThread(inputs, job, splitOptionsOf(flags), progress, notes.flush)
  const journal = Option.getOrUndefined(flags.journal)
  if (journal !== undefined) yield* readJournal(journal, (placement) => job.payload(placement, () => journal))
  progress.clear()
  notes.text(rejections.rest())
  notes.step("putting records together")
  return { collected: collector.finish(), rejected: tally.rejected }
})

/** Found out only when everything has been read: what arms there are stands in the data. */
const checkBaseline = ({ baseline }: Settings, { facts }: Collected) =>
  baseline === undefined || facts.length === 0 || armNamed(facts, baseline) >= 0
    ? Effect.void
    : Effect.fail(
        new UsageFailure({
          message: `--baseline: expected one of ${facts.map(({ name }) => plainText(name)).join(", ")}`
        })
      )

const comparisonOf = (collected: Collected, settings: Settings, now: number, notes: Notes): Comparison => {
  const { experiment, analysis, alpha, baseline, timeZone, primary } = settings
  const comparison = compare(collected, {
    registry: providers,
    experiment,
    analysis,
    alpha,
    baseline,
    timeZone,
    now: new Date(now).toISOString(),
    primary: primary === undefined ? undefined : { metric: primary },
    progress: (metric) => notes.step(`comparing: ${metric}`)
  })
  notes.step("")
  return comparison
}

const reportOf = (flags: CompareFlags, comparison: Comparison): string => {
  if (flags.json) return `${JSON.stringify(comparison, null, 2)}\n`
  if (flags.markdown) return renderMarkdown(comparison)
  const { isTTY, columns } = process.stdout
  const color = isTTY && (process.env["NO_COLOR"] ?? "") === "" && process.env["TERM"] !== "dumb"
  return renderTerminal(comparison, { width: isTTY && columns > 0 ? columns : WIDTH_OF_A_PIPE, color })
}

const writeHtml = Effect.fnUntraced(function* (file: Target, comparison: Comparison) {
  const { renderHtml } = yield* Effect.promise(() => import("../../../report/html/page.ts"))
  yield* writeReport(file, renderHtml(comparison))
})

const count = (number: number): string => number.toLocaleString("en-US")

/** Records in = compared + everything else, as with `normalize`. */
const balance = ({ records, orders, folded, placements, leftOut }: Comparison["data"], seconds: number): string => {
  const others = leftOut.reduce((sum, each) => sum + each.count, 0)
  const parts = [
    `${count(orders)} orders compared`,
    ...(placements > 0 ? [`${count(placements)} placements`] : []),
    `${count(folded)} folded into them`,
    `${count(others)} left out`
  ]
  return `${count(records)} records in = ${parts.join(" + ")}, in ${seconds.toFixed(1)} s`
}

const usesOf = (
  ...flags: ReadonlyArray<readonly [name: string, path: Option.Option<string>]>
): ReadonlyArray<FileUse> => flags.flatMap(([name, path]) => Option.toArray(Option.map(path, (at) => ({ name, at }))))

export const runCompare = Effect.fn("unicall.compare")(function* (flags: CompareFlags) {
  const clock = yield* Clock.Clock
  const now = () => clock.currentTimeMillisUnsafe()
  const started = now()
  const settings = yield* settingsOf(flags)
  const isJournalAlone = flags.inputs.length === 0 && Option.isSome(flags.journal)
  const inputs = isJournalAlone ? [] : yield* namedInputs(flags.inputs, flags)
  const html = Option.getOrUndefined(flags.html)
  const file = html === undefined ? undefined : yield* findTarget(html)
  yield* checkFiles({
    reads: [...readsOf(inputs), ...usesOf(["--experiment", flags.experiment], ["--journal", flags.journal])],
    writes: usesOf(["--html", flags.html]),
    names: flags.inputs
  })

  const notes = makeNotes(now)
  const run = Effect.gen(function* () {
    const { collected, rejected } = yield* collect(flags, settings, inputs, notes)
    yield* checkBaseline(settings, collected)
    const comparison = comparisonOf(collected, settings, now(), notes)
    if (file !== undefined) yield* writeHtml(file, comparison)
    const stdout = makeVerdictOutput()
    stdout.text(reportOf(flags, comparison))
    stdout.close()
    notes.line(balance(comparison.data, (now() - started) / 1000))
    if (file !== undefined) notes.line(`report written to ${plainText(file.name)}`)
    return { comparison, rejected }
  })
  const { comparison, rejected } = yield* run.pipe(Effect.ensuring(Effect.sync(notes.close)))
  if (comparison.data.orders + comparison.data.placements === 0) {
    return yield* new NothingConcluded({ message: "nothing to compare: no order of any arm was found" })
  }
  if (comparison.checks.some(({ outcome }) => outcome === "failed")) {
    return yield* new NothingConcluded({ message: "a check failed: nothing can be concluded from this comparison" })
  }
  if (rejected > 0 && flags.failOnReject) {
    return yield* new RecordsRejected({ message: `${count(rejected)} rejected, and --fail-on-reject was given` })
  }
})
