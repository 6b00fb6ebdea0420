/** What becomes of placements that are written down: looked for by their references, all that are stale at once, given up. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { ProviderId } from "../domain/Identifiers.ts"
import { instantAt } from "../domain/Instant.ts"
import { compareText } from "../domain/textOrder.ts"
import type { CallError } from "../provider/CallError.ts"
import type { CallProvider } from "../provider/CallProvider.ts"
import { nowInstant } from "./currentInstant.ts"
import { alreadyAccepted, hasOrder, insistOnOurs, isPerhapsUnderWay, type ReadPlaced } from "./heldReference.ts"
import { claimOf, holderOf, type Owner } from "./ownership.ts"
import type { Placed, Reconciled } from "./Placed.ts"
import type { JournalError, Placement, PlacementJournal } from "./PlacementJournal.ts"
import { allDone, reconcileAt } from "./reconcile.ts"
import { formsOf, storedForm } from "./references.ts"

/** Which placements to look into again. */
export interface StaleOptions {
  /** Placements of which nothing has been heard for so long. */
  readonly olderThan: Duration.Input
  /** At most so many. @default 1000 */
  readonly limit?: number
}

export interface WrittenPlacementsContext {
  readonly journal: PlacementJournal["Service"]
  readonly owner: Owner
  /** Those that are opened. */
  readonly providers: ReadonlyMap<string, CallProvider>
  /** Fails where it is not opened. */
  readonly providerOf: (id: ProviderId) => Effect.Effect<CallProvider, CallError>
  readonly read: ReadPlaced
  /** Whether this program is placing it just now. */
  readonly isUnderWay: (reference: string) => boolean
}

export const makeReconciling = ({
  journal,
  owner,
  providers,
  providerOf,
  read,
  isUnderWay
}: WrittenPlacementsContext) => {
  const { tenant } = owner

  const reconcilePlacements = (
    placements: ReadonlyArray<Placement>
  ): Effect.Effect<ReadonlyArray<Placed>, CallError | JournalError> =>
    allDone(
      [...Map.groupBy(placements, ({ provider }) => provider)].map(([id, group]) =>
        Effect.flatMap(providerOf(id), (provider) => reconcileAt({ journal, owner, provider }, group))
      )
    )

  /** As the caller writes the reference, and as it may be stored. */
  const findPlacement = Effect.fnUntraced(function* (reference: string) {
    for (const form of formsOf(reference)) {
      const found = yield* journal.find({ tenant, reference: form })
      if (Option.isSome(found)) return found.value
    }
    return undefined
  })

  const reconcile = Effect.fnUntraced(function* (
    reference: string
  ): Effect.fn.Return<Reconciled, CallError | JournalError> {
    const placement = yield* findPlacement(reference)
    if (placement === undefined) return { state: "free", reference }
    // What is nobody's may prove to be ours, if our key can read it.
    if (holderOf(owner, placement) !== "unclaimed") yield* insistOnOurs(owner, placement, "reconcile")
    else if (!providers.has(placement.provider)) yield* insistOnOurs(owner, placement, "reconcile")
    if (hasOrder(placement) && placement.state === "ended" && claimOf(owner, placement) === undefined) {
      return yield* alreadyAccepted(placement, read)
    }
    const [placed] = yield* reconcilePlacements([placement])
    return placed ?? { state: "free", reference }
  })

  const reconcileStale = Effect.fnUntraced(function* ({ olderThan, limit = 1000 }: StaleOptions) {
    const now = yield* Clock.currentTimeMillis
    const before = instantAt(now - Duration.toMillis(Duration.fromInputUnsafe(olderThan)))
    if (before === undefined) return []
    const all = yield* journal.unfinished({ tenant, before, limit })
    const others = all.filter(({ provider }) => !providers.has(provider)).length
    if (others > 0) yield* Effect.logWarning(`${others} stale placements are of providers that are not opened here`)
    // Those of others must not take the places of ours.
    const each = yield* Effect.forEach(providers.values(), (provider) =>
      journal.unfinished({
        tenant,
        before,
        limit,
        provider: provider.adapter.providerId,
        ...(owner.sameAccount || tenant !== "" || provider.account === undefined ? {} : { account: provider.account })
      })
    )
    const ours = each
      .flat()
      .toSorted((a, b) => compareText(a.changedAt, b.changedAt))
      .slice(0, limit)
    return yield* reconcilePlacements(ours)
  })

  const release = Effect.fnUntraced(function* (reference: string): Effect.fn.Return<boolean, JournalError> {
    const placement = yield* findPlacement(reference)
    if (placement === undefined || isUnderWay(storedForm(reference))) return false
    if (holderOf(owner, placement) !== "us" || isPerhapsUnderWay(placement, yield* nowInstant)) return false
    return yield* journal.release({ tenant, reference: placement.reference }, placement.token)
  })

  return { reconcile, reconcileStale, release }
}
