/** What an entry of the inbox becomes, for every implementation. Pure. */
import type { Instant } from "../domain/Instant.ts"
import { present } from "../domain/present.ts"
import { compareText } from "../domain/textOrder.ts"
import type { ClaimFilter, InboxEntry, Received, ClaimOutcome } from "./WebhookInbox.ts"

/** A call has seldom more messages; of one that has, a message may act again that comes twice with so many between. */
const MOST_MESSAGES = 32

/** At a time, so that whoever receives meanwhile does not wait for long. */
export const FORGOTTEN_AT_ONCE = 1000

/** Whether an entry counts among those that wait: it takes room. */
export const isPending = ({ state }: Pick<InboxEntry, "state">): boolean => state === "waiting" || state === "claimed"

/** Another turn, with all its tries before it. */
const anew = (entry: InboxEntry, at: Instant): InboxEntry => {
  const { problem: _, ...rest } = entry
  return { ...rest, state: "waiting", since: at, dueAt: at, tries: 0, notFound: 0, isNamedAgain: false }
}

const earlier = (a: Instant, b: Instant): Instant => (a < b ? a : b)

/** The entry of a call that a message names; the same one where there is nothing new in that. */
export const receivedEntry = (
  entry: InboxEntry | undefined,
  { message, at, isKnown, ...call }: Received
): InboxEntry => {
  if (entry === undefined) {
    const first = { ...call, isKnown, since: at, state: "waiting", dueAt: at, tries: 0, notFound: 0 } as const
    return { ...first, fence: 0, isNamedAgain: false, messages: [message] }
  }
  const isSeen = entry.messages.includes(message)
  if (isSeen && !(entry.state === "done" && entry.problem !== undefined)) return entry
  const messages = isSeen ? entry.messages : [...entry.messages, message].slice(-MOST_MESSAGES)
  const named = { ...entry, messages, isKnown: entry.isKnown || isKnown }
  switch (entry.state) {
    case "waiting":
      return { ...named, dueAt: earlier(entry.dueAt, at) }
    case "claimed":
      return { ...named, isNamedAgain: true }
    case "done":
    case "parked":
      return anew(named, at)
  }
}

/** Entries that a message changes, and how many more wait by it. */
export interface TakenEntries {
  readonly entries: ReadonlyArray<InboxEntry>
  readonly fresh: number
}

/** What a message makes of the entries of its calls, each named once; `full` where more than `most` would wait. */
export const takenEntries = (
  received: ReadonlyArray<Received>,
  find: (call: Received) => InboxEntry | undefined,
  countPending: () => number,
  most: number
): TakenEntries | "full" => {
  let fresh = 0
  const entries = received.flatMap((each) => {
    const before = find(each)
    const after = receivedEntry(before, each)
    if (after === before) return []
    if (isPending(after) && (before === undefined || !isPending(before))) fresh += 1
    return [after]
  })
  return fresh > 0 && countPending() + fresh > most ? "full" : { entries, fresh }
}

export const isClaimable = ({ tenant, provider, now, latest }: ClaimFilter, entry: InboxEntry): boolean => {
  const { dueAt } = entry
  if (entry.tenant !== tenant || entry.provider !== provider || !isPending(entry)) return false
  return dueAt <= now || dueAt > latest
}

/** Known calls first, then those that have been due longest: what is tried again does not come before what has had no turn. */
export const inTurn = (a: InboxEntry, b: InboxEntry): number =>
  Number(b.isKnown) - Number(a.isKnown) || compareText(a.dueAt, b.dueAt) || compareText(a.orderId, b.orderId)

export const claimedEntry = ({ until }: Pick<ClaimFilter, "until">, entry: InboxEntry): InboxEntry => ({
  ...entry,
  state: "claimed",
  dueAt: until,
  tries: entry.tries + 1,
  fence: entry.fence + 1,
  isNamedAgain: false
})

/** The entry after a claim; none where the claim with this fence stands no more. */
export const settledEntry = (
  entry: InboxEntry,
  fence: number,
  { dealt, at, isKnown }: ClaimOutcome
): InboxEntry | undefined => {
  if (entry.state !== "claimed" || entry.fence !== fence) return undefined
  const { problem: _, ...rest } = entry
  const known = { ...rest, isKnown: entry.isKnown || isKnown }
  if (dealt.state !== "waiting")
    // What the message says that came meanwhile may be newer than what was read.
    return entry.isNamedAgain
      ? anew(known, at)
      : { ...known, state: dealt.state, dueAt: at, ...present({ problem: dealt.problem }) }
  const counts =
    dealt.isFree === true
      ? { tries: entry.tries - 1 }
      : { notFound: entry.notFound + Number(dealt.problem === NOT_FOUND) }
  const dueAt = entry.isNamedAgain ? at : dealt.dueAt
  return { ...known, ...counts, state: "waiting", dueAt, isNamedAgain: false, ...present({ problem: dealt.problem }) }
}

/** The reason of a call that its provider does not know. */
export const NOT_FOUND = "NotFound"

export const replayedEntry = (entry: InboxEntry, at: Instant): InboxEntry | undefined =>
  entry.state === "claimed" ? undefined : anew(entry, at)

export const isForgotten = (entry: InboxEntry, before: Instant): boolean =>
  entry.state === "done" && entry.dueAt < before
