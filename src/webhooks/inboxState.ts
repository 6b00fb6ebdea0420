/** What an entry of the inbox becomes, for every implementation. Pure. */
import type { Instant } from "../domain/Instant.ts"
import { present } from "../domain/present.ts"
import { compareText } from "../domain/textOrder.ts"
import type { ClaimFilter, Dealt, InboxEntry, Received } from "./WebhookInbox.ts"

export const receivedEntry = (received: Received): InboxEntry => ({
  ...received,
  state: "waiting",
  dueAt: received.receivedAt,
  tries: 0,
  fence: 0
})

/** Whether an entry counts among those that wait: it takes room. */
export const isPending = ({ state }: InboxEntry): boolean => state === "waiting" || state === "claimed"

export const isClaimable = ({ tenant, now }: ClaimFilter, entry: InboxEntry): boolean =>
  entry.tenant === tenant && isPending(entry) && entry.dueAt <= now

/** Known calls first, then those received first. */
export const inTurn = (a: InboxEntry, b: InboxEntry): number =>
  Number(b.isKnown) - Number(a.isKnown) || compareText(a.receivedAt, b.receivedAt) || compareText(a.id, b.id)

export const claimedEntry = ({ until }: ClaimFilter, entry: InboxEntry): InboxEntry => ({
  ...entry,
  state: "claimed",
  dueAt: until,
  tries: entry.tries + 1,
  fence: entry.fence + 1
})

/** The entry after a claim; none where the claim with this fence stands no more. */
export const dealtEntry = (entry: InboxEntry, fence: number, dealt: Dealt, at: Instant): InboxEntry | undefined => {
  if (entry.state !== "claimed" || entry.fence !== fence) return undefined
  const { problem: _, ...rest } = entry
  return {
    ...rest,
    state: dealt.state,
    dueAt: dealt.state === "waiting" ? dealt.dueAt : at,
    tries: dealt.state === "waiting" && dealt.isFree === true ? entry.tries - 1 : entry.tries,
    ...present({ problem: dealt.problem })
  }
}

export const replayedEntry = (entry: InboxEntry, at: Instant): InboxEntry | undefined =>
  entry.state === "parked" || entry.state === "done"
    ? { ...entry, state: "waiting", dueAt: at, tries: 0, fence: entry.fence + 1 }
    : undefined

export const isDroppable = ({ state }: InboxEntry): boolean => state !== "claimed"

export const isForgotten = (entry: InboxEntry, before: Instant): boolean =>
  entry.state === "done" && entry.dueAt < before
