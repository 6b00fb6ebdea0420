/**
 * By which definition an experiment measures each metric: the first that the providers of all arms tell in the same way,
 * known from what they declare. It is fixed at the start, so that no data can choose another one.
 */
import type { FieldFault } from "../domain/PlaceCall.ts"
import { evidenceDiffers, type Witness } from "../metrics/evidence.ts"
import { metricsFor } from "../metrics/index.ts"
import { type Definition, type Metric, titleOf } from "../metrics/Metric.ts"
import { digestOfJson } from "./digest.ts"
import type { Experiment, FixedDefinition } from "./Experiment.ts"

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
  [...new Set(arms.map(({ provider }) => provider))].map((id) => providers.get(id) ?? { title: id, evidence: {} })

export const commonDefinition = (metric: Metric, witnesses: ReadonlyArray<Witness>): Definition<never> | undefined =>
  definitionsOf(metric).find((definition) => evidenceDiffers(definition, witnesses) === undefined)

const definitionsOf = ({ definitions }: Metric): ReadonlyArray<Definition<never>> => definitions
