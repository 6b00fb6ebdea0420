/**
 * Records and facts without what no definition looks at: the provider's record, texts of what was said, extracted data,
 * customers' maps. What may have to wait until all data has been read is kept in this form.
 */
import type { Attempt } from "../../domain/CallAttempt.ts"
import type { CallOrder } from "../../domain/CallOrder.ts"
import type { Cost } from "../../domain/Cost.ts"
import type { AttemptFact, OrderFact } from "../../domain/Fact.ts"
import type { JsonObject } from "../../domain/Json.ts"
import { present } from "../../domain/present.ts"
import { withoutWords } from "../../domain/Reply.ts"
import type { Timing } from "../../domain/Timing.ts"

const NOTHING: JsonObject = {}

/**
 * Emptied and not removed: objects whose fields are removed one by one are slow and large. `keepsMaps`: short values of
 * `metadata` and `variables` are kept, for an experiment to read its assignment from.
 */
export const strippedOrder = (order: CallOrder, keepsMaps: boolean): CallOrder => ({
  ...order,
  attempts: order.attempts.map(strippedAttempt),
  native: NOTHING,
  issues: [],
  conflicts: [],
  ...withoutReasons(order),
  summary: "",
  outcomeReason: "",
  metadata: keepsMaps ? scalarsOf(order.metadata) : NOTHING,
  variables: keepsMaps ? scalarsOf(order.variables) : NOTHING
})

export const strippedAttempt = (attempt: Attempt): Attempt => ({
  ...attempt,
  ...withoutContent(attempt),
  ...withoutDetails(attempt),
  native: NOTHING,
  extracted: NOTHING,
  metrics: NOTHING
})

export const strippedOrderFact = (fact: OrderFact, keepsMaps: boolean): OrderFact => ({
  ...fact,
  native: NOTHING,
  issues: [],
  attempts: fact.attempts.map(strippedAttemptFact),
  claims: {
    ...fact.claims,
    ...withoutReasons(fact.claims),
    summary: undefined,
    outcomeReason: undefined,
    organizationId: undefined,
    metadata: keepsMaps ? scalarsOf(fact.claims.metadata) : undefined,
    variables: keepsMaps ? scalarsOf(fact.claims.variables) : undefined
  }
})

export const strippedAttemptFact = (fact: AttemptFact): AttemptFact => ({
  ...fact,
  native: undefined,
  issues: [],
  claims: {
    ...fact.claims,
    ...withoutContent(fact.claims),
    ...withoutDetails(fact.claims),
    extracted: undefined,
    metrics: undefined
  }
})

const SOMETHING = "…"

/** Whether there is any text, as text. */
const withoutText = (text: string): string => (text.trim() === "" ? "" : SOMETHING)

/** All that answers rest on: how the conversation went, without its words, and whether there is a recording. */
const withoutContent = ({ transcript, recordingUrl }: AttemptFact["claims"] | Attempt) => ({
  ...(transcript === undefined ? {} : { transcript: withoutWords(transcript) }),
  ...(recordingUrl === undefined ? {} : { recordingUrl: withoutText(recordingUrl) })
})

/** The verdict alone, and of the cost the whole. */
const withoutReasons = ({ goal, cost }: OrderFact["claims"] | CallOrder) => ({
  ...(goal === undefined ? {} : { goal: { achieved: goal.achieved } }),
  ...(cost === undefined ? {} : { cost: withoutParts(cost) })
})

const withoutParts = ({ amount, currency, unit }: Cost): Cost => ({ amount, ...present({ currency, unit }) })

/** How far a hand-over came, and not whose number it was. That there were an id and figures counts in the rank of a record. */
const withoutDetails = ({ transfer, carrierCallId, timing }: AttemptFact["claims"] | Attempt) => ({
  ...(transfer === undefined ? {} : { transfer: { state: transfer.state } }),
  ...(carrierCallId === undefined ? {} : { carrierCallId: "" }),
  ...(timing === undefined ? {} : { timing: comparedTiming(timing) })
})

/** The figures that metrics ask for, without the words beside them. */
const comparedTiming = ({ latencies = [], interruptions, speech }: Timing): Timing =>
  present({
    latencies: latencies.flatMap(({ stage, medianMs }) =>
      stage === "response" && medianMs !== undefined ? [{ stage, medianMs, definition: "", source: "" }] : []
    ),
    interruptions:
      interruptions && present({ byRemote: interruptions.byRemote, byAgent: interruptions.byAgent, source: "" }),
    speech: speech && present({ remoteSeconds: speech.remoteSeconds, source: "" })
  })

const LONGEST_SCALAR = 200

const scalarsOf = (map: JsonObject = NOTHING): JsonObject =>
  Object.fromEntries(
    Object.entries(map).filter(
      ([, value]) => typeof value === "number" || (typeof value === "string" && value.length <= LONGEST_SCALAR)
    )
  )
