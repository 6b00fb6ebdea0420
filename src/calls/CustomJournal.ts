/**
 * A placement journal of plain functions. Nothing is believed: what they answer is checked, what they throw becomes a
 * `JournalError` without their words, and one that never answers is given up after a while. A reservation is only taken
 * for made where the answer says so, so whatever a function does wrong costs a placement, never a second call.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { isJsonObject } from "../domain/Json.ts"
import { misfitOf } from "../domain/misfit.ts"
import { present } from "../domain/present.ts"
import * as Check from "../provider/optionChecks.ts"
import { LONGEST_WRITING } from "../provider/placingLimits.ts"
import type { CustomJournalOptions, JournalContext, JournalFunctions } from "./JournalFunctions.ts"
import {
  type AbsenceJournal,
  type CallKey,
  JournalError,
  type ListRecord,
  Placement,
  PlacementJournal,
  type PlacementKey,
  type Reservation,
  type Settlement
} from "./PlacementJournal.ts"
import { countOf, isAbsentFor, isAskedFor, isOpenFor, isSentSince, STEP } from "./placementState.ts"

const OPERATIONS = ["reserve", "settle", "release", "find", "findCall", "unfinished"] as const satisfies ReadonlyArray<
  keyof JournalFunctions
>

const OF_ABSENCE = ["supersede", "open", "absent", "listRecord"] as const satisfies ReadonlyArray<
  keyof JournalFunctions
>

const DEFAULT_TIMEOUT_SECONDS = 10

const checkOptions = Check.options({
  // A reservation that took longer to write is not sent any more.
  timeoutSeconds: Check.optional(Check.secondsUpTo(Duration.toSeconds(LONGEST_WRITING)))
})

/** Its message may be told: it holds no value. What else a function throws is known by its code alone. */
export class JournalFault extends Error {}

/** An answer that cannot be one. */
class WrongAnswer extends JournalFault {}

const decode = Schema.decodeUnknownResult(Placement)

/** A row as a placement; a column that is null is absent. */
export const placementOf = (row: unknown): Placement => {
  if (!isJsonObject(row)) throw new WrongAnswer("gave no placement")
  const given = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null && value !== undefined))
  return Result.getOrThrowWith(
    decode(given),
    (error) => new WrongAnswer(`gave a placement whose ${misfitOf(error).path[0]} cannot be read`)
  )
}

const insist = (isRight: boolean, fault: string): void => {
  if (!isRight) throw new WrongAnswer(fault)
}

/** What was written before there were tenants has none. */
const isOf = (tenant: string, placement: Placement): boolean =>
  placement.tenant === undefined || placement.tenant === tenant

const placementFor =
  ({ tenant, reference }: PlacementKey) =>
  (row: unknown): Placement => {
    const placement = placementOf(row)
    insist(placement.reference === reference && isOf(tenant, placement), "gave the placement of another key")
    return placement
  }

const orNone =
  (read: (row: unknown) => Placement) =>
  (row: unknown): Option.Option<Placement> =>
    Option.map(Option.fromNullishOr(row), read)

const reserved =
  (reservation: Reservation) =>
  (row: unknown): Placement => {
    const placement = placementFor(reservation)(row)
    const isRight = placement.token !== reservation.token || placement.numberDigest === reservation.numberDigest
    insist(isRight, "gave another reservation with this token")
    return placement
  }

const settled =
  (key: PlacementKey, token: string, settlement: Settlement) =>
  (row: unknown): Placement => {
    const placement = placementFor(key)(row)
    const { state, orderId } = placement
    insist(placement.token === token, "gave the placement of another token")
    const isOfAnother = orderId !== undefined && "orderId" in settlement && orderId !== settlement.orderId
    const stays = isOfAnother || isSentSince(placement, settlement)
    insist(stays || STEP[state] >= STEP[settlement.state], "gave a placement that has not moved on")
    return placement
  }

const calledBy =
  ({ tenant, provider, orderId }: CallKey) =>
  (row: unknown): Placement => {
    const placement = placementOf(row)
    const isThis = placement.provider === provider && placement.orderId === orderId && isOf(tenant, placement)
    insist(isThis, "gave the placement of another call")
    return placement
  }

const answered = (answer: unknown): boolean => {
  if (typeof answer !== "boolean") throw new WrongAnswer("gave neither true nor false")
  return answer
}

const listed =
  <Filter extends { readonly tenant: string; readonly limit: number }>(
    filter: Filter,
    isAsked: (filter: Filter, placement: Placement) => boolean,
    isBefore: (a: string, b: string) => boolean = (a, b) => a <= b
  ) =>
  (rows: unknown): ReadonlyArray<Placement> => {
    if (!Array.isArray(rows)) throw new WrongAnswer("gave no list")
    const placements = rows.map(placementOf)
    insist(placements.length <= filter.limit, "gave more placements than were asked for")
    const isRight = (each: Placement) => (each.tenant ?? "") === filter.tenant && isAsked(filter, each)
    insist(placements.every(isRight), "gave a placement that was not asked for")
    const isSorted = placements.every(
      ({ changedAt }, at) => at === 0 || isBefore(placements[at - 1]?.changedAt ?? "", changedAt)
    )
    insist(isSorted, "gave placements in another order")
    return placements
  }

const isCount = (value: unknown): value is number => typeof value === "number" && Number.isInteger(value) && value >= 0

const recorded = (row: unknown): ListRecord => {
  if (!isJsonObject(row) || !isCount(row["wrong"])) throw new WrongAnswer("gave no count of wrong placements")
  const slowestMillis = row["slowestMillis"] ?? undefined
  if (slowestMillis === undefined) return { wrong: row["wrong"] }
  if (!isCount(slowestMillis)) throw new WrongAnswer("gave a delay that is no whole number")
  return { wrong: row["wrong"], slowestMillis }
}

/** Codes that systems have for faults: `ECONNREFUSED`, `SQLITE_FULL`, `23505`. Anything else may be a value. */
const CODE = /^(?:[A-Z][A-Z0-9_]{2,39}|[0-9A-Z]{5})$/
const NAME = /^[A-Z][A-Za-z]{2,39}$/

const textIn = (cause: object, name: string, pattern: RegExp): string | undefined => {
  const text: unknown = Reflect.get(cause, name)
  return typeof text === "string" && pattern.test(text) ? text : undefined
}

/** What can be said of what a function threw: never its message, which may quote what was stored. */
const problemOf = (cause: unknown): string => {
  try {
    if (cause instanceof JournalFault) return cause.message
    if (cause instanceof Error) return textIn(cause, "code", CODE) ?? textIn(cause, "name", NAME) ?? "Error"
  } catch {
    // An error that cannot even be looked at.
  }
  return "it threw what is no Error"
}

/** Without what only journals know that keep what is absent: others may have no column for it. */
const plain = (settlement: Settlement): Settlement => {
  if (settlement.state === "absent") return { ...settlement }
  if (settlement.state === "uncertain") {
    const { evidence: _evidence, requestMillis: _request, missedMillis: _missed, ...known } = settlement
    return known
  }
  const { evidence: _evidence, listDelay: _delay, ...known } = settlement
  return known
}

/** A journal of plain functions. @throws TypeError if a function is missing, or the options are not as they must be */
export const makeCustomJournal = (
  functions: JournalFunctions,
  options: CustomJournalOptions = {}
): PlacementJournal["Service"] => {
  const missing = OPERATIONS.filter((name) => typeof functions?.[name] !== "function")
  if (missing.length > 0) throw new TypeError(`customJournal: expected functions of the names ${missing.join(", ")}`)
  const known = OF_ABSENCE.filter((name) => typeof functions[name] === "function")
  const unknown = OF_ABSENCE.filter((name) => !known.includes(name))
  if (known.length > 0 && unknown.length > 0)
    throw new TypeError(`customJournal: expected functions of the names ${unknown.join(", ")} beside ${known[0]}`)
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
  const giveBack = async (
    { tenant, reference, token, supersedes, at }: Reservation,
    asked: Promise<unknown>
  ): Promise<void> => {
    await asked.catch(() => undefined)
    const context = { signal: AbortSignal.timeout(timeoutSeconds * 1000) }
    if (supersedes === undefined) await functions.release({ tenant, reference }, token, context)
    // The one that it supersedes is not forgotten.
    else await functions.settle({ tenant, reference }, token, { state: "absent", evidence: "refused" }, at, context)
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

  return PlacementJournal.of({
    reserve: (reservation) =>
      making(reservation, "reserve", (context) => functions.reserve({ ...reservation }, context)),
    ...present({ absence }),
    // These two are waited for, whatever becomes of their caller: an accepted call must not be forgotten.
    settle: (key, token, settlement, at) =>
      ask(
        "settle",
        (context) =>
          functions.settle({ ...key }, token, keepsAbsence ? { ...settlement } : plain(settlement), at, context),
        orNone(settled(key, token, settlement))
      ).pipe(Effect.uninterruptible),
    release: (key, token) =>
      ask("release", (context) => functions.release({ ...key }, token, context), answered).pipe(Effect.uninterruptible),
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
