/** The words of Tern and what they mean in the call model. */
import {
  type AnsweredByValue,
  type Disconnect,
  type FailureKind,
  type Goal,
  type Interpretation,
  meaningOf,
  type OrderStatus,
  type Outcome,
  type RawWords,
  recognizerOf,
  type Role,
  statedAnswerer,
  statedFailure,
  type TransferState,
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
  callee: "remote",
  third: "transfer_target",
  tool: "tool"
} satisfies Record<(typeof Wire.SPEAKERS)[number], Role>)

export const byeWords = wordTable<Disconnect>({
  stopped: { by: "operator", reason: "stopped" },
  taken_over: { by: "operator", reason: "taken_over" },
  handover_failed: { by: "agent", reason: "transfer_failed" },
  handed_over: { by: "agent", reason: "transferred" }
} satisfies Record<(typeof Wire.BYES)[number], Disconnect>)

export const handoverWords = wordTable<TransferState>({
  begun: "initiated",
  busy: "not_connected",
  through: "connected",
  done: "completed"
} satisfies Record<(typeof Wire.HANDOVERS)[number], TransferState>)

export const taskWords = wordTable<Goal["achieved"]>({
  done: "yes",
  not_done: "no"
} satisfies Record<(typeof Wire.TASKS)[number], Goal["achieved"]>)

const outcomeOf = (goalMet: unknown): Outcome | undefined =>
  goalMet === true ? "completed" : goalMet === false ? "none" : undefined

const disconnectFrom = ({ bye }: RawWords): Disconnect | undefined => {
  const meaning = meaningOf(bye, byeWords)
  return meaning === "unrecognized" ? { reason: meaning } : meaning
}

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
    ...statedFailure(evidence, "why", whyWords),
    disconnect: disconnectFrom(evidence)
  }),
  recognizes: recognizerOf({ who: whoWords, why: whyWords, bye: byeWords })
}
