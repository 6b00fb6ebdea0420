/** `unicall reconcile`: what became of placements whose result is not known. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Reconciled } from "../../../calls/Placed.ts"
import type { VoiceCalls } from "../../../calls/VoiceCalls.ts"
import { usage } from "../../shell/CommandFailure.ts"
import { EXIT } from "../../ExitCode.ts"
import { permission } from "../../calls/permission.ts"
import { type Failures, makeFailures } from "../../calls/failures.ts"
import { journalOf } from "../../calls/journalFile.ts"
import type { ConnectionFlags, JournalFlags } from "../../calls/callFlags.ts"
import { openCalls } from "../../calls/openCalls.ts"
import { makePlacementOutput, type PlacementOutput } from "../../calls/placements.ts"
import { makeResults, tellRest } from "../../calls/results.ts"
import { plural, tell } from "../../shell/terminal.ts"

export interface ReconcileFlags extends ConnectionFlags, JournalFlags {
  readonly references: ReadonlyArray<string>
  readonly stale: Duration.Duration
  readonly limit: number
  readonly release: boolean
  readonly yes: boolean
  readonly json: boolean
  readonly native: boolean
}

const RISK =
  "An uncertain placement may have rung somebody. Given up, its reference can be placed again, and the person may be rung twice."

const show = (placed: Reconciled, output: PlacementOutput, failures: Failures): void => {
  if (placed.state === "uncertain" || placed.state === "in_flight") failures.note(EXIT.uncertain)
  output.add(placed)
}

/** Gives up what is still uncertain once it has been looked for. */
const giveUp = Effect.fnUntraced(function* (
  calls: VoiceCalls["Service"],
  placed: Reconciled,
  flags: ReconcileFlags,
  output: PlacementOutput,
  failures: Failures
) {
  if (placed.state === "accepted" || placed.state === "free" || !flags.release) return show(placed, output, failures)
  yield* permission({
    yes: flags.yes,
    question: `${RISK}\nGive up ${placed.reference}?`,
    refusal: `--release: expected --yes. ${RISK}`
  })
  const released = Effect.tap(calls.release(placed.reference), (given) =>
    Effect.sync(() => {
      if (given) output.add({ state: "released", reference: placed.reference })
    })
  )
  if (yield* Effect.uninterruptible(released)) return
  show(yield* calls.reconcile(placed.reference), output, failures)
})

export const runReconcile = Effect.fn("unicall.reconcile")(function* (flags: ReconcileFlags) {
  const { references } = flags
  if (flags.release && references.length === 0) {
    return yield* usage(`--release: expected the references to give up. ${RISK}`)
  }
  const { calls } = yield* openCalls({
    timeout: flags.timeout,
    journal: journalOf(flags, true)
  })
  const failures = makeFailures(flags)
  const results = yield* makeResults
  const output = makePlacementOutput(flags, results)
  const unasked = new Set(references)
  const named = Effect.forEach(
    [...unasked],
    (reference) =>
      calls.reconcile(reference).pipe(
        Effect.onExit((exit) =>
          Effect.sync(() => {
            if (!Exit.hasInterrupts(exit)) unasked.delete(reference)
          })
        ),
        Effect.flatMap((placed) => giveUp(calls, placed, flags, output, failures)),
        Effect.catchTags({
          CallError: (error) => Effect.sync(() => failures.add(error, reference)),
          JournalError: (error) => Effect.sync(() => failures.add(error, reference))
        }),
        Effect.andThen(results.written)
      ),
    { discard: true }
  ).pipe(
    Effect.onInterrupt(() =>
      Effect.sync(() => tellRest(`${plural(unasked.size, "reference")} not looked for`, [...unasked]))
    )
  )
  const stale = calls.reconcileStale({ olderThan: flags.stale, limit: flags.limit }).pipe(
    Effect.map((found) => {
      for (const placed of found) show(placed, output, failures)
      const open = found.filter(({ state }) => state !== "accepted").length
      tell(`${plural(found.length, "placement")} looked at, ${open} still uncertain\n`)
    }),
    Effect.catch((error) => Effect.sync(() => failures.add(error)))
  )
  const end = Effect.sync(() => {
    output.end()
    results.end()
  })
  yield* Effect.ensuring(results.whileWritten(references.length === 0 ? stale : named), end)
  yield* results.settle
  yield* failures.settle
}, Effect.scoped)
