/** The addresses of webhooks in the fields of an agent's record, for a provider that changes single fields by PATCH. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { isJsonObject, type JsonObject } from "../../domain/Json.ts"
import type { CallError } from "../CallError.ts"
import type { WebhookPort } from "../CallProvider.ts"
import { type WebhookAddress, type WebhookAddresses, WebhookUse } from "../WebhookAddresses.ts"
import { type Answer, unwrap } from "./answer.ts"
import { segment, type Sender, unreadable } from "./Sender.ts"

/** The JSON of an answer with its secrets: of an address, and of what is written back beside it. */
const originalOf = ({ text }: Answer): unknown => {
  try {
    return JSON.parse(Redacted.value(text))
  } catch {
    return undefined
  }
}

/** Reads the one agent that was asked for, secrets included. */
export const readAgent = Effect.fnUntraced(function* (
  sender: Sender,
  path: string,
  id: string,
  envelope?: string
): Effect.fn.Return<JsonObject, CallError> {
  const answer = yield* sender.ask("webhookAddresses", { method: "GET", path: `${path}/${segment(id)}` })
  const original = originalOf(answer)
  const agent = envelope === undefined ? original : unwrap(original, envelope)
  if (isJsonObject(agent) && agent["id"] === id) return agent
  return yield* sender.fail("webhookAddresses", unreadable(answer, "the agent that was asked for"))
})

/** The agent with this id in a list of agents that is asked for. */
export const agentInList = (
  sender: Sender,
  request: Parameters<Sender["ask"]>[1],
  id: string,
  envelope: string
): Effect.Effect<JsonObject | undefined, CallError> =>
  Effect.flatMap(sender.ask("webhookAddresses", request), (answer) => {
    const items = unwrap(originalOf(answer), envelope)
    return Array.isArray(items)
      ? Effect.succeed(items.filter(isJsonObject).find((agent) => agent["id"] === id))
      : Effect.fail(sender.fail("webhookAddresses", unreadable(answer, "a list of agents")))
  })

/** Absent, null and empty: none is set. */
export const addressIn = (value: unknown): WebhookAddress =>
  typeof value === "string" && value.trim() !== "" ? Redacted.make(value) : null

/** An address as it is written. */
export const written = (address: WebhookAddress): string | null => (address === null ? null : Redacted.value(address))

/** Where the addresses stand in an agent's record. */
export interface AddressFields {
  /** The field of each address that the provider has. */
  readonly fields: { readonly [Use in WebhookUse]?: string }
  /** The agent with this id, secrets included. */
  readonly read: (id: string) => Effect.Effect<JsonObject, CallError>
  /** The path below which agents are changed. */
  readonly path: string
}

/** Reads them, and changes those that are given and no other field. */
export const addressesInFields = (sender: Sender, { fields, read, path }: AddressFields): WebhookPort => {
  const fieldsOf = (wanted: (use: WebhookUse) => boolean) =>
    WebhookUse.literals.flatMap((use) => {
      const field = fields[use]
      return field === undefined || !wanted(use) ? [] : [{ use, field }]
    })
  return {
    read: (id) =>
      Effect.map(read(id), (agent): WebhookAddresses =>
        Object.fromEntries(fieldsOf(() => true).map(({ use, field }) => [use, addressIn(agent[field])]))
      ),
    write: (id, addresses) => {
      const body = Object.fromEntries(
        fieldsOf((use) => addresses[use] !== undefined).map(({ use, field }) => [
          field,
          written(addresses[use] ?? null)
        ])
      )
      return Effect.asVoid(sender.ask("setWebhookAddresses", { method: "PATCH", path: `${path}/${segment(id)}`, body }))
    }
  }
}
