/**
 * What a feed tells when something is heard of a call, and what it then has told. By state, not by event: whatever is heard twice, late
 * or in another order comes to the same knowledge, and is told once. Pure.
 */
import { type OrderStatus, STATUS_RANK } from "../../domain/CallStatus.ts"
import { canonicalJson } from "../../domain/Json.ts"
import { present } from "../../domain/present.ts"
import { compareText } from "../../domain/textOrder.ts"
import type { CallState, ChangedField, ChangeKind, NewChange } from "./CallChange.ts"
import type { KnownAttempt, KnownCall, Seen, SeenDigests, SeenFields } from "./KnownCall.ts"
import type { AttemptReading, Digests } from "./Reading.ts"
import { DIGESTED_FIELDS, WATCHED_FIELDS } from "./watchedFields.ts"

/** What is known after something was heard, the same object if it is nothing new, and what there is to tell. */
export interface Heard {
  readonly known: KnownCall | undefined
  readonly changes: ReadonlyArray<NewChange>
}

/** How far a placement has come. One that was given up may turn out to have an order. */
const STEP = { uncertain: 1, absent: 2, free: 3, accepted: 4 } as const satisfies Record<CallState, number>

const MOST_DIGESTS = 16

const UNSEEN: SeenDigests = { over: false, digests: [] }

const unionOf = <A extends string>(a: ReadonlyArray<A>, b: ReadonlyArray<A>): ReadonlyArray<A> =>
  [...new Set([...a, ...b])].toSorted(compareText)

const furthest = <A extends keyof typeof STATUS_RANK>(a: A | undefined, b: A): A =>
  a === undefined || STATUS_RANK[b] > STATUS_RANK[a] ? b : a

const seenOf = (fields: SeenFields, name: string): SeenDigests =>
  (Object.hasOwn(fields, name) ? fields[name] : undefined) ?? UNSEEN

const withDigest = (seen: SeenDigests, digest: string, over: boolean): SeenDigests => {
  if (seen.over && !over) return seen
  const before = seen.over === over ? seen.digests : []
  return { over, digests: unionOf(before, [digest]).slice(0, MOST_DIGESTS) }
}

/** The fields with what was read; `tell` is told of each that is news. */
const withReading = (
  fields: SeenFields,
  digests: Digests,
  over: boolean,
  tell: (field: ChangedField) => void
): SeenFields => {
  const all = DIGESTED_FIELDS.flatMap((name) => {
    const seen = seenOf(fields, name)
    const digest = digests.get(name)
    const after = digest === undefined ? seen : withDigest(seen, digest, over)
    if (digest !== undefined && after.digests.includes(digest) && !seen.digests.includes(digest)) tell(name)
    return after === UNSEEN ? [] : [[name, after] as const]
  })
  return Object.fromEntries(all)
}

const unknownAttempt = ({ id, status }: AttemptReading): KnownAttempt => ({
  id,
  status,
  dialed: false,
  answered: false,
  fields: {}
})

const unknownCall = ({ provider, reference, state }: Seen): KnownCall => ({
  provider,
  reference,
  state,
  statuses: [],
  complete: false,
  fields: {},
  attempts: []
})

/** What one hearing adds: kinds of changes in the order in which they are told, and fields. */
interface News {
  readonly kinds: Array<{ readonly change: ChangeKind; readonly attemptId?: KnownAttempt["id"] }>
  readonly fields: Set<ChangedField>
  /** Told as a field only where no change tells it. */
  isOtherStatus: boolean
}

const hearState = (before: CallState | undefined, { state }: Seen, { kinds }: News): CallState => {
  if (before !== undefined && STEP[before] >= STEP[state]) return before
  if (state !== "free") kinds.push({ change: state })
  if (before === "uncertain" || before === "absent") kinds.push({ change: "settled" })
  return state
}

/** What is heard of an attempt after the end is told as fields: nothing that sounds like a call that goes on follows an end. */
const hearAttempt = (before: KnownAttempt, read: AttemptReading, isAfterEnd: boolean, news: News): KnownAttempt => {
  const { id } = read
  const [dialed, answered] = [before.dialed || read.dialed, before.answered || read.answered]
  if (isAfterEnd && dialed && !before.dialed) news.fields.add("attempts")
  if (isAfterEnd && answered && !before.answered) news.fields.add("answered")
  if (!isAfterEnd && dialed && !before.dialed) news.kinds.push({ change: "dialing", attemptId: id })
  if (!isAfterEnd && answered && !before.answered) news.kinds.push({ change: "answered", attemptId: id })
  const status = furthest(before.status, read.status)
  if (status !== before.status) news.isOtherStatus = true
  const fields = withReading(before.fields, read.digests, read.over, (field) => news.fields.add(field))
  return { id, status, dialed, answered, fields }
}

const hearAttempts = (
  before: ReadonlyArray<KnownAttempt>,
  read: ReadonlyArray<AttemptReading>,
  isAfterEnd: boolean,
  news: News
): ReadonlyArray<KnownAttempt> => {
  const attempts = new Map(before.map((attempt) => [attempt.id, attempt]))
  for (const attempt of read)
    attempts.set(
      attempt.id,
      hearAttempt(attempts.get(attempt.id) ?? unknownAttempt(attempt), attempt, isAfterEnd, news)
    )
  return [...attempts.values()].toSorted((a, b) => compareText(a.id, b.id))
}

/** In the order of the reading, which is that of time; what it does not tell comes last. */
const shownAttempts = ({ attempts }: KnownCall, { reading }: Seen): NewChange["attempts"] => {
  const placeOf = ({ id }: KnownAttempt): number => {
    const place = reading?.attempts.findIndex((each) => each.id === id) ?? -1
    return place === -1 ? attempts.length : place
  }
  const shown = attempts.toSorted((a, b) => placeOf(a) - placeOf(b)).map(({ id, status }) => ({ id, status }))
  return shown.length === 0 ? undefined : shown
}

const changesIn = (known: KnownCall, seen: Seen, status: OrderStatus | undefined, news: News) => {
  const { provider, reference, state, orderId, end } = known
  const { kinds, fields } = news
  if (kinds.length === 0 && news.isOtherStatus) fields.add("status")
  if (kinds.length === 0 && fields.size > 0) kinds.push({ change: "enriched" })
  const attempts = shownAttempts(known, seen)
  return kinds.map(({ change, attemptId }, index): NewChange => ({
    change,
    provider,
    reference,
    state,
    ...present({ orderId, status: end ?? status, attempts, attemptId, heardBy: seen.heardBy }),
    // With the last one everything that was read is told.
    ...(index === kinds.length - 1 && fields.size > 0
      ? { fields: WATCHED_FIELDS.filter((name) => fields.has(name)) }
      : {})
  }))
}

export const changesOf = (known: KnownCall | undefined, seen: Seen): Heard => {
  const { reading } = seen
  const orderId = seen.orderId ?? reading?.orderId
  // Nothing was told of it, and nothing is left of it.
  if (known === undefined && seen.state === "free") return { known, changes: [] }
  // A placement has one order, by the laws of the journal.
  if (known?.orderId !== undefined && orderId !== undefined && known.orderId !== orderId) return { known, changes: [] }
  const before = known ?? unknownCall(seen)
  const news: News = { kinds: [], fields: new Set(), isOtherStatus: false }
  const state = hearState(known?.state, seen, news)
  const statuses = [seen.status, reading?.status].filter((status) => status !== undefined)
  const end = reading?.over === true ? reading.status : seen.over === true ? (seen.status ?? "unrecognized") : undefined
  const isOver = end !== undefined
  const wasOver = before.end !== undefined
  const attempts = hearAttempts(before.attempts, reading?.attempts ?? [], wasOver, news)
  const fields = withReading(before.fields, reading?.digests ?? new Map(), isOver, (field) => news.fields.add(field))
  // Of an end that is known, words of a call that goes on are not news.
  if ((isOver || !wasOver) && statuses.some((status) => !before.statuses.includes(status))) news.isOtherStatus = true
  if (isOver && !wasOver) news.kinds.push({ change: "ended" })
  const after: KnownCall = {
    ...before,
    state,
    ...present({
      orderId: before.orderId ?? orderId,
      end: isOver ? furthest(before.end, end) : before.end
    }),
    statuses: unionOf(before.statuses, statuses),
    complete: before.complete || reading?.complete === true,
    fields,
    attempts
  }
  if (known !== undefined && canonicalJson(after) === canonicalJson(known)) return { known, changes: [] }
  return { known: after, changes: changesIn(after, seen, statuses.at(-1), news) }
}
