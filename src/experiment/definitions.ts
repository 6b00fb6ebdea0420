/**
 * By which definition an experiment measures each metric: the first that the providers of all arms tell in the same way,
 * known from what they declare. It is fixed at the start, so that no data can choose another one.
 */
import { isJsonObject, valueAt } from "../domain/Json.ts"
import type { FieldFault } from "../domain/PlaceCall.ts"
import { evidenceDiffers, needsSetUp, type Witness } from "../metrics/evidence.ts"
import { metricsFor } from "../metrics/index.ts"
import { type Definition, type Metric, titleOf } from "../metrics/Metric.ts"
import type { Proof } from "../provider/Evidence.ts"
import { digestOfJson } from "./digest.ts"
import type { Experiment, ExperimentArm, FixedDefinition } from "./Experiment.ts"

/** The providers there are, by their ids: a registry. */
export interface Witnesses {
  readonly get: (id: string) => Witness | undefined
}

/** By metric; a metric that the arms have no definition of in common has none. */
export const definitionsFor = (
  experiment: Experiment,
  providers: Witnesses
): { readonly [metric: string]: FixedDefinition } =>
  Object.fromEntries(
    metricsFor(experiment.successOutcomes).flatMap((metric) => {
      const definition = commonDefinition(metric, witnessesIn(experiment, providers))
      return definition === undefined ? [] : [[metric.id, fixed(definition)]]
    })
  )

const fixed = (definition: Definition<never>): FixedDefinition => {
  const { id, transcriptRule } = definition
  const digest = definitionDigest(definition)
  return transcriptRule === undefined ? { id, digest } : { id, digest, rule: transcriptRule.id }
}

/** What the experiment measures a metric as: its title, or that of the definition that its arms have in common. */
export const measuredAs = (metric: Metric, experiment: Experiment, providers: Witnesses): string =>
  titleOf(metric, commonDefinition(metric, witnessesIn(experiment, providers)))

/** Of all that a definition says of itself: another digest is another definition, whatever its id. */
export const definitionDigest = (definition: Definition<never>): string => {
  const { of: _, ...said } = definition
  return digestOfJson(said)
}

/** The first goal that the arms could never be compared by, however much data there is. */
export const incomparableGoal = (experiment: Experiment, providers: Witnesses): FieldFault | undefined => {
  const metrics = metricsFor(experiment.successOutcomes)
  const witnesses = witnessesIn(experiment, providers)
  const goals = [
    { field: "primary.metric", id: experiment.primary.metric },
    ...(experiment.guardrails ?? []).map(({ metric: id }, at) => ({ field: `guardrails[${at}].metric`, id }))
  ]
  for (const { field, id } of goals) {
    const metric = metrics.find((each) => each.id === id)
    if (metric === undefined || commonDefinition(metric, witnesses) !== undefined) continue
    const reasons = definitionsOf(metric).flatMap((each) => evidenceDiffers(each, witnesses)?.sentence ?? [])
    const others = metrics.filter((each) => commonDefinition(each, witnesses) !== undefined)
    const expected = `a metric that the providers of all arms tell in the same way. ${[...new Set(reasons)].join(" ")} These can be compared: ${others.map((each) => each.id).join(", ")}`
    return { field, expected }
  }
  return undefined
}

/** Of what a provider that is not known declares, nothing is known. */
const witnessesIn = ({ arms }: Experiment, providers: Witnesses): ReadonlyArray<Witness> =>
  [...new Set(arms.map(({ provider }) => provider))].map((id) => {
    const { title, evidence } = providers.get(id) ?? { title: id, evidence: {} }
    const own = arms.filter(({ provider }) => provider === id)
    return {
      title,
      evidence: Object.fromEntries(Object.entries(evidence).map(([of, proof]) => [of, asSetUp(proof, own)]))
    }
  })

/** What every arm sets up is told like anything else. */
const asSetUp = (proof: Proof | undefined, arms: ReadonlyArray<ExperimentArm>): Proof | undefined => {
  if (proof?.setUpBy === undefined) return proof
  const { setUpBy, ...others } = proof
  const isSetUp = ({ providerOptions }: ExperimentArm): boolean =>
    setUpBy.some((path) => isJsonObject(valueAt(providerOptions, path.split("."))))
  return arms.every(isSetUp) ? others : proof
}

/** Those that all providers tell in the same way, the preferred first; what some of them may not be set up to tell comes last. */
const commonDefinitions = (metric: Metric, witnesses: ReadonlyArray<Witness>): ReadonlyArray<Definition<never>> => {
  const common = definitionsOf(metric).filter((definition) => evidenceDiffers(definition, witnesses) === undefined)
  const isSure = (definition: Definition<never>): boolean => needsSetUp(definition, witnesses) === undefined
  return [...common.filter(isSure), ...common.filter((definition) => !isSure(definition))]
}

export const commonDefinition = (metric: Metric, witnesses: ReadonlyArray<Witness>): Definition<never> | undefined =>
  commonDefinitions(metric, witnesses)[0]

/** A preferred definition that all providers tell in the same way, and that another takes the place of. */
export interface PassedOver {
  readonly definition: string
  readonly because: string
}

/** What the primary metric is not measured by, since nobody knows whether all arms were set up to tell it. */
export const passedOver = (experiment: Experiment, providers: Witnesses): PassedOver | undefined => {
  const witnesses = witnessesIn(experiment, providers)
  const metric = metricsFor(experiment.successOutcomes).find(({ id }) => id === experiment.primary.metric)
  if (metric === undefined) return undefined
  const preferred = definitionsOf(metric).find((each) => evidenceDiffers(each, witnesses) === undefined)
  if (preferred === undefined || preferred === commonDefinition(metric, witnesses)) return undefined
  const why = needsSetUp(preferred, witnesses)
  const because = `${why}, and the experiment does not set it up in every arm.`
  return why === undefined ? undefined : { definition: preferred.id, because }
}

const definitionsOf = ({ definitions }: Metric): ReadonlyArray<Definition<never>> => definitions
