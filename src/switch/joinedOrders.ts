/** Several orders of one call as one: a provider with one dial for each order tells each attempt as an order of its own. */
import type { CallOrder } from "../domain/CallOrder.ts"
import { present } from "../domain/present.ts"
import { isContact, orderReach } from "../domain/Reach.ts"
import { compareText } from "../domain/textOrder.ts"

/** The moment by which orders stand one after the other; without any they stay as given. */
const ageOf = ({ attempts: [first], createdAt }: CallOrder): string => createdAt ?? first?.dialedAt ?? ""

/**
 * The attempts of all, the oldest first. What was ordered is as in the first, since each order has a reference of its own; what
 * came of it is as in the last, once all are over as in the last that reached somebody or something.
 *
 * @throws RangeError if there is none, or if they are of several providers
 */
export const joinedOrders = (given: ReadonlyArray<CallOrder>): CallOrder => {
  const orders = given.toSorted((a, b) => compareText(ageOf(a), ageOf(b)))
  const [first] = orders
  const last = orders.at(-1)
  if (first === undefined || last === undefined) throw new RangeError("expected the orders of a call, got none")
  if (first === last) return last
  if (orders.some(({ provider }) => provider !== last.provider))
    throw new RangeError("expected the orders of a call at one provider, got those of several")
  const { reference, createdAt, scheduledAt, metadata, variables } = first
  // Of dials that went on to a mailbox and then to nobody, it is the mailbox that the call came to.
  const { status, providerStatus, terminal } = last.terminal === true ? (orders.findLast(hadContact) ?? last) : last
  const summary = orders.findLast((order) => order.summary !== undefined)?.summary
  const attempts = orders.flatMap((order) => order.attempts)
  return {
    ...last,
    ...present({ reference, createdAt, scheduledAt, metadata, variables, summary, status, providerStatus, terminal }),
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

const hadContact = ({ reach }: CallOrder): boolean => isContact(reach.value)
