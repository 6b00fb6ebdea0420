/** Writing down what became of a placement, wherever it is kept by now. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type Instant, instantAt } from "../domain/Instant.ts"
import type { OrderId } from "../domain/Identifiers.ts"
import { nowInstant } from "./currentInstant.ts"
import { asideOf, sentReference } from "./attribution.ts"
import type { JournalError, Placement, PlacementJournal, Settlement } from "./PlacementJournal.ts"

/** What was written down. */
export interface Settled {
  /** The placement as it then is; none if there is none with its token. */
  readonly settled: Option.Option<Placement>
  /** Whether this has shown that lists which did not hold its order were wrong. */
  readonly wasWrong: boolean
}

/** Whether the placement that was settled has that order. */
export const holdsOrder = ({ settled }: Settled, orderId: OrderId): boolean =>
  Option.exists(settled, (placement) => placement.orderId === orderId)

/**
 * When a placement moves on to a state, or is found to have it. Of one that it has, a journal takes only what is later: two moments
 * may be one to the clock, and others' clocks be ahead.
 */
export const nowAfter = (placement: Placement, { state }: Settlement): Effect.Effect<Instant> =>
  Effect.map(nowInstant, (now) =>
    state !== placement.state || now > placement.changedAt
      ? now
      : (instantAt(Date.parse(placement.changedAt) + 1) ?? now)
  )

/** Of a placement whose place another one has taken it is written where that is kept: its order must not be forgotten. */
export const settlePlacement = Effect.fnUntraced(function* (
  journal: PlacementJournal["Service"],
  tenant: string,
  placement: Placement,
  settlement: Settlement,
  at: Instant
): Effect.fn.Return<Settled, JournalError> {
  const { reference, token } = placement
  const here = yield* journal.settle({ tenant, reference }, token, settlement, at)
  const aside = asideOf(sentReference(placement), token)
  const settled =
    Option.isNone(here) && journal.absence !== undefined && aside !== reference
      ? yield* journal.settle({ tenant, reference: aside }, token, settlement, at)
      : here
  return { settled, wasWrong: Option.exists(settled, ({ wrongAt }) => wrongAt === at) }
})

/** Clocks of machines differ, and one walk of a list may show both at once. */
const DOUBT_MARGIN = Duration.toMillis(Duration.minutes(10))

/** Whether a list of its provider turned out to be wrong since a placement was called absent by lists, or just before. */
export const isDoubted = (
  { absence }: PlacementJournal["Service"],
  { state, evidence, provider, changedAt }: Placement
): Effect.Effect<boolean, JournalError> => {
  const since = instantAt(Date.parse(changedAt) - DOUBT_MARGIN)
  return absence === undefined || since === undefined || state !== "absent" || evidence !== "not_listed"
    ? Effect.succeed(false)
    : Effect.map(absence.listRecord(provider, since), ({ wrong }) => wrong > 0)
}

/** Those of a reference's placements that are doubted: as long as there is one, nothing is placed in their place. */
export const doubtedIn = (
  journal: PlacementJournal["Service"],
  family: ReadonlyArray<Placement>
): Effect.Effect<ReadonlyArray<Placement>, JournalError> =>
  Effect.filter(family, (placement) => isDoubted(journal, placement))
