/** The agents of an account: `GET /agents`, documented as one whole list. Numbers are on no page of their own: each agent tells its own. */
import * as Schema from "effect/Schema"
import { parseId } from "../../src/domain/Identifiers.ts"
import { isJsonObject } from "../../src/domain/Json.ts"
import type { CatalogPort, NumberInfo } from "../../src/provider/Catalog.ts"
import { agentInfo, eachEntry, type EntriesRead, numberInfo, wholeList } from "../../src/provider/http/catalogLists.ts"
import type { Sender } from "../../src/provider/http/Sender.ts"
import { Id, makeReader, Text, Time } from "../../src/provider/WireReader.ts"
import { providerId } from "./Mapping.ts"

const readAgent = makeReader(Schema.Struct({ id: Id, name: Text, language: Text, createdAt: Time, updatedAt: Time }))
const readNumber = makeReader(Schema.Struct({ id: Id, e164: Text, createdAt: Time }))

const readNumbers = eachEntry((native) => {
  const { id, e164, createdAt } = readNumber(native).body
  return numberInfo(providerId, "e164", { id, e164, createdAt })
})

/** A number that several agents have is one, with all of them. */
const numbersIn = (agents: ReadonlyArray<unknown>): EntriesRead<NumberInfo> => {
  const found = new Map<string, { readonly number: NumberInfo; readonly agentIds: Set<string> }>()
  let unreadable = 0
  for (const agent of agents) {
    const agentId = isJsonObject(agent) ? parseId(agent["id"]) : undefined
    const own = isJsonObject(agent) ? (agent["phoneNumbers"] ?? []) : undefined
    if (agentId === undefined || !Array.isArray(own)) {
      unreadable += 1
      continue
    }
    const { items, unreadable: lost } = readNumbers(own)
    unreadable += lost
    for (const number of items) {
      const key = number.id ?? number.e164 ?? ""
      const known = found.get(key) ?? { number, agentIds: new Set() }
      known.agentIds.add(agentId)
      found.set(key, known)
    }
  }
  const items = [...found.values()].map(({ number, agentIds }) => ({ ...number, agentIds: [...agentIds] }))
  return { items, unreadable }
}

const AGENTS = { path: "/agents", envelope: "data" } as const

export const catalogOf = (sender: Sender): CatalogPort => ({
  agents: wholeList(sender, {
    ...AGENTS,
    operation: "agents",
    read: eachEntry((native) => {
      const { id, name, language, createdAt, updatedAt } = readAgent(native).body
      return agentInfo(providerId, { id, name, language, createdAt, updatedAt })
    })
  }),
  numbers: wholeList(sender, { ...AGENTS, operation: "numbers", read: numbersIn })
})
