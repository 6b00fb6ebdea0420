/** Runs `unicall compare`: inputs into observations, those into a comparison, and that into reports. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { makeCollector } from "../../../compare/collect.ts"
import { armNamed, compare } from "../../../compare/compare.ts"
import type { Comparison } from "../../../compare/Comparison.ts"
import { STRATUM_WORDS } from "../../../experiment/stratumWords.ts"
import { metricIds, metricsFor, undirectedMetricIds } from "../../../metrics/index.ts"
import { renderMarkdown } from "../../../report/markdown.ts"
import { renderTerminal } from "../../../report/terminal.ts"
import { journalFiles, journalPlace } from "../../calls/environment.ts"
import { type Journal, journalAt } from "../../calls/journal.ts"
import { checkFiles, readsOf, usesOf } from "../../inputs/fileUse.ts"
import type { Input } from "../../inputs/findInputs.ts"
import { readExperiment } from "../../inputs/experimentFile.ts"
import {
  namedInputs,
  type ReadingJob,
  readInThread,
  readOptionsOf,
  sizeOf,
  splitOptionsOf
} from "../../inputs/readInputs.ts"
import { makeRejectionNotes } from "../../inputs/rejectionNotes.ts"
import { providers } from "../../providers.ts"
import { inputFailure, nothingConcluded, recordsRejected, usage } from "../../shell/failures.ts"
import { refuseGiven, timeZoneOf, wordsOf } from "../../shell/flags.ts"
import { printVerdict } from "../../shell/output.ts"
import { makeNotes, type Notes } from "../../shell/progress.ts"
import { count, plainText } from "../../shell/terminal.ts"
import { findTarget, writeWhole } from "../../shell/wholeFile.ts"
import type { CompareFlags } from "./compareCommand.ts"

/** An experiment's settings, or those of the flags where there is none. */
const settingsOf = Effect.fnUntraced(function* (flags: CompareFlags) {
  const { by, baseline, analysis, alpha, primary } = flags
  if (flags.json && flags.markdown) return yield* usage("--json and --markdown: expected one of them")
  if (flags.experiment !== undefined) {
    // An experiment has settled them before its first result was seen.
    const settled = { "--by": by, "--baseline": baseline, "--analysis": analysis, "--alpha": alpha }
    yield* refuseGiven(
      { ...settled, "--time-zone": flags.timeZone, "--strata": flags.strata, "--primary": primary },
      "without --experiment; the experiment settles it"
    )
  }
  const experiment = flags.experiment === undefined ? undefined : yield* readExperiment(flags.experiment)
  const timeZone = yield* timeZoneOf(flags.timeZone)
  const given = yield* wordsOf("--strata", flags.strata, STRATUM_WORDS)
  const strata = experiment?.strata ?? [...new Set(given)]
  if (primary !== undefined && !metricIds.has(primary)) {
    return yield* usage(`--primary: expected one of ${[...metricIds].join(", ")}`)
  }
  if (primary !== undefined && undirectedMetricIds.has(primary)) {
    return yield* usage(
      `--primary: expected a metric of which one direction is better; for ${primary} an experiment can say which`
    )
  }
  return { experiment, armsBy: by ?? "provider", baseline, analysis, alpha, timeZone, strata, primary } as const
})

type Settings = Effect.Success<ReturnType<typeof settingsOf>>

const WIDTH_OF_A_PIPE = 80

/** Does not create a missing journal. */
const readJournal = ({ title, isMissing, read }: Journal, each: (placement: object) => void) =>
  isMissing()
    ? Effect.fail(inputFailure(`${title}: no such file or folder`))
    : Effect.mapError(read(each), ({ problem }) => inputFailure(`${title}: ${problem}`))

/** Reads everything; shows and counts rejections. */
const collect = Effect.fnUntraced(function* (
  flags: CompareFlags,
  settings: Settings,
  inputs: ReadonlyArray<Input>,
  journal: string | undefined,
  notes: Notes
) {
  const tally = { read: 0, rejected: 0 }
  const progress = notes.reading(sizeOf(inputs))
  const rejections = makeRejectionNotes()
  const { experiment } = settings
  const collector = makeCollector({
    ...settings,
    registry: providers,
    metrics: metricsFor(experiment?.successOutcomes),
    timeZone: settings.timeZone ?? experiment?.timeZone ?? "UTC",
    read: readOptionsOf(flags),
    refused: (refused) => {
      tally.rejected += 1
      rejections.add(refused)
    }
  })
  const job: ReadingJob = {
    tally,
    payload: (payload, source, provider) => {
      tally.read += 1
      collector.payload(payload, source, provider)
    },
    unreadable: collector.unreadable
  }
  yield* readInThread(inputs, job, splitOptionsOf(flags), { progress, flush: notes.flush })
  if (journal !== undefined) {
    const named = journalAt(journal)
    yield* readJournal(named, (placement) => job.payload(placement, () => named.title))
  }
  progress.clear()
  notes.text(rejections.rest())
  notes.step("putting records together")
  return { collected: collector.finish(), rejected: tally.rejected }
})

const reportOf = (flags: CompareFlags, comparison: Comparison): string => {
  if (flags.json) return `${JSON.stringify(comparison, null, 2)}\n`
  if (flags.markdown) return renderMarkdown(comparison)
  const { isTTY, columns } = process.stdout
  const color = isTTY && (process.env["NO_COLOR"] ?? "") === "" && process.env["TERM"] !== "dumb"
  return renderTerminal(comparison, { width: isTTY && columns > 0 ? columns : WIDTH_OF_A_PIPE, color })
}

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

export const runCompare = Effect.fn("unicall.compare")(function* (flags: CompareFlags) {
  const clock = yield* Clock.Clock
  const now = () => clock.currentTimeMillisUnsafe()
  const started = now()
  const settings = yield* settingsOf(flags)
  const { experiment, html } = flags
  const journal = flags.journal === undefined ? undefined : yield* journalPlace(flags.journal)
  const [journalFile] = journal === undefined ? [] : journalFiles(journal)
  const isJournalAlone = flags.inputs.length === 0 && journal !== undefined
  const inputs = isJournalAlone ? [] : yield* namedInputs(flags.inputs, flags)
  const file = html === undefined ? undefined : yield* findTarget(html)
  yield* checkFiles({
    reads: [...readsOf(inputs), ...usesOf({ "--experiment": experiment, "--journal": journalFile })],
    writes: usesOf({ "--html": html }),
    names: flags.inputs
  })

  const notes = makeNotes(now)
  const run = Effect.gen(function* () {
    const { collected, rejected } = yield* collect(flags, settings, inputs, journal, notes)
    const { facts } = collected
    // Only now the arms are known: they stand in the data.
    if (settings.baseline !== undefined && facts.length > 0 && armNamed(facts, settings.baseline) < 0) {
      return yield* usage(`--baseline: expected one of ${facts.map(({ name }) => plainText(name)).join(", ")}`)
    }
    const { primary } = settings
    const comparison = compare(collected, {
      ...settings,
      registry: providers,
      now: new Date(now()).toISOString(),
      primary: primary === undefined ? undefined : { metric: primary },
      progress: (metric) => notes.step(`comparing: ${metric}`)
    })
    notes.step("")
    if (file !== undefined) {
      const { renderHtml } = yield* Effect.promise(() => import("../../../report/html/page.ts"))
      yield* writeWhole(file, renderHtml(comparison))
    }
    printVerdict(reportOf(flags, comparison))
    notes.text(`${balance(comparison.data, (now() - started) / 1000)}\n`)
    if (file !== undefined) notes.text(`report written to ${plainText(file.name)}\n`)
    return { comparison, rejected }
  })
  const { comparison, rejected } = yield* run.pipe(Effect.ensuring(Effect.sync(notes.flush)))
  if (comparison.data.orders + comparison.data.placements === 0) {
    return yield* nothingConcluded("nothing to compare: no order of any arm was found")
  }
  if (comparison.checks.some(({ outcome }) => outcome === "failed")) {
    return yield* nothingConcluded("a check failed: nothing can be concluded from this comparison")
  }
  if (rejected > 0 && flags.failOnReject) {
    return yield* recordsRejected(`${count(rejected)} rejected, and --fail-on-reject was given`)
  }
})
