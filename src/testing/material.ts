/** The material of the contract suite: the bodies of an adapter's fixtures, and the places its fields come from. */
import type { RawWords } from "../domain/Fact.ts"
import { formatPath, isJsonObject, type JsonObject, type PathStep, valueAt } from "../domain/Json.ts"
import type { CallRecord } from "../domain/OutputRecord.ts"
import { isRecordless, openEnvelopes } from "../normalize/detect.ts"
import { parseInstant } from "../domain/Instant.ts"
import { sourcePlace } from "../domain/sourcePath.ts"
import { viewFact } from "../domain/View.ts"
import { makeNormalizer } from "../normalize/Normalizer.ts"
import type { Adapter, FieldSource, Shape, Unreadable } from "../provider/Adapter.ts"
import { registryOf } from "../provider/registry.ts"

/** One scenario: what was received, and the records it becomes. */
export interface ContractFixture {
  /** What failures call it. */
  readonly name: string
  /** As received, whole: a record, an envelope, a page of a list, JSON in text. */
  readonly wire: unknown
  /**
   * Every record in the order of `normalize`, with all its fields, rejections included. `native` is compared only where it is given;
   * of a rejection, the fields that are given; issues in any order.
   */
  readonly expected: ReadonlyArray<JsonObject>
}

export interface Body {
  readonly name: string
  readonly body: JsonObject
  readonly shape: Shape
  readonly record: CallRecord
}

/** A field of a record and a place in the body where its adapter says that it comes from. */
export interface Place {
  readonly field: string
  readonly source: FieldSource
  /** As the adapter writes it, and where it leads in this body. */
  readonly named: string
  readonly path: ReadonlyArray<PathStep>
  readonly attemptId: string | undefined
  /** It stands in a map that is a field as a whole, whose members are the customer's and may be null. */
  readonly inMap: boolean
}

/** A word that a table gives a meaning to, and where it stands; `undefined` if it is not where its name leads. */
interface WordPlace {
  /** `status`, `attempts[].status`, or the name of the evidence. */
  readonly field: string
  /** As the adapter writes the place. */
  readonly named: string
  readonly isStatus: boolean
  /** Fields that come from there, as the adapter says. */
  readonly feeds: ReadonlyArray<string>
  readonly path: ReadonlyArray<PathStep> | undefined
}

/** Fields that keep whole what stands at their place. */
const MAPS = new Set(["metadata", "variables", "extracted", "metrics"])

const isBelow = (path: ReadonlyArray<PathStep>, outer: ReadonlyArray<PathStep>): boolean =>
  path.length > outer.length && outer.every((step, index) => path[index] === step)

/** A text among the sources of a status is a word of it, unless it is a time, a flag or a number. */
const isWord = (value: unknown): boolean =>
  typeof value === "string" && parseInstant(value) === undefined && !/^(true|false|[+-]?\d+(\.\d+)?)$/i.test(value)

export const isUnreadable = (record: CallRecord | Unreadable): record is Unreadable => record.kind === "unreadable"

const withoutNative = (record: object): JsonObject =>
  Object.fromEntries(Object.entries(record).filter(([key]) => key !== "native"))

/** Mapped fields only: what the provider sent is set aside. */
export const mapped = (record: CallRecord | Unreadable): JsonObject => {
  if (isUnreadable(record)) return { reason: record.reason, path: record.path }
  const own = withoutNative(record)
  return record.kind === "call_order" ? { ...own, attempts: record.attempts.map(withoutNative) } : own
}

export const timesUnrecognized = (record: CallRecord | Unreadable): number =>
  JSON.stringify({ ...mapped(record), issues: [] }).split(`"unrecognized"`).length - 1

/**
 * @throws Error if there are no fixtures, or a shape has none: a suite without material would pass; or if the adapters
 * contradict each other
 */
export const materialOf = (
  adapter: Adapter,
  fixtures: ReadonlyArray<ContractFixture>,
  others: ReadonlyArray<Adapter>
) => {
  if (fixtures.length === 0) throw new Error(`${adapter.id} has no fixtures: the contract has nothing to run on`)
  const all = registryOf([adapter, ...others])
  const { normalize } = makeNormalizer(all)
  const { redactor } = all

  const read = (shape: Shape, body: JsonObject): CallRecord | Unreadable => {
    const reading = shape.read(redactor.record(body))
    return reading.kind === "order" || reading.kind === "attempt" ? viewFact(reading, adapter) : reading
  }

  /** Each body of a fixture with what the fixture expects of it. */
  const opened = fixtures.flatMap(({ name, wire, expected }) => {
    const found: Array<{ readonly name: string; readonly body: unknown; readonly expected: JsonObject }> = []
    openEnvelopes(wire, {
      registry: all,
      wrapper: { provider: "provider", payload: "payload" },
      onBody: (body, path) => {
        if (isRecordless(body, all)) return
        found.push({ name: `${name} ${formatPath(path)}`.trim(), body, expected: expected[found.length] ?? {} })
      }
    })
    return found
  })
  const recognised = opened.filter(
    ({ expected }) => expected["kind"] !== "rejection" || expected["reason"] === "missing_id"
  )
  const bodies = opened.flatMap(({ name, body }): ReadonlyArray<Body> => {
    const shape = isJsonObject(body) ? adapter.shapes.find((candidate) => candidate.matches(body)) : undefined
    if (shape === undefined || !isJsonObject(body)) return []
    const record = read(shape, body)
    return isUnreadable(record) ? [] : [{ name, body, shape, record }]
  })
  for (const shape of adapter.shapes) {
    if (!bodies.some(({ body }) => shape.matches(body)))
      throw new Error(`${adapter.id} has no fixture of its shape "${shape.name}"`)
  }

  const placesOf = ({ record, body }: Body): ReadonlyArray<Place> => {
    const { order, attempt, hint, locateAttempts } = adapter.sources
    const at = (list: ReadonlyArray<FieldSource>, base?: ReadonlyArray<PathStep>, attemptId?: string) =>
      list.flatMap((source) =>
        source.paths.flatMap((named) => {
          const path = sourcePlace(body, named, base)
          return path === undefined ? [] : [{ field: source.field, source, named, path, attemptId }]
        })
      )
    const own = { call_order: order, call_attempt: attempt, call_hint: hint }[record.kind]
    const attempts = record.kind === "call_order" ? record.attempts : []
    const places = [...at(own), ...attempts.flatMap(({ id }) => at(attempt, locateAttempts(body).get(id) ?? [], id))]
    const maps = places.filter(({ field }) => MAPS.has(field))
    return places.map((place) => ({ ...place, inMap: maps.some(({ path }) => isBelow(place.path, path)) }))
  }
  const givenPlaces = bodies.flatMap((each) =>
    placesOf(each)
      .filter(({ path }) => valueAt(each.body, path) != null)
      .map((place) => ({ ...each, place }))
  )

  const fieldOf = (record: CallRecord, { field, attemptId }: Place): unknown => {
    const holder =
      attemptId === undefined || record.kind !== "call_order"
        ? record
        : record.attempts.find(({ id }) => id === attemptId)
    return valueAt(holder, field.split("."))
  }

  /** The statuses that a shape reads from a word; the others follow from times or flags, and no word stands at their places. */
  const worded = new Set(
    bodies.flatMap(({ body, shape }) => {
      const reading = shape.read(redactor.record(body))
      if (reading.kind !== "order" && reading.kind !== "attempt") return []
      const attempts = reading.kind === "order" ? reading.attempts : []
      return [
        ...(reading.claims.status.word === undefined ? [] : [`${shape.name}: status`]),
        ...(attempts.some(({ claims }) => claims.status.word !== undefined) ? [`${shape.name}: attempts[].status`] : [])
      ]
    })
  )

  /** Places of words that a table gives a meaning to: statuses, and evidence that knows some words and not all. */
  const wordsOf = ({ record, body, shape }: Body): ReadonlyArray<WordPlace> => {
    const reading = shape.read(redactor.record(body))
    if (reading.kind !== "order" && reading.kind !== "attempt") return []
    const places = placesOf({ name: "", body, shape, record })
    const feeds = (path: ReadonlyArray<PathStep>): ReadonlyArray<string> =>
      places.filter((place) => formatPath(place.path) === formatPath(path)).map(({ field }) => field)
    const evidence = (words: RawWords, base?: ReadonlyArray<PathStep>) =>
      Object.entries(words)
        .filter(
          ([field, word]) => typeof word === "string" && !adapter.interpretation.recognizes(field, "never_heard_of")
        )
        .map(([field]): WordPlace => {
          const path = sourcePlace(body, field, base)
          return path === undefined || valueAt(body, path) == null
            ? { field, named: field, isStatus: false, feeds: [], path: undefined }
            : { field, named: field, isStatus: false, feeds: feeds(path), path }
        })
    const attempts = reading.kind === "order" ? reading.attempts : []
    return [
      ...places
        .filter(({ field, source, named, path }) => {
          if (field !== "status") return false
          if (isWord(valueAt(body, path))) return true
          return named === source.paths[0] && isJsonObject(valueAt(body, path.slice(0, -1)))
        })
        .map(({ attemptId, named, path }) => ({
          field: attemptId === undefined ? "status" : "attempts[].status",
          named,
          isStatus: true,
          feeds: feeds(path),
          path
        }))
        .filter(({ field }) => worded.has(`${shape.name}: ${field}`)),
      ...evidence(reading.evidence),
      ...attempts.flatMap(({ id, evidence: words }) =>
        evidence(words, adapter.sources.locateAttempts(body).get(id) ?? [])
      )
    ]
  }

  return { all, normalize, read, recognised, bodies, placesOf, givenPlaces, fieldOf, wordsOf }
}

export type Material = ReturnType<typeof materialOf>
