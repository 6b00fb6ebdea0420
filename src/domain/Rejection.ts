import * as Schema from "effect/Schema"
import { ProviderId } from "./Identifiers.ts"

/** Why a payload is no record. */
export const RejectionReason = Schema.Literals([
  "unreadable_json",
  "unknown_shape",
  "ambiguous_shape",
  "missing_id",
  "provider_mismatch",
  "newer_version"
])
export type RejectionReason = typeof RejectionReason.Type

/**
 * Something that is no call record of a known provider. `message` says what was expected and holds no value of the
 * input; `raw` is the input itself, secrets redacted, so that nothing is lost.
 */
export const Rejection = Schema.Struct({
  kind: Schema.Literal("rejection"),
  reason: RejectionReason,
  path: Schema.String,
  message: Schema.String,
  provider: Schema.optionalKey(ProviderId),
  source: Schema.String,
  raw: Schema.Unknown
})
export type Rejection = typeof Rejection.Type
