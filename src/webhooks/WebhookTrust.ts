/** Whom a webhook is believed to come from. Whatever is chosen, what it says of a call is never taken for a fact: the call is read. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type Algorithm, bytesOf, hmacOf, isRecent, isSameText, isSomeSame, type Secrets, secretsOf } from "./hmac.ts"
import { isSignedStandard } from "./standardWebhook.ts"

export type { Secrets } from "./hmac.ts"

/** A secret that every request bears as it is. */
export interface SharedSecret {
  readonly trust: "shared_secret"
  readonly secrets: Secrets
  /** The header that holds it, or the parameter of the address (`?name=…`). */
  readonly in: { readonly header: string } | { readonly query: string }
  /** What stands before it in the header: `Bearer `. @default "" */
  readonly prefix?: string
}

/** A signature over the bytes of the body by a secret that no request bears. */
export interface HmacSignature {
  readonly trust: "hmac"
  readonly secrets: Secrets
  /** The header that holds the signature. */
  readonly header: string
  /** @default "sha256" */
  readonly algorithm?: Algorithm
  /** @default "hex" */
  readonly encoding?: "hex" | "base64"
  /** What stands before it in the header: `sha256=`. @default "" */
  readonly prefix?: string
  /** The header that holds the time of signing, in seconds since 1970: it and a full stop are signed before the body. @default none */
  readonly timestampHeader?: string
  /** How far that time may be from now. @default 5 minutes */
  readonly tolerance?: Duration.Input
}

/** Signed by the scheme of Standard Webhooks: id, time and body, by a secret `whsec_…` that no request bears. */
export interface StandardSignature {
  readonly trust: "standard_webhooks"
  readonly secrets: Secrets
  /** How far the time of signing may be from now. @default 5 minutes */
  readonly tolerance?: Duration.Input
}

/**
 * `refetch`: nobody is believed. Calls that nobody placed here are read seldom, so that forged ids cost little. `trusted`:
 * somebody before us has checked the request.
 */
export type WebhookTrust =
  | { readonly trust: "refetch" }
  | { readonly trust: "trusted" }
  | SharedSecret
  | HmacSignature
  | StandardSignature

/** A request as far as it tells whom it comes from. */
export interface Claimed {
  readonly headers: Headers
  readonly url: URL
  readonly body: Uint8Array<ArrayBuffer>
}

const signatureOf = (
  { algorithm = "sha256", encoding = "hex" }: HmacSignature,
  secret: string,
  body: Uint8Array<ArrayBuffer>,
  timestamp: string | undefined
): Promise<string> =>
  hmacOf({ key: bytesOf(secret), algorithm, encoding, before: timestamp === undefined ? "" : `${timestamp}.`, body })

/**
 * The headers of a request that is signed so, by the first secret, at this time: for tests, and for whoever passes webhooks on.
 */
export const signWebhook = Effect.fnUntraced(function* (signature: HmacSignature, body: string | Uint8Array) {
  const { header, prefix = "", timestampHeader } = signature
  const [secret = ""] = secretsOf(signature.secrets)
  const seconds = String(Math.floor((yield* Clock.currentTimeMillis) / 1000))
  const timestamp = timestampHeader === undefined ? undefined : seconds
  const bytes = typeof body === "string" ? bytesOf(body) : new Uint8Array(body)
  const signed = yield* Effect.promise(async () => signatureOf(signature, secret, bytes, timestamp))
  return {
    [header]: `${prefix}${signed}`,
    ...(timestampHeader === undefined ? {} : { [timestampHeader]: seconds })
  }
})

const withoutPrefix = (text: string | null, prefix = ""): string | undefined =>
  text?.startsWith(prefix) === true ? text.slice(prefix.length) : undefined

const bearsSecret = Effect.fnUntraced(function* ({ secrets, in: place, prefix }: SharedSecret, claimed: Claimed) {
  const given =
    "header" in place
      ? withoutPrefix(claimed.headers.get(place.header), prefix)
      : (claimed.url.searchParams.get(place.query) ?? undefined)
  if (given === undefined || given === "") return false
  return yield* Effect.promise(async () => isSomeSame(secretsOf(secrets), async (secret) => isSameText(secret, given)))
})

const TOLERANCE = Duration.minutes(5)

const toleranceOf = ({ tolerance = TOLERANCE }: { readonly tolerance?: Duration.Input }): number =>
  Duration.toMillis(Duration.fromInputUnsafe(tolerance))

const bearsSignature = Effect.fnUntraced(function* (signature: HmacSignature, { headers, body }: Claimed) {
  const { header, prefix, timestampHeader } = signature
  const text = withoutPrefix(headers.get(header), prefix)
  if (text === undefined) return false
  const given = signature.encoding === "base64" ? text : text.toLowerCase()
  const timestamp = timestampHeader === undefined ? undefined : (headers.get(timestampHeader) ?? "")
  const now = yield* Clock.currentTimeMillis
  if (timestamp !== undefined && !isRecent(timestamp, now, toleranceOf(signature))) return false
  const isIt = async (secret: string) => isSameText(await signatureOf(signature, secret, body, timestamp), given)
  return yield* Effect.promise(async () => isSomeSame(secretsOf(signature.secrets), isIt))
})

const bearsStandardSignature = Effect.fnUntraced(function* (signature: StandardSignature, claimed: Claimed) {
  const now = yield* Clock.currentTimeMillis
  const secrets = secretsOf(signature.secrets)
  return yield* Effect.promise(async () => isSignedStandard(secrets, claimed, now, toleranceOf(signature)))
})

/** Whether a request is what its trust asks for. */
export const isTrusted = (trust: WebhookTrust, claimed: Claimed): Effect.Effect<boolean> => {
  switch (trust.trust) {
    case "refetch":
    case "trusted":
      return Effect.succeed(true)
    case "shared_secret":
      return bearsSecret(trust, claimed)
    case "hmac":
      return bearsSignature(trust, claimed)
    case "standard_webhooks":
      return bearsStandardSignature(trust, claimed)
  }
}
