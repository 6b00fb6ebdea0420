/** What every twin answers about one order: that it is not as it must be, how it stands, that it is canceled. */
import * as Result from "effect/Result"
import type { OrderBook, PlacedOrder } from "./orderBook.ts"
import { type Answer, type ErrorBody, refuser } from "./reply.ts"
import type { OrderState } from "./timeline.ts"
import type { Route, RouteCall } from "./twin.ts"

/** How a provider writes an order, and an error. */
export interface OrderForms<Details> {
  readonly errorBody: ErrorBody
  /** The whole body of an answer with this order. */
  readonly orderBody: (order: PlacedOrder<Details>, state: OrderState, now: number) => unknown
}

/** Makes the answers about the orders in the book. */
export const makeOrderAnswers = <Details>(book: OrderBook<Details>, { errorBody, orderBody }: OrderForms<Details>) => {
  const refuse = refuser(errorBody)
  const invalid = (message: string): Answer => refuse(422, message, "invalid_request")
  const show = (order: PlacedOrder<Details>, now: number, status = 200): Answer => ({
    status,
    body: orderBody(order, book.stateOf(order, now), now)
  })
  const found = (id: string, answer: (order: PlacedOrder<Details>) => Answer): Answer => {
    const order = book.get(id)
    return order === undefined ? refuse(404, "there is no call with this id", "not_found") : answer(order)
  }
  const get: Route["handle"] = ({ id, now }) => found(id, (order) => show(order, now))
  return {
    refuse,
    /** The request is not as it must be. */
    invalid,
    /** The order as it stands. */
    show,
    /** Answers a body that can be read; of another one says what is wrong with it. */
    reading:
      <A>(read: (body: unknown) => Result.Result<A, string>, answer: (request: A, call: RouteCall) => Answer) =>
      (call: RouteCall): Answer =>
        Result.match(read(call.body), { onFailure: invalid, onSuccess: (request) => answer(request, call) }),
    get,
    /** Cancels what goes on; a running attempt is hung up. An order that is over is refused. */
    cancel: (call: RouteCall): Answer =>
      found(call.id, (order) => {
        if (book.stateOf(order, call.now).phase === "over") return refuse(409, "the call is already over", "conflict")
        book.cancel(call.id, call.now)
        return get(call)
      })
  }
}
