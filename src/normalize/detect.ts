/** Telling payloads apart: envelopes are opened, then each body is recognised by its keys, never by route or file name. */
import { isJsonObject, type JsonObject, type PathStep } from "../domain/Json.ts"
import type { RejectionReason } from "../domain/Rejection.ts"
import type { Adapter, Shape } from "../provider/Adapter.ts"
import type { Registry } from "../provider/registry.ts"

/** Field names of a wrapper that names its provider. */
export interface WrapperFields {
  readonly provider: string
  readonly payload: string
}

export interface Recognised {
  readonly adapter: Adapter
  readonly shape: Shape
}

export interface Refusal {
  readonly reason: RejectionReason
  readonly message: string
  readonly provider?: string
}

/** A body taken out of its envelopes, with its path in the payload and the provider that a wrapper claims for it. */
export type OnBody = (body: unknown, path: ReadonlyArray<PathStep>, claimedProvider: string | undefined) => void

/** Envelopes within envelopes beyond this are no envelope of any known provider. */
const MAX_ENVELOPES = 8

const ROOT: ReadonlyArray<PathStep> = []

const matchesAny = (body: JsonObject, registry: Registry): boolean =>
  registry.adapters.some(({ shapes }) => shapes.some((shape) => shape.matches(body)))

/**
 * The key under which an object holds others: `call`, `calls`, `data`, `rows`. An object that is a record itself and
 * only happens to have such a field is no envelope, unless a record stands in it.
 */
const envelopeKey = (body: JsonObject, registry: Registry): string | undefined => {
  for (const key of ENVELOPE_KEYS) {
    if (!Object.hasOwn(body, key)) continue
    const content = body[key]
    if (typeof content !== "object" || content === null) continue
    if (key !== "call" && key !== "data" && !Array.isArray(content)) continue
    const first: unknown = Array.isArray(content) ? content[0] : content
    const holdsRecord = isJsonObject(first) && matchesAny(first, registry)
    if (holdsRecord || !matchesAny(body, registry)) return key
  }
  return undefined
}

const ENVELOPE_KEYS = ["call", "calls", "data", "rows"] as const

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Calls back once for each body that a payload holds, in its order. */
export const openEnvelopes = (payload: unknown, registry: Registry, wrapper: WrapperFields, onBody: OnBody): void => {
  const open = (
    value: unknown,
    path: ReadonlyArray<PathStep>,
    provider: string | undefined,
    depth: number,
    wasText: boolean
  ): void => {
    if (typeof value === "string" && !wasText) {
      const inner = parsed(value)
      return inner === undefined ? onBody(value, path, provider) : open(inner, path, provider, depth, true)
    }
    if (depth >= MAX_ENVELOPES || typeof value !== "object" || value === null) return onBody(value, path, provider)
    if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index++)
        open(value[index], [...path, index], provider, depth + 1, wasText)
      return
    }
    if (!isJsonObject(value)) return onBody(value, path, provider)
    const claim = value[wrapper.provider]
    if (typeof claim === "string" && isPayload(value, wrapper.payload)) {
      return open(value[wrapper.payload], [...path, wrapper.payload], claim, depth + 1, false)
    }
    const key = envelopeKey(value, registry)
    if (key !== undefined) return open(value[key], [...path, key], provider, depth + 1, wasText)
    if (isPayload(value, wrapper.payload) && !matchesAny(value, registry)) {
      return open(value[wrapper.payload], [...path, wrapper.payload], provider, depth + 1, false)
    }
    return onBody(value, path, provider)
  }
  open(payload, ROOT, undefined, 0, false)
}

const isPayload = (value: JsonObject, field: string): boolean => {
  if (!Object.hasOwn(value, field)) return false
  const payload = value[field]
  return (typeof payload === "object" && payload !== null) || typeof payload === "string"
}

const expectation = (registry: Registry): string =>
  registry.adapters
    .map(({ title, shapes }) => `${title} (${shapes.map(({ name, signs }) => `${name}: ${signs}`).join("; ")})`)
    .join(" or ")

/** The one shape that a body has, or why there is none. A claimed provider settles a body that fits two. */
export const recognise = (body: unknown, registry: Registry, claimed: string | undefined): Recognised | Refusal => {
  if (typeof body === "string") {
    return { reason: "unreadable_json", message: "expected a JSON object or text that holds one, got other text" }
  }
  if (!isJsonObject(body)) {
    return { reason: "unknown_shape", message: `expected a JSON object with a call record, got ${typeName(body)}` }
  }
  let only: Recognised | undefined
  const found: Array<Recognised> = []
  for (const adapter of registry.adapters) {
    for (const shape of adapter.shapes) {
      if (!shape.matches(body)) continue
      only = { adapter, shape }
      found.push(only)
    }
  }
  if (only === undefined) {
    return { reason: "unknown_shape", message: `expected the keys of a known record: ${expectation(registry)}` }
  }
  if (claimed !== undefined) return claimedShape(found, registry, claimed)
  if (found.length > 1) return ambiguous(found)
  return only
}

const claimedShape = (found: ReadonlyArray<Recognised>, registry: Registry, claimed: string): Recognised | Refusal => {
  const id = claimed.trim().toLowerCase()
  const [first, ...others] = found.filter(({ adapter }) => adapter.id === id)
  if (first !== undefined) return others.length === 0 ? first : ambiguous([first, ...others])
  const known = registry.get(id)
  const titles = [...new Set(found.map(({ adapter }) => adapter.title))].join(" and ")
  const message = `expected a record of ${known === undefined ? "a known provider" : known.title}, got the keys of ${titles}`
  return known === undefined
    ? { reason: "provider_mismatch", message }
    : { reason: "provider_mismatch", message, provider: id }
}

const ambiguous = (found: ReadonlyArray<Recognised>): Refusal => ({
  reason: "ambiguous_shape",
  message: `expected the keys of one record, got those of ${found.map(({ adapter, shape }) => `${adapter.title} ${shape.name}`).join(" and ")}`
})

const typeName = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "an array" : `a ${typeof value}`
