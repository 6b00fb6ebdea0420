/** The messages that a twin sends of its own: which of them fall due when, and what they say. What goes wrong on their way is in `outbox.ts`. */
import type { OrderBook, PlacedOrder } from "./orderBook.ts"
import type { OrderState } from "./timeline.ts"

/** What was answered to a message. */
export interface MessageAnswer {
  readonly status: number
  readonly text: string
}

/** A kind of message about orders: each order has one of it at most. */
export interface MessageKind<Details> {
  readonly name: string
  /** Whether it is to be sent once the order stands so. */
  readonly isDue: (state: OrderState, order: PlacedOrder<Details>) => boolean
  /** Where it goes, as is set at that moment; nowhere if nothing is. */
  readonly urlOf: (order: PlacedOrder<Details>) => string | undefined
  /** Beside the type of its content. */
  readonly headersOf?: (order: PlacedOrder<Details>) => { readonly [name: string]: string }
  readonly bodyOf: (order: PlacedOrder<Details>, state: OrderState, at: number) => unknown
  /** How long an answer is waited for. */
  readonly withinSeconds: number
  /** Told what was answered, or that nothing was. */
  readonly answered?: (order: PlacedOrder<Details>, answer: MessageAnswer | undefined) => void
}

/** A message that is to be sent. */
export interface DueMessage {
  readonly name: string
  readonly orderId: string
  readonly at: number
  readonly url: string
  readonly headers: { readonly [name: string]: string }
  readonly body: unknown
  readonly withinSeconds: number
  readonly answered: (answer: MessageAnswer | undefined) => void
}

/** Where a twin's messages come from. */
export interface MessageSource {
  /** Those that have fallen due since it was last asked, in the order of their time, each once. */
  readonly due: (now: number) => ReadonlyArray<DueMessage>
  /** When the next one falls due, as far as is known now. */
  readonly nextAt: () => number | undefined
  readonly clear: () => void
}

interface Pending<Details> {
  readonly kind: MessageKind<Details>
  readonly at: number
}

/**
 * Messages of these kinds about the orders of a book. `mayGo`: whether an address is set anywhere at all; as long as none is,
 * no order is looked at.
 */
export const makeMessageSource = <Details>(
  book: OrderBook<Details>,
  kinds: ReadonlyArray<MessageKind<Details>>,
  mayGo: () => boolean = () => true
): MessageSource => {
  const sent = new Set<string>()
  const plans = new Map<string, { readonly version: number; readonly pending: ReadonlyArray<Pending<Details>> }>()
  let lookedAt = Number.NEGATIVE_INFINITY

  const keyOf = (order: PlacedOrder<Details>, kind: MessageKind<Details>): string => `${order.id} ${kind.name}`

  /** Worked out again only when an order has been placed or canceled. */
  const pendingOf = (order: PlacedOrder<Details>): ReadonlyArray<Pending<Details>> => {
    const known = plans.get(order.id)
    if (known?.version === book.version()) return known.pending
    const unsent = kinds.filter((kind) => !sent.has(keyOf(order, kind)))
    const moments = unsent.length === 0 ? [] : book.momentsOf(order)
    const pending = unsent.flatMap((kind) => {
      const at = moments.find((moment) => kind.isDue(book.stateOf(order, moment), order))
      return at === undefined ? [] : [{ kind, at }]
    })
    plans.set(order.id, { version: book.version(), pending })
    return pending
  }

  /** Of orders whose messages go anywhere. */
  const everyPending = () =>
    (mayGo() ? book.all() : [])
      .filter((order) => kinds.some(({ urlOf }) => urlOf(order) !== undefined))
      .flatMap((order) => pendingOf(order).map((pending) => ({ order, ...pending })))
      .filter(({ order, kind }) => !sent.has(keyOf(order, kind)))

  return {
    due: (now) => {
      const since = lookedAt
      lookedAt = Math.max(lookedAt, now)
      return everyPending()
        .filter(({ at }) => at <= now)
        .toSorted((a, b) => a.at - b.at)
        .flatMap(({ order, kind, at }) => {
          sent.add(keyOf(order, kind))
          const url = kind.urlOf(order)
          // What fell due while no address was set went nowhere.
          if (url === undefined || at < since) return []
          return [
            {
              name: kind.name,
              orderId: order.id,
              at,
              url,
              headers: kind.headersOf?.(order) ?? {},
              body: kind.bodyOf(order, book.stateOf(order, at), at),
              withinSeconds: kind.withinSeconds,
              answered: (answer) => kind.answered?.(order, answer)
            }
          ]
        })
    },
    nextAt: () =>
      everyPending().reduce<number | undefined>(
        (next, { at }) => (next === undefined || at < next ? at : next),
        undefined
      ),
    clear: () => {
      sent.clear()
      plans.clear()
      lookedAt = Number.NEGATIVE_INFINITY
    }
  }
}
