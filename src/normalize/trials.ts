/** What changes in a record if a place of the provider's record is left out: found by reading it again without. */
import { canonicalJson, isJsonObject, type JsonObject, type PathStep, valueAt } from "../domain/Json.ts"
import type { CallRecord } from "../domain/OutputRecord.ts"
import { sourcePlace } from "../domain/sourcePath.ts"
import { viewFact } from "../domain/View.ts"
import type { Adapter, FieldSource } from "../provider/Adapter.ts"

/** A place from which, as the adapter says, a field may come. */
export interface Candidate {
  readonly path: ReadonlyArray<PathStep>
  readonly source: FieldSource
  /** The field that the adapter says stands here; attempts are named by id. */
  readonly field: string
}

export interface Trial {
  readonly candidate: Candidate
  /** Fields that differ without it. */
  readonly fields: ReadonlySet<string>
}

export interface Field {
  readonly field: string
  readonly value: unknown
}

/** Objects whose parts are explained one by one; any other is explained as one value. */
const OPENED = new Set(["agent", "campaign", "enriched"])

/** Attempts are named by the given function: by place for people, by id where records are compared. */
export const fieldsOf = (
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
    return isJsonObject(member) && OPENED.has(key) ? fieldsOf(member, `${field}.`, name) : [{ field, value: member }]
  })

export const byId = ({ id }: JsonObject): string => String(id)

/** An element of a list leaves null behind: the others keep their places. */
const without = (value: unknown, [step, ...rest]: ReadonlyArray<PathStep>): unknown => {
  if (step === undefined) return value
  if (Array.isArray(value)) {
    return value.map((item, index) => (index !== step ? item : rest.length === 0 ? null : without(item, rest)))
  }
  if (!isJsonObject(value)) return value
  return rest.length === 0
    ? Object.fromEntries(Object.entries(value).filter(([key]) => key !== step))
    : { ...value, [step]: without(value[step], rest) }
}

type Fields = ReadonlyMap<string, string>

/** Field values by field name, read anew from a provider's record; of an order's attempts alone if that is asked. */
const makeReread =
  (adapter: Adapter, shapeOf: JsonObject) =>
  (native: unknown, attemptsAlone = false): Fields => {
    const shape = adapter.shapes.find((candidate) => candidate.matches(shapeOf))
    const reading = shape === undefined || !isJsonObject(native) ? undefined : shape.read(native)
    if (reading === undefined || reading.kind === "unreadable") return new Map()
    const record: JsonObject = reading.kind === "call_hint" ? { ...reading } : { ...viewFact(reading, adapter) }
    const shown = attemptsAlone ? { attempts: record["attempts"] } : record
    return new Map(fieldsOf(shown, "", byId).map(({ field, value }) => [field, canonicalJson(value)]))
  }

type Reread = ReturnType<typeof makeReread>

const tried = (
  candidates: ReadonlyArray<Candidate>,
  native: JsonObject,
  reread: Reread,
  attemptsAlone = false
): ReadonlyArray<Trial> => {
  const before = reread(native, attemptsAlone)
  return candidates.map((candidate) => {
    const after = reread(without(native, candidate.path), attemptsAlone)
    const fields = [...before].filter(([field, value]) => after.get(field) !== value).map(([field]) => field)
    // Without its id a record is none, which explains nothing about the other fields.
    return { candidate, fields: new Set(after.size === 0 ? [candidate.field] : fields) }
  })
}

interface Located {
  readonly id: string
  readonly path: ReadonlyArray<PathStep>
}

const placed = (
  list: ReadonlyArray<FieldSource>,
  prefix: string,
  native: JsonObject,
  attempt?: ReadonlyArray<PathStep>
): ReadonlyArray<Candidate> =>
  list.flatMap((source) =>
    source.paths.flatMap((text): ReadonlyArray<Candidate> => {
      const path = sourcePlace(native, text, attempt)
      return path === undefined || valueAt(native, path) === undefined
        ? []
        : [{ path, source, field: `${prefix}${source.field}` }]
    })
  )

/** Attempts that are tried together. An order with more has them tried apart, or time would grow with their square. */
const MOST_TOGETHER = 20

/** Every place that a field of the record may come from, and what changes without it. */
export const trialsOf = (record: CallRecord, native: JsonObject, adapter: Adapter): ReadonlyArray<Trial> => {
  const { order, attempt, hint, locateAttempts } = adapter.sources
  const reread = makeReread(adapter, native)
  if (record.kind === "call_hint") return tried(placed(hint, "", native), native, reread)
  if (record.kind === "call_attempt") return tried(placed(attempt, "", native), native, reread)
  const places = locateAttempts(native)
  const located = record.attempts.flatMap(({ id }): ReadonlyArray<Located> => {
    const path = places.get(id)
    return path === undefined ? [] : [{ id, path }]
  })
  const ofOrder = placed(order, "", native)
  const ofAttempt = ({ id, path }: Located, within: JsonObject) => placed(attempt, `attempts[${id}].`, within, path)
  if (located.length <= MOST_TOGETHER) {
    return tried([...ofOrder, ...located.flatMap((each) => ofAttempt(each, native))], native, reread)
  }
  const scarce = withoutUnread(native, [...order, ...attempt], located, reread)
  const telling = new Set(tellingOf(record))
  const tryAmong = (some: ReadonlyArray<Located>, attemptsAlone: boolean): ReadonlyArray<Trial> => {
    const { reduced, moved } = keepOnly(scarce, located, some)
    const back = new Map(some.map(({ id, path }) => [id, path]))
    return moved.flatMap((each) =>
      tried(ofAttempt(each, reduced), reduced, reread, attemptsAlone).map(({ candidate, fields }) => ({
        candidate: { ...candidate, path: movedBack(candidate.path, each.path, back.get(each.id) ?? []) },
        fields
      }))
    )
  }
  return [
    ...tried(ofOrder, native, reread),
    ...tryAmong(
      located.filter(({ id }) => telling.has(id)),
      false
    ),
    ...located.filter(({ id }) => !telling.has(id)).flatMap((each) => tryAmong([each], true))
  ]
}

/** A path below where an attempt stood for the trial, below where it stands; another path is one in the order. */
const movedBack = (
  path: ReadonlyArray<PathStep>,
  from: ReadonlyArray<PathStep>,
  to: ReadonlyArray<PathStep>
): ReadonlyArray<PathStep> =>
  from.every((step, index) => path[index] === step) ? [...to, ...path.slice(from.length)] : path

/** The attempts that may decide what the order says: first those with its reach, oldest first. */
const tellingOf = ({
  attempts,
  reach
}: Extract<CallRecord, { readonly kind: "call_order" }>): ReadonlyArray<string> => {
  const wanted = canonicalJson(reach)
  const [same, other] = [attempts.filter(isAlike), attempts.filter((attempt) => !isAlike(attempt))]
  function isAlike(attempt: (typeof attempts)[number]): boolean {
    return canonicalJson(attempt.reach) === wanted
  }
  return [...same, ...other].slice(0, MOST_TOGETHER).map(({ id }) => id)
}

/** The record without the fields that nothing is read from, as long as it reads the same. */
const withoutUnread = (
  native: JsonObject,
  sources: ReadonlyArray<FieldSource>,
  located: ReadonlyArray<Located>,
  reread: Reread
): JsonObject => {
  const read = new Set<PathStep | undefined>(
    sources.flatMap(({ paths }) => paths.map((path) => sourcePlace(native, path, [])?.[0]))
  )
  for (const { path } of located) read.add(path[0])
  const scarce = Object.fromEntries(Object.entries(native).filter(([key]) => read.has(key)))
  return canonicalJson([...reread(scarce)]) === canonicalJson([...reread(native)]) ? scarce : native
}

/** The record with some of its attempts alone in their lists, and where these stand then. */
const keepOnly = (
  native: JsonObject,
  all: ReadonlyArray<Located>,
  some: ReadonlyArray<Located>
): { readonly reduced: JsonObject; readonly moved: ReadonlyArray<Located> } => {
  const lists = new Set(all.flatMap(({ path }) => (path.length === 2 && typeof path[1] === "number" ? [path[0]] : [])))
  const kept = some.toSorted((a, b) => Number(a.path[1]) - Number(b.path[1]))
  const moved: Array<Located> = []
  const copies = [...lists].map((list): readonly [string, ReadonlyArray<unknown>] => {
    const own = kept.filter(({ path }) => path.length === 2 && path[0] === list)
    own.forEach(({ id }, index) => moved.push({ id, path: [list ?? "", index] }))
    return [String(list), own.map(({ path }) => valueAt(native, path))]
  })
  const elsewhere = kept.filter(({ id }) => !moved.some((each) => each.id === id))
  return { reduced: { ...native, ...Object.fromEntries(copies) }, moved: [...moved, ...elsewhere] }
}
