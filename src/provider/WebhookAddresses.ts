/** Where the messages of an agent go, as its provider has it stored. */
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { FieldFault } from "../domain/PlaceCall.ts"
import { isLoopback } from "../domain/loopback.ts"

/** `calls`: messages about calls, at least of their ends. `preCall`: asked before an inbound call is answered. */
export const WebhookUse = Schema.Literals(["calls", "preCall"])
export type WebhookUse = typeof WebhookUse.Type

/** An address may hold a secret; `null` where none is set. */
export type WebhookAddress = Redacted.Redacted | null

/** Addresses by what they are for. A use that is absent is not meant. */
export type WebhookAddresses = { readonly [Use in WebhookUse]?: WebhookAddress }

const LONGEST = 2000

/** What keeps a text from being an address for messages; it is not repeated. User, query and path may be secrets. */
export const webhookAddressFault = (field: string, text: string): FieldFault | undefined => {
  const url = text.length > LONGEST || /\s/.test(text) ? null : URL.parse(text)
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:"))
    return { field, expected: `an address that begins with https://, of at most ${LONGEST} characters` }
  return url.protocol === "http:" && !isLoopback(text)
    ? { field, expected: "https: what is said of calls is not sent without encryption, but to a loopback address" }
    : undefined
}
