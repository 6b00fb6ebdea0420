/**
 * Webhooks of all providers: taken, written down, acknowledged, and then dealt with by reading the calls that they name.
 * What a message says of a call counts for nothing, whoever sent it.
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { nowInstant } from "../calls/currentInstant.ts"
import type { JournalError } from "../calls/PlacementJournal.ts"
import { VoiceCalls } from "../calls/VoiceCalls.ts"
import type { CallHint } from "../domain/CallHint.ts"
import { CallError, type CallRef, InvalidRequest } from "../provider/CallError.ts"
import type { Registry } from "../provider/registry.ts"
import type { Counts } from "./dispatch.ts"
import { makeIntake } from "./intake.ts"
import { makeReceiving } from "./receive.ts"
import { type InboxEntry, type InboxFilter, type UnreadableEntry, WebhookInbox } from "./WebhookInbox.ts"
import { trustFault } from "./trustFault.ts"
import type { WebhookTrust } from "./WebhookTrust.ts"

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
  /** Bytes that a message may have. @default 1 MiB */
  readonly mostBytes?: number
  /** How long a sender may take for its message. @default 10 seconds */
  readonly sendWithin?: Duration.Input
  /**
   * Calls of this tenant that may wait to be read; beyond that a sender is told to come again. Where the trust is `refetch`, those
   * that nobody is known to have placed here are taken only while half of the room is free. @default 10 000
   */
  readonly mostWaiting?: number
  /**
   * Where the trust is `refetch`: calls that nobody is known to have placed here, read in a minute, of each provider and by each
   * process. @default 60
   */
  readonly unknownPerMinute?: number
  /** How long a call is tried to be read before it is parked, and ten times at least. @default 3 days */
  readonly tryFor?: Duration.Input
  /** How long what is done is remembered, so that the same message is known again; 100 000 calls at most. @default 7 days */
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
    /** What of this tenant's calls has been named, for people who look into it. */
    readonly inbox: {
      /** Those that wait or waited since last first. */
      readonly list: (
        filter: Omit<InboxFilter, "tenant">
      ) => Effect.Effect<ReadonlyArray<InboxEntry | UnreadableEntry>, JournalError>
      readonly find: (call: CallRef) => Effect.Effect<InboxEntry | UnreadableEntry | undefined, JournalError>
      /** Lets a call be read now that is parked, done or waiting, with all its tries before it. Whether there was one. */
      readonly replay: (call: CallRef) => Effect.Effect<boolean, JournalError>
      /** Takes an entry away that nobody is dealing with. Whether there was one. */
      readonly drop: (call: CallRef) => Effect.Effect<boolean, JournalError>
    }
  }
>()("unicall/Webhooks") {
  /** Over `VoiceCalls` and an inbox. */
  static layer = (options: WebhookOptions) => Layer.effect(Webhooks, makeWebhooks(options))
}

/** Fails with `InvalidRequest`, operation `configure`, if a trust is none. */
export const makeWebhooks = Effect.fnUntraced(function* (
  options: WebhookOptions
): Effect.fn.Return<Webhooks["Service"], CallError, VoiceCalls | WebhookInbox | Scope.Scope> {
  const calls = yield* VoiceCalls
  const inbox = yield* WebhookInbox
  for (const [provider, trust] of Object.entries(options.trust)) {
    const refuse = (field: string, expected: string) =>
      Effect.fail(new CallError({ operation: "configure", reason: new InvalidRequest({ field, expected }) }))
    if (!calls.providers.some((id) => id === provider))
      return yield* refuse("webhooks.trust", `ids of opened providers: ${calls.providers.join(" or ")}`)
    const fault = trustFault(trust)
    if (fault !== undefined) return yield* refuse(`webhooks.trust.${provider}.${fault.field}`, fault.expected)
  }
  const { tenant = "", mostBytes = 1024 * 1024, sendWithin = Duration.seconds(10), onPreCall } = options
  const { take, deal, wake } = yield* makeIntake({ ...options, tenant, calls, inbox })
  const handle = makeReceiving({
    calls,
    registry: options.registry,
    trust: options.trust,
    body: { most: mostBytes, within: sendWithin },
    onPreCall,
    take
  })
  const keyOf = ({ provider, id }: CallRef) => ({ tenant, provider, orderId: id })
  return Webhooks.of({
    handle,
    deal,
    inbox: {
      list: (filter) => inbox.list({ ...filter, tenant }),
      find: (call) => inbox.find(keyOf(call)),
      replay: (call) =>
        Effect.flatMap(nowInstant, (at) => inbox.replay(keyOf(call), at)).pipe(
          Effect.tap(() => Effect.sync(() => wake(call.provider)))
        ),
      drop: (call) => inbox.drop(keyOf(call))
    }
  })
})
