/** What a report in text says, and in which order, whatever it is written in: terminal and Markdown only lay it out. */
import type { Arm, ArmFigure, Check, Comparison, Contrast, MetricResult, VerdictWord } from "../compare/Comparison.ts"
import {
  counted,
  countText,
  effect,
  effectIntervalText,
  figure,
  levelText,
  momentText,
  NOTHING,
  scopeText,
  verdictText
} from "../compare/format.ts"
import {
  byGravity,
  changesVerdict,
  isCompared,
  isLessStrict,
  isShown,
  likeWithLike,
  ROLES,
  SCOPES,
  whyNotCompared
} from "./rules.ts"

/** A cell's parts stand beside each other where there is room, else below each other. */
export type Parts = ReadonlyArray<string>

export interface MetricRow {
  readonly title: string
  /** To stand after the title; the legend says what it means. */
  readonly mark: string
  /** One for each arm of the table. */
  readonly figures: ReadonlyArray<Parts>
  /** Absent in a table of one arm. */
  readonly difference: Parts | undefined
  readonly verdict: VerdictWord | undefined
}

/** One arm beside the baseline; the baseline alone if there is no other. */
export interface ArmTable {
  readonly arms: ReadonlyArray<string>
  readonly groups: ReadonlyArray<{ readonly heading: string; readonly rows: ReadonlyArray<MetricRow> }>
}

/** What is to be said of metrics, or of none in particular; metrics of which the same is to be said stand together. */
export interface Remark {
  readonly metrics: ReadonlyArray<string>
  readonly sentences: ReadonlyArray<string>
}

export interface Section {
  readonly heading: string
  /** At least one. */
  readonly remarks: ReadonlyArray<Remark>
}

export interface Outline {
  readonly checks: ReadonlyArray<Check>
  readonly tables: ReadonlyArray<ArmTable>
  /** How to read the tables. */
  readonly legend: ReadonlyArray<string>
  /** All that does not go into a table. */
  readonly sections: ReadonlyArray<Section>
}

/** "Human reached", "Talk time, of connected calls". */
const titleOf = ({ title, among }: MetricResult): string => (among === undefined ? title : `${title}, of ${among}`)

/** Where the scope is not in a heading above. */
const fullTitle = (metric: MetricResult): string => `${titleOf(metric)} (${scopeText(metric.scope).toLowerCase()})`

const figureParts = (metric: MetricResult, found: ArmFigure | undefined): Parts =>
  found?.value === undefined ? [NOTHING] : [figure(metric.kind, found.value), `of ${countText(found.n)}`]

const differenceParts = (metric: MetricResult, contrast: Contrast | undefined): Parts => {
  if (contrast === undefined || !isShown(contrast)) return [NOTHING]
  const { interval } = contrast
  return [
    effect(metric.kind, contrast.effect),
    ...(interval === undefined ? [] : [effectIntervalText(metric.kind, interval)])
  ]
}

/** Of what is not counted by its strictest definition. */
const OTHERWISE = "*"

const rowOf = (metric: MetricResult, arms: ReadonlyArray<string>): MetricRow => {
  const contrast = metric.contrasts.find(({ arm }) => arm === arms[1])
  return {
    title: titleOf(metric),
    mark: isLessStrict(metric) ? OTHERWISE : "",
    figures: arms.map((name) =>
      figureParts(
        metric,
        metric.arms.find(({ arm }) => arm === name)
      )
    ),
    difference: arms.length > 1 ? differenceParts(metric, contrast) : undefined,
    verdict: contrast?.verdict
  }
}

const groupsOf = (metrics: ReadonlyArray<MetricResult>, arms: ReadonlyArray<string>): ArmTable["groups"] =>
  ROLES.flatMap(({ role, heading }) =>
    SCOPES.map((scope) => ({
      heading: `${heading}: ${scopeText(scope).toLowerCase()}`,
      rows: metrics
        .filter((metric) => metric.role === role && metric.scope === scope)
        .map((metric) => rowOf(metric, arms))
    }))
  ).filter(({ rows }) => rows.length > 0)

const tablesOf = ({ arms, metrics }: Comparison): ReadonlyArray<ArmTable> => {
  const baseline = arms.find((arm) => arm.baseline)
  const others = arms.filter((arm) => !arm.baseline)
  const compared = metrics.filter(isCompared)
  if (baseline === undefined || compared.length === 0) return []
  return (others.length === 0 ? [[]] : others.map(({ name }) => [name])).map((other) => {
    const names = [baseline.name, ...other]
    return { arms: names, groups: groupsOf(compared, names) }
  })
}

const remarksOn = (
  metrics: ReadonlyArray<MetricResult>,
  sentencesOf: (metric: MetricResult) => ReadonlyArray<string>
): ReadonlyArray<Remark> => {
  const found = metrics
    .map((metric) => ({ title: fullTitle(metric), sentences: [...new Set(sentencesOf(metric))] }))
    .filter(({ sentences }) => sentences.length > 0)
  return [...Map.groupBy(found, ({ sentences }) => sentences.join("\n")).values()].map((same) => ({
    metrics: same.map(({ title }) => title),
    sentences: same[0]?.sentences ?? []
  }))
}

const whyLessStrict = (metric: MetricResult): ReadonlyArray<string> =>
  metric.definition === undefined || !isLessStrict(metric)
    ? []
    : [`Counted here: ${asSentence(metric.definition.text)}`, ...metric.refused.map(({ sentence }) => sentence)]

const asSentence = (text: string): string => (/[.!?]$/u.test(text) ? text : `${text}.`)

const unmeasuredText = ({ arm, open, missing }: ArmFigure): string =>
  `${arm} ${[
    ...(open > 0 ? [`${countText(open)} still open`] : []),
    ...(missing > 0 ? [`${countText(missing)} not told`] : [])
  ].join(" and ")}`

const unmeasured = (metric: MetricResult): ReadonlyArray<string> => {
  const lacking = metric.arms.filter(({ open, missing }) => open + missing > 0)
  return lacking.length === 0 ? [] : [`${lacking.map(unmeasuredText).join("; ")}.`]
}

const changes = (metric: MetricResult): ReadonlyArray<string> =>
  metric.contrasts.flatMap((contrast) =>
    contrast.sensitivity
      .filter((scenario) => changesVerdict(contrast, scenario))
      .map(
        ({ sentence, verdict }) =>
          `${contrast.arm} against ${contrast.baseline}: ${verdictText(contrast.verdict)} becomes ${verdictText(verdict)}. ${asSentence(sentence)}`
      )
  )

const isTried = ({ contrasts }: MetricResult): boolean =>
  contrasts.some(({ verdict, sensitivity }) => verdict !== undefined && sensitivity.length > 0)

const armText = ({ name, providers, agent, baseline, orders, persons, open }: Arm): string =>
  `${name}${baseline ? " (baseline)" : ""}: ${counted(orders, "order")} to ${counted(persons, "person", "persons")}` +
  `${open > 0 ? `, ${countText(open)} not over yet` : ""}` +
  `${providers.length === 1 && providers[0] === name ? "" : `; ${providers.length === 0 ? "no provider found" : `on ${providers.join(", ")}`}`}` +
  `${agent === undefined ? "" : `, agent ${agent}`}.`

const recordsText = ({ records, orders, folded, leftOut, placements }: Comparison["data"]): string => {
  const parts = [
    `${countText(orders)} compared`,
    ...(folded > 0 ? [`${countText(folded)} about the same orders`] : []),
    ...(placements > 0 ? [`${counted(placements, "placement")}`] : []),
    ...leftOut.map(({ reason, count }) => `${countText(count)} left out: ${reason}`)
  ]
  return `Read ${counted(records, "record")}: ${parts.join("; ")}.`
}

const dataOf = ({ arms, data, settings, experiment }: Comparison): ReadonlyArray<string> => {
  const moment = (at: string) => momentText(at, settings.timeZone)
  return [
    ...arms.map(armText),
    recordsText(data),
    ...(data.attemptsOnly > 0
      ? [`Of ${counted(data.attemptsOnly, "order")} only attempts are in the data, not the order itself.`]
      : []),
    ...(data.from === undefined || data.to === undefined
      ? []
      : [`Orders from ${moment(data.from)} to ${moment(data.to)}, ${settings.timeZone}.`]),
    ...(data.asOf === undefined ? [] : [`The data ends at ${moment(data.asOf)}.`]),
    ...(experiment === undefined
      ? []
      : [
          `Experiment ${experiment.id}, ` +
            (experiment.frozen
              ? `frozen${experiment.digest === undefined ? "" : `, digest ${experiment.digest}`}.`
              : "not started: its settings may still change.")
        ])
  ]
}

const levelsOf = (metrics: ReadonlyArray<MetricResult>): string =>
  [...new Set(metrics.flatMap(({ contrasts }) => contrasts.flatMap(({ level }) => level ?? [])).map(levelText))].join(
    " or "
  )

/** As a sentence names the metrics of a role. */
const IN_LEGEND = {
  primary: "the primary metric",
  guardrail: "guardrails",
  secondary: "other metrics"
} as const satisfies Record<MetricResult["role"], string>

const legendOf = ({ metrics, settings }: Comparison): ReadonlyArray<string> => {
  const judged = metrics.filter(({ better }) => better !== "neither")
  const levels = [
    ...ROLES.map(({ role }) => [levelsOf(judged.filter((metric) => metric.role === role)), IN_LEGEND[role]] as const),
    [levelsOf(metrics.filter(({ better }) => better === "neither")), "what is described only"] as const
  ].filter(([level]) => level !== "")
  const looks =
    settings.analysis === "sequential"
      ? "They hold however often the data is looked at."
      : "They hold for a single look at the data, once it is complete."
  return [
    "A rate is the share of those measured, a time the middle value: half took longer. “of” says how many were measured.",
    ...(metrics.filter(isCompared).some(isLessStrict)
      ? [`${OTHERWISE} Counted by a less strict definition, the same for every arm; it stands below.`]
      : []),
    ...(levels.length === 0
      ? []
      : [
          `Confidence of the intervals: ${levels.map(([level, what]) => `${level} for ${what}`).join("; ")}. ` +
            `Several together share the risk of a wrong verdict, so that each is surer. ${looks}`
        ]),
    ...[likeWithLike(settings, metrics)].filter((sentence) => sentence !== undefined)
  ]
}

const ROBUST =
  "No verdict on a rate would change if every order without an answer had gone badly for one arm and well for the other, or if everything detected, or everything inferred, were wrong."

const general = (...sentences: ReadonlyArray<string>): Remark => ({ metrics: [], sentences })

/** Of no data at all the headline says so; a list of everything would say nothing more. */
const notCompared = ({ checks, data, metrics }: Comparison): ReadonlyArray<Remark> =>
  data.orders + data.placements === 0 ? [] : remarksOn(metrics, (metric) => whyNotCompared(metric, checks))

/** Assumptions that change a verdict; that none does, if any were tried. */
const sensitivity = (metrics: ReadonlyArray<MetricResult>): ReadonlyArray<Remark> => {
  const changed = remarksOn(metrics, changes)
  return changed.length === 0 && metrics.some(isTried) ? [general(ROBUST)] : changed
}

export const outlineOf = (comparison: Comparison): Outline => {
  const { checks, metrics } = comparison
  const compared = metrics.filter(isCompared)
  const tables = tablesOf(comparison)
  return {
    checks: byGravity(checks),
    tables,
    legend: tables.length === 0 ? [] : legendOf(comparison),
    sections: [
      { heading: "Not compared", remarks: notCompared(comparison) },
      { heading: "Compared by a less strict definition", remarks: remarksOn(compared, whyLessStrict) },
      { heading: "Still open, or not told", remarks: remarksOn(compared, unmeasured) },
      { heading: "What would change a verdict", remarks: sensitivity(metrics) },
      { heading: "What was read", remarks: dataOf(comparison).map((sentence) => general(sentence)) }
    ].filter(({ remarks }) => remarks.length > 0)
  }
}
