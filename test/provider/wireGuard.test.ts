import { it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import { describe, expect } from "vitest"
import * as revox from "../../adapters/revox/Wire.ts"
import * as revring from "../../adapters/revring/Wire.ts"
import { Count, Flag, given, List, Text } from "../../src/provider/WireReader.ts"
import { wireGuard } from "../../src/provider/wireGuard.ts"

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
  const guard = wireGuard(schema.ast)
  const is = Schema.is(schema)
  const names = Object.keys(schema.fields)

  it.prop("takes every body that the schema makes", [Arbitrary.schema(schema)], ([body]) => {
    expect(guard({ ...body })).toBe(true)
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
      expect(guard(changed)).toBe(is(changed))
    }
  )
})

describe("a wire schema", () => {
  it("is refused if a field may not be absent, since a misfit could not be set aside", () => {
    expect(() => wireGuard(Schema.Struct({ id: Schema.String }).ast)).toThrow(/id.*given/)
  })

  it("is refused if it holds what the check does not know", () => {
    expect(() => wireGuard(Schema.Struct({ at: given(Schema.Date) }).ast)).toThrow(/cannot hold/)
  })

  it("checks within lists and structs", () => {
    const guard = wireGuard(Schema.Struct({ items: List(Schema.Struct({ text: Text, count: Count, flag: Flag })) }).ast)
    expect(guard({ items: [{ text: "a", count: 1, flag: true }, null, {}] })).toBe(true)
    expect(guard({ items: [{ text: 1 }] })).toBe(false)
    expect(guard({ items: [{ count: Infinity }] })).toBe(false)
    expect(guard({ items: {} })).toBe(false)
  })
})
