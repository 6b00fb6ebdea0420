/** What is asked of every order and every dial of the records: each question is answered by a count. */
import type { Attempt } from "../domain/CallAttempt.ts"
import type { CallOrder } from "../domain/CallOrder.ts"
import { isEmptyObject, type JsonObject } from "../domain/Json.ts"
import type { AnsweredByValue } from "../domain/Reach.ts"
import type { FailureKind } from "../domain/Failure.ts"
import { type TimingFigure, timingFigure } from "../domain/Timing.ts"
import { hasWords } from "../domain/Transcript.ts"
import type { Adapter, FieldSource } from "../provider/Adapter.ts"

/**
 * Of what a count is a part. `orders`: all orders of which a record was read. `placed`: those that the application asked for:
 * neither inbound nor from a browser. `attempts`: dials, also those of which only a record of their own was read.
 */
export const UNITS = ["orders", "placed", "attempts"] as const
export type Unit = (typeof UNITS)[number]

export interface Question<S> {
  readonly of: Unit
  /** The field of our records that tells it; a provider without that field does not tell it. */
  readonly field: string
  readonly holds: (subject: S, adapter: Adapter) => boolean
}

const isGiven = (text: string | undefined): boolean => text !== undefined && text.trim() !== ""

/** The name under which the caller's own key rides in a map, if it does. */
const referenceKey = ({ sources }: Adapter): string | undefined =>
  sources.order
    .find(({ field }) => field === "reference")
    ?.paths[0]?.split(".")
    .at(-1)

/** Whether a map holds a value beside the caller's own key. */
const hasOwnValues = (map: JsonObject | undefined, adapter: Adapter, name: "metadata" | "variables"): boolean => {
  const reserved = adapter.capabilities.referenceIn === name ? referenceKey(adapter) : undefined
  return map !== undefined && Object.keys(map).some((key) => key !== reserved && map[key] !== null)
}

/** Whether the order is over and the telephone was picked up by nobody. */
export const isUnreached = ({ reach, terminal }: CallOrder): boolean =>
  terminal === true && reach.value === "not_reached"

export const isPlaced = ({ direction, channel }: CallOrder): boolean => direction !== "inbound" && channel !== "web"

export const ORDER_QUESTIONS = {
  allows_several: {
    of: "placed",
    field: "attemptsAllowed",
    holds: ({ attemptsAllowed = 0 }) => attemptsAllowed > 1
  },
  scheduled: { of: "placed", field: "scheduledAt", holds: ({ scheduledAt }) => scheduledAt !== undefined },
  metadata: {
    of: "placed",
    field: "metadata",
    holds: ({ metadata }, adapter) => hasOwnValues(metadata, adapter, "metadata")
  },
  variables: {
    of: "placed",
    field: "variables",
    holds: ({ variables }, adapter) => hasOwnValues(variables, adapter, "variables")
  },
  caller_number: { of: "placed", field: "from", holds: ({ from }) => isGiven(from) },
  reference: { of: "placed", field: "reference", holds: ({ reference }) => reference !== undefined },
  without_agent: { of: "placed", field: "agent", holds: ({ agent }) => agent?.id === undefined },
  agent: { of: "orders", field: "agent", holds: ({ agent }) => agent?.id !== undefined },
  campaign: { of: "orders", field: "campaign", holds: ({ campaign }) => campaign !== undefined },
  canceled: { of: "orders", field: "status", holds: ({ status }) => status === "canceled" },
  unreached: { of: "orders", field: "status", holds: isUnreached },
  inbound: { of: "orders", field: "direction", holds: ({ direction }) => direction === "inbound" },
  web: { of: "orders", field: "channel", holds: ({ channel }) => channel === "web" },
  outcome: { of: "orders", field: "outcome", holds: ({ outcome = "none" }) => outcome !== "none" },
  goal: { of: "orders", field: "goal", holds: ({ goal }) => goal !== undefined },
  summary: { of: "orders", field: "summary", holds: ({ summary }) => isGiven(summary) },
  cost: { of: "orders", field: "cost", holds: ({ cost }) => cost !== undefined },
  created_time: { of: "orders", field: "createdAt", holds: ({ createdAt }) => createdAt !== undefined },
  updated_time: { of: "orders", field: "updatedAt", holds: ({ updatedAt }) => updatedAt !== undefined }
} as const satisfies { readonly [question: string]: Question<CallOrder> }
export type OrderQuestion = keyof typeof ORDER_QUESTIONS

const answeredBy = (value: AnsweredByValue): Question<Attempt> => ({
  of: "attempts",
  field: "answeredBy",
  holds: (attempt) => attempt.answeredBy?.value === value
})

const given = (field: "dialedAt" | "answeredAt" | "endedAt" | "talkSeconds" | "carrierCallId"): Question<Attempt> => ({
  of: "attempts",
  field,
  holds: (attempt) => attempt[field] !== undefined
})

const figure = (name: TimingFigure): Question<Attempt> => ({
  of: "attempts",
  field: "timing",
  holds: ({ timing }) => timing !== undefined && timingFigure(timing, name) !== undefined
})

const failed = (kind: FailureKind): Question<Attempt> => ({
  of: "attempts",
  field: "failure",
  holds: ({ failure }) => failure?.kind === kind
})

export const ATTEMPT_QUESTIONS = {
  connected: { of: "attempts", field: "answered", holds: ({ answered }) => answered === true },
  human: answeredBy("human"),
  voicemail: answeredBy("voicemail"),
  ivr: answeredBy("ivr"),
  call_screening: answeredBy("call_screening"),
  dialed_time: given("dialedAt"),
  answer_time: given("answeredAt"),
  end_time: given("endedAt"),
  talk_time: given("talkSeconds"),
  carrier_id: given("carrierCallId"),
  transferred: {
    of: "attempts",
    field: "transfer",
    holds: ({ transfer, disconnect }) => transfer !== undefined || disconnect?.reason === "transferred"
  },
  remote_hangup: { of: "attempts", field: "disconnect", holds: ({ disconnect }) => disconnect?.by === "remote" },
  disconnect: { of: "attempts", field: "disconnect", holds: ({ disconnect }) => disconnect?.reason !== undefined },
  transcript: { of: "attempts", field: "transcript", holds: ({ transcript }) => hasWords(transcript) },
  recording: { of: "attempts", field: "recordingUrl", holds: ({ recordingUrl }) => isGiven(recordingUrl) },
  extraction: {
    of: "attempts",
    field: "extracted",
    holds: ({ extracted }) => extracted !== undefined && !isEmptyObject(extracted)
  },
  handled_by: { of: "attempts", field: "handledBy", holds: ({ handledBy = [] }) => handledBy.length > 0 },
  response_latency: figure("response_latency"),
  interruptions_by_agent: figure("interruptions_by_agent"),
  interruptions_by_remote: figure("interruptions_by_remote"),
  remote_speech: figure("remote_speech"),
  busy: failed("busy"),
  no_answer: failed("no_answer"),
  unreachable: failed("unreachable"),
  declined: failed("declined"),
  blocked: failed("blocked"),
  invalid_number: failed("invalid_number"),
  congestion: failed("congestion"),
  not_permitted: failed("not_permitted"),
  precondition_failed: failed("precondition_failed"),
  timeout: failed("timeout"),
  account: failed("account"),
  account_limit: failed("account_limit"),
  customer_error: failed("customer_error"),
  provider_error: failed("provider_error"),
  unclassified: {
    of: "attempts",
    field: "failure",
    holds: ({ failure }) => failure?.kind === "unclassified" || failure?.kind === "unrecognized"
  }
} as const satisfies { readonly [question: string]: Question<Attempt> }
export type AttemptQuestion = keyof typeof ATTEMPT_QUESTIONS

export type QuestionId = OrderQuestion | AttemptQuestion

export const QUESTIONS: { readonly [id in QuestionId]: Pick<Question<never>, "of" | "field"> } = {
  ...ORDER_QUESTIONS,
  ...ATTEMPT_QUESTIONS
}

/** Whether one of these places tells the field, or a part of it. */
export const isAmong = (sources: ReadonlyArray<FieldSource>, field: string): boolean =>
  sources.some((source) => source.field === field || source.field.startsWith(`${field}.`))

/** Whether records of the provider have a field of ours, by the places that the adapter names. */
export const hasField = ({ sources }: Pick<Adapter, "sources">, field: string): boolean =>
  isAmong([...sources.order, ...sources.attempt], field)
