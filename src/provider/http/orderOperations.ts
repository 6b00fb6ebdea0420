/** The operations that come to one request about one order, and are written alike for every provider. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { OrderFact } from "../../domain/Fact.ts"
import { isJsonObject, type JsonObject } from "../../domain/Json.ts"
import type { PlaceCall } from "../../domain/PlaceCall.ts"
import type { Adapter, Reading } from "../Adapter.ts"
import { type InvalidRequest, Unsupported } from "../CallError.ts"
import type { CallProvider } from "../CallProvider.ts"
import { unwrap } from "./answer.ts"
import { placedOrder } from "./placedOrder.ts"
import { segment, type Sender, unreadable } from "./Sender.ts"

/** How orders are written and read, and where they are. */
export interface OrderEndpoints {
  /** The order in the provider's words, as `Request.ts` writes it. */
  readonly bodyFrom: (order: PlaceCall) => Result.Result<JsonObject, InvalidRequest | Unsupported>
  /** Reads a record of the provider, as `Mapping.ts` does. */
  readonly read: (body: JsonObject) => Reading
  /** The key under which answers have the order. @default none: the answer is the order */
  readonly envelope?: string
  /** The path to which an order is posted. */
  readonly place: string
  /** The path from which an order is read. The id is encoded. */
  readonly get: (id: string) => string
  /** The path to which cancelling it is posted. @default none: nothing can be cancelled in this way */
  readonly cancel?: (id: string) => string
}

/** The order in a value, if there is one. */
export const orderReader =
  (read: OrderEndpoints["read"]) =>
  (body: unknown): OrderFact | undefined => {
    const fact = isJsonObject(body) ? read(body) : undefined
    return fact?.kind === "order" ? fact : undefined
  }

/** Placing is sent once; reading and cancelling are retried. A client with other requests replaces what differs. */
export const orderOperations = (
  sender: Sender,
  adapter: Adapter,
  { bodyFrom, read, envelope, place, get, cancel }: OrderEndpoints
): Omit<CallProvider, "getMany" | "list" | "check"> => {
  const orderIn = orderReader(read)
  return {
    adapter,
    ringsRealPhones: sender.ringsRealPhones,
    account: sender.account,
    clock: sender.clock,
    request: (order) =>
      Result.flatMap(bodyFrom(order), (body) => sender.request({ method: "POST", path: place, body })),
    place: (request) =>
      Effect.flatMap(sender.place(request), (answer) => placedOrder(sender, answer, orderIn, envelope)),
    get: (id) =>
      Effect.flatMap(sender.ask("get", { method: "GET", path: get(segment(id)) }), (answer) => {
        const order = orderIn(envelope === undefined ? answer.body : unwrap(answer.body, envelope))
        return order?.id === id
          ? Effect.succeed(order)
          : Effect.fail(sender.fail("get", unreadable(answer, "the order that was asked for")))
      }),
    // What it answers differs, and is often not documented: any success counts.
    cancel: (id) =>
      cancel === undefined
        ? Effect.fail(sender.fail("cancel", new Unsupported({ capability: "cancel" })))
        : Effect.asVoid(sender.ask("cancel", { method: "POST", path: cancel(segment(id)) }))
  }
}
