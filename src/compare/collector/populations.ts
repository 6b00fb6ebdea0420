/** Who is compared: which orders count, in which arm, as whose calls. */
import * as Result from "effect/Result"
import type { CallOrder } from "../../domain/CallOrder.ts"
import { makeAssign, unitOf } from "../../experiment/assignment.ts"
import { isTagged, readTag } from "../../experiment/assignmentTag.ts"
import type { Experiment, ExperimentArm } from "../../experiment/Experiment.ts"

/** What the arms are where no experiment says so. */
export type ArmsBy = "provider" | "agent" | "campaign"

/** An order, or the attempts of one that is not in the data. */
export interface Candidate {
  readonly provider: string
  readonly order: CallOrder | undefined
  /** The number called, as far as it is told. */
  readonly to: string | undefined
  /** ISO 8601: created, else first dialled. */
  readonly at: string | undefined
}

/** Why an order (or placement) is left out, by a number to be kept with it. */
export const LEFT_OUT = {
  none: 0,
  web: 1,
  inbound: 2,
  direction: 3,
  noAgent: 4,
  noCampaign: 5,
  noUnit: 6,
  unknownArm: 7,
  otherProvider: 8,
  beforeStart: 9,
  afterEnd: 10,
  noTime: 11,
  manyArms: 12,
  placementWithoutArm: 13,
  otherExperiment: 14
} as const
export type LeftOut = (typeof LEFT_OUT)[keyof typeof LEFT_OUT]

/** The reasons as people read them, by their number. */
export const LEFT_OUT_SENTENCES: { readonly [reason in LeftOut]: string } = {
  [LEFT_OUT.none]: "",
  [LEFT_OUT.web]: "call in a browser, not on a telephone",
  [LEFT_OUT.inbound]: "inbound call",
  [LEFT_OUT.direction]: "direction not recognised",
  [LEFT_OUT.noAgent]: "no agent told, so no arm",
  [LEFT_OUT.noCampaign]: "no campaign told, so no arm",
  [LEFT_OUT.noUnit]: "neither tagged nor telling what the experiment assigns by, so no arm",
  [LEFT_OUT.unknownArm]: "tagged with an arm that the experiment does not have",
  [LEFT_OUT.otherProvider]: "not tagged, and of a provider that is not in the experiment",
  [LEFT_OUT.beforeStart]: "before the experiment began",
  [LEFT_OUT.afterEnd]: "after the experiment ended",
  [LEFT_OUT.noTime]: "no time told, so whether it lies within the experiment is not known",
  [LEFT_OUT.manyArms]: "of an arm beyond the two hundred largest",
  [LEFT_OUT.placementWithoutArm]: "placement whose arm is not told",
  [LEFT_OUT.otherExperiment]: "placed in another experiment, by its mark"
}

/** `label` is what people call the arm, where a record says so. */
export type Membership =
  | {
      readonly arm: string
      readonly label: string | undefined
      /** Another provider or agent made the call than the arm's. */
      readonly crossover: boolean
      /** The order does not say that it is of the experiment: its arm was computed. */
      readonly unmarked: boolean
    }
  | { readonly leftOut: LeftOut }

export interface PopulationOptions {
  readonly experiment: Experiment | undefined
  readonly armsBy: ArmsBy
}

export interface Population {
  readonly membershipOf: (candidate: Candidate) => Membership
  /** Whoever is called: rows of one person are not independent of each other. */
  readonly personOf: (candidate: Candidate) => { readonly contact: string } | { readonly number: string } | undefined
}

export const makePopulation = ({ experiment, armsBy }: PopulationOptions): Population => {
  const armOf: (candidate: Candidate) => Membership =
    experiment === undefined ? (candidate) => FOUND_ARMS[armsBy](candidate) : assignedArms(experiment)
  const contactOf = (order: CallOrder | undefined): string | undefined =>
    experiment?.unit === "contact" && order !== undefined
      ? Result.getOrElse(unitOf(experiment, order), () => undefined)
      : undefined
  return {
    membershipOf: (candidate) => {
      const leftOut = outside(candidate, experiment)
      return leftOut === LEFT_OUT.none ? armOf(candidate) : { leftOut }
    },
    personOf: ({ order, to }) => {
      const contact = contactOf(order)
      return contact !== undefined ? { contact } : to === undefined ? undefined : { number: to }
    }
  }
}

/** Outbound telephone orders count; one that does not tell its direction was asked for by us. */
const outside = ({ order, at }: Candidate, experiment: Experiment | undefined): LeftOut => {
  if (order?.channel === "web") return LEFT_OUT.web
  if (order?.direction === "inbound") return LEFT_OUT.inbound
  if (order?.direction === "unrecognized") return LEFT_OUT.direction
  // What was placed under an experiment was placed while it ran, whatever the provider's clock says.
  return experiment === undefined || (order !== undefined && readTag(order, experiment.id) !== undefined)
    ? LEFT_OUT.none
    : outsidePeriod(at, experiment)
}

export const outsidePeriod = (at: string | undefined, { start, end }: Pick<Experiment, "start" | "end">): LeftOut => {
  if (start === undefined && end === undefined) return LEFT_OUT.none
  if (at === undefined) return LEFT_OUT.noTime
  if (start !== undefined && at < start) return LEFT_OUT.beforeStart
  return end !== undefined && at >= end ? LEFT_OUT.afterEnd : LEFT_OUT.none
}

const namedArm = (
  named: { readonly id?: string; readonly name?: string } | undefined,
  leftOut: LeftOut
): Membership => {
  const arm = named?.id ?? named?.name
  return arm === undefined ? { leftOut } : { arm, label: named?.name, crossover: false, unmarked: false }
}

const FOUND_ARMS: { readonly [by in ArmsBy]: (candidate: Candidate) => Membership } = {
  provider: ({ provider }) => ({ arm: provider, label: undefined, crossover: false, unmarked: false }),
  agent: ({ order }) => namedArm(order?.agent, LEFT_OUT.noAgent),
  campaign: ({ order }) => namedArm(order?.campaign, LEFT_OUT.noCampaign)
}

/** By assignment, whoever made the call in the end: by the order's tag, else assigned again. */
const assignedArms = (experiment: Experiment): ((candidate: Candidate) => Membership) => {
  const arms = new Map(experiment.arms.map((arm) => [arm.name, arm]))
  const providers = new Set<string>(experiment.arms.map(({ provider }) => provider))
  const assign = makeAssign(experiment)
  const member = (arm: ExperimentArm, candidate: Candidate, unmarked: boolean): Membership => ({
    arm: arm.name,
    label: undefined,
    crossover: isCrossover(arm, candidate),
    unmarked
  })
  return (candidate) => {
    const { order, provider, to } = candidate
    const tag = order === undefined ? undefined : readTag(order, experiment.id)
    if (tag !== undefined) {
      const arm = arms.get(tag.arm)
      return arm === undefined ? { leftOut: LEFT_OUT.unknownArm } : member(arm, candidate, false)
    }
    // An order carries one mark: what another experiment placed was never this one's to assign.
    if (order !== undefined && isTagged(order)) return { leftOut: LEFT_OUT.otherExperiment }
    if (!providers.has(provider)) return { leftOut: LEFT_OUT.otherProvider }
    const unit = unitOf(experiment, order ?? { to })
    return Result.isFailure(unit) ? { leftOut: LEFT_OUT.noUnit } : member(assign(unit.success).arm, candidate, true)
  }
}

const isCrossover = (arm: ExperimentArm, { provider, order }: Candidate): boolean =>
  provider !== arm.provider ||
  (arm.agent !== undefined && order?.agent?.id !== undefined && order.agent.id !== arm.agent)
