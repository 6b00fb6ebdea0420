/** Views of one order or attempt, joined so that many of them take linear time. */
import type { CallOrder } from "../domain/CallOrder.ts"
import { type AttemptView, keptAttempts, keptOrders, type OrderView, type Views } from "../domain/ViewJoin.ts"
import { type Merging, Pile } from "./pile.ts"

export type ViewPile<V> = Pile<Views<V>>

const ORDERS: Merging<Views<OrderView>> = {
  merge: (a, b) => keptOrders([...a, ...b]),
  weightOf: (views) => sumOf(views, ({ record, listed }) => listed.length + partsOfView(record))
}

const ATTEMPTS: Merging<Views<AttemptView>> = {
  merge: (a, b) => keptAttempts([...a, ...b]),
  weightOf: (views) => sumOf(views, partsOfView)
}

const sumOf = <V>(views: Views<V>, weightOf: (view: V) => number): number =>
  views.reduce((sum, view) => sum + weightOf(view), 0)

const partsOfView = (record: CallOrder | AttemptView): number =>
  Object.keys(record).length + (record.issues?.length ?? 0) + Object.keys(record.native ?? {}).length

const NO_VIEWS: Views<never> = []

/** The views of a thing, as {@link keptOrders} or {@link keptAttempts} leaves them. */
export const viewsOf = <V>({ views }: { readonly views: ViewPile<V> | undefined }): Views<V> =>
  views?.whole() ?? NO_VIEWS

export const viewPileOfOrder = (view: OrderView): ViewPile<OrderView> => new Pile([view], ORDERS)

export const viewPileOfAttempt = (view: AttemptView): ViewPile<AttemptView> => new Pile([view], ATTEMPTS)
