/** An answer of success that contradicts itself is not believed, and what it tells is followed. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as TestClock from "effect/testing/TestClock"
import { openInProcess, type Rewrite, START } from "./inProcess.ts"
import { keyOf } from "./placementKeys.ts"

const order = { to: "+12025550100", agent: { id: "agent-1" }, reference: "Zo\u00EB-1" }

const isObject = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Changes the record, wherever it stands in the answer. */
const inRecord =
  (change: (record: { readonly [name: string]: unknown }) => object): Rewrite =>
  (body) =>
    isObject(body["call"]) ? { ...body, call: change(body["call"]) } : change(body)

const withReference = (reference: string): Rewrite => inRecord((record) => ({ ...record, metadata: { reference } }))

const CONTRADICTIONS: ReadonlyArray<readonly [string, Rewrite, string]> = [
  ["success: false", (body) => ({ ...body, success: false }), "AnswerSaysFailure"],
  ["an error beside the order", (body) => ({ ...body, error: "no credit" }), "AnswerSaysFailure"],
  ["an error that is an object", (body) => ({ ...body, error: { code: 402 } }), "AnswerSaysFailure"],
  ["an error in the record", inRecord((record) => ({ ...record, error: "no credit" })), "AnswerSaysFailure"],
  ["another number", inRecord((record) => ({ ...record, to_phone_number: "+12025550101" })), "AnswerNamesOtherNumber"],
  ["another reference", withReference("Zo\u00EB-2"), "AnswerNamesOtherReference"]
]

const HARMLESS: ReadonlyArray<readonly [string, Rewrite]> = [
  ["success: true", (body) => ({ ...body, success: true })],
  ["error: null", (body) => ({ ...body, error: null })],
  ['error: ""', (body) => ({ ...body, error: "" })],
  ["errors without any", (body) => ({ ...body, error: [] })],
  ["no number", inRecord(({ to_phone_number: _number, ...record }) => record)],
  ["a number that cannot be read", inRecord((record) => ({ ...record, to_phone_number: "anonymous" }))],
  ["the number as people write it", inRecord((record) => ({ ...record, to_phone_number: "+1 (202) 555-0100" }))],
  ["no reference", inRecord(({ metadata: _metadata, ...record }) => record)],
  ["the reference decomposed", withReference("Zoe\u0308-1")]
]

describe("an answer of success", () => {
  it.effect.each(CONTRADICTIONS)(
    "with %s leaves it uncertain, and reconciling reads its id first",
    ([, rewrite, because]) =>
      Effect.gen(function* () {
        yield* TestClock.setTime(START)
        const { calls, journal, twin } = yield* openInProcess({ rewrite })
        expect(yield* calls.place(order)).toMatchObject({ state: "uncertain", because })
        expect(yield* calls.place(order)).toMatchObject({ state: "uncertain", because })
        const id = twin.orders[0]?.id
        expect(Option.getOrThrow(yield* journal.find(keyOf(order.reference)))).toMatchObject({ because, lead: id })
        const before = twin.requests.length
        expect(yield* calls.reconcile(order.reference)).toMatchObject({ state: "accepted", call: { id } })
        expect(twin.requests.slice(before).map(({ operation }) => operation)).toEqual(["get"])
        expect(twin.orders).toHaveLength(1)
      })
  )

  it.effect.each(HARMLESS)("with %s is believed", ([, rewrite]) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const { calls } = yield* openInProcess({ rewrite })
      expect(yield* calls.place(order)).toMatchObject({ state: "accepted", already: false })
    })
  )

  it.effect("with the body of another order does not make that order this one's", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      let stranger: unknown
      const rewrite: Rewrite = (body) => (stranger === undefined ? (stranger = body) : stranger)
      const { calls, twin } = yield* openInProcess({ rewrite })
      yield* calls.place({ ...order, to: "+12025550104", reference: "somebody" })
      expect(yield* calls.place(order)).toMatchObject({ state: "uncertain", because: "AnswerNamesOtherNumber" })
      const found = yield* calls.reconcile(order.reference)
      expect(found).toMatchObject({ state: "accepted", call: { id: twin.orders[1]?.id } })
    })
  )

  it.effect("with an id that leads nowhere is searched for as if there were none", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const { calls, twin } = yield* openInProcess({
        rewrite: () => ({
          id: "err_1",
          error: "no credit",
          success: false,
          to_phone_number: "+12025550100",
          status: "queued"
        })
      })
      expect(yield* calls.place(order)).toMatchObject({ state: "uncertain", because: "AnswerSaysFailure" })
      expect(yield* calls.reconcile(order.reference)).toMatchObject({
        state: "accepted",
        call: { id: twin.orders[0]?.id }
      })
    })
  )
})
