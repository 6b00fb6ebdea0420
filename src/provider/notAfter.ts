/** Until when a placement may be sent: told to whoever makes it wait for its turn, and to no provider. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { Instant } from "../domain/Instant.ts"
import { type CallErrorReason, NetworkError } from "./CallError.ts"

/** Of the placement that is being sent; none: whenever its turn comes. */
export const NotAfter = Context.Reference<Instant | undefined>("unicall/NotAfter", { defaultValue: () => undefined })

const CODE = "TOO_LATE"

/** What was not sent since its time had passed. */
export const tooLate = (): NetworkError => new NetworkError({ sent: "no", code: CODE })

export const isTooLate = (reason: CallErrorReason): boolean => reason._tag === "NetworkError" && reason.code === CODE

/** Milliseconds that are left, by our clock; below none once it has passed. */
export const millisLeft: Effect.Effect<number> = Effect.map(
  Effect.all([NotAfter, Clock.currentTimeMillis]),
  ([until, now]) => (until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until) - now)
)
