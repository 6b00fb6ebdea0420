/** The inbox of webhooks in memory: what is acknowledged is lost when the process exits. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { CallKey } from "../calls/PlacementJournal.ts"
import { compareText } from "../domain/textOrder.ts"
import {
  claimedEntry,
  FORGOTTEN_AT_ONCE,
  inTurn,
  isClaimable,
  isForgotten,
  isPending,
  replayedEntry,
  settledEntry,
  takenEntries
} from "./inboxState.ts"
import { type InboxEntry, WebhookInbox } from "./WebhookInbox.ts"

const keyOf = ({ tenant, provider, orderId }: CallKey): string => JSON.stringify([tenant, provider, orderId])

/** An inbox in memory, for as long as this process. */
export const makeMemoryInbox = Effect.sync(() => {
  const entries = new Map<string, InboxEntry>()
  const pending = new Map<string, Map<string, InboxEntry>>()
  const pendingOf = ({ tenant }: Pick<CallKey, "tenant">): Map<string, InboxEntry> => {
    const made = pending.get(tenant) ?? new Map<string, InboxEntry>()
    pending.set(tenant, made)
    return made
  }
  const find = (call: CallKey): InboxEntry | undefined => entries.get(keyOf(call))
  const put = (entry: InboxEntry | undefined): boolean => {
    if (entry === undefined) return false
    const key = keyOf(entry)
    entries.set(key, entry)
    if (isPending(entry)) pendingOf(entry).set(key, entry)
    else pendingOf(entry).delete(key)
    return true
  }
  const remove = (call: CallKey): boolean => {
    pendingOf(call).delete(keyOf(call))
    return entries.delete(keyOf(call))
  }

  return WebhookInbox.of({
    receive: (received, most) =>
      Effect.sync(() => {
        const [first] = received
        if (first === undefined) return "taken"
        const taken = takenEntries(received, find, () => pendingOf(first).size, most)
        if (taken === "full") return taken
        taken.entries.forEach(put)
        return "taken"
      }),
    claim: (filter) =>
      Effect.sync(() => {
        const claimed = [...pendingOf(filter).values()]
          .filter((entry) => isClaimable(filter, entry))
          .toSorted(inTurn)
          .slice(0, filter.limit)
          .map((entry) => claimedEntry(filter, entry))
        claimed.forEach(put)
        return claimed
      }),
    settle: (claim, settled) =>
      Effect.sync(() => {
        const entry = find(claim)
        return put(entry && settledEntry(entry, claim.fence, settled))
      }),
    list: ({ tenant, state, limit }) =>
      Effect.sync(() =>
        [...entries.values()]
          .filter((entry) => entry.tenant === tenant && (state === undefined || entry.state === state))
          .toSorted((a, b) => compareText(b.since, a.since) || compareText(b.orderId, a.orderId))
          .slice(0, limit)
      ),
    find: (call) => Effect.sync(() => find(call)),
    replay: (call, at) =>
      Effect.sync(() => {
        const entry = find(call)
        return put(entry && replayedEntry(entry, at))
      }),
    drop: (call) => Effect.sync(() => find(call)?.state !== "claimed" && remove(call)),
    forget: ({ tenant, before, most }) =>
      Effect.sync(() => {
        const done = [...entries.values()]
          .filter((entry) => entry.tenant === tenant && entry.state === "done")
          .toSorted((a, b) => compareText(a.dueAt, b.dueAt))
        const old = done
          .filter((entry, index) => isForgotten(entry, before) || index < done.length - most)
          .slice(0, FORGOTTEN_AT_ONCE)
        old.forEach(remove)
        return old.length
      })
  })
})

/** An inbox in memory: it is lost when the process exits. */
export const layerMemoryInbox: Layer.Layer<WebhookInbox> = Layer.effect(WebhookInbox, makeMemoryInbox)
