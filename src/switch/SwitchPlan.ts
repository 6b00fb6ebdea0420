/** A plan of a move from one provider to another, as data: counts, and sentences that are true of the records. */
import * as Schema from "effect/Schema"
import { Instant } from "../domain/Instant.ts"
import { AREAS, FATES } from "./Becoming.ts"
import { UNITS } from "./questions.ts"

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))
const Provider = Schema.Struct({ id: Schema.String, title: Schema.String })

/** Something to copy. */
export const PlannedLines = Schema.Struct({
  /** `js`: code over `calls` of `unicall/promise`; `sh`: a command line. */
  language: Schema.Literals(["js", "sh"]),
  text: Schema.String
})

/** One thing that a provider gives, how often the records use it, and what becomes of it. */
export const PlannedFeature = Schema.Struct({
  /** The same in every plan: `attempts`, `busy`. */
  id: Schema.String,
  title: Schema.String,
  area: Schema.Literals(AREAS),
  /** `not_told`: the records cannot tell. */
  used: Schema.Literals(["yes", "no", "not_told"]),
  /** Absent where nothing was counted. */
  counted: Schema.optionalKey(
    Schema.Struct({ unit: Schema.Literals(UNITS), count: Count, total: Count, share: Schema.Finite })
  ),
  /** What becomes of it at the target. */
  fate: Schema.Literals(FATES),
  /** How it is used, by the records. */
  use: Schema.Array(Schema.String),
  /** What becomes of it, in words. */
  becomes: Schema.Array(Schema.String),
  /** What to write, where it is to be done by you. */
  lines: Schema.optionalKey(Schema.Array(PlannedLines))
})
export type PlannedFeature = typeof PlannedFeature.Type

/** What was read. Records of other providers are in no other figure. */
export const PlanInput = Schema.Struct({
  /** Records and messages of the provider that is left. */
  records: Count,
  /** Messages among them that name a call and are no record of it. */
  hints: Count,
  others: Schema.Array(Schema.Struct({ provider: Schema.String, records: Count })),
  rejected: Count,
  orders: Count,
  over: Count,
  placed: Count,
  attempts: Count,
  /** Orders of which only attempts were read. */
  knownByAttempts: Count,
  /** Attempts that name no order. */
  strays: Count,
  /** When the first and the last order was made. */
  from: Schema.optionalKey(Instant),
  to: Schema.optionalKey(Instant)
})

/** What `unicall switch plan --json` prints. */
export const SwitchPlan = Schema.Struct({
  kind: Schema.Literal("switch_plan"),
  from: Provider,
  to: Provider,
  input: PlanInput,
  /** In the order of the plan. What neither provider has is left out. */
  features: Schema.Array(PlannedFeature),
  /** Titles of what neither has. */
  neither: Schema.Array(Schema.String)
})
export type SwitchPlan = typeof SwitchPlan.Type
