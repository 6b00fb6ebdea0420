/** What a record tells, and how much each of it says: by this, records about one call are joined field by field. */
import type { Attempt } from "./CallAttempt.ts"
import type { CallOrder, Conflict } from "./CallOrder.ts"
import { isTerminalOrder } from "./CallStatus.ts"
import type { Issue } from "./Issue.ts"
import { canonicalJson, type JsonObject } from "./Json.ts"
import type { ReachValue } from "./Reach.ts"
import type { Transcript } from "./Transcript.ts"

/** An attempt as a record told it, alone or in its order; `issues` only of one that came alone. */
export type AttemptView = Attempt & { readonly issues?: ReadonlyArray<Issue> }

/** An order as a record told it, without its attempts, and which attempts it listed, in its order. */
export interface OrderView {
  readonly record: CallOrder
  readonly listed: ReadonlyArray<string>
}

/** What is told, by name, with its grade. */
export type Grades = Map<string, number>

/** A word nobody knows says less than an empty value, and that less than any other. */
const GRADE = { unrecognized: 0, empty: 1, vague: 1, stated: 2 } as const

const gradeOf = (value: unknown): number => {
  if (value === "unrecognized") return GRADE.unrecognized
  if (value === "") return GRADE.empty
  if (typeof value !== "object" || value === null) return GRADE.stated
  return Object.keys(value).length === 0 ? GRADE.empty : GRADE.stated
}

const gradeOfWord = (word: string | undefined, vague: string): number =>
  word === "unrecognized" ? GRADE.unrecognized : word === vague ? GRADE.vague : GRADE.stated

/** More turns say more, and any turns more than one text. */
const gradeOfTranscript = (transcript: Transcript): number =>
  "turns" in transcript
    ? transcript.turns.length === 0
      ? GRADE.empty
      : GRADE.stated + 1 + transcript.turns.length
    : gradeOf(transcript.text)

/** In the order of the rules that reach is settled by: what knows who answered beats what only knows that somebody did. */
const REACH_GRADE = {
  human: 5,
  voicemail: 5,
  ivr: 5,
  call_screening: 5,
  answered: 4,
  canceled: 3,
  not_reached: 2,
  failed: 2,
  unknown: 1,
  pending: 0
} as const satisfies Record<ReachValue, number>

/** Kinds of telling that are no fields: `native` joins by key, issues, ends and listed attempts as sets. */
const addNative = (grades: Grades, native: JsonObject | undefined): void => {
  for (const [key, value] of Object.entries(native ?? {})) grades.set(`native.${key}`, gradeOf(value))
}

const addIssues = (grades: Grades, issues: ReadonlyArray<Issue> | undefined): void => {
  for (const issue of issues ?? []) grades.set(`issue ${canonicalJson(issue)}`, GRADE.stated)
}

export const gradesOfAttempt = (view: AttemptView): Grades => {
  const grades: Grades = new Map()
  for (const [field, value] of Object.entries(view)) {
    if (value !== undefined && field !== "native" && field !== "issues") grades.set(field, gradeOf(value))
  }
  const { transcript, answered, answeredBy, failure, disconnect, talkSource, reach } = view
  grades.set("reach", REACH_GRADE[reach.value])
  if (transcript !== undefined) grades.set("transcript", gradeOfTranscript(transcript))
  if (answered !== undefined) grades.set("answered", Number(answered))
  if (answeredBy !== undefined) grades.set("answeredBy", gradeOfWord(answeredBy.value, "unknown"))
  if (failure !== undefined) grades.set("failure", gradeOfWord(failure.kind, "unclassified"))
  if (disconnect !== undefined) grades.set("disconnect", gradeOfWord(disconnect.reason, ""))
  if (talkSource !== undefined) grades.set("talkSeconds", Number(talkSource === "provider"))
  addNative(grades, view.native)
  addIssues(grades, view.issues)
  return grades
}

/** Fields of an order that are the greatest record's, or are settled by rules of their own. */
const SETTLED: ReadonlySet<string> = new Set([
  "kind",
  "provider",
  "id",
  "status",
  "providerStatus",
  "terminal",
  "attempts",
  "enriched",
  "reach",
  "issues",
  "conflicts",
  "native"
])

export const gradesOfOrder = ({ record, listed }: OrderView): Grades => {
  const grades: Grades = new Map()
  for (const [field, value] of Object.entries(record)) {
    if (value !== undefined && !SETTLED.has(field)) grades.set(field, gradeOf(value))
  }
  for (const named of ["agent", "campaign"] as const) {
    if (record[named] !== undefined) grades.set(named, Object.keys(record[named]).length)
  }
  for (const [part, arrived] of Object.entries(record.enriched)) if (arrived) grades.set(`enriched.${part}`, 1)
  for (const { value } of endsOf(record)) grades.set(`end ${value}`, GRADE.stated)
  for (const id of listed) grades.set(`attempt ${id}`, GRADE.stated)
  addNative(grades, record.native)
  addIssues(grades, record.issues)
  return grades
}

/** Every end that a record claims or has seen claimed. */
export const endsOf = ({ status, updatedAt, createdAt, conflicts = [] }: CallOrder): ReadonlyArray<Conflict> => {
  if (!isTerminalOrder(status)) return conflicts
  const asOf = updatedAt ?? createdAt
  return [
    asOf === undefined ? { path: "status", value: status } : { path: "status", value: status, asOf },
    ...conflicts
  ]
}
