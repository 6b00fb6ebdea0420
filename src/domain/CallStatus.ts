import * as Schema from "effect/Schema"
import type { Attempt } from "./CallAttempt.ts"

/** Lifecycle of an order: whether the request to reach someone is still being worked on. Says nothing about contact. */
export const OrderStatus = Schema.Literals([
  "scheduled",
  "queued",
  "in_progress",
  "completed",
  "failed",
  "canceled",
  "unrecognized"
])
export type OrderStatus = typeof OrderStatus.Type

/** Lifecycle of one dial. */
export const AttemptStatus = Schema.Literals([
  "queued",
  "dialing",
  "in_progress",
  "ended",
  "failed",
  "canceled",
  "unrecognized"
])
export type AttemptStatus = typeof AttemptStatus.Type

const ends = new Set<OrderStatus | AttemptStatus>(["completed", "failed", "canceled", "ended"])

/** Whether an order with this status is over. */
export const isTerminalOrder = (status: OrderStatus): boolean => ends.has(status)
/** Whether an attempt with this status is over. */
export const isTerminalAttempt = (status: AttemptStatus): boolean => ends.has(status)

/** Whether it is over: by its status, or by another sign where the status is a word nobody knows (docs/domain.md, section 5). */
export const isOver = (status: OrderStatus | AttemptStatus, otherSign: boolean): boolean =>
  ends.has(status) || (status === "unrecognized" && otherSign)

/** Whether an attempt in a record is over; the other signs are its end time, and that its reach is settled. */
export const isOverAttempt = ({ status, endedAt, reach }: Pick<Attempt, "status" | "endedAt" | "reach">): boolean =>
  isOver(status, endedAt !== undefined || (reach.value !== "pending" && reach.value !== "unknown"))

/** Progress of a status, for settling two claims of the same age: the further one wins. */
export const STATUS_RANK = {
  unrecognized: 0,
  scheduled: 1,
  queued: 2,
  dialing: 3,
  in_progress: 4,
  failed: 5,
  canceled: 6,
  completed: 7,
  ended: 7
} as const satisfies Record<OrderStatus | AttemptStatus, number>
