/** The provider's clock against ours, from the `Date` of its answers. */
import * as Effect from "effect/Effect"
import type { ClockOffset } from "../CallProvider.ts"
import { millisBetween, type Moment, momentOf } from "../monotonicTime.ts"
import { isCached } from "./answer.ts"
import { httpDateMillis } from "./httpTime.ts"

/** What was measured last, and when that was. */
type Measured = ClockOffset & Moment

interface Answered {
  readonly headers: { readonly [name: string]: string | undefined }
}

/** A server without a clock of its own begins at 1970; none of ours is older than this. */
const EARLIEST = Date.parse("2020-01-01T00:00:00Z")

const LATEST = Date.parse("2100-01-01T00:00:00Z")

/** A date is cut to whole seconds, and some servers renew it only once in a second. */
const SECOND = 1000

/** The moment that the `Date` names; of an answer out of a cache it is the moment of another. */
const dateOf = ({ headers }: Answered): number | undefined => {
  if (isCached(headers)) return undefined
  const at = httpDateMillis(headers["date"])
  return at === undefined || at < EARLIEST || at > LATEST ? undefined : at
}

/** Against the middle between sending and now. Where the clocks differ in how long that was, the longer counts. */
const measure = (sent: Moment, now: Moment, date: number): Measured => {
  const half = millisBetween(sent, now) / 2
  return {
    ...now,
    // From the end backwards: should our clock have been set meanwhile, its new time counts.
    offsetMillis: Math.round(date + SECOND / 2 - (now.wall - half)),
    doubtMillis: Math.ceil(half + SECOND)
  }
}

/**
 * A wall clock that moved otherwise than the monotonic one was set, and the offset changes by as much. One that went
 * ahead may as well be right, after a sleep that the monotonic clock did not count: then the truth lies in between.
 */
const asOf = (now: Moment, { offsetMillis, doubtMillis, wall, monotonic }: Measured): ClockOffset => {
  const measuredMillisAgo = now.monotonic - monotonic
  const step = Math.round(now.wall - wall - measuredMillisAgo)
  return step <= 0
    ? { offsetMillis: offsetMillis - step, doubtMillis, measuredMillisAgo }
    : {
        offsetMillis: offsetMillis - Math.floor(step / 2),
        doubtMillis: doubtMillis + Math.ceil(step / 2),
        measuredMillisAgo
      }
}

export type ServerClock = ReturnType<typeof makeServerClock>

export const makeServerClock = () => {
  let measured: Measured | undefined
  return {
    /** Measures with the headers of whatever is answered; the newest measurement counts. */
    measuring: <A extends Answered, E, R>(exchange: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
      Effect.clockWith((clock) => {
        const sent = momentOf(clock)
        return Effect.tap(exchange, (answer) =>
          Effect.sync(() => {
            const date = dateOf(answer)
            if (date !== undefined) measured = measure(sent, momentOf(clock), date)
          })
        )
      }),
    /** The offset from our clock as it is now. Absent: not measured. */
    offset: Effect.clockWith((clock) =>
      Effect.sync((): ClockOffset | undefined => (measured === undefined ? undefined : asOf(momentOf(clock), measured)))
    )
  }
}
