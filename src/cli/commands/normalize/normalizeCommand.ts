/** `unicall normalize`: any mix of payloads in, one clean data set out. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { checkFiles, readsOf, usesOf } from "../../inputs/fileUse.ts"
import type { Input } from "../../inputs/findInputs.ts"
import {
  inputFlags,
  inputsArgument,
  namedInputs,
  readInThread,
  readOptionsOf,
  sizeOf,
  splitOptionsOf
} from "../../inputs/readInputs.ts"
import { makeRejectionNotes } from "../../inputs/rejectionNotes.ts"
import { providers } from "../../providers.ts"
import { recordsRejected, tryFile, usage } from "../../shell/failures.ts"
import { described, endedAtOnce, outputFlag, withOutput } from "../../shell/commandRun.ts"
import { failOnRejectFlag, type Given, nativeFlag, onOff, optional, text, whole, wordsOf } from "../../shell/flags.ts"
import { createTextFile, makeDataOutput } from "../../shell/output.ts"
import { makeNotes } from "../../shell/progress.ts"
import { jsonLine, plainText } from "../../shell/terminal.ts"
import { balance, factsNote, viewsNote } from "./balance.ts"
import { factsFlags, foldingOf, foldInto } from "./factsFile.ts"
import { groupNote } from "./groups.ts"
import { type CallRecordKind, type JobOptions, type JobOutput, KINDS, makeJob } from "./job.ts"
import { formFlags, outputFormOf } from "./outputForm.ts"
import { makeVerdicts } from "./verdicts.ts"
import { normalizeInWorkers } from "./workers.ts"

const flags = {
  inputs: inputsArgument,
  fold: onOff("fold", "Merge all payloads about one order into one record; memory grows with distinct orders"),
  ...factsFlags,
  native: nativeFlag,
  only: Flag.String("only").pipe(
    Flag.withDescription(`Kinds of record to write, separated by commas: ${KINDS.join(", ")}`),
    optional
  ),
  rejects: text(
    "rejects",
    "FILE",
    "Write rejections to this file as NDJSON with their raw values; else one line each to stderr"
  ),
  failOnReject: failOnRejectFlag,
  workers: whole("workers", "Threads to normalise in; output is the same and in the same order", 1, 64).pipe(
    Flag.withDefault(1)
  ),
  ...outputFlag,
  ...formFlags,
  ...inputFlags
}

const openText = (path: string) =>
  Effect.acquireRelease(
    tryFile(path, () => createTextFile(path)),
    (file) => Effect.sync(file.close)
  )

const run = Effect.fn("unicall.normalize")(function* (given: Given<typeof flags>) {
  const kinds = yield* wordsOf<CallRecordKind>("--only", given.only, KINDS)
  const { format, isCounted, encoder } = yield* outputFormOf(given)
  const { fold, output: written, into } = yield* foldingOf(given, format)
  if (isCounted && written !== "records") {
    return yield* usage("--group-by: expected without --facts and --into, which count nothing")
  }
  const inputs = yield* namedInputs(given.inputs, given)
  if (given.workers > 1 && (fold || isCounted || format !== "ndjson")) {
    return yield* usage("--workers: expected --format ndjson without --fold; other output is made in one thread")
  }
  yield* checkFiles({
    reads: readsOf(inputs),
    writes: usesOf({ "--rejects": given.rejects, "--into": into?.path }),
    names: given.inputs
  })
  const clock = yield* Clock.Clock
  const now = () => clock.currentTimeMillisUnsafe()
  const started = now()
  const stdout = makeDataOutput()
  const stderr = makeNotes(now)
  const progress = stderr.reading(sizeOf(inputs))
  const rejects = given.rejects === undefined ? undefined : yield* openText(given.rejects)
  const notes = makeRejectionNotes()
  const output: JobOutput = {
    text: stdout.text,
    rejection: (rejection) => {
      verdicts.rejection(rejection)
      if (rejects === undefined) notes.add(rejection)
      else rejects.text(jsonLine(rejection))
    }
  }
  const jobOptions: JobOptions = {
    ...readOptionsOf(given),
    native: given.native,
    fold: fold || isCounted,
    output: written,
    only: kinds === undefined ? undefined : new Set(kinds)
  }
  const job = makeJob(providers, jobOptions, encoder, output)
  const { tally } = job
  const verdicts = makeVerdicts(tally)
  const { inputRead } = verdicts
  stdout.text(encoder.begin())
  const split = splitOptionsOf(given)
  const flush = (): void => {
    stdout.flush()
    stderr.text(notes.soFar())
    stderr.flush()
  }
  const inThread = (some: ReadonlyArray<Input>) => readInThread(some, job, split, { progress, flush, inputRead })
  const workersRun = { job, setup: { job: jobOptions, split }, output, writeBytes: stdout.bytes, progress, inputRead }
  const reading =
    given.workers > 1
      ? normalizeInWorkers(inputs, given.workers, workersRun, (input) => inThread([input]))
      : inThread(inputs)
  // Rejections are shown even if the rest cannot be read.
  const showRejections = Effect.sync(() => {
    progress.clear()
    stderr.text(notes.rest())
    stderr.flush()
  })
  yield* reading.pipe(Effect.ensuring(showRejections))
  job.end()
  stdout.flush()
  const lines = into === undefined ? undefined : yield* foldInto(into, job.folded())
  stderr.text(verdicts.notes())
  if (isCounted) stderr.text(groupNote(tally.written.call_hint))
  stderr.text(`${balance(tally, (now() - started) / 1000)}\n`)
  if (tally.views > 0) stderr.text(viewsNote(tally.views))
  if (into !== undefined && lines !== undefined) stderr.text(factsNote(into.name, lines))
  if (tally.rejected > 0 && rejects === undefined) {
    stderr.text("rejected records are not lost: --rejects FILE keeps them with their raw values\n")
  }
  stderr.flush()
  if (tally.rejected > 0 && given.failOnReject) {
    return yield* recordsRejected(`${tally.rejected} rejected, and --fail-on-reject was given`)
  }
  const fruitless = verdicts.fruitless()
  if (fruitless.length > 0) {
    return yield* recordsRejected(`nothing but rejections in ${fruitless.map(plainText).join(", ")}`)
  }
}, Effect.scoped)

export const normalizeCommand = Command.make("normalize", flags, (given) => endedAtOnce(withOutput(run)(given))).pipe(
  described("Turn provider payloads of any kind into records of one call model", {
    "unicall normalize exports/ > calls.ndjson": "Everything in a folder, one record a line",
    "unicall normalize --fold --format csv exports/*.ndjson.gz > calls.csv": "One order, one record",
    "unicall normalize --into calls.facts today/": "Fold today's exports into what was there yesterday",
    "unicall normalize --payload-column body webhooks.csv --rejects bad.ndjson": "JSON in a CSV column"
  })
)
