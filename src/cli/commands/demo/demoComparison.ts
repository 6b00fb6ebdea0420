/** The second part of the demo: an experiment on the twins, from assigning orders to a report. They behave the same. */
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { capabilitiesOf, providers } from "../../providers.ts"
import { nowInstant } from "../../../calls/currentInstant.ts"
import { applyAssignment } from "../../../experiment/assignmentTag.ts"
import { makeComparing } from "../../../compare/compareRecords.ts"
import type { Comparison } from "../../../compare/Comparison.ts"
import type { Experiment } from "../../../experiment/Experiment.ts"
import { parseExperiment } from "../../../experiment/parseExperiment.ts"
import { freeze } from "../../../experiment/freeze.ts"
import { renderHtml } from "../../../report/html/page.ts"
import { paragraph } from "../../../report/layout.ts"
import { figureOf } from "../../../report/metrics.ts"
import { outlineOf } from "../../../report/outline.ts"
import type { Instant } from "../../../domain/Instant.ts"
import type { FieldFault } from "../../../domain/PlaceCall.ts"
import { formatCallRef } from "../../../provider/CallError.ts"
import { stories } from "../../../twin/index.ts"
import { tryFile } from "../../shell/failures.ts"
import { writeWhole } from "../../shell/wholeFile.ts"
import { type Calls, callsOn, type Line, makeProgress, openLines, optionsOf, titlesOf } from "./demoTwins.ts"
import { aligned, print, tell } from "../../shell/terminal.ts"

/** The number of persons for each story, as in a campaign. At most 100: their numbers differ in two digits. */
const PERSONS: { readonly [story: string]: number } = {
  human: 78,
  "human-hangs-up": 26,
  "human-french": 24,
  "human-booking": 24,
  transferred: 12,
  "max-duration": 3,
  "callback-later": 16,
  "callback-new-number": 8,
  "do-not-contact": 12,
  "not-interested": 24,
  voicemail: 88,
  ivr: 8,
  "call-screening": 16,
  "doubtful-voicemail": 6,
  silence: 4,
  busy: 20,
  "no-answer": 56,
  unreachable: 12,
  declined: 8,
  "invalid-number": 8,
  congestion: 4,
  errored: 2,
  "no-answer-then-human": 12,
  "voicemail-then-human": 8,
  "all-retries-fail": 8,
  "long-queue": 4,
  scheduled: 4,
  "late-enrichment": 12
}

const NUMBERS = stories.flatMap(({ name, digits }) =>
  Array.from({ length: PERSONS[name] ?? 0 }, (_, person) => `+3319900${String(person).padStart(2, "0")}${digits}`)
)

/** Two hours, the longest delay in a story, pass in one second. */
const SPEED = 7200

const POLL = { first: "250 millis", longest: "750 millis" } as const

/** Calls under way at a time. */
const AT_A_TIME = 64

const PARTS = ["transcript", "recording"] as const

const AGENT = "agent_demo"

const WIDTH = 100

/** What the short table shows; the report has all. */
const SHOWN: ReadonlySet<string> = new Set([
  "first_attempt.human_reached",
  "first_attempt.connected",
  "first_attempt.transferred",
  "first_attempt.voicemail",
  "first_attempt.ring_time",
  "first_attempt.talk_time",
  "first_attempt.transcript_present"
])

const experimentOn = (lines: ReadonlyArray<Line>, at: Instant): Result.Result<Experiment, FieldFault> =>
  Result.flatMap(
    parseExperiment(
      {
        id: "demo",
        arms: lines.map(({ provider: { id, title } }) => ({ name: title, provider: id, agent: AGENT, share: 1 })),
        unit: "number",
        salt: "q8Zr51kTwEx0Vb2m",
        primary: { metric: "first_attempt.human_reached", smallestEffect: 0.1 },
        // Told by every provider; that the other side soon hung up is not.
        guardrails: [{ metric: "first_attempt.transcript_present", smallestEffect: 0.1 }],
        plannedUnits: NUMBERS.length
      },
      providers.ids
    ),
    (experiment) => freeze(experiment, at, providers)
  )

/** The experiment is part of this file: a fault in it is a bug. */
const certainly = <A>(result: Result.Result<A, FieldFault>): A =>
  Result.getOrThrowWith(result, ({ field, expected }) => new Error(`demo: ${field}: expected ${expected}`))

/** Places one order in its arm and follows it to its end; what both came to, as `unicall place --wait --json` writes it. */
const callOne = Effect.fnUntraced(function* (
  to: string,
  calls: Calls,
  experiment: Experiment,
  at: Instant,
  providerOptions: UnicallProviderOptions
) {
  const order = {
    to,
    from: "+12025550199",
    variables: { first_name: "Ada" },
    reference: `demo-comparison-${to.slice(-4)}`,
    providerOptions
  }
  const { order: input, arm } = certainly(applyAssignment(experiment, order, { capabilitiesOf, at }))
  const placed = yield* calls.place(input)
  const note = { provider: arm.provider, experiment: { id: experiment.id, arm: arm.name } }
  if (placed.state !== "accepted") return { ...placed, ...note }
  const over = yield* calls.awaitEnd(placed.call, { until: "enriched", parts: PARTS, deadline: "1 minute" })
  return { ...note, state: placed.state, reference: placed.reference, call: formatCallRef(placed.call), order: over }
})

const comparisonOf = (lines: ReadonlyArray<object>, experiment: Experiment): Comparison => {
  const { add, result } = makeComparing(providers)({ experiment })
  for (const line of lines) add(line, "demo")
  return result()
}

const shortReport = (comparison: Comparison): string => {
  const { metrics } = outlineOf({ ...comparison, metrics: comparison.metrics.filter(({ id }) => SHOWN.has(id)) })
  const rows = [
    ["FIRST ATTEMPTS", ...metrics.arms.map((arm) => arm.toUpperCase()), "DIFFERENCE", "", "VERDICT"],
    ...metrics.groups.flatMap((group) =>
      group.metrics.flatMap((metric) =>
        metric.contrasts.map(({ arm, baseline, difference, verdict }, index) => [
          ...(index === 0
            ? [metric.title, ...metrics.arms.map((each) => figureOf(metric, each)[0] ?? "")]
            : ["", ...metrics.arms.map(() => "")]),
          `${arm} to ${baseline}`,
          difference.join(", "),
          verdict.text
        ])
      )
    )
  ]
  const sentences = comparison.headline.map((sentence) => paragraph(sentence, WIDTH))
  return `${sentences.join("")}\n${aligned(rows)}`
}

/** In a new folder, so that no existing file is replaced. */
const writeHtml = Effect.fnUntraced(function* (comparison: Comparison) {
  const folder = yield* tryFile(tmpdir(), () => mkdtempSync(join(tmpdir(), "unicall-demo-")))
  const path = join(folder, "comparison.html")
  yield* writeWhole({ name: path, path, isStream: false }, renderHtml(comparison))
  return path
})

export const compareTwins = Effect.gen(function* () {
  const lines = yield* openLines("", SPEED)
  const calls = yield* callsOn(lines, POLL)
  const at = yield* nowInstant
  const experiment = certainly(experimentOn(lines, at))
  const options = optionsOf(lines)
  tell(`An experiment: ${NUMBERS.length} persons, whom chance gives to ${titlesOf(lines)}.\n`)
  const progress = makeProgress(NUMBERS.length)
  const results = yield* Effect.forEach(
    NUMBERS,
    (to) => Effect.tap(callOne(to, calls, experiment, at, options), () => Effect.sync(progress.one)),
    { concurrency: AT_A_TIME }
  )
  progress.clear()
  const comparison = comparisonOf(results, experiment)
  print("The twins play the same stories: in truth they do not differ, and a comparison must not find a winner.\n\n")
  print(shortReport(comparison))
  const path = yield* writeHtml(comparison)
  tell(`The whole report, with charts: ${pathToFileURL(path).href}\n`)
}).pipe(Effect.scoped)
