/**
 * The journal of placements: what makes it safe to be killed at any moment. A reference is reserved here before the
 * request leaves, and what became of it is written after. What has been reserved is not sent again, unless the caller asks for
 * it at a provider that knows an order by its reference (`repeat.ts`).
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { OrderStatus } from "../domain/CallStatus.ts"
import { OrderId, ProviderId } from "../domain/Identifiers.ts"
import { Instant } from "../domain/Instant.ts"
import type { JournalError } from "./JournalError.ts"
import type { Assignment } from "./Assignment.ts"
import type { RetentionJournal } from "./RetentionJournal.ts"

export type { Assignment } from "./Assignment.ts"
export { JournalError } from "./JournalError.ts"

/**
 * `reserved`: the request may have left, nothing is known of it (after a crash this is all there is).
 * `uncertain`: it left, and whether it was taken is not known. `absent`: a policy that somebody answers for says that it
 * was not; its reference may be placed again, and a sign of the order still makes it `accepted`. `accepted`: taken, the
 * order's id is known. `ended`: accepted, and the order has been seen to be over.
 */
export const PlacementState = Schema.Literals(["reserved", "uncertain", "absent", "accepted", "ended"])
export type PlacementState = typeof PlacementState.Type

/**
 * What the state of a placement rests on. Of an order: `id_read`, it was read by its id; `reference_seen`, a list held its
 * reference; `webhook`, a webhook named it. Of none: `not_listed`, whole lists that tell references do not hold it;
 * `refused`, the provider refused it; `given_up`, a person says so. Of neither: `sent_again`, the identical request was
 * sent once more within an idempotency window; `unknown`, nothing that was looked at can tell.
 */
export const Evidence = Schema.Literals([
  "id_read",
  "reference_seen",
  "webhook",
  "not_listed",
  "refused",
  "given_up",
  "sent_again",
  "unknown"
])
export type Evidence = typeof Evidence.Type

/** One placement. It holds no telephone number, variable or other content of the call, and no key. */
export const Placement = Schema.Struct({
  /**
   * Whose it is: the name of a tenant, `""` for the common tenant of all who name none. Absent in what was written before
   * there were tenants: it belongs to every tenant until one has claimed it.
   */
  tenant: Schema.optionalKey(Schema.String),
  /** The caller's own key; a tenant has one placement of a reference, whatever the provider. */
  reference: Schema.NonEmptyString,
  /** Who is asked to place it. */
  provider: ProviderId,
  /** The provider's account it was placed with (`CallProvider.account`): evidence, no part of the key. */
  account: Schema.optionalKey(Schema.String),
  /** Tells the reservation apart from another of the same reference, made after this one was given up. */
  token: Schema.NonEmptyString,
  /**
   * Sixteen bits of a digest of the number called: enough to notice that a reference is used for someone else, too few to
   * find the number. Empty once the placement is compacted.
   */
  numberDigest: Schema.String,
  /** Sixteen bits of a digest of what else the caller asked for, to notice that a reference is used for another order. */
  content: Schema.optionalKey(Schema.String),
  /** Sixteen bits of a digest of the time that was asked for. An order for another time is not the identical one. */
  time: Schema.optionalKey(Schema.String),
  /** Narrows the search for the order. */
  agentId: Schema.optionalKey(Schema.String),
  state: PlacementState,
  reservedAt: Instant,
  /** How far the provider's clock was ahead of ours at that time, in milliseconds; absent where that had not been measured. */
  clockOffset: Schema.optionalKey(Schema.Int),
  /** When the state was last heard of: it changed, or it was found to be the same. */
  changedAt: Instant,
  /** The provider's id of the order, once it is known. */
  orderId: Schema.optionalKey(OrderId),
  /** An id that an answer told which contradicts itself: it may be that of the order. */
  lead: Schema.optionalKey(OrderId),
  /** What left it open, for `uncertain`; a reason's name, no message. */
  because: Schema.optionalKey(Schema.String),
  /** The order's status when it was last seen. */
  status: Schema.optionalKey(OrderStatus),
  /** What its state rests on. */
  evidence: Schema.optionalKey(Evidence),
  /** Milliseconds from `reservedAt` until its last request had certainly ended. */
  requestMillis: Schema.optionalKey(Schema.Int),
  /** Milliseconds from `reservedAt` until the first list that counts and does not hold it was asked for. */
  missedMillis: Schema.optionalKey(Schema.Int),
  /** Milliseconds until a list held it that had lacked it before: from `reservedAt`, or from eleven minutes later where nobody saw its request end. */
  listDelay: Schema.optionalKey(Schema.Int),
  /** Its reference, where another placement has taken its place and it is kept under a reference of its own. */
  sentAs: Schema.optionalKey(Schema.NonEmptyString),
  /** Token of the absent placement whose place it has taken. */
  supersedes: Schema.optionalKey(Schema.NonEmptyString),
  /** When it turned out that lists which did not hold it were wrong. */
  wrongAt: Schema.optionalKey(Instant),
  /** How its provider was chosen, as `noteOf` writes it: names of rules and providers, no number. */
  routing: Schema.optionalKey(Schema.NonEmptyString)
})
export type Placement = typeof Placement.Type

/** What finds a placement: its own, and else one of the same reference that belongs to nobody yet. */
export interface PlacementKey {
  /** `""`: the common tenant of all who name none. */
  readonly tenant: string
  /** The caller's own key. Opaque: two texts that differ in anything are two references. */
  readonly reference: string
}

/**
 * What is written down before a request leaves. One with an `orderId` is of an order that was taken already, and begins as
 * accepted: its first reservation was given up in between.
 */
export interface Reservation
  extends
    PlacementKey,
    Pick<
      Placement,
      | "provider"
      | "account"
      | "token"
      | "numberDigest"
      | "content"
      | "time"
      | "agentId"
      | "clockOffset"
      | "supersedes"
      | "sentAs"
      | "orderId"
      | "routing"
    > {
  /** When it is reserved: ISO 8601 in UTC, always of one length, so that texts compare as times do. */
  readonly at: Instant
}

/** Makes a placement that belongs to no tenant this one's. */
export const Claim = Schema.Struct({ tenant: Schema.String, account: Schema.optionalKey(Schema.String) })
export type Claim = typeof Claim.Type

const ofOrder = {
  orderId: OrderId,
  claim: Schema.optionalKey(Claim),
  evidence: Schema.optionalKey(Evidence.pick(["id_read", "reference_seen", "webhook"])),
  listDelay: Schema.optionalKey(Schema.Int)
}

const ofList = {
  /** Of what a list says: when the request had ended whose order was looked for (`requestMillisOf`). Not stored. */
  ofRequest: Schema.optionalKey(Schema.Int)
}

/** What becomes of a reservation. `token` must be that of the reservation: a late result of an older one changes nothing. */
export const Settlement = Schema.Union([
  Schema.Struct({ state: Schema.Literal("accepted"), status: Schema.optionalKey(OrderStatus), ...ofOrder }),
  Schema.Struct({ state: Schema.Literal("ended"), status: OrderStatus, ...ofOrder }),
  Schema.Struct({
    state: Schema.Literal("absent"),
    evidence: Evidence.pick(["not_listed", "refused", "given_up"]),
    ...ofList,
    claim: Schema.optionalKey(Schema.Undefined)
  }),
  Schema.Struct({
    state: Schema.Literal("uncertain"),
    because: Schema.String,
    lead: Schema.optionalKey(OrderId),
    /** That of the reservation, where it has only been measured since. */
    clockOffset: Schema.optionalKey(Schema.Int),
    evidence: Schema.optionalKey(Evidence.pick(["not_listed", "sent_again", "unknown"])),
    requestMillis: Schema.optionalKey(Schema.Int),
    missedMillis: Schema.optionalKey(Schema.Int),
    ...ofList,
    claim: Schema.optionalKey(Schema.Undefined)
  })
])
export type Settlement = typeof Settlement.Type

/** Which placements to list. */
export interface Unfinished {
  /** `""`: the common tenant. */
  readonly tenant: string
  /** Only placements of which nothing has been heard since. */
  readonly before: Instant
  /** At most so many. */
  readonly limit: number
  /** Only placements at this provider. */
  readonly provider?: ProviderId
  /** Only those placed with this account, and those that tell none. */
  readonly account?: string
}

/** Which placements without a known order to list, of one provider. */
interface Undecided {
  /** `""`: the common tenant. */
  readonly tenant: string
  readonly provider: ProviderId
  /** Only those placed with this account, and those that tell none. */
  readonly account?: string
  /** At most so many. */
  readonly limit: number
}

/** Which of those that are reserved or uncertain to list. */
export interface Open extends Undecided {
  /** Only placements of which nothing has been heard since. */
  readonly before: Instant
}

/** Which of those that are absent to list. */
export interface Absences extends Undecided {
  /** Only placements that became absent then or later. */
  readonly since: Instant
}

/** What has been seen of a provider's lists, by all tenants. */
export interface ListRecord {
  /** Placements that turned out to have an order since, though lists had not held it. */
  readonly wrong: number
  /** The longest `listDelay` of all; absent where there is none. */
  readonly slowestMillis?: number
}

/** What a journal does for policies that call placements absent. A journal without it takes no such policy. */
export interface AbsenceJournal {
  /**
   * Reserves in the place of the absent placement whose token the reservation `supersedes`; that one is kept, under the
   * reference `aside` and with its own as `sentAs`. Succeeds with the placement that then holds the reference: this one, if
   * its token is the given one, or what is there instead, which stays as it is.
   */
  readonly supersede: (reservation: Superseding, aside: string) => Effect.Effect<Placement, JournalError>
  /** Placements that are reserved or uncertain, those heard of longest ago first; none that belongs to nobody. */
  readonly open: (filter: Open) => Effect.Effect<ReadonlyArray<Placement>, JournalError>
  /** Placements that are absent, superseded ones too, those that became so last first. */
  readonly absent: (filter: Absences) => Effect.Effect<ReadonlyArray<Placement>, JournalError>
  /** What all tenants have seen of a provider's lists; `wrong` counts those found so after `since`. */
  readonly listRecord: (provider: ProviderId, since: Instant) => Effect.Effect<ListRecord, JournalError>
}

/** A reservation in the place of an absent placement. */
export interface Superseding extends Reservation {
  /** The token of that placement. */
  readonly supersedes: string
}

/** A call at its provider, as a tenant knows it. */
export interface CallKey {
  /** `""`: the common tenant. */
  readonly tenant: string
  /** The provider that has the order. */
  readonly provider: ProviderId
  /** The provider's id of the order. */
  readonly orderId: OrderId
}

/**
 * Laws, of every implementation, in one process and in several on one store:
 * of any number of `reserve` with one key exactly one is reserved until it is released, and none while the reference is held
 * by a placement that belongs to nobody; a settled state only moves on
 * (`reserved` → `uncertain` → `absent` → `accepted` → `ended`, steps may be left out) or, short of the end, is heard of
 * again later (`changedAt`, `because`, `status` and what it rests on are then the new ones); anything else leaves it as it
 * is, and so does what is said of another order than the accepted one; of an absent one that is accepted after all, though
 * lists had not held it, it is kept when that was (`wrongAt`); a claim makes a tenant's own what belongs to nobody, and nothing else changes
 * hands; by lists (`not_listed`) only what has `missedMillis` becomes absent; no tenant sees, changes or releases what is another's; what has been answered survives a crash if the
 * implementation is durable; what is there stays, unless it is released as it was read, or was ended and is deleted.
 */
export class PlacementJournal extends Context.Service<
  PlacementJournal,
  {
    /** Succeeds with the placement that holds the reference: this one, if its token is the given one, or an earlier one. */
    readonly reserve: (reservation: Reservation) => Effect.Effect<Placement, JournalError>
    /** The placement as it then is; none if there is none with this token. */
    readonly settle: (
      key: PlacementKey,
      token: string,
      settlement: Settlement,
      at: Instant
    ) => Effect.Effect<Option.Option<Placement>, JournalError>
    /**
     * Gives the reservation up: the reference can be placed again. Whether there was such a placement, reserved or uncertain, of
     * which nothing has been heard since `changedAt`: it may have been sent again since it was read.
     */
    readonly release: (key: PlacementKey, token: string, changedAt: Instant) => Effect.Effect<boolean, JournalError>
    readonly find: (key: PlacementKey) => Effect.Effect<Option.Option<Placement>, JournalError>
    readonly findCall: (call: CallKey) => Effect.Effect<Option.Option<Placement>, JournalError>
    /**
     * Placements that are neither absent nor ended, those heard of longest ago first: the tenant's own and, for the common
     * tenant, those that belong to nobody.
     */
    readonly unfinished: (filter: Unfinished) => Effect.Effect<ReadonlyArray<Placement>, JournalError>
    /** Absent where the journal cannot keep placements that are absent. */
    readonly absence?: AbsenceJournal
    /** Absent where what has ended can be neither compacted nor deleted. */
    readonly retention?: RetentionJournal
    /** Keeps the assignment unless its tenant and key have one; with the provider kept then. Absent: it keeps none. */
    readonly assign?: (assignment: Assignment) => Effect.Effect<ProviderId, JournalError>
  }
>()("unicall/PlacementJournal") {}
