/**
 * How the inbox in PostgreSQL takes messages: those of one moment in one statement, so that they share a commit. A message whose
 * rows others change or have locked is taken alone, so that none waits for another's sake.
 */
import { valueAt } from "../domain/Json.ts"
import { compareText } from "../domain/textOrder.ts"
import { takenEntries } from "../webhooks/inboxState.ts"
import type { InboxEntry, Received } from "../webhooks/WebhookInbox.ts"
import { makeGrouped } from "./grouped.ts"
import { nameOf, readableIn, versionedOf, writeWith } from "./inboxRows.ts"
import type { inboxStatementsOf } from "./inboxStatements.ts"
import { AGAIN_AND_AGAIN } from "./patience.ts"
import type { PostgresPool } from "./PostgresPool.ts"
import { PostgresFault } from "./postgresFault.ts"

interface Message {
  readonly received: ReadonlyArray<Received>
  readonly most: number
}

/** `partly`: of some of its calls somebody else has changed the entry since it was read; `not`: of all. */
type Attempt = "taken" | "full" | "partly" | "not"

export const makeReceive = (pool: PostgresPool, statements: ReturnType<typeof inboxStatementsOf>) => {
  /** Takes messages of one tenant one after the other, in two statements for all. */
  const attempt = async (
    tenant: string,
    messages: ReadonlyArray<Message>,
    statement: string
  ): Promise<ReadonlyArray<Attempt>> => {
    const keys = messages.flatMap(({ received }) =>
      received.map(({ provider, orderId }) => ({ tenant, provider, orderId }))
    )
    const asked = [...new Map(keys.map((key) => [nameOf(key), key])).values()]
    const { rows } = await pool.query(statements.selectAll, [JSON.stringify(asked), tenant])
    const there = rows.filter((row) => valueAt(row, ["version"]) !== null).map(versionedOf)
    const found = new Map(there.map((row) => [nameOf(row.entry), row]))
    const changed = new Map<string, InboxEntry>()
    let pending = Number(valueAt(rows[0], ["pending"]))
    const isFull = messages.map(({ received, most }) => {
      const entryOf = (call: Received) => changed.get(nameOf(call)) ?? readableIn(found.get(nameOf(call)))
      const taken = takenEntries(received, entryOf, () => pending, most)
      if (taken === "full") return true
      pending += taken.fresh
      for (const entry of taken.entries) changed.set(nameOf(entry), entry)
      return false
    })
    // In one order everywhere: of two that insert the same rows in two orders, each would wait for the other.
    const entries = [...changed.values()].toSorted((a, b) => compareText(nameOf(a), nameOf(b)))
    const written =
      entries.length === 0
        ? new Set<string>()
        : await writeWith(pool, statement, entries, (call) => found.get(nameOf(call)))
    return messages.map(({ received }, index) => {
      // There is room, perhaps, where somebody else has come between.
      if (isFull[index] === true) return written.size === changed.size ? "full" : "not"
      const names = received.map(nameOf).filter((name) => changed.has(name))
      const count = names.filter((name) => written.has(name)).length
      if (count === names.length) return "taken"
      return count === 0 ? "not" : "partly"
    })
  }

  const alone = async (tenant: string, message: Message, before: Attempt, signal: AbortSignal) => {
    // All of a message is taken, once a part is.
    let hasWritten = before === "partly"
    while (!signal.aborted) {
      const most = hasWritten ? Number.POSITIVE_INFINITY : message.most
      const [made = "not"] = await attempt(tenant, [{ ...message, most }], statements.write)
      if (made === "taken" || made === "full") return made
      hasWritten ||= made === "partly"
    }
    throw new PostgresFault(AGAIN_AND_AGAIN)
  }

  const groups = new Map<string, (message: Message) => Promise<Attempt>>()
  const groupOf = (tenant: string) => {
    const made =
      groups.get(tenant) ??
      makeGrouped((messages: ReadonlyArray<Message>) => attempt(tenant, messages, statements.writeFree))
    groups.set(tenant, made)
    return made
  }

  return async (received: ReadonlyArray<Received>, most: number, signal: AbortSignal): Promise<"taken" | "full"> => {
    const [first] = received
    if (first === undefined) return "taken"
    const message = { received, most }
    const made = await groupOf(first.tenant)(message)
    return made === "taken" || made === "full" ? made : await alone(first.tenant, message, made, signal)
  }
}
