/** How tests name placements and calls: of the common tenant, unless another is named. */
import type { CallKey, PlacementKey } from "../../src/calls/PlacementJournal.ts"
import type { OrderId, ProviderId } from "../../src/domain/Identifiers.ts"

export const keyOf = (reference: string, tenant = ""): PlacementKey => ({ tenant, reference })

export const callOf = (provider: ProviderId, orderId: OrderId, tenant = ""): CallKey => ({ tenant, provider, orderId })
