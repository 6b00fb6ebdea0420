/** Placements and settlements that the laws of a journal are tried with. */
import type { CallKey, PlacementKey, Reservation, Settlement, Superseding } from "../../calls/PlacementJournal.ts"
import type { OrderStatus } from "../../domain/CallStatus.ts"
import { OrderId, ProviderId } from "../../domain/Identifiers.ts"
import { Instant } from "../../domain/Instant.ts"

export const instant = (second: number): Instant =>
  Instant.make(new Date(Date.UTC(2026, 2, 1, 10, 0, second)).toISOString())

/** Of the common tenant, unless another is named. */
export const keyOf = (reference: string, tenant = ""): PlacementKey => ({ tenant, reference })

export const callOf = (provider: ProviderId, orderId: OrderId, tenant = ""): CallKey => ({ tenant, provider, orderId })

export const reservation = (reference: string, changes: Partial<Reservation> = {}): Reservation => ({
  ...keyOf(reference),
  provider: ProviderId.make("one"),
  token: "token-1",
  numberDigest: "1f3a",
  at: instant(0),
  ...changes
})

type Of<State extends Settlement["state"]> = Extract<Settlement, { readonly state: State }>

export const accepted = (order = "order-1", status?: OrderStatus): Of<"accepted"> => ({
  state: "accepted",
  orderId: OrderId.make(order),
  ...(status === undefined ? {} : { status })
})

export const ended = (order = "order-1"): Settlement => ({
  state: "ended",
  orderId: OrderId.make(order),
  status: "completed"
})

export const absent = (evidence: "not_listed" | "refused" | "given_up" = "not_listed"): Of<"absent"> => ({
  state: "absent",
  evidence
})

export const superseding = (
  reference: string,
  supersedes: string,
  changes: Partial<Reservation> = {}
): Superseding => ({
  ...reservation(reference, changes),
  supersedes
})

/** A list that counts has missed it: what lists make absent has been missed before. */
export const missed = (missedMillis = 400_000): Of<"uncertain"> => ({
  ...uncertain(),
  evidence: "not_listed",
  missedMillis
})

export const uncertain = (because = "TimedOut"): Of<"uncertain"> => ({ state: "uncertain", because })
