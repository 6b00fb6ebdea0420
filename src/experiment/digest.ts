/** A digest of what is said, not of how it is written: anybody can compute it from the JSON, its keys sorted. */
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import { canonicalJson } from "../domain/Json.ts"

export const digestOfJson = (value: unknown): string => bytesToHex(sha256(utf8ToBytes(canonicalJson(value))))
