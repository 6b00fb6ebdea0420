/**
 * Why a record says what it says: for each field its value, where it stands in the provider's record, what stood there,
 * the rule, and how sure it is. The places are found by trying: a place is named only if the field changes without it.
 */
import { attemptFields } from "../domain/CallAttempt.ts"
import { orderFields } from "../domain/CallOrder.ts"
import type { FieldTable } from "../domain/fields.ts"
import type { CallRecord } from "../domain/OutputRecord.ts"
import { formatPath, isJsonObject, type JsonObject, type PathStep, valueAt } from "../domain/Json.ts"
import type { Certainty } from "../domain/Reach.ts"
import type { Adapter, FieldSource } from "../provider/Adapter.ts"
import type { Registry } from "../provider/registry.ts"
import { byId, type Field, fieldsOf, type Trial, trialsOf } from "./trials.ts"

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

const derivedIn = (table: FieldTable, prefix: string): ReadonlyArray<DerivedField> =>
  Object.entries(table).flatMap(([name, { rule, explainedBy }]) => {
    if (rule === undefined) return []
    if (typeof rule === "string") {
      return [{ field: `${prefix}${name}`, rule, ...(explainedBy === undefined ? {} : { from: explainedBy }) }]
    }
    return Object.entries(rule).map(([part, ofPart]) => ({ field: `${prefix}${name}.${part}`, rule: ofPart }))
  })

/** Rules of the domain, the same for every provider; `attempts[]` stands for each attempt. */
export const derivedFields = [...derivedIn(orderFields, ""), ...derivedIn(attemptFields, "attempts[].")]

/** Stands where the adapter's sources name no rule; the tests allow none in any fixture. */
export const NO_RULE = "no rule is written down for this field"

const byPlace = (_: JsonObject, index: number): string => String(index)

const generic = (field: string): string => field.replace(/\[[^\]]*\]/g, "[]")

const isStatedCertainty = (value: unknown): value is Certainty =>
  value === "stated" || value === "detected" || value === "inferred"

const certaintyOf = (field: Field, sources: ReadonlyArray<Source>, mapped: boolean): FieldExplanation["certainty"] => {
  if (isJsonObject(field.value) && isStatedCertainty(field.value["certainty"])) return field.value["certainty"]
  // Free text proves less than a word of the provider's.
  if (/\bfailure$/.test(field.field) && sources.some(({ path }) => /message$/i.test(path))) return "inferred"
  return mapped ? "stated" : "derived"
}

const textOf = (path: ReadonlyArray<PathStep>): string => JSON.stringify(path)

/** Explains each field of a record. Without its native record only values and rules can be told. */
export const makeExplain =
  (registry: Registry) =>
  (record: CallRecord): ReadonlyArray<FieldExplanation> => {
    const adapter = registry.get(record.provider)
    if (adapter === undefined) return []
    const native = record.native ?? {}
    const trials = trialsOf(record, native, adapter)
    const named = Map.groupBy(trials, ({ candidate }) => candidate.field)
    const containers = new Set(
      trials.flatMap(({ candidate: { path } }) => path.map((_, end) => textOf(path.slice(0, end))))
    )
    const acting = new Map<string, Array<Trial>>()
    for (const trial of trials) {
      if (trial.candidate.source.field === "id" || containers.has(textOf(trial.candidate.path))) continue
      for (const field of trial.fields) {
        const others = acting.get(field)
        if (others === undefined) acting.set(field, [trial])
        else others.push(trial)
      }
    }
    const placesOf = (list: ReadonlyArray<Trial>): ReadonlyArray<Source> => {
      const places = list.map(({ candidate: { path } }) => ({ path: formatPath(path), raw: valueAt(native, path) }))
      return [...new Map(places.map((place) => [place.path, place])).values()]
    }
    const sourcesOf = (key: string): ReadonlyArray<Source> => {
      const own = named.get(key)
      if (own !== undefined) {
        const deciding = own.filter(({ fields }) => fields.has(key))
        return placesOf(deciding.length > 0 ? deciding : own.slice(0, 1))
      }
      const others = acting.get(key)
      if (others !== undefined) return placesOf(others)
      const from = derivedFields.find(({ field }) => field === generic(key))?.from
      return from === undefined ? [] : sourcesOf(key.replace(/[^.]*$/, from))
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
