/** What is to be said of a metric beside its figures, topic by topic. */
import { isCompared } from "../compare/isCompared.ts"
import type { ArmFigure, Check, Comparison, MetricResult } from "../compare/Comparison.ts"
import { agreementSentences } from "../compare/ownWord.ts"
import { countText, intervalText, levelText, percent } from "../compare/format.ts"
import { changesVerdict } from "../compare/fragility.ts"
import { shownVerdict } from "../compare/verdictWords.ts"
import { fullTitle, metricId } from "./metrics.ts"
import { type Remark, said, type Said } from "./remark.ts"
import { isRandomized, whyNotCompared } from "./rules.ts"

interface Note {
  /** `id` of the metric. */
  readonly metric: string
  readonly title: string
  readonly sentences: ReadonlyArray<string>
}

export interface Topic {
  readonly heading: string
  readonly notes: ReadonlyArray<Note>
  /** Said where there is nothing to note. */
  readonly general: ReadonlyArray<string>
}

const asSentence = (text: string): string => (/[.!?]$/u.test(text) ? text : `${text}.`)

type Context = { readonly checks: ReadonlyArray<Check>; readonly randomized: boolean }

type Sentences = (metric: MetricResult, context: Context) => ReadonlyArray<Said>

const whyAnother: Sentences = ({ definition, refused }) => [
  refused.length > 0 && definition && `Counted here: ${asSentence(definition.text)}`,
  definition?.rule && `By the rule ${definition.rule.id}: ${definition.rule.text}`,
  ...refused.map(({ text, sentence }) => `Preferred, and not compared: “${text}” ${sentence}`)
]

const agreement: Sentences = ({ agreement: found = [], contrasts }) => [
  ...found.flatMap(agreementSentences),
  ...contrasts.map(
    ({ arm, baseline, unlikeAgreement }) =>
      unlikeAgreement !== undefined &&
      `It is not the same in ${arm} and ${baseline}, or cannot be seen in one of them: a difference may come from that alone.`
  )
]

const byOthers: Sentences = ({ contrasts }) =>
  contrasts.flatMap(({ arm, baseline, sensitivity }) =>
    sensitivity
      .filter(({ scenario }) => scenario === "other_definition")
      .map(({ sentence }) => `${arm} against ${baseline}. ${asSentence(sentence)}`)
  )

const unmeasuredText = ({ arm, open, missing }: ArmFigure): string => {
  const parts = [open > 0 && `${countText(open)} still open`, missing > 0 && `${countText(missing)} not told`]
  return `${arm} ${said(parts).join(" and ")}`
}

const unmeasured: Sentences = ({ arms }) => {
  const lacking = arms.filter(({ open, missing }) => open + missing > 0)
  return [lacking.length > 0 && `${lacking.map(unmeasuredText).join("; ")}.`]
}

const partOnly: Sentences = ({ among, contrasts }) => [
  among !== undefined &&
    contrasts.length > 0 &&
    `Only ${among} are measured. The arms may differ in which orders came that far, and a difference may come from that alone.`
]

const UNITS = { first_attempt: "call", order: "order", placement: "request" } as const satisfies Record<
  MetricResult["scope"],
  string
>

const superiority: Sentences = ({ scope, contrasts }) =>
  contrasts.map(
    ({ arm, baseline, superiority: found }) =>
      found &&
      `A random ${UNITS[scope]} of ${arm} has a higher value than one of ${baseline} in ${percent(found.value)} of pairs, ties counted half ` +
        `(${levelText(0.95)} interval for a single look ${intervalText("rate", found.interval)}; ${levelText(0.5)} would be no difference).`
  )

const changes: Sentences = (metric, { randomized }) => {
  const textOf = (found: Parameters<typeof shownVerdict>[0]) => shownVerdict(found, { ...metric, randomized }).text
  return metric.contrasts.flatMap((contrast) => {
    const from = `${contrast.arm} against ${contrast.baseline}: ${textOf(contrast)}`
    return contrast.sensitivity
      .filter((scenario) => changesVerdict(contrast, scenario))
      .map((scenario) => `${from} becomes ${textOf(scenario)}. ${asSentence(scenario.sentence)}`)
  })
}

const notCompared: Sentences = (metric, { checks }) => whyNotCompared(metric, checks)

const ROBUST =
  "No verdict on a rate would change if every order without an answer had gone badly for one arm and well for the other, whatever share of what was detected or inferred were wrong, or by another definition of the metric."

const isTried = ({ contrasts }: MetricResult): boolean =>
  contrasts.some(({ verdict, sensitivity }) => verdict !== undefined && sensitivity.length > 0)

/** In the order of all reports. */
const TOPICS: ReadonlyArray<readonly [heading: string, sentencesOf: Sentences]> = [
  ["Not compared", notCompared],
  ["Compared by another definition than the first", whyAnother],
  ["What other definitions come to", byOthers],
  ["Agreement with the provider’s own word", agreement],
  ["Still open, or not told", unmeasured],
  ["Measured on a part of the calls", partOnly],
  ["How often one arm has the higher value", superiority],
  ["What would change a verdict", changes]
]

export const topicsOf = (comparison: Comparison): ReadonlyArray<Topic> => {
  const { checks, data, metrics } = comparison
  const context = { checks, randomized: isRandomized(comparison) }
  // Of no data at all the headline says so; a list of everything would say nothing more.
  if (data.orders + data.placements === 0) return []
  return TOPICS.map(([heading, sentencesOf]) => {
    const notes = metrics.flatMap((metric, index) => {
      const isAsked = isCompared(metric) || sentencesOf === notCompared
      const sentences = isAsked ? [...new Set(said(sentencesOf(metric, context)))] : []
      return sentences.length === 0 ? [] : [{ metric: metricId(index), title: fullTitle(metric), sentences }]
    })
    const isRobust = sentencesOf === changes && notes.length === 0 && metrics.some(isTried)
    return { heading, notes, general: isRobust ? [ROBUST] : [] }
  }).filter(({ notes, general }) => notes.length + general.length > 0)
}

/** Metrics of which the same is to be said stand together. */
export const remarksOf = ({ notes, general }: Topic): ReadonlyArray<Remark> => [
  ...general.map((sentence) => ({ about: [], sentences: [sentence] })),
  ...[...Map.groupBy(notes, ({ sentences }) => sentences.join("\n")).values()].map((same) => ({
    about: same.map(({ title }) => title),
    sentences: same[0]?.sentences ?? []
  }))
]
