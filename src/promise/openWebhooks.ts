/** The webhooks of an opened handle: options as they are given become those of the service. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import { present } from "../domain/present.ts"
import type { Adapter } from "../provider/Adapter.ts"
import { registryOf } from "../provider/registry.ts"
import { InboxHandle } from "../webhooks/InboxHandle.ts"
import { layerMemoryInbox } from "../webhooks/MemoryInbox.ts"
import { readTrust, type TrustOptions } from "../webhooks/trustOptions.ts"
import { Webhooks } from "../webhooks/Webhooks.ts"
import type { WebhookTrust } from "../webhooks/WebhookTrust.ts"
import { invalid } from "./failureOf.ts"
import type { WebhookSettings } from "./OpenOptions.ts"

const trustOf = (provider: string, given: TrustOptions): WebhookTrust =>
  Result.getOrThrowWith(readTrust(given), ({ field, expected }) =>
    invalid("configure", { field: `webhooks.trust.${provider}.${field}`, expected })
  )

/** A layer of webhooks over the opened calls. @throws CallFailure if options do not go together */
export const webhooksLayer = (adapters: ReadonlyArray<Adapter>, tenant: string | undefined, given: WebhookSettings) => {
  const { inbox, onPreCall, trust, mostBytes, mostWaiting, unknownPerMinute } = given
  const options = {
    registry: registryOf(adapters),
    trust: Object.fromEntries(Object.entries(trust).map(([id, each]) => [id, trustOf(id, each)] as const)),
    ...present({ tenant, mostBytes, mostWaiting, unknownPerMinute }),
    ...(onPreCall === undefined
      ? {}
      : { onPreCall: (call: Parameters<typeof onPreCall>[0]) => Effect.tryPromise(async () => onPreCall(call)) })
  }
  return Webhooks.layer(options).pipe(
    Layer.provide(inbox === undefined ? layerMemoryInbox : InboxHandle.layerOf(inbox))
  )
}

export { Webhooks }
