/** What is left of a placement once it is compacted; which are, and which may be deleted. Every journal uses this. */
import * as Struct from "effect/Struct"
import { sentReference } from "./attribution.ts"
import type { Placement } from "./PlacementJournal.ts"
import type { Ended } from "./RetentionJournal.ts"

/** What a compacted placement still has, and the digest of its number, which is emptied. */
type Kept =
  | "tenant"
  | "reference"
  | "provider"
  | "account"
  | "token"
  | "numberDigest"
  | "state"
  | "reservedAt"
  | "changedAt"
  | "orderId"
  | "listDelay"
  | "sentAs"
  | "supersedes"
  | "wrongAt"

/** Every field of a placement is either kept or not: a new one does not compile until that is said. */
const allBut =
  <K extends keyof Placement>() =>
  <const Away extends ReadonlyArray<Exclude<keyof Placement, K>>>(
    away: Away & (Exclude<keyof Placement, K> extends Away[number] ? unknown : never)
  ): Away =>
    away

/**
 * What a compacted placement has no more. It keeps whose it is and where its order is; the token, by which two of one
 * reference are told apart; when it was placed and when it ended; and what it has shown of its provider's lists, which
 * policies go by.
 */
export const COMPACTED_AWAY = allBut<Kept>()([
  "content",
  "time",
  "agentId",
  "clockOffset",
  "lead",
  "because",
  "status",
  "evidence",
  "requestMillis",
  "missedMillis",
  "routing"
])

/** The digest of a number is never empty: whoever looks at one like this knows why it fits no number. */
export const COMPACTED_DIGEST = ""

/** The placement as it is kept for ever, so that its reference stays taken. */
export const compactedPlacement = (placement: Placement): Placement => ({
  ...Struct.omit(placement, COMPACTED_AWAY),
  numberDigest: COMPACTED_DIGEST
})

/** Whether nothing can tell any more if an order is the one that was placed. */
export const isCompacted = ({ numberDigest }: Placement): boolean => numberDigest === COMPACTED_DIGEST

/** Whether a filter asks for an ended placement. */
export const isEndedFor = ({ tenant, endedBefore }: Ended, placement: Placement): boolean =>
  placement.state === "ended" &&
  placement.changedAt < endedBefore &&
  (tenant === undefined || (placement.tenant ?? "") === tenant)

/** Of several placements of one reference each is needed to tell the others' orders from its own. */
const isAlone = (placement: Placement): boolean =>
  placement.supersedes === undefined && sentReference(placement) === placement.reference

/** Whether a placement is to be compacted: over for long enough, and the only one of its reference. */
export const isCompactable = (filter: Ended, placement: Placement): boolean =>
  isEndedFor(filter, placement) && isAlone(placement) && !isCompacted(placement)

/** Whether a placement may be deleted: the same, unless it has shown something of its provider's lists. */
export const isDeletable = (filter: Ended, placement: Placement): boolean =>
  isEndedFor(filter, placement) &&
  isAlone(placement) &&
  placement.wrongAt === undefined &&
  placement.listDelay === undefined
