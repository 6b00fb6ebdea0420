/** Edits of JSON bodies for tests: copies with a value removed, replaced or added. */
import { isJsonObject, type JsonObject, type PathStep } from "../domain/Json.ts"

export const PLANTED = "planted-secret-5b1d"

const member = (value: unknown) => ({ value, enumerable: true, configurable: true, writable: true })

/** A copy with another value at the path, or with none; objects on the way must exist. An element that is left out is null. */
const change = (target: unknown, [step, ...rest]: ReadonlyArray<PathStep>, value: unknown): unknown => {
  if (step === undefined) return value
  if (Array.isArray(target))
    return target.map((item: unknown, index) => (index === step ? (change(item, rest, value) ?? null) : item))
  if (!isJsonObject(target)) return target
  const copy = Object.defineProperty({ ...target }, step, member(change(target[step], rest, value)))
  return copy[step] === undefined
    ? Object.fromEntries(Object.entries(copy).filter(([key]) => key !== String(step)))
    : copy
}

export const changed = (body: JsonObject, path: ReadonlyArray<PathStep>, value: unknown): JsonObject => {
  const copy = change(body, path, value)
  return isJsonObject(copy) ? copy : body
}

export const deepFreeze = (value: unknown): unknown => {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze)
  return value
}

/** Every object of the body with secrets beside what it holds. */
export const plant = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plant)
  if (!isJsonObject(value)) return value
  const members = Object.entries(value).map(([key, inner]) => [key, plant(inner)] as const)
  return {
    ...Object.fromEntries(members),
    api_key: PLANTED,
    "x-auth-token": [PLANTED],
    clientSecret: { deep: { deeper: PLANTED } },
    request_body: JSON.stringify({ password: PLANTED })
  }
}
