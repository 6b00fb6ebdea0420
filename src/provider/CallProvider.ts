/** The port of live calls: what an adapter can do over the network. Comfort is derived from it in `src/calls`. */
import type * as Effect from "effect/Effect"
import type * as Result from "effect/Result"
import type * as Stream from "effect/Stream"
import type { HttpMethod } from "effect/http/HttpMethod"
import type { OrderStatus } from "../domain/CallStatus.ts"
import type { AttemptFact, OrderFact } from "../domain/Fact.ts"
import type { OrderId } from "../domain/Identifiers.ts"
import type { Instant } from "../domain/Instant.ts"
import type { JsonObject } from "../domain/Json.ts"
import type { PlaceCall } from "../domain/PlaceCall.ts"
import type { Adapter } from "./Adapter.ts"
import type { CallError, InvalidRequest, Unsupported } from "./CallError.ts"
import type { CatalogPort } from "./Catalog.ts"
import type { WebhookAddresses } from "./WebhookAddresses.ts"

/** The one request that places an order, as it is sent but for authentication, with a body that can be read once. */
export interface PlaceRequest {
  readonly method: HttpMethod.WithBody
  readonly url: string
  readonly headers: { readonly [name: string]: string }
  /** Written as `content-type` says. */
  readonly body: JsonObject
}

/** Which calls to list. A filter that a provider lacks (`capabilities.listFilters`) is `Unsupported`. */
export interface ListFilter {
  /** Only orders with one of these statuses. */
  readonly status?: ReadonlyArray<OrderStatus>
  /** Only calls created at this time or later. */
  readonly createdAfter?: Instant
  /** Only calls created at this time or earlier. */
  readonly createdBefore?: Instant
  /** Only calls of this agent. */
  readonly agentId?: string
  /** Only the call that was placed with this reference. */
  readonly reference?: string
  /** Only calls to this number, in E.164. */
  readonly to?: string
}

/** What came of reading several orders. What stands in neither, the provider does not know. */
export interface OrdersRead {
  readonly orders: ReadonlyArray<OrderFact>
  readonly failures: ReadonlyMap<OrderId, CallError>
}

/** What came of checking the key. */
export interface KeyCheck {
  /** The provider's clock, where its answer told it. */
  readonly providerTime?: Instant
}

/** The provider's clock against ours. */
export interface ClockOffset {
  /** How far the provider's clock is ahead of ours; negative where it is behind. */
  readonly offsetMillis: number
  /** The true offset is no further from it than this. */
  readonly doubtMillis: number
  /** How long ago it was measured, by our monotonic clock. @default 0 */
  readonly measuredMillisAgo?: number
}

/** Where the messages of stored agents go. A use that the provider does not have (`capabilities.webhookAddresses`) is not asked for. */
export interface WebhookPort {
  /** Every use that the provider has. */
  readonly read: (agentId: string) => Effect.Effect<WebhookAddresses, CallError>
  /** Changes the addresses that are given, and nothing else of the agent. */
  readonly write: (agentId: string, addresses: WebhookAddresses) => Effect.Effect<void, CallError>
}

/** What every provider can be asked; an adapter's client implements it. */
export interface CallProvider {
  /** How its records are read, and what it can do. */
  readonly adapter: Adapter
  /** Whether orders placed here may ring real telephones; false for a loopback address. */
  readonly ringsRealPhones: boolean
  /**
   * Tells this account from another of the same provider: a short fingerprint of key and base URL, from which neither can
   * be found. A journal keeps it with a placement. Absent where there are no accounts.
   */
  readonly account?: string
  /** The order in the provider's words, or the field it cannot take. Pure. */
  readonly request: (order: PlaceCall) => Result.Result<PlaceRequest, InvalidRequest | Unsupported>
  /**
   * Sends the request once; never repeats it. Fails with `PlacementUncertain` unless the provider refused for certain
   * or the request certainly never left.
   */
  readonly place: (request: PlaceRequest) => Effect.Effect<OrderFact, CallError>
  /** The order as the provider has it now. */
  readonly get: (id: OrderId) => Effect.Effect<OrderFact, CallError>
  /**
   * At most `capabilities.batchRead` ids. One that cannot be read leaves the others alone; fails as a whole only for a
   * reason that holds for all of them: a key that is refused, too many requests, no answer at all.
   */
  readonly getMany: (
    ids: ReadonlyArray<OrderId>,
    /** `state`: what tells where the call stands; transcripts and the like may be left out to save time. */
    detail: "state" | "whole"
  ) => Effect.Effect<OrdersRead, CallError>
  /** Each call once. Fails with `Incomplete` at its end if the list is not known to be whole. */
  readonly list: (filter: ListFilter) => Stream.Stream<OrderFact | AttemptFact, CallError>
  /**
   * Succeeds if the provider accepted the cancel request; what became of the call shows when it is read again. Where nothing of
   * it can be read any more, `deleted`: the call, not dialed yet, was taken away with its record; or the order as it last stood:
   * the call had begun when its record was taken away, and it was ended, or was over.
   */
  readonly cancel: (id: OrderId) => Effect.Effect<void | "deleted" | OrderFact, CallError>
  /** Fails with `Unauthorized` if the key is not accepted. */
  readonly check: Effect.Effect<KeyCheck, CallError>
  /** Absent where the provider lets nobody see or set where messages go. */
  readonly webhooks?: WebhookPort
  /** Absent where the provider lists neither agents nor numbers. */
  readonly catalog?: CatalogPort
  /** Measured with each answer, by the wall clock as it is now. Absent or `undefined`: not measured (yet). */
  readonly clock?: Effect.Effect<ClockOffset | undefined>
}
