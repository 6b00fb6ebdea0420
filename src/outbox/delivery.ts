/** Handing one change over: tried until it is taken, or too old, or the receiver wants no more. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Random from "effect/Random"
import type { CallChange } from "../calls/changes/CallChange.ts"
import { type Instant, instantAt } from "../domain/Instant.ts"
import { LIMITS, type OutboxAddress } from "./OutboxAddress.ts"
import { messageOf } from "./outboxMessage.ts"
import { post, type Receiver } from "./post.ts"
import { pauseAfter } from "./schedule.ts"

/** What came of a change: it was dealt with, in one way or the other, or the receiver wants none any more. */
export type Delivered = "taken" | "given_up" | "gone"

/** What is told of a change that waits for another try. */
export interface Retrying {
  readonly problem: string
  /** Milliseconds until then. */
  readonly pause: number
  /** When that is. */
  readonly at: Instant | undefined
}

interface Delivering extends Pick<OutboxAddress, "giveUpAfter" | "longestPause"> {
  readonly name: string
  readonly tenant: string
  readonly receiver: Receiver
  readonly retrying: (retrying: Retrying) => void
}

const tries = Metric.counter("unicall_outbox", {
  description: "Tries to post changes, by address and what came of them, and changes that were given up or forgotten",
  incremental: true
})

export const counted = (name: string, result: Delivered | "failed" | "forgotten", count = 1): Effect.Effect<void> =>
  Metric.update(Metric.withAttributes(tries, { "voice_call.outbox": name, "voice_call.result": result }), count)

const millisOf = (given: Duration.Input): number => Duration.toMillis(Duration.fromInputUnsafe(given))

const inSeconds = (millis: number): string => Duration.format(Duration.seconds(Math.ceil(millis / 1000)))

export const makeDelivering = ({
  name,
  tenant,
  receiver,
  retrying,
  giveUpAfter = LIMITS.giveUpAfter,
  longestPause = LIMITS.longestPause
}: Delivering) => {
  const patience = millisOf(giveUpAfter)
  const longest = millisOf(longestPause)
  return Effect.fnUntraced(function* (change: CallChange): Effect.fn.Return<Delivered> {
    const message = messageOf(tenant, change)
    const which = `outbox ${name}: change ${change.position} (${change.change})`
    const end = Date.parse(change.at) + patience
    for (let count = 1; ; count++) {
      const tried = yield* post(receiver, message)
      yield* counted(name, tried.result)
      if (tried.result === "taken") return "taken"
      if (tried.result === "gone") {
        yield* Effect.logError(`${which} was answered with 410 (Gone): nothing is posted there any more`)
        return "gone"
      }
      const { problem, retryAfter } = tried
      const now = yield* Clock.currentTimeMillis
      const left = end - now
      if (left <= 0) {
        yield* counted(name, "given_up")
        yield* Effect.logError(`${which} is given up, since it is too old: ${problem}`)
        return "given_up"
      }
      const asked = retryAfter === undefined ? undefined : Duration.toMillis(retryAfter)
      const pause = pauseAfter({ tries: count, longest, left, asked, chance: yield* Random.next })
      retrying({ problem, pause, at: instantAt(now + pause) })
      yield* Effect.logWarning(`${which} was not taken (${problem}), again in ${inSeconds(pause)}`)
      yield* Effect.sleep(pause)
    }
  })
}
