/** The case that looks for places which a field comes from and its sources leave out. */
import { canonicalJson, formatPath, isJsonObject, type JsonObject, type PathStep } from "../domain/Json.ts"
import type { CallRecord } from "../domain/OutputRecord.ts"
import { derivedFields } from "../normalize/explain.ts"
import { byId, fieldsOf } from "../normalize/trials.ts"
import type { Adapter } from "../provider/Adapter.ts"
import { type ContractCase, contractCase } from "./case.ts"
import { changed } from "./edits.ts"
import { isUnreadable, type Material } from "./material.ts"

type Path = ReadonlyArray<PathStep>

/** Places of everything that has no parts and is not null. */
const leavesOf = (value: unknown, path: Path = []): ReadonlyArray<Path> => {
  if (value === null || value === undefined) return []
  const parts: ReadonlyArray<readonly [PathStep, unknown]> = Array.isArray(value)
    ? value.map((part: unknown, index) => [index, part] as const)
    : isJsonObject(value)
      ? Object.entries(value)
      : []
  return parts.length === 0 ? [path] : parts.flatMap(([step, part]) => leavesOf(part, [...path, step]))
}

const isWithin = (path: Path, outer: Path): boolean => outer.every((step, index) => path[index] === step)

const CONCLUSIONS: ReadonlySet<string> = new Set([
  ...derivedFields.map(({ field }) => field.replace("attempts[].", "")),
  "native"
])

/** Where a call stands: whether another field is shown may hang on it, unnamed; what that field says then may not. */
const STATE: ReadonlyArray<string> = ["status", "dialedAt", "answeredAt", "answered", "endedAt"]

/** The same for the fields that say themselves where a call stands. That nobody answered is known only of what is over. */
const HANGS_ON: ReadonlyMap<string, ReadonlyArray<string>> = new Map([
  ["status", []],
  ["providerStatus", []],
  ["dialedAt", ["status"]],
  ["answeredAt", ["status"]],
  ["answered", ["status", "endedAt"]],
  ["endedAt", ["status"]]
])

interface Held {
  readonly field: string
  readonly attemptId: string | undefined
  readonly value: string
}

/** What the record says, as far as no rule of the domain concludes it; by the field and the attempt that holds it. */
const heldIn = (record: CallRecord): ReadonlyMap<string, Held> => {
  const attempts = record.kind === "call_order" ? record.attempts : []
  const heldBy = (holder: JsonObject, attemptId: string | undefined) =>
    fieldsOf(holder, "", byId)
      .filter(({ field }) => !CONCLUSIONS.has(field))
      .map(
        ({ field, value }) =>
          [`${attemptId ?? ""} ${field}`, { field, attemptId, value: canonicalJson(value) }] as const
      )
  return new Map([
    ...heldBy({ ...record, attempts: undefined }, undefined),
    ...attempts.flatMap((attempt) => heldBy({ ...attempt }, attempt.id))
  ])
}

const attemptsIn = (record: CallRecord): string =>
  record.kind === "call_order" ? canonicalJson(record.attempts.map(({ id }) => id).toSorted()) : ""

/** Each leaf of each fixture is taken away: what changes then must name it. */
export const sourceCase = (adapter: Adapter, { bodies, placesOf, read }: Material): ContractCase =>
  contractCase("MUST name every place that a field comes from", (fail) => {
    for (const each of bodies) {
      const { name, body, shape, record } = each
      const before = heldIn(record)
      const located = record.kind === "call_order" ? adapter.sources.locateAttempts(body) : new Map<string, Path>()
      const places = placesOf(each)
      for (const leaf of leavesOf(body)) {
        const feeds = places.filter(({ path }) => isWithin(leaf, path))
        // Without its id it is another record, or none.
        if (feeds.some(({ field }) => field === "id")) continue
        const other = read(shape, changed(body, leaf, null))
        if (isUnreadable(other) || attemptsIn(other) !== attemptsIn(record)) continue
        const after = heldIn(other)
        const within = [...located].filter(([, path]) => isWithin(leaf, path)).map(([id]) => id)
        for (const [key, { field, attemptId, value }] of before) {
          if (after.get(key)?.value === value) continue
          // What an attempt takes from another one cannot be named.
          if (attemptId !== undefined && within.length > 0 && !within.includes(attemptId)) continue
          const ofHolder = feeds.filter(
            (place) => attemptId === undefined || place.attemptId === attemptId || place.attemptId === undefined
          )
          if (ofHolder.some((place) => place.attemptId === attemptId && place.field === field)) continue
          const isNamed = places.some((place) => place.attemptId === attemptId && place.field === field)
          const state = HANGS_ON.get(field) ?? STATE
          if (isNamed && !after.has(key) && ofHolder.some((place) => state.includes(place.field))) continue
          const where = attemptId === undefined ? field : `attempts[].${field}`
          fail(`${name}: ${where}: changes without ${formatPath(leaf)}, which none of its sources names`)
        }
      }
    }
  })
