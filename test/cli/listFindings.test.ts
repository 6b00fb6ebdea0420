/** What `unicall doctor --list` says of a provider's list: only one that has shown everything may be answered for. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as Struct from "effect/Struct"
import * as TestClock from "effect/testing/TestClock"
import type { Placement } from "../../src/calls/PlacementJournal.ts"
import { listFinding } from "../../src/cli/commands/doctor/listFindings.ts"
import type { OrderStatus } from "../../src/domain/CallStatus.ts"
import type { OrderFact } from "../../src/domain/Fact.ts"
import { OrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { Instant } from "../../src/domain/Instant.ts"
import { PhoneNumber } from "../../src/domain/PhoneNumber.ts"
import { CallError, Incomplete, NotFound, Unauthorized } from "../../src/provider/CallError.ts"
import type { CallProvider, ListFilter } from "../../src/provider/CallProvider.ts"
import type { Capabilities } from "../../src/provider/Capabilities.ts"
import { type MemoryList, makeInMemoryProvider } from "../../src/testing/index.ts"

const NOW = Date.parse("2026-03-02T15:00:00.000Z")
const at = (hours: number): Instant => Instant.make(new Date(NOW + hours * 3_600_000).toISOString())

const MADE_SO = "undocumented: it is made so, in this package"
const US = { tenant: "", sameAccount: false }

interface Opened {
  /** Of each order that is placed, the status that list and reading give it. */
  readonly statuses?: ReadonlyArray<OrderStatus>
  readonly list?: MemoryList
  readonly capabilities?: Partial<Capabilities>
  readonly account?: string
}

const SEEN: ReadonlyArray<OrderStatus> = ["queued", "failed", "canceled"]

/** A provider that has taken orders, and the placements of these in the journal. */
const opened = Effect.fnUntraced(function* ({ statuses = SEEN, list = {}, capabilities = {}, account }: Opened = {}) {
  yield* TestClock.setTime(NOW)
  const memory = makeInMemoryProvider({ capabilities, list })
  const provider = memory.adapter.providerId
  const placements: Array<Placement> = []
  for (const [index] of statuses.entries()) {
    const reference = `lead-${index}`
    const order = { to: PhoneNumber.make("+12025550100"), agent: { id: "agent-1" }, reference }
    const { id: orderId } = yield* memory.place(Result.getOrThrow(memory.request(order)))
    placements.push({
      tenant: "",
      reference,
      provider,
      token: reference,
      numberDigest: "1f3a",
      state: "accepted",
      reservedAt: at(0),
      changedAt: at(0),
      orderId,
      ...(account === undefined ? {} : { account })
    })
  }
  const asStatus = (fact: OrderFact): OrderFact => {
    const value = statuses[placements.findIndex(({ orderId }) => orderId === fact.id)] ?? "queued"
    return { ...fact, claims: { ...fact.claims, status: { ...fact.claims.status, value } } }
  }
  const filters: Array<ListFilter> = []
  const read: CallProvider = {
    ...memory,
    ...(account === undefined ? {} : { account }),
    get: (id) => Effect.map(memory.get(id), asStatus),
    list: (filter) => {
      filters.push(filter)
      return Stream.map(memory.list(filter), (fact) => (fact.kind === "order" ? asStatus(fact) : fact))
    }
  }
  return { memory, provider: read, placements, filters }
})

const failingWith = (provider: CallProvider, reason: CallError["reason"], operation: "list" | "get") =>
  new CallError({ provider: provider.adapter.providerId, operation, reason })

const changed = (placements: ReadonlyArray<Placement>, changes: Partial<Placement>): ReadonlyArray<Placement> =>
  placements.map((each) => ({ ...each, ...changes }))

describe("a list that tells everything", () => {
  it.effect("may be answered for from today on, and is not said to prove anything", () =>
    Effect.gen(function* () {
      const { memory, provider, placements } = yield* opened()
      expect(yield* listFinding(provider, placements, US)).toEqual({
        about: "memory list",
        verdict: "ok",
        found: "tells the references of all 3 accepted orders: 1 queued, 1 failed, 1 canceled",
        fix: "If you answer for it: unicall reconcile --watch --listed memory=2026-03-02. It proves nothing."
      })
      // What items tell is not read once more.
      expect(memory.asked.filter((each) => each === "get")).toEqual([])
    })
  )

  it.effect("also of references that were set aside, under the reference that was sent", () =>
    Effect.gen(function* () {
      const { provider, placements } = yield* opened()
      const aside = placements.map((each) => ({
        ...each,
        reference: `${each.reference}\u0001x`,
        sentAs: each.reference
      }))
      expect(yield* listFinding(provider, aside, US)).toMatchObject({ verdict: "ok" })
    })
  )

  it.effect("has to tell its references in the list: that reading an order tells it is not enough to find it", () =>
    Effect.gen(function* () {
      const { provider, placements } = yield* opened({ list: { references: "read" } })
      // An item that is found by its id is read, as a search reads it.
      expect(yield* listFinding(provider, placements, US)).toMatchObject({ verdict: "ok" })
      const hidden = yield* opened({ list: { hides: ({ order }) => order.reference === "lead-1" } })
      expect(yield* listFinding(hidden.provider, hidden.placements, US)).toMatchObject({
        verdict: "warn",
        found: "does not tell the references of 1 of 3 accepted orders: 1 failed",
        fix: "Do not call orders absent by this list."
      })
    })
  )

  it.effect.each([
    [["scheduled", "failed", "canceled"], "ok", undefined],
    [["queued", "canceled"], "warn", "that are failed too"],
    [["queued", "failed", "completed"], "warn", "that are canceled too"],
    [["completed"], "warn", "that are queued, failed, canceled too"],
    [["scheduled", "canceled", "scheduled"], "warn", "that are failed too"]
  ] as const)("has to be seen with orders of each kind: %j", ([statuses, verdict, missing]) =>
    Effect.gen(function* () {
      const { provider, placements } = yield* opened({ statuses })
      const { verdict: given, found, fix } = yield* listFinding(provider, placements, US)
      expect([given, found]).toEqual([verdict, expect.stringMatching(/^tells the references of all/)])
      if (missing !== undefined) expect(fix).toContain(missing)
    })
  )
})

describe("a list that does not", () => {
  it.effect("tell references is not to be answered for", () =>
    Effect.gen(function* () {
      const { provider, placements } = yield* opened({ list: { references: "none" } })
      expect(yield* listFinding(provider, placements, US)).toMatchObject({
        verdict: "warn",
        found: "does not tell the references of 3 of 3 accepted orders: 1 queued, 1 failed, 1 canceled"
      })
    })
  )

  it.effect("tell the right ones is not either", () =>
    Effect.gen(function* () {
      const { provider, placements } = yield* opened()
      const [first, ...others] = placements
      if (first === undefined) throw new Error("none was placed")
      const given = [{ ...first, reference: "lead-7" }, ...others]
      expect(yield* listFinding(provider, given, US)).toMatchObject({
        verdict: "warn",
        found: "does not tell the references of 1 of 3 accepted orders: 1 queued"
      })
    })
  )

  it.effect("hold an order that cannot be read any more is told by what the journal knows", () =>
    Effect.gen(function* () {
      const { provider, placements } = yield* opened({ list: { hides: () => true } })
      const gone = { ...provider, get: () => Effect.fail(failingWith(provider, new NotFound({ status: 404 }), "get")) }
      const [first, second] = placements
      if (first === undefined || second === undefined) throw new Error("none was placed")
      expect(yield* listFinding(gone, [{ ...first, status: "completed" }, second], US)).toMatchObject({
        verdict: "warn",
        found: "does not tell the references of 2 of 2 accepted orders: 1 completed, 1 unknown"
      })
    })
  )

  it.effect("end as it should is not to be answered for", () =>
    Effect.gen(function* () {
      const { provider, placements } = yield* opened()
      const error = failingWith(provider, new Incomplete({ delivered: 3, because: "repeated_page" }), "list")
      const cut = { ...provider, list: () => Stream.concat(provider.list({}), Stream.fail(error)) }
      expect(yield* listFinding(cut, placements, US)).toMatchObject({
        verdict: "warn",
        found: "may not be whole",
        fix: "Do not call orders absent by this list."
      })
    })
  )

  it.effect("come at all is told by its failure", () =>
    Effect.gen(function* () {
      const { provider, placements } = yield* opened()
      const error = failingWith(provider, new Unauthorized({ status: 401 }), "list")
      const finding = yield* listFinding({ ...provider, list: () => Stream.fail(error) }, placements, US)
      expect(finding).toMatchObject({
        about: "memory list",
        verdict: "warn",
        found: expect.not.stringMatching(/^memory/)
      })
    })
  )

  it.effect.each([{ list: "no" }, { listTells: { reference: "no", evidence: MADE_SO } }] as const)(
    "exist, or is known to tell no references, is not walked: %j",
    (capabilities) =>
      Effect.gen(function* () {
        const { provider, placements, filters } = yield* opened({ capabilities })
        expect(yield* listFinding(provider, placements, US)).toEqual({
          about: "memory list",
          verdict: "skip",
          found: `tells no references (${MADE_SO}): no order can be called absent by it`
        })
        expect(filters).toEqual([])
      })
  )
})

describe("the list", () => {
  it.effect("is asked from a day before the earliest order, where it can be", () =>
    Effect.gen(function* () {
      for (const [capabilities, asked] of [
        [{}, { createdAfter: at(-29) }],
        [{ listFilters: ["status"] }, {}]
      ] as const) {
        const { provider, placements, filters } = yield* opened({ capabilities })
        const reserved = placements.map((each, index) => ({ ...each, reservedAt: at([-3, -5, -4][index] ?? 0) }))
        yield* listFinding(provider, reserved, US)
        expect(filters).toEqual([asked])
      }
    })
  )

  it.effect("is compared with the latest 200 orders", () =>
    Effect.gen(function* () {
      const { provider, placements, filters } = yield* opened({ statuses: Array.from({ length: 201 }, () => "queued") })
      const reserved = placements.map((each, index) => ({ ...each, reservedAt: at(-index) }))
      expect(yield* listFinding(provider, reserved.toReversed(), US)).toMatchObject({
        found: "tells the references of all 200 accepted orders: 200 queued"
      })
      expect(filters).toEqual([{ createdAfter: at(-199 - 24) }])
    })
  )

  it.effect("is compared with accepted orders of this provider alone", () =>
    Effect.gen(function* () {
      const { provider, placements, filters } = yield* opened()
      const others = changed(placements, { provider: ProviderId.make("other") })
      const open = placements.map((each): Placement => ({ ...Struct.omit(each, ["orderId"]), state: "uncertain" }))
      expect(yield* listFinding(provider, [...others, ...open], US)).toEqual({
        about: "memory list",
        verdict: "skip",
        found: "the journal holds no accepted order of this tenant and account: nothing can be shown"
      })
      expect(filters).toEqual([])
    })
  )

  const foreign = (placements: ReadonlyArray<Placement>, changes: Partial<Placement>) =>
    placements.map((each, index) => ({ ...each, ...changes, orderId: OrderId.make(`foreign-${index}`) }))

  it.effect("is compared with the orders of the one who asks: an account is told by its key", () =>
    Effect.gen(function* () {
      const { provider, placements } = yield* opened({ account: "ours" })
      const ofOthers = foreign(placements, { account: "theirs" })
      expect(yield* listFinding(provider, [...placements, ...ofOthers], US)).toMatchObject({ verdict: "ok" })
      // Without an account it was written before there were any.
      const untold = placements.map((each): Placement => Struct.omit(each, ["account"]))
      expect(yield* listFinding(provider, untold, US)).toMatchObject({ verdict: "ok" })
    })
  )

  it.effect("is compared with what was placed with another key, where that is of the same account", () =>
    Effect.gen(function* () {
      const { provider, placements } = yield* opened({ account: "ours" })
      const before = changed(placements, { account: "theirs" })
      expect(yield* listFinding(provider, before, US)).toMatchObject({ verdict: "skip" })
      expect(yield* listFinding(provider, before, { ...US, sameAccount: true })).toMatchObject({ verdict: "ok" })
    })
  )

  it.effect("is compared with the tenant's own orders, whatever key placed them", () =>
    Effect.gen(function* () {
      const { provider, placements } = yield* opened({ account: "ours" })
      const acme = { ...US, tenant: "acme" }
      const its = changed(placements, { tenant: "acme", account: "theirs" })
      const old = foreign(placements, {}).map((each): Placement => Struct.omit(each, ["tenant"]))
      const others = [...foreign(placements, {}), ...foreign(placements, { tenant: "other" })]
      expect(yield* listFinding(provider, [...its, ...others, ...old], acme)).toMatchObject({ verdict: "ok" })
      expect(yield* listFinding(provider, [...others, ...old], acme)).toMatchObject({ verdict: "skip" })
      // What belongs to nobody is everybody's who names no tenant.
      expect(yield* listFinding(provider, [...its, ...old], US)).toMatchObject({
        found: expect.stringMatching(/^does not tell the references of 3 of 3 /)
      })
    })
  )
})
