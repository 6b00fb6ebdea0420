/** Who is compared: which orders count, in which arm, as whose calls. */
import * as Result from "effect/Result"
import type { CallOrder } from "../../domain/CallOrder.ts"
import { makeAssign, unitOf } from "../../experiment/assignment.ts"
import { isTagged, readTag, unitDigest } from "../../experiment/assignmentTag.ts"
import type { Experiment, ExperimentArm } from "../../experiment/Experiment.ts"
import type { TextHash } from "./textHash.ts"

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

/** Why an order (or placement) is left out, as people read it. */
export const LEFT_OUT = {
  web: "call in a browser, not on a telephone",
  inbound: "inbound call",
  direction: "direction not recognised",
  noAgent: "no agent told, so no arm",
  noCampaign: "no campaign told, so no arm",
  noUnit: "neither tagged nor telling what the experiment assigns by, so no arm",
  unknownArm: "tagged with an arm that the experiment does not have",
  otherProvider: "not tagged, and of a provider that is not in the experiment",
  beforeStart: "before the experiment began",
  afterEnd: "after the experiment ended",
  afterStop: "asked for after the experiment was stopped",
  noTime: "no time told, so whether it lies within the experiment is not known",
  manyArms: "of an arm beyond the two hundred largest",
  placementWithoutArm: "placement whose arm is not told",
  otherExperiment: "placed in another experiment, by its mark",
  unmarked: "without the mark of the experiment that most orders of its provider carry",
  unmarkedPlacement: "placement without the mark of the experiment that others carry",
  laterOrder: "later order of a person who is judged by an earlier one"
} as const
export type LeftOut = keyof typeof LEFT_OUT

const REASONS = Object.keys(LEFT_OUT)

/** The reason as it is stored: 0 for none. */
export const leftOutNumber = (reason: LeftOut | undefined): number =>
  reason === undefined ? 0 : REASONS.indexOf(reason) + 1

export interface Member {
  readonly arm: string
  /** What people call the arm, where a record says so. */
  readonly label: string | undefined
  /** Another provider or agent made the call than the arm's. */
  readonly crossover: boolean
  /** The order does not say that it is of the experiment: its arm was computed. */
  readonly unmarked: boolean
  /** What was assigned: a reference, or the digest of who is called; without an experiment nothing was. */
  readonly unit: string | undefined
}
export type Membership = Member | { readonly leftOut: LeftOut }

export interface PopulationOptions {
  /** Gives the arms, and who belongs to which. */
  readonly experiment?: Experiment | undefined
  /** What the arms are without an experiment. */
  readonly armsBy: ArmsBy
}

export type Population = ReturnType<typeof makePopulation>

export const makePopulation = ({ experiment, armsBy }: PopulationOptions) => {
  const armOf: (candidate: Candidate) => Membership =
    experiment === undefined ? (candidate) => FOUND_ARMS[armsBy](candidate) : assignedArms(experiment)
  const contactOf = (order: CallOrder | undefined): string | undefined =>
    experiment?.unit === "contact" && order !== undefined
      ? Result.getOrElse(unitOf(experiment, order), () => undefined)
      : undefined
  return {
    membershipOf: (candidate: Candidate): Membership => {
      const leftOut = outside(candidate, experiment)
      return leftOut === undefined ? armOf(candidate) : { leftOut }
    },
    /** Hashes whoever is called, since rows of one person are not independent of each other; false if nobody is told. */
    hashPerson: ({ order, to }: Candidate, into: TextHash): boolean => {
      const contact = contactOf(order)
      if (contact !== undefined) into.of(contact)
      else if (to !== undefined) into.ofNumber(to)
      return contact !== undefined || to !== undefined
    }
  }
}

/** Outbound telephone orders count; one that does not tell its direction was asked for by us. */
const outside = ({ order, at }: Candidate, experiment: Experiment | undefined): LeftOut | undefined => {
  if (order?.channel === "web") return "web"
  if (order?.direction === "inbound") return "inbound"
  if (order?.direction === "unrecognized") return "direction"
  // What was placed under an experiment was placed while it ran, whatever the provider's clock says.
  if (experiment === undefined) return undefined
  return order !== undefined && readTag(order, experiment.id) !== undefined
    ? afterStop(order.createdAt, experiment)
    : outsidePeriod(at, experiment)
}

/** Nothing is placed under a stopped experiment, but by whoever has a copy of its file from before. */
export const afterStop = (at: string | undefined, { stopped }: Pick<Experiment, "stopped">): LeftOut | undefined =>
  stopped !== undefined && at !== undefined && at >= stopped.at ? "afterStop" : undefined

export const outsidePeriod = (
  at: string | undefined,
  experiment: Pick<Experiment, "start" | "end" | "stopped">
): LeftOut | undefined => {
  const { start, end, stopped } = experiment
  if (start === undefined && end === undefined && stopped === undefined) return undefined
  if (at === undefined) return "noTime"
  if (start !== undefined && at < start) return "beforeStart"
  return end !== undefined && at >= end ? "afterEnd" : afterStop(at, experiment)
}

const foundArm = (arm: string | undefined, label: string | undefined, leftOut: LeftOut): Membership =>
  arm === undefined ? { leftOut } : { arm, label, crossover: false, unmarked: false, unit: undefined }

const FOUND_ARMS: { readonly [by in ArmsBy]: (candidate: Candidate) => Membership } = {
  provider: ({ provider }) => ({ arm: provider, label: undefined, crossover: false, unmarked: false, unit: undefined }),
  agent: ({ order }) => foundArm(order?.agent?.id ?? order?.agent?.name, order?.agent?.name, "noAgent"),
  campaign: ({ order }) => foundArm(order?.campaign?.id ?? order?.campaign?.name, order?.campaign?.name, "noCampaign")
}

/** By assignment, whoever made the call in the end: by the order's tag, else assigned again. */
const assignedArms = (experiment: Experiment): ((candidate: Candidate) => Membership) => {
  const arms = new Map(experiment.arms.map((arm) => [arm.name, arm]))
  const providers = new Set<string>(experiment.arms.map(({ provider }) => provider))
  const assign = makeAssign(experiment)
  const isReference = experiment.unit === "reference"
  const member = (arm: ExperimentArm, candidate: Candidate, digest: string, unmarked: boolean): Membership => ({
    arm: arm.name,
    label: undefined,
    crossover: isCrossover(arm, candidate),
    unmarked,
    unit: isReference ? (candidate.order?.reference ?? digest) : digest
  })
  return (candidate) => {
    const { order, provider, to } = candidate
    const tag = order === undefined ? undefined : readTag(order, experiment.id)
    if (tag !== undefined) {
      const arm = arms.get(tag.arm)
      return arm === undefined ? { leftOut: "unknownArm" } : member(arm, candidate, tag.digest, false)
    }
    // An order carries one mark: what another experiment placed was never this one's to assign.
    if (order !== undefined && isTagged(order)) return { leftOut: "otherExperiment" }
    if (!providers.has(provider)) return { leftOut: "otherProvider" }
    const unit = unitOf(experiment, order ?? { to })
    if (Result.isFailure(unit)) return { leftOut: "noUnit" }
    const assignment = assign(unit.success)
    return member(assignment.arm, candidate, unitDigest(assignment), true)
  }
}

const isCrossover = (arm: ExperimentArm, { provider, order }: Candidate): boolean =>
  provider !== arm.provider ||
  (arm.agent !== undefined && order?.agent?.id !== undefined && order.agent.id !== arm.agent)
