/** Telling payloads apart: envelopes are opened, then each body is recognised by its keys, never by route or file name. */
import { isEmptyObject, isJsonObject, type JsonObject, type PathStep } from "../domain/Json.ts"
import type { RejectionReason } from "../domain/Rejection.ts"
import type { Adapter, Shape } from "../provider/Adapter.ts"
import type { JoinedEnvelope } from "../provider/envelopes.ts"
import type { Registry } from "../provider/registry.ts"
import { type AtPath, atDottedPath } from "./dottedPath.ts"
import { beginsLikeJson, jsonInText, valueOfText } from "./textPayload.ts"
import { isWritten } from "./written/isWritten.ts"

/** Field names of a wrapper that names its provider; `req.body` is the field `body` of the field `req`. */
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

type Adapters = Pick<Registry, "adapters">

const matchesAny = (body: JsonObject, of: Adapters): boolean =>
  of.adapters.some(({ shapes }) => shapes.some((shape) => shape.matches(body))) || isRecordless(body, of)

/**
 * The envelopes that an object is. A record that only happens to have such a field is none, unless a record of an adapter
 * that declares the field stands in it; what unicall wrote is never one.
 */
const envelopesIn = (body: JsonObject, registry: Registry): ReadonlyArray<JoinedEnvelope> => {
  let found = NO_ENVELOPES
  for (const envelope of registry.envelopes) {
    const { key, list, one } = envelope
    if (!Object.hasOwn(body, key)) continue
    const content = body[key]
    if (typeof content !== "object" || content === null || !(Array.isArray(content) ? list : one)) continue
    if (isWritten(body)) return NO_ENVELOPES
    const first: unknown = Array.isArray(content) ? content[0] : content
    const holdsRecord = isJsonObject(first) && matchesAny(first, envelope)
    if (holdsRecord || !matchesAny(body, registry)) found = [...found, envelope]
  }
  return found
}

const NO_ENVELOPES: ReadonlyArray<JoinedEnvelope> = []

interface Opening {
  readonly registry: Registry
  readonly wrapper: WrapperFields
  readonly onBody: OnBody
  /** What stands beside the records of an envelope and is lost with it otherwise, by its keys. */
  readonly onBeside?: (beside: JsonObject, path: ReadonlyArray<PathStep>) => void
}

/** Calls back once for each body that a payload holds, in its order. */
export const openEnvelopes = (payload: unknown, opening: Opening): void => open(payload, ROOT, undefined, 0, opening)

const open = (
  value: unknown,
  path: ReadonlyArray<PathStep>,
  provider: string | undefined,
  depth: number,
  opening: Opening
): void => {
  const { registry, wrapper, onBody } = opening
  if (depth >= MAX_ENVELOPES) return onBody(value, path, provider)
  if (typeof value === "string") return openText(value, path, provider, depth, opening)
  if (typeof value !== "object" || value === null) return onBody(value, path, provider)
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      open(value[index], [...path, index], provider, depth + 1, opening)
    }
    return
  }
  if (!isJsonObject(value)) return onBody(value, path, provider)
  const word = atDottedPath(value, wrapper.provider)?.value
  const payload = payloadOf(value, wrapper.payload)
  // A word that is no provider's only counts where a payload stands beside it.
  const isClaim = typeof word === "string" && (payload !== undefined || registry.get(providerIdOf(word)) !== undefined)
  const claimed = isClaim ? word : provider
  if (payload !== undefined && (isClaim || !matchesAny(value, registry))) {
    return open(payload.value, [...path, ...payload.path], claimed, depth + 1, opening)
  }
  const envelopes = envelopesIn(value, registry)
  for (const { key } of envelopes) open(value[key], [...path, key], claimed, depth + 1, opening)
  if (envelopes.length === 0) onBody(value, path, claimed)
  else tellBeside(value, envelopes, path, opening)
}

const openText = (
  text: string,
  path: ReadonlyArray<PathStep>,
  provider: string | undefined,
  depth: number,
  opening: Opening
): void => {
  const inner = valueOfText(text)
  if (inner !== undefined) return open(inner, path, provider, depth + 1, opening)
  const { values, damaged } = jsonInText(text)
  const broken = [...damaged]
  let hasRecord = false
  // What is no record belongs to the text around the records, unless it is damaged and may have been one.
  const onBody: OnBody = (...body) => {
    const [content] = body
    if (typeof content === "string" && beginsLikeJson(content)) broken.push(content)
    if (!isJsonObject(content) || !matchesAny(content, opening.registry)) return
    hasRecord = true
    opening.onBody(...body)
  }
  for (const value of values) open(value, path, provider, depth + 1, { ...opening, onBody })
  if (!hasRecord) return opening.onBody(text, path, provider)
  for (const part of broken) opening.onBody(part, path, provider)
}

const payloadOf = (value: JsonObject, field: string): AtPath | undefined => {
  const found = atDottedPath(value, field)
  const content = found?.value
  return (typeof content === "object" && content !== null) || typeof content === "string" ? found : undefined
}

const NAMES_FAULTS = /error|warning|fail/i

/** Lists and faults are content; counts, pages, links and times belong to the envelope and go with it. */
const isContent = (key: string, value: unknown, inRow: boolean): boolean => {
  if (value === null || value === "" || value === false) return false
  if (Array.isArray(value) ? value.length === 0 : isEmptyObject(value)) return false
  return (Array.isArray(value) && !inRow) || NAMES_FAULTS.test(key)
}

const isRow = ({ around }: JoinedEnvelope): boolean => around === "row"

const tellBeside = (
  body: JsonObject,
  envelopes: ReadonlyArray<JoinedEnvelope>,
  path: ReadonlyArray<PathStep>,
  { onBeside }: Opening
): void => {
  if (onBeside === undefined) return
  const inRow = envelopes.every(isRow)
  const beside = Object.entries(body).filter(
    ([key, value]) => !envelopes.some((envelope) => envelope.key === key) && isContent(key, value, inRow)
  )
  if (beside.length > 0) onBeside(Object.fromEntries(beside), path)
}

/** Providers are named by people, in any case. */
export const providerIdOf = (name: string): string => name.trim().toLowerCase()

const expectation = (registry: Registry): string =>
  registry.adapters.map(({ title, shapes }) => `a ${title} ${shapes.map(({ name }) => name).join(", ")}`).join(" or ")

/** The one shape that a body has, or why there is none. A claimed provider settles a body that fits two. */
export const recognise = (body: unknown, registry: Registry, claimed: string | undefined): Recognised | Refusal => {
  if (typeof body === "string") {
    return { reason: "unreadable_json", message: "expected a JSON object or text that holds one, got other text" }
  }
  if (!isJsonObject(body)) {
    return { reason: "unknown_shape", message: `expected a JSON object with a call record, got ${typeName(body)}` }
  }
  let only: Recognised | undefined
  let others: ReadonlyArray<Recognised> = NONE
  for (const adapter of registry.adapters) {
    for (const shape of adapter.shapes) {
      if (!shape.matches(body)) continue
      if (only === undefined) only = { adapter, shape }
      else others = [...others, { adapter, shape }]
    }
  }
  if (only === undefined) {
    return { reason: "unknown_shape", message: `expected the keys of ${expectation(registry)}` }
  }
  if (claimed !== undefined) return claimedShape([only, ...others], registry, claimed)
  return others.length > 0 ? ambiguous([only, ...others]) : only
}

const NONE: ReadonlyArray<Recognised> = []

/** Whether a body that fits no shape is one of those that hold no record. */
export const isRecordless = (body: unknown, { adapters }: Adapters): boolean =>
  isJsonObject(body) && adapters.some(({ recordless = [] }) => recordless.some(({ matches }) => matches(body)))

const claimedShape = (found: ReadonlyArray<Recognised>, registry: Registry, claimed: string): Recognised | Refusal => {
  const id = providerIdOf(claimed)
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
