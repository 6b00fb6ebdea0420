/** What came of a comparison, for people who read nothing else: a few sentences, the most important first. */
import type { Analysis, Check, Contrast, MetricResult } from "./Comparison.ts"
import { figuresSentence, verdictSentence } from "./sentences.ts"

export interface HeadlineOptions {
  readonly analysis: Analysis
  readonly checks: ReadonlyArray<Check>
  readonly metrics: ReadonlyArray<MetricResult>
  readonly orders: number
  readonly arms: number
  readonly tooEarly: string | undefined
}

export const headlineOf = (options: HeadlineOptions): ReadonlyArray<string> => {
  const { checks, metrics, orders, arms } = options
  if (orders === 0) return ["There are no outbound telephone orders to compare in this data."]
  if (arms < 2) return ["There is only one arm in this data, so there is nothing to compare it with."]
  const failed = checks.filter(({ outcome }) => outcome === "failed")
  if (failed.length > 0) return failed.map(({ sentence }) => sentence)
  const primary = metrics.find(({ role }) => role === "primary")
  return [
    ...(options.tooEarly === undefined ? [] : [options.tooEarly]),
    ...(primary === undefined ? [] : primarySentences(primary)),
    ...guardrailSentences(metrics.filter(({ role }) => role === "guardrail")),
    ...otherSentences(metrics),
    ...checks.filter(({ outcome, id }) => outcome === "warning" && URGENT.has(id)).map(({ sentence }) => sentence),
    ...(options.analysis === "sequential" && options.tooEarly === undefined
      ? ["The intervals allow for looking as often as you like: compare again whenever there is more data."]
      : [])
  ]
}

/** Warnings that turn what the verdict means. */
const URGENT: ReadonlySet<string> = new Set(["no_assignment", "unequal_time"])

const primarySentences = (primary: MetricResult): ReadonlyArray<string> => {
  if (primary.definition === undefined) {
    const why = primary.refused.at(-1)?.sentence ?? ""
    return [`${primary.title} cannot be compared. ${why}`.trim()]
  }
  const [first] = primary.refused
  const replaced =
    first === undefined
      ? []
      : [
          `${primary.title} is measured by what all arms can prove: ${lowerFirst(primary.definition.text)} ${first.sentence}`
        ]
  const fragile = primary.contrasts.some(({ robust }) => robust === false)
  return [
    ...primary.contrasts.flatMap((contrast) => contrastSentences(primary, contrast)),
    ...replaced,
    ...(fragile
      ? ["This does not hold under every assumption about the calls without a certain answer; see its sensitivity."]
      : [])
  ]
}

/** The verdict alone, which is read first; then its numbers. */
const contrastSentences = (metric: MetricResult, contrast: Contrast): ReadonlyArray<string> => {
  const { arm, baseline, verdict } = contrast
  if (verdict === undefined || verdict === "not_comparable" || contrast.interval === undefined) {
    return [`${metric.title}: ${contrast.sentence}`]
  }
  const valueOf = (name: string): number | undefined => metric.arms.find((figures) => figures.arm === name)?.value
  const figures = { ...contrast, armValue: valueOf(arm), baselineValue: valueOf(baseline) }
  return [`${metric.title}: ${verdictSentence(verdict, contrast, metric)}`, figuresSentence(metric.kind, figures)]
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

const guardrailSentences = (guardrails: ReadonlyArray<MetricResult>): ReadonlyArray<string> => {
  if (guardrails.length === 0) return []
  const worse = guardrails.flatMap(({ title, contrasts }) =>
    contrasts.filter(({ verdict }) => verdict === "worse").map(({ sentence }) => `Guardrail ${title}: ${sentence}`)
  )
  const unsure = guardrails.filter(({ contrasts }) =>
    contrasts.some(({ verdict }) => verdict === "not_enough_data" || verdict === "not_comparable")
  )
  const names = unsure.map(({ title }) => title).join("; ")
  return [
    ...(worse.length === 0 ? ["No guardrail has become worse as far as the data can tell."] : worse),
    ...(unsure.length === 0 ? [] : [`Harm is not ruled out for: ${names}.`])
  ]
}

const otherSentences = (metrics: ReadonlyArray<MetricResult>): ReadonlyArray<string> => {
  const others = metrics.filter(({ role }) => role === "secondary")
  const named = (wanted: string): ReadonlyArray<string> =>
    others.filter(({ contrasts }) => contrasts.some(({ verdict }) => verdict === wanted)).map(({ title }) => title)
  const [better, worse, refused] = [
    named("better"),
    named("worse"),
    others.filter(({ definition }) => definition === undefined)
  ]
  return [
    ...(better.length === 0 ? [] : [`Also better: ${better.join("; ")}.`]),
    ...(worse.length === 0 ? [] : [`Worse: ${worse.join("; ")}.`]),
    ...(refused.length === 0
      ? []
      : [
          `${refused.length} other ${refused.length === 1 ? "metric" : "metrics"} cannot be compared, because the arms do not prove the same; each says why.`
        ])
  ]
}
