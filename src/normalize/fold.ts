/** One record per order and per listed attempt, merged from any number of payloads, facts and records in any order. */
import type { CallAttempt } from "../domain/CallAttempt.ts"
import type { CallOrder } from "../domain/CallOrder.ts"
import type { AttemptFact, OrderFact } from "../domain/Fact.ts"
import type { JsonObject } from "../domain/Json.ts"
import { mergeAttempts, mergeOrders } from "../domain/Merge.ts"
import { viewListedAttempt, viewOrder } from "../domain/View.ts"
import {
  type AttemptView,
  joinAttempts,
  joinOrders,
  keptAttempts,
  keptOrders,
  type OrderView,
  orderViewOf,
  type Views
} from "../domain/ViewJoin.ts"
import type { Adapter } from "../provider/Adapter.ts"
import { type Merging, type Pile, piled } from "./pile.ts"
import { attemptFactLine, type FactLine, orderFactLine, recordViewLine } from "./written/factLines.ts"
import { withNote } from "./written/note.ts"

interface OrderEntry {
  readonly adapter: Adapter
  facts: Pile<OrderFact> | undefined
  views: Pile<Views<OrderView>> | undefined
  readonly attemptIds: Set<string>
}

interface AttemptEntry {
  readonly adapter: Adapter
  facts: Pile<AttemptFact> | undefined
  views: Pile<Views<AttemptView>> | undefined
  /** Whether an order of the input holds it. */
  held: boolean
}

/** Collects what payloads and records tell; memory grows with the number of distinct orders and attempts, not with the number of payloads. */
export interface Fold {
  readonly add: (fact: OrderFact | AttemptFact, adapter: Adapter) => void
  /** A record whose payloads are gone. */
  readonly addView: (record: CallOrder | CallAttempt, adapter: Adapter) => void
  /** Whether anything is held about the order or attempt, or about one of its attempts. */
  readonly knows: (of: OrderFact | AttemptFact | CallOrder | CallAttempt, adapter: Adapter) => boolean
  /** The merged records, in the order in which each was first met. */
  readonly records: () => Generator<CallOrder | CallAttempt>
  /** The merged facts, each order with the attempts it lists. */
  readonly facts: () => Generator<OrderFact | AttemptFact>
  /** All that was collected, for folding again. */
  readonly lines: () => Generator<FactLine>
  /** Orders, and attempts that none of them has listed. */
  readonly size: () => { readonly orders: number; readonly attempts: number }
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

  const attemptEntry = (adapter: Adapter, id: string, held: boolean): AttemptEntry => {
    const key = keyOf(adapter, id)
    const known = attempts.get(key)
    const entry = known ?? { adapter, facts: undefined, views: undefined, held }
    if (known === undefined) attempts.set(key, entry)
    entry.held ||= held
    return entry
  }

  const orderEntry = (adapter: Adapter, order: OrderFact | CallOrder): OrderEntry => {
    const key = keyOf(adapter, order.id)
    const known = orders.get(key)
    const entry = known ?? { adapter, facts: undefined, views: undefined, attemptIds: new Set<string>() }
    if (known === undefined) orders.set(key, entry)
    for (const { id } of order.attempts) entry.attemptIds.add(id)
    return entry
  }

  const addAttempt = (fact: AttemptFact, adapter: Adapter, held: boolean): void => {
    const entry = attemptEntry(adapter, fact.id, held)
    entry.facts = piled(entry.facts, fact, mergingOf(adapter).attempts)
  }

  const addOrder = (fact: OrderFact, adapter: Adapter): void => {
    for (const attempt of fact.attempts) addAttempt(attempt, adapter, true)
    const entry = orderEntry(adapter, fact)
    entry.facts = piled<OrderFact>(entry.facts, { ...fact, attempts: [] }, mergingOf(adapter).orders)
  }

  const addAttemptView = (view: AttemptView, adapter: Adapter, held: boolean): void => {
    const entry = attemptEntry(adapter, view.id, held)
    entry.views = piled(entry.views, [view], ATTEMPT_VIEWS)
  }

  const addOrderView = (record: CallOrder, adapter: Adapter): void => {
    for (const attempt of record.attempts) addAttemptView(attempt, adapter, true)
    const entry = orderEntry(adapter, record)
    entry.views = piled(entry.views, [orderViewOf(record)], ORDER_VIEWS)
  }

  const attemptsOf = ({ adapter, attemptIds }: OrderEntry): ReadonlyArray<AttemptEntry> => {
    const found: Array<AttemptEntry> = []
    for (const id of attemptIds) {
      const attempt = attempts.get(keyOf(adapter, id))
      if (attempt !== undefined) found.push(attempt)
    }
    return found
  }

  function* records(): Generator<CallOrder | CallAttempt> {
    const strays = new Map<string, AttemptEntry>()
    const joining = new Map<OrderEntry, Array<AttemptEntry>>()
    for (const [key, entry] of attempts) {
      const orderId = entry.held ? undefined : orderIdOf(entry)
      const order = orderId === undefined ? undefined : orders.get(keyOf(entry.adapter, orderId))
      if (order === undefined) {
        if (!entry.held) strays.set(key, entry)
        continue
      }
      const joined = joining.get(order)
      if (joined === undefined) joining.set(order, [entry])
      else joined.push(entry)
    }
    for (const entry of orders.values()) {
      const held = attemptsOf(entry)
      const joined = joining.get(entry)
      yield recordOfOrder(entry, joined === undefined ? held : [...held, ...joined])
    }
    for (const entry of strays.values()) yield* recordOfStray(entry)
  }

  function* facts(): Generator<OrderFact | AttemptFact> {
    const written = new Set<AttemptFact>()
    for (const entry of orders.values()) {
      if (entry.facts === undefined) continue
      const listed = attemptsOf(entry).flatMap((attempt) => attempt.facts?.whole() ?? [])
      for (const fact of listed) written.add(fact)
      yield { ...entry.facts.whole(), attempts: listed }
    }
    for (const entry of attempts.values()) {
      const fact = entry.facts?.whole()
      if (fact !== undefined && !written.has(fact)) yield fact
    }
  }

  function* views(): Generator<CallOrder | CallAttempt> {
    const written = new Set<AttemptView>()
    for (const entry of orders.values()) {
      for (const { record, listed } of viewsOf(entry)) {
        const items = listed.flatMap((id) => attempts.get(keyOf(entry.adapter, id))?.views?.whole()[0] ?? [])
        for (const item of items) written.add(item)
        yield { ...record, attempts: items }
      }
    }
    for (const entry of attempts.values()) {
      for (const view of viewsOf(entry)) {
        if (!written.has(view)) yield { kind: "call_attempt", provider: entry.adapter.providerId, ...view }
      }
    }
  }

  function* lines(): Generator<FactLine> {
    for (const fact of facts()) yield fact.kind === "order" ? orderFactLine(fact) : attemptFactLine(fact)
    for (const record of views()) yield recordViewLine(record)
  }

  return {
    add: (fact, adapter) => (fact.kind === "order" ? addOrder(fact, adapter) : addAttempt(fact, adapter, false)),
    addView: (record, adapter) => {
      if (record.kind === "call_order") return addOrderView(record, adapter)
      const { kind: _, provider: __, ...view } = record
      return addAttemptView(view, adapter, false)
    },
    knows: (of, adapter) =>
      of.kind === "order" || of.kind === "call_order"
        ? orders.has(keyOf(adapter, of.id)) || of.attempts.some(({ id }) => attempts.has(keyOf(adapter, id)))
        : attempts.has(keyOf(adapter, of.id)),
    records,
    facts,
    lines,
    size: () => {
      let strays = 0
      for (const { held } of attempts.values()) if (!held) strays += 1
      return { orders: orders.size, attempts: strays }
    }
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

const ORDER_VIEWS: Merging<Views<OrderView>> = {
  merge: (a, b) => keptOrders([...a, ...b]),
  weightOf: (views) => sumOf(views, ({ record, listed }) => listed.length + partsOfView(record))
}

const ATTEMPT_VIEWS: Merging<Views<AttemptView>> = {
  merge: (a, b) => keptAttempts([...a, ...b]),
  weightOf: (views) => sumOf(views, partsOfView)
}

const sumOf = <V>(views: Views<V>, weightOf: (view: V) => number): number =>
  views.reduce((sum, view) => sum + weightOf(view), 0)

const partsOfView = (record: CallOrder | AttemptView): number =>
  Object.keys(record).length + (record.issues?.length ?? 0) + Object.keys(record.native ?? {}).length

/** The views of a thing, as `keptOrders` or `keptAttempts` leaves them. */
const viewsOf = <V>({ views }: { readonly views: Pile<Views<V>> | undefined }): Views<V> => views?.whole() ?? []

/** What merging goes through one by one. */
const partsOf = ({ issues, native = {} }: OrderFact | AttemptFact): number => issues.length + Object.keys(native).length

const keyOf = (adapter: Adapter, id: string): string => `${adapter.id}\n${id}`

/** The order that an attempt names: as payloads told it, else as the greatest record does. */
const orderIdOf = (entry: AttemptEntry): string | undefined =>
  entry.facts?.whole().claims.orderId ?? joinAttempts(viewsOf(entry))?.orderId

const recordOfOrder = (entry: OrderEntry, attempts: ReadonlyArray<AttemptEntry>): CallOrder => {
  const { adapter } = entry
  const views = viewsOf(entry)
  const fact = entry.facts?.whole()
  const facts = attempts.flatMap((attempt) =>
    attempt.facts === undefined ? [] : [withSortedNative(attempt.facts.whole())]
  )
  const own =
    fact === undefined
      ? undefined
      : viewOrder({ ...fact, native: sortedKeys(fact.native) }, facts, adapter.interpretation)
  if (own !== undefined && views.length === 0 && attempts.every((attempt) => attempt.views === undefined)) return own
  const items = new Map<string, AttemptView>(own?.attempts.map((item) => [item.id, item]))
  if (own === undefined) for (const each of facts) items.set(each.id, viewOfFact(each, adapter))
  let viewed = false
  const joined = attempts.flatMap((attempt) => {
    const told = viewsOf(attempt)
    const id = attempt.facts?.whole().id ?? told[0]?.id ?? ""
    const item = items.get(id)
    const all = keptAttempts(item === undefined ? told : [item, ...told])
    viewed ||= all.some((view) => view !== item)
    return joinAttempts(all) ?? []
  })
  const ownView = own === undefined ? undefined : orderViewOf(own)
  const all = keptOrders(ownView === undefined ? views : [ownView, ...views])
  viewed ||= all.some((view) => view !== ownView)
  const record = joinOrders(all, joined)
  if (record === undefined) throw new TypeError("an order was held of which nothing is known")
  return viewed ? { ...record, issues: withNote(record) } : record
}

function* recordOfStray(entry: AttemptEntry): Generator<CallAttempt> {
  const { adapter } = entry
  const views = viewsOf(entry)
  const fact = entry.facts?.whole()
  const own = fact === undefined ? undefined : viewOfFact(withSortedNative(fact), adapter)
  const all = keptAttempts(own === undefined ? views : [own, ...views])
  const joined = joinAttempts(all)
  if (joined === undefined) return
  const record: CallAttempt = { kind: "call_attempt", provider: adapter.providerId, ...joined }
  yield all.some((view) => view !== own) ? { ...record, issues: withNote(record) } : record
}

const viewOfFact = (fact: AttemptFact, { interpretation }: Adapter): AttemptView => {
  const { kind: _, provider: __, ...view } = viewListedAttempt(fact, interpretation)
  return view
}

const withSortedNative = (fact: AttemptFact): AttemptFact =>
  fact.native === undefined ? fact : { ...fact, native: sortedKeys(fact.native) }

/** Native records merged from several payloads have no order of keys of their own; all come sorted. */
const sortedKeys = (record: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.keys(record)
      .toSorted()
      .map((key) => [key, record[key]])
  )
