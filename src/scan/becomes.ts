/** What a place in the code becomes: lines of `unicall/promise`. */
import type { CodeOperation } from "../provider/CodeSigns.ts"
import type { Sought } from "./Finding.ts"
import type { Members } from "./values.ts"

/** The fields of an order that hold what the body had, `from` and the like; those of nested ones once. */
const orderFields = ({ signs }: Sought, body: Members | undefined): ReadonlyArray<string> => {
  const usual = ["to", "from", "agent.id"]
  const said = [...(body?.named.keys() ?? [])]
    .map((field) => (Object.hasOwn(signs.order.fields, field) ? signs.order.fields[field] : undefined))
    .filter((place) => typeof place === "string")
  const places = body?.isWhole === true ? said : [...usual, ...said]
  const top = places.map((place) => {
    const [name = "", second] = place.split(".")
    return second === undefined || name === "providerOptions" ? name : `${name}: { ${second} }`
  })
  const agents = top.filter((field) => field.startsWith("agent"))
  const agent = agents.includes("agent: { inline }") ? "agent: { inline: { prompt } }" : (agents[0] ?? "agent: { id }")
  const plain = top.filter((field) => !field.startsWith("agent"))
  return ["reference", ...new Set(["to", ...plain, agent])]
}

const LINES = {
  get: (id) => `await calls.get({ provider: "${id}", id })`,
  getMany: (id) => `await calls.get({ provider: "${id}", id }) for each: many are read at once where the provider can`,
  list: (id) => `for await (const record of calls.list({ provider: "${id}" })) { … }`,
  cancel: (id) => `await calls.cancel({ provider: "${id}", id })`,
  check: (id) => `await calls.check({ provider: "${id}" })`,
  agents: (id) => `for await (const agent of calls.agents({ provider: "${id}" })) { … }`,
  numbers: (id) => `for await (const number of calls.numbers({ provider: "${id}" })) { … }`,
  webhookAddresses: (id) => `await calls.setWebhookAddresses({ provider: "${id}", agentId, calls: address })`,
  browser: (id) =>
    `stays: a call from a browser is opened there. Its record is read by calls.get({ provider: "${id}", id })`,
  outside: () => "stays: unicall does not do this"
} as const satisfies Record<Exclude<CodeOperation, "place">, (id: string) => string>

export const becomesOf = (provider: Sought, operation: CodeOperation, body?: Members): string =>
  operation === "place"
    ? `await calls.place({ provider: "${provider.id}", ${orderFields(provider, body).join(", ")} })`
    : LINES[operation](provider.id)

export const CLIENT = (id: string): string => `await openCalls({ ${id}: { apiKey }, journal })`

export const PACKAGE = `import { openCalls } from "unicall/promise"`

export const WEBHOOK = (id: string): string =>
  `return await calls.webhook(request), with openCalls({ …, webhooks: { trust: { ${id}: … }, inbox } }); what came of calls: calls.changes({ consumer })`

export const STATUS =
  "record.status for how far it is, record.reach for who was reached: the same words at every provider"
