/** An address that changes are posted to, and what keeps one from being one. */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import type { ChangeKind } from "../calls/changes/CallChange.ts"
import type { FieldFault } from "../domain/PlaceCall.ts"
import { type Secrets, secretsOf } from "../webhooks/hmac.ts"
import { isSigningSecret, SIGNING_SECRET } from "../webhooks/standardWebhook.ts"

/** Where changes are posted to. */
export interface OutboxAddress {
  /** `https`. It is in no log and no error, and may hold a secret. */
  readonly url: string
  /** `whsec_` and at least 24 random bytes in base64, for this address alone. Each message is signed with all of them. */
  readonly secrets: Secrets
  /** Only these changes. @default all */
  readonly only?: ReadonlyArray<ChangeKind>
  /** `read`: with the call as its provider has it when the message is sent first, numbers and transcripts included. @default "none" */
  readonly content?: "none" | "read"
  /** Where an address of a new name begins: with the oldest change that is kept, or with those that come from now on. @default "oldest" */
  readonly from?: "oldest" | "now"
  /** How long a receiver may take for the head of its answer. @default 15 seconds */
  readonly timeout?: Duration.Input
  /** A change that is older when a try fails is given up. @default 3 days */
  readonly giveUpAfter?: Duration.Input
  /**
   * No pause between two tries is longer, but for what the receiver asks. A change that is not taken holds up all that come after it, so
   * the pauses that Standard Webhooks recommends, of up to 24 hours, are cut off here.
   * @default 1 hour
   */
  readonly longestPause?: Duration.Input
}

export const LIMITS = {
  timeout: Duration.seconds(15),
  giveUpAfter: Duration.days(3),
  longestPause: Duration.hours(1)
} as const

/** A name stands in the log, and tells the feed whose turn it is. */
const NAME = /^[\w.-]{1,100}$/

const isPositive = (given: Duration.Input): boolean =>
  Option.exists(Duration.fromInput(given), (duration) => Duration.toMillis(duration) > 0)

/** Options are also written without types. */
const areSecrets = (secrets: Secrets | undefined): boolean => {
  const all = secrets === undefined ? [] : secretsOf(secrets)
  return all.length > 0 && all.every((secret) => typeof secret === "string" && isSigningSecret(secret))
}

/** What is wrong with an address, but for its URL. */
export const addressFault = (name: string, address: OutboxAddress): FieldFault | undefined => {
  if (!NAME.test(name)) return { field: "outbox", expected: "names of 1 to 100 letters, digits and . _ -" }
  const field = (option: string): string => `outbox.${name}.${option}`
  if (!areSecrets(address.secrets)) return { field: field("secrets"), expected: SIGNING_SECRET }
  for (const option of ["timeout", "giveUpAfter", "longestPause"] as const)
    if (!isPositive(address[option] ?? LIMITS[option])) return { field: field(option), expected: "a duration above 0" }
  return undefined
}
