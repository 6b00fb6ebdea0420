/**
 * The inbox of webhooks in one table of PostgreSQL, which any number of processes on any number of machines may share. What was
 * acknowledged survives a crash of the server. A row is read, and written where it still is as it was read, or read again: what an
 * entry becomes is told by the same rules as elsewhere, but for the claim, which is one statement.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { isKeptText, unkeptField } from "../calls/keptText.ts"
import { type CallKey, JournalError } from "../calls/PlacementJournal.ts"
import { isJsonObject, type JsonObject, valueAt } from "../domain/Json.ts"
import { compareText } from "../domain/textOrder.ts"
import { InboxHandle } from "../webhooks/InboxHandle.ts"
import { entryOfRow, INBOX_FIELDS, isReadable, valueInRow } from "../webhooks/inboxRow.ts"
import { replayedEntry, settledEntry, takenEntries } from "../webhooks/inboxState.ts"
import { type InboxEntry, type Received, type UnreadableEntry, WebhookInbox } from "../webhooks/WebhookInbox.ts"
import { inboxStatementsOf } from "./inboxStatements.ts"
import { INBOX_TABLE } from "./inboxTable.ts"
import { DEFAULT_TIMEOUT_SECONDS, insistOnPlace, openAt, type OpenAtOptions, patienceOf } from "./openAt.ts"
import { AGAIN_AND_AGAIN, makePatiently } from "./patience.ts"
import type { PostgresConnection, PostgresPool } from "./PostgresPool.ts"
import { fault, PostgresFault } from "./postgresFault.ts"

/** How the inbox is opened. */
export interface PostgresInboxOptions extends OpenAtOptions {}

interface Row {
  readonly entry: InboxEntry | UnreadableEntry
  /** Another one after each change. */
  readonly version: string
}

const keyOf = ({ tenant, provider, orderId }: CallKey): Array<string> => [tenant, provider, orderId]

/** What cannot be stored is not there: a client would ask for another text. */
const isKept = (call: CallKey): boolean => keyOf(call).every(isKeptText)

const objectOf = (row: unknown): JsonObject => {
  if (!isJsonObject(row)) throw new PostgresFault("gave no row")
  return row
}

const rowOf = (row: unknown): Row => ({ entry: entryOfRow(objectOf(row)), version: String(valueAt(row, ["version"])) })

const readableIn = (row: Row | undefined): InboxEntry | undefined =>
  row !== undefined && isReadable(row.entry) ? row.entry : undefined

const insistOnKept = (received: Received): void => {
  const unkept = unkeptField(received)
  if (unkept !== undefined) throw new PostgresFault(`column ${unkept} would not keep its text`)
}

const jsonOf = (entry: InboxEntry, row: Row | undefined): JsonObject => ({
  ...Object.fromEntries(INBOX_FIELDS.map((field) => [field, valueInRow(entry, field)])),
  version: row?.version ?? null
})

const makeInbox = (
  pool: PostgresPool,
  statements: ReturnType<typeof inboxStatementsOf>,
  timeoutSeconds: number
): WebhookInbox["Service"] => {
  const patiently = makePatiently(patienceOf(timeoutSeconds))

  const failing = (problem: string) => new JournalError({ operation: "inbox", problem })

  const ask = <A>(run: (signal: AbortSignal) => Promise<A>): Effect.Effect<A, JournalError> =>
    Effect.tryPromise({
      try: (signal) => patiently(() => run(signal), { signal }),
      catch: (error) => failing(fault(error).message)
    }).pipe(
      Effect.timeoutOrElse({
        duration: Duration.seconds(timeoutSeconds),
        orElse: () => Effect.fail(failing(`no answer within ${timeoutSeconds} seconds`))
      })
    )

  /** Of what cannot be done again: where its answer was lost, it was done if `isDone` says so. */
  const asOnce = (
    run: (signal: AbortSignal) => Promise<boolean>,
    isDone: () => Promise<boolean>
  ): Effect.Effect<boolean, JournalError> =>
    Effect.suspend(() => {
      let isAnswerLost = false
      return ask(async (signal) => {
        try {
          return (await run(signal)) || (isAnswerLost && (await isDone()))
        } catch (error) {
          isAnswerLost = true
          throw error
        }
      })
    })

  const select = async (call: CallKey): Promise<Row | undefined> => {
    if (!isKept(call)) return undefined
    const { rows } = await pool.query(statements.select, keyOf(call))
    return rows[0] === undefined ? undefined : rowOf(rows[0])
  }

  /** How many of them were still as they were read. */
  const write = async (entries: ReadonlyArray<InboxEntry>, found: (call: CallKey) => Row | undefined) => {
    const given = entries.map((entry) => jsonOf(entry, found(entry)))
    const { rows } = await pool.query(statements.write, [JSON.stringify(given)])
    return Number(valueAt(rows[0], ["written"]))
  }

  const receive = async (received: ReadonlyArray<Received>, most: number, signal: AbortSignal) => {
    const [first] = received
    if (first === undefined) return "taken"
    const asked = JSON.stringify(received.map(({ tenant, provider, orderId }) => ({ tenant, provider, orderId })))
    let hasWritten = false
    while (!signal.aborted) {
      const { rows } = await pool.query(statements.selectAll, [asked, first.tenant])
      const there = rows.filter((row) => valueAt(row, ["version"]) !== null).map(rowOf)
      const found = new Map(there.map((row) => [`${row.entry.provider} ${row.entry.orderId}`, row]))
      const rowFor = ({ provider, orderId }: CallKey) => found.get(`${provider} ${orderId}`)
      const room = hasWritten ? Number.POSITIVE_INFINITY : most
      const pending = Number(valueAt(rows[0], ["pending"]))
      const taken = takenEntries(
        received,
        (call) => readableIn(rowFor(call)),
        () => pending,
        room
      )
      if (taken === "full" || taken.length === 0) return taken === "full" ? taken : "taken"
      const written = await write(taken, rowFor)
      if (written === taken.length) return "taken"
      // Somebody came between: what is written is seen when it is read again. All of a message is taken, once a part is.
      hasWritten ||= written > 0
    }
    throw new PostgresFault(AGAIN_AND_AGAIN)
  }

  /** Reads the entry and changes it by what was read, as often as somebody else has come between. */
  const change = async (call: CallKey, signal: AbortSignal, to: (entry: InboxEntry) => InboxEntry | undefined) => {
    while (!signal.aborted) {
      const row = await select(call)
      const entry = readableIn(row)
      const after = entry && to(entry)
      if (after === undefined) return false
      if ((await write([after], () => row)) === 1) return true
    }
    throw new PostgresFault(AGAIN_AND_AGAIN)
  }

  return WebhookInbox.of({
    receive: (received, most) =>
      ask(async (signal) => {
        received.forEach(insistOnKept)
        return await receive(received, most, signal)
      }).pipe(Effect.uninterruptible),
    claim: ({ tenant, provider, now, until, latest, limit }) =>
      ask(async () => {
        const { rows } = await pool.query(statements.claim, [tenant, provider, now, until, latest, String(limit)])
        const claimed = rows.map((row) => ({ entry: entryOfRow(objectOf(row)), was: String(valueAt(row, ["was"])) }))
        const readable: Array<{ readonly entry: InboxEntry; readonly was: string }> = []
        for (const { entry, was } of claimed) {
          if (isReadable(entry)) readable.push({ entry, was })
          else await pool.query(statements.setAside, [entry.tenant, entry.provider, entry.orderId])
        }
        // A statement that changes rows gives them in no order.
        const inTurn = readable.toSorted(
          (a, b) =>
            Number(b.entry.isKnown) - Number(a.entry.isKnown) ||
            compareText(a.was, b.was) ||
            compareText(a.entry.orderId, b.entry.orderId)
        )
        return inTurn.map(({ entry }) => entry)
      }).pipe(Effect.uninterruptible),
    settle: (claim, outcome) =>
      asOnce(
        (signal) => change(claim, signal, (entry) => settledEntry(entry, claim.fence, outcome)),
        async () => readableIn(await select(claim))?.fence === claim.fence
      ).pipe(Effect.uninterruptible),
    list: ({ tenant, state, limit }) =>
      ask(async () => {
        const { rows } = await pool.query(statements.list, [tenant, state ?? null, String(limit)])
        return rows.map((row) => entryOfRow(objectOf(row)))
      }),
    find: (call) => ask(async () => (await select(call))?.entry),
    replay: (call, at) => ask((signal) => change(call, signal, (entry) => replayedEntry(entry, at))),
    drop: (call) =>
      asOnce(
        async () => isKept(call) && (await pool.query(statements.remove, keyOf(call))).rowCount === 1,
        async () => (await select(call)) === undefined
      ),
    forget: ({ tenant, before, most }) =>
      ask(async () => (await pool.query(statements.forget, [tenant, before, String(most)])).rowCount ?? 0)
  })
}

/**
 * An inbox in PostgreSQL, open as long as its scope.
 *
 * @throws TypeError if the connection or an option is not as it must be
 */
export const makePostgresInbox = (connection: PostgresConnection, options: PostgresInboxOptions = {}) => {
  insistOnPlace("postgresInbox", connection, options)
  const { timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } = options
  return openAt(connection, options, INBOX_TABLE).pipe(
    Effect.tap(({ unsynced }) =>
      unsynced
        ? Effect.logWarning("inbox: PostgreSQL has fsync off: a loss of power may take what was acknowledged")
        : Effect.void
    ),
    Effect.map(({ pool, names }) => makeInbox(pool, inboxStatementsOf(names), timeoutSeconds)),
    Effect.mapError(({ message }) => new JournalError({ operation: "inbox", problem: message }))
  )
}

/**
 * An inbox of webhooks in PostgreSQL that processes on several machines may share; what was acknowledged survives a crash.
 *
 * @throws TypeError if the connection or an option is not as it must be
 */
export const layerPostgresInbox = (
  connection: PostgresConnection,
  options: PostgresInboxOptions = {}
): Layer.Layer<WebhookInbox, JournalError> => Layer.effect(WebhookInbox, makePostgresInbox(connection, options))

/**
 * The same for programs that are not written in Effect: over a pool of your own, such as `new Pool()` of `pg`, which stays
 * yours to close; or at an address, for which `pg` must be installed.
 *
 * @throws TypeError if the connection or an option is not as it must be
 */
export const postgresInbox = (connection: string | PostgresPool, options: PostgresInboxOptions = {}): InboxHandle => {
  const given = typeof connection === "string" ? Redacted.make(connection) : connection
  return new InboxHandle("PostgreSQL", layerPostgresInbox(given, options))
}
