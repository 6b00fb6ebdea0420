/** The assistants and numbers of an account: `GET /assistants` and `GET /phone-numbers`, each documented as one whole list. */
import * as Schema from "effect/Schema"
import { parseId } from "../../src/domain/Identifiers.ts"
import type { CatalogPort } from "../../src/provider/Catalog.ts"
import { agentInfo, eachEntry, numberInfo, wholeList } from "../../src/provider/http/catalogLists.ts"
import type { Sender } from "../../src/provider/http/Sender.ts"
import { given, Id, makeReader, Text, Time } from "../../src/provider/WireReader.ts"
import { providerId } from "./Mapping.ts"

const readAssistant = makeReader(Schema.Struct({ id: Id, name: Text, created_at: Time, updated_at: Time }))

/** Which field holds the number is on no page that is known: it is looked for where the rest of the API has it. */
const readNumber = makeReader(
  Schema.Struct({
    id: Id,
    phone_number: Text,
    label: Text,
    created_at: Time,
    inbound_assistant: given(Schema.Struct({ id: Id }))
  })
)

/** Null is nobody; where it is absent, or has no id, nothing is told. */
const agentIdsOf = (assistant: { readonly id?: string | number | null | undefined } | null | undefined) => {
  const id = parseId(assistant?.id)
  return id !== undefined ? [id] : assistant === null ? [] : undefined
}

export const catalogOf = (sender: Sender): CatalogPort => ({
  agents: wholeList(sender, {
    operation: "agents",
    path: "/assistants",
    envelope: "assistants",
    read: eachEntry((native) => {
      const { id, name, created_at: createdAt, updated_at: updatedAt } = readAssistant(native).body
      return agentInfo(providerId, { id, name, createdAt, updatedAt })
    })
  }),
  numbers: wholeList(sender, {
    operation: "numbers",
    path: "/phone-numbers",
    envelope: "phone_numbers",
    read: eachEntry((native) => {
      const { body } = readNumber(native)
      const { id, label, phone_number: e164, created_at: createdAt, inbound_assistant: assistant } = body
      return numberInfo(providerId, "e164", { e164, id, label, agentIds: agentIdsOf(assistant), createdAt })
    })
  })
})
