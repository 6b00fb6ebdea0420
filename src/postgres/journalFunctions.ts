/**
 * The functions of a journal over a table in PostgreSQL. Each statement is a transaction of its own. A reservation is an
 * insert that gives way to what is there; everything else is written where the row still is as it was read, or the row is
 * read again. So what was done, and whose answer was lost, can be asked for again.
 */
import { placementOf } from "../calls/CustomJournal.ts"
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
import { isReleasable, newPlacement, setAside, SETTLED_FIELDS, settledPlacement } from "../calls/placementState.ts"
import type { Instant } from "../domain/Instant.ts"
import { isJsonObject, valueAt } from "../domain/Json.ts"
import { columnOf, FIELDS, isNumeric, type Names, SELECTED } from "./journalTable.ts"
import type { PostgresPool, PostgresResult } from "./PostgresPool.ts"
import { fault, isPassing, PostgresFault } from "./postgresFault.ts"

const LONGEST_PAUSE_MS = 500
const AGAIN_AND_AGAIN = "others came between, again and again"

const pause = (milliseconds: number, { signal }: JournalContext): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true })
  })

/** Does again what may be done twice, while what keeps it from being done passes: a server that restarts, say. */
const makePatiently =
  (patienceMs: number) =>
  async <A>(run: () => Promise<A>, context: JournalContext): Promise<A> => {
    const end = performance.now() + patienceMs
    for (let wait = 10; ; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
      try {
        return await run()
      } catch (error) {
        if (!isPassing(error) || performance.now() + wait > end) throw fault(error)
        await pause(wait, context)
        if (context.signal.aborted) throw fault(error)
      }
    }
  }

/**
 * Within a statement that writes: whatever role or database are set to, it is answered only once it is on disk. The
 * setting ends with the statement's own transaction.
 */
const DURABLY = `set_config('synchronous_commit',
  CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, true)`

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

const typeOf = (field: keyof Placement): string => (isNumeric(field) ? "bigint" : "text")

const parameter = (field: keyof Placement, index: number): string => `$${index + 1}::${typeOf(field)}`

/** The parameters behind so many others. */
const after = (count: number, ...names: ReadonlyArray<string>): ReadonlyArray<string> =>
  names.map((name, index) => `${name} = $${count + index + 1}`)

/** A row that is still as it was read. */
const AS_READ = ["reference", "tenant", "token", "old.xmin::text"]

export const statementsOf = ({ table }: Names) => ({
  insert: `INSERT INTO ${table} (${FIELDS.map(columnOf).join(", ")})
    SELECT ${FIELDS.map(parameter).join(", ")} FROM ${DURABLY} ON CONFLICT DO NOTHING RETURNING ${SELECTED}`,
  select: `SELECT ${SELECTED}, xmin::text AS version FROM ${table} WHERE reference = $1 AND tenant = $2`,
  update: `UPDATE ${table} AS old SET ${SETTLED_FIELDS.map((field, index) => `${columnOf(field)} = ${parameter(field, index)}`).join(", ")}
    FROM ${DURABLY} WHERE ${after(SETTLED_FIELDS.length, ...AS_READ).join(" AND ")}`,
  remove: `DELETE FROM ${table} AS old USING ${DURABLY}
    WHERE ${after(0, ...AS_READ).join(" AND ")}`,
  /** Both or neither: the insert has a row only where the update had one. */
  supersede: `WITH aside AS (
      UPDATE ${table} AS old SET reference = $${FIELDS.length + 1}, sent_as = $${FIELDS.length + 2} FROM ${DURABLY}
      WHERE ${after(FIELDS.length + 2, ...AS_READ).join(" AND ")} RETURNING 1
    )
    INSERT INTO ${table} (${FIELDS.map(columnOf).join(", ")}) SELECT ${FIELDS.map(parameter).join(", ")} FROM aside
    RETURNING ${SELECTED}`,
  selectCall: `SELECT ${SELECTED} FROM ${table} WHERE order_id = $1 AND provider = $2 AND tenant = $3 LIMIT 1`,
  selectUnfinished: `SELECT ${SELECTED} FROM ${table}
    WHERE state <> 'ended' AND state <> 'absent' AND tenant = $1 AND changed_at <= $2 AND ($3::text IS NULL OR provider = $3)
      AND ($4::text IS NULL OR account IS NULL OR account = $4)
    ORDER BY changed_at LIMIT $5::bigint`,
  selectOpen: `SELECT ${SELECTED} FROM ${table}
    WHERE state <> 'ended' AND state IN ('reserved', 'uncertain') AND tenant = $1 AND changed_at <= $2 AND provider = $3
      AND ($4::text IS NULL OR account IS NULL OR account = $4)
    ORDER BY changed_at LIMIT $5::bigint`,
  selectAbsent: `SELECT ${SELECTED} FROM ${table}
    WHERE state = 'absent' AND tenant = $1 AND changed_at >= $2 AND provider = $3
      AND ($4::text IS NULL OR account IS NULL OR account = $4)
    ORDER BY changed_at DESC LIMIT $5::bigint`,
  selectRecord: `SELECT count(*) FILTER (WHERE wrong_at > $2)::text AS wrong, max(list_delay)::text AS slowest FROM ${table}
    WHERE provider = $1 AND (wrong_at IS NOT NULL OR list_delay IS NOT NULL)`,
  selectAfter: `SELECT ${SELECTED} FROM ${table} WHERE (reference, tenant) > ($1, $2) ORDER BY reference, tenant LIMIT 1000`
})

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
    release: (key: PlacementKey, token, context) => {
      let isAnswerLost = false
      return patiently(async () => {
        const released = await change(key, token, context, ({ placement, version }) => {
          if (!isReleasable(placement)) return { answer: false }
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
        const { rows } = await pool.query(statements.selectCall, [orderId, provider, tenant])
        return rows[0] === undefined ? undefined : fieldsOf(rows[0])
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
      }, context)
  }
}

const insertedOf = (reservation: Reservation): Array<string | null> => {
  const placement = storable(newPlacement(reservation))
  return FIELDS.map((field) => valueOf(placement, field))
}
