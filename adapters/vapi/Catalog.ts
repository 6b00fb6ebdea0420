/**
 * The assistants and numbers of an account: `GET /assistant` and `GET /phone-number`, bare lists of at most 1000 that are cut by
 * their time of creation (OpenAPI, types of the SDK). In which order they come is not documented.
 */
import * as Schema from "effect/Schema"
import { parseId } from "../../src/domain/Identifiers.ts"
import type { AgentInfo, CatalogPort, NumberInfo } from "../../src/provider/Catalog.ts"
import {
  agentInfo,
  type CatalogSource,
  eachEntry,
  newestEntries,
  type NewestEntries,
  numberInfo
} from "../../src/provider/http/catalogLists.ts"
import type { Sender } from "../../src/provider/http/Sender.ts"
import { given, Id, makeReader, Text, Time } from "../../src/provider/WireReader.ts"
import { providerId } from "./Mapping.ts"

const readAssistant = makeReader(
  Schema.Struct({
    id: Id,
    name: Text,
    createdAt: Time,
    updatedAt: Time,
    transcriber: given(Schema.Struct({ language: Text }))
  })
)

const readNumber = makeReader(Schema.Struct({ id: Id, number: Text, name: Text, assistantId: Id, createdAt: Time }))

export const catalogOf = (sender: Sender, pageSize: number): CatalogPort => {
  const cut: NewestEntries = {
    pageSize,
    query: (until) => [["limit", String(pageSize)], ...(until === undefined ? [] : [["createdAtLt", until] as const])]
  }
  const agents: CatalogSource<AgentInfo> = {
    operation: "agents",
    path: "/assistant",
    read: eachEntry((native) => {
      const { id, name, transcriber, createdAt, updatedAt } = readAssistant(native).body
      // The language that it hears; what it speaks is its voice's.
      return agentInfo(providerId, { id, name, language: transcriber?.language, createdAt, updatedAt })
    })
  }
  /** Orders name its id. A SIP address has no number, nor has one that is still being bought. */
  const numbers: CatalogSource<NumberInfo> = {
    operation: "numbers",
    path: "/phone-number",
    read: eachEntry((native) => {
      const { id, number: e164, name: label, assistantId, createdAt } = readNumber(native).body
      const agentId = parseId(assistantId)
      return numberInfo(providerId, "id", {
        e164,
        id,
        label,
        agentIds: agentId === undefined ? [] : [agentId],
        createdAt
      })
    })
  }
  return { agents: newestEntries(sender, agents, cut), numbers: newestEntries(sender, numbers, cut) }
}
