/** Tokens of reservations. */
import * as Context from "effect/Context"

/**
 * Makes the token of a reservation: one that no other reservation has, in whatever process. It is the only chance that
 * placing rests on; a simulation draws it from its seed.
 *
 * @default crypto.randomUUID
 */
export const NewToken = Context.Reference<() => string>("unicall/NewToken", {
  defaultValue: () => () => crypto.randomUUID()
})
