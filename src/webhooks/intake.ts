/** The inbox at work: what messages name is written down, dealt with as it falls due, and forgotten after a while. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import type * as Scope from "effect/Scope"
import type { JournalError } from "../calls/PlacementJournal.ts"
import type { VoiceCalls } from "../calls/VoiceCalls.ts"
import type { ProviderId } from "../domain/Identifiers.ts"
import { instantAt } from "../domain/Instant.ts"
import { type Counts, makeDispatch, sumOf } from "./dispatch.ts"
import { kindOf } from "./failureKind.ts"
import { FORGOTTEN_AT_ONCE } from "./inboxState.ts"
import { makeTaking, type Taking } from "./take.ts"
import type { WebhookInbox } from "./WebhookInbox.ts"
import type { WebhookOptions } from "./Webhooks.ts"

interface IntakeOptions extends Pick<
  WebhookOptions,
  "trust" | "mostWaiting" | "tryFor" | "rememberFor" | "unknownPerMinute"
> {
  readonly calls: VoiceCalls["Service"]
  readonly inbox: WebhookInbox["Service"]
  readonly tenant: string
  /** Between looks at the inbox when no message comes here: for what was put off, or another process took. @default 5 seconds */
  readonly lookEvery?: Duration.Input
}

/** An inbox that is dealt with as long as its scope is open. */
export interface Intake {
  readonly take: Taking
  /** Deals with what waits and is due, once. */
  readonly deal: Effect.Effect<Counts, JournalError>
  /** Has it look for calls of a provider that are due. */
  readonly wake: (provider: ProviderId) => void
}

const FORGET_EVERY = Duration.minutes(1)

/** About thirty megabytes. */
const MOST_REMEMBERED = 100_000

/** A pass that fails is no end of the passes. */
const surviving = <A>(pass: Effect.Effect<A, JournalError>) =>
  Effect.catchCause(pass, (cause) => Effect.logError(`webhooks: the inbox cannot be used: ${kindOf(cause)}`))

export const makeIntake = Effect.fnUntraced(function* (
  options: IntakeOptions
): Effect.fn.Return<Intake, never, Scope.Scope> {
  const { calls, inbox, tenant, trust } = options
  const { tryFor = Duration.days(3), rememberFor = Duration.days(7), unknownPerMinute = 60 } = options
  const { mostWaiting = 10_000, lookEvery = Duration.seconds(5) } = options
  const isOpenToAnybody = (provider: ProviderId) => {
    const trusted = Object.hasOwn(trust, provider) ? trust[provider] : undefined
    return trusted === undefined || trusted.trust === "refetch"
  }
  const news = new Map(calls.providers.map((provider) => [provider, Latch.makeUnsafe()]))
  const wake = (provider: ProviderId): void => void news.get(provider)?.openUnsafe()
  const { start, finish } = yield* makeDispatch({
    calls,
    inbox,
    tenant,
    tryFor,
    unknownPerMinute,
    isOpenToAnybody,
    ended: wake
  })

  for (const [provider, latch] of news) {
    const looking = Effect.gen(function* () {
      yield* Effect.timeoutOption(latch.await, lookEvery)
      latch.closeUnsafe()
      yield* surviving(start(provider))
    })
    yield* Effect.forkScoped(Effect.forever(looking))
  }

  const forgetting = Effect.gen(function* () {
    const remembered = Duration.toMillis(Duration.fromInputUnsafe(rememberFor))
    const before = instantAt((yield* Clock.currentTimeMillis) - remembered)
    if (before === undefined) return
    while ((yield* inbox.forget({ tenant, before, most: MOST_REMEMBERED })) >= FORGOTTEN_AT_ONCE) yield* Effect.yieldNow
  })
  yield* Effect.forkScoped(Effect.forever(Effect.andThen(surviving(forgetting), Effect.sleep(FORGET_EVERY))))

  return {
    take: makeTaking({ calls, inbox, tenant, mostWaiting, received: wake }),
    deal: Effect.map(Effect.forEach(calls.providers, finish, { concurrency: "unbounded" }), sumOf),
    wake
  }
})
