/** What the model of placing does not take for a person's decision. */
import { expect, it } from "vitest"
import { Instant } from "../../src/domain/Instant.ts"
import { ProviderId } from "../../src/domain/Identifiers.ts"
import type { Event, Life } from "./events.ts"
import { placingModelOf } from "./placingModel.ts"

const key = { tenant: "", reference: "a" } as const
const instant = Instant.make("2026-01-01T00:00:00.000Z")
const reservation = { ...key, provider: ProviderId.make("revring"), token: "t", numberDigest: "00ff", at: instant }

const placer: Life = { process: 0, life: 0 }

/** A process is asked to give an order up and dies, and then something gives it up. */
const faultsOf = (givenUpBy: Life): ReadonlyArray<string> => {
  const { at: _at, ...reserved } = reservation
  const placement = { ...reserved, state: "reserved", reservedAt: instant, changedAt: instant } as const
  const events: ReadonlyArray<Event> = [
    { event: "journal", at: 0, operation: { do: "reserve", reservation }, answer: placement, ...placer },
    { event: "sent", at: 0, key, provider: "revring", request: 1, ...placer },
    { event: "asked", at: 1, step: 1, kind: "release", key, process: 1, life: 0 },
    { event: "journal", at: 2, operation: { do: "release", key, token: "t" }, answer: true, ...givenUpBy }
  ]
  return placingModelOf(events).faults
}

it("who is asked to give an order up may do so, and nobody else, such as the same process in its next life", () => {
  expect(faultsOf({ process: 1, life: 0 })).toEqual([])
  const fault = ["/a was freed though its request may have been taken"]
  expect(faultsOf({ process: 1, life: 1 })).toEqual(fault)
  expect(faultsOf({ process: 2, life: 0 })).toEqual(fault)
})
