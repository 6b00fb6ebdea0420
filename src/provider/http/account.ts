/** A fingerprint of the account that a client uses. */
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import type { ProviderId } from "../../domain/Identifiers.ts"

/** Four bytes tell the accounts of a machine apart, and are too few to find or to prove a key by. */
const LENGTH = 4

/** One spelling of addresses that lead to the same place: case of the host, default port, slashes at the end or doubled. */
const spelled = (baseUrl: string): string => {
  const { origin, pathname } = new URL(baseUrl)
  return `${origin}${pathname.replace(/\/{2,}/g, "/").replace(/\/$/, "")}`
}

/** `baseUrl` is one that can be used. */
export const accountOf = (provider: ProviderId, baseUrl: string, key: string): string =>
  bytesToHex(sha256(utf8ToBytes(JSON.stringify([provider, spelled(baseUrl), key]))).slice(0, LENGTH))
