/** `unicall reconcile`: what became of placements whose result is not known. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import type { Reconciled } from "../../../calls/Placed.ts"
import { openCalls, writing } from "../../calls/callCommand.ts"
import { connectionFlags, durationFlag, journalFlags, yesFlag } from "../../calls/callFlags.ts"
import { type LiveError, makeFailures } from "../../calls/callFailures.ts"
import { permission } from "../../calls/permission.ts"
import { makePlacementOutput } from "../../calls/placements.ts"
import { makeResults, tellRest } from "../../calls/results.ts"
import { EXIT } from "../../ExitCode.ts"
import { usage } from "../../shell/failures.ts"
import { described, outputFlag } from "../../shell/commandRun.ts"
import { argument, type Given, jsonFlag, nativeFlag, onOff, whole } from "../../shell/flags.ts"
import { plural, tell } from "../../shell/terminal.ts"

const RISK =
  "An uncertain placement may have rung somebody. Given up, its reference can be placed again, and the person may be rung twice."

const flags = {
  references: argument(
    "references",
    "REFERENCE",
    "References of orders; without any, all placements nothing has been heard of for --stale"
  ).pipe(Argument.variadic()),
  stale: durationFlag("stale", "Without references: how long nothing has been heard of a placement (default 15m)").pipe(
    Flag.withDefault(Duration.minutes(15))
  ),
  limit: whole("limit", "Without references: at most this many (default 1,000)", 1, 1_000_000).pipe(
    Flag.withDefault(1000)
  ),
  release: onOff("release", "Give up what is still uncertain, so that it can be placed again: it may ring twice"),
  yes: yesFlag("With --release: do not ask"),
  json: jsonFlag,
  native: nativeFlag,
  ...journalFlags,
  ...outputFlag,
  ...connectionFlags
}

const run = Effect.fn("unicall.reconcile")(function* (given: Given<typeof flags>) {
  const { references, release, yes } = given
  if (release && references.length === 0) {
    return yield* usage(`--release: expected the references to give up. ${RISK}`)
  }
  const { calls } = yield* openCalls(given, { journal: "required" })
  const failures = makeFailures(given)
  const results = yield* makeResults
  const output = makePlacementOutput(given, results)

  const show = (placed: Reconciled): void => {
    if (placed.state === "uncertain" || placed.state === "in_flight") failures.note(EXIT.uncertain)
    output.add(placed)
  }
  const fail = (reference?: string) => (error: LiveError) => Effect.sync(() => failures.add(error, reference))

  /** Gives up what is still uncertain once it has been looked for. */
  const settle = Effect.fnUntraced(function* (placed: Reconciled) {
    const { state, reference } = placed
    if (state === "accepted" || state === "free" || !release) return show(placed)
    yield* permission({
      yes,
      question: `${RISK}\nGive up ${reference}?`,
      refusal: `--release: expected --yes. ${RISK}`
    })
    const released = Effect.map(calls.release(reference), (isGivenUp) => {
      if (isGivenUp) output.add({ state: "released", reference })
      return isGivenUp
    })
    if (!(yield* Effect.uninterruptible(released))) show(yield* calls.reconcile(reference))
  })

  const unasked = new Set(references)
  const asked = (reference: string, exit: Exit.Exit<unknown, unknown>): void => {
    if (!Exit.hasInterrupts(exit)) unasked.delete(reference)
  }
  const named = Effect.forEach(
    [...unasked],
    (reference) =>
      calls.reconcile(reference).pipe(
        Effect.onExit((exit) => Effect.sync(() => asked(reference, exit))),
        Effect.flatMap(settle),
        Effect.catchTags({ CallError: fail(reference), JournalError: fail(reference) }),
        Effect.andThen(results.written)
      ),
    { discard: true }
  ).pipe(
    Effect.onInterrupt(() =>
      Effect.sync(() => tellRest(`${plural(unasked.size, "reference")} not looked for`, [...unasked]))
    )
  )
  const stale = calls.reconcileStale({ olderThan: given.stale, limit: given.limit }).pipe(
    Effect.map((found) => {
      found.forEach(show)
      const open = found.filter(({ state }) => state !== "accepted").length
      tell(`${plural(found.length, "placement")} looked at, ${open} still uncertain\n`)
    }),
    Effect.catch(fail())
  )
  const end = Effect.sync(() => {
    output.end()
    results.end()
  })
  yield* Effect.ensuring(results.whileWritten(references.length === 0 ? stale : named), end)
  yield* results.settle
  yield* failures.settle
}, Effect.scoped)

export const reconcileCommand = Command.make("reconcile", flags, writing(run, true)).pipe(
  described("Find out what became of placements whose result is not known; places nothing", {
    "unicall reconcile order-17": "One order",
    "unicall reconcile --stale 1h": "All that nothing has been heard of for an hour"
  })
)
