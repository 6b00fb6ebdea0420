/** The outbox over HTTP: changes of calls posted to addresses that somebody chose. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { ChangeKind } from "../calls/changes/CallChange.ts"
import type { JournalError } from "../calls/PlacementJournal.ts"
import { VoiceCalls } from "../calls/VoiceCalls.ts"
import type { FieldFault } from "../domain/PlaceCall.ts"
import { present } from "../domain/present.ts"
import { makeOutbox, Outbox } from "../outbox/Outbox.ts"
import { addressFault, type OutboxAddress } from "../outbox/OutboxAddress.ts"
import { OutboxHandle } from "../outbox/OutboxHandle.ts"
import { CallError, InvalidRequest } from "../provider/CallError.ts"
import * as Check from "../provider/optionChecks.ts"
import { urlFault } from "./allowedAddress.ts"
import { makeGuardedHttp } from "./guardedHttp.ts"

/** An address that is posted to over HTTP. */
export interface HttpOutboxAddress extends OutboxAddress {
  /** Whether it may be in a private network, or on this machine (then `http` as well). @default false */
  readonly allowPrivate?: boolean
  /** Certificates in PEM of authorities that are trusted beside Node's own. @default none */
  readonly ca?: string | ReadonlyArray<string>
}

/** Addresses by name. The name is kept in the feed: under another one, an address begins anew. */
export interface HttpOutboxOptions {
  /** Where changes are posted to. */
  readonly addresses: { readonly [name: string]: HttpOutboxAddress }
  /** The tenant of the calls. @default the common tenant */
  readonly tenant?: string | undefined
}

const refused = (fault: FieldFault): CallError =>
  new CallError({ operation: "configure", reason: new InvalidRequest(fault) })

/** Over `VoiceCalls` that have a feed of changes. Fails with `InvalidRequest`, operation `configure`, if an address cannot be posted to. */
export const layerHttpOutbox = ({
  addresses,
  tenant
}: HttpOutboxOptions): Layer.Layer<Outbox, CallError | JournalError, VoiceCalls> =>
  Layer.effect(
    Outbox,
    Effect.flatMap(VoiceCalls, ({ changes }) =>
      makeOutbox({
        changes,
        tenant,
        addresses,
        clientFor: (name, { url, ca, allowPrivate = false }: HttpOutboxAddress) => {
          const fault = urlFault(`outbox.${name}.url`, url, allowPrivate)
          if (fault !== undefined) return Effect.fail(refused(fault))
          // Without a proxy there is nothing else that can be wrong.
          const ofCertificates = { field: `outbox.${name}.ca`, expected: "certificates in PEM" }
          return Effect.mapError(makeGuardedHttp({ ca, allowPrivate }), () => refused(ofCertificates))
        }
      })
    )
  )

const ADDRESS = {
  /** `https`. It is in no log and no error, and may hold a secret. @example "https://crm.example/hooks/calls" */
  url: Check.text("an address that begins with https://"),
  /**
   * `whsec_` and at least 24 random bytes in base64, for this address alone. Of several, while one is being changed for another,
   * each signs.
   */
  secrets: Check.texts("a secret as text, or a list of them"),
  /** Only these changes. @default all @example ["ended", "enriched"] */
  only: Check.optional(Check.listOf(Check.oneOf(ChangeKind.literals))),
  /** `read`: with the call as its provider has it when the message is sent first, numbers and transcripts included. @default "none" */
  content: Check.optional(Check.oneOf(["none", "read"])),
  /** Where an address of a new name begins: with the oldest change that is kept, or with those that come from now on. @default "oldest" */
  from: Check.optional(Check.oneOf(["oldest", "now"])),
  /** How long a receiver may take for the head of its answer. @default 15 */
  timeoutSeconds: Check.optional(Check.positiveSeconds),
  /** A change that is older when a try fails is given up. @default 259200, which is 3 days */
  giveUpAfterSeconds: Check.optional(Check.positiveSeconds),
  /** No pause between two tries is longer, but for what the receiver asks. @default 3600 */
  longestPauseSeconds: Check.optional(Check.positiveSeconds),
  /** Whether it may be in a private network, or on this machine (then `http` as well). @default false */
  allowPrivate: Check.optional(Check.that<boolean>((value) => typeof value === "boolean", "true or false")),
  /** Certificates in PEM of authorities that are trusted beside Node's own. @default none */
  ca: Check.optional(Check.texts("certificates in PEM, as text or a list of texts"))
}

/** Where changes are posted to. */
export interface PostedTo extends Check.OptionsOf<typeof ADDRESS> {}

const checkAddresses = Check.recordOf(Check.options(ADDRESS))

const inSeconds = (seconds: number | undefined): Duration.Duration | undefined =>
  seconds === undefined ? undefined : Duration.seconds(seconds)

const addressOf = (given: PostedTo): HttpOutboxAddress => {
  const { url, secrets, timeoutSeconds, giveUpAfterSeconds, longestPauseSeconds, ...rest } = given
  return {
    secrets: [secrets].flat().map((secret) => Redacted.make(secret)),
    url,
    ...present({
      ...rest,
      timeout: inSeconds(timeoutSeconds),
      giveUpAfter: inSeconds(giveUpAfterSeconds),
      longestPause: inSeconds(longestPauseSeconds)
    })
  }
}

/**
 * Posts the changes of calls to addresses, by name, as long as the calls are open. The name is kept in the feed: under another one,
 * an address begins anew.
 *
 * @throws TypeError if an address cannot be posted to
 * @example httpOutbox({ crm: { url: "https://crm.example/hooks/calls", secrets: process.env.CRM_SECRET } })
 */
export const httpOutbox = (addresses: { readonly [name: string]: PostedTo }): OutboxHandle => {
  const refuse = (fault: FieldFault | undefined): void => {
    if (fault !== undefined) throw new TypeError(`httpOutbox: ${fault.field}: expected ${fault.expected}`)
  }
  refuse(checkAddresses(addresses, ["outbox"]))
  const read = Object.fromEntries(Object.entries(addresses).map(([name, given]) => [name, addressOf(given)] as const))
  for (const [name, address] of Object.entries(read))
    refuse(addressFault(name, address) ?? urlFault(`outbox.${name}.url`, address.url, address.allowPrivate ?? false))
  return new OutboxHandle("HTTP", (tenant) => layerHttpOutbox({ addresses: read, tenant }))
}
