/**
 * Provider bodies for property tests: few ids and few instants, so that bodies meet and merge; words known and unknown,
 * nulls, missing fields and wrong types, so that nothing can be taken for granted.
 */
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import { anyOf, type Arb, index, oneOf } from "../../src/testing/choice.ts"

export { anyOf, type Arb, oneOf }
export type Body = { readonly [key: string]: unknown }

/** Stands for a field that is not there. */
const ABSENT = Symbol("absent")

/** An object of the fields that are there. */
export const objectOf = (fields: { readonly [key: string]: Arb<unknown> }): Arb<Body> =>
  Arbitrary.map(
    Arbitrary.all(Object.entries(fields).map(([key, value]) => Arbitrary.map(value, (made) => [key, made] as const))),
    (made) => Object.fromEntries(made.filter(([, value]) => value !== ABSENT))
  )

/** Words that hit no table, some of which would hit a prototype. */
export const UNKNOWN_WORDS = ["never_heard_of", "constructor", "__proto__", "toString", "hasOwnProperty"] as const

const unknownWord: Arb<unknown> = oneOf<unknown>(...UNKNOWN_WORDS)
const nothing = oneOf<unknown>(ABSENT, null, {})
const misfit = oneOf<unknown>(17, true, [], [null], { a: 1 }, "")

/** Mostly given and right, at times absent, unknown or of the wrong type. */
const field = (...values: readonly [unknown, ...ReadonlyArray<unknown>]): Arb<unknown> =>
  Arbitrary.flatMap(index(12), (chosen) => (chosen < 8 ? oneOf(...values) : chosen < 11 ? nothing : misfit))

const word = (...values: readonly [string, ...ReadonlyArray<string>]): Arb<unknown> =>
  Arbitrary.flatMap(index(12), (chosen) =>
    chosen < 7 ? oneOf<unknown>(...values) : chosen < 9 ? unknownWord : chosen < 11 ? nothing : misfit
  )

const INSTANTS = [
  "2026-03-01T10:00:00.000Z",
  "2026-03-01T10:00:07.250Z",
  "2026-03-01T12:01:00+02:00",
  1772359200,
  "2026-03-02T09:00:00.000Z"
] as const

const time = field(...INSTANTS, ...INSTANTS, "soon", "2026-03-01 10:00:00")

const revoxTurn = anyOf<unknown>(
  objectOf({
    role: word("assistant", "user", "tool", "system"),
    content: field("Hello", "Yes", ""),
    tool_name: oneOf<unknown>(ABSENT, "lookup"),
    tool_arguments: oneOf<unknown>(ABSENT, `{"a":1}`, { a: 1 }, "text"),
    tool_is_error: oneOf<unknown>(ABSENT, false, true)
  }),
  oneOf<unknown>(null, {}, "Hello?")
)

const transcript = (turn: Arb<unknown>): Arb<unknown> =>
  anyOf<unknown>(Arbitrary.array(turn, { maxLength: 4 }), oneOf<unknown>("Agent: hi.", "", ABSENT, null), nothing)

export const ORDER_IDS = ["order-1", "order-2"] as const
export const ATTEMPT_IDS = ["attempt-1", "attempt-2", "attempt-3"] as const

/** With noise, an open end, and speakers that nobody knows. */
const speechEvent = objectOf({
  speaker: word("agent", "user"),
  started_speaking_at_ms: field(0, 1500),
  stopped_speaking_at_ms: field(900, 4000),
  is_real_turn: field(true, true, false),
  was_cut: field(true, false),
  llm_ttft_ms: field(410.5, 520, -1)
})

const revoxAttemptFields = {
  id: oneOf<unknown>(...ATTEMPT_IDS, ...ATTEMPT_IDS, ...ATTEMPT_IDS, null),
  status: word("queued", "ringing", "ongoing", "completed", "completed", "error"),
  phone_number: field("+12025550101"),
  started_at: time,
  answered_at: time,
  ended_at: time,
  result: word("human", "voicemail", "IVR", "ios-screening-filter", "unknown"),
  dial_error: word("busy", "no_answer", "too_many_calls"),
  end_reason: word("transfer", "voicemail", "tool_end_call"),
  ended_by: word("agent", "user", "system"),
  recording_url: field("https://media.example.com/1.mp3", ""),
  structured_output: field({ size: "M" }, { size: null, other: [1] }),
  transcript: transcript(revoxTurn),
  handled_by_ai: field(true, false, "true"),
  handled_by_human: field(true, false),
  speech_events: anyOf<unknown>(
    oneOf<unknown>(ABSENT, ABSENT, null, []),
    Arbitrary.array(speechEvent, { maxLength: 3 })
  )
}

const revoxAttempt = objectOf(revoxAttemptFields)

const given = (made: Arb<unknown>): Arb<unknown> => Arbitrary.map(made, (value) => (value === ABSENT ? null : value))

const revoxOrderFields = {
  status: word("initializing", "scheduled", "calling", "completed", "completed", "cancelled", "errored"),
  is_completed: field(true, false, "false"),
  is_cancelled: field(false, true),
  direction: word("outbound", "inbound", "Outbound"),
  from_phone_number: field("+12025550100"),
  to_phone_number: field("+12025550101", "+12025550148"),
  created_at: time,
  updated_at: time,
  scheduled_at: time,
  next_call_at: time,
  assistant: field({ id: "agent-1", name: "Demo" }, { id: 7 }),
  call_attempts: given(
    anyOf<unknown>(
      Arbitrary.array(anyOf<unknown>(revoxAttempt, revoxAttempt, revoxAttempt, oneOf<unknown>(null, {}, 3)), {
        maxLength: 3
      }),
      nothing
    )
  ),
  last_call_attempt: anyOf<unknown>(revoxAttempt, nothing, nothing),
  calls_count: field(0, 1, 2, "3"),
  call_retry_config: field({ max_retry_attempts: 3 }),
  campaign: field({ id: "campaign-1", name: "Spring" }),
  metadata: field({ reference: "ref-1" }, { reference: null, tier: "gold" }),
  prompt_variables: field({ name: "Zefira" }),
  organization_id: field("org-1"),
  outcome: word("interested", "requested_callback_later", "none"),
  outcome_summary: field("Wants an offer.", ""),
  extra: field({ kept: [1, { token_count: 2 }] }, "kept")
}

export const revoxOrderOf = (id: string): Arb<Body> => objectOf({ id: oneOf<unknown>(id), ...revoxOrderFields })

export const revoxOrder: Arb<Body> = objectOf({ id: oneOf<unknown>(...ORDER_IDS), ...revoxOrderFields })

export const revoxListItem: Arb<Body> = objectOf({
  ...revoxAttemptFields,
  id: oneOf<unknown>(...ATTEMPT_IDS),
  phone_number: given(revoxAttemptFields.phone_number),
  status: given(revoxAttemptFields.status),
  answered_at: given(revoxAttemptFields.answered_at),
  call_order_id: oneOf<unknown>(...ORDER_IDS, ABSENT, "order-never-seen")
})

const revringTurn = anyOf<unknown>(
  objectOf({ role: word("agent", "user", "customer"), content: field("Hello", "Yes") }),
  objectOf({ speaker: word("agent", "caller"), text: field("Hello") }),
  oneOf<unknown>(null, {}, "Hello?")
)

const revringFields = {
  organizationId: field("org-1"),
  direction: word("OUTBOUND", "INBOUND"),
  status: given(
    word("QUEUED", "INITIATED", "ONGOING", "COMPLETED", "COMPLETED", "TRANSFERRED", "FAILED", "CANCELED", "BUSY")
  ),
  fromNumber: field("+12025550100"),
  toNumber: given(field("+12025550101", "agent-1")),
  source: field("web_widget"),
  agentId: given(field("agent-1", 7)),
  agentName: field("Demo"),
  initiatedAt: time,
  startedAt: time,
  endedAt: time,
  createdAt: time,
  updatedAt: time,
  durationSeconds: field(0, 30, "12.5"),
  hangupCause: word("USER_ENDED", "VOICEMAIL_DETECTED", "NO_ANSWER", "USER_DID_NOT_RESPOND", "END_CALL_TOOL"),
  errorMessage: field("busy", "SIP 404", "it broke"),
  recordingUrl: field("https://media.example.com/2.mp3"),
  transcript: transcript(revringTurn),
  summary: field("Short talk."),
  variables: field({ call_reference: "ref-1", language: "en" }, { name: "Zefira" }),
  metrics: field({ latency: { p50: 400, none: null } }),
  extra: field("kept")
}

export const revringCallOf = (id: string): Arb<Body> => objectOf({ id: oneOf<unknown>(id), ...revringFields })

/** RevRing ids that are also Revox ids: they must stay apart. */
export const revringCall: Arb<Body> = objectOf({ id: oneOf<unknown>(...ORDER_IDS, "attempt-1"), ...revringFields })

/** A record of any kind that can be merged. */
export const payload: Arb<Body> = anyOf(revoxOrder, revoxOrder, revoxListItem, revringCall)

export const payloads: Arb<Array<Body>> = Arbitrary.array(payload, { maxLength: 5 })

/** For each place of a list a number to sort by: a permutation. */
export const permutation: Arb<Array<number>> = Arbitrary.array(index(1000), { minLength: 12, maxLength: 12 })

export const permuted = <A>(items: ReadonlyArray<A>, order: ReadonlyArray<number>): ReadonlyArray<A> =>
  items
    .map((item, place) => ({ item, rank: order[place % order.length] ?? 0 }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ item }) => item)

const KEYS = [
  "call",
  "calls",
  "data",
  "rows",
  "provider",
  "payload",
  "id",
  "status",
  "call_attempts",
  "to_phone_number",
  "phone_number",
  "direction",
  "result",
  "call_order_id",
  "toNumber",
  "agentId",
  "event",
  "transcript",
  "variables",
  "metadata",
  "__proto__",
  "constructor",
  "toString"
] as const

const scalar: Arb<unknown> = oneOf<unknown>(
  null,
  true,
  false,
  0,
  -1.5,
  1e21,
  1772359200,
  "",
  "text",
  "constructor",
  "revox",
  "revring",
  "pre_call",
  "completed",
  "{}",
  "[1",
  `{"call_attempts":[],"id":"x"}`,
  "9".repeat(400),
  "2026-03-01T10:00:00Z",
  "\u0000\ud800"
)

/** Any JSON value, with the keys and words that mean something to somebody. */
export const anyJson = (levels: number): Arb<unknown> => {
  if (levels === 0) return scalar
  const inner = anyJson(levels - 1)
  const member = Arbitrary.all([oneOf(...KEYS), inner])
  return anyOf<unknown>(
    scalar,
    Arbitrary.array(inner, { maxLength: 3 }),
    Arbitrary.map(Arbitrary.array(member, { maxLength: 6 }), (members) => Object.fromEntries(members)),
    Arbitrary.map(Arbitrary.array(member, { maxLength: 6 }), (members) => Object.fromEntries(members))
  )
}

/** One change to a body: where (a number to choose the place by), and what. */
export interface Edit {
  readonly place: number
  readonly how: "drop" | "rename" | "replace"
  readonly value: unknown
}

export const edit: Arb<Edit> = Arbitrary.all({
  place: Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1_000_000 }))),
  how: oneOf<Edit["how"]>("drop", "rename", "replace", "replace", "replace", "replace"),
  value: anyOf<unknown>(
    scalar,
    unknownWord,
    oneOf<unknown>("NO ANSWER", "Human", "null", `{"a":null}`, {}, [], [[]], { a: { b: [null] } }, [null, 3, {}, "x"])
  )
})

/** Places of all members and elements in a JSON value. */
const placesIn = (
  value: unknown,
  path: ReadonlyArray<string | number> = []
): ReadonlyArray<ReadonlyArray<string | number>> => {
  if (typeof value !== "object" || value === null) return []
  const inner: ReadonlyArray<readonly [string | number, unknown]> = Array.isArray(value)
    ? value.map((item: unknown, place) => [place, item] as const)
    : Object.entries(value)
  return inner.flatMap(([step, item]) => [[...path, step], ...placesIn(item, [...path, step])])
}

const isRecord = (value: unknown): value is Body => typeof value === "object" && value !== null && !Array.isArray(value)

const editAt = (
  value: unknown,
  [step, ...rest]: ReadonlyArray<string | number>,
  { how, value: other, place }: Edit
): unknown => {
  if (step === undefined) return other
  const last = rest.length === 0
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, at) =>
      at !== step ? [item] : last && how === "drop" ? [] : [editAt(item, rest, { how, value: other, place })]
    )
  }
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]): ReadonlyArray<readonly [string, unknown]> => {
      if (key !== step) return [[key, item]]
      if (!last) return [[key, editAt(item, rest, { how, value: other, place })]]
      if (how === "drop") return []
      return how === "rename" ? [[["constructor", "__proto__", `${key}_v9`][place % 3] ?? key, item]] : [[key, other]]
    })
  )
}

/** A copy of a JSON value with the edits made one after another. */
export const edited = (value: unknown, edits: ReadonlyArray<Edit>): unknown =>
  edits.reduce((current, each) => {
    const places = placesIn(current)
    const path = places[each.place % Math.max(places.length, 1)]
    return path === undefined ? current : editAt(current, path, each)
  }, value)

/** A copy with one more member in one of its objects. */
export const planted = (value: unknown, place: number, key: string, member: unknown): unknown => {
  const holders = [[], ...placesIn(value)].filter((path) => isRecord(atPath(value, path)))
  const path = holders[place % Math.max(holders.length, 1)]
  const holder = path === undefined ? undefined : atPath(value, path)
  if (path === undefined || !isRecord(holder)) return { [key]: member, value }
  return editAt(value, path, { how: "replace", place, value: { ...holder, [key]: member } })
}

const atPath = (value: unknown, path: ReadonlyArray<string | number>): unknown =>
  path.reduce<unknown>((current, step) => {
    if (Array.isArray(current)) return typeof step === "number" ? current[step] : undefined
    return isRecord(current) ? current[step] : undefined
  }, value)
