/**
 * A story: what happens to an order in a twin, in words of the domain. The last two digits of the number dialled choose
 * it (`stories.ts`), so that the same number means the same story at every provider.
 */
import type { Outcome } from "../domain/CallOrder.ts"
import type { OrderStatus } from "../domain/CallStatus.ts"
import type { DisconnectReason } from "../domain/Disconnect.ts"
import type { FailureKind } from "../domain/Failure.ts"
import type { JsonObject } from "../domain/Json.ts"
import type { AnsweredByValue, ReachValue } from "../domain/Reach.ts"
import type { Turn } from "../domain/Transcript.ts"

/** A length of time that does not end. */
export const FOREVER = Number.POSITIVE_INFINITY

/** One dial: it rings, then it is answered (`answeredBy`) and talked to, or it fails (`failure`). */
export interface StoryAttempt {
  readonly ringSeconds: number
  readonly answeredBy?: Exclude<AnsweredByValue, "unrecognized">
  readonly talkSeconds?: number
  /** How a call that was answered ends. */
  readonly end?: DisconnectReason
  readonly turns?: ReadonlyArray<Turn>
  /** Why nobody answered. */
  readonly failure?: FailureKind
}

/** What a story comes to, once nothing more happens. */
export interface Ending {
  readonly status: OrderStatus
  readonly reach: ReachValue
}

/** See the head of this file. All of it is data. */
export interface Story {
  /** The last two digits of the number dialled. */
  readonly digits: string
  readonly name: string
  readonly about: string
  /** How long the order is only scheduled, where the order itself names no time. */
  readonly scheduleSeconds: number
  readonly queueSeconds: number
  /** Between two attempts, unless the order says otherwise. */
  readonly retryDelaySeconds: number
  /** Played one after another, as far as the order and the provider allow retries; none for an order that breaks. */
  readonly attempts: ReadonlyArray<StoryAttempt>
  /** After the end of the attempt (transcript, recording) or of the order (outcome, summary). */
  readonly enrichment: {
    readonly transcriptSeconds: number
    readonly recordingSeconds: number
    readonly outcomeSeconds: number
  }
  readonly outcome?: Outcome
  readonly summary?: string
  /** Data extracted from the conversation. */
  readonly extracted?: JsonObject
  /** The order is not taken: refused by validation, or no line is free and the caller does not want to wait for one. */
  readonly placement?: "refused" | "at_capacity"
  /** Somebody else cancels the order this long after it was placed. */
  readonly cancelSeconds?: number
  /**
   * What it waits for, where that is somebody and not time: while it is scheduled to be launched, while it is queued to be
   * resumed. A provider without a word for it says that it is scheduled, or queued.
   */
  readonly waitsFor?: "launch" | "resumption"
  /** Words that no documentation knows, in the details of the record or as its status. */
  readonly unknownWords?: "details" | "status"
  /** Absent where nothing is placed. */
  readonly ending: Ending | undefined
}

/** The parts of a story that most stories share. */
export const ordinary = {
  scheduleSeconds: 0,
  queueSeconds: 2,
  /** Where neither the order nor the provider sets one. */
  retryDelaySeconds: 7200,
  enrichment: { transcriptSeconds: 3, recordingSeconds: 5, outcomeSeconds: 8 }
} as const satisfies Partial<Story>

/** Whether a dial can come to be answered. */
export const isAnswered = (
  attempt: StoryAttempt
): attempt is StoryAttempt & { readonly answeredBy: NonNullable<StoryAttempt["answeredBy"]> } =>
  attempt.answeredBy !== undefined
