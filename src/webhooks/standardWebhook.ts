/**
 * The scheme of Standard Webhooks (standardwebhooks.com) with secrets that both sides know: who signs and who checks go by the same
 * names. A message keeps its id over all tries; each try has a time of its own.
 */
import { hmacOf, isRecent, isSameText, isSomeSame } from "./hmac.ts"

export const STANDARD_HEADERS = {
  id: "webhook-id",
  timestamp: "webhook-timestamp",
  signature: "webhook-signature"
} as const

const PREFIX = "whsec_"

type Key = Uint8Array<ArrayBuffer>

/** The bytes of a secret; none where it is not one. */
const keyOf = (secret: string): Key | undefined => {
  const base64 = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : ""
  // What `atob` takes beyond that, such as white space, a receiver may not.
  if (!/^[A-Za-z\d+/]+={0,2}$/.test(base64)) return undefined
  try {
    const key = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
    return key.length === 0 ? undefined : key
  } catch {
    return undefined
  }
}

const keysOf = (secrets: ReadonlyArray<string>): ReadonlyArray<Key> => secrets.flatMap((secret) => keyOf(secret) ?? [])

export const isStandardSecret = (secret: string): boolean => keyOf(secret) !== undefined

const LEAST_BYTES = 24
const MOST_BYTES = 64

/** What to sign with, for people. */
export const SIGNING_SECRET = `${PREFIX} and ${LEAST_BYTES} to ${MOST_BYTES} random bytes in base64`

/** Whether it is long enough to sign with, and not longer than the standard allows. */
export const isSigningSecret = (secret: string): boolean => {
  const length = keyOf(secret)?.length ?? 0
  return length >= LEAST_BYTES && length <= MOST_BYTES
}

interface Message {
  /** Without a full stop: it ends the id where both are signed. */
  readonly id: string
  readonly seconds: string
  readonly body: Uint8Array<ArrayBuffer>
}

const signatureOf = async (key: Key, { id, seconds, body }: Message): Promise<string> =>
  `v1,${await hmacOf({ key, algorithm: "sha256", encoding: "base64", before: `${id}.${seconds}.`, body })}`

/** The headers of a message, signed with each of the secrets. */
export const standardHeaders = async (secrets: ReadonlyArray<string>, message: Message) => ({
  [STANDARD_HEADERS.id]: message.id,
  [STANDARD_HEADERS.timestamp]: message.seconds,
  [STANDARD_HEADERS.signature]: (await Promise.all(keysOf(secrets).map((key) => signatureOf(key, message)))).join(" ")
})

/** More signatures than anybody signs with. */
const MOST_SIGNATURES = 20

/** Whether one of the signatures is by one of the secrets, and the time of the try is near. */
export const isSignedStandard = async (
  secrets: ReadonlyArray<string>,
  { headers, body }: { readonly headers: Headers; readonly body: Uint8Array<ArrayBuffer> },
  now: number,
  toleranceMillis: number
): Promise<boolean> => {
  const [id, seconds, given] = [STANDARD_HEADERS.id, STANDARD_HEADERS.timestamp, STANDARD_HEADERS.signature].map(
    (name) => headers.get(name) ?? ""
  )
  if (!id || !seconds || !given || !isRecent(seconds, now, toleranceMillis)) return false
  const signatures = given.split(" ").slice(0, MOST_SIGNATURES)
  return isSomeSame(keysOf(secrets), async (key) => {
    const wanted = await signatureOf(key, { id, seconds, body })
    return isSomeSame(signatures, (signature) => isSameText(signature, wanted))
  })
}
