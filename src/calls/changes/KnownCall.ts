/** What a feed has told of a call, so that it tells nothing twice. It holds no content: states, and digests too short to find a value. */
import * as Schema from "effect/Schema"
import { AttemptStatus, OrderStatus } from "../../domain/CallStatus.ts"
import { AttemptId, OrderId, ProviderId } from "../../domain/Identifiers.ts"
import { CallState, type HeardBy } from "./CallChange.ts"
import type { Reading } from "./Reading.ts"

/**
 * The digests of a field that have been seen: those of readings of an over call displace those of earlier ones. At most
 * sixteen, the smallest, so that a field which differs at every reading is told ever more seldom.
 */
const SeenDigests = Schema.Struct({ over: Schema.Boolean, digests: Schema.Array(Schema.String) })
export type SeenDigests = typeof SeenDigests.Type

const SeenFields = Schema.Record(Schema.String, SeenDigests)
export type SeenFields = typeof SeenFields.Type

const KnownAttempt = Schema.Struct({
  id: AttemptId,
  /** The furthest that was seen. */
  status: AttemptStatus,
  dialed: Schema.Boolean,
  answered: Schema.Boolean,
  fields: SeenFields
})
export type KnownAttempt = typeof KnownAttempt.Type

/** What a feed has told of one placement. */
export const KnownCall = Schema.Struct({
  provider: ProviderId,
  reference: Schema.NonEmptyString,
  state: CallState,
  orderId: Schema.optionalKey(OrderId),
  /** Every status of the order that was seen. */
  statuses: Schema.Array(OrderStatus),
  /** The status of its end; of several the furthest. */
  end: Schema.optionalKey(OrderStatus),
  /** Nothing more is expected to arrive. */
  complete: Schema.Boolean,
  fields: SeenFields,
  attempts: Schema.Array(KnownAttempt)
})
export type KnownCall = typeof KnownCall.Type

/** What is heard of a placement at one moment: how it stands in the journal, and its order where that was read. */
export interface Seen extends Pick<KnownCall, "provider" | "reference" | "state" | "orderId"> {
  /** Tells the placement from every other one: its token in the journal. */
  readonly key: string
  /** Of an order that was not read: its status as the journal has it. */
  readonly status?: OrderStatus
  /** Whether the journal has it as over. */
  readonly over?: boolean
  readonly reading?: Reading
  readonly heardBy?: HeardBy
}
