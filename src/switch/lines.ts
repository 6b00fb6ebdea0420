/**
 * Lines to copy: code over `calls` of `unicall/promise`, and command lines. Everything of the records that stands in them is
 * quoted as JSON. Tests run them on twins.
 */
import type { AgentUse } from "./Usage.ts"
import { shownId } from "./shownId.ts"
import type { Lines } from "./Becoming.ts"

const js = (text: string): Lines => ({ language: "js", text: text.trim() })
const sh = (text: string): Lines => ({ language: "sh", text })

const quoted = (text: string): string => JSON.stringify(text)

/** Redials whoever was not reached, at most so often in all. */
export const redialLines = (provider: string, most: number): Lines =>
  js(`
const { retry, ...once } = order
for (let attempt = 1; attempt <= ${most}; attempt++) {
  const reference = attempt === 1 ? order.reference : \`\${order.reference}-\${attempt}\`
  const placed = await calls.place({ ...once, provider: ${quoted(provider)}, reference })
  if (placed.state !== "accepted") break // an uncertain one may have rung: reconcile it first
  const { reach } = await calls.awaitEnd(placed.call, { deadlineSeconds: 3600 })
  if (reach.value !== "not_reached") break
  // Wait here as long as your rules say.
}`)

export const scheduleLines = (provider: string): Lines =>
  js(`
// When the time of the order has come; a second time changes nothing, the reference is known.
const { scheduledAt, ...atOnce } = order
const notAfter = new Date(Date.parse(scheduledAt) + 15 * 60_000)
await calls.place({ ...atOnce, provider: ${quoted(provider)}, notAfter })`)

export const metadataLines = (provider: string): Lines =>
  js(`
const { metadata, ...rest } = order
await calls.place({ ...rest, provider: ${quoted(provider)}, variables: { ...metadata, ...order.variables } })`)

export const variablesLines = (provider: string): Lines =>
  js(`
const { variables, ...rest } = order
await calls.place({ ...rest, provider: ${quoted(provider)}, metadata: { ...variables, ...order.metadata } })`)

export const concurrencyLines = (provider: string): Lines =>
  js(`
// Five lanes, one call at a time in each.
const waiting = orders.values()
const lane = async () => {
  for (const { concurrency, ...order } of waiting) {
    const placed = await calls.place({ ...order, provider: ${quoted(provider)} })
    if (placed.state === "accepted") await calls.awaitEnd(placed.call, { deadlineSeconds: 3600 })
  }
}
await Promise.all(Array.from({ length: 5 }, lane))`)

export const callerLines = (provider: string): Lines =>
  js(`await calls.place({ ...order, provider: ${quoted(provider)}, from: ourNumber })`)

const MOST_AGENTS = 20

export const agentLines = (provider: string, agents: ReadonlyArray<AgentUse>): Lines => {
  // An id that is shown otherwise than it is would name no agent.
  const shown = agents.flatMap(({ id }) => (shownId(id) === id ? id : [])).slice(0, MOST_AGENTS)
  const rows = shown.map((id) => `  ${quoted(id)}: "",`).join("\n")
  const table = shown.length === 0 ? "{}" : `{\n${rows}\n}`
  return js(`
// The agent at the new provider, by the one that it takes the place of.
const agents = ${table}
await calls.place({ ...order, provider: ${quoted(provider)}, agent: { id: agents[order.agent.id] } })`)
}

export const agentList = (provider: string): Lines => sh(`unicall agents list --provider ${provider}`)
export const numberList = (provider: string): Lines => sh(`unicall agents numbers --provider ${provider}`)

/** `use`: which messages, as the command names them. */
export const addressLines = (provider: string, use: "calls" | "pre-call"): Lines =>
  sh(`unicall webhooks set --provider ${provider} --agent ID --${use} https://example.com/webhooks/${provider}`)
