/** What adapters say of a body as a whole: its keys, that its id is missing, that it is an order with one attempt. */
import { parseAttemptId } from "../domain/Identifiers.ts"
import { isJsonObject } from "../domain/Json.ts"
import type { Adapter, LocateAttempts, Reading, Unreadable } from "./Adapter.ts"

/** Whether it has all these keys, whatever stands under them. Loops, since every body is asked by every shape. */
export const hasKeys = (body: object, ...keys: ReadonlyArray<string>): boolean => {
  for (const key of keys) if (!Object.hasOwn(body, key)) return false
  return true
}

/** Whether it has one of these keys at least. */
export const hasSomeKey = (body: object, ...keys: ReadonlyArray<string>): boolean => {
  for (const key of keys) if (Object.hasOwn(body, key)) return true
  return false
}

/** What a body turned out to be, by the adapter's own shapes. */
export const readByShape = ({ shapes }: Adapter, body: unknown): Reading | undefined =>
  isJsonObject(body) ? shapes.find(({ matches }) => matches(body))?.read(body) : undefined

/** A record without an id, or with something that is none. */
export const missingId = (field: string): Unreadable => ({
  kind: "unreadable",
  reason: "missing_id",
  path: [field],
  message: `expected ${field} to be a non-empty string or a safe integer`
})

/** Where the attempt stands if each order is its own and only attempt, with the id under `id`. */
export const locateOwnAttempt: LocateAttempts = (native) => {
  const id = parseAttemptId(native["id"])
  return new Map(id === undefined ? [] : [[id, []]])
}
