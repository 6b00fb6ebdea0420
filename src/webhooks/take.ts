/** Calls that a message names are written down as entries of the inbox, before it is acknowledged. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { VoiceCalls } from "../calls/VoiceCalls.ts"
import type { OrderId, ProviderId } from "../domain/Identifiers.ts"
import { instantAt } from "../domain/Instant.ts"
import type { Received, WebhookInbox } from "./WebhookInbox.ts"
import type { WebhookTrust } from "./WebhookTrust.ts"

/** A message that has been read and is what its trust asks for. */
export interface TakenMessage {
  readonly provider: ProviderId
  /** Those that it names. */
  readonly calls: ReadonlySet<OrderId>
  /** Its digest. */
  readonly message: string
  readonly trust: WebhookTrust
}

/** `full`: the inbox has no room; `inbox`: it cannot be used. Nothing is written down then. */
export type Taking = (message: TakenMessage) => Effect.Effect<"taken" | "full" | "inbox">

interface TakingOptions {
  readonly calls: VoiceCalls["Service"]
  readonly inbox: WebhookInbox["Service"]
  readonly tenant: string
  readonly mostWaiting: number
  /** Told that something waits. */
  readonly received: (provider: ProviderId) => void
}

/** Whether a call is known decides its turn and nothing else: an acknowledgement does not wait for it. */
const LOOK_UP_LIMIT = Duration.seconds(1)

export const makeTaking = ({ calls, inbox, tenant, mostWaiting, received: told }: TakingOptions): Taking => {
  const isKnown = (provider: ProviderId, id: OrderId): Effect.Effect<boolean> =>
    calls.isKnown({ provider, id }).pipe(
      Effect.timeout(LOOK_UP_LIMIT),
      Effect.catchCause(() => Effect.succeed(false))
    )

  return Effect.fnUntraced(function* ({ provider, calls: ids, message, trust }) {
    const at = instantAt(yield* Clock.currentTimeMillis)
    if (at === undefined) return "inbox"
    const received = yield* Effect.forEach(
      ids,
      (orderId) =>
        Effect.map(isKnown(provider, orderId), (known): Received => ({
          tenant,
          provider,
          orderId,
          message,
          isKnown: known,
          at
        })),
      { concurrency: "unbounded" }
    )
    // Where anybody may send, ids that are made up must not take the room of calls that were placed here.
    const isLimited = trust.trust === "refetch" && received.some((each) => !each.isKnown)
    const most = isLimited ? Math.ceil(mostWaiting / 2) : mostWaiting
    const taken = yield* Effect.catch(inbox.receive(received, most), ({ message: problem }) =>
      Effect.as(Effect.logWarning(`webhooks: ${problem}`), "inbox" as const)
    )
    if (taken === "taken") told(provider)
    return taken
  })
}
