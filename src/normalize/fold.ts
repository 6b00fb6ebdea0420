/** One record per order and per listed attempt, merged from any number of payloads in any order. */
import type { CallAttempt } from "../domain/CallAttempt.ts"
import type { CallOrder } from "../domain/CallOrder.ts"
import type { AttemptFact, OrderFact } from "../domain/Fact.ts"
import type { JsonObject } from "../domain/Json.ts"
import { mergeAttempts, mergeOrders } from "../domain/Merge.ts"
import { viewListedAttempt, viewOrder } from "../domain/View.ts"
import type { Adapter } from "../provider/Adapter.ts"
import { type Merging, Pile } from "./pile.ts"

interface OrderEntry {
  readonly facts: Pile<OrderFact>
  readonly adapter: Adapter
  readonly attemptIds: Set<string>
}

interface AttemptEntry {
  readonly facts: Pile<AttemptFact>
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

  const merging = new Map<Adapter, Mergings>()
  const mergingOf = (adapter: Adapter): Mergings => {
    const known = merging.get(adapter) ?? mergingsOf(adapter)
    merging.set(adapter, known)
    return known
  }

  const addAttempt = (fact: AttemptFact, adapter: Adapter, held: boolean): void => {
    const key = keyOf(adapter, fact.id)
    const entry = attempts.get(key)
    if (entry === undefined) {
      attempts.set(key, { facts: new Pile(fact, mergingOf(adapter).attempts), adapter, held })
      return
    }
    entry.facts.add(fact)
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
    if (entry !== undefined) return entry.facts.add(own)
    orders.set(key, { facts: new Pile<OrderFact>(own, mergingOf(adapter).orders), adapter, attemptIds })
  }

  function* records(): Generator<CallOrder | CallAttempt> {
    const strays = new Map<string, AttemptEntry>()
    for (const [key, entry] of attempts) {
      const { id, claims } = entry.facts.whole()
      const { orderId } = claims
      const order = entry.held || orderId === undefined ? undefined : orders.get(keyOf(entry.adapter, orderId))
      if (order !== undefined) order.attemptIds.add(id)
      else if (!entry.held) strays.set(key, entry)
    }
    for (const { facts, adapter, attemptIds } of orders.values()) {
      const fact = facts.whole()
      const held: Array<AttemptFact> = []
      for (const id of attemptIds) {
        const attempt = attempts.get(keyOf(adapter, id))
        if (attempt !== undefined) held.push(withSortedNative(attempt.facts.whole()))
      }
      yield viewOrder({ ...fact, native: sortedKeys(fact.native) }, held, adapter.interpretation)
    }
    for (const { facts, adapter } of strays.values()) {
      yield viewListedAttempt(withSortedNative(facts.whole()), adapter.interpretation)
    }
  }

  return {
    add: (fact, adapter) => (fact.kind === "order" ? addOrder(fact, adapter) : addAttempt(fact, adapter, false)),
    records
  }
}

interface Mergings {
  readonly orders: Merging<OrderFact>
  readonly attempts: Merging<AttemptFact>
}

const mergingsOf = ({ interpretation: { recognizes } }: Adapter): Mergings => ({
  orders: { merge: (a, b) => mergeOrders(a, b, recognizes), weightOf: partsOf },
  attempts: { merge: (a, b) => mergeAttempts(a, b, recognizes), weightOf: partsOf }
})

/** What merging goes through one by one. */
const partsOf = ({ issues, native = {} }: OrderFact | AttemptFact): number => issues.length + Object.keys(native).length

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
