import { describe, expect, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import { providers } from "../../adapters/index.ts"
import type { CallOrder } from "../../src/domain/CallOrder.ts"
import { AttemptId, OrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { canonicalJson } from "../../src/domain/Json.ts"
import type { NewChange } from "../../src/calls/changes/CallChange.ts"
import { changesOf } from "../../src/calls/changes/changesOf.ts"
import { KnownCall, type Seen } from "../../src/calls/changes/KnownCall.ts"
import { type AttemptReading, type Reading, readingOf } from "../../src/calls/changes/Reading.ts"
import { makeNormalizer } from "../../src/normalize/Normalizer.ts"
import {
  type Arb,
  anyOf,
  type Body,
  oneOf,
  permutation,
  permuted,
  revoxOrderOf,
  revringCallOf
} from "../arbitrary/payloads.ts"

const { normalize } = makeNormalizer(providers)

const placed = { key: "token-1", provider: ProviderId.make("revox"), reference: "lead-1" } as const
const orderId = OrderId.make("order-1")

/** What is told of all that is seen, one after the other, and what is known at the end. */
const told = (all: ReadonlyArray<Seen>) => {
  let known: KnownCall | undefined
  const changes: Array<NewChange> = []
  for (const seen of all) {
    const heard = changesOf(known, seen)
    known = heard.known
    changes.push(...heard.changes)
  }
  return { known, changes, words: changes.map(({ change }) => change) }
}

const ordersIn = (body: Body): ReadonlyArray<CallOrder> =>
  normalize(body).filter((record) => record.kind === "call_order")

const ofOrder =
  (complete: boolean) =>
  (order: CallOrder): Seen => ({ ...placed, state: "accepted", reading: readingOf(order, complete) })

const seenOrders = (body: Arb<Body>): Arb<ReadonlyArray<Seen>> =>
  Arbitrary.map(Arbitrary.all([body, oneOf(false, true)]), ([made, complete]) =>
    ordersIn(made).map((order) => ofOrder(complete && order.terminal === true)(order))
  )

/** As the journal has it, without its order having been read. */
const ofJournal: Arb<ReadonlyArray<Seen>> = Arbitrary.map(
  oneOf<Omit<Seen, keyof typeof placed>>(
    { state: "uncertain" },
    { state: "absent" },
    { state: "accepted", orderId, status: "queued", heardBy: "place" },
    { state: "accepted", orderId, status: "completed", over: true }
  ),
  (seen) => [{ ...placed, ...seen }]
)

const hearings = Arbitrary.map(
  Arbitrary.array(anyOf(seenOrders(revoxOrderOf("order-1")), seenOrders(revoxOrderOf("order-1")), ofJournal), {
    maxLength: 8
  }),
  (all) => all.flat()
)

const runs = (count: number) => ({ arbitrary: { runs: count } })

const attempt = (id: string, changes: Partial<AttemptReading> = {}): AttemptReading => ({
  id: AttemptId.make(id),
  status: "dialing",
  dialed: true,
  answered: false,
  over: false,
  digests: new Map(),
  ...changes
})

const reading = (changes: Partial<Reading> = {}): Seen => ({
  ...placed,
  state: "accepted",
  heardBy: "read",
  reading: {
    orderId,
    status: "in_progress",
    over: false,
    complete: false,
    digests: new Map(),
    attempts: [],
    ...changes
  }
})

const ended: Partial<Reading> = { status: "completed", over: true }

describe("what is known of a call", () => {
  it.prop(
    "is the same in whatever order it is heard, and however often",
    [hearings, permutation, permutation],
    ([all, order, again]) => {
      const { known } = told(all)
      const other = told([...permuted(all, order), ...permuted(all, again)])
      expect(canonicalJson(other.known ?? null)).toBe(canonicalJson(known ?? null))
    },
    runs(400)
  )

  it.prop(
    "is the same for a provider with one attempt to an order",
    [Arbitrary.array(seenOrders(revringCallOf("order-1")), { maxLength: 6 }), permutation],
    ([bodies, order]) => {
      const all = bodies.flat()
      expect(canonicalJson(told(permuted(all, order)).known ?? null)).toBe(canonicalJson(told(all).known ?? null))
    },
    runs(200)
  )

  it.prop(
    "can be written down and read again",
    [hearings],
    ([all]) => {
      const { known } = told(all)
      if (known === undefined) return
      const written: unknown = JSON.parse(JSON.stringify(Schema.encodeSync(KnownCall)(known)))
      expect(Schema.decodeUnknownSync(KnownCall)(written)).toEqual(known)
    },
    runs(100)
  )

  it.prop(
    "holds none of the values that were read",
    [seenOrders(revoxOrderOf("order-1"))],
    ([all]) => {
      const text = JSON.stringify(told(all))
      for (const value of ["+1202555", "Hello", "Zefira", "Wants an offer", "media.example.com", "gold"])
        expect(text).not.toContain(value)
    },
    runs(100)
  )
})

describe("what is told", () => {
  it.prop(
    "is told once: nothing of what has been heard before",
    [hearings],
    ([all]) => {
      const { known } = told(all)
      for (const seen of all) expect(changesOf(known, seen)).toEqual({ known, changes: [] })
    },
    runs(200)
  )

  it.prop(
    "is each state once, each dialling and answer once for its attempt, and after an end nothing but fields",
    [hearings],
    ([all]) => {
      const { changes, words } = told(all)
      const once = changes
        .filter(({ change }) => change !== "enriched")
        .map(({ change, attemptId = "", state }) => [change, attemptId, change === "settled" ? state : ""].join(" "))
      expect(new Set(once).size).toBe(once.length)
      const end = words.indexOf("ended")
      if (end !== -1) expect(words.slice(end + 1).filter((word) => word !== "enriched")).toEqual([])
      expect(changes.filter(({ change, fields }) => change === "enriched" && fields === undefined)).toEqual([])
    },
    runs(300)
  )

  it("is a call from its acceptance to what arrives after its end", () => {
    const talking = attempt("attempt-1", { status: "in_progress", answered: true })
    const over = { ...talking, status: "ended", over: true } as const
    const { changes } = told([
      { ...placed, state: "accepted", orderId, status: "queued", heardBy: "place" },
      reading({ attempts: [attempt("attempt-1")] }),
      reading({ attempts: [talking] }),
      reading({ ...ended, attempts: [over] }),
      reading({ ...ended, attempts: [{ ...over, digests: new Map([["transcript", "0a1b"]]) }] }),
      reading({ ...ended, digests: new Map([["outcome", "77ff"]]), attempts: [over] })
    ])
    expect(changes).toMatchObject([
      { change: "accepted", state: "accepted", orderId, status: "queued", heardBy: "place" },
      { change: "dialing", attemptId: "attempt-1", attempts: [{ id: "attempt-1", status: "dialing" }] },
      { change: "answered", attemptId: "attempt-1", status: "in_progress" },
      { change: "ended", status: "completed", attempts: [{ id: "attempt-1", status: "ended" }] },
      { change: "enriched", fields: ["transcript"] },
      { change: "enriched", fields: ["outcome"] }
    ])
    expect(changes.length).toBe(6)
  })

  it("is everything in its order where a call is over when it is first read", () => {
    const { words, changes } = told([
      { ...placed, state: "uncertain", heardBy: "place" },
      reading({ ...ended, digests: new Map([["cost", "1234"]]), attempts: [attempt("attempt-1", { answered: true })] })
    ])
    expect(words).toEqual(["uncertain", "accepted", "settled", "dialing", "answered", "ended"])
    expect(changes.map(({ fields }) => fields)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      ["cost"]
    ])
    expect(changes.at(2)).toMatchObject({ state: "accepted", orderId })
  })

  it("is how a doubt was settled", () => {
    const { changes } = told([
      { ...placed, state: "uncertain" },
      { ...placed, state: "absent" },
      { ...placed, state: "uncertain" },
      { ...placed, state: "accepted", orderId }
    ])
    expect(changes.map(({ change, state }) => [change, state])).toEqual([
      ["uncertain", "uncertain"],
      ["absent", "absent"],
      ["settled", "absent"],
      ["accepted", "accepted"],
      ["settled", "accepted"]
    ])
    const freed = told([
      { ...placed, state: "uncertain" },
      { ...placed, state: "free" }
    ])
    expect(freed.changes.map(({ change, state }) => [change, state])).toEqual([
      ["uncertain", "uncertain"],
      ["settled", "free"]
    ])
  })

  it("is nothing of a reservation of which nothing had been told", () => {
    expect(told([{ ...placed, state: "free" }])).toEqual({ known: undefined, changes: [], words: [] })
  })

  it("never takes an end back: a late ringing is no change, and a new attempt after the end is told as a field", () => {
    const late = reading({ status: "queued", attempts: [attempt("attempt-1")] })
    const { known, words } = told([reading({ ...ended, attempts: [attempt("attempt-1", { status: "ended" })] }), late])
    expect(words).toEqual(["accepted", "dialing", "ended"])
    expect(known).toMatchObject({ end: "completed", attempts: [{ status: "ended" }] })
    const { changes } = told([reading(ended), reading({ attempts: [attempt("attempt-2", { answered: true })] })])
    expect(changes.at(-1)).toMatchObject({ change: "enriched", status: "completed", fields: ["attempts", "answered"] })
  })

  it("is a word of the status once, where nothing else tells it", () => {
    const { changes } = told([
      { ...placed, state: "accepted", orderId, status: "queued" },
      reading({ status: "in_progress" }),
      reading({ status: "scheduled" }),
      reading({ status: "in_progress" })
    ])
    expect(changes.map(({ change, status, fields }) => [change, status, fields])).toEqual([
      ["accepted", "queued", undefined],
      ["enriched", "in_progress", ["status"]],
      ["enriched", "scheduled", ["status"]]
    ])
  })

  it("is what a field comes to after the end, whatever it has been before", () => {
    const digest = (text: string) => new Map([["summary", text] as const])
    const during = Array.from({ length: 40 }, (_, place) => reading({ digests: digest((0x1000 + place).toString(16)) }))
    const before = told(during)
    expect(before.known?.fields["summary"]?.digests.length).toBe(16)
    const after = told([...during, reading({ ...ended, digests: digest("ffff") })])
    expect(after.changes.at(-1)).toMatchObject({ change: "ended", fields: ["summary"] })
    expect(after.known?.fields["summary"]).toEqual({ over: true, digests: ["ffff"] })
  })

  it("is not that an address which expires differs at each reading", () => {
    const order = (recordingUrl: string) => ({
      id: "order-1",
      status: "completed",
      call_attempts: [{ id: "attempt-1", status: "completed", recording_url: recordingUrl }],
      to_phone_number: "+12025550101",
      created_at: "2026-03-01T10:00:00.000Z"
    })
    const of = (url: string) => ordersIn(order(url)).map(ofOrder(true))
    const { words } = told([
      ...of("https://media.example.com/1?signature=a"),
      ...of("https://media.example.com/1?signature=b")
    ])
    expect(words).toEqual(["accepted", "dialing", "ended"])
  })
})
