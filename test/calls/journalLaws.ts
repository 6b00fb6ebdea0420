/** The laws of a placement journal, for any implementation: tables, and random interleavings against a simple model. */
import { describe, expect, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import {
  type JournalError,
  type Placement,
  PlacementJournal,
  type PlacementKey,
  type CallKey,
  PlacementState,
  type Reservation,
  type Settlement,
  type Unfinished
} from "../../src/calls/PlacementJournal.ts"
import type { OrderStatus } from "../../src/domain/CallStatus.ts"
import { OrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { Instant } from "../../src/domain/Instant.ts"
import { canonicalJson } from "../../src/domain/Json.ts"
import { anyOf, type Arb, oneOf } from "../arbitrary/payloads.ts"
import { callOf, keyOf } from "./placementKeys.ts"

type Journal = PlacementJournal["Service"]

export const instant = (second: number): Instant =>
  Instant.make(new Date(Date.UTC(2026, 2, 1, 10, 0, second)).toISOString())

export const reservation = (reference: string, changes: Partial<Reservation> = {}): Reservation => ({
  ...keyOf(reference),
  provider: ProviderId.make("one"),
  token: "token-1",
  check: "1f3a",
  at: instant(0),
  ...changes
})

export const accepted = (order = "order-1", status?: OrderStatus): Settlement => ({
  state: "accepted",
  orderId: OrderId.make(order),
  ...(status === undefined ? {} : { status })
})
export const ended = (order = "order-1"): Settlement => ({
  state: "ended",
  orderId: OrderId.make(order),
  status: "completed"
})
export const uncertain = (because = "TimedOut"): Settlement => ({ state: "uncertain", because })

const SETTLEMENTS: { readonly [state in Settlement["state"]]: Settlement } = {
  uncertain: uncertain(),
  accepted: accepted(),
  ended: ended()
}

const STATES = PlacementState.literals

/** Where a state may go, or stay and be heard of again; nowhere else. */
const NEXT: { readonly [state in PlacementState]: ReadonlyArray<PlacementState> } = {
  reserved: ["uncertain", "accepted", "ended"],
  uncertain: ["uncertain", "accepted", "ended"],
  accepted: ["accepted", "ended"],
  ended: []
}

/** What of a placement is left when it moves on. */
const kept = ({ state: _state, changedAt: _changedAt, because: _because, lead: _lead, ...rest }: Placement) => rest

/** An id to be followed is kept until the order is known. */
const leadOf = ({ lead }: Placement, { state }: Settlement) =>
  state === "uncertain" && lead !== undefined ? { lead } : {}

/** How the clocks stood is told once. */
const clockOf = ({ clockOffset }: Placement) => (clockOffset === undefined ? {} : { clockOffset })

type Model = ReadonlyMap<string, Placement>

type Operation =
  | { readonly do: "reserve"; readonly reservation: Reservation }
  | {
      readonly do: "settle"
      readonly key: PlacementKey
      readonly token: string
      readonly settlement: Settlement
      readonly at: Instant
    }
  | { readonly do: "free"; readonly key: PlacementKey; readonly token: string }
  | { readonly do: "find"; readonly key: PlacementKey }
  | ({ readonly do: "findCall" } & CallKey)
  | ({ readonly do: "unfinished" } & Unfinished)

type Answer = Placement | boolean | null | ReadonlyArray<Placement>

const perform = (journal: Journal, operation: Operation): Effect.Effect<Answer, JournalError> => {
  switch (operation.do) {
    case "reserve":
      return journal.reserve(operation.reservation)
    case "settle":
      return Effect.map(
        journal.settle(operation.key, operation.token, operation.settlement, operation.at),
        Option.getOrNull
      )
    case "free":
      return journal.free(operation.key, operation.token)
    case "find":
      return Effect.map(journal.find(operation.key), Option.getOrNull)
    case "findCall":
      return Effect.map(journal.findCall(operation), Option.getOrNull)
    case "unfinished":
      return journal.unfinished(operation)
  }
}

interface Step {
  readonly model: Model
  readonly allows: (answer: Answer) => boolean
}

const same = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b)

const answering = (model: Model, expected: Answer): Step => ({ model, allows: (answer) => same(answer, expected) })

const changing = (model: Model, placement: Placement): Step =>
  answering(new Map([...model, [placeOf(placement), placement]]), placement)

const placeOf = ({ tenant = "", reference }: Pick<Placement, "tenant" | "reference">): string =>
  JSON.stringify([tenant, reference])

const settling = (model: Model, placement: Placement, settlement: Settlement, at: Instant): Step => {
  const isAgain = placement.state === settlement.state
  if (!NEXT[placement.state].includes(settlement.state)) return answering(model, placement)
  if (isAgain && at <= placement.changedAt) return answering(model, placement)
  const isOtherOrder =
    placement.state === "accepted" && "orderId" in settlement && settlement.orderId !== placement.orderId
  if (isOtherOrder) return answering(model, placement)
  const { claim: _claim, ...said } = settlement
  return changing(model, {
    ...kept(placement),
    ...leadOf(placement, said),
    ...said,
    ...clockOf(placement),
    changedAt: at
  })
}

const step = (model: Model, operation: Operation): Step => {
  switch (operation.do) {
    case "reserve": {
      const { at, ...rest } = operation.reservation
      const earlier = model.get(placeOf(rest))
      return earlier === undefined
        ? changing(model, { ...rest, state: "reserved", reservedAt: at, changedAt: at })
        : answering(model, earlier)
    }
    case "settle": {
      const placement = model.get(placeOf(operation.key))
      return placement?.token === operation.token
        ? settling(model, placement, operation.settlement, operation.at)
        : answering(model, null)
    }
    case "free": {
      const placement = model.get(placeOf(operation.key))
      return placement?.token === operation.token && (placement.state === "reserved" || placement.state === "uncertain")
        ? answering(new Map([...model].filter(([place]) => place !== placeOf(operation.key))), true)
        : answering(model, false)
    }
    case "find":
      return answering(model, model.get(placeOf(operation.key)) ?? null)
    case "findCall": {
      const found = [...model.values()].filter(
        ({ tenant, provider, orderId }) =>
          tenant === operation.tenant && provider === operation.provider && orderId === operation.orderId
      )
      return {
        model,
        allows: (answer) => (found.length === 0 ? answer === null : found.some((placement) => same(answer, placement)))
      }
    }
    case "unfinished":
      return { model, allows: (answer) => isUnfinished(model, operation, answer) }
  }
}

/** Those that changed at the same time may come in any order, and any of them may be over the limit. */
const isUnfinished = (
  model: Model,
  { tenant, before, limit, provider, account }: Unfinished,
  answer: Answer
): boolean => {
  if (!Array.isArray(answer)) return false
  const found: ReadonlyArray<Placement> = answer
  const wanted = [...model.values()]
    .filter((placement) => placement.state !== "ended" && placement.changedAt <= before)
    .filter((placement) => placement.tenant === tenant && (provider === undefined || placement.provider === provider))
    .filter((placement) => account === undefined || placement.account === undefined || placement.account === account)
  const times = wanted.map(({ changedAt }) => changedAt).toSorted()
  return (
    same(
      found.map(({ changedAt }) => changedAt),
      times.slice(0, Math.max(0, limit))
    ) &&
    new Set(found.map(({ reference }) => reference)).size === found.length &&
    found.every((placement) => same(placement, model.get(placeOf(placement))))
  )
}

const REFERENCES = ["a", "b", "'); DROP TABLE placement; --", "__proto__", "é\u0001😀", " "] as const
const reference = oneOf<string>(...REFERENCES, "a", "a", "b")
const TENANTS = ["", "acme", "'"] as const
const tenant = oneOf<string>(...TENANTS, "")
const key: Arb<PlacementKey> = Arbitrary.map(Arbitrary.all([reference, tenant]), ([text, of]) => keyOf(text, of))
const account = oneOf<object>({}, { account: "0a0b0c0d" }, { account: "01020304" })
const token = oneOf("token-1", "token-2", "\u0001")
const provider = oneOf(ProviderId.make("one"), ProviderId.make("two"))
const orderId = oneOf(OrderId.make("order-1"), OrderId.make("order-2"))
const at = oneOf(instant(0), instant(1), instant(2), instant(3))

const settlement: Arb<Settlement> = anyOf<Settlement>(
  Arbitrary.map(orderId, (lead) => ({ ...uncertain(), lead })),
  Arbitrary.map(oneOf(0, -3_600_000), (clockOffset) => ({ ...uncertain(), clockOffset })),
  Arbitrary.map(oneOf("TimedOut", ""), uncertain),
  Arbitrary.map(orderId, (order) => accepted(order)),
  Arbitrary.map(orderId, (order) => accepted(order, "queued")),
  Arbitrary.map(orderId, (order) => ended(order))
)

const reserve: Arb<Operation> = Arbitrary.map(
  Arbitrary.all([
    key,
    token,
    provider,
    at,
    account,
    oneOf<object>({}, { agentId: "agent-1" }, { agentId: "", content: "c0de", clockOffset: 1500 })
  ]),
  ([of, mine, by, time, whose, rest]) => ({
    do: "reserve",
    reservation: reservation(of.reference, { ...of, token: mine, provider: by, at: time, ...whose, ...rest })
  })
)
const settle: Arb<Operation> = Arbitrary.map(Arbitrary.all([key, token, settlement, at]), ([of, mine, into, time]) => ({
  do: "settle",
  key: of,
  token: mine,
  settlement: into,
  at: time
}))
const free: Arb<Operation> = Arbitrary.map(Arbitrary.all([key, token]), ([of, mine]) => ({
  do: "free",
  key: of,
  token: mine
}))
const find: Arb<Operation> = Arbitrary.map(key, (of) => ({ do: "find", key: of }))
const findCall: Arb<Operation> = Arbitrary.map(Arbitrary.all([provider, orderId, tenant]), ([by, order, of]) => ({
  do: "findCall",
  ...callOf(by, order, of)
}))
const unfinished: Arb<Operation> = Arbitrary.map(
  Arbitrary.all([tenant, at, oneOf(0, 1, 2, 100), account, oneOf<object>({}, { provider: ProviderId.make("one") })]),
  ([of, before, limit, whose, by]) => ({ do: "unfinished", tenant: of, before, limit, ...whose, ...by })
)
const operation = anyOf(reserve, reserve, settle, settle, settle, free, find, findCall, unfinished)

/** Groups of operations: those of one group are under way at the same time. */
const history = Arbitrary.array(Arbitrary.array(operation, { minLength: 1, maxLength: 3 }), { maxLength: 14 })

const orders = <A>(items: ReadonlyArray<A>): ReadonlyArray<ReadonlyArray<A>> =>
  items.length < 2
    ? [items]
    : items.flatMap((item, place) => orders(items.toSpliced(place, 1)).map((rest) => [item, ...rest]))

const everything = (journal: Journal): Effect.Effect<Model, JournalError> =>
  Effect.map(
    Effect.forEach(
      REFERENCES.flatMap((text) => TENANTS.map((of) => keyOf(text, of))),
      (of) => journal.find(of)
    ),
    (found) => new Map(found.flatMap(Option.toArray).map((placement) => [placeOf(placement), placement]))
  )

/** The state some order of the operations leads to that explains all answers and what is in the journal now. */
const explanation = (
  model: Model,
  done: ReadonlyArray<readonly [Operation, Answer]>,
  content: Model
): Model | undefined =>
  orders(done)
    .map((order) =>
      order.reduce<Model | undefined>((current, [each, answer]) => {
        const next = current === undefined ? undefined : step(current, each)
        return next?.allows(answer) === true ? next.model : undefined
      }, model)
    )
    .find((end) => end !== undefined && same(Object.fromEntries(end), Object.fromEntries(content)))

const followed = Effect.fnUntraced(function* (groups: ReadonlyArray<ReadonlyArray<Operation>>) {
  const journal = yield* PlacementJournal
  let model: Model = new Map()
  for (const group of groups) {
    const answers = yield* Effect.forEach(
      group,
      (each) => Effect.map(perform(journal, each), (answer) => [each, answer] as const),
      { concurrency: "unbounded" }
    )
    const end = explanation(model, answers, yield* everything(journal))
    if (end === undefined) return expect(answers).toBe("explained by one order of these operations")
    model = end
  }
})

export interface LawOptions {
  /** Random histories. */
  readonly runs: number
}

/** `layer` makes an empty journal each time it is built. */
export const journalLaws = (
  name: string,
  layer: Layer.Layer<PlacementJournal, JournalError>,
  { runs }: LawOptions
): void => {
  const fresh = Layer.fresh(layer)
  const law = (title: string, body: (journal: Journal) => Effect.Effect<void, JournalError>): void =>
    it.effect(title, () => Effect.provide(Effect.flatMap(PlacementJournal, body), fresh))

  /** A placement brought to a state. */
  const placedAs = Effect.fnUntraced(function* (journal: Journal, state: PlacementState, text = "a") {
    const placement = yield* journal.reserve(reservation(text, { at: instant(1) }))
    if (state === "reserved") return placement
    return Option.getOrThrow(yield* journal.settle(keyOf(text), "token-1", SETTLEMENTS[state], instant(2)))
  })

  describe(`${name}`, () => {
    it.effect.prop(
      "does what a map with one placement a reference would, in some order of what is under way together",
      [history],
      ([groups]) => Effect.provide(followed(groups), fresh),
      { arbitrary: { runs }, timeout: 120_000 }
    )

    describe("reserve", () => {
      law("gives the reference to the first token alone", (journal) =>
        Effect.gen(function* () {
          const first = yield* journal.reserve(reservation("a", { agentId: "agent-1" }))
          expect(first).toEqual({
            tenant: "",
            reference: "a",
            provider: "one",
            token: "token-1",
            check: "1f3a",
            agentId: "agent-1",
            state: "reserved",
            reservedAt: instant(0),
            changedAt: instant(0)
          })
          const later = reservation("a", { token: "token-2", provider: ProviderId.make("two"), at: instant(5) })
          expect(yield* journal.reserve(later)).toEqual(first)
          expect(yield* journal.reserve(reservation("a", { at: instant(9) }))).toEqual(first)
          expect(yield* journal.find(keyOf("a"))).toEqual(Option.some(first))
        })
      )

      law("of a hundred at once gives it to one, and tells all of them which", (journal) =>
        Effect.gen(function* () {
          const holders = yield* Effect.forEach(
            Array.from({ length: 100 }, (_, index) => `token-${index}`),
            (mine) => journal.reserve(reservation("a", { token: mine })),
            { concurrency: "unbounded" }
          )
          expect(new Set(holders.map((holder) => holder.token)).size).toBe(1)
        })
      )

      law("gives a placement that has moved on as it is, to its own token too", (journal) =>
        Effect.gen(function* () {
          const placement = yield* placedAs(journal, "accepted")
          expect(yield* journal.reserve(reservation("a"))).toEqual(placement)
          expect(yield* journal.reserve(reservation("a", { token: "token-2" }))).toEqual(placement)
        })
      )

      law("keeps references apart that look alike", (journal) =>
        Effect.gen(function* () {
          const keys = [
            "a",
            "A",
            "a ",
            "á",
            "a\u0301",
            "a\u0001",
            "a\u0001b",
            "1",
            "01",
            "1.0",
            "null",
            "x".repeat(9000)
          ]
          yield* Effect.forEach(keys, (key, index) => journal.reserve(reservation(key, { token: `token-${index}` })))
          for (const [index, key] of keys.entries())
            expect(Option.getOrThrow(yield* journal.find(keyOf(key)))).toMatchObject({
              reference: key,
              token: `token-${index}`
            })
        })
      )
    })

    describe("settle", () => {
      for (const from of STATES)
        for (const to of ["uncertain", "accepted", "ended"] as const)
          law(`${NEXT[from].includes(to) ? "moves" : "does not move"} from ${from} to ${to}`, (journal) =>
            Effect.gen(function* () {
              const before = yield* placedAs(journal, from)
              const after = yield* journal.settle(keyOf("a"), "token-1", SETTLEMENTS[to], instant(3))
              const expected = NEXT[from].includes(to)
                ? { ...kept(before), ...SETTLEMENTS[to], changedAt: instant(3) }
                : before
              expect(Option.getOrThrow(after)).toEqual(expected)
              expect(yield* journal.find(keyOf("a"))).toEqual(after)
            })
          )

      law("hears of the same state again, and not of an earlier hearing", (journal) =>
        Effect.gen(function* () {
          yield* placedAs(journal, "accepted")
          yield* journal.settle(keyOf("a"), "token-1", accepted(), instant(5))
          expect(
            Option.getOrThrow(yield* journal.settle(keyOf("a"), "token-1", accepted(), instant(4))).changedAt
          ).toBe(instant(5))
          expect(yield* journal.unfinished({ tenant: "", before: instant(4), limit: 9 })).toEqual([])
        })
      )

      law("forgets why it was uncertain once it is known", (journal) =>
        Effect.gen(function* () {
          yield* placedAs(journal, "uncertain")
          expect(
            Option.getOrThrow(yield* journal.settle(keyOf("a"), "token-1", accepted(), instant(3)))
          ).not.toHaveProperty("because")
        })
      )

      law("does not take the end of another order for that of the accepted one", (journal) =>
        Effect.gen(function* () {
          const placement = yield* placedAs(journal, "accepted")
          expect(yield* journal.settle(keyOf("a"), "token-1", ended("order-2"), instant(3))).toEqual(
            Option.some(placement)
          )
          expect(yield* journal.findCall(callOf(placement.provider, OrderId.make("order-2")))).toEqual(Option.none())
        })
      )

      law("knows neither another token nor another reference", (journal) =>
        Effect.gen(function* () {
          const placement = yield* placedAs(journal, "reserved")
          expect(yield* journal.settle(keyOf("a"), "token-2", accepted(), instant(3))).toEqual(Option.none())
          expect(yield* journal.settle(keyOf("b"), "token-1", accepted(), instant(3))).toEqual(Option.none())
          expect(yield* journal.find(keyOf("a"))).toEqual(Option.some(placement))
        })
      )

      law("of a reservation given up changes nothing of the one made since", (journal) =>
        Effect.gen(function* () {
          yield* placedAs(journal, "uncertain")
          expect(yield* journal.free(keyOf("a"), "token-1")).toBe(true)
          const later = yield* journal.reserve(reservation("a", { token: "token-2" }))
          expect(yield* journal.settle(keyOf("a"), "token-1", accepted(), instant(4))).toEqual(Option.none())
          expect(yield* journal.free(keyOf("a"), "token-1")).toBe(false)
          expect(yield* journal.find(keyOf("a"))).toEqual(Option.some(later))
        })
      )
    })

    describe("free", () => {
      for (const state of STATES) {
        const isFreeable = state === "reserved" || state === "uncertain"
        law(`${isFreeable ? "gives up" : "keeps"} what is ${state}`, (journal) =>
          Effect.gen(function* () {
            const placement = yield* placedAs(journal, state)
            expect(yield* journal.free(keyOf("a"), "token-2")).toBe(false)
            expect(yield* journal.free(keyOf("b"), "token-1")).toBe(false)
            expect(yield* journal.free(keyOf("a"), "token-1")).toBe(isFreeable)
            expect(yield* journal.find(keyOf("a"))).toEqual(isFreeable ? Option.none() : Option.some(placement))
            expect(yield* journal.free(keyOf("a"), "token-1")).toBe(false)
            const again = yield* journal.reserve(reservation("a", { token: "token-2" }))
            expect(again.token).toBe(isFreeable ? "token-2" : "token-1")
          })
        )
      }
    })

    describe("findCall", () => {
      law("finds a placement by its provider's order, accepted or ended", (journal) =>
        Effect.gen(function* () {
          const one = ProviderId.make("one")
          expect(yield* journal.findCall(callOf(one, OrderId.make("order-1")))).toEqual(Option.none())
          yield* placedAs(journal, "uncertain")
          expect(yield* journal.findCall(callOf(one, OrderId.make("order-1")))).toEqual(Option.none())
          const taken = yield* journal.settle(keyOf("a"), "token-1", accepted(), instant(3))
          expect(yield* journal.findCall(callOf(one, OrderId.make("order-1")))).toEqual(taken)
          expect(yield* journal.findCall(callOf(ProviderId.make("two"), OrderId.make("order-1")))).toEqual(
            Option.none()
          )
          expect(yield* journal.findCall(callOf(one, OrderId.make("order-2")))).toEqual(Option.none())
          const over = yield* journal.settle(keyOf("a"), "token-1", ended(), instant(4))
          expect(yield* journal.findCall(callOf(one, OrderId.make("order-1")))).toEqual(over)
        })
      )
    })

    describe("unfinished", () => {
      const filled = Effect.fnUntraced(function* (journal: Journal) {
        for (const [index, state] of STATES.entries()) {
          yield* journal.reserve(reservation(state, { at: instant(index), provider: providerOf(index) }))
          if (state !== "reserved")
            yield* journal.settle(keyOf(state), "token-1", SETTLEMENTS[state], instant(10 - index))
        }
      })
      const providerOf = (index: number) => ProviderId.make(index % 2 === 0 ? "one" : "two")
      // Changed at 0, 9, 8 and 7.
      const TABLE: ReadonlyArray<
        readonly [string, Parameters<Journal["unfinished"]>[0], ReadonlyArray<PlacementState>]
      > = [
        [
          "all but those ended, oldest change first",
          { tenant: "", before: instant(60), limit: 10 },
          ["reserved", "accepted", "uncertain"]
        ],
        ["no more than the limit", { tenant: "", before: instant(60), limit: 2 }, ["reserved", "accepted"]],
        ["none for a limit of none", { tenant: "", before: instant(60), limit: 0 }, []],
        ["none for a limit below none", { tenant: "", before: instant(60), limit: -1 }, []],
        [
          "all without a limit",
          { tenant: "", before: instant(60), limit: Infinity },
          ["reserved", "accepted", "uncertain"]
        ],
        ["none that changed since", { tenant: "", before: instant(7), limit: 10 }, ["reserved"]],
        [
          "those that changed at that very time",
          { tenant: "", before: instant(8), limit: 10 },
          ["reserved", "accepted"]
        ],
        [
          "one provider's",
          { tenant: "", before: instant(60), limit: 10, provider: ProviderId.make("one") },
          ["reserved", "accepted"]
        ],
        [
          "one provider's up to the limit",
          { tenant: "", before: instant(60), limit: 1, provider: ProviderId.make("two") },
          ["uncertain"]
        ],
        ["no other provider's", { tenant: "", before: instant(60), limit: 10, provider: ProviderId.make("three") }, []]
      ]
      for (const [title, filter, expected] of TABLE)
        law(`gives ${title}`, (journal) =>
          Effect.gen(function* () {
            yield* filled(journal)
            expect((yield* journal.unfinished(filter)).map((placement) => placement.reference)).toEqual(expected)
          })
        )
    })
  })
}
