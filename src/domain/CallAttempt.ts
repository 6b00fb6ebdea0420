import * as Schema from "effect/Schema"
import { AttemptStatus } from "./CallStatus.ts"
import { Disconnect } from "./Disconnect.ts"
import { Failure } from "./Failure.ts"
import { type FieldTable, schemasOf } from "./fields.ts"
import { gradeOfReach, gradeOfTranscript, gradeOfTransfer, gradeOfWord } from "./grades.ts"
import { AttemptId, OrderId, ProviderId } from "./Identifiers.ts"
import { Instant } from "./Instant.ts"
import { Issue } from "./Issue.ts"
import { JsonObject, Path } from "./Json.ts"
import { AnsweredBy, Reach } from "./Reach.ts"
import { Timing } from "./Timing.ts"
import { Transcript } from "./Transcript.ts"
import { Transfer } from "./Transfer.ts"

/**
 * Every field of an attempt; what the code and the documentation say of each follows from its row. A claim of `path` says where
 * the attempt stands in the order's native record, and is empty for a record of its own; `position` is its place in the
 * provider's list, counted from the oldest; `durationSeconds` is the provider's own duration.
 */
export const attemptFields = {
  /** The provider's id of the attempt. At Revox never usable as an order id; at RevRing the call's id. */
  id: { schema: AttemptId, always: true, from: "conclusion", joins: "no", columns: { attempt_id: 4 } },
  /** The order it belongs to, when known. */
  orderId: {
    schema: OrderId,
    from: "claim",
    claims: { path: Path, position: Schema.Finite },
    columns: { order_id: 3 }
  },
  /** Where the dial stands. Says nothing about who was reached. */
  status: { schema: AttemptStatus, always: true, from: "conclusion", joins: "no", columns: { attempt_status: 31 } },
  /** The number dialled; absent for web calls. */
  to: { schema: Schema.String, from: "conclusion", claims: { to: Schema.String }, columns: { to: 10 } },
  /** The carrier's own id of the call, such as the SID of a Twilio call. */
  carrierCallId: { schema: Schema.String, from: "claim", columns: { carrier_call_id: 70 } },
  /** When dialling began. */
  dialedAt: { schema: Instant, from: "claim", columns: { dialed_at: 32 } },
  /** When the other side answered. */
  answeredAt: { schema: Instant, from: "claim", columns: { answered_at: 33 } },
  /** When it was over. */
  endedAt: { schema: Instant, from: "claim", columns: { ended_at: 34 } },
  /**
   * True: an answer time, a duration above 0, or a word of the provider that it was. False: the attempt is over and the provider
   * says null, or a word that it was not. Else absent.
   */
  answered: { schema: Schema.Boolean, from: "claim", grade: Number, columns: { answered: 35 } },
  /** From dialled to answered; only from two known times in order. */
  ringSeconds: {
    schema: Schema.Finite,
    from: "conclusion",
    rule: "from dialled to answered",
    columns: { ring_seconds: 36 }
  },
  /** The provider's own duration, else from answered to ended. */
  talkSeconds: {
    schema: Schema.Finite,
    from: "conclusion",
    claims: { durationSeconds: Schema.Finite },
    rule: "the provider's duration, else from answered to ended",
    columns: { talk_seconds: 37 }
  },
  /** Whose figure talkSeconds is. */
  talkSource: {
    schema: Schema.Literals(["provider", "derived"]),
    from: "conclusion",
    rule: "whose figure talkSeconds is",
    joins: { by: "talkSeconds" },
    grade: (source: string) => Number(source === "provider"),
    columns: { talk_source: 38 }
  },
  /** What the remote party turned out to be, and how sure that is. */
  answeredBy: {
    schema: AnsweredBy,
    from: "conclusion",
    grade: ({ value }: AnsweredBy) => gradeOfWord(value, "unknown"),
    columns: { answered_by: [39, "value"], answered_by_certainty: [40, "certainty"] }
  },
  /** Whether the AI, a person, or both held the conversation (Revox V5). */
  handledBy: { schema: Schema.Array(Schema.Literals(["ai", "human"])), from: "meaning", columns: { handled_by: 41 } },
  /** Why it did not connect, or broke. `message` is the provider's own text. */
  failure: {
    schema: Failure,
    from: "meaning",
    grade: ({ kind }: Failure) => gradeOfWord(kind, "unclassified"),
    columns: { failure: [42, "kind"], failure_sip_code: [43, "sipCode"], failure_message: [44, "message"] }
  },
  /** Who ended it, and why. */
  disconnect: {
    schema: Disconnect,
    from: "meaning",
    grade: ({ reason }: Disconnect) => gradeOfWord(reason),
    columns: { disconnected_by: [45, "by"], disconnect_reason: [46, "reason"] }
  },
  /**
   * The hand-over to a person or another line, and how far it came; of several the one that came furthest. It says nothing
   * about who was reached: a third party that was busy is no failure of the attempt.
   */
  transfer: {
    schema: Transfer,
    from: "claim",
    grade: gradeOfTransfer,
    columns: { transfer_state: [71, "state"], transfer_to: [72, "to"], transfer_at: [73, "at"] }
  },
  /** Turns, or one unsplit text where the provider gives no turns. Absent is not the same as empty. */
  transcript: { schema: Transcript, from: "claim", grade: gradeOfTranscript, columns: { transcript: 51 } },
  /** Where the recording is. Treat it as private and as something that expires. */
  recordingUrl: { schema: Schema.String, from: "claim", columns: { recording_url: 52 } },
  /** What the provider extracted from the conversation: the customer's data, verbatim. */
  extracted: { schema: JsonObject, from: "claim", uncounted: true, columns: { extracted: 55 } },
  /** The provider's technical figures, verbatim. */
  metrics: { schema: JsonObject, from: "claim", uncounted: true, columns: { metrics: 56 } },
  /** Latencies, interruptions, speech and silence, each with its source. Definitions differ from provider to provider. */
  timing: { schema: Timing, from: "claim", columns: { timing: 74 } },
  /** What the dial achieved in terms of contact, with its evidence. */
  reach: {
    schema: Reach,
    always: true,
    from: "conclusion",
    rule: "the first rule of reach that applies, with its evidence",
    explainedBy: "status",
    grade: gradeOfReach,
    columns: {
      reach: [47, "value"],
      reach_certainty: [48, "certainty"],
      reach_because: [49, "because"],
      reach_contradicted: [50, "contradicted"]
    }
  },
  /** Only of an attempt that also came as a record of its own: that record, secrets redacted. */
  native: {
    schema: JsonObject,
    from: "conclusion",
    rule: "the attempt's own record, secrets redacted",
    joins: "no",
    uncounted: true
  }
} as const satisfies FieldTable

/** One dial, as an item of an order's `attempts`. */
export const Attempt = Schema.Struct(schemasOf(attemptFields))
export type Attempt = typeof Attempt.Type

const { native, ...fields } = Attempt.fields

/** An attempt whose order the payload does not contain. */
export const CallAttempt = Schema.Struct({
  /** Tells this record from the other kinds. */
  kind: Schema.Literal("call_attempt"),
  /** Id of the provider. */
  provider: ProviderId,
  ...fields,
  /** Mapped fields that could not be understood; present only if there are any. */
  issues: Schema.optionalKey(Schema.Array(Issue)),
  native
})
export type CallAttempt = typeof CallAttempt.Type
