/** A call that its provider does not know any more, and that the journal knows to be over. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { OrderFact } from "../domain/Fact.ts"
import type { OrderId } from "../domain/Identifiers.ts"
import { viewFact } from "../domain/View.ts"
import type { Adapter } from "../provider/Adapter.ts"
import type { CallError, CallRef } from "../provider/CallError.ts"
import { holderOf, type Owner } from "./ownership.ts"
import type { Canceled } from "./Placed.ts"
import type { PlacementJournal } from "./PlacementJournal.ts"

/** The order as the journal knows its end; fails with the error that the provider gave, unless it does. */
export const endedBefore = Effect.fnUntraced(function* (
  { findCall }: Pick<PlacementJournal["Service"], "findCall">,
  owner: Owner,
  { providerId: provider }: Adapter,
  id: OrderId,
  error: CallError
): Effect.fn.Return<OrderFact, CallError> {
  const known = yield* Effect.option(findCall({ tenant: owner.tenant, provider, orderId: id }))
  const placement = Option.getOrUndefined(Option.flatten(known))
  if (placement?.state !== "ended" || placement.status === undefined) return yield* error
  // Another account may have a call of the same id, and its end is no business of ours.
  if (holderOf(owner, placement) !== "us") return yield* error
  const status = { value: placement.status, terminal: true, because: "journal=ended" }
  const claims = { status, agentId: placement.agentId }
  return { kind: "order", provider, id, claims, evidence: {}, attempts: [], native: {}, issues: [] }
})

/** What cancelling it comes to. */
export const overBefore = Effect.fnUntraced(function* (
  journal: Pick<PlacementJournal["Service"], "findCall">,
  owner: Owner,
  adapter: Adapter,
  call: CallRef,
  error: CallError
): Effect.fn.Return<Canceled, CallError> {
  const fact = yield* endedBefore(journal, owner, adapter, call.id, error)
  return { outcome: "already_over", call, order: viewFact(fact, adapter) }
})
