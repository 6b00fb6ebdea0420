/** The inbox of webhooks in memory: what is acknowledged is lost when the process exits. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { compareText } from "../domain/textOrder.ts"
import {
  claimedEntry,
  dealtEntry,
  inTurn,
  isClaimable,
  isDroppable,
  isForgotten,
  isPending,
  receivedEntry,
  replayedEntry
} from "./inboxState.ts"
import { type InboxEntry, WebhookInbox } from "./WebhookInbox.ts"

const keyOf = (tenant: string, id: string): string => JSON.stringify([tenant, id])

/** An inbox in memory, for as long as this process. */
export const makeMemoryInbox = Effect.sync(() => {
  const entries = new Map<string, InboxEntry>()
  const pending = new Map<string, InboxEntry>()
  const put = (entry: InboxEntry): InboxEntry => {
    const key = keyOf(entry.tenant, entry.id)
    entries.set(key, entry)
    if (isPending(entry)) pending.set(key, entry)
    else pending.delete(key)
    return entry
  }
  const remove = (key: string): boolean => {
    pending.delete(key)
    return entries.delete(key)
  }
  return WebhookInbox.of({
    receive: (received, most) =>
      Effect.sync(() => {
        const fresh = received.filter(({ tenant, id }) => !entries.has(keyOf(tenant, id)))
        if (fresh.length > 0 && pending.size + fresh.length > most) return "full"
        for (const each of fresh) put(receivedEntry(each))
        return "taken"
      }),
    claim: (filter) =>
      Effect.sync(() =>
        [...pending.values()]
          .filter((entry) => isClaimable(filter, entry))
          .toSorted(inTurn)
          .slice(0, filter.limit)
          .map((entry) => put(claimedEntry(filter, entry)))
      ),
    settle: ({ tenant, id, fence }, dealt, at) =>
      Effect.sync(() => {
        const entry = entries.get(keyOf(tenant, id))
        const after = entry && dealtEntry(entry, fence, dealt, at)
        if (after !== undefined) put(after)
        return after !== undefined
      }),
    list: ({ tenant, state, limit }) =>
      Effect.sync(() =>
        [...entries.values()]
          .filter((entry) => entry.tenant === tenant && (state === undefined || entry.state === state))
          .toSorted((a, b) => compareText(b.receivedAt, a.receivedAt) || compareText(b.id, a.id))
          .slice(0, limit)
      ),
    replay: (tenant, id, at) =>
      Effect.sync(() => {
        const entry = entries.get(keyOf(tenant, id))
        const after = entry && replayedEntry(entry, at)
        if (after !== undefined) put(after)
        return after !== undefined
      }),
    drop: (tenant, id) =>
      Effect.sync(() => {
        const entry = entries.get(keyOf(tenant, id))
        return entry !== undefined && isDroppable(entry) && remove(keyOf(tenant, id))
      }),
    forget: (tenant, before) =>
      Effect.sync(() => {
        const old = [...entries].filter(([, entry]) => entry.tenant === tenant && isForgotten(entry, before))
        for (const [key] of old) remove(key)
        return old.length
      })
  })
})

/** An inbox in memory: it is lost when the process exits. */
export const layerMemoryInbox: Layer.Layer<WebhookInbox> = Layer.effect(WebhookInbox, makeMemoryInbox)
