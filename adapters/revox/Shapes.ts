/** How bodies of Revox are told apart, by their keys alone. */
import { isEmptyObject } from "../../src/domain/Json.ts"
import type { RecordlessShape, Shape } from "../../src/provider/Adapter.ts"
import type { Envelopes } from "../../src/provider/envelopes.ts"
import { attemptFrom, hintFrom, orderFrom } from "./Mapping.ts"

export const envelopes: Envelopes = {
  /** Of one order, and in the row of a campaign, which is about a contact. */
  call: { holds: "either", around: "row" },
  calls: { holds: "list" },
  data: { holds: "either" },
  /** Of a campaign. */
  rows: { holds: "list" }
}

const ATTEMPT_SIGNS = ["answered_at", "result", "dial_error"]

const isOrder = (body: object): boolean =>
  Object.hasOwn(body, "call_attempts") || (Object.hasOwn(body, "to_phone_number") && Object.hasOwn(body, "direction"))

/** Of a campaign, `GET /campaigns/{id}/rows`: it has a number, and may tell a state, and is no attempt. */
const isRow = (body: object): boolean => Object.hasOwn(body, "row_index") && Object.hasOwn(body, "input_data")

const isAttempt = (body: object): boolean =>
  Object.hasOwn(body, "phone_number") &&
  Object.hasOwn(body, "status") &&
  ATTEMPT_SIGNS.some((key) => Object.hasOwn(body, key)) &&
  !isOrder(body) &&
  !isRow(body)

const isWebhook = (body: object): boolean =>
  Object.hasOwn(body, "call_order_id") && !Object.hasOwn(body, "phone_number")

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "order",
    signs: "call_attempts, or to_phone_number with direction",
    matches: isOrder,
    read: orderFrom
  },
  {
    name: "attempt",
    signs: "phone_number and status with answered_at, result or dial_error",
    matches: isAttempt,
    read: attemptFrom
  },
  {
    name: "webhook",
    signs: "call_order_id without phone_number",
    matches: isWebhook,
    read: hintFrom
  }
]

/** A row whose `call` is there is an envelope. */
const isRowWithoutCall = (body: { readonly [key: string]: unknown }): boolean =>
  isRow(body) && ((body["call"] ?? undefined) === undefined || isEmptyObject(body["call"]))

export const recordless: ReadonlyArray<RecordlessShape> = [
  {
    name: "campaign row without a call",
    signs: "row_index and input_data without call",
    matches: isRowWithoutCall
  }
]
