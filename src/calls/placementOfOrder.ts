/** The placement that an order is of, by the reference that it tells: one whose order is not known yet. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { OrderFact } from "../domain/Fact.ts"
import { attributed, familyOf } from "./attribution.ts"
import { mayBeOrderOf, referenceOf } from "./listSearch.ts"
import { earliestTimes } from "./orderTimes.ts"
import { findPlacement } from "./heldReference.ts"
import type { AtProvider } from "./outcome.ts"
import { holderOf } from "./ownership.ts"
import type { JournalError, Placement } from "./PlacementJournal.ts"
import { clockOffsetOf } from "./providerClock.ts"

/** None where it tells no reference, nobody of ours has placed that, or all who have are known to have other orders. */
export const placementOfOrder = Effect.fnUntraced(function* (
  { journal, owner, provider }: AtProvider,
  fact: OrderFact
): Effect.fn.Return<Placement | undefined, JournalError> {
  const { tenant } = owner
  const told = referenceOf(provider, fact)
  if (told === undefined) return undefined
  const main = yield* findPlacement(journal, tenant, told)
  if (main === undefined || holderOf(owner, main) === "account") return undefined
  const members = yield* familyOf(journal, tenant, main)
  const family = members.filter((each) => each.provider === provider.adapter.providerId)
  const earliest = earliestTimes(provider, family, yield* Clock.currentTimeMillis, yield* clockOffsetOf(provider))
  const isIts = (each: Placement, order: OrderFact) => mayBeOrderOf(provider, each, order, earliest(each))
  const its = attributed(family, [fact], isIts, members)
  return family.find(({ token }) => its.has(token))
})
