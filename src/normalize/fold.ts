/** One record per order and per listed attempt, merged from any number of payloads in any order. */
import type { CallAttempt } from "../domain/CallAttempt.ts"
import type { CallOrder } from "../domain/CallOrder.ts"
import type { AttemptFact, OrderFact } from "../domain/Fact.ts"
import type { JsonObject } from "../domain/Json.ts"
import { mergeAttempts, mergeOrders } from "../domain/Merge.ts"
import { viewListedAttempt, viewOrder } from "../domain/View.ts"
import type { Adapter } from "../provider/Adapter.ts"

interface OrderEntry {
  fact: OrderFact
  readonly adapter: Adapter
  readonly attemptIds: Set<string>
}

interface AttemptEntry {
  fact: AttemptFact
  readonly adapter: Adapter
  /** Whether an order of the input holds it. */
  held: boolean
}

/** Collects facts; memory grows with the number of distinct orders and attempts, not with the number of payloads. */
export interface Fold {
  readonly add: (fact: OrderFact | AttemptFact, adapter: Adapter) => void
  /** The merged records, in the order in which each was first met. */
  readonly records: () => Generator<CallOrder | CallAttempt>
}

export const makeFold = (): Fold => {
  const orders = new Map<string, OrderEntry>()
  const attempts = new Map<string, AttemptEntry>()

  const addAttempt = (fact: AttemptFact, adapter: Adapter, held: boolean): void => {
    const key = keyOf(adapter, fact.id)
    const entry = attempts.get(key)
    if (entry === undefined) {
      attempts.set(key, { fact, adapter, held })
      return
    }
    entry.fact = mergeAttempts(entry.fact, fact, adapter.interpretation.recognizes)
    entry.held ||= held
  }

  const addOrder = (fact: OrderFact, adapter: Adapter): void => {
    const key = keyOf(adapter, fact.id)
    const entry = orders.get(key)
    const attemptIds = entry?.attemptIds ?? new Set<string>()
    for (const attempt of fact.attempts) {
      attemptIds.add(attempt.id)
      addAttempt(attempt, adapter, true)
    }
    const own = { ...fact, attempts: [] }
    if (entry === undefined) orders.set(key, { fact: own, adapter, attemptIds })
    else entry.fact = mergeOrders(entry.fact, own, adapter.interpretation.recognizes)
  }

  function* records(): Generator<CallOrder | CallAttempt> {
    const strays = new Map<string, AttemptEntry>()
    for (const [key, entry] of attempts) {
      const { orderId } = entry.fact.claims
      const order = entry.held || orderId === undefined ? undefined : orders.get(keyOf(entry.adapter, orderId))
      if (order !== undefined) order.attemptIds.add(entry.fact.id)
      else if (!entry.held) strays.set(key, entry)
    }
    for (const { fact, adapter, attemptIds } of orders.values()) {
      const held: Array<AttemptFact> = []
      for (const id of attemptIds) {
        const attempt = attempts.get(keyOf(adapter, id))
        if (attempt !== undefined) held.push(withSortedNative(attempt.fact))
      }
      yield viewOrder({ ...fact, native: sortedKeys(fact.native) }, held, adapter.interpretation)
    }
    for (const { fact, adapter } of strays.values()) {
      yield viewListedAttempt(withSortedNative(fact), adapter.interpretation)
    }
  }

  return {
    add: (fact, adapter) => (fact.kind === "order" ? addOrder(fact, adapter) : addAttempt(fact, adapter, false)),
    records
  }
}

const keyOf = (adapter: Adapter, id: string): string => `${adapter.id}\n${id}`

const withSortedNative = (fact: AttemptFact): AttemptFact =>
  fact.native === undefined ? fact : { ...fact, native: sortedKeys(fact.native) }

/** Native records merged from several payloads have no order of keys of their own; all come sorted. */
const sortedKeys = (record: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.keys(record)
      .toSorted()
      .map((key) => [key, record[key]])
  )
