/** The order in an answer of success to placing, believed unless the answer contradicts itself. */
import * as Effect from "effect/Effect"
import type { OrderFact } from "../../domain/Fact.ts"
import { isEmptyObject, isJsonObject } from "../../domain/Json.ts"
import { present } from "../../domain/present.ts"
import { type CallError, PlacementUncertain } from "../CallError.ts"
import { type Answer, notesOf, unwrap } from "./answer.ts"
import type { Sender } from "./Sender.ts"

/** Whether there is an error: `null`, `false`, and what is empty are none. */
const tellsError = (error: unknown): boolean => {
  if (error === undefined || error === null || error === false || error === "" || error === 0) return false
  return Array.isArray(error) ? error.length > 0 : !isEmptyObject(error)
}

/** A body that says of itself that it is no success. */
export const saysFailure = (body: unknown): boolean =>
  isJsonObject(body) && (body["success"] === false || tellsError(body["error"]))

/**
 * `envelope` is the key below which the order stands, where it does not stand at the top; `read` reads it. Without an order
 * nobody knows whether it was taken. With one that contradicts itself neither, and its id is a lead.
 */
export const placedOrder = (
  { fail }: Sender,
  answer: Answer,
  read: (body: unknown) => OrderFact | undefined,
  envelope?: string
): Effect.Effect<OrderFact, CallError> => {
  const body = envelope === undefined ? answer.body : unwrap(answer.body, envelope)
  const order = read(body)
  const failed = saysFailure(answer.body) || saysFailure(body)
  if (order !== undefined && !failed) return Effect.succeed(order)
  const because = failed ? "AnswerSaysFailure" : "UnreadableResponse"
  const notes = { ...present({ lead: order?.id }), ...notesOf(answer) }
  return Effect.fail(fail("place", new PlacementUncertain({ because, ...notes })))
}
