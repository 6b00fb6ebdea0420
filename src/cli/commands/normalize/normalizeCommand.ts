/** `unicall normalize`: any mix of payloads in, one clean data set out. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { wordsOf } from "../../shell/flagChecks.ts"
import { failOnRejectFlag, nativeFlag, onOff, text } from "../../shell/flags.ts"
import { providers } from "../../providers.ts"
import { RecordsRejected, UsageFailure } from "../../shell/CommandFailure.ts"
import { endedAtOnce } from "../../shell/endedAtOnce.ts"
import { foldInto } from "./factsFile.ts"
import { type FactsFlags, factsFlags, foldingOf } from "./factsFlags.ts"
import { inputFlags, type InputFlags, inputsArgument, readOptionsOf, splitOptionsOf } from "../../inputs/inputFlags.ts"
import { unreadable } from "../../shell/fileFault.ts"
import { checkFiles, readsOf } from "../../shell/fileUse.ts"
import type { Input } from "../../inputs/findInputs.ts"
import { type CallRecordKind, type JobOptions, type JobOutput, makeJob } from "./job.ts"
import { groupNote } from "./groups.ts"
import { formFlags, type FormFlags, outputFormOf } from "./outputForm.ts"
import { createTextFile, makeDataOutput, makeNoteOutput } from "../../shell/output.ts"
import { makeRejectionNotes } from "../../inputs/rejectionNotes.ts"
import { plainText } from "../../shell/terminal.ts"
import { makeVerdicts } from "./verdicts.ts"
import { balance, factsNote, makeProgress, silent, viewsNote } from "./balance.ts"
import { namedInputs, readInThread, sizeOf } from "../../inputs/readInputs.ts"
import { outputFlag, withOutput } from "../../shell/wholeFile.ts"
import { normalizeInWorkers } from "./workers.ts"

const KINDS = ["call_order", "call_attempt", "call_hint"] as const satisfies ReadonlyArray<CallRecordKind>

const run = Effect.fn("unicall.normalize")(function* (
  flags: InputFlags & {
    readonly inputs: ReadonlyArray<string>
    readonly fold: boolean
    readonly native: boolean
    readonly only: Option.Option<string>
    readonly rejects: Option.Option<string>
    readonly failOnReject: boolean
    readonly workers: number
  } & FormFlags &
    FactsFlags
) {
  const kinds = yield* wordsOf<CallRecordKind>("--only", flags.only, KINDS)
  const only = kinds === undefined ? undefined : new Set(kinds)
  const form = yield* outputFormOf(flags)
  const { fold, output: written, into } = yield* foldingOf({ ...flags, format: form.format })
  if (form.isCounted && written !== "records") {
    return yield* new UsageFailure({ message: "--group-by: expected without --facts and --into, which count nothing" })
  }
  const inputs = yield* namedInputs(flags.inputs, flags)
  if (flags.workers > 1 && (fold || form.isCounted || form.format !== "ndjson")) {
    return yield* new UsageFailure({
      message: "--workers: expected --format ndjson without --fold; other output is made in one thread"
    })
  }
  yield* checkFiles({
    reads: readsOf(inputs),
    writes: [
      ...Option.toArray(Option.map(flags.rejects, (at) => ({ name: "--rejects", at }))),
      ...(into === undefined ? [] : [{ name: "--into", at: into.path }])
    ],
    names: flags.inputs
  })
  const started = yield* Clock.currentTimeMillis
  const clock = yield* Clock.Clock
  const stdout = makeDataOutput()
  const stderr = makeNoteOutput()
  const progress = process.stderr.isTTY
    ? makeProgress(
        (text) => (stderr.text(text), stderr.flush()),
        sizeOf(inputs),
        () => clock.currentTimeMillisUnsafe()
      )
    : silent
  const rejects = yield* openRejects(flags.rejects)
  const notes = makeRejectionNotes()
  const output: JobOutput = {
    text: stdout.text,
    rejection: (rejection) => {
      verdicts.rejection(rejection)
      if (rejects === undefined) notes.add(rejection)
      else rejects.text(`${JSON.stringify(rejection)}\n`)
    }
  }
  const jobOptions: JobOptions = {
    ...readOptionsOf(flags),
    native: flags.native,
    fold: fold || form.isCounted,
    output: written,
    only
  }
  const encoder = form.make()
  const job = makeJob(providers, jobOptions, encoder, output)
  const { tally } = job
  const verdicts = makeVerdicts(tally)
  stdout.text(encoder.begin())
  const split = splitOptionsOf(flags)
  const flush = (): void => {
    stdout.flush()
    stderr.text(notes.soFar())
    stderr.flush()
  }
  const { inputRead } = verdicts
  const inThread = (some: ReadonlyArray<Input>) => readInThread(some, job, split, progress, flush, inputRead)
  const workersRun = { job, setup: { job: jobOptions, split }, output, writeBytes: stdout.bytes, progress, inputRead }
  const reading =
    flags.workers > 1
      ? normalizeInWorkers(inputs, flags.workers, workersRun, (input) => inThread([input]))
      : inThread(inputs)
  // What was rejected is told also when the rest cannot be read.
  const told = Effect.sync(() => {
    progress.clear()
    stderr.text(notes.rest())
    stderr.flush()
  })
  yield* reading.pipe(Effect.ensuring(told))
  job.end()
  stdout.close()
  const lines = into === undefined ? undefined : yield* foldInto(into, job.folded())
  const seconds = ((yield* Clock.currentTimeMillis) - started) / 1000
  stderr.text(
    `${verdicts.notes()}${form.isCounted ? groupNote(tally.written.call_hint) : ""}${balance(tally, seconds)}\n`
  )
  if (tally.views > 0) stderr.text(viewsNote(tally.views))
  if (into !== undefined && lines !== undefined) stderr.text(factsNote(into.name, lines))
  if (tally.rejected > 0 && rejects === undefined)
    stderr.text("rejected records are not lost: --rejects FILE keeps them with their raw values\n")
  stderr.close()
  if (tally.rejected > 0 && flags.failOnReject) {
    return yield* new RecordsRejected({ message: `${tally.rejected} rejected, and --fail-on-reject was given` })
  }
  const fruitless = verdicts.fruitless()
  if (fruitless.length > 0) {
    return yield* new RecordsRejected({ message: `nothing but rejections in ${fruitless.map(plainText).join(", ")}` })
  }
}, Effect.scoped)

const openRejects = (path: Option.Option<string>) =>
  Option.isNone(path)
    ? Effect.succeed(undefined)
    : Effect.acquireRelease(
        Effect.try({ try: () => createTextFile(path.value), catch: unreadable(path.value) }),
        (file) => Effect.sync(file.close)
      )

export const normalizeCommand = Command.make(
  "normalize",
  {
    inputs: inputsArgument,
    fold: onOff("fold", "Merge all payloads about one order into one record; memory grows with distinct orders"),
    ...factsFlags,
    native: nativeFlag,
    only: Flag.String("only").pipe(
      Flag.withDescription(`Kinds of record to write, separated by commas: ${KINDS.join(", ")}`),
      Flag.optional
    ),
    rejects: text(
      "rejects",
      "FILE",
      "Write rejections to this file as NDJSON with their raw values; else one line each to stderr"
    ),
    failOnReject: failOnRejectFlag,
    workers: Flag.Int("workers").pipe(
      Flag.withDescription("Threads to normalise in; output is the same and in the same order"),
      Flag.filter(
        (count) => count >= 1 && count <= 64,
        () => "a number from 1 to 64"
      ),
      Flag.withDefault(1)
    ),
    ...outputFlag,
    ...formFlags,
    ...inputFlags
  },
  (flags) => endedAtOnce(withOutput(run)(flags))
).pipe(
  Command.withDescription("Turn provider payloads of any kind into records of one call model"),
  Command.withExamples([
    { command: "unicall normalize exports/ > calls.ndjson", description: "Everything in a folder, one record a line" },
    {
      command: "unicall normalize --fold --format csv exports/*.ndjson.gz > calls.csv",
      description: "One order, one record"
    },
    {
      command: "unicall normalize --into calls.facts today/",
      description: "Fold today's exports into what was there yesterday"
    },
    {
      command: "unicall normalize --payload-column body webhooks.csv --rejects bad.ndjson",
      description: "JSON in a CSV column"
    }
  ])
)
