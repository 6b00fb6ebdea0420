/** What a feed comes to, for every implementation. Pure. */
import type { Instant } from "../../domain/Instant.ts"
import type { CallChange, NewChange } from "./CallChange.ts"
import type { CallStage, FeedPage } from "./ChangeFeed.ts"
import { changesOf } from "./changesOf.ts"
import type { KnownCall, Seen } from "./KnownCall.ts"

export const stageOf = ({ state, end, complete }: KnownCall): CallStage =>
  state === "free" || (end !== undefined && complete) ? "done" : end === undefined ? "open" : "ended"

/** What several hearings come to: the calls of which more is known than before, and what there is to tell. */
export interface Recorded {
  readonly known: ReadonlyMap<string, KnownCall>
  readonly changes: ReadonlyArray<NewChange>
}

export const recordedOf = (heard: ReadonlyArray<Seen>, find: (key: string) => KnownCall | undefined): Recorded => {
  const known = new Map<string, KnownCall>()
  const changes: Array<NewChange> = []
  for (const seen of heard) {
    const before = known.get(seen.key) ?? find(seen.key)
    const after = changesOf(before, seen)
    if (after.known !== undefined && after.known !== before) known.set(seen.key, after.known)
    changes.push(...after.changes)
  }
  return { known, changes }
}

/** Changes with the places that they have after the last one of a feed. */
export const numbered = (changes: ReadonlyArray<NewChange>, last: number, at: Instant): ReadonlyArray<CallChange> =>
  changes.map((change, index) => ({ kind: "call_change", position: last + 1 + index, at, ...change }))

export const pageOf = (changes: ReadonlyArray<CallChange>, last: number): FeedPage => ({
  changes,
  next: changes[0]?.position ?? last + 1
})

/** A consumer's position after an acknowledgement; none where it stays as it is. */
export const acknowledgedPosition = (
  before: number | undefined,
  position: number,
  last: number
): number | undefined => {
  const after = Math.min(position, last)
  return before === undefined || after > before ? after : undefined
}
