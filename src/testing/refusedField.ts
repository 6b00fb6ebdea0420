/** Whether the refusal of an order names the field at fault. */
import { formatPath, isJsonObject, type PathStep } from "../domain/Json.ts"
import type { InvalidRequest, Unsupported } from "../provider/CallError.ts"

/** Every place in an order at which something stands, objects included. */
export const placesIn = (value: unknown, path: ReadonlyArray<PathStep> = []): ReadonlyArray<string> => [
  ...(path.length === 0 ? [] : [formatPath(path)]),
  ...(isJsonObject(value) ? Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...path, key])) : [])
]

const isWithin = (place: string, field: string): boolean =>
  place === field || place.startsWith(`${field}.`) || place.startsWith(`${field}[`)

/** What is wrong with a refusal of `field`, which may also be laid to one of the `others`. */
export const wrongBlame = (
  field: string,
  refusal: InvalidRequest | Unsupported,
  others: ReadonlyArray<string> = []
): string | undefined => {
  const named = refusal.field
  if (named !== undefined && (isWithin(named, field) || others.includes(named))) return undefined
  return `${field}: refused, and the error names ${named ?? "no field"}`
}
