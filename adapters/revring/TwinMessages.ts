/**
 * What the RevRing twin sends of its own, as documented: `post_call` when a call is over, and `pre_call` before an inbound call
 * is answered, for whose answer three seconds are waited. Undocumented, and decided here: a call is over for `post_call` once all
 * of it has been written down; nothing is sent again.
 */
import { isJsonObject, type JsonObject, valueAt } from "../../src/domain/Json.ts"
import type { MessageAnswer, MessageKind } from "../../src/twin/messages.ts"
import type { PlacedOrder } from "../../src/twin/orderBook.ts"
import { isWrittenUp, type OrderState } from "../../src/twin/timeline.ts"
import type { ApiVersion, CallDetails } from "./TwinRecords.ts"

type Call = PlacedOrder<CallDetails>

/** What has come of a call's messages. */
export interface CallNotes {
  /** What the answer to `pre_call` said. */
  readonly variables?: JsonObject
  /** The values that are known. */
  readonly preCall?: "sent" | "failed"
  readonly postCall?: "sent" | "failed"
}

/** Not in the body of a webhook, and what generation 1 has not. */
const NOT_SENT = ["postCallWebhookStatus", "preCallWebhookStatus", "source"]
const SINCE_2 = "organizationId agentId agentName sipTrunkId agentCallerIdName variables createdAt updatedAt".split(" ")

const outcomeOf = (answer: MessageAnswer | undefined): "sent" | "failed" =>
  answer !== undefined && answer.status >= 200 && answer.status < 300 ? "sent" : "failed"

const variablesIn = (answer: MessageAnswer | undefined): JsonObject => {
  try {
    const variables = valueAt(JSON.parse(answer?.text ?? ""), ["variables"])
    return isJsonObject(variables) ? variables : {}
  } catch {
    return {}
  }
}

export const messagesOf = ({
  version,
  urlOf,
  recordOf,
  note
}: {
  readonly version: ApiVersion
  readonly urlOf: (call: Call, field: "preCallWebhookUrl" | "postCallWebhookUrl") => string | undefined
  readonly recordOf: (call: Call, state: OrderState) => JsonObject
  readonly note: (call: Call, notes: CallNotes) => void
}): ReadonlyArray<MessageKind<CallDetails>> => [
  {
    name: "pre_call",
    isDue: (_, { incoming }) => incoming !== undefined,
    urlOf: (call) => (call.incoming === undefined ? undefined : urlOf(call, "preCallWebhookUrl")),
    bodyOf: ({ to, incoming, details: { agentId, from } }) => ({
      event: "pre_call",
      agentId,
      fromNumber: from,
      toNumber: to,
      ...(version === 1 ? {} : { dialedAgentId: incoming === "web" ? agentId : null })
    }),
    withinSeconds: 3,
    answered: (call, answer) => note(call, { preCall: outcomeOf(answer), variables: variablesIn(answer) })
  },
  {
    name: "post_call",
    // Generation 1 has no CANCELED among the statuses of its webhook.
    isDue: (state) => isWrittenUp(state) && !(version === 1 && state.canceled),
    urlOf: (call) => urlOf(call, "postCallWebhookUrl"),
    bodyOf: (call, state) => {
      const left = version === 1 ? [...NOT_SENT, ...SINCE_2] : NOT_SENT
      return Object.fromEntries(Object.entries(recordOf(call, state)).filter(([key]) => !left.includes(key)))
    },
    withinSeconds: 20,
    answered: (call, answer) => note(call, { postCall: outcomeOf(answer) })
  }
]
