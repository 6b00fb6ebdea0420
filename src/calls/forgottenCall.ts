/** A call that its provider does not know any more, and that the journal knows to be over. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { OrderFact } from "../domain/Fact.ts"
import { viewFact } from "../domain/View.ts"
import type { Adapter } from "../provider/Adapter.ts"
import type { CallError, CallRef } from "../provider/CallError.ts"
import { holderOf, type Owner } from "./ownership.ts"
import type { Canceled } from "./Placed.ts"
import type { PlacementJournal } from "./PlacementJournal.ts"

/** What cancelling it comes to; fails with the error that the provider gave, unless the journal knows its end. */
export const overBefore = Effect.fnUntraced(function* (
  { findCall }: Pick<PlacementJournal["Service"], "findCall">,
  owner: Owner,
  adapter: Adapter,
  { id }: CallRef,
  error: CallError
): Effect.fn.Return<Canceled, CallError> {
  const { providerId: provider } = adapter
  const known = yield* Effect.option(findCall({ tenant: owner.tenant, provider, orderId: id }))
  const placement = Option.getOrUndefined(Option.flatten(known))
  if (placement?.state !== "ended" || placement.status === undefined) return yield* error
  // Another account may have a call of the same id, and its end is no business of ours.
  if (holderOf(owner, placement) !== "us") return yield* error
  const status = { value: placement.status, terminal: true, because: "journal=ended" }
  const claims = { status, agentId: placement.agentId }
  const fact: OrderFact = { kind: "order", provider, id, claims, evidence: {}, attempts: [], native: {}, issues: [] }
  return { outcome: "already_over", call: { provider, id }, order: viewFact(fact, adapter) }
})
