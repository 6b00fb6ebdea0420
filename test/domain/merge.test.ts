import { describe, expect, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import { providers } from "../../adapters/index.ts"
import { attemptFields } from "../../src/domain/CallAttempt.ts"
import { orderFields } from "../../src/domain/CallOrder.ts"
import type { AttemptFact, OrderFact } from "../../src/domain/Fact.ts"
import { claimsIn, type FieldTable } from "../../src/domain/fields.ts"
import { canonicalJson } from "../../src/domain/Json.ts"
import { mergeAttempts, mergeOrders } from "../../src/domain/Merge.ts"
import { viewOrder } from "../../src/domain/View.ts"
import type { OutputRecord } from "../../src/domain/OutputRecord.ts"
import { type AdaptedFact, makePayloadReader } from "../../src/normalize/normalize.ts"
import { makeNormalizer } from "../../src/normalize/Normalizer.ts"
import type { Adapter } from "../../src/provider/Adapter.ts"
import {
  anyJson,
  type Arb,
  type Body,
  payload,
  payloads,
  permutation,
  permuted,
  revoxListItem,
  revoxOrder,
  revoxOrderOf,
  revringCall,
  revringCallOf
} from "../arbitrary/payloads.ts"

const { fold, normalize } = makeNormalizer(providers)

const runs = (count: number) => ({ arbitrary: { runs: count } })

const fail = (message: string): never => {
  throw new Error(message)
}

const factsOf = (bodies: ReadonlyArray<Body>): ReadonlyArray<AdaptedFact> => {
  const found: Array<AdaptedFact> = []
  const read = makePayloadReader(
    providers,
    {},
    {
      fact: (fact, adapter) => found.push(fact.kind === "order" ? { fact, adapter } : { fact, adapter }),
      view: () => fail("a view"),
      hint: () => fail("a hint"),
      rejection: ({ message }) => fail(message)
    }
  )
  for (const body of bodies) read(body, () => "test")
  return found
}

const ageKnown = ({ asOf, ages }: OrderFact | AttemptFact, field: string) =>
  ages?.has(field) === true ? ages.get(field) : asOf

/** A fact as the laws see it: each claim with its age, whatever the order of keys and lists. */
const shown = (fact: OrderFact | AttemptFact): string => {
  const native: { readonly [key: string]: unknown } = fact.native ?? {}
  const aged = (prefix: string, claims: object) =>
    Object.entries(claims)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, canonicalJson(value), ageKnown(fact, `${prefix}${key}`) ?? "unknown"])
      .toSorted()
  const { status } = fact.claims
  const ownEnd =
    fact.kind === "order" && ["completed", "failed", "canceled"].includes(status.value)
      ? [[status.value, fact.asOf]]
      : []
  return canonicalJson([
    fact.id,
    fact.asOf ?? "unknown",
    aged("", fact.claims),
    aged("evidence.", fact.evidence),
    aged("native.", native),
    [...new Set(fact.issues.map((issue) => canonicalJson(issue)))].toSorted(),
    fact.kind === "order" ? [...(fact.ends ?? ownEnd)].toSorted() : []
  ])
}

const ordersOf = (
  bodies: ReadonlyArray<Body>
): ReadonlyArray<{ readonly fact: OrderFact; readonly adapter: Adapter }> =>
  factsOf(bodies).flatMap(({ fact, adapter }) => (fact.kind === "order" ? [{ fact, adapter }] : []))

const attemptsOf = (
  bodies: ReadonlyArray<Body>
): ReadonlyArray<{ readonly fact: AttemptFact; readonly adapter: Adapter }> =>
  factsOf(bodies).flatMap(({ fact, adapter }) =>
    (fact.kind === "order" ? fact.attempts : [fact])
      .filter(({ id }) => fact.provider === "revring" || id === "attempt-1")
      .map((attempt) => ({ fact: attempt, adapter }))
  )

const three = (body: Arb<Body>) => Arbitrary.array(body, { minLength: 3, maxLength: 3 })

const laws = <F>(facts: ReadonlyArray<F>, merge: (a: F, b: F) => F, show: (fact: F) => string): void => {
  const [a, b, c] = facts
  if (a === undefined || b === undefined || c === undefined) return
  expect(show(merge(a, b))).toBe(show(merge(b, a)))
  expect(show(merge(merge(a, b), c))).toBe(show(merge(a, merge(b, c))))
  expect(show(merge(a, a))).toBe(show(a))
  expect(show(merge(merge(a, b), b))).toBe(show(merge(a, b)))
}

const recognizes = (facts: ReadonlyArray<{ readonly adapter: Adapter }>): Adapter["interpretation"]["recognizes"] =>
  facts[0]?.adapter.interpretation.recognizes ?? (() => fail("no facts"))

const listed = (body: Arb<Body>): Arb<Body> => Arbitrary.map(body, (made) => ({ ...made, id: "attempt-1" }))

describe("merging facts", () => {
  it.prop(
    "is commutative, associative and idempotent for orders of Revox",
    [three(revoxOrderOf("order-1"))],
    ([bodies]) => {
      const facts = ordersOf(bodies)
      laws(
        facts.map(({ fact }) => fact),
        (a, b) => mergeOrders(a, b, recognizes(facts)),
        shown
      )
    },
    runs(250)
  )

  it.prop(
    "is commutative, associative and idempotent for calls of RevRing",
    [three(revringCallOf("call-1"))],
    ([bodies]) => {
      const facts = ordersOf(bodies)
      laws(
        facts.map(({ fact }) => fact),
        (a, b) => mergeOrders(a, b, recognizes(facts)),
        shown
      )
      const attempts = attemptsOf(bodies)
      laws(
        attempts.map(({ fact }) => fact),
        (a, b) => mergeAttempts(a, b, recognizes(facts)),
        shown
      )
    },
    runs(250)
  )

  it.prop(
    "is commutative, associative and idempotent for attempts, listed and held",
    [Arbitrary.all([listed(revoxListItem), revoxOrder, listed(revoxListItem), revoxOrder])],
    ([bodies]) => {
      const facts = attemptsOf(bodies)
      laws(
        facts.map(({ fact }) => fact),
        (a, b) => mergeAttempts(a, b, recognizes(facts)),
        shown
      )
    },
    runs(250)
  )
})

/** Every optional claim as undefined. */
const noneOf = (table: FieldTable): { readonly [claim: string]: undefined } =>
  Object.fromEntries(claimsIn(table).flatMap(({ name }) => (name === "path" ? [] : [[name, undefined]])))

const NO_ATTEMPT_CLAIMS = noneOf(attemptFields)
const NO_ORDER_CLAIMS = noneOf(orderFields)

const spelledOut = (fact: OrderFact): OrderFact => ({
  ...fact,
  claims: { ...NO_ORDER_CLAIMS, ...fact.claims },
  attempts: fact.attempts.map((attempt) => ({ ...attempt, claims: { ...NO_ATTEMPT_CLAIMS, ...attempt.claims } }))
})

describe("a claim that is absent", () => {
  it.prop(
    "is the same as one that is undefined, in merging and in the record",
    [
      Arbitrary.all([
        revoxOrderOf("order-1"),
        revringCallOf("order-1"),
        revoxOrderOf("order-1"),
        revringCallOf("order-1")
      ])
    ],
    ([bodies]) => {
      const facts = ordersOf(bodies)
      for (const { fact: a, adapter } of facts) {
        const { interpretation } = adapter
        const { recognizes } = interpretation
        expect(viewOrder(spelledOut(a), spelledOut(a).attempts, interpretation)).toStrictEqual(
          viewOrder(a, a.attempts, interpretation)
        )
        for (const { fact: b } of facts.filter(({ fact }) => fact.provider === a.provider)) {
          expect(mergeOrders(spelledOut(a), spelledOut(b), recognizes)).toStrictEqual(mergeOrders(a, b, recognizes))
          expect(mergeOrders(a, spelledOut(b), recognizes)).toStrictEqual(mergeOrders(a, b, recognizes))
          for (const one of a.attempts)
            for (const two of b.attempts)
              expect(
                mergeAttempts(
                  { ...one, claims: { ...NO_ATTEMPT_CLAIMS, ...one.claims } },
                  { ...two, claims: { ...NO_ATTEMPT_CLAIMS, ...two.claims } },
                  recognizes
                )
              ).toStrictEqual(mergeAttempts(one, two, recognizes))
        }
      }
    },
    runs(150)
  )
})

const asSet = (records: ReadonlyArray<OutputRecord>): ReadonlyArray<string> =>
  records.map((record) => JSON.stringify(record)).toSorted()

describe("folding", () => {
  it.prop(
    "gives the same records for any order of the payloads",
    [payloads, permutation],
    ([bodies, order]) => {
      expect(asSet(fold(permuted(bodies, order)))).toEqual(asSet(fold(bodies)))
    },
    runs(300)
  )

  it.prop(
    "gives the same records for any repetition of the payloads",
    [payloads, permutation],
    ([bodies, order]) => {
      expect(asSet(fold(permuted([...bodies, ...bodies, ...bodies.slice(0, 2)], order)))).toEqual(asSet(fold(bodies)))
      expect(asSet(fold([{ data: bodies }]))).toEqual(asSet(fold(bodies)))
    },
    runs(200)
  )

  it.prop(
    "gives for one payload the record that reading it gives",
    [payload],
    ([body]) => {
      expect(fold([body]).map((record) => canonicalJson(record))).toEqual(
        normalize(body).map((record) => canonicalJson(record))
      )
    },
    runs(300)
  )

  it.prop(
    "keeps providers and ids apart",
    [payloads],
    ([bodies]) => {
      const records = fold(bodies)
      const ids = new Set(ordersOf(bodies).map(({ fact }) => `${fact.provider} ${fact.id}`))
      const orders = records.flatMap((record) => (record.kind === "call_order" ? [record] : []))
      expect(orders.map(({ provider, id }) => `${provider} ${id}`).toSorted()).toEqual([...ids].toSorted())
      for (const { provider, id, native, attempts } of orders) {
        expect(native?.["id"]).toBe(id)
        expect(native !== undefined && "toNumber" in native).toBe(provider === "revring")
        expect(new Set(attempts.map((attempt) => attempt.id)).size).toBe(attempts.length)
      }
      const strays = records.flatMap((record) => (record.kind === "call_attempt" ? [record.id] : []))
      expect(new Set(strays).size).toBe(strays.length)
    },
    runs(200)
  )

  it.prop(
    "lets no order leave its end, as facts arrive",
    [payloads],
    ([bodies]) => {
      let ended = new Set<string>()
      for (let count = 1; count <= bodies.length; count++) {
        const now = new Set<string>()
        for (const record of fold(bodies.slice(0, count))) {
          if (record.kind === "call_order" && record.terminal === true) now.add(`${record.provider} ${record.id}`)
        }
        for (const order of ended) expect(now).toContain(order)
        ended = now
      }
    },
    runs(200)
  )

  it.prop(
    "lists every end that was claimed and lost",
    [Arbitrary.array(revoxOrderOf("order-1"), { minLength: 1, maxLength: 4 })],
    ([bodies]) => {
      const [record] = fold(bodies)
      if (record?.kind !== "call_order") return fail("no order")
      const claimed = new Set(
        bodies
          .flatMap((body) => normalize(body))
          .flatMap((each) => (each.kind === "call_order" && isEnd(each.status) ? [each.status] : []))
      )
      const lost = (record.conflicts ?? []).map(({ value }) => value)
      expect([...lost, ...(isEnd(record.status) ? [record.status] : [])].toSorted()).toEqual([...claimed].toSorted())
    },
    runs(200)
  )
})

const isEnd = (status: string): boolean => ["completed", "failed", "canceled"].includes(status)

// What a later, poorer payload must not take away

const LATER = "2026-04-01T00:00:00.000Z"
const WORDS = ["direction", "outcome", "result", "dial_error", "end_reason", "ended_by", "hangupCause"]

/** The same record read later, with fields dropped, nulled, emptied or holding a word nobody knows. */
const poorer = (body: Body, choices: ReadonlyArray<number>, isAttempt = false): Body => {
  const kept = Object.entries(body).flatMap(([key, value], place): ReadonlyArray<readonly [string, unknown]> => {
    if (key === "id") return [[key, value]]
    if (key === "call_attempts" && Array.isArray(value)) {
      return [[key, value.map((item: unknown) => (isBody(item) ? poorer(item, choices.slice(3), true) : item))]]
    }
    if (key === "call_attempts" || key === "toNumber" || key === "status" || key === "agentId") return [[key, value]]
    const choice = (choices[place % choices.length] ?? 0) % 5
    if (choice === 0) return []
    if (choice === 1) return [[key, null]]
    if (choice === 2 && typeof value === "string" && value !== "")
      return [[key, WORDS.includes(key) ? "never_heard_of" : key.endsWith("_at") || key.endsWith("At") ? "" : value]]
    if (choice === 3 && typeof value === "object") return [[key, {}]]
    return [[key, value]]
  })
  return { ...Object.fromEntries(kept), ...(isAttempt ? {} : { updated_at: LATER, updatedAt: LATER }) }
}

const isBody = (value: unknown): value is Body => typeof value === "object" && value !== null && !Array.isArray(value)

/** Two elements of one list that claim to be the same attempt contradict each other before anything is merged. */
const repeatsAttempt = ({ call_attempts: list }: Body): boolean => {
  const ids = Array.isArray(list) ? list.flatMap((item: unknown) => (isBody(item) ? [item["id"]] : [])) : []
  return new Set(ids).size < ids.length
}

/** Fields that say something about the whole or about time passing. */
const MOVING = new Set([
  "updatedAt",
  "issues",
  "native",
  "reach",
  "enriched",
  "status",
  "providerStatus",
  "terminal",
  "conflicts"
])

const settledFields = (record: OutputRecord | undefined): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  const add = (holder: object, prefix: string): void => {
    for (const [key, value] of Object.entries(holder)) {
      if (MOVING.has(key)) continue
      if (key === "attempts" && Array.isArray(value)) {
        for (const item of value) if (isBody(item)) add(item, `attempts ${String(item["id"])} `)
      } else found.set(`${prefix}${key}`, canonicalJson(value))
    }
  }
  add(record ?? {}, "")
  return found
}

describe("a later, poorer payload", () => {
  it.prop(
    "erases nothing",
    [payload, permutation],
    ([body, choices]) => {
      if (repeatsAttempt(body)) return
      const before = settledFields(fold([body])[0])
      const after = settledFields(fold([body, poorer(body, choices)])[0])
      for (const [name, value] of before) expect([name, after.get(name)]).toEqual([name, value])
    },
    runs(400)
  )

  const full = {
    id: "call-1",
    organizationId: "org-1",
    direction: "OUTBOUND",
    status: "COMPLETED",
    fromNumber: "+12025550100",
    toNumber: "+12025550101",
    agentId: "agent-1",
    initiatedAt: "2026-03-01T10:00:00Z",
    startedAt: "2026-03-01T10:00:05Z",
    endedAt: "2026-03-01T10:01:05Z",
    updatedAt: "2026-03-01T10:02:00Z",
    hangupCause: "USER_ENDED",
    transcript: [
      { role: "agent", content: "Hello" },
      { role: "user", content: "Yes" }
    ],
    summary: "Short talk.",
    recordingUrl: "https://media.example.com/2.mp3"
  }

  it("of the minimal batch kind erases nothing", () => {
    const minimal = {
      id: "call-1",
      toNumber: "+12025550101",
      status: "COMPLETED",
      agentId: "agent-1",
      updatedAt: LATER
    }
    const [before, after] = [settledFields(fold([full])[0]), settledFields(fold([full, minimal])[0])]
    expect(Object.fromEntries(after)).toEqual(Object.fromEntries(before))
  })

  it("that says it is still running does not reopen it", () => {
    const [record] = fold([full, { ...full, status: "ONGOING", endedAt: null, updatedAt: LATER }])
    expect(record).toMatchObject({ status: "completed", terminal: true, providerStatus: "COMPLETED", updatedAt: LATER })
  })

  it.each(["never_heard_of", "constructor"])(
    "with the status %s and an end does not take a known end away",
    (status) => {
      const [record] = fold([full, { ...full, status, updatedAt: LATER }])
      expect(record).toMatchObject({ status: "completed", providerStatus: "COMPLETED", terminal: true })
    }
  )

  it("with a newer unknown status displaces one that was still running", () => {
    const running = { ...full, status: "ONGOING", endedAt: null }
    const [record] = fold([running, { ...running, status: "HELD", updatedAt: LATER }])
    expect(record).toMatchObject({ status: "unrecognized", providerStatus: "HELD" })
  })
})

describe("facts that disagree", () => {
  const order = (status: string, updated_at: string | null, more: Body = {}) => ({
    id: "order-1",
    call_attempts: [],
    status,
    updated_at,
    ...more
  })

  it("on the end are settled by the later one, and the other is listed", () => {
    const facts = [order("completed", "2026-03-01T10:00:00Z"), order("errored", "2026-03-01T11:00:00Z")]
    const expected = {
      status: "failed",
      conflicts: [{ path: "status", value: "completed", asOf: "2026-03-01T10:00:00.000Z" }]
    }
    expect(fold(facts)).toMatchObject([expected])
    expect(fold(facts.toReversed())).toMatchObject([expected])
  })

  it("on the end without times are settled by rank", () => {
    const [record] = fold([order("cancelled", null), order("completed", null), order("errored", null)])
    expect(record).toMatchObject({
      status: "completed",
      conflicts: [
        { path: "status", value: "canceled" },
        { path: "status", value: "failed" }
      ]
    })
  })

  it("on a derived and a given end are settled by the given one, however old", () => {
    const { status: _, ...derived } = order("", LATER, { is_cancelled: true })
    const [record] = fold([order("completed", "2026-03-01T10:00:00Z"), derived])
    expect(record).toMatchObject({
      status: "completed",
      providerStatus: "completed",
      conflicts: [{ path: "status", value: "canceled", asOf: LATER }]
    })
  })

  it("on a field are settled by the later one, unknown words aside", () => {
    const facts = [
      order("calling", "2026-03-01T10:00:00Z", {
        outcome: "interested",
        outcome_summary: "old",
        campaign: { id: "c1" }
      }),
      order("calling", "2026-03-01T11:00:00Z", { outcome: "thrilled", outcome_summary: "new", campaign: {} })
    ]
    expect(fold(facts)).toMatchObject([{ outcome: "interested", outcomeReason: "new", campaign: { id: "c1" } }])
    expect(asSet(fold(facts))).toEqual(asSet(fold(facts.toReversed())))
  })

  it("on the answer are settled by the yes", () => {
    const attempt = { id: "attempt-1", status: "completed", phone_number: "+12025550101" }
    const facts = [
      { ...attempt, answered_at: "2026-03-01T10:00:00Z" },
      { ...attempt, answered_at: null, ended_at: "2026-03-02T10:00:00Z" }
    ]
    expect(fold(facts)).toMatchObject([{ answered: true, answeredAt: "2026-03-01T10:00:00.000Z" }])
  })

  it("on null and absent keep the null in the provider's record", () => {
    const [record] = fold([order("calling", LATER, { campaign: null }), order("calling", LATER)])
    expect(record).toHaveProperty("native.campaign", null)
  })

  it("on the transcript are settled by turns over unsplit text, and by either over none", () => {
    const attempt = { id: "attempt-1", status: "completed", phone_number: "+12025550101", answered_at: null }
    const facts = [
      { ...attempt, transcript: [{ role: "user", content: "Hi" }] },
      { ...attempt, transcript: "Caller: Hi", ended_at: LATER },
      { ...attempt, transcript: [], ended_at: "2026-05-01T00:00:00Z" }
    ]
    expect(fold(facts)).toMatchObject([{ transcript: { turns: [{ role: "remote", text: "Hi" }] } }])
    expect(fold(facts.slice(1))).toMatchObject([{ transcript: { text: "Caller: Hi" } }])
  })
})

describe("facts of one age", () => {
  const attempt = {
    id: "attempt-1",
    status: "completed",
    phone_number: "+12025550101",
    answered_at: null,
    ended_at: "2026-03-01T10:00:00Z"
  }
  const turn = (content: string) => ({ role: "user", content })
  const both = (a: Body, b: Body) => {
    const [one, other] = [fold([a, b]), fold([b, a])]
    expect(asSet(one)).toEqual(asSet(other))
    expect(one).toHaveLength(1)
    return one[0]
  }

  it("keep the transcript with more turns, whichever is read first", () => {
    const short = { ...attempt, transcript: [turn("Zoe here")] }
    const long = { ...attempt, transcript: [turn("Zoe here"), turn("An offer?"), turn("Yes")] }
    const texts = ["Zoe here", "An offer?", "Yes"].map((text) => ({ role: "remote", text }))
    expect(both(short, long)).toMatchObject({ transcript: { turns: texts }, native: { transcript: long.transcript } })
  })

  it("keep, of as many turns, those with the longer text", () => {
    const [cut, whole] = [[turn("z")], [turn("a whole sentence")]].map((transcript) => ({ ...attempt, transcript }))
    expect(both(cut ?? {}, whole ?? {})).toMatchObject({ transcript: { turns: [{ text: "a whole sentence" }] } })
  })

  it("keep the longer unsplit text, the longer list and the fuller map", () => {
    const one = { ...attempt, transcript: "z", structured_output: { z: 1 }, tags: ["zz"] }
    const more = { ...attempt, transcript: "a b", structured_output: { a: 1, b: 2 }, tags: ["a", "b"] }
    expect(both(one, more)).toMatchObject({
      transcript: { text: "a b" },
      extracted: { a: 1, b: 2 },
      native: { tags: ["a", "b"] }
    })
  })

  it("keep the longer summary and the larger number", () => {
    const call = { id: "call-1", toNumber: "+12025550101", status: "COMPLETED", agentId: "a", updatedAt: LATER }
    const [one, more] = [
      { ...call, summary: "z", durationSeconds: 9 },
      { ...call, summary: "a longer one", durationSeconds: 10 }
    ]
    expect(both(one, more)).toMatchObject({ summary: "a longer one", attempts: [{ talkSeconds: 10 }] })
  })

  it("keep the issues and the ends of both", () => {
    const order = { id: "order-1", call_attempts: [], updated_at: LATER }
    expect(
      both({ ...order, status: "completed", created_at: "?" }, { ...order, status: "errored", outcome: "?" })
    ).toMatchObject({
      issues: [{ path: "created_at" }, { path: "outcome" }],
      conflicts: [{ value: "failed" }]
    })
  })

  it("of another age still go by age: what is newer may have been corrected", () => {
    const old = { ...attempt, transcript: [turn("one"), turn("two")] }
    const corrected = { ...attempt, transcript: [turn("one and two")], ended_at: LATER }
    expect(both(old, corrected)).toMatchObject({ transcript: { turns: [{ text: "one and two" }] } })
  })

  it.prop(
    "stand in one order, whatever they are",
    [Arbitrary.array(anyJson(2), { minLength: 3, maxLength: 3 })],
    ([values]) => {
      const bodies = values.map((value) => ({ id: "order-1", call_attempts: [], metadata: value, field: value }))
      const facts = ordersOf(bodies)
      laws(
        facts.map(({ fact }) => fact),
        (a, b) => mergeOrders(a, b, recognizes(facts)),
        shown
      )
    },
    runs(200)
  )
})

describe("attempts of a list", () => {
  const item = {
    id: "attempt-1",
    status: "completed",
    phone_number: "+12025550101",
    answered_at: null,
    recording_url: "https://media.example.com/1.mp3"
  }
  const order = { id: "order-1", call_attempts: [{ id: "attempt-2", status: "error" }], updated_at: LATER }

  it("join the order they name", () => {
    const records = fold([{ ...item, call_order_id: "order-1" }, order])
    expect(records).toMatchObject([
      { kind: "call_order", id: "order-1", attempts: [{ id: "attempt-2" }, { id: "attempt-1", orderId: "order-1" }] }
    ])
    expect(records).toHaveLength(1)
  })

  it("join the order that holds them, and keep their record", () => {
    const records = fold([
      item,
      { ...order, call_attempts: [{ id: "attempt-1", status: "completed", result: "human" }] }
    ])
    expect(records).toMatchObject([
      {
        kind: "call_order",
        attempts: [
          {
            id: "attempt-1",
            orderId: "order-1",
            recordingUrl: item.recording_url,
            native: item,
            answeredBy: { value: "human" }
          }
        ]
      }
    ])
    expect(records).toHaveLength(1)
  })

  it("stay what they are where their order is not among the payloads", () => {
    const records = fold([{ ...item, call_order_id: "order-never-seen" }, order, { ...item, id: "attempt-9" }])
    expect(records.map(({ kind }) => kind)).toEqual(["call_order", "call_attempt", "call_attempt"])
    expect(records[1]).toMatchObject({ id: "attempt-1", orderId: "order-never-seen" })
  })

  it("of one provider never join an order of another", () => {
    const call = { id: "order-1", toNumber: "+12025550101", status: "COMPLETED", agentId: "agent-1" }
    const records = fold([{ ...item, call_order_id: "order-1" }, call])
    expect(records).toMatchObject([
      { kind: "call_order", provider: "revring" },
      { kind: "call_attempt", provider: "revox" }
    ])
  })

  it("keep the order of their record's keys, merged or not", () => {
    const named = { ...item, call_order_id: "order-1" }
    expect(asSet(fold([named, named, order]))).toEqual(asSet(fold([named, order])))
  })

  it("keep their record's age while an order that holds them adds nothing to it", () => {
    const at = (minute: number, note: string) => ({
      ...item,
      answered_at: null,
      ended_at: `2026-03-01T10:0${minute}:00Z`,
      note
    })
    const holder = { ...order, call_attempts: [{ id: "attempt-1", status: "completed" }] }
    const facts = [at(1, "older"), holder, at(5, "newer")]
    expect(fold(facts)).toMatchObject([{ attempts: [{ native: { note: "newer" } }] }])
    expect(asSet(fold(facts))).toEqual(asSet(fold([at(1, "older"), at(5, "newer"), holder])))
  })

  it("are hints' business never: a webhook names an order and changes none", () => {
    const hint = { call_order_id: "order-1", call_id: "attempt-2", result: "human", status: "completed" }
    const [folded, passedOn, ...more] = fold([order, hint])
    expect(canonicalJson(folded)).toBe(canonicalJson(fold([order])[0]))
    expect(passedOn).toMatchObject({ kind: "call_hint", orderId: "order-1" })
    expect(more).toEqual([])
  })
})

it.effect("generated payloads meet: half of the samples have something to merge", () =>
  Effect.map(
    Arbitrary.sampleEffect(Arbitrary.array(payload, { minLength: 4, maxLength: 4 }), { count: 100, seed: 1 }),
    (samples) => {
      expect(samples.filter((bodies) => fold(bodies).length < bodies.length).length).toBeGreaterThan(50)
    }
  )
)

it.prop(
  "a call of RevRing stays one order with one attempt, however often it is read",
  [Arbitrary.array(revringCall, { maxLength: 5 })],
  ([bodies]) => {
    for (const record of fold(bodies)) {
      expect(record).toMatchObject({ kind: "call_order" })
      if (record.kind === "call_order") expect(record.attempts.map(({ id }) => String(id))).toEqual([record.id])
    }
  },
  runs(60)
)
