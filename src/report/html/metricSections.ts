/** Everything about each metric that was measured: definition, stricter ones refused, intervals, figures of each arm, what-if scenarios. */
import type { ArmFigure, Check, Comparison, Contrast, MetricResult, Scenario } from "../../compare/Comparison.ts"
import type { Scope } from "../../metrics/Metric.ts"
import * as format from "../../compare/format.ts"
import { changesVerdict, isCompared, ROLES, SCOPES } from "../rules.ts"
import { intervalChart, intervalKey } from "./intervalChart.ts"
import type { Markup, Piece } from "./markup.ts"
import { html } from "./markup.ts"
import type { ArmNames } from "./marks.ts"
import { armLabel } from "./marks.ts"
import { dataTable, disclosure } from "./table.ts"
import { anchorOf, likeWithLikeNote, scenariosAnchorOf, verdictBadge, whyNone } from "./verdicts.ts"

/** By role, then by what is measured; h3 for the role, h4 for the scope, h5 for the metric. */
export const metricSections = (comparison: Comparison): Markup => {
  const numbered = comparison.metrics.flatMap((metric, index) => (isCompared(metric) ? [{ metric, index }] : []))
  const roles = ROLES.flatMap(({ role, heading }) => {
    const ofRole = numbered.filter(({ metric }) => metric.role === role)
    return ofRole.length === 0 ? [] : [{ heading, ofRole }]
  })
  if (roles.length === 0) return html`<p>There is no metric to show in detail.</p>`
  const metrics = numbered.map(({ metric }) => metric)
  return html`${intervalKey(comparison)}${likeWithLikeNote(comparison.settings, metrics)}${roles.map(
    ({ heading, ofRole }) =>
      html`<h3>${heading}</h3>
        ${SCOPES.map((scope) =>
          scopePart(
            comparison,
            scope,
            ofRole.filter(({ metric }) => metric.scope === scope)
          )
        )}`
  )}`
}

interface Numbered {
  readonly metric: MetricResult
  readonly index: number
}

const scopePart = (comparison: Comparison, scope: Scope, metrics: ReadonlyArray<Numbered>): Piece =>
  metrics.length > 0 &&
  html`<h4>${format.scopeText(scope)}</h4>
    ${metrics.map(({ metric, index }) => metricPart(comparison, metric, index))}`

const metricPart = ({ arms: all, checks }: Comparison, metric: MetricResult, index: number): Markup => {
  const arms = all.map(({ name }) => name)
  const id = anchorOf(index)
  const plot = intervalChart(metric, { id: `${id}-intervals`, arms })
  return html`<section class="metric" id="${id}" aria-labelledby="${id}-title">
    <h5 id="${id}-title">${metric.title}</h5>
    ${metric.definition !== undefined && html`<p class="definition"><b>Measured:</b> ${metric.definition.text}</p>`}
    ${
      metric.among !== undefined &&
      html`<p class="note">
        Only ${metric.among} are
        measured.${metric.contrasts.length > 0 && " The arms may differ in which orders came that far, and a difference may come from that alone."}
      </p>`
    }
    ${metric.refused.map(refusal)}
    ${
      metric.contrasts.length > 0 &&
      html`<ul class="contrasts">
        ${metric.contrasts.map((contrast) => contrastLine(metric, contrast, { arms, checks, plotted: metric.contrasts.length === 1 && plot !== undefined }))}
      </ul>`
    }
    ${plot} ${armFigures(metric, arms)} ${scenarios(metric, index, arms)}
  </section>`
}

const refusal = ({ text, sentence }: MetricResult["refused"][number]): Markup =>
  html`<p class="refused"><b>A stricter definition, not compared:</b> <q>${text}</q> <span>${sentence}</span></p>`

const UNITS: { readonly [scope in Scope]: string } = { first_attempt: "call", order: "order", placement: "request" }

interface LinePlace {
  readonly arms: ArmNames
  readonly checks: ReadonlyArray<Check>
  /** The sentence of a lone contrast stands with its plot. */
  readonly plotted: boolean
}

const contrastLine = ({ scope }: MetricResult, contrast: Contrast, { arms, checks, plotted }: LinePlace): Markup =>
  html`<li>
    ${armLabel(arms, contrast.arm)} ${verdictBadge(contrast.verdict)}
    ${!plotted && html`<span>${whyNone(contrast, checks)}</span>`}
    ${
      contrast.superiority !== undefined &&
      html`<span class="quiet"
        >A random ${UNITS[scope]} of <bdi>${contrast.arm}</bdi> has a higher value than one of
        <bdi>${contrast.baseline}</bdi> in ${format.percent(contrast.superiority.value)} of pairs, ties counted half
        (${format.levelText(0.95)} interval for a single look
        ${format.intervalText("rate", contrast.superiority.interval)}; ${format.levelText(0.5)} would be no
        difference).</span
      >`
    }
  </li>`

const VALUE_TITLES: { readonly [kind in MetricResult["kind"]]: string } = {
  rate: "Rate",
  seconds: "Median",
  count: "Value"
}

/** Folded where no conclusion is allowed: side by side they would invite it. */
const armFigures = (metric: MetricResult, arms: ArmNames): Piece => {
  if (metric.arms.every(({ value }) => value === undefined)) return undefined
  const table = figures(metric, arms)
  return metric.contrasts.some(({ notComparable }) => notComparable !== undefined)
    ? disclosure("Figures of each arm; they allow no conclusion", table)
    : table
}

const figures = (metric: MetricResult, arms: ArmNames): Markup => {
  const certain = metric.arms.some(({ certainty }) => certainty !== undefined)
  return dataTable(
    `${metric.title}: figures of each arm`,
    [
      { title: "Arm" },
      { title: VALUE_TITLES[metric.kind], numeric: true },
      { title: "95 % interval", numeric: true },
      { title: "Measured", numeric: true },
      { title: "Persons", numeric: true },
      { title: "Open", numeric: true },
      { title: "Not told", numeric: true },
      ...(certain ? CERTAINTIES.map((title) => ({ title, numeric: true })) : [])
    ],
    metric.arms.map((arm): ReadonlyArray<Piece> => [
      armLabel(arms, arm.arm),
      format.figure(metric.kind, arm.value),
      arm.interval === undefined ? format.NOTHING : format.intervalText(metric.kind, arm.interval),
      measured(arm),
      format.countText(arm.persons),
      format.countText(arm.open),
      format.countText(arm.missing),
      ...(certain ? certainties(arm) : [])
    ])
  )
}

const measured = ({ count, n }: ArmFigure): string =>
  count === undefined ? format.countText(n) : `${format.countText(count)} of ${format.countText(n)}`

const CERTAINTIES = ["Stated", "Detected", "Inferred"] as const

const certainties = ({ certainty }: ArmFigure): ReadonlyArray<string> =>
  certainty === undefined
    ? CERTAINTIES.map(() => format.NOTHING)
    : [certainty.stated, certainty.detected, certainty.inferred].map(format.countText)

const SCENARIOS: { readonly [word in Scenario["scenario"]]: (names: Contrast) => string } = {
  detected_wrong: () => "Everything that was only detected is wrong",
  inferred_wrong: () => "Everything that was only inferred is wrong",
  worst_for_arm: ({ arm, baseline }) => `Every order without an answer went badly for ${arm} and well for ${baseline}`,
  worst_for_baseline: ({ arm, baseline }) =>
    `Every order without an answer went well for ${arm} and badly for ${baseline}`
}

/** Opened where a scenario changes the verdict: then it belongs to the result. */
const scenarios = (metric: MetricResult, index: number, arms: ArmNames): Piece => {
  const contrasts = metric.contrasts.filter(({ sensitivity }) => sensitivity.length > 0)
  if (contrasts.length === 0) return undefined
  const rows = contrasts.flatMap((contrast) => contrast.sensitivity.map((scenario) => ({ contrast, scenario })))
  const changed = rows.filter(({ contrast, scenario }) => changesVerdict(contrast, scenario))
  const all =
    rows.length > 2 ? `all ${rows.length} scenarios` : rows.length === 2 ? "both scenarios" : "the one scenario"
  const summary =
    changed.length === 0
      ? `What if the data were wrong? The verdict holds in ${all} tried.`
      : `What if the data were wrong? The verdict changes in ${changed.length} of ${format.counted(rows.length, "scenario")} tried.`
  const table = dataTable(
    `${metric.title}: what if the data were wrong`,
    [
      { title: "Scenario" },
      ...(metric.contrasts.length > 1 ? [{ title: "Arm" }] : []),
      { title: "Difference", numeric: true },
      { title: "Interval", numeric: true },
      { title: "Verdict" }
    ],
    rows.map(({ contrast, scenario }): ReadonlyArray<Piece> => [
      html`<span class="long">${SCENARIOS[scenario.scenario](contrast)}</span>`,
      ...(metric.contrasts.length > 1 ? [armLabel(arms, contrast.arm)] : []),
      format.effect(metric.kind, scenario.effect),
      format.effectIntervalText(metric.kind, scenario.interval),
      verdictBadge(scenario.verdict)
    ])
  )
  return html`<div id="${scenariosAnchorOf(index)}">${disclosure(summary, table, changed.length > 0)}</div>`
}
