/**
 * The inbox of webhooks in one table of PostgreSQL, which any number of processes on any number of machines may share. What was
 * acknowledged survives a crash of the server. A row is read, and written where it still is as it was read, or read again: what an
 * entry becomes is told by the same rules as elsewhere, but for the claim, which is one statement.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { unkeptField } from "../calls/keptText.ts"
import { type CallKey, JournalError } from "../calls/PlacementJournal.ts"
import { valueAt } from "../domain/Json.ts"
import { compareText } from "../domain/textOrder.ts"
import { InboxHandle } from "../webhooks/InboxHandle.ts"
import { entryOfRow, isReadable } from "../webhooks/inboxRow.ts"
import { replayedEntry, settledEntry } from "../webhooks/inboxState.ts"
import { type InboxEntry, type Received, WebhookInbox } from "../webhooks/WebhookInbox.ts"
import { makeReceive } from "./receiveMessages.ts"
import { isKept, keyOf, objectOf, readableIn, type VersionedEntry, versionedOf, writeWith } from "./inboxRows.ts"
import { inboxStatementsOf } from "./inboxStatements.ts"
import { INBOX_TABLE } from "./inboxTable.ts"
import { DEFAULT_TIMEOUT_SECONDS, insistOnPlace, openAt, type OpenAtOptions, patienceOf } from "./openAt.ts"
import { AGAIN_AND_AGAIN, makePatiently } from "./patience.ts"
import type { PostgresConnection, PostgresPool } from "./PostgresPool.ts"
import { fault, PostgresFault } from "./postgresFault.ts"

/** How the inbox is opened. */
export interface PostgresInboxOptions extends OpenAtOptions {}

const insistOnKept = (received: Received): void => {
  const unkept = unkeptField(received)
  if (unkept !== undefined) throw new PostgresFault(`column ${unkept} would not keep its text`)
}

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

  const select = async (call: CallKey): Promise<VersionedEntry | undefined> => {
    if (!isKept(call)) return undefined
    const { rows } = await pool.query(statements.select, keyOf(call))
    return rows[0] === undefined ? undefined : versionedOf(rows[0])
  }

  const receive = makeReceive(pool, statements)

  /** Reads the entry and changes it by what was read, as often as somebody else has come between. */
  const change = async (call: CallKey, signal: AbortSignal, to: (entry: InboxEntry) => InboxEntry | undefined) => {
    while (!signal.aborted) {
      const row = await select(call)
      const entry = readableIn(row)
      const after = entry && to(entry)
      if (after === undefined) return false
      if ((await writeWith(pool, statements.write, [after], () => row)).size === 1) return true
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
