import * as Schema from "effect/Schema"

/** What is wrong with a field that could not be understood. */
export const IssueReason = Schema.Literals([
  "unknown_word",
  "wrong_type",
  "unreadable_time",
  "impossible_order",
  "missing",
  "missing_id",
  "read_as_view"
])
export type IssueReason = typeof IssueReason.Type

/** A mapped field that could not be understood. It costs that field, never the record; `raw` is what stood there. */
export const Issue = Schema.Struct({
  path: Schema.String,
  reason: IssueReason,
  raw: Schema.optionalKey(Schema.Unknown)
})
export type Issue = typeof Issue.Type
