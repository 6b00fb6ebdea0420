/**
 * Webhooks of all providers: taken, written down, acknowledged, and then dealt with by reading the calls that they name.
 * What a message says of a call counts for nothing, whoever sent it.
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { JournalError } from "../calls/PlacementJournal.ts"
import { VoiceCalls } from "../calls/VoiceCalls.ts"
import type { CallHint } from "../domain/CallHint.ts"
import { CallError, InvalidRequest } from "../provider/CallError.ts"
import type { Registry } from "../provider/registry.ts"
import { type Counts, makeDealing } from "./deal.ts"
import { makeReceiving } from "./receive.ts"
import { WebhookInbox } from "./WebhookInbox.ts"
import { trustFault, type WebhookTrust } from "./WebhookTrust.ts"

/** Variables for a call that is about to be answered. */
export type PreCallVariables = { readonly [name: string]: string }

/** How webhooks are taken, and how far they are believed. */
export interface WebhookOptions {
  /** The providers whose messages can be read. */
  readonly registry: Registry
  /** Whom the messages of a provider are believed to come from, by its id. A provider that is not named has no address. */
  readonly trust: { readonly [provider: string]: WebhookTrust }
  /** The tenant of the calls. @default the common tenant */
  readonly tenant?: string
  /** Bytes that a message may have. @default 4 MiB */
  readonly mostBytes?: number
  /** How long a sender may take for its message. @default 10 seconds */
  readonly sendWithin?: Duration.Input
  /**
   * Messages that may wait; beyond that a sender is told to come again. Those about calls that nobody is known to have placed
   * here take at most half of the room. @default 10 000
   */
  readonly mostWaiting?: number
  /** Calls that nobody is known to have placed here, read in a minute, of each provider. @default 60 */
  readonly unknownPerMinute?: number
  /** How long a message is tried to be dealt with before it is parked. @default 3 days */
  readonly tryFor?: Duration.Input
  /** How long what is done is remembered, so that the same message is known again. @default 7 days */
  readonly rememberFor?: Duration.Input
  /**
   * Told of an inbound call that is about to be answered; its variables. Later than in 2.5 seconds, or failed: none. Not asked
   * where the trust is `refetch`: whoever sends a number would be told what is known of it.
   */
  readonly onPreCall?: (call: CallHint) => Effect.Effect<PreCallVariables, unknown>
}

/** Webhooks of the opened providers. */
export class Webhooks extends Context.Service<
  Webhooks,
  {
    /** Answers a request. Never fails: whatever goes wrong is a status. */
    readonly handle: (request: Request) => Effect.Effect<Response>
    /**
     * Deals with what waits and is due, once; what it came to. It goes on by itself as long as its scope is open: this is for those
     * who want to know when it is done.
     */
    readonly deal: Effect.Effect<Counts, JournalError>
  }
>()("unicall/Webhooks") {
  /** Over `VoiceCalls` and an inbox. */
  static layer = (options: WebhookOptions) => Layer.effect(Webhooks, makeWebhooks(options))
}

/** Between looks at the inbox when no message comes: what is tried again is due by then. */
const LOOK_EVERY = Duration.seconds(5)

/** Fails with `InvalidRequest`, operation `configure`, if a trust is none. */
export const makeWebhooks = Effect.fnUntraced(function* (
  options: WebhookOptions
): Effect.fn.Return<Webhooks["Service"], CallError, VoiceCalls | WebhookInbox | Scope.Scope> {
  const calls = yield* VoiceCalls
  const inbox = yield* WebhookInbox
  for (const [provider, trust] of Object.entries(options.trust)) {
    const isOpened = calls.providers.some((id) => id === provider)
    const expected = isOpened ? trustFault(trust) : `ids of opened providers: ${calls.providers.join(" or ")}`
    if (expected === undefined) continue
    const field = isOpened ? `webhooks.trust.${provider}` : "webhooks.trust"
    return yield* new CallError({ operation: "configure", reason: new InvalidRequest({ field, expected }) })
  }
  const { tenant = "", tryFor = Duration.days(3), rememberFor = Duration.days(7), unknownPerMinute = 60 } = options
  const news = Latch.makeUnsafe()
  const deal = makeDealing({ calls, inbox, tenant, tryFor, rememberFor, unknownPerMinute })
  const { mostBytes = 4 * 1024 * 1024, sendWithin = Duration.seconds(10), mostWaiting = 10_000, onPreCall } = options
  const handle = makeReceiving({
    calls,
    inbox,
    tenant,
    registry: options.registry,
    trust: options.trust,
    body: { most: mostBytes, within: sendWithin },
    mostWaiting,
    onPreCall,
    received: Effect.sync(() => void news.openUnsafe())
  })
  const dealing = Effect.gen(function* () {
    yield* Effect.timeoutOption(news.await, LOOK_EVERY)
    news.closeUnsafe()
    yield* Effect.catchCause(deal, () => Effect.logWarning("webhooks: the inbox could not be read"))
  })
  yield* Effect.forkScoped(Effect.forever(dealing))
  return Webhooks.of({ handle, deal })
})
