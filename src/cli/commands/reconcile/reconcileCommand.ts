/** `unicall reconcile`: what became of placements whose result is not known. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import type { AbsencePolicy } from "../../../calls/absence.ts"
import type { Reconciled } from "../../../calls/Placed.ts"
import { LEAST_PAUSE } from "../../../calls/settleEvery.ts"
import { momentOrDayGiven } from "../../../domain/Instant.ts"
import { present } from "../../../domain/present.ts"
import { formatCallRef, parseCallRef } from "../../../provider/CallError.ts"
import { openCalls, writing } from "../../calls/callCommand.ts"
import { callableIds, connectionFlags, durationFlag, recordingFlags, yesFlag } from "../../calls/callFlags.ts"
import { type LiveError, makeFailures } from "../../calls/callFailures.ts"
import { permission } from "../../calls/permission.ts"
import { makePlacementOutput } from "../../calls/placements.ts"
import { makeResults, tellRest } from "../../calls/results.ts"
import { EXIT } from "../../ExitCode.ts"
import { usage } from "../../shell/failures.ts"
import { described, outputFlag } from "../../shell/commandRun.ts"
import { argument, type Given, jsonFlag, nativeFlag, onOff, repeated, text, whole } from "../../shell/flags.ts"
import { plural, tell } from "../../shell/terminal.ts"
import { isOpen, makeNews } from "./news.ts"

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
  call: text("call", "PROVIDER:ID", "With one reference: the call that it is, as somebody has found out"),
  watch: onOff(
    "watch",
    "Without references: look for uncertain orders again and again until stopped, and show what changes"
  ),
  every: durationFlag("every", "With --watch: how often (default 1m)").pipe(
    Flag.filter(
      (pause) => Duration.isGreaterThanOrEqualTo(pause, LEAST_PAUSE),
      () => `expected at least ${Duration.format(LEAST_PAUSE)}`
    ),
    Flag.withDefault(Duration.minutes(1))
  ),
  listed: repeated(
    "listed",
    "PROVIDER=DATE",
    "Call orders absent that two whole lists do not hold: DATE is when somebody took that on themselves, having seen unicall doctor --list; may be repeated"
  ),
  release: onOff(
    "release",
    "Give up what is still uncertain, or doubted, so that it can be placed again: it may ring twice"
  ),
  yes: yesFlag("With --release: do not ask"),
  json: jsonFlag,
  native: nativeFlag,
  ...recordingFlags,
  ...outputFlag,
  ...connectionFlags
}

const callOf = Effect.fnUntraced(function* ({ call, references }: Given<typeof flags>) {
  if (call === undefined) return undefined
  const ref = parseCallRef(call.trim())
  if (references.length !== 1) return yield* usage("--call: expected one reference")
  return ref ?? (yield* usage(`--call: expected ${callableIds.map((id) => `${id}:ID`).join(" or ")}`))
})

const policiesOf = Effect.fnUntraced(function* (listed: ReadonlyArray<string>) {
  const policies = new Map<string, AbsencePolicy>()
  for (const text of listed) {
    const [id = "", date = ""] = text.split("=", 2)
    if (!callableIds.includes(id)) return yield* usage(`--listed: expected ${callableIds.join(" or ")}, and =DATE`)
    policies.set(id, { absent: "listed", confirmedAt: momentOrDayGiven(date) ?? date })
  }
  return Object.fromEntries(policies)
})

const run = Effect.fn("unicall.reconcile")(function* (given: Given<typeof flags>) {
  const { references, release, yes } = given
  if (release && references.length === 0) {
    return yield* usage(`--release: expected the references to give up. ${RISK}`)
  }
  const call = yield* callOf(given)
  if (given.watch && (references.length > 0 || release)) return yield* usage("--watch: expected no references")
  const { calls } = yield* openCalls(given, { journal: "required", policies: yield* policiesOf(given.listed) })
  const failures = makeFailures(given)
  const results = yield* makeResults
  const output = makePlacementOutput(given, results)

  const show = (placed: Reconciled): void => {
    if (isOpen(placed)) failures.note(EXIT.uncertain)
    if (placed.state === "accepted" && placed.wasAbsent === true) {
      tell(
        `${formatCallRef(placed.call)}: it had been called absent, and exists; no more orders of ${placed.call.provider} are\n`
      )
    }
    output.add(placed)
  }
  const fail = (reference?: string) => (error: LiveError) => Effect.sync(() => failures.add(error, reference))

  /** Gives up what is still uncertain once it has been looked for. */
  const settle = Effect.fnUntraced(function* (placed: Reconciled) {
    const { reference } = placed
    if (!isOpen(placed) || !release) return show(placed)
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
      calls.reconcile(reference, present({ call })).pipe(
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
      const open = found.filter(isOpen).length
      tell(`${plural(found.length, "placement")} looked at, ${open} still uncertain\n`)
    }),
    Effect.catch(fail())
  )
  const isNews = makeNews()
  const pass = calls.settle.pipe(
    Effect.map((found) => found.filter(isNews).forEach(show)),
    Effect.catch(fail()),
    Effect.andThen(Effect.sync(output.end)),
    Effect.andThen(results.written),
    Effect.andThen(Effect.sleep(given.every))
  )
  const work = given.watch ? Effect.forever(pass) : references.length === 0 ? stale : named
  const end = Effect.sync(() => {
    output.end()
    results.end()
  })
  yield* Effect.ensuring(results.whileWritten(work), end)
  yield* results.settle
  yield* failures.settle
}, Effect.scoped)

export const reconcileCommand = Command.make("reconcile", flags, writing(run, true)).pipe(
  described("Find out what became of placements whose result is not known; places nothing", {
    "unicall reconcile order-17": "One order",
    "unicall reconcile --stale 1h": "All that nothing has been heard of for an hour",
    "unicall reconcile --watch --listed revring=2026-03-02":
      "Go on settling; call absent what RevRing's list does not hold, as somebody has confirmed on that day"
  })
)
