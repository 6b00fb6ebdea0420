/** Experiments and comparisons, for any registry of providers. */
export type { ArmsBy } from "./collector/populations.ts"
export { assign, type Assignment, makeAssign, unitOf, type UnitSource } from "../experiment/assignment.ts"
export {
  applyAssignment,
  type Assigned,
  type AssignmentContext,
  readTag,
  type Tag,
  TAG_KEY
} from "../experiment/assignmentTag.ts"
export { makeCollector, type Collector, type CollectorOptions, type Refused } from "./collect.ts"
export { compare, type CompareOptions } from "./compare.ts"
export { type Comparing, type ComparingOptions, makeComparing } from "./compareRecords.ts"
export * from "./Agreement.ts"
export * from "./Charts.ts"
export * from "./Comparison.ts"
export type { Balance, BalanceMost } from "./guard/Balance.ts"
export {
  Experiment,
  ExperimentArm,
  FixedDefinition,
  Frozen,
  type MetricGoal,
  Stopped,
  Stratum,
  Unit
} from "../experiment/Experiment.ts"
export type { PassedOver, Witnesses } from "../experiment/definitions.ts"
export type { Witness } from "../metrics/evidence.ts"
export { parseExperiment } from "../experiment/parseExperiment.ts"
export { changeFault, checkFrozen, stopExperiment } from "../experiment/freeze.ts"
export type { CallMetric, Definition, Metric, PlacementMetric, PlacementSubject, Subject } from "../metrics/Metric.ts"
export { DEFAULT_PRIMARY, DEFAULT_SUCCESSES, metricIds, metricsFor } from "../metrics/index.ts"
export {
  type Label,
  labelAgreement,
  type LabelAgreement,
  type LabelledTranscript,
  type LabelMeasure,
  LABELS,
  measureLabels,
  type RuleMeasure,
  type Share
} from "./labels.ts"
export type { Assumptions, Plan } from "./plan.ts"
export { whyNotSameMeasure } from "./sameMeasure.ts"
export { CONVERSATION_RULE, REPLY_RULE, type TranscriptRule } from "../metrics/transcriptRules.ts"
