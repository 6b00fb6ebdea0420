/** The lifecycle of Revox orders, from one word where there is one and from other signs in V0 and V1. Pure. */
import { type AttemptStatus, isTerminalOrder, type OrderStatus } from "../../src/domain/CallStatus.ts"
import type { AttemptFact, StatusClaim } from "../../src/domain/Fact.ts"
import { isGiven, type IssueLog, readStatus } from "../../src/provider/FieldReader.ts"
import type * as Wire from "./Wire.ts"
import { orderStatusWords } from "./Words.ts"

const derived = (value: OrderStatus, because: string): StatusClaim<OrderStatus> => ({
  value,
  terminal: isTerminalOrder(value),
  because
})

/** V0 and V1 have no order status: it follows from the flags, then the attempts, then the times. */
const derivedOrderStatus = (order: Wire.Order, attempts: ReadonlyArray<AttemptFact>): StatusClaim<OrderStatus> => {
  if (order.is_cancelled === true) return derived("canceled", "is_cancelled=true")
  if (order.is_completed === true) return derived("completed", "is_completed=true")
  const claims = attempts.map(({ claims }) => claims.status)
  const find = (...values: ReadonlyArray<AttemptStatus>) => claims.find(({ value }) => values.includes(value))
  const running = find("dialing", "in_progress")
  if (running !== undefined) return derived("in_progress", running.because)
  const unrecognized = find("unrecognized")
  if (unrecognized !== undefined) return derived("unrecognized", unrecognized.because)
  const queued = find("queued")
  if (queued !== undefined) return derived("queued", queued.because)
  if (isGiven(order.scheduled_at)) return derived("scheduled", "scheduled_at=given")
  if (isGiven(order.next_call_at)) return derived("scheduled", "next_call_at=given")
  return derived("queued", order.is_completed === false ? "is_completed=false" : "status=missing")
}

export const orderStatusFrom = (
  order: Wire.Order,
  attempts: ReadonlyArray<AttemptFact>,
  issues: IssueLog
): StatusClaim<OrderStatus> => {
  if (!isGiven(order.status)) return derivedOrderStatus(order, attempts)
  const flagged = order.is_completed === true || order.is_cancelled === true
  return readStatus(order.status, orderStatusWords, "status", flagged, issues)
}
