import { it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import { describe, expect } from "vitest"
import * as revox from "../../adapters/revox/Wire.ts"
import * as revring from "../../adapters/revring/Wire.ts"
import { Count, Flag, given, List, Text } from "../../src/provider/WireReader.ts"
import { fits, type Form, formOf, refit } from "../../src/provider/wireGuard.ts"

const bodies = {
  "Revox order": revox.Order,
  "Revox attempt": revox.Attempt,
  "Revox webhook": revox.Webhook,
  "RevRing call": revring.Call,
  "RevRing pre-call": revring.PreCall
}

/** Values of every type that JSON has, and the number that only overflow gives. */
const anything = Schema.Union([
  Schema.Null,
  Schema.Boolean,
  Schema.Number,
  Schema.String,
  Schema.Array(Schema.Union([Schema.Null, Schema.String, Schema.Record(Schema.String, Schema.String)])),
  Schema.Record(Schema.String, Schema.Union([Schema.Null, Schema.Number, Schema.String]))
])

describe.each(Object.entries(bodies))("the check of a %s", (_, schema) => {
  const form = formOf(schema.ast)
  const is = Schema.is(schema)
  const names = Object.keys(schema.fields)

  it.prop("takes every body that the schema makes", [Arbitrary.schema(schema)], ([body]) => {
    expect(fits(body, form)).toBe(true)
  })

  it.prop(
    "answers as the schema does when a field holds anything",
    {
      body: Arbitrary.schema(schema),
      index: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 99 })),
      value: anything
    },
    ({ body, index, value }) => {
      const name = names[index % names.length] ?? "id"
      const changed = { ...body, [name]: value }
      expect(fits(changed, form)).toBe(is(changed))
      expect(is(refit(changed, form, () => undefined))).toBe(true)
      expect(refit(changed, form, () => undefined) === changed).toBe(is(changed))
    }
  )
})

describe("a wire schema", () => {
  it("replaces any number of misfits in one pass", () => {
    const form = formOf(Schema.Struct({ items: List(Schema.Struct({ text: Text })) }).ast)
    const items = Array.from({ length: 200_000 }, () => 1)
    expect(refit({ items }, form, () => null)).toEqual({ items: items.map(() => null) })
  })

  it("is refused if a field may not be absent, since a misfit could not be set aside", () => {
    expect(() => formOf(Schema.Struct({ id: Schema.String }).ast)).toThrow(/id.*given/)
  })

  it("is refused if it holds what the check does not know", () => {
    expect(() => formOf(Schema.Struct({ at: given(Schema.Date) }).ast)).toThrow(/cannot hold/)
  })

  it("names the innermost values that do not fit", () => {
    const form = formOf(Schema.Struct({ items: List(Schema.Struct({ text: Text, count: Count, flag: Flag })) }).ast)
    const places = (body: object) => {
      const found: Array<ReadonlyArray<string | number>> = []
      refit(body, form, (_value: unknown, _expected: Form, path) => void found.push(path))
      return found
    }
    expect(places({ items: [{ text: "a", count: 1, flag: true }, null, {}] })).toEqual([])
    expect(places({ items: [{ text: 1 }, "x", { count: Infinity, flag: 0 }] })).toEqual([
      ["items", 0, "text"],
      ["items", 1],
      ["items", 2, "count"],
      ["items", 2, "flag"]
    ])
    expect(places({ items: {} })).toEqual([["items"]])
  })
})
