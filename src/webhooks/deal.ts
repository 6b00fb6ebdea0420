/** Dealing with one call of the inbox: it is read, and what that came to is written down. */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import { nowInstant } from "../calls/currentInstant.ts"
import type { JournalError } from "../calls/PlacementJournal.ts"
import type { VoiceCalls } from "../calls/VoiceCalls.ts"
import type { ProviderId } from "../domain/Identifiers.ts"
import type { CallError } from "../provider/CallError.ts"
import { monotonicMillis } from "../provider/monotonicTime.ts"
import { afterFailing, afterHearing, later, type Obstacle } from "./afterReading.ts"
import { makeAllowance, WINDOW } from "./allowance.ts"
import { kindOf } from "./failureKind.ts"
import type { ClaimOutcome, Dealt, InboxEntry, WebhookInbox } from "./WebhookInbox.ts"

export interface Dealing {
  readonly calls: VoiceCalls["Service"]
  readonly inbox: WebhookInbox["Service"]
  readonly tryFor: Duration.Input
  readonly unknownPerMinute: number
  /** Whether a provider's messages may come from anybody. */
  readonly isOpenToAnybody: (provider: ProviderId) => boolean
}

/** Longer than a call takes to be read with all its tries; less than a claim is good for. */
const LONGEST_READING = Duration.minutes(4)

const TOO_LONG: Obstacle = { problem: "TimedOut", isRetryable: true }

const obstacleOf = (cause: Cause.Cause<CallError | JournalError>): Obstacle => {
  const error = Option.getOrUndefined(Cause.findErrorOption(cause))
  if (error?._tag === "CallError") return { problem: error.reason._tag, isRetryable: error.retryable }
  return { problem: error?._tag ?? "Defect", isRetryable: true }
}

/** Never fails: what it came to, where the claim still stood. */
export const makeDeal = ({ calls, inbox, tryFor, unknownPerMinute, isOpenToAnybody }: Dealing) => {
  const isAllowed = makeAllowance(unknownPerMinute)
  const longest = Duration.toMillis(Duration.fromInputUnsafe(tryFor))

  /** What became known of the call is seen here, and nowhere else. */
  const hear = Effect.fnUntraced(function* (entry: InboxEntry, isKnown: boolean) {
    const heard = yield* Effect.exit(calls.heard({ provider: entry.provider, id: entry.orderId }))
    const now = yield* Clock.currentTimeMillis
    if (Exit.isSuccess(heard)) return afterHearing(heard.value, now)
    const obstacle = obstacleOf(heard.cause)
    if (obstacle.problem === "Defect" || obstacle.problem === "JournalError")
      yield* Effect.logError(`webhooks: a call of ${entry.provider} could not be read: ${kindOf(heard.cause)}`)
    return afterFailing(entry, obstacle, { now, isKnown, longest })
  })

  const read = Effect.fnUntraced(function* (entry: InboxEntry) {
    const { provider, orderId: id } = entry
    // Its order may have been written down since the message came.
    const asked = Effect.catchCause(calls.isKnown({ provider, id }), () => Effect.succeed(false))
    const isKnown = entry.isKnown || (yield* asked)
    const clock = yield* Clock.Clock
    if (!isKnown && isOpenToAnybody(provider) && !isAllowed(provider, monotonicMillis(clock)))
      return { isKnown, dealt: later(clock.currentTimeMillisUnsafe() + WINDOW, "TooManyUnknown", true) }
    return { isKnown, dealt: yield* hear(entry, isKnown) }
  })

  const settle = Effect.fnUntraced(
    function* (entry: InboxEntry, outcome: Omit<ClaimOutcome, "at">) {
      return yield* inbox.settle(entry, { ...outcome, at: yield* nowInstant })
    },
    // The claim ends by itself, and the call is read again.
    Effect.catchCause((cause) =>
      Effect.as(Effect.logError(`webhooks: what came of a call could not be written down: ${kindOf(cause)}`), false)
    )
  )

  return {
    dealWith: Effect.fnUntraced(function* (entry: InboxEntry): Effect.fn.Return<Dealt | undefined> {
      const done = yield* Effect.timeoutOption(read(entry), LONGEST_READING)
      const { isKnown } = entry
      const now = yield* Clock.currentTimeMillis
      const outcome = Option.getOrElse(done, () => ({
        isKnown,
        dealt: afterFailing(entry, TOO_LONG, { now, isKnown, longest })
      }))
      if (!(yield* settle(entry, outcome))) return undefined
      if (outcome.dealt.state === "parked")
        yield* Effect.logError(`webhooks: a call of ${entry.provider} is parked: ${outcome.dealt.problem}`)
      return outcome.dealt
    }),
    /** As if it had not been claimed. */
    giveBack: Effect.fnUntraced(function* (entry: InboxEntry) {
      const dealt = later(yield* Clock.currentTimeMillis, entry.problem, true)
      yield* settle(entry, { dealt, isKnown: false })
    })
  }
}
