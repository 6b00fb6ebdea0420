/** One row more in a table of fields, and nothing else: everything that handles fields knows it. */
import * as Schema from "effect/Schema"
import { describe, expect, expectTypeOf, it } from "vitest"
import { notesIn } from "../../docs/generator/fieldNotes.ts"
import { Attempt, attemptFields } from "../../src/domain/CallAttempt.ts"
import { CallOrder, orderFields } from "../../src/domain/CallOrder.ts"
import {
  addAll,
  type ClaimsOf,
  claimsIn,
  type ConclusionsOf,
  type FieldTable,
  joinedIn,
  type MeaningOf,
  schemasOf,
  uncountedIn
} from "../../src/domain/fields.ts"
import { columnsOf, csvColumns } from "../../src/normalize/columns.ts"
import { checkOf } from "../../src/normalize/written/checks.ts"

const more = {
  ...orderFields,
  /** The caller's name as the provider looked it up. */
  callerName: {
    schema: Schema.String,
    from: "claim",
    rule: "looked up by the provider",
    uncounted: true,
    columns: { caller_name: csvColumns.length + 1 }
  },
  priority: { schema: Schema.Finite, from: "meaning" }
} as const satisfies FieldTable

const Order = Schema.Struct(schemasOf(more))

describe("a field that is added to the table", () => {
  it("is in the record's type, the claims and the meaning", () => {
    expectTypeOf<(typeof Order.Type)["callerName"]>().toEqualTypeOf<string | undefined>()
    expectTypeOf<ClaimsOf<typeof more>["callerName"]>().toEqualTypeOf<string | undefined>()
    expectTypeOf<MeaningOf<typeof more>["priority"]>().toEqualTypeOf<number | undefined>()
    expectTypeOf<"callerName" extends keyof ConclusionsOf<typeof more> ? true : false>().toEqualTypeOf<false>()
    const optional: ClaimsOf<typeof more> = {}
    expect(optional).toEqual({})
  })

  it("is claimed, merged by the common rule, joined, and not counted if its row says so", () => {
    expect(claimsIn(more).find(({ name }) => name === "callerName")).toMatchObject({ schema: Schema.String })
    expect(joinedIn(more).map(({ name }) => name)).toEqual(expect.arrayContaining(["callerName", "priority"]))
    expect([uncountedIn(more).has("callerName"), uncountedIn(more).has("priority")]).toEqual([true, false])
  })

  it("is shown by the view", () => {
    const record: { [field: string]: unknown } = {}
    const add = addAll(more, (to, { from }) => void (to["from"] = from))
    add(record, { from: "a", callerName: "Ada" }, { priority: 2 }, {})
    expect(record).toEqual({ from: "a", callerName: "Ada", priority: 2 })
  })

  it("is checked in written records", () => {
    const check = checkOf(Schema.Struct({ callerName: Schema.optionalKey(Schema.String) }))
    expect(check({ callerName: "Ada" })).toBeUndefined()
    const whole = checkOf(Order)
    const order = { kind: "call_order", provider: "p", id: "1", status: "queued", attempts: [] }
    const reach = { value: "pending", certainty: "stated", because: [] }
    const written = { ...order, enriched: { transcript: false, recording: false, outcome: false }, reach }
    expect(whole({ ...written, callerName: "Ada" })).toBeUndefined()
    expect(whole({ ...written, callerName: 7 })).toEqual({ path: "callerName", expected: "text" })
  })

  it("has its column of CSV, the last one, written and read", () => {
    const column = columnsOf(more, attemptFields).at(-1)
    expect(column).toMatchObject({ name: "caller_name", order: { field: "callerName" } })
    expect(column?.format.write("Ada")).toBe("Ada")
    expect(column?.format.read("Ada")).toBe("Ada")
  })

  it("is explained in the documentation by the comment above its row, which must not be missing", () => {
    const row = '  /** The caller\'s name. */\n  callerName: { schema: Schema.String, from: "claim" },\n'
    expect(notesIn(row, { callerName: more.callerName })).toEqual({ callerName: "The caller's name." })
    expect(() => notesIn(row, { priority: more.priority })).toThrow("expected a comment above the row of priority")
  })
})

describe("the tables of fields", () => {
  it("are the schemas of records", () => {
    expect(Object.keys(CallOrder.fields)).toEqual(Object.keys(orderFields))
    expect(Object.keys(Attempt.fields)).toEqual(Object.keys(attemptFields))
  })

  it("give each column of CSV a number of its own, without gaps", () => {
    expect(csvColumns.map(({ number }) => number)).toEqual(csvColumns.map((_, index) => index + 1))
  })
})
