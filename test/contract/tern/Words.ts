/** The words of Tern and what they mean in the call model. */
import {
  type AnsweredByValue,
  type FailureKind,
  type Interpretation,
  type OrderStatus,
  type Outcome,
  recognizerOf,
  type Role,
  statedAnswerer,
  statedFailure,
  wordTable
} from "../../../src/provider/index.ts"
import type * as Wire from "./Wire.ts"

export const orderStatusWords = wordTable<OrderStatus>({
  waiting: "queued",
  calling: "in_progress",
  talking: "in_progress",
  finished: "completed",
  aborted: "canceled",
  dead: "failed"
} satisfies Record<(typeof Wire.PHASES)[number], OrderStatus>)

export const whoWords = wordTable<AnsweredByValue>({
  person: "human",
  machine: "voicemail"
} satisfies Record<(typeof Wire.WHO)[number], AnsweredByValue>)

export const whyWords = wordTable<FailureKind>({
  busy: "busy",
  no_pickup: "no_answer",
  bad_number: "invalid_number",
  blocked: "not_permitted"
} satisfies Record<(typeof Wire.WHYS)[number], FailureKind>)

export const roleWords = wordTable<Role>({
  bot: "agent",
  callee: "remote"
} satisfies Record<(typeof Wire.SPEAKERS)[number], Role>)

const outcomeOf = (goalMet: unknown): Outcome | undefined =>
  goalMet === true ? "completed" : goalMet === false ? "none" : undefined

export const interpretation: Interpretation = {
  terms: { dialedAt: "started", answeredAt: "picked_up", endedAt: "ended", duration: "duration" },
  order: ({ evidence }) => ({
    direction: "outbound",
    channel: "phone",
    reference: typeof evidence["ref"] === "string" ? evidence["ref"] : undefined,
    outcome: outcomeOf(evidence["verdict.goal_met"])
  }),
  attempt: ({ evidence }) => ({
    answeredBy: statedAnswerer(evidence, "who", whoWords),
    ...statedFailure(evidence, "why", whyWords)
  }),
  recognizes: recognizerOf({ who: whoWords, why: whyWords })
}
