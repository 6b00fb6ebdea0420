/** The functions of a custom journal, on plain objects and promises, as its author sees them. */
import type { OrderStatus } from "../domain/CallStatus.ts"
import type {
  Absences,
  Assignment,
  CallKey,
  Claim,
  Evidence,
  ListRecord,
  Open,
  Placement,
  PlacementKey,
  PlacementState,
  Reservation,
  Superseding,
  Unfinished
} from "./PlacementJournal.ts"
import type { Ended, EndedCount, EndedProgress, EndedStep } from "./RetentionJournal.ts"

/** One placement as it is stored: text and whole numbers, no number called, no content of the call, and no key. */
export interface JournalPlacement extends Encoded {}
type Encoded = (typeof Placement)["Encoded"]

/** Ids and times as text. */
type Plain<A> = { readonly [Name in keyof A]: NonNullable<A[Name]> extends string ? string : A[Name] }

/** What finds a placement: there is one at most for each tenant and reference. */
export interface JournalKey extends Plain<PlacementKey> {}

/** What is written down before a request leaves; `newPlacement` makes a placement of it. */
export interface JournalReservation extends Plain<Reservation> {}

/** What became of a reservation; `settledPlacement` applies it to a placement. */
export interface JournalSettlement {
  /** The state that the placement moves on to. */
  readonly state: Exclude<PlacementState, "reserved">
  /** The provider's id of the order; of `accepted` and `ended`. */
  readonly orderId?: string
  /** The order's status when it was last seen. */
  readonly status?: OrderStatus
  /** What left it open; of `uncertain`. */
  readonly because?: string
  /** An id that may be that of the order; of `uncertain`. */
  readonly lead?: string
  /** That of the reservation, where it has only been measured since. */
  readonly clockOffset?: number
  /** What the state rests on. */
  readonly evidence?: Evidence
  /** Milliseconds from the reservation until its last request had certainly ended; of `uncertain`. */
  readonly requestMillis?: number
  /** Milliseconds from the reservation until the first list that counts and does not hold it was asked for; of `uncertain`. */
  readonly missedMillis?: number
  /** Of what a list says: when the request had ended whose order was looked for; not stored. Of `uncertain` and `absent`. */
  readonly ofRequest?: number
  /** Milliseconds until a list held it that had lacked it before: from `reservedAt`, or from eleven minutes later where nobody saw its request end. */
  readonly listDelay?: number
  /** Makes a placement that belongs to no tenant this one's. */
  readonly claim?: Claim | undefined
}

/** Who is to call whom: `key` is a keyed digest, and tells nobody's number. */
export interface JournalAssignment extends Plain<Assignment> {}

/** A call at its provider, as a tenant knows it. */
export interface JournalCall extends Plain<CallKey> {}

/** A reservation in the place of the absent placement whose token it `supersedes`. */
export interface JournalSuperseding extends Plain<Superseding> {}

/** Which placements that are reserved or uncertain are listed; all that is given must fit. */
export interface JournalOpen extends Plain<Open> {}

/** Which placements that are absent are listed; all that is given must fit. */
export interface JournalAbsences extends Plain<Absences> {}

/** What has been seen of a provider's lists. */
export interface JournalListRecord extends ListRecord {}

/** Which placements that are neither absent nor ended are listed; all that is given must fit. */
export interface JournalFilter extends Plain<Unfinished> {
  /** At most so many: a whole number, 1 or more. */
  readonly limit: number
}

/** Which ended placements are meant; all that is given must fit. */
export interface JournalEnded extends Plain<Ended> {}

/** One step of the way through the ended placements. */
export interface JournalEndedStep extends Plain<Omit<EndedStep, "after">> {
  /** The `next` of the step before. */
  readonly after?: JournalKey
}

/** What a step through the ended placements came to. */
export interface JournalEndedProgress extends Omit<EndedProgress, "next"> {
  /** What the next step gets as `after`; null is as good as absent. */
  readonly next?: JournalKey | null | undefined
}

/** How many ended placements there are. */
export interface JournalEndedCount extends EndedCount {}

/** What each function is given beside its arguments. */
export interface JournalContext {
  /** Aborted when nobody waits for the answer any more. What has been written by then counts all the same. */
  readonly signal: AbortSignal
}

/** A placement, or a row with its fields as columns: null is as good as absent, and other columns do no harm. */
export type JournalRow = JournalPlacement | { readonly [column: string]: unknown }

/** A result, or a promise of it. */
export type Awaitable<A> = A | PromiseLike<A>

/**
 * The functions of a journal. Each is one step that no other process comes between, and answers only when what it has
 * written would survive a crash. A function that throws has done nothing, or its answer is lost: then it may be asked the
 * same again.
 */
export interface JournalFunctions {
  /**
   * Stores the reservation as a placement if the key has none. The placement that the key then has: this one, or the
   * earlier one as it is. Of any number at once, in any number of processes, one is stored.
   */
  reserve(reservation: JournalReservation, context: JournalContext): Awaitable<JournalRow>
  /**
   * Moves the placement of this key and this token on, and gives it as it then is; nothing where there is none. A late
   * settlement of a reservation that was given up must not touch the one made since. A placement becomes `absent` with the
   * evidence `not_listed` only if it then has `missedMillis`, and a settlement with `ofRequest` changes nothing unless that is
   * the placement's `requestMillis`, eleven minutes where it has none: it may have been sent again since it was read.
   * `settledPlacement` sees to that, applied to the placement as it is within this step.
   */
  settle(
    key: JournalKey,
    token: string,
    settlement: JournalSettlement,
    at: string,
    context: JournalContext
  ): Awaitable<JournalRow | null | undefined>
  /**
   * Removes the placement of this key and this token, if it is reserved or uncertain and its `changedAt` is still the given one: it
   * may have been sent again since it was read. Whether there was one. `isReleasable` sees to that.
   */
  release(key: JournalKey, token: string, changedAt: string, context: JournalContext): Awaitable<boolean>
  /** The placement of this key. */
  find(key: JournalKey, context: JournalContext): Awaitable<JournalRow | null | undefined>
  /** The placement of this order. */
  findCall(call: JournalCall, context: JournalContext): Awaitable<JournalRow | null | undefined>
  /** Placements that are neither absent nor ended, those with the earliest `changedAt` first. */
  unfinished(filter: JournalFilter, context: JournalContext): Awaitable<ReadonlyArray<JournalRow>>
  /**
   * This and the three below: all of them or none. Without them no placement becomes `absent`, and none of their fields is
   * stored: a policy that calls orders absent is refused when the calls are opened.
   *
   * If the key's placement has the token `supersedes` and is absent, it is kept under the reference `aside` as `setAside`
   * makes it, and the reservation stored in its place. The placement that the key then has: this one, or what was there.
   */
  supersede?(reservation: JournalSuperseding, aside: string, context: JournalContext): Awaitable<JournalRow>
  /** Placements that are reserved or uncertain, those with the earliest `changedAt` first. */
  open?(filter: JournalOpen, context: JournalContext): Awaitable<ReadonlyArray<JournalRow>>
  /** Placements that are absent, those with the latest `changedAt` first. */
  absent?(filter: JournalAbsences, context: JournalContext): Awaitable<ReadonlyArray<JournalRow>>
  /** Of all tenants: how many placements of this provider have a `wrongAt` after `since`, and the longest `listDelay`. */
  listRecord?(provider: string, since: string, context: JournalContext): Awaitable<JournalListRecord>
  /**
   * This and the two below: all of them or none. Without them what has ended can be neither compacted nor deleted.
   *
   * How many placements are ended, with a `changedAt` before `endedBefore`; and how many of them `isCompactable` and
   * `isDeletable` say yes to.
   */
  countEnded?(filter: JournalEnded, context: JournalContext): Awaitable<JournalEndedCount>
  /**
   * One step through the placements in an order of your own: stores those that `isCompactable` as `compactedPlacement` makes
   * them. It may look at about `limit` of them and say where the next step goes on; or do all at once and say nothing.
   */
  compactEnded?(step: JournalEndedStep, context: JournalContext): Awaitable<JournalEndedProgress>
  /** The same: removes those that `isDeletable`. */
  deleteEnded?(step: JournalEndedStep, context: JournalContext): Awaitable<JournalEndedProgress>
  /**
   * May be left out: then no route may keep its assignments. Stores the assignment if its tenant and key have none, and gives the provider
   * that is stored then, this one or the earlier one. Of any number at once, in any number of processes, one is stored.
   */
  assign?(assignment: JournalAssignment, context: JournalContext): Awaitable<string>
}

/** How a journal of one's own is used. */
export interface CustomJournalOptions {
  /** How long a function may take; then its operation fails. At most 60. @default 10 */
  readonly timeoutSeconds?: number | undefined
}
