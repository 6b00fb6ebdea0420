import * as Schema from "effect/Schema"

/** The provider's verdict on whether the task of an order was done, apart from its business outcome; never derived by us. */
export const Goal = Schema.Struct({
  /** `unknown` where the provider says so, and where its words do not decide. */
  achieved: Schema.Literals(["yes", "no", "unknown"]),
  /** How sure the provider is, from 0 to 1. */
  confidence: Schema.optionalKey(Schema.Finite),
  /** Why, in the provider's words. */
  reasons: Schema.optionalKey(Schema.Array(Schema.String)),
  /** The verdict in the provider's own words, where these do not decide, or say more than yes or no. */
  text: Schema.optionalKey(Schema.String)
})
export type Goal = typeof Goal.Type
