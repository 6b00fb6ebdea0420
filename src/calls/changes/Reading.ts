/** What a feed keeps of a record that was read: how far the call has come, and of each field as much as tells that it differs. */
import type { CallOrder } from "../../domain/CallOrder.ts"
import { isOverAttempt, type AttemptStatus, type OrderStatus } from "../../domain/CallStatus.ts"
import type { Attempt } from "../../domain/CallAttempt.ts"
import type { AttemptId, OrderId } from "../../domain/Identifiers.ts"
import { canonicalJson } from "../../domain/Json.ts"
import { sixteenBits } from "../orderDigest.ts"
import { type DigestedField, type WatchedValue, watchedOfAttempt, watchedOfOrder } from "./watchedFields.ts"

/**
 * Sixteen bits of each field that is known, salted with the call's id: enough to notice that it differs, too few to find a number or
 * what was said. One change of a field in 65,536 is not noticed.
 */
export type Digests = ReadonlyMap<DigestedField, string>

export interface AttemptReading {
  readonly id: AttemptId
  readonly status: AttemptStatus
  readonly dialed: boolean
  readonly answered: boolean
  /** Whether it is over, or its order is. */
  readonly over: boolean
  readonly digests: Digests
}

/** One reading of an order. */
export interface Reading {
  readonly orderId: OrderId
  readonly status: OrderStatus
  readonly over: boolean
  /** Whether it is over and nothing is expected to arrive any more. */
  readonly complete: boolean
  readonly digests: Digests
  readonly attempts: ReadonlyArray<AttemptReading>
}

const digestsOf = (values: ReadonlyArray<WatchedValue>, ...salt: ReadonlyArray<string>): Digests =>
  new Map(values.map(([name, value]) => [name, sixteenBits(canonicalJson([...salt, name, value]))]))

const DIALED: ReadonlySet<AttemptStatus> = new Set(["dialing", "in_progress", "ended"])

/** One that failed without a time of dialling may never have been dialled. */
const wasDialed = ({ status, dialedAt, answered }: Attempt): boolean =>
  dialedAt !== undefined || answered === true || DIALED.has(status)

export const readingOf = (order: CallOrder, complete: boolean): Reading => {
  const over = order.terminal === true
  return {
    orderId: order.id,
    status: order.status,
    over,
    complete,
    digests: digestsOf(watchedOfOrder(order), order.provider, order.id),
    attempts: order.attempts.map((attempt) => ({
      id: attempt.id,
      status: attempt.status,
      dialed: wasDialed(attempt),
      answered: attempt.answered === true,
      over: over || isOverAttempt(attempt),
      digests: digestsOf(watchedOfAttempt(attempt), order.provider, order.id, attempt.id)
    }))
  }
}
