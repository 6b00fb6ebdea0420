/** Lists that do not tell all: what a provider's answer to a list becomes. */
import { isJsonObject } from "../../src/domain/Json.ts"
import type { TwinReply } from "../../src/twin/reply.ts"
import type { TwinOrder } from "../../src/twin/twin.ts"
import type { ListTruth } from "./script.ts"

export const HONEST: ListTruth = { delaySeconds: 0, hides: "nothing", minimal: false }

/** States before a call is dialled, and after it is over, in the providers' words. */
const QUEUED = /queued|scheduled|initiated|pending/i
const RUNNING = /ring|progress|ongoing|forward|running|calling/i

const isHidden = (hides: ListTruth["hides"], status: string): boolean => {
  if (hides === "nothing" || hides === "all") return hides === "all"
  const isQueued = QUEUED.test(status)
  return hides === "queued" ? isQueued : !isQueued && !RUNNING.test(status)
}

const withoutReference = (item: { readonly [name: string]: unknown }, references: ReadonlyArray<string>) =>
  Object.fromEntries(
    Object.entries(item).filter(([, value]) => {
      const text = JSON.stringify(value) ?? ""
      return !references.some((reference) => text.includes(JSON.stringify(reference)))
    })
  )

/** The answer with fewer orders in it, and less of them. */
export const tellingLess = (
  reply: TwinReply,
  { delaySeconds, hides, minimal }: ListTruth,
  orders: ReadonlyArray<TwinOrder>,
  now: number
): TwinReply => {
  const isHonest = delaySeconds === 0 && hides === "nothing" && !minimal
  if (isHonest || reply.status !== 200 || typeof reply.body !== "string" || reply.body === "") return reply
  const placedAt = new Map(orders.map((order) => [order.id, order.placedAt]))
  const references = [...new Set(orders.flatMap(({ reference }) => reference ?? []))]
  const told = (items: ReadonlyArray<unknown>): ReadonlyArray<unknown> =>
    items
      .filter((item) => {
        // What an item without its id is, nobody knows.
        if (!isJsonObject(item) || item["id"] === undefined) return true
        const at = placedAt.get(String(item["id"])) ?? 0
        return now - at >= delaySeconds * 1000 && !isHidden(hides, String(item["status"]))
      })
      .map((item) => (minimal && isJsonObject(item) ? withoutReference(item, references) : item))
  try {
    const body: unknown = JSON.parse(reply.body)
    if (Array.isArray(body)) return { ...reply, body: JSON.stringify(told(body)) }
    if (!isJsonObject(body)) return reply
    const entries = Object.entries(body).map(([name, value]) => [name, Array.isArray(value) ? told(value) : value])
    return { ...reply, body: JSON.stringify(Object.fromEntries(entries)) }
  } catch {
    return reply
  }
}
