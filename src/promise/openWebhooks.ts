/** The webhooks of an opened handle: options as they are given become those of the service. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Layer from "effect/Layer"
import { present } from "../domain/present.ts"
import type { Adapter } from "../provider/Adapter.ts"
import { registryOf } from "../provider/registry.ts"
import { InboxHandle } from "../webhooks/InboxHandle.ts"
import { layerMemoryInbox } from "../webhooks/MemoryInbox.ts"
import { Webhooks } from "../webhooks/Webhooks.ts"
import type { WebhookTrust } from "../webhooks/WebhookTrust.ts"
import { invalid } from "./failureOf.ts"
import type { WebhookSettings, Trust } from "./OpenOptions.ts"

/** What the checks of single options cannot say: which of them go together. */
const trustOf = (provider: string, given: Trust): WebhookTrust => {
  const { trust, header, query, prefix, algorithm, encoding, timestampHeader, toleranceSeconds } = given
  const need = (field: string, expected: string) =>
    invalid("configure", { field: `webhooks.trust.${provider}.${field}`, expected })
  if (trust === "refetch" || trust === "trusted") return { trust }
  const secrets = [given.secrets ?? []].flat().map((secret) => Redacted.make(secret))
  if (secrets.length === 0) throw need("secrets", "the secret, or several of which one must fit")
  const tolerance = toleranceSeconds === undefined ? undefined : Duration.seconds(toleranceSeconds)
  if (trust === "standard_webhooks") return { trust, secrets, ...present({ tolerance }) }
  if (trust === "hmac") {
    if (header === undefined) throw need("header", "the header that holds the signature")
    return { trust, secrets, header, ...present({ algorithm, encoding, prefix, timestampHeader, tolerance }) }
  }
  if (header !== undefined) return { trust, secrets, in: { header }, ...present({ prefix }) }
  if (query === undefined)
    throw need("header", "the header that holds the secret; or query, a parameter of the address")
  return { trust, secrets, in: { query } }
}

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
