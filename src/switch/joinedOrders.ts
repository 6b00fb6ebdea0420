/** Several orders of one call as one: a provider with one dial for each order tells each attempt as an order of its own. */
import type { CallOrder } from "../domain/CallOrder.ts"
import { orderReach } from "../domain/Reach.ts"
import { compareText } from "../domain/textOrder.ts"

const earliest = (orders: ReadonlyArray<CallOrder>, at: "createdAt" | "scheduledAt"): CallOrder["createdAt"] =>
  orders.flatMap((order) => order[at] ?? []).toSorted(compareText)[0]

/** The moment by which orders stand one after the other; without any they stay as given. */
const ageOf = ({ attempts: [first], createdAt }: CallOrder): string => createdAt ?? first?.dialedAt ?? ""

/**
 * The attempts of all, the oldest first; made when the first was made, and otherwise as the last one says. Takes at least one.
 *
 * @throws RangeError if there is none, or if they are of several providers
 */
export const joinedOrders = (given: ReadonlyArray<CallOrder>): CallOrder => {
  const orders = given.toSorted((a, b) => compareText(ageOf(a), ageOf(b)))
  const last = orders.at(-1)
  if (last === undefined) throw new RangeError("expected the orders of a call, got none")
  if (orders.length === 1) return last
  if (orders.some(({ provider }) => provider !== last.provider))
    throw new RangeError("expected the orders of a call at one provider, got those of several")
  const attempts = orders.flatMap((order) => order.attempts)
  const { status, terminal, providerStatus } = last
  const [createdAt, scheduledAt] = [earliest(orders, "createdAt"), earliest(orders, "scheduledAt")]
  return {
    ...last,
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(scheduledAt === undefined ? {} : { scheduledAt }),
    enriched: {
      transcript: orders.some(({ enriched }) => enriched.transcript),
      recording: orders.some(({ enriched }) => enriched.recording),
      outcome: orders.some(({ enriched }) => enriched.outcome)
    },
    attempts,
    reach: orderReach(
      attempts.map(({ reach }) => reach),
      { status, terminal, because: `status=${providerStatus ?? status}` }
    )
  }
}
