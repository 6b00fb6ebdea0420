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
import * as Check from "../provider/optionChecks.ts"
import { LONGEST_WRITING } from "../provider/placingLimits.ts"
import type { CustomJournalOptions, JournalContext, JournalFunctions } from "./JournalFunctions.ts"
import {
  type CallKey,
  JournalError,
  Placement,
  PlacementJournal,
  type PlacementKey,
  type Reservation,
  type Settlement,
  type Unfinished
} from "./PlacementJournal.ts"
import { countOf, isAskedFor, STEP } from "./placementState.ts"

const OPERATIONS = ["reserve", "settle", "release", "find", "findCall", "unfinished"] as const satisfies ReadonlyArray<
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
    insist(isOfAnother || STEP[state] >= STEP[settlement.state], "gave a placement that has not moved on")
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

const notEnded =
  (filter: Unfinished) =>
  (rows: unknown): ReadonlyArray<Placement> => {
    if (!Array.isArray(rows)) throw new WrongAnswer("gave no list")
    const placements = rows.map(placementOf)
    insist(placements.length <= filter.limit, "gave more placements than were asked for")
    const isAsked = (each: Placement) => (each.tenant ?? "") === filter.tenant && isAskedFor(filter, each)
    insist(placements.every(isAsked), "gave a placement that was not asked for")
    const isSorted = placements.every(({ changedAt }, at) => (placements[at - 1]?.changedAt ?? "") <= changedAt)
    insist(isSorted, "gave placements in another order")
    return placements
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

/** A journal of plain functions. @throws TypeError if a function is missing, or the options are not as they must be */
export const makeCustomJournal = (
  functions: JournalFunctions,
  options: CustomJournalOptions = {}
): PlacementJournal["Service"] => {
  const missing = OPERATIONS.filter((name) => typeof functions?.[name] !== "function")
  if (missing.length > 0) throw new TypeError(`customJournal: expected functions of the names ${missing.join(", ")}`)
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

  /** Nothing is sent for a reservation without an answer: what was made of it all the same is released. */
  const giveBack = async ({ tenant, reference, token }: Reservation, asked: Promise<unknown>): Promise<void> => {
    await asked.catch(() => undefined)
    await functions.release({ tenant, reference }, token, { signal: AbortSignal.timeout(timeoutSeconds * 1000) })
  }

  const reserve = (reservation: Reservation): Effect.Effect<Placement, JournalError> =>
    Effect.suspend(() => {
      let asked: Promise<unknown> = Promise.resolve()
      const call = (context: JournalContext) =>
        (asked = Promise.resolve(functions.reserve({ ...reservation }, context)))
      return ask("reserve", call, reserved(reservation)).pipe(
        // The failure is told at once, and a second one beside it to nobody.
        Effect.onError(() => Effect.sync(() => void giveBack(reservation, asked).catch(() => undefined)))
      )
    })

  return PlacementJournal.of({
    reserve,
    // These two are waited for, whatever becomes of their caller: an accepted call must not be forgotten.
    settle: (key, token, settlement, at) =>
      ask(
        "settle",
        (context) => functions.settle({ ...key }, token, { ...settlement }, at, context),
        orNone(settled(key, token, settlement))
      ).pipe(Effect.uninterruptible),
    release: (key, token) =>
      ask("release", (context) => functions.release({ ...key }, token, context), answered).pipe(Effect.uninterruptible),
    find: (key) => ask("find", (context) => functions.find({ ...key }, context), orNone(placementFor(key))),
    findCall: (call) => ask("find", (context) => functions.findCall({ ...call }, context), orNone(calledBy(call))),
    unfinished: (filter) => {
      const asked = { ...filter, limit: countOf(filter.limit) }
      if (asked.limit === 0) return Effect.succeed([])
      return ask("unfinished", (context) => functions.unfinished({ ...asked }, context), notEnded(asked))
    }
  })
}

/** A journal of plain functions as a layer. @throws TypeError if a function is missing */
export const layerCustomJournal = (
  functions: JournalFunctions,
  options?: CustomJournalOptions
): Layer.Layer<PlacementJournal> => Layer.succeed(PlacementJournal)(makeCustomJournal(functions, options))
