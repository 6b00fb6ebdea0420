/**
 * Which fields a feed of changes tells of. Every field of the domain's tables has a row: a new one does not compile until it has.
 */
import type { Attempt, attemptFields } from "../../domain/CallAttempt.ts"
import type { CallOrder, orderFields } from "../../domain/CallOrder.ts"
import { hasWords } from "../../domain/Transcript.ts"

/**
 * `no`: it is not told; it says which call it is, or is the caller's own, or follows from others. `own`: changes of its own tell it.
 * `known`: that there is one is told, not that it differs; it differs at each reading, as an address that expires. `value`: whenever it differs.
 * A function gives the part that is told when it differs; `undefined` where nothing is known yet.
 */
type Watch<Holder> = "no" | "own" | "known" | "value" | ((holder: Holder) => unknown)

export const ORDER_WATCH = {
  kind: "no",
  provider: "no",
  id: "no",
  direction: "no",
  channel: "no",
  from: "no",
  to: "no",
  status: "own",
  providerStatus: "no",
  terminal: "own",
  enriched: "no",
  agent: "no",
  reference: "no",
  createdAt: "no",
  scheduledAt: "value",
  nextAttemptAt: "value",
  endedAt: "no",
  updatedAt: "no",
  attempts: "own",
  attemptsMade: "no",
  attemptsAllowed: "no",
  outcome: "value",
  outcomeReason: "value",
  goal: "value",
  cost: "value",
  summary: "value",
  metadata: "no",
  variables: "no",
  campaign: "no",
  organizationId: "no",
  reach: ({ reach: { value, certainty } }) =>
    value === "pending" || value === "unknown" ? undefined : [value, certainty],
  issues: "no",
  conflicts: "no",
  native: "no"
} as const satisfies { readonly [Name in keyof typeof orderFields]: Watch<CallOrder> }

export const ATTEMPT_WATCH = {
  id: "no",
  orderId: "no",
  status: "own",
  to: "no",
  carrierCallId: "value",
  dialedAt: "no",
  answeredAt: "no",
  endedAt: "no",
  answered: "own",
  ringSeconds: "no",
  talkSeconds: "known",
  talkSource: "no",
  answeredBy: ({ answeredBy }) => (answeredBy?.value === "unknown" ? undefined : answeredBy),
  handledBy: "value",
  failure: "value",
  disconnect: "value",
  transfer: "value",
  transcript: ({ transcript }) => (hasWords(transcript) ? transcript : undefined),
  recordingUrl: "known",
  extracted: "value",
  metrics: "known",
  timing: "known",
  reach: "no",
  native: "no"
} as const satisfies { readonly [Name in keyof typeof attemptFields]: Watch<Attempt> }

type Told<Table> = {
  [Name in keyof Table]: Table[Name] extends "no" | "own" ? never : Name
}[keyof Table]

/** A field that has a digest of its own. */
export type DigestedField = Told<typeof ORDER_WATCH> | Told<typeof ATTEMPT_WATCH>

/** Told by name where no other change tells them: the order's or an attempt's status, an attempt or an answer heard of after the end. */
const OWN = ["status", "attempts", "answered"] as const

/** A field of which a change can say that it became known or changed. */
export type WatchedField = DigestedField | (typeof OWN)[number]

const isTold = (watch: Watch<never>): boolean => watch !== "no" && watch !== "own"

const namesIn = (table: { readonly [name: string]: Watch<never> }): ReadonlyArray<string> =>
  Object.keys(table).filter((name) => isTold(table[name] ?? "no"))

const DIGESTED: ReadonlySet<string> = new Set([...namesIn(ORDER_WATCH), ...namesIn(ATTEMPT_WATCH)])

const isDigested = (name: string): name is DigestedField => DIGESTED.has(name)

export const DIGESTED_FIELDS: ReadonlyArray<DigestedField> = [...DIGESTED].filter(isDigested)

export const WATCHED_FIELDS: ReadonlyArray<WatchedField> = [...OWN, ...DIGESTED_FIELDS]

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === "" ||
  (typeof value === "object" && (value === null || Object.keys(value).length === 0))

/** A field and what of it is digested, where something is known. */
export type WatchedValue = readonly [name: DigestedField, value: unknown]

const valuesIn = <Holder extends { readonly [Name in keyof Holder]: Holder[Name] }>(
  table: { readonly [name: string]: Watch<Holder> },
  holder: Holder
): ReadonlyArray<WatchedValue> =>
  Object.entries(table).flatMap(([name, watch]): ReadonlyArray<WatchedValue> => {
    if (!isDigested(name) || watch === "no" || watch === "own") return []
    const value: unknown = typeof watch === "function" ? watch(holder) : Reflect.get(holder, name)
    return isEmpty(value) ? [] : [[name, watch === "known" ? true : value]]
  })

export const watchedOfOrder = (order: CallOrder): ReadonlyArray<WatchedValue> => valuesIn(ORDER_WATCH, order)
export const watchedOfAttempt = (attempt: Attempt): ReadonlyArray<WatchedValue> => valuesIn(ATTEMPT_WATCH, attempt)
