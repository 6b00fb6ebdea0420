/**
 * The functions of a journal over a table in PostgreSQL. Each statement is a transaction of its own. A reservation is an
 * insert that gives way to what is there; everything else is written where the row still is as it was read, or the row is
 * read again. So what was done, and whose answer was lost, can be asked for again.
 */
import { placementOf } from "../calls/journalAnswers.ts"
import type { JournalContext, JournalFunctions, JournalRow } from "../calls/JournalFunctions.ts"
import { isKeptText, unkeptField } from "../calls/keptText.ts"
import type {
  Absences,
  CallKey,
  Open,
  Placement,
  PlacementKey,
  Reservation,
  Settlement,
  Superseding,
  Unfinished
} from "../calls/PlacementJournal.ts"
import {
  countOf,
  isReleasable,
  newPlacement,
  setAside,
  SETTLED_FIELDS,
  settledPlacement
} from "../calls/placementState.ts"
import type { Ended, EndedStep } from "../calls/RetentionJournal.ts"
import type { Instant } from "../domain/Instant.ts"
import { isJsonObject, valueAt } from "../domain/Json.ts"
import { makeGrouped } from "./grouped.ts"
import { statementsOf } from "./journalStatements.ts"
import { FIELDS, isNumeric } from "./journalTable.ts"
import type { PostgresPool, PostgresResult } from "./PostgresPool.ts"
import type { Names } from "./tables.ts"
import { AGAIN_AND_AGAIN, makePatiently } from "./patience.ts"
import { PostgresFault } from "./postgresFault.ts"

/** A row with its version, which is another one after each change. */
interface Row {
  readonly placement: Placement
  readonly version: string
}

/** Numbers come as text, too. */
export const fieldsOf = (row: unknown): JournalRow => {
  if (!isJsonObject(row)) throw new PostgresFault("gave no row")
  return Object.fromEntries(
    Object.entries(row).map(([field, value]) => [
      field,
      isNumeric(field) && typeof value === "string" ? Number(value) : value
    ])
  )
}

const valueOf = (placement: Placement, field: keyof Placement): string | null => {
  const value = placement[field]
  return value === undefined ? null : String(value)
}

const storable = (placement: Placement): Placement => {
  const unkept = unkeptField(placement)
  if (unkept !== undefined) throw new PostgresFault(`column ${unkept} would not keep its text`)
  return placementOf(placement)
}

/**
 * Called by the custom journal alone, which hands over what the port takes and checks what they answer.
 *
 * @param patienceMs how long each waits for a server that cannot be reached; less than the custom journal waits for it,
 *   so that it is told why
 */
export const journalFunctions = (pool: PostgresPool, names: Names, patienceMs: number): JournalFunctions => {
  const statements = statementsOf(names)
  const patiently = makePatiently(patienceMs)

  const select = async ({ reference, tenant }: PlacementKey): Promise<Row | undefined> => {
    // What cannot be stored is not there: a client would ask for another text.
    if (![reference, tenant].every(isKeptText)) return undefined
    const { rows } = await pool.query(statements.select, [reference, tenant])
    const [row] = rows
    if (row === undefined) return undefined
    return { placement: placementOf(fieldsOf(row)), version: String(valueAt(row, ["version"])) }
  }

  /** Reads the row and changes it by what was read, as often as somebody else has come between. */
  const change = async <A>(
    key: PlacementKey,
    token: string,
    context: JournalContext,
    to: (row: Row) => { readonly answer: A; readonly write?: () => Promise<PostgresResult> }
  ): Promise<A | undefined> => {
    while (!context.signal.aborted) {
      const row = await select(key)
      if (row?.placement.token !== token) return undefined
      const { answer, write } = to(row)
      if (write === undefined || (await write()).rowCount === 1) return answer
    }
    throw new PostgresFault(AGAIN_AND_AGAIN)
  }

  /** Whatever holds the reference then. */
  const reserve = async (reservation: Reservation, context: JournalContext): Promise<JournalRow> => {
    const values = insertedOf(reservation)
    while (!context.signal.aborted) {
      const { rows } = await pool.query(statements.insert, values)
      const holder = rows.length === 1 ? fieldsOf(rows[0]) : (await select(reservation))?.placement
      // Whoever held it may have released it in between.
      if (holder !== undefined) return holder
    }
    throw new PostgresFault(AGAIN_AND_AGAIN)
  }

  const supersede = async (reservation: Superseding, aside: string, context: JournalContext): Promise<JournalRow> => {
    const values = insertedOf(reservation)
    while (!context.signal.aborted) {
      const row = await select(reservation)
      const absent = row?.placement
      if (absent?.token !== reservation.supersedes || absent.state !== "absent")
        return await reserve(reservation, context)
      const { reference, sentAs } = storable(setAside(absent, aside))
      const asRead = [absent.reference, reservation.tenant, absent.token, row?.version ?? null]
      const { rows } = await pool.query(statements.supersede, [...values, reference, sentAs ?? null, ...asRead])
      if (rows.length === 1) return fieldsOf(rows[0])
    }
    throw new PostgresFault(AGAIN_AND_AGAIN)
  }

  const list =
    (statement: string, { tenant, provider, account, limit }: Unfinished | Open | Absences, moment: Instant) =>
    async () => {
      const { rows } = await pool.query(statement, [tenant, moment, provider ?? null, account ?? null, String(limit)])
      return rows.map(fieldsOf)
    }

  const stepping =
    (statement: string) =>
    ({ after, limit, tenant, endedBefore }: EndedStep, context: JournalContext) =>
      patiently(async () => {
        const from = [after?.reference ?? "", after?.tenant ?? ""]
        const most = Math.max(1, countOf(limit))
        const { rows } = await pool.query(statement, [...from, tenant ?? null, endedBefore, String(most)])
        const [row] = rows
        // Where there was nothing to look at.
        if (row === undefined) return { changed: 0 }
        const of = (name: string) => String(valueAt(row, [name]))
        const next = { tenant: of("tenant"), reference: of("reference") }
        return { changed: Number(of("changed")), next: Number(of("looked")) === most ? next : undefined }
      }, context)

  /** A burst of webhooks asks for one call each. */
  const findCall = makeGrouped(async (calls: ReadonlyArray<CallKey>) => {
    const asked = calls.map(({ tenant, provider, orderId }, place) => ({ tenant, provider, orderId, place }))
    const { rows } = await pool.query(statements.selectCalls, [JSON.stringify(asked)])
    const found = new Map(rows.map((row) => [Number(valueAt(row, ["place"])), fieldsOf(row)]))
    return calls.map((_, place) => found.get(place))
  })

  return {
    reserve: (reservation: Reservation, context) => patiently(() => reserve(reservation, context), context),
    settle: (key: PlacementKey, token, settlement: Settlement, at: Instant, context) =>
      patiently(
        () =>
          change(key, token, context, ({ placement, version }) => {
            const settled = settledPlacement(placement, settlement, at)
            if (settled === placement) return { answer: placement }
            const after = storable(settled)
            const values = SETTLED_FIELDS.map((field) => valueOf(after, field))
            return {
              answer: after,
              write: () => pool.query(statements.update, [...values, key.reference, key.tenant, token, version])
            }
          }),
        context
      ),
    release: (key: PlacementKey, token, changedAt, context) => {
      let isAnswerLost = false
      return patiently(async () => {
        const released = await change(key, token, context, ({ placement, version }) => {
          if (!isReleasable(placement, changedAt)) return { answer: false }
          return {
            answer: true,
            write: async () => {
              try {
                return await pool.query(statements.remove, [key.reference, key.tenant, token, version])
              } catch (error) {
                isAnswerLost = true
                throw error
              }
            }
          }
        })
        // It is gone, and nobody else knows its token: it was the removal whose answer was lost.
        return released ?? isAnswerLost
      }, context)
    },
    find: (key: PlacementKey, context) => patiently(async () => (await select(key))?.placement, context),
    findCall: ({ tenant, provider, orderId }: CallKey, context) =>
      patiently(async () => {
        if (![tenant, provider, orderId].every(isKeptText)) return undefined
        return await findCall({ tenant, provider, orderId })
      }, context),
    unfinished: (filter: Unfinished, context) =>
      patiently(list(statements.selectUnfinished, filter, filter.before), context),
    supersede: (reservation: Superseding, aside, context) =>
      patiently(() => supersede(reservation, aside, context), context),
    open: (filter: Open, context) => patiently(list(statements.selectOpen, filter, filter.before), context),
    absent: (filter: Absences, context) => patiently(list(statements.selectAbsent, filter, filter.since), context),
    listRecord: (provider, since, context) =>
      patiently(async () => {
        const { rows } = await pool.query(statements.selectRecord, [provider, since])
        const [wrong, slowest] = ["wrong", "slowest"].map((name) => valueAt(rows[0], [name]))
        return { wrong: Number(wrong), ...(typeof slowest === "string" ? { slowestMillis: Number(slowest) } : {}) }
      }, context),
    countEnded: ({ tenant, endedBefore }: Ended, context) =>
      patiently(async () => {
        const { rows } = await pool.query(statements.countEnded, [tenant ?? null, endedBefore])
        const of = (name: string) => Number(valueAt(rows[0], [name]))
        return { ended: of("ended"), compactable: of("compactable"), deletable: of("deletable") }
      }, context),
    assign: ({ tenant, key, provider, at }, context) =>
      patiently(async () => {
        await pool.query(statements.assign, [tenant, key, provider, at])
        const { rows } = await pool.query(statements.selectAssigned, [tenant, key])
        return String(valueAt(rows[0], ["provider"]))
      }, context),
    compactEnded: stepping(statements.compactEnded),
    deleteEnded: stepping(statements.deleteEnded)
  }
}

const insertedOf = (reservation: Reservation): Array<string | null> => {
  const placement = storable(newPlacement(reservation))
  return FIELDS.map((field) => valueOf(placement, field))
}
