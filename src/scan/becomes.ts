/** What a place in the code becomes: lines of `unicall/promise`. */
import type { CodeOperation } from "../provider/CodeSigns.ts"
import type { Sought } from "./Finding.ts"
import type { Members } from "./Value.ts"

const AGENTS: { readonly [place: string]: string } = {
  "agent.id": "agent: { id }",
  "agent.inline": "agent: { inline: { prompt } }"
}

/** The fields of an order that take what the body had; without a body that is known, the usual ones. */
const orderFields = ({ id, signs }: Sought, body: Members | undefined): ReadonlyArray<string> => {
  const said = [...(body?.named.keys() ?? [])]
    .map((field) => (Object.hasOwn(signs.order.fields, field) ? signs.order.fields[field] : undefined))
    .filter((place) => typeof place === "string")
  const places = new Set(["to", ...(body?.isWhole === true ? [] : ["from", "agent.id"]), ...said])
  const own = [...places].filter((place) => place.startsWith("providerOptions.")).map((place) => place.split(".")[2])
  const agent = [...places].map((place) => AGENTS[place]).find((field) => field !== undefined) ?? "agent: {}"
  const plain = [...places].filter((place) => place !== "reference" && !place.includes("."))
  const options = own.length === 0 ? [] : [`providerOptions: { ${id}: { ${[...new Set(own)].join(", ")} } }`]
  return ["reference", ...plain, agent, ...options]
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

export const BROWSER_CLIENT = "stays: it opens calls from a browser, which unicall does not"

export const PACKAGE = `import { openCalls } from "unicall/promise"`

export const WEBHOOK = (id: string): string =>
  `return await calls.webhook(request), with openCalls({ …, webhooks: { trust: { ${id}: … }, inbox } }); what came of calls: calls.changes({ consumer })`

export const STATUS =
  "record.status for how far it is, record.reach for who was reached: the same words at every provider"
