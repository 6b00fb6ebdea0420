/** A plan of a move from one provider to another, as data: counts, and sentences that are true of the records. */
import * as Schema from "effect/Schema"
import { Instant } from "../domain/Instant.ts"
import { AREAS, FATES } from "./Becoming.ts"
import { UNITS } from "./questions.ts"

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))
const Provider = Schema.Struct({ id: Schema.String, title: Schema.String })

/** Something to copy. */
export const PlannedLines = Schema.Struct({
  /** `js`: code over `calls` of `unicall/promise`; `sh`: a command line; `json`: of a configuration. */
  language: Schema.Literals(["js", "sh", "json"]),
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

/** What findings of a configuration are about. */
export const SUBJECTS = [
  "agent",
  "agent_inline",
  "agent_metadata",
  "agent_variables",
  "agent_from",
  "agent_options",
  "also_check",
  "routes",
  "default_route",
  "rule",
  "may_omit"
] as const

/** One thing that a configuration says, and what becomes of it. */
export const ConfigurationFinding = Schema.Struct({
  /** The same in every plan: `agent`, `rule`. */
  id: Schema.Literals(SUBJECTS),
  /** Where it stands: `agents.desk`, `routes.main.rules[0]`. */
  place: Schema.String,
  title: Schema.String,
  /** Of a rule with weights or arms: which part of its orders goes to the two, as it is now. */
  share: Schema.optionalKey(Schema.Struct({ source: Schema.Finite, target: Schema.Finite })),
  fate: Schema.Literals(FATES),
  /** What the configuration says. */
  use: Schema.Array(Schema.String),
  /** What becomes of it, in words. */
  becomes: Schema.Array(Schema.String),
  /** What to write. */
  lines: Schema.optionalKey(Schema.Array(PlannedLines))
})
export type ConfigurationFinding = typeof ConfigurationFinding.Type

/** What a configuration says of the two providers. Numbers to call from are counted and never shown. */
export const PlannedConfiguration = Schema.Struct({
  agents: Schema.Struct({
    all: Count,
    atBoth: Count,
    /** At the provider that is left, and not at the target. */
    atSource: Count,
    /** At the target, and not at the provider that is left. */
    atTarget: Count,
    atNeither: Count
  }),
  /** Different numbers to call from. */
  callerNumbers: Schema.Struct({ source: Count, target: Count }),
  routes: Count,
  /** Of all routes; those that may choose the one, and those that may choose the other. A rule may be among both. */
  rules: Schema.Struct({ all: Count, source: Count, target: Count }),
  findings: Schema.Array(ConfigurationFinding)
})
export type PlannedConfiguration = typeof PlannedConfiguration.Type

/** What `unicall switch plan --json` prints. Where a configuration alone was read, `input` counts nothing and there are no features. */
export const SwitchPlan = Schema.Struct({
  kind: Schema.Literal("switch_plan"),
  from: Provider,
  to: Provider,
  input: PlanInput,
  /** In the order of the plan. What neither provider has is left out. */
  features: Schema.Array(PlannedFeature),
  /** Titles of what neither has. */
  neither: Schema.Array(Schema.String),
  /** Where one was given. */
  configuration: Schema.optionalKey(PlannedConfiguration)
})
export type SwitchPlan = typeof SwitchPlan.Type
