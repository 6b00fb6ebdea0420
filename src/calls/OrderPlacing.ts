/** Placing, as the service of live calls has it. */
import type * as Effect from "effect/Effect"
import type { CallError } from "../provider/CallError.ts"
import type { OrderFor } from "../provider/OrderFor.ts"
import type { DryRun, Placed, PlaceOptions } from "./Placed.ts"
import type { JournalError } from "./PlacementJournal.ts"

/** What the `provider` of an order is known not to take does not compile; of any other it is found before a request. */
export interface OrderPlacing {
  /**
   * Places an order, once: of a reference that has been placed before, nothing is sent and what is known is returned.
   * Fails only if nothing was placed.
   */
  readonly place: <Provider extends string = string>(
    order: OrderFor<Provider>,
    options?: PlaceOptions
  ) => Effect.Effect<Placed, CallError | JournalError>
  /** The request that `place` would send, secrets removed. Sends nothing. */
  readonly dryRun: <Provider extends string = string>(order: OrderFor<Provider>) => Effect.Effect<DryRun, CallError>
}
