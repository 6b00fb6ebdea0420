import { describe, expect, it } from "vitest"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { parsePlaceCall } from "../../src/domain/PlaceCall.ts"
import { noOptionsReader, optionsReader } from "../../src/provider/ownOptions.ts"

const orderWith = (providerOptions: object) =>
  Result.getOrThrow(
    parsePlaceCall({ provider: "acme", to: "+12025550101", agent: {}, reference: "lead-1", providerOptions })
  )

const faultOf = (read: Result.Result<unknown, { readonly field?: string; readonly expected?: string }>) =>
  Result.isFailure(read) ? [read.failure.field, read.failure.expected] : "read"

describe("options of a provider's own", () => {
  const readOptions = optionsReader(Schema.Struct({ greeting: Schema.optionalKey(Schema.String) }), "acme")

  it("are read by their schema, and are empty where an order has none", () => {
    expect(readOptions(orderWith({ acme: { greeting: "Hello" } }))).toEqual(Result.succeed({ greeting: "Hello" }))
    expect(readOptions(orderWith({ other: { greeting: 1 } }))).toEqual(Result.succeed({}))
  })

  it("are refused by the field that is not known or does not fit", () => {
    expect(faultOf(readOptions(orderWith({ acme: { colour: "red" } })))).toEqual([
      "providerOptions.acme.colour",
      "no field of this name"
    ])
    expect(faultOf(readOptions(orderWith({ acme: { greeting: 1 } })))[0]).toBe("providerOptions.acme.greeting")
  })

  it("are all refused where a provider has none", () => {
    const readNone = noOptionsReader("acme")
    expect(readNone(orderWith({ other: { colour: "red" } }))).toEqual(Result.succeed({}))
    expect(faultOf(readNone(orderWith({ acme: { colour: "red" } })))).toEqual([
      "providerOptions.acme.colour",
      "no field of this name"
    ])
  })
})
