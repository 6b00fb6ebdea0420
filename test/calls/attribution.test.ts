/** Which order is that of which placement of a reference. */
import { expect, it } from "vitest"
import { attributed } from "../../src/calls/attribution.ts"
import type { Placement } from "../../src/calls/PlacementJournal.ts"
import type { OrderFact } from "../../src/domain/Fact.ts"
import { OrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { Instant } from "../../src/domain/Instant.ts"

const at = (hour: number): Instant => Instant.make(`2026-03-02T${String(hour).padStart(2, "0")}:00:00.000Z`)

const placement = (token: string, provider: string, reservedAt: Instant, supersedes?: string): Placement => ({
  tenant: "",
  reference: `lead-1 ${token}`,
  provider: ProviderId.make(provider),
  token,
  numberDigest: "0000",
  state: "absent",
  reservedAt,
  changedAt: reservedAt,
  ...(supersedes === undefined ? {} : { supersedes })
})

const order: OrderFact = {
  kind: "order",
  provider: ProviderId.make("one"),
  id: OrderId.make("order-1"),
  claims: { status: { value: "queued", terminal: false, because: "status=queued" } },
  evidence: {},
  attempts: [],
  native: {},
  issues: []
}

it("an order is that of the latest placement, whatever the clocks said and whoever had it in between", () => {
  const all = [
    placement("a5", "one", at(10), "b4"),
    placement("b4", "two", at(9), "a3"),
    // By a clock that was ahead.
    placement("a3", "one", at(20), "b2"),
    placement("b2", "two", at(7), "a1"),
    placement("a1", "one", at(6))
  ]
  const family = all.filter(({ provider }) => provider === "one")
  expect([...attributed(family, [order], () => true, all).keys()]).toEqual(["a5"])
})
