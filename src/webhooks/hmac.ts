/** Signatures over bytes by a secret that both sides know, and comparing them. */
import * as Redacted from "effect/Redacted"

/** One secret, or several while one is being changed for another. */
export type Secrets = Redacted.Redacted<string> | ReadonlyArray<Redacted.Redacted<string>>

export const secretsOf = (secrets: Secrets): ReadonlyArray<string> =>
  (Array.isArray(secrets) ? secrets : [secrets]).map((secret) => Redacted.value(secret))

export const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

const HASH = { sha1: "SHA-1", sha256: "SHA-256", sha512: "SHA-512" } as const

export type Algorithm = keyof typeof HASH

const encoded = (bytes: Uint8Array, encoding: "hex" | "base64"): string =>
  encoding === "hex"
    ? Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
    : btoa(String.fromCharCode(...bytes))

export interface Signing {
  readonly key: Uint8Array<ArrayBuffer>
  readonly algorithm: Algorithm
  readonly encoding: "hex" | "base64"
  /** What is signed before the body. */
  readonly before: string
  readonly body: Uint8Array<ArrayBuffer>
}

export const hmacOf = async ({ key, algorithm, encoding, before, body }: Signing): Promise<string> => {
  const first = bytesOf(before)
  const signed = new Uint8Array(first.length + body.length)
  signed.set(first)
  signed.set(body, first.length)
  const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: HASH[algorithm] }, false, ["sign"])
  return encoded(new Uint8Array(await crypto.subtle.sign("HMAC", imported, signed)), encoding)
}

/** In a time that does not tell where they differ. */
const isSame = (a: Uint8Array, b: Uint8Array): boolean => {
  let difference = a.length ^ b.length
  for (let index = 0; index < a.length; index++) difference |= (a[index] ?? 0) ^ (b[index] ?? 0)
  return difference === 0
}

/** Compared by their digests, which are of one length. */
export const isSameText = async (a: string, b: string): Promise<boolean> => {
  const [digestA = [], digestB = []] = await Promise.all(
    [a, b].map(async (text) => crypto.subtle.digest("SHA-256", bytesOf(text)))
  )
  return isSame(new Uint8Array(digestA), new Uint8Array(digestB))
}

/** All are asked, whichever it is. */
export const isSomeSame = async <A>(
  all: ReadonlyArray<A>,
  isIt: (each: A) => boolean | Promise<boolean>
): Promise<boolean> => {
  const answers = await Promise.all(all.map(isIt))
  return answers.includes(true)
}

/** Seconds since 1970 as a header tells them, where they are within so many milliseconds of now. */
export const isRecent = (seconds: string, now: number, toleranceMillis: number): boolean =>
  /^\d{1,12}$/.test(seconds) && Math.abs(now - Number(seconds) * 1000) <= toleranceMillis
