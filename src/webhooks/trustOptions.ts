/** A trust as it is written without Effect, in options and in the environment: its secrets as text, its times in seconds. */
import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { FieldFault } from "../domain/PlaceCall.ts"
import { present } from "../domain/present.ts"
import * as Check from "../provider/optionChecks.ts"
import { isTrust, trustFault } from "./trustFault.ts"
import type { WebhookTrust } from "./WebhookTrust.ts"

export const TRUST = {
  /**
   * `refetch`: nobody is believed, and calls that nobody placed here are read seldom. `shared_secret`: the request bears a secret.
   * `hmac`: it bears a signature over its body. `standard_webhooks`: one by that scheme. `trusted`: somebody before us has checked
   * it. Whatever it is, what a message says of a call is never believed: the call is read.
   */
  trust: Check.oneOf(["refetch", "shared_secret", "hmac", "standard_webhooks", "trusted"]),
  /** The secret, or several while one is being changed for another. */
  secrets: Check.optional(Check.texts("a secret as text, or a list of them")),
  /** The header that holds the secret or the signature. */
  header: Check.optional(Check.text("the name of a header")),
  /** Instead: the parameter of the address that holds the secret. */
  query: Check.optional(Check.text("the name of a parameter of the address")),
  /** What stands before it in the header: `Bearer `, `sha256=`. */
  prefix: Check.optional(Check.text("what stands before it")),
  /** Of a signature. @default "sha256" */
  algorithm: Check.optional(Check.oneOf(["sha1", "sha256", "sha512"])),
  /** Of a signature. @default "hex" */
  encoding: Check.optional(Check.oneOf(["hex", "base64"])),
  /** The header that holds the time of signing, in seconds since 1970. @default none */
  timestampHeader: Check.optional(Check.text("the name of a header")),
  /** How far that time may be from now. @default 300 */
  toleranceSeconds: Check.optional(Check.positiveSeconds)
}

/** Whom the webhooks of one provider are believed to come from. */
export interface TrustOptions extends Check.OptionsOf<typeof TRUST> {}

/** As the service has it: the place of a secret in one option, its tolerance as a duration. */
const nested = ({ trust, secrets, header, query, toleranceSeconds, ...rest }: TrustOptions): object => {
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

const check = Check.options(TRUST)

const isWritten = (given: unknown): given is TrustOptions => check(given, []) === undefined

/** The trust that is written so, or what is wrong with it. No value is told. */
export const readTrust = (given: unknown): Result.Result<WebhookTrust, FieldFault> => {
  const trust = isWritten(given) ? nested(given) : undefined
  if (isTrust(trust)) return Result.succeed(trust)
  const { field, expected } = check(given, []) ?? trustFault(trust) ?? { field: "trust", expected: "another trust" }
  return Result.fail({ field: (Object.hasOwn(FIELDS, field) ? FIELDS[field] : undefined) ?? field, expected })
}
