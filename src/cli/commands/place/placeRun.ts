/** `unicall place`: orders to call someone, once each. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Semaphore from "effect/Semaphore"
import { nowInstant } from "../../../calls/currentInstant.ts"
import type { Placed } from "../../../calls/Placed.ts"
import type { Instant } from "../../../domain/Instant.ts"
import { parsePlaceCall, type PlaceCallInput } from "../../../domain/PlaceCall.ts"
import { present } from "../../../domain/present.ts"
import { type Board, follow, makeBoard } from "../../calls/follow.ts"
import { openCalls } from "../../calls/callCommand.ts"
import { configurationOf } from "../../calls/configuration.ts"
import { type Failures, type LiveError, makeFailures } from "../../calls/callFailures.ts"
import { type OpenedCalls, withLatency } from "../../calls/openCalls.ts"
import { routedProviders } from "../../../routes/misplaced.ts"
import { masked, permission } from "../../calls/permission.ts"
import {
  makePlacementOutput,
  type NotPlaced,
  type PlacementNote,
  type PlacementOutput
} from "../../calls/placements.ts"
import { makeResults, type Results, tellRest } from "../../calls/results.ts"
import { EXIT } from "../../ExitCode.ts"
import { plainText, plural, print, tell } from "../../shell/terminal.ts"
import { type CheckTally, makeCheckTally } from "./checkTally.ts"
import { faultOf, nameOf, orderIn, subjectOf, textIn } from "./candidate.ts"
import { assigned, type Candidate, candidates } from "./orderInput.ts"
import type { PlaceFlags } from "./placeCommand.ts"
import { runningExperiment, whileItRuns } from "./runningExperiment.ts"

/** What every order of a run shares. */
interface Run {
  readonly flags: PlaceFlags
  readonly calls: OpenedCalls["calls"]
  readonly output: PlacementOutput
  readonly failures: Failures
  readonly board: Board
  readonly checks: CheckTally
  /** Called for each order that has been placed or refused. */
  readonly dealtWith: () => void
  /** Places of the orders that have been sent or refused. */
  readonly begun: Set<number>
  readonly written: Results["written"]
  /** Whether the next order may be sent; tells once why not. */
  readonly mayPlace: Effect.Effect<boolean>
}

/** What came of asking for an order. */
interface Answer {
  /** When it was asked for. */
  readonly at: Instant
  readonly result: Result.Result<Placed, LiveError>
  readonly latencyMs?: number
}

type Asked = Pick<PlacementNote, "at" | "latencyMs">

const noteOf = ({ experiment }: Candidate, { at, latencyMs }: Asked): PlacementNote =>
  present({ at, experiment, latencyMs })

/** For a single order the message on standard error is enough, unless JSON is wanted. */
const addFailed = (
  candidate: Candidate,
  { reason, message, provider = textIn(candidate, "provider") }: Pick<NotPlaced, "reason" | "message" | "provider">,
  { flags, output }: Run,
  asked: Asked
): void => {
  const { source, place } = candidate
  if (source === undefined && !flags.json) return
  const named = { reference: textIn(candidate, "reference"), source, ...present({ provider }) }
  output.add({ state: "failed", ...named, reason, message }, place, noteOf(candidate, asked))
}

const tellInvalid = (candidate: Candidate, run: Run, at: Instant): void => {
  const { field, expected } = faultOf(candidate)
  const message = plainText(`${field}: expected ${expected}`)
  run.begun.add(candidate.place)
  run.failures.note(EXIT.usage)
  run.board.line(`${candidate.source === undefined ? "place" : plainText(candidate.source)}: ${message}\n`)
  addFailed(candidate, { reason: "InvalidRequest", message }, run, { at })
}

const tellFailed = (candidate: Candidate, error: LiveError, asked: Asked, run: Run): void => {
  run.failures.add(error, subjectOf(candidate))
  const { message } = error
  const failure =
    error._tag === "CallError" ? { reason: error.reason._tag, provider: error.provider } : { reason: error._tag }
  addFailed(candidate, present({ ...failure, message }), run, asked)
}

const tellUncertain = (placed: Placed, { failures, board }: Run): void => {
  if (placed.state === "expired") {
    failures.note(EXIT.refused)
    return board.line(`${plainText(placed.reference)}: too late, it was not to be placed after ${placed.notAfter}\n`)
  }
  if (placed.differs === true) {
    board.line(
      `${plainText(placed.reference)}: held by an order with other content (another agent, other variables); nothing was sent\n`
    )
  }
  if (placed.state === "accepted") return
  failures.note(EXIT.uncertain)
  const reference = plainText(placed.reference)
  const reconcile = `unicall reconcile '${reference.replaceAll("'", "'\\''")}'`
  if (placed.state === "absent") {
    const why =
      placed.doubted === true
        ? `it had been called absent, and lists of its provider were wrong since. Nothing was sent; a person decides: ${reconcile} --release`
        : "another process has just tried to place it, in vain. Nothing was sent; ask again"
    return board.line(`${reference}: ${why}\n`)
  }
  board.line(
    placed.state === "in_flight"
      ? `${reference}: another process is placing it, or died while it was. Nothing was sent; after ${placed.askAgainAt} ${reconcile} tells.\n`
      : `${reference}: whether the call was placed is not known (${placed.because}). It is not placed again; ${reconcile} looks for it.\n`
  )
}

const tellAnswer = (candidate: Candidate, { result, ...asked }: Answer, run: Run): void => {
  if (Result.isFailure(result)) return tellFailed(candidate, result.failure, asked, run)
  run.checks.add(result.success.routed)
  tellUncertain(result.success, run)
  if (run.flags.json) run.board.clear()
  run.output.add(result.success, candidate.place, noteOf(candidate, asked))
}

/** The placement with the last record of its call, after waiting for the end. */
const followed = Effect.fnUntraced(function* (placed: Placed, { flags, calls, failures, board }: Run) {
  if (placed.state !== "accepted") return placed
  const { order, error } = yield* follow(calls, placed.call, flags, board)
  if (error !== undefined) failures.add(error, placed.reference)
  return order === undefined ? placed : { ...placed, order }
})

/** How long to wait for an answer after Ctrl-C. */
const PATIENCE = "5 seconds"

/**
 * Places the order. An interruption waits a moment for the answer, so that an accepted call is shown. Without an answer
 * the journal has it as uncertain.
 */
const placeOut = (
  input: PlaceCallInput,
  { place }: Candidate,
  { calls, board, begun }: Run,
  answered: (answer: Answer) => void
) =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      begun.add(place)
      const at = yield* nowInstant
      const placing = yield* Effect.forkDetach(Effect.interruptible(withLatency(Effect.result(calls.place(input)))))
      const answer = Effect.map(Fiber.join(placing), (answer) => answered({ at, ...answer }))
      yield* Effect.onInterrupt(restore(answer), () => {
        board.line(`${plainText(input.reference)}: waiting a moment for the provider's answer\n`)
        return Effect.interruptible(answer).pipe(
          Effect.timeoutOption(PATIENCE),
          Effect.map((arrived) => {
            if (Option.isSome(arrived)) return
            board.line(`${plainText(input.reference)}: no answer yet; unicall reconcile finds out what came of it\n`)
          })
        )
      })
    })
  )

/** An order that waits for its turn has not been sent. An answer is shown even after an interruption. */
const placeOne = (candidate: Candidate, turns: Semaphore.Semaphore, run: Run): Effect.Effect<void> =>
  Effect.suspend(() => {
    const input = orderIn(candidate)
    if (input === undefined) return Effect.map(nowInstant, (at) => tellInvalid(candidate, run, at))
    let untold: Answer | undefined
    const keep = (answer: Answer): void => {
      untold = answer
    }
    const placing = Effect.gen(function* () {
      const inTurn = Effect.gen(function* () {
        yield* run.written
        if (!(yield* run.mayPlace)) return
        yield* placeOut(input, candidate, run, keep)
        run.dealtWith()
      })
      yield* turns.withPermits(1)(inTurn)
      if (!run.flags.wait || untold === undefined || Result.isFailure(untold.result)) return
      keep({ ...untold, result: Result.succeed(yield* followed(untold.result.success, run)) })
    })
    return Effect.ensuring(
      placing,
      Effect.sync(() => {
        if (untold !== undefined) tellAnswer(candidate, untold, run)
      })
    )
  })

const dryRunOne = Effect.fnUntraced(function* (candidate: Candidate, run: Run) {
  const input = orderIn(candidate)
  if (input === undefined) return tellInvalid(candidate, run, yield* nowInstant)
  const request = yield* Effect.result(run.calls.dryRun(input))
  if (Result.isFailure(request)) return run.failures.add(request.failure, subjectOf(candidate))
  run.checks.add(request.success.routed)
  print(`${JSON.stringify(request.success, null, run.flags.json ? 0 : 2)}\n`)
})

const ofId = (providers: OpenedCalls["providers"], id: string) => providers.filter(({ adapter }) => adapter.id === id)

/** The number and the providers if the order may ring a real telephone; none for an order that will be refused. */
const ringing = (candidate: Candidate, { providers }: OpenedCalls, isRouted: boolean) => {
  const order = parsePlaceCall(orderIn(candidate))
  if (Result.isFailure(order)) return undefined
  const { provider: id, to } = order.success
  // A route may choose any of them.
  const meant = id === undefined ? (providers.length === 1 || isRouted ? providers : []) : ofId(providers, id)
  const on = meant.filter(({ ringsRealPhones }) => ringsRealPhones).map(({ adapter }) => adapter.id)
  return on.length === 0 ? undefined : { to, on }
}

const askToRing = Effect.fnUntraced(function* (
  found: ReadonlyArray<Candidate>,
  opened: OpenedCalls,
  { yes, isRouted }: { readonly yes: boolean; readonly isRouted: boolean }
) {
  const live = found.flatMap((candidate) => ringing(candidate, opened, isRouted) ?? [])
  const [first] = live
  if (first === undefined) return
  const on = [...new Set(live.flatMap((line) => line.on))].join(" and ")
  const whom = live.length === 1 ? masked(first.to) : plural(live.length, "number")
  yield* permission({
    yes,
    question: `Ring ${whom} on ${on}?`,
    refusal: `expected --yes: this rings ${live.length === 1 ? "a real telephone" : plural(live.length, "real telephone")} on ${on}`
  })
})

export const runPlace = Effect.fn("unicall.place")(function* (flags: PlaceFlags) {
  const configuration = yield* configurationOf(flags)
  const running = yield* runningExperiment(flags)
  const written = yield* candidates(flags)
  const found = running === undefined ? written : written.map(assigned(running, configuration))
  const provider = flags.provider !== undefined && flags.order === undefined ? [flags.provider] : []
  const opened = yield* openCalls(flags, {
    needed: [
      ...(running === undefined ? provider : running.experiment.arms.map((arm) => arm.provider)),
      ...(configuration === undefined ? [] : routedProviders(configuration))
    ],
    configuration,
    others: configuration !== undefined,
    journal: flags.dryRun ? undefined : "required",
    keyless: flags.dryRun
  })
  const board = makeBoard(found.length)
  const checks = makeCheckTally()
  const failures = makeFailures(flags, board.line)
  const results = yield* makeResults
  const output = makePlacementOutput(flags, results)
  let dealt = 0
  const dealtWith = (): void => {
    dealt += 1
    if (found.length > 1) board.status(`${dealt} of ${plural(found.length, "order")} placed or refused`)
  }
  const begun = new Set<number>()
  const mayPlace = running === undefined ? Effect.succeed(true) : whileItRuns(running, failures, board)
  const { written: areWritten } = results
  const run: Run = {
    flags,
    calls: opened.calls,
    output,
    failures,
    board,
    checks,
    dealtWith,
    begun,
    written: areWritten,
    mayPlace
  }
  if (flags.dryRun) {
    yield* Effect.forEach(found, (candidate) => dryRunOne(candidate, run), { discard: true })
    checks.lines().forEach(tell)
    return yield* failures.settle
  }
  yield* askToRing(found, opened, { yes: flags.yes, isRouted: configuration !== undefined })
  const turns = yield* Semaphore.make(flags.parallel)
  const placing = Effect.forEach(found, (candidate) => placeOne(candidate, turns, run), {
    concurrency: flags.wait ? "unbounded" : flags.parallel,
    discard: true
  })
  const end = Effect.sync(() => {
    board.clear()
    output.end()
    results.end()
    checks.lines().forEach(tell)
    const unsent = found.filter(({ place }) => !begun.has(place))
    tellRest(`${plural(unsent.length, "order")} not sent`, unsent.map(nameOf))
  })
  yield* Effect.ensuring(results.whileWritten(placing), end)
  yield* results.settle
  yield* failures.settle
}, Effect.scoped)
