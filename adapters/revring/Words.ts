/** The words of RevRing and what they mean in the call model. A known word that is not mapped does not compile. */
import type { Direction } from "../../src/domain/CallOrder.ts"
import type { AttemptStatus, OrderStatus } from "../../src/domain/CallStatus.ts"
import type { DisconnectedBy, DisconnectReason } from "../../src/domain/Disconnect.ts"
import type { FailureKind } from "../../src/domain/Failure.ts"
import { PLAIN_ROLES, type Role } from "../../src/domain/Transcript.ts"
import { type WordTable, wordTable } from "../../src/domain/Words.ts"
import type * as Wire from "./Wire.ts"

type Status = (typeof Wire.STATUSES)[number] | (typeof Wire.OBSERVED_STATUSES)[number]

export const orderStatusWords = wordTable<OrderStatus>({
  QUEUED: "queued",
  INITIATED: "in_progress",
  ONGOING: "in_progress",
  TRANSFERRED: "completed",
  COMPLETED: "completed",
  FAILED: "failed",
  CANCELED: "canceled",
  CANCELLED: "canceled",
  NO_ANSWER: "failed",
  BUSY: "failed"
} satisfies Record<Status, OrderStatus>)

export const attemptStatusWords = wordTable<AttemptStatus>({
  QUEUED: "queued",
  INITIATED: "dialing",
  ONGOING: "in_progress",
  TRANSFERRED: "ended",
  COMPLETED: "ended",
  FAILED: "failed",
  CANCELED: "canceled",
  CANCELLED: "canceled",
  NO_ANSWER: "failed",
  BUSY: "failed"
} satisfies Record<Status, AttemptStatus>)

/** Statuses that say why the call failed. */
export const statusFailureWords = wordTable<FailureKind>({
  NO_ANSWER: "no_answer",
  BUSY: "busy"
} satisfies Partial<Record<Status, FailureKind>>)

/** What a hangup cause means: a failure, an end of the call, or either, depending on whether it had been answered. */
export interface CauseMeaning {
  readonly failure?: FailureKind
  readonly ended?: { readonly reason: DisconnectReason; readonly by: DisconnectedBy }
}

export const hangupCauseWords = wordTable<CauseMeaning>({
  USER_ENDED: { ended: { reason: "remote_hangup", by: "remote" } },
  END_CALL_TOOL: { ended: { reason: "agent_hangup", by: "agent" } },
  AGENT_HUNG_UP: { ended: { reason: "agent_hangup", by: "agent" } },
  SILENCE_TIMEOUT: { ended: { reason: "silence", by: "system" } },
  MAX_DURATION: { ended: { reason: "max_duration", by: "system" } },
  VOICEMAIL_DETECTED: { ended: { reason: "voicemail", by: "system" } },
  NO_ANSWER: { failure: "no_answer" },
  NO_PICKUP: { failure: "no_answer" },
  BUSY: { failure: "busy" },
  USER_DID_NOT_RESPOND: { failure: "no_answer", ended: { reason: "silence", by: "system" } }
} satisfies Record<(typeof Wire.HANGUP_CAUSES)[number], CauseMeaning>)

export const directionWords = wordTable<Direction>({
  INBOUND: "inbound",
  OUTBOUND: "outbound"
} satisfies Record<(typeof Wire.DIRECTIONS)[number], Direction>)

export const sourceWords = wordTable<"web">({ web_widget: "web" } satisfies Record<
  (typeof Wire.SOURCES)[number],
  "web"
>)

/** `role`, `speaker` or `from` of a turn in a transcript. */
export const roleWords = wordTable<Role>(PLAIN_ROLES)

/** The tables of words that are kept as evidence, by wire field. */
export const evidenceWords = new Map<string, WordTable<unknown>>(
  Object.entries({ direction: directionWords, hangupCause: hangupCauseWords, source: sourceWords })
)

/** A transfer ends the call for the agent and shows in the status alone. */
export const transferredWords = wordTable<true>({ TRANSFERRED: true })
