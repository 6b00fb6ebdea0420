/** The plan of a move: what is used, against what providers declare. */
import { present } from "../domain/present.ts"
import type { Configuration } from "../routes/Configuration.ts"
import type { Feature, Move, Use } from "./Becoming.ts"
import { UNUSED } from "./Becoming.ts"
import type { InputSummary } from "./collectUsage.ts"
import { planConfiguration } from "./configuration/planConfiguration.ts"
import { placingFeatures } from "./features/placing.ts"
import { readingFeatures } from "./features/reading.ts"
import { resultFeatures } from "./features/results.ts"
import type { PlannedFeature, SwitchPlan } from "./SwitchPlan.ts"

/** Every feature there is: one row says how its use is counted, and what becomes of it. */
export const FEATURES = { ...placingFeatures, ...resultFeatures, ...readingFeatures } as const
export type FeatureId = keyof typeof FEATURES

const countedOf = ({ unit, count, total }: Use): PlannedFeature["counted"] =>
  unit === undefined || count === undefined || total === undefined
    ? undefined
    : { unit, count, total, share: total === 0 ? 0 : count / total }

const planned = (id: string, { title, area, use, becomes }: Feature, move: Move): PlannedFeature | undefined => {
  const counted = use(move)
  const becoming = becomes(move, counted)
  if (becoming === undefined) return undefined
  const { fate, sentences, lines } = becoming
  // What only the target has cannot have been used.
  const used = fate === "gained" && counted.used !== "yes" ? UNUSED : counted
  return {
    id,
    title,
    area,
    used: used.used,
    ...present({ counted: countedOf(used) }),
    fate,
    use: used.sentences,
    becomes: sentences,
    ...present({ lines })
  }
}

/** Pure; needs nothing but counts and declarations. */
export const planOf = (move: Move, input: InputSummary): SwitchPlan => {
  const { usage, source, target } = move
  const features: Array<PlannedFeature> = []
  const neither: Array<string> = []
  for (const [id, feature] of Object.entries<Feature>(FEATURES)) {
    const found = planned(id, feature, move)
    if (found === undefined) neither.push(feature.title)
    else features.push(found)
  }
  const { orders, over, placed, attempts, knownByAttempts, strays, from, to } = usage
  const { records, hints, rejected } = input
  return {
    kind: "switch_plan",
    from: { id: source.id, title: source.title },
    to: { id: target.id, title: target.title },
    input: {
      records,
      hints,
      others: [...input.others].map(([provider, count]) => ({ provider, records: count })),
      rejected,
      orders,
      over,
      placed,
      attempts,
      knownByAttempts,
      strays,
      ...present({ from, to })
    },
    features,
    neither
  }
}

/** The same with what a configuration says beside the records. */
export const withConfiguration = (
  plan: SwitchPlan,
  configuration: Configuration | undefined,
  move: Pick<Move, "source" | "target">
): SwitchPlan =>
  configuration === undefined ? plan : { ...plan, configuration: planConfiguration(configuration, move) }

/** By a configuration alone: of records nothing is said. */
export const planOfConfiguration = (
  configuration: Configuration,
  { source, target }: Pick<Move, "source" | "target">
): SwitchPlan => ({
  kind: "switch_plan",
  from: { id: source.id, title: source.title },
  to: { id: target.id, title: target.title },
  input: {
    records: 0,
    hints: 0,
    others: [],
    rejected: 0,
    orders: 0,
    over: 0,
    placed: 0,
    attempts: 0,
    knownByAttempts: 0,
    strays: 0
  },
  features: [],
  neither: [],
  configuration: planConfiguration(configuration, { source, target })
})
