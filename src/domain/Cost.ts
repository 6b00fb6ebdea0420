import * as Schema from "effect/Schema"
import { Decimal } from "./Decimal.ts"

/** What an order cost, as the provider gives it: amounts are decimal text, as on the wire, and are never converted. */
export const Cost = Schema.Struct({
  /** The whole. */
  amount: Decimal,
  /** The currency by ISO 4217: `USD`. */
  currency: Schema.optionalKey(Schema.String),
  /** What is counted where it is no currency: `credits`. */
  unit: Schema.optionalKey(Schema.String),
  /** What the whole is made of, by the provider's names. The parts need not be all of it. */
  parts: Schema.optionalKey(Schema.Array(Schema.Struct({ name: Schema.String, amount: Decimal })))
})
export type Cost = typeof Cost.Type
