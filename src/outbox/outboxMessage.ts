/** A change as it is posted. Pure. */
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import type { CallChange } from "../calls/changes/CallChange.ts"
import type { Message } from "./post.ts"

const ID_BYTES = 16

/**
 * The same id at every try and after a restart, and another one where a new feed numbers other changes from 1 again. A call that was
 * read for it is no part of it: it may differ.
 */
const idOf = (tenant: string, { call: _call, ...change }: CallChange): string =>
  `msg_${bytesToHex(sha256(utf8ToBytes(JSON.stringify([tenant, change]))).subarray(0, ID_BYTES))}`

export const messageOf = (tenant: string, change: CallChange): Message => ({
  id: idOf(tenant, change),
  body: new TextEncoder().encode(JSON.stringify({ type: `call.${change.change}`, timestamp: change.at, data: change }))
})
