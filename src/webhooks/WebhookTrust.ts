/** Whom a webhook is believed to come from. Whatever is chosen, what it says of a call is never taken for a fact: the call is read. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

/** One secret, or several while one is being changed for another. */
export type Secrets = Redacted.Redacted<string> | ReadonlyArray<Redacted.Redacted<string>>

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
  readonly algorithm?: "sha1" | "sha256" | "sha512"
  /** @default "hex" */
  readonly encoding?: "hex" | "base64"
  /** What stands before it in the header: `sha256=`. @default "" */
  readonly prefix?: string
  /** The header that holds the time of signing, in seconds since 1970: it and a full stop are signed before the body. @default none */
  readonly timestampHeader?: string
  /** How far that time may be from now. @default 5 minutes */
  readonly tolerance?: Duration.Input
}

/**
 * `refetch`: nobody is believed. Calls that nobody placed here are read seldom, so that forged ids cost little. `trusted`:
 * somebody before us has checked the request.
 */
export type WebhookTrust = { readonly trust: "refetch" } | { readonly trust: "trusted" } | SharedSecret | HmacSignature

/** A request as far as it tells whom it comes from. */
export interface Claimed {
  readonly headers: Headers
  readonly url: URL
  readonly body: Uint8Array<ArrayBuffer>
}

const secretsOf = (secrets: Secrets): ReadonlyArray<string> =>
  (Array.isArray(secrets) ? secrets : [secrets]).map((secret) => Redacted.value(secret))

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

const HASH = { sha1: "SHA-1", sha256: "SHA-256", sha512: "SHA-512" } as const

const macOf = async (secret: string, hash: string, signed: Uint8Array<ArrayBuffer>): Promise<Uint8Array> => {
  const key = await crypto.subtle.importKey("raw", bytesOf(secret), { name: "HMAC", hash }, false, ["sign"])
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, signed))
}

/** In a time that does not tell where they differ. */
const isSame = (a: Uint8Array, b: Uint8Array): boolean => {
  let difference = a.length ^ b.length
  for (let index = 0; index < a.length; index++) difference |= (a[index] ?? 0) ^ (b[index] ?? 0)
  return difference === 0
}

/** Compared by their digests, which are of one length. */
const isSameText = async (a: string, b: string): Promise<boolean> => {
  const [digestA = [], digestB = []] = await Promise.all(
    [a, b].map(async (text) => crypto.subtle.digest("SHA-256", bytesOf(text)))
  )
  return isSame(new Uint8Array(digestA), new Uint8Array(digestB))
}

const isSomeSame = async <A>(all: ReadonlyArray<A>, isIt: (each: A) => Promise<boolean>): Promise<boolean> => {
  const answers = await Promise.all(all.map(isIt))
  return answers.includes(true)
}

const encoded = (bytes: Uint8Array, encoding: "hex" | "base64"): string =>
  encoding === "hex"
    ? Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
    : btoa(String.fromCharCode(...bytes))

const signedBytes = (body: Uint8Array<ArrayBuffer>, timestamp: string | undefined): Uint8Array<ArrayBuffer> => {
  if (timestamp === undefined) return body
  const before = bytesOf(`${timestamp}.`)
  const all = new Uint8Array(before.length + body.length)
  all.set(before)
  all.set(body, before.length)
  return all
}

const signatureOf = async (
  { algorithm = "sha256", encoding = "hex" }: HmacSignature,
  secret: string,
  body: Uint8Array<ArrayBuffer>,
  timestamp: string | undefined
): Promise<string> => encoded(await macOf(secret, HASH[algorithm], signedBytes(body, timestamp)), encoding)

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

const bearsSignature = Effect.fnUntraced(function* (signature: HmacSignature, { headers, body }: Claimed) {
  const { header, prefix, timestampHeader, tolerance = TOLERANCE } = signature
  const text = withoutPrefix(headers.get(header), prefix)
  if (text === undefined) return false
  const given = signature.encoding === "base64" ? text : text.toLowerCase()
  const timestamp = timestampHeader === undefined ? undefined : (headers.get(timestampHeader) ?? "")
  if (timestamp !== undefined) {
    const age = Math.abs((yield* Clock.currentTimeMillis) - Number(timestamp) * 1000)
    if (!/^\d{1,12}$/.test(timestamp) || age > Duration.toMillis(Duration.fromInputUnsafe(tolerance))) return false
  }
  const isIt = async (secret: string) => isSameText(await signatureOf(signature, secret, body, timestamp), given)
  return yield* Effect.promise(async () => isSomeSame(secretsOf(signature.secrets), isIt))
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
  }
}
