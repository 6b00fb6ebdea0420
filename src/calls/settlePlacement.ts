/** Writing down what became of a placement, wherever it is kept by now. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Instant } from "../domain/Instant.ts"
import { asideOf, sentReference } from "./attribution.ts"
import type { JournalError, Placement, PlacementJournal, Settlement } from "./PlacementJournal.ts"

/** What was written down. */
export interface Settled {
  /** The placement as it then is; none if there is none with its token. */
  readonly settled: Option.Option<Placement>
  /** Whether this has shown that lists which did not hold its order were wrong. */
  readonly wasWrong: boolean
}

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

/** Whether a list of its provider turned out to be wrong since a placement was called absent by lists. */
export const isDoubted = (
  { absence }: PlacementJournal["Service"],
  { evidence, provider, changedAt }: Placement
): Effect.Effect<boolean, JournalError> =>
  absence === undefined || evidence !== "not_listed"
    ? Effect.succeed(false)
    : Effect.map(absence.listRecord(provider, changedAt), ({ wrong }) => wrong > 0)
