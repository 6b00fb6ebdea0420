/** What came of a comparison, for people who read nothing else: a few sentences, the most important first. */
import { isCompared } from "./isCompared.ts"
import type { Analysis, Check, Comparison, Contrast, MetricResult } from "./Comparison.ts"
import { counted } from "./format.ts"
import { type Cause, hangsOn } from "./fragility.ts"
import { tippingText } from "./tippingText.ts"
import { figuresSentence, verdictSentence } from "./verdict.ts"
import { shownVerdict, shownWord, type ShownWord } from "./verdictWords.ts"

export interface HeadlineOptions {
  readonly analysis: Analysis
  readonly checks: ReadonlyArray<Check>
  readonly metrics: ReadonlyArray<MetricResult>
  readonly orders: number
  readonly leftOut: Comparison["data"]["leftOut"]
  readonly arms: number
  readonly tooEarly: string | undefined
  /** Whether chance assigned the calls to the arms. */
  readonly randomized: boolean
}

export const headlineOf = (options: HeadlineOptions): ReadonlyArray<string> => {
  const { checks, metrics, orders, arms } = options
  if (orders === 0) return ["There are no orders to compare in this data.", ...leftOutSentences(options.leftOut)]
  if (arms < 2) {
    const alone = "Only one arm has orders that can be compared, so there is nothing to compare it with."
    return [alone, ...leftOutSentences(options.leftOut)]
  }
  const failed = checks.filter(({ outcome }) => outcome === "failed")
  if (failed.length > 0) return failed.map(({ sentence }) => sentence)
  const primary = metrics.find(({ role }) => role === "primary")
  return [
    ...(options.tooEarly === undefined
      ? []
      : [checks.some(({ id }) => id === "stopped") ? "No verdict." : "No verdict yet.", options.tooEarly]),
    ...(primary === undefined ? [] : primarySentences(primary, metrics, options.randomized)),
    ...checks.filter(({ outcome, id }) => outcome === "warning" && URGENT.has(id)).map(({ sentence }) => sentence),
    ...guardrailSentences(metrics, options.randomized),
    ...otherSentences(metrics, options.randomized),
    ...(options.analysis === "sequential" && options.tooEarly === undefined
      ? ["The intervals allow for looking as often as you like: compare again whenever there is more data."]
      : [])
  ]
}

/** Whoever gave the wrong files, or the wrong flag, learns it here. */
const leftOutSentences = (leftOut: HeadlineOptions["leftOut"]): ReadonlyArray<string> =>
  leftOut.map(({ reason, count }) => `${counted(count, "record was", "records were")} left out: ${reason}.`)

/** Warnings that turn what the verdict means: said before anything else is claimed. */
const URGENT: ReadonlySet<string> = new Set([
  "no_assignment",
  "unequal_time",
  "unmarked_orders",
  "not_started",
  "stopped",
  "crossovers",
  "orders_per_person",
  "balance",
  "waiting",
  "redialling",
  "changed_midway"
])

/** What may turn a verdict round, as the headline says it. */
const FRAGILE = [
  ["unanswered", "if the calls without an answer all went one way"],
  ["definition", "by another definition of the metric"]
] as const satisfies ReadonlyArray<readonly [Cause, string]>

const primarySentences = (
  primary: MetricResult,
  all: ReadonlyArray<MetricResult>,
  randomized: boolean
): ReadonlyArray<string> => {
  const { title, definition, contrasts, refused } = primary
  if (definition === undefined) return [`${title} cannot be compared. ${refused.at(-1)?.sentence ?? ""}`.trim()]
  const judged = contrasts.filter(({ verdict }) => verdict !== "not_enough_data")
  const fragile = FRAGILE.flatMap(([cause, what]) => (judged.some((each) => hangsOn(each, cause)) ? [what] : []))
  return [
    ...contrasts.flatMap((contrast) => contrastSentences(primary, contrast, randomized)),
    ...refused
      .slice(0, 1)
      .map(
        ({ sentence }) =>
          `${sentence} So ${title} is compared here, which every arm can prove: ${lowerFirst(definition.text)}`
      ),
    ...contrasts.flatMap((contrast) => {
      const share = tippingText(contrast)
      return share === undefined ? [] : [`The verdict on ${contrast.arm} would fall if ${share}.`]
    }),
    ...(fragile.length > 0 ? [`The verdict is another one ${fragile.join(", or ")}; the report says which.`] : []),
    ...unlikeAgreements([primary], all)
  ]
}

/** The verdict alone, which is read first; then its numbers. */
const contrastSentences = (metric: MetricResult, contrast: Contrast, randomized: boolean): ReadonlyArray<string> => {
  const { arm, baseline, verdict } = contrast
  if (verdict === undefined || verdict === "not_comparable" || contrast.interval === undefined) {
    return [
      `${metric.title}: ${shownVerdict(contrast, { ...metric, randomized }).text.toLowerCase()}. ${contrast.sentence}`
    ]
  }
  const valueOf = (name: string): number | undefined => metric.arms.find((figures) => figures.arm === name)?.value
  const figures = { ...contrast, armValue: valueOf(arm), baselineValue: valueOf(baseline) }
  return [
    `${metric.title}: ${verdictSentence(verdict, contrast, { ...metric, randomized })}`,
    figuresSentence(metric.kind, figures)
  ]
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

/** Harm first, with its numbers; then what is said of the other guardrails, in a sentence for each arm. */
const guardrailSentences = (metrics: ReadonlyArray<MetricResult>, randomized: boolean): ReadonlyArray<string> => {
  const guardrails = metrics.filter(({ role }) => role === "guardrail")
  const all = guardrails.flatMap((metric) => metric.contrasts.map((contrast) => ({ metric, contrast })))
  const worse = all.filter(({ contrast: { verdict } }) => verdict === "worse")
  const others = all.filter(({ contrast: { verdict } }) => verdict !== "worse")
  const byArm = Map.groupBy(others, ({ contrast: { arm } }) => arm)
  return [
    ...worse.flatMap(({ metric, contrast }) =>
      contrastSentences({ ...metric, title: `Guardrail ${metric.title}` }, contrast, randomized)
    ),
    ...[...byArm].map(([arm, same]) => {
      const verdicts = same.map(
        ({ metric, contrast }) =>
          `${metric.title}: ${shownVerdict(contrast, { ...metric, randomized }).text.toLowerCase()}`
      )
      return `Guardrails, ${arm} against ${same[0]?.contrast.baseline}. ${verdicts.join("; ")}.`
    }),
    ...unlikeAgreements(guardrails, metrics)
  ]
}

const otherSentences = (metrics: ReadonlyArray<MetricResult>, randomized: boolean): ReadonlyArray<string> => {
  const others = metrics.filter(({ role }) => role === "secondary")
  const refused = others.filter((metric) => !isCompared(metric))
  const words: ReadonlyArray<ShownWord> = randomized ? ["better", "worse"] : ["higher", "lower"]
  return [
    ...words.flatMap((word) => differing(others, word, randomized)),
    ...unlikeAgreements(
      others.filter(({ contrasts }) => contrasts.some(isOneSided)),
      metrics
    ),
    ...(refused.length === 0
      ? []
      : [
          `${refused.length} other ${refused.length === 1 ? "metric" : "metrics"} cannot be compared; the report says why.`
        ])
  ]
}

const isOneSided = ({ verdict }: Contrast): boolean => verdict === "better" || verdict === "worse"

/**
 * What must be said beside a verdict by a definition that agrees otherwise in one arm than in the other. Times and counts of
 * those whom a rule counts have no agreement of their own: it is that of the rate by the same rule.
 */
const unlikeAgreements = (
  judged: ReadonlyArray<MetricResult>,
  all: ReadonlyArray<MetricResult>
): ReadonlyArray<string> => {
  const sourcesOf = (metric: MetricResult): ReadonlyArray<MetricResult> =>
    metric.kind === "rate"
      ? [metric]
      : all.filter(
          ({ kind, scope, better, definition }) =>
            kind === "rate" &&
            scope === metric.scope &&
            better !== "neither" &&
            definition?.rule !== undefined &&
            definition.rule.id === metric.definition?.rule?.id
        )
  const found = judged.flatMap((metric) =>
    metric.contrasts
      .filter(({ verdict }) => verdict !== undefined)
      .flatMap(({ arm }) =>
        sourcesOf(metric).flatMap(({ contrasts }) => contrasts.filter((contrast) => contrast.arm === arm))
      )
  )
  return [...new Set(found.flatMap(({ unlikeAgreement }) => unlikeAgreement ?? []))]
}

/** One sentence for each arm, since one may be better where another is worse. */
const differing = (
  metrics: ReadonlyArray<MetricResult>,
  word: ShownWord,
  randomized: boolean
): ReadonlyArray<string> => {
  const found = metrics.flatMap(({ title, better, contrasts }) =>
    contrasts
      .filter(({ verdict }) => shownWord(verdict, { better, randomized }) === word)
      .map(({ arm, baseline }) => ({ arm, baseline, title }))
  )
  return [...Map.groupBy(found, ({ arm }) => arm)].map(
    ([arm, same]) =>
      `${arm} is ${word} than ${same[0]?.baseline}${randomized ? "" : " in this data"} in: ${same.map(({ title }) => title).join("; ")}.`
  )
}
