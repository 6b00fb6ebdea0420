/** By which rule each field of an order is compared. A field without a rule does not compile. */
import type { CallOrder, orderFields } from "../domain/CallOrder.ts"
import { orderStatus } from "./endingRules.ts"
import { different, type Rule, SAME } from "./Finding.ts"
import { whySilent } from "./silence.ts"
import { equal, equalOfOneCall, moment, number, own, ownValues, presence, word } from "./valueRules.ts"

/** `by_attempts`: follows from what was found of the attempts. */
type OrderRule = Rule<CallOrder> | "by_attempts"

/** What has arrived, part by part; where one has less, the first of these. */
const enriched: Rule<CallOrder> = (a, b) => {
  for (const part of ["transcript", "recording", "outcome"] as const) {
    const [one, other] = [a.record.enriched[part], b.record.enriched[part]]
    if (one === other) continue
    const because = whySilent((one ? b : a).by, part, { observables: [part] })
    if (because === undefined) return different(one ? "arrived" : "missing", other ? "arrived" : "missing")
  }
  return SAME
}

export const orderRules = {
  kind: own,
  provider: own,
  id: own,
  direction: word(({ direction }) => direction, { source: "order" }),
  channel: word(({ channel }) => channel, { source: "order" }),
  from: number("order", "from", ({ from }) => from),
  to: number("order", "to", ({ to }) => to),
  status: orderStatus,
  providerStatus: own,
  terminal: word(({ terminal }) => (terminal === undefined ? undefined : terminal ? "over" : "going on"), {}),
  enriched,
  agent: own,
  reference: equalOfOneCall(({ reference }) => reference, { source: "order" }),
  createdAt: moment(({ createdAt }) => createdAt, { observables: ["created_time"] }),
  scheduledAt: moment(({ scheduledAt }) => scheduledAt, { ability: "schedule", source: "order" }),
  nextAttemptAt: moment(({ nextAttemptAt }) => nextAttemptAt, { source: "order" }),
  endedAt: moment(({ endedAt }) => endedAt, { source: "order" }),
  // When a provider last wrote to its own record.
  updatedAt: own,
  attempts: "by_attempts",
  attemptsMade: equal(({ attemptsMade }) => attemptsMade, { source: "order" }),
  attemptsAllowed: equal(({ attemptsAllowed }) => attemptsAllowed, { source: "order" }),
  outcome: word(({ outcome }) => outcome, { ability: "outcome", observables: ["outcome"] }),
  outcomeReason: presence(({ outcomeReason }) => outcomeReason, { source: "order" }),
  // A verdict of a model of its own.
  goal: own,
  cost: own,
  summary: presence(({ summary }) => summary, { ability: "summary", source: "order" }),
  metadata: ownValues("metadata", ({ metadata }) => metadata),
  variables: ownValues("variables", ({ variables }) => variables),
  campaign: own,
  organizationId: own,
  reach: "by_attempts",
  issues: own,
  conflicts: own,
  native: own
} as const satisfies { readonly [field in keyof typeof orderFields]: OrderRule }
