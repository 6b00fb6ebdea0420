/** The metrics as every report shows them: what each arm comes to, and each arm beside the baseline. */
import { isCompared } from "../compare/isCompared.ts"
import type { ArmFigure, Check, Comparison, Contrast, Interval, MetricResult } from "../compare/Comparison.ts"
import * as format from "../compare/format.ts"
import { type Cause, changesVerdict, hangsOn } from "../compare/fragility.ts"
import type { Scope } from "../metrics/Metric.ts"
import { shownVerdict, type ShownVerdict, type ShownWord, wordText } from "../compare/verdictWords.ts"
import { tippingText } from "../compare/tippingText.ts"
import { said, type Said } from "./remark.ts"
import { isByAnother, isForbidden, isRandomized, isShown } from "./rules.ts"
import type { Cell, Parts, Table } from "./table.ts"

/** A difference that may be drawn; the verdict rests on `interval`. */
export interface Lane extends Required<Pick<Contrast, "effect" | "interval" | "fixed" | "sequential">> {
  /** "99.2 % interval +1.2 to +7.1 points" */
  readonly levelled: string
  /** All its numbers, in the columns of `DIFFERENCE_HEAD`. */
  readonly row: ReadonlyArray<Cell>
}

export interface ContrastEntry extends Pick<Contrast, "arm" | "baseline" | "robust"> {
  readonly verdict: ShownVerdict
  /** The difference and its interval; a dash where it may not be shown. */
  readonly difference: Parts
  /** The verdict with its numbers, or why there is none. */
  readonly sentence: string
  readonly lane: Lane | undefined
}

export interface MetricEntry {
  /** Names the metric within a report. */
  readonly id: string
  readonly metric: MetricResult
  /** "Human reached", "Talk time, of connected calls". */
  readonly title: string
  /** To stand after the title; the legend says what it means. */
  readonly mark: string
  /** Which way is good, and how much matters. */
  readonly direction: string
  /** What less and more of it are, in words; absent where neither is better by itself. */
  readonly ends: readonly [less: string, more: string] | undefined
  readonly figures: ReadonlyArray<{ readonly arm: string; readonly parts: Parts }>
  readonly contrasts: ReadonlyArray<ContrastEntry>
  /** Why there is no contrast, where there is none. */
  readonly whyAlone: string
  /** Absent where nothing was measured. */
  readonly armTable: Table | undefined
  /** Why the figures of the arms must not be compared. */
  readonly caution: string | undefined
  readonly scenarios: { readonly summary: string; readonly isChanged: boolean; readonly table: Table } | undefined
}

/** "31.0 %", "of 1,204"; a dash where nothing was measured. */
export const figureOf = ({ figures }: MetricEntry, name: string): Parts =>
  figures.find(({ arm }) => arm === name)?.parts ?? [format.NOTHING]

export interface MetricGroup {
  /** "Guardrails: first attempts" */
  readonly heading: string
  readonly metrics: ReadonlyArray<MetricEntry>
}

/** Follows the title of what is not counted by its first definition. */
export const FALLBACK_MARK = "*"

/** What is measured, in the order of all reports. */
export const SCOPES = ["first_attempt", "order", "placement"] as const satisfies ReadonlyArray<Scope>

/** What metrics are for, in the order of all reports. */
export const ROLES = [
  { role: "primary", heading: "Primary metric" },
  { role: "guardrail", heading: "Guardrails" },
  { role: "secondary", heading: "Other metrics" }
] as const satisfies ReadonlyArray<{ readonly role: MetricResult["role"]; readonly heading: string }>

export const metricId = (index: number): string => `metric-${index}`

const titleOf = ({ title, among }: MetricResult): string => (among === undefined ? title : `${title}, of ${among}`)

/** Where the scope is not in a heading above. */
export const fullTitle = (metric: MetricResult): string =>
  `${titleOf(metric)} (${format.scopeText(metric.scope).toLowerCase()})`

const figureParts = ({ kind }: MetricResult, { value, n }: ArmFigure): Parts =>
  value === undefined ? [format.NOTHING] : [format.figure(kind, value), `of ${format.countText(n)}`]

const differenceParts = ({ kind }: MetricResult, contrast: Contrast): Parts => {
  if (!isShown(contrast)) return [format.NOTHING]
  const { effect, interval } = contrast
  return [format.effect(kind, effect), ...(interval === undefined ? [] : [format.effectIntervalText(kind, interval)])]
}

export const DIFFERENCE_HEAD = [
  "Metric",
  "Arm",
  "Difference",
  "Single look",
  "Any number of looks",
  "Level",
  "Measured",
  "Verdict"
]

const laneOf = (metric: MetricResult, contrast: Contrast, verdict: ShownVerdict): Lane | undefined => {
  if (!isShown(contrast) || contrast.interval === undefined) return undefined
  const { kind } = metric
  const { arm, effect, interval, fixed, sequential, level, n, baselineN } = contrast
  const range = (found: Interval | undefined) =>
    found === undefined ? format.NOTHING : format.effectIntervalText(kind, found)
  return {
    effect,
    interval,
    fixed: fixed ?? interval,
    sequential: sequential ?? interval,
    levelled: format.levelledIntervalText(kind, interval, level),
    row: [
      { words: fullTitle(metric) },
      { arm },
      format.effect(kind, effect),
      range(fixed),
      range(sequential),
      level === undefined ? format.NOTHING : format.levelText(level),
      `${format.countText(n)} and ${format.countText(baselineN)}`,
      { words: verdict.text }
    ]
  }
}

/** Every difference that is drawn. */
export const differencesTable = (title: string, metrics: ReadonlyArray<MetricEntry>): Table => ({
  title,
  head: DIFFERENCE_HEAD,
  rows: metrics.flatMap(({ contrasts }) => contrasts.flatMap(({ lane }) => (lane === undefined ? [] : [lane.row])))
})

interface EntryContext {
  readonly checks: ReadonlyArray<Check>
  readonly randomized: boolean
}

const contrastEntry = (
  metric: MetricResult,
  contrast: Contrast,
  { checks, randomized }: EntryContext
): ContrastEntry => {
  const verdict = shownVerdict(contrast, { ...metric, randomized })
  return {
    ...contrast,
    verdict,
    difference: differenceParts(metric, contrast),
    sentence: isForbidden(contrast, checks)
      ? "A check failed, so there is no verdict."
      : (contrast.notComparable ?? contrast.sentence),
    lane: laneOf(metric, contrast, verdict)
  }
}

const VALUE_TITLES = { rate: "Rate", seconds: "Median", count: "Value" } as const satisfies Record<
  MetricResult["kind"],
  string
>

const ARM_HEAD = ["95 % interval", "Measured", "Persons"]

const CERTAINTIES = ["stated", "detected", "inferred"] as const

const armTable = (metric: MetricResult): Table | undefined => {
  const { arms, kind } = metric
  if (arms.every(({ value }) => value === undefined)) return undefined
  const certain = arms.some(({ certainty }) => certainty !== undefined)
  const isAssumed = arms.some(({ assumed = 0 }) => assumed > 0)
  return {
    title: `${titleOf(metric)}: figures of each arm`,
    head: [
      "Arm",
      VALUE_TITLES[kind],
      ...ARM_HEAD,
      ...(certain ? ["Stated", "Detected", "Inferred"] : []),
      ...(isAssumed ? ["Assumed no"] : [])
    ],
    rows: arms.map(({ arm, value, interval, count, n, persons, certainty, assumed }): ReadonlyArray<Cell> => [
      { arm },
      format.figure(kind, value),
      interval === undefined ? format.NOTHING : format.intervalText(kind, interval),
      count === undefined ? format.countText(n) : `${format.countText(count)} of ${format.countText(n)}`,
      format.countText(persons),
      ...(certain ? CERTAINTIES.map((word) => (certainty ? format.countText(certainty[word]) : format.NOTHING)) : []),
      ...(isAssumed ? [assumed === undefined ? format.NOTHING : format.countText(assumed)] : [])
    ])
  }
}

const hangsText = ({ contrasts }: MetricResult, cause: Cause, what: string): Said => {
  const found = contrasts.flatMap((contrast) => hangsOn(contrast, cause) ?? [])
  return found.length > 0 && `The verdict ${found.includes(true) ? "hangs" : "does not hang"} on ${what}.`
}

const scenariosOf = (metric: MetricResult, randomized: boolean): MetricEntry["scenarios"] => {
  const all = metric.contrasts.flatMap((contrast) => contrast.sensitivity.map((scenario) => ({ contrast, scenario })))
  if (all.length === 0) return undefined
  const wrong = all.filter(({ scenario }) => scenario.scenario === "some_wrong")
  const summaries = [
    "What if the data were wrong?",
    wrong.length > 0 &&
      metric.contrasts.every((contrast) => tippingText(contrast) === undefined) &&
      "No verdict falls, whatever share of the detected or inferred answers were wrong.",
    ...metric.contrasts.map((contrast) => {
      const share = tippingText(contrast)
      return share !== undefined && `The verdict on ${contrast.arm} falls if ${share}.`
    }),
    hangsText(metric, "unanswered", "how orders without an answer had gone"),
    hangsText(metric, "definition", "the choice of the definition")
  ]
  return {
    summary: said(summaries).join(" "),
    isChanged: all.some(({ contrast, scenario }) => changesVerdict(contrast, scenario)),
    table: {
      title: `${titleOf(metric)}: what if the data were wrong`,
      head: ["Scenario", "Arm", "Difference", "Interval", "Verdict"],
      rows: all.map(({ contrast: { arm }, scenario }) => [
        { words: scenario.sentence },
        { arm },
        format.effect(metric.kind, scenario.effect),
        format.effectIntervalText(metric.kind, scenario.interval),
        { verdict: shownVerdict(scenario, { ...metric, randomized }) }
      ])
    }
  }
}

/** Without an experiment neither end is called better: a difference need not come from the arm. */
const endsOf = (better: MetricResult["better"], randomized: boolean): MetricEntry["ends"] => {
  if (better === "neither") return undefined
  if (!randomized) return ["lower", "higher"]
  return better === "higher" ? ["worse", "better"] : ["better", "worse"]
}

const entryOf = (metric: MetricResult, index: number, context: EntryContext): MetricEntry => {
  const { kind, better, smallestEffect, contrasts, definition, refused } = metric
  const matters = `matters from ${format.smallestEffectText(kind, smallestEffect)}`
  const { randomized } = context
  return {
    id: metricId(index),
    metric,
    title: titleOf(metric),
    mark: isByAnother(metric) ? FALLBACK_MARK : "",
    direction: better === "neither" ? matters : `${better} is better; ${matters}`,
    ends: endsOf(better, randomized),
    figures: metric.arms.map((found) => ({ arm: found.arm, parts: figureParts(metric, found) })),
    contrasts: contrasts.map((contrast) => contrastEntry(metric, contrast, context)),
    whyAlone: definition === undefined ? (refused[0]?.sentence ?? "") : "There is nothing to compare it with.",
    armTable: armTable(metric),
    caution: contrasts.some(({ notComparable }) => notComparable !== undefined)
      ? "Figures of each arm; they allow no conclusion"
      : undefined,
    scenarios: scenariosOf(metric, randomized)
  }
}

export const metricEntries = (comparison: Comparison): ReadonlyArray<MetricEntry> => {
  const { metrics, checks } = comparison
  const context = { checks, randomized: isRandomized(comparison) }
  return metrics.map((metric, index) => entryOf(metric, index, context))
}

/** Those that are compared, by what they are for and what they are measured on. */
export const groupsOf = (metrics: ReadonlyArray<MetricEntry>): ReadonlyArray<MetricGroup> =>
  ROLES.flatMap(({ role, heading }) =>
    SCOPES.map((scope) => ({
      heading: `${heading}: ${format.scopeText(scope).toLowerCase()}`,
      metrics: metrics.filter(({ metric }) => isCompared(metric) && metric.role === role && metric.scope === scope)
    }))
  ).filter((group) => group.metrics.length > 0)

const VERDICTS: ReadonlyArray<ShownWord> = [
  "better",
  "worse",
  "higher",
  "lower",
  "not_worse",
  "not_higher",
  "not_lower",
  "no_meaningful_difference",
  "not_enough_data",
  "not_comparable",
  "described"
]

/** "b against a, 12 metrics: 1 better, 11 not enough data." for each arm. */
export const verdictCounts = (groups: ReadonlyArray<MetricGroup>): ReadonlyArray<string> => {
  const contrasts = groups.flatMap(({ metrics }) => metrics.flatMap((metric) => metric.contrasts))
  return [...Map.groupBy(contrasts, ({ arm }) => arm)].map(([arm, all]) => {
    const counts = VERDICTS.map((word) => ({ word, count: all.filter(({ verdict }) => verdict.word === word).length }))
      .filter(({ count }) => count > 0)
      .map(({ word, count }) => `${count} ${wordText(word).toLowerCase()}`)
    return `${arm} against ${all[0]?.baseline}, ${format.counted(all.length, "metric")}: ${counts.join(", ")}.`
  })
}
