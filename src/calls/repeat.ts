/** Sending the identical order again, at a provider that knows it by its reference: whether it is identical, and until when. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type Instant, instantAt } from "../domain/Instant.ts"
import { Idempotency } from "../provider/Capabilities.ts"
import { LONGEST_TURN } from "../provider/placingLimits.ts"
import { timeDigest } from "./orderDigest.ts"
import type { Placement } from "./PlacementJournal.ts"
import type { Prepared } from "./preparedOrder.ts"
import { ageOf, clockOffsetOf, isLongPast } from "./providerClock.ts"
import { type Decision, readNote, type RoutingNote } from "./Router.ts"

/** Of the window, since the first byte may have left: the rest is for clocks that are wrong and requests that are late. */
const SHARE = 1 / 2

/** Adapters are also written without types: what is not as it must be is no promise. */
export const isIdempotency = Schema.is(Idempotency)

type Repeated = Pick<Prepared, "provider" | "order" | "content" | "decision">

/** Whether an order to the same number is the same request to the same account, as far as a journal can tell. */
const isIdentical = (placement: Placement, { provider, order, content, decision }: Repeated): boolean =>
  placement.provider === provider.adapter.providerId &&
  placement.account === provider.account &&
  placement.reference === order.reference &&
  placement.content === content &&
  placement.time === timeDigest(order) &&
  isDecidedAlike(readNote(placement.routing), decision)

/** What another configuration, or another rule, makes of the same names may be another request. */
const isDecidedAlike = (note: RoutingNote | undefined, decision: Decision | undefined): boolean =>
  note?.configuration === decision?.configuration && note?.rule === decision?.rule

/**
 * Until when the order of a placement may be sent again; none if it may not. Its first byte left after it was reserved, and
 * a repetition leaves five minutes from now at the latest: what has had no turn by then is not sent.
 */
export const repeatableUntil = Effect.fnUntraced(function* (
  placement: Placement,
  asked: Repeated
): Effect.fn.Return<Instant | undefined> {
  const { provider, order } = asked
  const { idempotency } = provider.adapter.capabilities
  if (!isIdempotency(idempotency) || !isIdentical(placement, asked)) return undefined
  // It would be dialled at once.
  if (order.scheduledAt !== undefined && (yield* isLongPast(provider, order.scheduledAt))) return undefined
  const now = yield* Clock.currentTimeMillis
  // Our clock has been set back since: nobody knows how much time has passed.
  if (now < Date.parse(placement.changedAt)) return undefined
  const age = now - Date.parse(placement.reservedAt)
  // It may have been set all the same: where the provider's was measured at both ends, the longer time counts.
  const passed = Math.max(age, ageOf(placement, now, yield* clockOffsetOf(provider)) ?? age)
  const left = idempotency.windowSeconds * 1000 * SHARE - Duration.toMillis(LONGEST_TURN) - passed
  return left <= 0 ? undefined : instantAt(now + left)
})
