/** What a placement in the journal, and an order that was read of it, are for a feed of changes. */
import type { OrderFact } from "../../domain/Fact.ts"
import type { Instant } from "../../domain/Instant.ts"
import { present } from "../../domain/present.ts"
import { viewFact } from "../../domain/View.ts"
import type { CallProvider } from "../../provider/CallProvider.ts"
import { sentReference } from "../attribution.ts"
import { isPerhapsUnderWay } from "../heldReference.ts"
import type { Placement } from "../PlacementJournal.ts"
import { isDone, partsOf } from "../WaitOptions.ts"
import type { CallState, HeardBy } from "./CallChange.ts"
import type { Seen } from "./KnownCall.ts"
import { type Reading, readingOf } from "./Reading.ts"

export const readingOfFact = ({ adapter }: CallProvider, fact: OrderFact): Reading => {
  const order = viewFact(fact, adapter)
  return readingOf(order, isDone(order, "enriched", partsOf(adapter.capabilities)))
}

/** How it stands; none of one that is being placed, of which its own answer is about to tell. */
const stateOf = (placement: Placement, now: Instant): CallState | undefined => {
  if (placement.orderId !== undefined) return "accepted"
  if (placement.state !== "reserved") return placement.state === "absent" ? "absent" : "uncertain"
  return isPerhapsUnderWay(placement, now) ? undefined : "uncertain"
}

const keyOf = (placement: Placement) => ({
  key: placement.token,
  provider: placement.provider,
  reference: sentReference(placement)
})

/** A placement as the journal has it. */
export const seenPlacement = (
  placement: Placement,
  now: Instant,
  heard: { readonly reading?: Reading | undefined; readonly heardBy?: HeardBy | undefined } = {}
): Seen | undefined => {
  const state = stateOf(placement, now)
  if (state === undefined) return undefined
  const { orderId, status } = placement
  return {
    ...keyOf(placement),
    state,
    ...present({ orderId, status, ...heard }),
    ...(placement.state === "ended" ? { over: true } : {})
  }
}

/** One that was refused or given up. */
export const seenFreed = (placement: Placement, heardBy?: HeardBy): Seen => ({
  ...keyOf(placement),
  state: "free",
  ...present({ heardBy })
})
