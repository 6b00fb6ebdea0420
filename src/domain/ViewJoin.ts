/**
 * Joining records that unicall wrote, where the payloads behind them are gone. Each field is taken from the greatest
 * record that tells it: by how much the value says, then by the order of `RecordRank.ts`. What is kept of several is
 * every record that is the greatest for at least one field, so joining is associative, commutative and idempotent.
 */
import { type Attempt, attemptFields } from "./CallAttempt.ts"
import { type CallOrder, type Conflict, endAt, orderFields } from "./CallOrder.ts"
import { isTerminalOrder } from "./CallStatus.ts"
import { type JoinedField, joinedIn } from "./fields.ts"
import { GRADE, gradeOf } from "./grades.ts"
import type { Issue } from "./Issue.ts"
import { canonicalJson, type JsonObject } from "./Json.ts"
import { compareAttempts, compareOrders } from "./RecordRank.ts"
import { orderReach } from "./Reach.ts"
import { compareText } from "./textOrder.ts"
import { hasWords } from "./Transcript.ts"

/** An attempt as a record told it, alone or in its order; `issues` only of one that came alone. */
export type AttemptView = Attempt & { readonly issues?: ReadonlyArray<Issue> }

/** An order as a record told it, without its attempts, and which attempts it listed, in its order. */
export interface OrderView {
  readonly record: CallOrder
  readonly listed: ReadonlyArray<string>
}

/** Records about one thing, the greatest first. */
export type Views<V> = ReadonlyArray<V>

const NO_ATTEMPTS: ReadonlyArray<Attempt> = []

export const orderViewOf = (record: CallOrder): OrderView => ({
  record: { ...record, attempts: NO_ATTEMPTS },
  listed: record.attempts.map(({ id }) => id)
})

const compareTexts = (a: unknown, b: unknown): number => compareText(canonicalJson(a), canonicalJson(b))

/** What is told, by name, with its grade. */
type Grades = Map<string, number>

type Told = { readonly [field: string]: unknown } & {
  readonly native?: JsonObject
  readonly issues?: ReadonlyArray<Issue>
}

/** Fields by their own grades. What is no field is told by what is in it: `native` by its keys, issues as a set. */
const gradesOf = (fields: ReadonlyArray<JoinedField>, { native = {}, issues = [], ...told }: Told): Grades => {
  const grades: Grades = new Map()
  for (const { name, by, grade } of fields) if (told[name] !== undefined) grades.set(by, grade(told[name]))
  for (const [key, value] of Object.entries(native)) grades.set(`native.${key}`, gradeOf(value))
  for (const issue of issues) grades.set(`issue ${canonicalJson(issue)}`, GRADE.stated)
  return grades
}

const joinedOfAttempt = joinedIn(attemptFields)
const joinedOfOrder = joinedIn(orderFields)

const gradesOfAttempt = (view: AttemptView): Grades => gradesOf(joinedOfAttempt, view)

const gradesOfOrder = ({ record, listed }: OrderView): Grades => {
  const grades = gradesOf(joinedOfOrder, record)
  for (const [part, arrived] of Object.entries(record.enriched)) if (arrived) grades.set(`enriched.${part}`, 1)
  for (const { value } of endsOf(record)) grades.set(`end ${value}`, GRADE.stated)
  for (const id of listed) grades.set(`attempt ${id}`, GRADE.stated)
  return grades
}

/** Every end that a record claims or has seen claimed. */
const endsOf = ({ status, updatedAt, createdAt, conflicts = [] }: CallOrder): ReadonlyArray<Conflict> =>
  isTerminalOrder(status) ? [endAt(status, updatedAt ?? createdAt), ...conflicts] : conflicts

/** Those that are the greatest for something; of equal ones, one. */
const kept = <V>(views: Views<V>, compare: (a: V, b: V) => number, gradesOf: (view: V) => Grades): Views<V> => {
  const best: Grades = new Map()
  return views
    .toSorted((a, b) => compare(b, a) || compareTexts(b, a))
    .filter((view, index) => {
      let adds = index === 0
      for (const [told, grade] of gradesOf(view)) {
        if (grade <= (best.get(told) ?? -1)) continue
        best.set(told, grade)
        adds = true
      }
      return adds
    })
}

export const keptOrders = (views: Views<OrderView>): Views<OrderView> =>
  views.length < 2 ? views : kept(views, (a, b) => compareOrders(a.record, b.record), gradesOfOrder)

export const keptAttempts = (views: Views<AttemptView>): Views<AttemptView> =>
  views.length < 2 ? views : kept(views, compareAttempts, gradesOfAttempt)

/** Takes each field from the record that is the greatest by its grade, of equal grades the first. */
const takeGreatest = (
  joined: { [field: string]: unknown },
  fields: ReadonlyArray<JoinedField>,
  views: ReadonlyArray<Told>,
  grades: ReadonlyArray<Grades>
): void => {
  for (const { name, by } of fields) {
    let holder: Told | undefined
    let best = -1
    for (const [index, view] of views.entries()) {
      const grade = grades[index]?.get(by) ?? -1
      if (grade > best) [holder, best] = [view, grade]
    }
    if (holder?.[name] !== undefined) joined[name] = holder[name]
  }
}

const joinNatives = (views: ReadonlyArray<{ readonly native?: JsonObject }>, grades: ReadonlyArray<Grades>) => {
  if (views.every(({ native }) => native === undefined)) return undefined
  const held = new Map<string, { readonly grade: number; readonly value: unknown }>()
  for (const [index, { native = {} }] of views.entries()) {
    for (const [key, value] of Object.entries(native)) {
      const grade = grades[index]?.get(`native.${key}`) ?? -1
      if (grade > (held.get(key)?.grade ?? -1)) held.set(key, { grade, value })
    }
  }
  return Object.fromEntries([...held.keys()].toSorted().map((key) => [key, held.get(key)?.value]))
}

type Mutable<A> = { -readonly [K in keyof A]: A[K] }

/** Attempts of one id as one; they are what {@link keptAttempts} leaves. */
export const joinAttempts = (views: Views<AttemptView>): AttemptView | undefined => {
  const [first] = views
  if (first === undefined || views.length === 1) return first
  const grades = views.map(gradesOfAttempt)
  const joined: Mutable<AttemptView> = { ...first }
  takeGreatest(joined, joinedOfAttempt, views, grades)
  const native = joinNatives(views, grades)
  if (native !== undefined) joined.native = native
  const issues = joinIssues(views)
  if (issues.length > 0) joined.issues = issues
  return joined
}

const joinIssues = (views: ReadonlyArray<{ readonly issues?: ReadonlyArray<Issue> }>): ReadonlyArray<Issue> =>
  settledIssues(views.flatMap(({ issues = [] }) => issues))

/** Each issue once, in an order that does not depend on which payload came first. */
export const settledIssues = (issues: ReadonlyArray<Issue>): ReadonlyArray<Issue> => {
  const byText = new Map(issues.map((issue) => [canonicalJson([issue.path, issue.reason, issue.raw ?? null]), issue]))
  return [...byText].toSorted(([a], [b]) => compareText(a, b)).map(([, issue]) => issue)
}

/** Orders of one id as one, with its attempts, each joined; the views are what {@link keptOrders} leaves. */
export const joinOrders = (views: Views<OrderView>, attempts: ReadonlyArray<AttemptView>): CallOrder | undefined => {
  const [first] = views
  if (first === undefined) return undefined
  const records = views.map(({ record }) => record)
  const joined: Mutable<CallOrder> = { ...first.record }
  if (views.length > 1) {
    const grades = views.map(gradesOfOrder)
    takeGreatest(joined, joinedOfOrder, records, grades)
    const native = joinNatives(records, grades)
    if (native !== undefined) joined.native = native
    const issues = joinIssues(records)
    if (issues.length > 0) joined.issues = issues
    const conflicts = lostEnds(records, joined.status)
    if (conflicts.length > 0) joined.conflicts = conflicts
    else delete joined.conflicts
  }
  const { items, issues } = liftIssues(inOrder(attempts, views), joined.issues)
  joined.attempts = items
  if (issues !== undefined) joined.issues = issues
  joined.enriched = {
    transcript: records.some(({ enriched }) => enriched.transcript) || items.some((item) => hasWords(item.transcript)),
    recording:
      records.some(({ enriched }) => enriched.recording) || items.some((item) => item.recordingUrl !== undefined),
    outcome: records.some(({ enriched }) => enriched.outcome) || joined.outcome !== undefined
  }
  const { status, terminal, providerStatus } = joined
  const reach = orderReach(
    items.map((item) => item.reach),
    { status, terminal, because: `status=${providerStatus ?? status}` }
  )
  if (reach.value !== first.record.reach.value || reach.certainty !== first.record.reach.certainty) joined.reach = reach
  return joined
}

/** Oldest first; those of one moment as the greatest record that lists them has them. */
const inOrder = (attempts: ReadonlyArray<AttemptView>, views: Views<OrderView>): ReadonlyArray<AttemptView> => {
  const places = new Map<string, number>()
  for (const id of views.flatMap(({ listed }) => listed)) if (!places.has(id)) places.set(id, places.size)
  const placeOf = ({ id }: AttemptView): number => places.get(id) ?? places.size
  return attempts.toSorted(
    (a, b) => compareText(a.dialedAt ?? "~", b.dialedAt ?? "~") || placeOf(a) - placeOf(b) || compareText(a.id, b.id)
  )
}

/** What was remarked of an attempt that came alone is remarked of its order. */
const liftIssues = (
  attempts: ReadonlyArray<AttemptView>,
  own: ReadonlyArray<Issue> | undefined
): { readonly items: ReadonlyArray<Attempt>; readonly issues: ReadonlyArray<Issue> | undefined } => {
  const lifted = attempts.flatMap(({ issues = [] }, index) =>
    issues.map((issue) => ({ ...issue, path: `attempts[${index}].native${issue.path === "" ? "" : `.${issue.path}`}` }))
  )
  if (lifted.length === 0) return { items: attempts, issues: own }
  const items = attempts.map(withoutIssues)
  return { items, issues: settledIssues([...(own ?? []), ...lifted]) }
}

/** Ends that were claimed and lost, each once, with the age that the greatest record gives it. */
const lostEnds = (records: ReadonlyArray<CallOrder>, status: string): ReadonlyArray<Conflict> => {
  const ends = new Map<string, Conflict>()
  for (const end of records.flatMap(endsOf)) if (!ends.has(end.value)) ends.set(end.value, end)
  ends.delete(status)
  return [...ends.values()].toSorted((a, b) => compareText(a.value, b.value))
}

const withoutIssues = (view: AttemptView): Attempt => {
  const { issues: _, ...attempt } = view
  return attempt
}
