import { describe, expectTypeOf, it } from "vitest"
import type { OptionalFields } from "../../src/testing/orderFields.ts"

describe("the fields of an order that need a row in the live contract", () => {
  it("are all optional ones, those of objects in it too, but no members of maps and lists", () => {
    interface Order {
      readonly to: string
      readonly from?: string
      readonly agent: { readonly id?: string; readonly inline?: { readonly prompt: string; readonly voice?: string } }
      readonly variables?: { readonly [name: string]: string }
      readonly days?: ReadonlyArray<{ readonly from?: string }>
      readonly limit?: number
    }
    expectTypeOf<OptionalFields<Order>>().toEqualTypeOf<
      "from" | "agent.id" | "agent.inline" | "agent.inline.voice" | "variables" | "days" | "limit"
    >()
  })
})
