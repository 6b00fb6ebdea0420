/** The orders a twin has taken, and where each stands: lines that are shared hold some of them back. */
import { type Story } from "./story.ts"
import { incomingStoryOf, storyOf } from "./stories.ts"
import { uuidFrom } from "./seeded.ts"
import { momentsOf, occupancy, type OrderState, stateAt, type TimelineOptions } from "./timeline.ts"

/** Orders with the same key share `max` lines. */
export interface SharedLines {
  readonly key: string
  readonly max: number
}

/** An order as a provider takes it; `details` is whatever its records repeat of the request. */
export interface NewOrder<Details> {
  readonly to: string
  readonly reference: string | undefined
  readonly placedAt: number
  readonly options: Omit<TimelineOptions, "heldUntil" | "canceledAt">
  readonly lines: SharedLines | undefined
  readonly details: Details
  /** Of a call that has come in: from a telephone, or from a browser. @default it goes out */
  readonly incoming?: IncomingFrom
  /** Whose last two digits choose the story. @default `to` */
  readonly playedBy?: string
}

/** Where a call comes from. */
export type IncomingFrom = "phone" | "web"

/** An order that was taken. */
export interface PlacedOrder<Details> extends NewOrder<Details> {
  readonly id: string
  readonly story: Story
  readonly canceledAt: number | undefined
}

/** The orders that a twin has taken, and where each stands. */
export interface OrderBook<Details> {
  readonly place: (order: NewOrder<Details>) => PlacedOrder<Details>
  readonly get: (id: string) => PlacedOrder<Details> | undefined
  /** Oldest first. */
  readonly all: () => ReadonlyArray<PlacedOrder<Details>>
  readonly cancel: (id: string, now: number) => void
  readonly stateOf: (order: PlacedOrder<Details>, now: number) => OrderState
  /** Every moment at which the order changes, as far as is known now, oldest first. */
  readonly momentsOf: (order: PlacedOrder<Details>) => ReadonlyArray<number>
  /** Another whenever an order has been placed or canceled. */
  readonly version: () => number
  /** How many of the lines with this key are in use. */
  readonly linesInUse: (key: string, now: number) => number
  readonly clear: () => void
}

type Interval = readonly [from: number, to: number]

/** The first moment from `wanted` on at which fewer than `max` of the intervals run. */
export const freeFrom = (wanted: number, taken: ReadonlyArray<Interval>, max: number): number => {
  const candidates = [wanted, ...taken.map(([, to]) => to).filter((to) => to > wanted)].toSorted((a, b) => a - b)
  return (
    candidates.find((moment) => taken.filter(([from, to]) => from <= moment && moment < to).length < max) ??
    Number.POSITIVE_INFINITY
  )
}

/** An empty order book; the same seed gives the same ids. */
export const makeOrderBook = <Details>(seed: string): OrderBook<Details> => {
  const orders = new Map<string, PlacedOrder<Details>>()
  let count = 0
  let version = 0

  const optionsOf = ({ options, canceledAt }: PlacedOrder<Details>): TimelineOptions => ({ ...options, canceledAt })

  /** When the order would dial if it had a line of its own. */
  const wantedAt = (order: PlacedOrder<Details>): number =>
    occupancy(order.story, order.placedAt, order.options)[0]?.[0] ?? Number.POSITIVE_INFINITY

  /**
   * From when on each order with this key has a line: first wanted, first served. Only first attempts wait, so
   * that a later order never changes what was already told of an earlier one.
   */
  const holds = (key: string): ReadonlyMap<string, { readonly heldUntil: number; readonly taken: Array<Interval> }> => {
    const taken: Array<Interval> = []
    const found = new Map<string, { heldUntil: number; taken: Array<Interval> }>()
    const waiting = [...orders.values()].filter(({ lines }) => lines?.key === key)
    for (const order of waiting.toSorted((a, b) => wantedAt(a) - wantedAt(b))) {
      const heldUntil = freeFrom(wantedAt(order), taken, order.lines?.max ?? Number.POSITIVE_INFINITY)
      const own = occupancy(order.story, order.placedAt, { ...optionsOf(order), heldUntil })
      taken.push(...own)
      found.set(order.id, { heldUntil, taken: [...own] })
    }
    return found
  }

  const heldOptions = (order: PlacedOrder<Details>): TimelineOptions => {
    const heldUntil = order.lines === undefined ? undefined : holds(order.lines.key).get(order.id)?.heldUntil
    return { ...optionsOf(order), heldUntil }
  }

  return {
    place: (order) => {
      count += 1
      version += 1
      const { incoming, playedBy = order.to } = order
      const story = incoming === undefined ? storyOf(playedBy) : incomingStoryOf(playedBy)
      const placed = { ...order, id: uuidFrom(seed, "order", count), story, canceledAt: undefined }
      orders.set(placed.id, placed)
      return placed
    },
    get: (id) => orders.get(id),
    all: () => [...orders.values()],
    cancel: (id, now) => {
      const order = orders.get(id)
      version += 1
      if (order !== undefined) orders.set(id, { ...order, canceledAt: order.canceledAt ?? now })
    },
    stateOf: (order, now) => stateAt(order.story, order.placedAt, now, heldOptions(order)),
    momentsOf: (order) => momentsOf(order.story, order.placedAt, heldOptions(order)),
    version: () => version,
    linesInUse: (key, now) =>
      [...holds(key).values()].flatMap(({ taken }) => taken).filter(([from, to]) => from <= now && now < to).length,
    clear: () => {
      orders.clear()
      count = 0
      version += 1
    }
  }
}
