/** Records of one provider into what an application uses of it. */
import type { Attempt, CallAttempt } from "../domain/CallAttempt.ts"
import type { CallHint } from "../domain/CallHint.ts"
import type { CallOrder } from "../domain/CallOrder.ts"
import type { AttemptFact, OrderFact } from "../domain/Fact.ts"
import type { Instant } from "../domain/Instant.ts"
import type { JsonObject } from "../domain/Json.ts"
import { withoutWords } from "../domain/Reply.ts"
import { compareText } from "../domain/textOrder.ts"
import { byAge, isDial, tellsFirst } from "../compare/collector/dials.ts"
import { makeFold } from "../normalize/fold.ts"
import { makePayloadReader, type PayloadReader, type ReadOptions } from "../normalize/normalize.ts"
import type { Adapter } from "../provider/Adapter.ts"
import type { Registry } from "../provider/registry.ts"
import {
  ATTEMPT_QUESTIONS,
  isPlaced,
  isUnreached,
  ORDER_QUESTIONS,
  type Question,
  QUESTIONS,
  type QuestionId
} from "./questions.ts"
import type { Usage } from "./Usage.ts"

/** What was read, whoever's it was. */
export interface InputSummary {
  /** Records and messages of the provider that is left. */
  readonly records: number
  /** Those of them that name a call and are no record of it. */
  readonly hints: number
  /** Records of other providers, by id: none of them is counted in anything else. */
  readonly others: ReadonlyMap<string, number>
  readonly rejected: number
}

/** Something that was no record; holds no value of it. */
export interface Refused {
  readonly source: string
  readonly path: string
  readonly message: string
}

export interface UsageOptions {
  readonly registry: Registry
  /** Whose records are counted. */
  readonly adapter: Adapter
  readonly read?: ReadOptions | undefined
  readonly refused?: ((refused: Refused) => void) | undefined
}

export interface UsageCollector {
  readonly payload: PayloadReader
  /** Input that is not even JSON. */
  readonly unreadable: (source: string, message: string, raw: string) => void
  /** Nothing may be given to it after. */
  readonly finish: () => { readonly usage: Usage; readonly input: InputSummary }
}

/** A collector of payloads, in any order and repetition. Memory grows with orders and attempts, not with payloads. */
export const makeUsageCollector = ({ registry, adapter, read = {}, refused }: UsageOptions): UsageCollector => {
  const fold = makeFold()
  const others = new Map<string, number>()
  const tally = { records: 0, hints: 0, rejected: 0 }

  const isOwn = ({ id }: Adapter): boolean => {
    if (id === adapter.id) tally.records += 1
    else increase(others, id)
    return id === adapter.id
  }
  const adapterOf = (hint: CallHint): Adapter | undefined =>
    registry.adapters.find(({ providerId }) => providerId === hint.provider)
  const refuse = (what: Refused): void => {
    tally.rejected += 1
    refused?.(what)
  }
  const payload = makePayloadReader(registry, read, {
    fact: (fact, of) => {
      if (isOwn(of)) fold.add(fact.kind === "order" ? lightOrder(fact) : lightAttempt(fact), adapter)
    },
    view: (record, of) => {
      if (isOwn(of)) fold.addView(record, adapter)
    },
    hint: (hint) => {
      const of = adapterOf(hint)
      if (of !== undefined && isOwn(of)) tally.hints += 1
    },
    rejection: ({ source, path, message }) => refuse({ source, path, message })
  })
  return {
    payload,
    unreadable: (source, message) => refuse({ source, path: "", message }),
    finish: () => ({ usage: usageOf(fold.records(), adapter), input: { ...tally, others } })
  }
}

const NOTHING: JsonObject = {}

/** Without the provider's record and the words of the conversation, which take nearly all the memory. */
const lightOrder = (fact: OrderFact): OrderFact => ({
  ...fact,
  native: NOTHING,
  issues: [],
  attempts: fact.attempts.map(lightAttempt)
})

const lightAttempt = (fact: AttemptFact): AttemptFact => {
  const { transcript } = fact.claims
  const claims = transcript === undefined ? fact.claims : { ...fact.claims, transcript: withoutWords(transcript) }
  return { ...fact, native: undefined, issues: [], claims }
}

/** Counts folded records. */
export const usageOf = (records: Iterable<CallOrder | CallAttempt>, adapter: Adapter): Usage => {
  const counts = Object.fromEntries(Object.keys(QUESTIONS).map((id) => [id, 0]))
  const tally = { orders: 0, over: 0, placed: 0, attempts: 0, strays: 0 }
  const dials = { orders: 0, several: 0, most: 0, reachedOnUnknown: 0 }
  const reachedOn: Array<number> = []
  const [callers, called] = [new Set<string>(), new Set<string>()]
  const agents = new Map<string, number>()
  const lengths = new Map<number, number>()
  const disconnects: Map<NonNullable<NonNullable<Attempt["disconnect"]>["reason"]>, number> = new Map()
  const statuses: Map<CallOrder["status"], number> = new Map()
  let [from, to]: ReadonlyArray<Instant | undefined> = []

  const ask = <S>(
    questions: { readonly [id: string]: Question<S> },
    subject: S,
    isAsked: (unit: Question<S>["of"]) => boolean
  ): void => {
    for (const [id, { of, holds }] of Object.entries(questions)) {
      if (isAsked(of) && holds(subject, adapter)) counts[id] = (counts[id] ?? 0) + 1
    }
  }

  const addDials = (attempts: ReadonlyArray<Attempt>): void => {
    for (const attempt of attempts.filter(isDial)) {
      tally.attempts += 1
      ask(ATTEMPT_QUESTIONS, attempt, () => true)
      const reason = attempt.disconnect?.reason
      if (reason !== undefined) increase(disconnects, reason)
    }
  }

  /** `order` is absent where only attempts are known. */
  const addTries = (order: CallOrder | undefined, given: ReadonlyArray<Attempt>): void => {
    const tried = byAge(given).filter(isDial)
    const made = Math.max(tried.length, order?.attemptsMade ?? 0)
    dials.orders += 1
    dials.several += Number(made > 1)
    dials.most = Math.max(dials.most, made)
    const first = tried.findIndex(({ reach }) => reach.value === "human")
    if (first < 0) return
    if (tellsFirst(order ?? {}, given)) reachedOn[first] = (reachedOn[first] ?? 0) + 1
    else dials.reachedOnUnknown += 1
  }

  const addOrder = (order: CallOrder): void => {
    const wasPlaced = isPlaced(order)
    tally.orders += 1
    tally.over += Number(order.terminal === true)
    tally.placed += Number(wasPlaced)
    ask(ORDER_QUESTIONS, order, (unit) => unit !== "placed" || wasPlaced)
    addDials(order.attempts)
    const { createdAt, agent, reference } = order
    if (createdAt !== undefined) {
      from = from === undefined || createdAt < from ? createdAt : from
      to = to === undefined || createdAt > to ? createdAt : to
    }
    if (agent?.id !== undefined) increase(agents, agent.id)
    if (isUnreached(order)) increase(statuses, order.status)
    if (order.direction === "inbound" && order.channel !== "web" && order.to !== undefined) called.add(order.to)
    if (!wasPlaced) return
    addTries(order, order.attempts)
    if (order.from !== undefined && order.from !== "") callers.add(order.from)
    if (reference !== undefined) increase(lengths, reference.length)
  }

  const byOrder = new Map<string, Array<Attempt>>()
  for (const record of records) {
    if (record.kind === "call_order") {
      addOrder(record)
      continue
    }
    addDials([record])
    // Where an order is one dial, the dial's id is the order's.
    const orderId = record.orderId ?? (adapter.capabilities.retries === "no" ? record.id : undefined)
    if (orderId === undefined) {
      tally.strays += Number(isDial(record))
      continue
    }
    const known = byOrder.get(orderId)
    if (known === undefined) byOrder.set(orderId, [record])
    else known.push(record)
  }
  for (const attempts of byOrder.values()) addTries(undefined, attempts)

  return {
    ...tally,
    knownByAttempts: byOrder.size,
    from,
    to,
    counts: answered(counts),
    dials: { ...dials, reachedOn: Array.from(reachedOn, (count = 0) => count) },
    callerNumbers: callers.size,
    calledNumbers: called.size,
    agents: [...agents]
      .map(([id, orders]) => ({ id, orders }))
      .toSorted((a, b) => b.orders - a.orders || compareText(a.id, b.id)),
    referenceLengths: lengths,
    disconnects,
    unreachedStatuses: statuses
  }
}

const increase = <Key>(map: Map<Key, number>, key: Key): void => void map.set(key, (map.get(key) ?? 0) + 1)

const hasAll = (counts: { readonly [id: string]: number }): counts is { readonly [id in QuestionId]: number } =>
  Object.keys(QUESTIONS).every((id) => Object.hasOwn(counts, id))

const answered = (counts: { readonly [id: string]: number }): Usage["counts"] => {
  if (hasAll(counts)) return counts
  throw new TypeError("every question is counted from 0")
}
