/** An experiment: which arms there are, who is assigned to which, what is measured and what would matter. */
import * as Schema from "effect/Schema"
import { ProviderId } from "../domain/Identifiers.ts"
import { Instant } from "../domain/Instant.ts"
import { JsonObject } from "../domain/Json.ts"

/** Of experiments and arms: it rides in the tag of every order, where `/` divides. */
const Name = Schema.String.pipe(Schema.check(Schema.isPattern(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u)))

/** Arms are numbered in a byte; more than a page can show are of no use. */
export const MOST_ARMS = 200

/** One of the ways to call that an experiment compares. */
export const ExperimentArm = Schema.Struct({
  name: Name,
  provider: ProviderId,
  /** Id of the agent stored at the provider. */
  agent: Schema.optionalKey(Schema.NonEmptyString),
  /** What the provider takes beyond `PlaceCall`. */
  providerOptions: Schema.optionalKey(JsonObject),
  /** Relative to the shares of the other arms: 1 and 1, or 90 and 10. */
  share: Schema.Finite.pipe(Schema.check(Schema.isGreaterThan(0)))
})
export type ExperimentArm = typeof ExperimentArm.Type

const MetricGoal = Schema.Struct({
  /** A metric's id, `first_attempt.human_reached`. */
  metric: Schema.NonEmptyString,
  /** The least difference that matters: a share for rates (0.03: three points), else seconds. */
  smallestEffect: Schema.optionalKey(Schema.Finite.pipe(Schema.check(Schema.isGreaterThan(0)))),
  /** For a metric of which neither direction is better by itself. */
  better: Schema.optionalKey(Schema.Literals(["higher", "lower"]))
})
/** A metric, and the least difference of it that matters. */
export type MetricGoal = typeof MetricGoal.Type

/** What is assigned to an arm; `number` and `contact` keep a person in one arm however many orders there are. */
export const Unit = Schema.Literals(["number", "contact", "reference"])
export type Unit = typeof Unit.Type

/** What orders are sorted by, so that like is compared with like. */
export const Stratum = Schema.Literals(["country", "hour", "campaign"])
export type Stratum = typeof Stratum.Type

const Digest = Schema.String

/** The definition that a metric is measured by, and the digest of what it says. */
export const FixedDefinition = Schema.Struct({
  id: Schema.String,
  digest: Digest,
  /** The rule over transcripts that it rests on, with its version: `conversation/1`. */
  rule: Schema.optionalKey(Schema.String)
})
export type FixedDefinition = typeof FixedDefinition.Type

/** The record of the start. */
export const Frozen = Schema.Struct({
  at: Instant,
  digest: Digest,
  /** Digests of the fields as they then were. */
  fields: Schema.Record(Schema.String, Digest),
  /** By metric, the definition that all looks use; a metric without one cannot be compared. Absent if an earlier version started it. */
  definitions: Schema.optionalKey(Schema.Record(Schema.String, FixedDefinition))
})
export type Frozen = typeof Frozen.Type

/** What a reason to stop must be: people read it in every report. */
export const STOP_REASON = "one line of 1 to 500 characters"
export const StopReason = Schema.String.pipe(Schema.check(Schema.isPattern(/^(?=.*\S)[^\p{Cc}]{1,500}$/u)))

/** The record of a stop. */
export const Stopped = Schema.Struct({ at: Instant, reason: Schema.optionalKey(StopReason), digest: Digest })
export type Stopped = typeof Stopped.Type

/** An experiment: its arms, who is assigned to which, what is measured and what would matter. */
export const Experiment = Schema.Struct({
  id: Name,
  arms: Schema.Array(ExperimentArm).pipe(Schema.check(Schema.isMinLength(2), Schema.isMaxLength(MOST_ARMS))),
  /** Name of the arm that the others are compared with. @default the first */
  baseline: Schema.optionalKey(Name),
  unit: Unit,
  /** For `unit: contact`: the key of `metadata` (or `variables`) that holds the contact's key. */
  contactKey: Schema.optionalKey(Schema.NonEmptyString),
  /**
   * Judges each person by all their orders of so many hours from their first on: a success of any of them counts. Not for
   * `unit: reference`. @default none: each person is judged by their first order
   */
  windowHours: Schema.optionalKey(Schema.Finite.pipe(Schema.check(Schema.isGreaterThan(0)))),
  /** Secret of the experiment: keeps assignments of two experiments apart, and numbers out of hashes. 16 characters or more. */
  salt: Schema.String.pipe(Schema.check(Schema.isMinLength(16))),
  strata: Schema.optionalKey(Schema.Array(Stratum)),
  primary: MetricGoal,
  guardrails: Schema.optionalKey(Schema.Array(MetricGoal)),
  /** `sequential`: look as often as you like. `fixed`: no verdict before the end. @default "sequential" */
  analysis: Schema.optionalKey(Schema.Literals(["sequential", "fixed"])),
  /** The chance of a wrong verdict that is accepted. @default 0.05 */
  alpha: Schema.optionalKey(Schema.Finite.pipe(Schema.check(Schema.isBetween({ minimum: 0.0001, maximum: 0.2 })))),
  /** Units in all arms together, from `plan`; tunes the sequential intervals and ends a fixed analysis. */
  plannedUnits: Schema.optionalKey(Schema.Int.pipe(Schema.check(Schema.isGreaterThan(0)))),
  /** Outcomes of `outcome` that count as success. @default `interested` and `completed` */
  successOutcomes: Schema.optionalKey(Schema.Array(Schema.NonEmptyString)),
  /** IANA name, for hours and days. @default "UTC" */
  timeZone: Schema.optionalKey(Schema.NonEmptyString),
  start: Schema.optionalKey(Instant),
  end: Schema.optionalKey(Instant),
  /** Written by `start`. */
  frozen: Schema.optionalKey(Frozen),
  /** Written by `stop`, after which nothing is placed under it. */
  stopped: Schema.optionalKey(Stopped)
})
export type Experiment = typeof Experiment.Type

/** The arm that the others are compared with. */
export const baselineOf = ({ arms, baseline }: Experiment): string => baseline ?? arms[0]?.name ?? ""
