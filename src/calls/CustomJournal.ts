/**
 * A placement journal of plain functions. Nothing is believed: what they answer is checked, what they throw becomes a
 * `JournalError` without their words, and one that never answers is given up after a while. A reservation is only taken
 * for made where the answer says so, so whatever a function does wrong costs a placement, never a second call.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { present } from "../domain/present.ts"
import * as Check from "../provider/optionChecks.ts"
import { LONGEST_WRITING } from "../provider/placingLimits.ts"
import {
  answered,
  calledBy,
  counted,
  listed,
  orNone,
  placementFor,
  problemOf,
  progressed,
  providerGiven,
  recorded,
  reserved,
  settled
} from "./journalAnswers.ts"
import type { CustomJournalOptions, JournalContext, JournalFunctions } from "./JournalFunctions.ts"
import {
  type AbsenceJournal,
  JournalError,
  type Placement,
  PlacementJournal,
  type Reservation,
  type Settlement
} from "./PlacementJournal.ts"
import { countOf, isAbsentFor, isAskedFor, isOpenFor, newPlacement, requestMillisOf } from "./placementState.ts"
import type { RetentionJournal } from "./RetentionJournal.ts"

const OPERATIONS = ["reserve", "settle", "release", "find", "findCall", "unfinished"] as const satisfies ReadonlyArray<
  keyof JournalFunctions
>

const OF_ABSENCE = ["supersede", "open", "absent", "listRecord"] as const satisfies ReadonlyArray<
  keyof JournalFunctions
>

const OF_RETENTION = ["countEnded", "compactEnded", "deleteEnded"] as const satisfies ReadonlyArray<
  keyof JournalFunctions
>

const DEFAULT_TIMEOUT_SECONDS = 10

const checkOptions = Check.options({
  // A reservation that took longer to write is not sent any more.
  timeoutSeconds: Check.optional(Check.secondsUpTo(Duration.toSeconds(LONGEST_WRITING)))
})

/** Without what only journals know that keep what is absent: others may have no column for it. */
const plain = (settlement: Settlement): Settlement => {
  if (settlement.state === "absent") return { ...settlement }
  if (settlement.state === "uncertain") {
    const { evidence: _evidence, requestMillis: _request, missedMillis: _missed, ofRequest: _of, ...known } = settlement
    return known
  }
  const { evidence: _evidence, listDelay: _delay, ...known } = settlement
  return known
}

const insistOnAllOrNone = (functions: JournalFunctions, names: ReadonlyArray<keyof JournalFunctions>): void => {
  const known = names.filter((name) => typeof functions[name] === "function")
  const unknown = names.filter((name) => !known.includes(name))
  if (known.length > 0 && unknown.length > 0)
    throw new TypeError(`customJournal: expected functions of the names ${unknown.join(", ")} beside ${known[0]}`)
}

/** A journal of plain functions. @throws TypeError if a function is missing, or the options are not as they must be */
export const makeCustomJournal = (
  functions: JournalFunctions,
  options: CustomJournalOptions = {}
): PlacementJournal["Service"] => {
  const missing = OPERATIONS.filter((name) => typeof functions?.[name] !== "function")
  if (missing.length > 0) throw new TypeError(`customJournal: expected functions of the names ${missing.join(", ")}`)
  insistOnAllOrNone(functions, OF_ABSENCE)
  insistOnAllOrNone(functions, OF_RETENTION)
  const fault = checkOptions(options, [])
  if (fault !== undefined) throw new TypeError(`customJournal: ${fault.field}: expected ${fault.expected}`)
  const { timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } = options

  const ask = <A>(
    operation: JournalError["operation"],
    call: (context: JournalContext) => unknown,
    read: (answer: unknown) => A
  ): Effect.Effect<A, JournalError> =>
    Effect.tryPromise({
      try: async (signal) => read(await call({ signal })),
      catch: (cause) => new JournalError({ operation, problem: problemOf(cause) })
    }).pipe(
      Effect.timeoutOrElse({
        duration: Duration.seconds(timeoutSeconds),
        orElse: () =>
          Effect.fail(new JournalError({ operation, problem: `no answer within ${timeoutSeconds} seconds` }))
      })
    )

  /** Nothing is sent for a reservation without an answer: what was made of it all the same is given up. */
  const giveBack = async (reservation: Reservation, asked: Promise<unknown>): Promise<void> => {
    const { tenant, reference, token, supersedes, at } = reservation
    await asked.catch(() => undefined)
    const context = { signal: AbortSignal.timeout(timeoutSeconds * 1000) }
    if (supersedes === undefined) return void (await functions.release({ tenant, reference }, token, at, context))
    // The one that it supersedes is not forgotten.
    const ofRequest = requestMillisOf(newPlacement(reservation))
    const unsent = { state: "absent", evidence: "refused", ofRequest } as const
    await functions.settle({ tenant, reference }, token, unsent, at, context)
  }

  const making = (
    reservation: Reservation,
    operation: "reserve" | "supersede",
    make: (context: JournalContext) => unknown
  ): Effect.Effect<Placement, JournalError> =>
    Effect.suspend(() => {
      let asked: Promise<unknown> = Promise.resolve()
      const call = (context: JournalContext) => (asked = Promise.resolve(make(context)))
      return ask(operation, call, reserved(reservation)).pipe(
        // The failure is told at once, and a second one beside it to nobody.
        Effect.onError(() => Effect.sync(() => void giveBack(reservation, asked).catch(() => undefined)))
      )
    })

  const { supersede, open, absent, listRecord } = functions
  const keepsAbsence = supersede !== undefined && open !== undefined && absent !== undefined && listRecord !== undefined
  const absence: AbsenceJournal | undefined = keepsAbsence
    ? {
        supersede: (reservation, aside) =>
          making(reservation, "supersede", (context) => supersede.call(functions, { ...reservation }, aside, context)),
        open: (filter) => {
          const asked = { ...filter, limit: countOf(filter.limit) }
          if (asked.limit === 0) return Effect.succeed([])
          const call = (context: JournalContext) => open.call(functions, { ...asked }, context)
          return ask("unfinished", call, listed(asked, isOpenFor))
        },
        absent: (filter) => {
          const asked = { ...filter, limit: countOf(filter.limit) }
          if (asked.limit === 0) return Effect.succeed([])
          const call = (context: JournalContext) => absent.call(functions, { ...asked }, context)
          return ask(
            "unfinished",
            call,
            listed(asked, isAbsentFor, (a, b) => a >= b)
          )
        },
        listRecord: (provider, since) =>
          ask("listRecord", (context) => listRecord.call(functions, provider, since, context), recorded)
      }
    : undefined

  const { countEnded, compactEnded, deleteEnded } = functions
  const keepsLess = countEnded !== undefined && compactEnded !== undefined && deleteEnded !== undefined
  const retention: RetentionJournal | undefined = keepsLess
    ? {
        countEnded: (filter) =>
          ask("countEnded", (context) => countEnded.call(functions, { ...filter }, context), counted),
        compactEnded: (step) =>
          ask("compactEnded", (context) => compactEnded.call(functions, { ...step }, context), progressed(step)),
        deleteEnded: (step) =>
          ask("deleteEnded", (context) => deleteEnded.call(functions, { ...step }, context), progressed(step))
      }
    : undefined

  const assign: PlacementJournal["Service"]["assign"] =
    functions.assign === undefined
      ? undefined
      : (assignment) => ask("assign", (context) => functions.assign?.({ ...assignment }, context), providerGiven)

  return PlacementJournal.of({
    reserve: (reservation) =>
      making(reservation, "reserve", (context) => functions.reserve({ ...reservation }, context)),
    ...present({ absence, retention, assign }),
    // These two are waited for, whatever becomes of their caller: an accepted call must not be forgotten.
    settle: (key, token, settlement, at) =>
      ask(
        "settle",
        (context) =>
          functions.settle({ ...key }, token, keepsAbsence ? { ...settlement } : plain(settlement), at, context),
        orNone(settled(key, token, settlement))
      ).pipe(Effect.uninterruptible),
    release: (key, token, changedAt) =>
      ask("release", (context) => functions.release({ ...key }, token, changedAt, context), answered).pipe(
        Effect.uninterruptible
      ),
    find: (key) => ask("find", (context) => functions.find({ ...key }, context), orNone(placementFor(key))),
    findCall: (call) => ask("find", (context) => functions.findCall({ ...call }, context), orNone(calledBy(call))),
    unfinished: (filter) => {
      const asked = { ...filter, limit: countOf(filter.limit) }
      if (asked.limit === 0) return Effect.succeed([])
      return ask("unfinished", (context) => functions.unfinished({ ...asked }, context), listed(asked, isAskedFor))
    }
  })
}

/** A journal of plain functions as a layer. @throws TypeError if a function is missing */
export const layerCustomJournal = (
  functions: JournalFunctions,
  options?: CustomJournalOptions
): Layer.Layer<PlacementJournal> => Layer.succeed(PlacementJournal)(makeCustomJournal(functions, options))
