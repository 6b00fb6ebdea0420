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
import { isTrust, trustFault } from "../webhooks/trustFault.ts"
import { Webhooks } from "../webhooks/Webhooks.ts"
import type { WebhookTrust } from "../webhooks/WebhookTrust.ts"
import { invalid } from "./failureOf.ts"
import type { WebhookSettings, Trust } from "./OpenOptions.ts"

/** As the service has it: the place of a secret in one option, its tolerance as a duration. */
const nested = ({ trust, secrets, header, query, toleranceSeconds, ...rest }: Trust): object => {
  const hasPlace = header !== undefined || query !== undefined
  return present({
    ...rest,
    trust,
    secrets: secrets && [secrets].flat().map((secret) => Redacted.make(secret)),
    ...(trust === "shared_secret" ? { in: hasPlace ? present({ header, query }) : undefined } : { header, query }),
    tolerance: toleranceSeconds === undefined ? undefined : Duration.seconds(toleranceSeconds)
  })
}

/** Fields that are other ones here. */
const FIELDS: { readonly [field: string]: string } = { in: "header", tolerance: "toleranceSeconds" }

const trustOf = (provider: string, given: Trust): WebhookTrust => {
  const trust = nested(given)
  if (isTrust(trust)) return trust
  const { field = "trust", expected = "another trust" } = trustFault(trust) ?? {}
  const ours = Object.hasOwn(FIELDS, field) ? FIELDS[field] : field
  throw invalid("configure", { field: `webhooks.trust.${provider}.${ours}`, expected })
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
