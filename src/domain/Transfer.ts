import * as Schema from "effect/Schema"
import { Instant } from "./Instant.ts"

/**
 * How far a hand-over came. `initiated`: it was begun, and no more is said. `not_connected`: the third party was busy, did not
 * answer, was a mailbox, or could not be reached. `connected`: it was reached. `completed`: the call went on with it.
 */
export const TransferState = Schema.Literals(["initiated", "not_connected", "connected", "completed"])
export type TransferState = typeof TransferState.Type

/**
 * A hand-over of the call to a person or another line; one between assistants is none. What becomes of the third party says
 * nothing about the party that was called.
 */
export const Transfer = Schema.Struct({
  /** The number or address it was handed over to, as given. */
  to: Schema.optionalKey(Schema.String),
  /** When it was begun. */
  at: Schema.optionalKey(Instant),
  state: TransferState
})
export type Transfer = typeof Transfer.Type
