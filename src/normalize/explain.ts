/**
 * Why a record says what it says: for each field its value, where it stands in the provider's record, what stood there,
 * the rule, and how sure it is. The places are found by trying: a place is named only if the field changes without it.
 */
import type { CallRecord } from "../domain/OutputRecord.ts"
import { canonicalJson, formatPath, isJsonObject, type JsonObject, type PathStep, valueAt } from "../domain/Json.ts"
import type { Certainty } from "../domain/Reach.ts"
import type { Adapter, FieldSource } from "../provider/Adapter.ts"
import type { Registry } from "../provider/registry.ts"
import { viewFact } from "./normalize.ts"

/** A place in the provider's record, and what stands there. */
export interface Source {
  /** Place in the provider's record. */
  readonly path: string
  readonly raw: unknown
}

/** Why a field of a record has its value. */
export interface FieldExplanation {
  /** Place in our record, `attempts[0].answeredAt`. */
  readonly field: string
  readonly value: unknown
  readonly sources: ReadonlyArray<Source>
  readonly rule: string
  /** `derived`: computed from other fields of the record. */
  readonly certainty: Certainty | "derived"
}

interface DerivedField {
  readonly field: string
  readonly rule: string
  /** The field of ours whose source stands for it where no single value decides. */
  readonly from?: string
}

/** Rules of the domain, the same for every provider; `attempts[]` stands for each attempt. */
export const derivedFields: ReadonlyArray<DerivedField> = [
  { field: "kind", rule: "told by the keys of the body" },
  { field: "provider", rule: "told by the keys of the body" },
  {
    field: "terminal",
    rule: "the status is an end; an unrecognized one if a flag or an end time says so",
    from: "status"
  },
  { field: "enriched.transcript", rule: "an attempt has a transcript with a turn or words" },
  { field: "enriched.recording", rule: "an attempt has a recording" },
  { field: "enriched.outcome", rule: "the provider has given an outcome" },
  {
    field: "reach",
    rule: "the best reach of its attempts; while the order goes on, contact or pending",
    from: "status"
  },
  { field: "issues", rule: "mapped fields that could not be understood" },
  { field: "conflicts", rule: "terminal claims that lost when payloads were merged" },
  { field: "attempts[].ringSeconds", rule: "from dialled to answered" },
  { field: "attempts[].talkSeconds", rule: "the provider's duration, else from answered to ended" },
  { field: "attempts[].talkSource", rule: "whose figure talkSeconds is" },
  {
    field: "attempts[].reach",
    rule: "the first rule of reach that applies, with its evidence",
    from: "attempts[].status"
  },
  { field: "attempts[].native", rule: "the attempt's own record, secrets redacted" }
]

/** Stands where the adapter's sources name no rule; the tests allow none in any fixture. */
export const NO_RULE = "no rule is written down for this field"

/** Objects that are explained as one value. */
const WHOLE = new Set([
  "reach",
  "answeredBy",
  "failure",
  "disconnect",
  "transcript",
  "extracted",
  "metrics",
  "metadata",
  "variables",
  "issues",
  "conflicts",
  "native",
  "handledBy"
])

interface Field {
  readonly field: string
  readonly value: unknown
}

/** Attempts are named by the given function: by place for people, by id where records are compared. */
const fieldsOf = (
  value: JsonObject,
  prefix: string,
  name: (attempt: JsonObject, index: number) => string
): ReadonlyArray<Field> =>
  Object.entries(value).flatMap(([key, member]): ReadonlyArray<Field> => {
    const field = `${prefix}${key}`
    if (key === "native" && prefix === "") return []
    if (key === "attempts" && Array.isArray(member)) {
      return member.flatMap((attempt, index) =>
        isJsonObject(attempt) ? fieldsOf(attempt, `${field}[${name(attempt, index)}].`, name) : []
      )
    }
    return isJsonObject(member) && !WHOLE.has(key) ? fieldsOf(member, `${field}.`, name) : [{ field, value: member }]
  })

const byPlace = (_: JsonObject, index: number): string => String(index)
const byId = ({ id }: JsonObject): string => String(id)

const steps = (path: string): ReadonlyArray<PathStep> => path.split(".")

const without = (value: unknown, [step, ...rest]: ReadonlyArray<PathStep>): unknown => {
  if (step === undefined) return value
  if (Array.isArray(value)) return value.map((item, index) => (index === step ? without(item, rest) : item))
  if (!isJsonObject(value)) return value
  return rest.length === 0
    ? Object.fromEntries(Object.entries(value).filter(([key]) => key !== step))
    : { ...value, [step]: without(value[step], rest) }
}

/** Field values by field name, read anew from a provider's record. */
const reread = (native: unknown, adapter: Adapter, shapeOf: JsonObject): ReadonlyMap<string, string> => {
  const shape = adapter.shapes.find((candidate) => candidate.matches(shapeOf))
  const reading = shape === undefined || !isJsonObject(native) ? undefined : shape.read(native)
  if (reading === undefined || reading.kind === "unreadable") return new Map()
  const record: JsonObject = reading.kind === "call_hint" ? { ...reading } : { ...viewFact(reading, adapter) }
  return new Map(fieldsOf(record, "", byId).map(({ field, value }) => [field, canonicalJson(value)]))
}

interface Candidate {
  readonly path: ReadonlyArray<PathStep>
  readonly source: FieldSource
  /** The field that the adapter says stands here. */
  readonly field: string
}

const candidatesOf = (record: CallRecord, native: JsonObject, { sources }: Adapter): ReadonlyArray<Candidate> => {
  const place = (list: ReadonlyArray<FieldSource>, prefix: string, base: ReadonlyArray<PathStep>) =>
    list.flatMap((source) =>
      source.paths.map((path): Candidate => ({
        path: [...base, ...steps(path)],
        source,
        field: `${prefix}${source.field}`
      }))
    )
  if (record.kind === "call_hint") return place(sources.hint, "", [])
  if (record.kind === "call_attempt") return place(sources.attempt, "", [])
  const attempts = record.attempts.flatMap((attempt) => {
    const base = sources.locateAttempt(native, attempt.id)
    return base === undefined ? [] : place(sources.attempt, `attempts[${attempt.id}].`, base)
  })
  return [...place(sources.order, "", []), ...attempts]
}

const generic = (field: string): string => field.replace(/\[[^\]]*\]/g, "[]")

const isStatedCertainty = (value: unknown): value is Certainty =>
  value === "stated" || value === "detected" || value === "inferred"

const certaintyOf = (field: Field, sources: ReadonlyArray<Source>, mapped: boolean): FieldExplanation["certainty"] => {
  if (isJsonObject(field.value) && isStatedCertainty(field.value["certainty"])) return field.value["certainty"]
  // Free text proves less than a word of the provider's.
  if (/\bfailure$/.test(field.field) && sources.some(({ path }) => /message$/i.test(path))) return "inferred"
  return mapped ? "stated" : "derived"
}

/** What changes in the record if a place of the provider's record is left out. */
interface Effect {
  readonly candidate: Candidate
  readonly fields: ReadonlySet<string>
}

const effectsOf = (
  candidates: ReadonlyArray<Candidate>,
  native: JsonObject,
  adapter: Adapter
): ReadonlyArray<Effect> => {
  const before = reread(native, adapter, native)
  return candidates.map((candidate) => {
    const after = reread(without(native, candidate.path), adapter, native)
    const fields = [...before].filter(([field, value]) => after.get(field) !== value).map(([field]) => field)
    // Without its id a record is none, which explains nothing about the other fields.
    return { candidate, fields: new Set(after.size === 0 ? [candidate.field] : fields) }
  })
}

const isContainer = (candidate: Candidate, all: ReadonlyArray<Candidate>): boolean =>
  all.some(
    ({ path }) => path.length > candidate.path.length && candidate.path.every((step, index) => path[index] === step)
  )

/** Explains each field of a record. Without its native record only values and rules can be told. */
export const makeExplain =
  (registry: Registry) =>
  (record: CallRecord): ReadonlyArray<FieldExplanation> => {
    const adapter = registry.get(record.provider)
    if (adapter === undefined) return []
    const native = record.native ?? {}
    const candidates = candidatesOf(record, native, adapter).filter(({ path }) => valueAt(native, path) !== undefined)
    const effects = effectsOf(candidates, native, adapter)
    const placesOf = (list: ReadonlyArray<Effect>): ReadonlyArray<Source> => {
      const places = list.map(({ candidate: { path } }) => ({ path: formatPath(path), raw: valueAt(native, path) }))
      return [...new Map(places.map((place) => [place.path, place])).values()]
    }
    const sourcesOf = (key: string): ReadonlyArray<Source> => {
      const named = effects.filter(({ candidate }) => candidate.field === key)
      const deciding = named.filter(({ fields }) => fields.has(key))
      if (named.length > 0) return placesOf(deciding.length > 0 ? deciding : named.slice(0, 1))
      const acting = effects.filter(
        ({ candidate, fields }) =>
          fields.has(key) && candidate.source.field !== "id" && !isContainer(candidate, candidates)
      )
      if (acting.length > 0) return placesOf(acting)
      const from = derivedFields.find(({ field }) => field === generic(key))?.from
      return from === undefined ? [] : sourcesOf(key.replace(/[^.]*$/, from.replace(/^.*\./, "")))
    }
    const mapped = mappedRules(record, adapter)
    const derived = new Map(
      derivedFields.map(({ field, rule }) => [
        record.kind === "call_attempt" ? field.replace("attempts[].", "") : field,
        rule
      ])
    )
    const keys = fieldsOf({ ...record }, "", byId)
    return fieldsOf({ ...record }, "", byPlace).map((field, index) => {
      const sources = sourcesOf(keys[index]?.field ?? field.field)
      const name = generic(field.field)
      const rule = mapped.get(name) ?? derived.get(name) ?? NO_RULE
      return { ...field, sources, rule, certainty: certaintyOf(field, sources, mapped.has(name)) }
    })
  }

const mappedRules = (record: CallRecord, { sources }: Adapter): ReadonlyMap<string, string> => {
  const rows = (list: ReadonlyArray<FieldSource>, prefix: string) =>
    list.map(({ field, rule }) => [`${prefix}${field}`, rule] as const)
  if (record.kind === "call_hint") return new Map(rows(sources.hint, ""))
  if (record.kind === "call_attempt") return new Map(rows(sources.attempt, ""))
  return new Map([...rows(sources.order, ""), ...rows(sources.attempt, "attempts[].")])
}
