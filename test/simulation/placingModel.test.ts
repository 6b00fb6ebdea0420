/** What the model of placing does not take for a person's decision, nor for a placement's own order. */
import { expect, it } from "vitest"
import { Instant } from "../../src/domain/Instant.ts"
import { OrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import type { Settlement } from "../../src/calls/PlacementJournal.ts"
import { settledPlacement } from "../../src/calls/placementState.ts"
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
    {
      event: "journal",
      at: 2,
      operation: { do: "release", key, token: "t", changedAt: instant },
      answer: true,
      ...givenUpBy
    }
  ]
  return placingModelOf(events).faults
}

it("who is asked to give an order up may do so, and nobody else, such as the same process in its next life", () => {
  expect(faultsOf({ process: 1, life: 0 })).toEqual([])
  const fault = ["/a was freed though its request may have been taken"]
  expect(faultsOf({ process: 1, life: 1 })).toEqual(fault)
  expect(faultsOf({ process: 2, life: 0 })).toEqual(fault)
})

it("an order that was given up may be that of its reference placed again, but not where it is to another number", () => {
  const { at: _at, ...reserved } = reservation
  const placement = { ...reserved, state: "reserved", reservedAt: instant, changedAt: instant } as const
  const orderId = OrderId.make("o")
  const settlement = { state: "accepted", orderId } as const
  const ofAnswer = (answered: { readonly order: string } | { readonly other: string }): ReadonlyArray<string> => {
    const again = { ...placement, token: "u" }
    const reserveAgain = { do: "reserve", reservation: { ...reservation, token: "u" } } as const
    const settle = { do: "settle", key, token: "u", settlement, at: instant } as const
    const events: ReadonlyArray<Event> = [
      { event: "journal", at: 0, operation: { do: "reserve", reservation }, answer: placement, ...placer },
      { event: "sent", at: 0, key, provider: "revring", request: 1, ...placer },
      { event: "placed", at: 0, request: 1, isNew: true, status: 201, order: "o" },
      { event: "asked", at: 1, step: 1, kind: "release", key, ...placer },
      {
        event: "journal",
        at: 1,
        operation: { do: "release", key, token: "t", changedAt: instant },
        answer: true,
        ...placer
      },
      { event: "journal", at: 2, operation: reserveAgain, answer: again, ...placer },
      { event: "sent", at: 2, key, provider: "revring", request: 2, ...placer },
      { event: "placed", at: 2, request: 2, isNew: false, status: 200, ...answered },
      { event: "journal", at: 2, operation: settle, answer: { ...again, state: "accepted", orderId }, ...placer }
    ]
    return placingModelOf(events).faults
  }
  expect(ofAnswer({ order: "o" })).toEqual([])
  expect(ofAnswer({ other: "o" })).toEqual(["/a was given the order o, which is not its own"])
})

/** Another process settles what has been reserved a moment ago, and then it is sent. */
const faultsOfSettled = (settlement: Settlement, atMinute: number): ReadonlyArray<string> => {
  const { at: _at, ...reserved } = reservation
  const placement = { ...reserved, state: "reserved", reservedAt: instant, changedAt: instant } as const
  const at = Instant.make(new Date(Date.parse(instant) + atMinute * 60_000).toISOString())
  const other: Life = { process: 1, life: 0 }
  const operation = { do: "settle", key, token: "t", settlement, at } as const
  const events: ReadonlyArray<Event> = [
    { event: "journal", at: 0, operation: { do: "reserve", reservation }, answer: placement, ...placer },
    { event: "journal", at: 1, operation, answer: settledPlacement(placement, settlement, at), ...other },
    { event: "sent", at: 2, key, provider: "revring", request: 1, ...placer }
  ]
  return placingModelOf(events).faults
}

it("what is reserved may be sent though to a clock that is far off it looked long over, and only if it frees nothing", () => {
  const open: Settlement = { state: "uncertain", because: "NoResult" }
  expect(faultsOfSettled(open, 60)).toEqual([])
  expect(faultsOfSettled(open, 10)).toEqual(["/a was sent against what the journal says: uncertain"])
  const fault = ["/a was freed though its request may have been taken"]
  const late = "/a was sent against what the journal says: absent"
  expect(faultsOfSettled({ state: "absent", evidence: "given_up" }, 60)).toEqual([...fault, late])
})
