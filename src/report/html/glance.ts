/** At a glance: every metric that could be compared in one figure, a row each, with a mark for each arm. */
import type { Analysis, Comparison, Contrast, MetricResult, VerdictWord } from "../../compare/Comparison.ts"
import type { Scope } from "../../metrics/Metric.ts"
import * as format from "../../compare/format.ts"
import type { Drawable } from "../rules.ts"
import { isCompared, isDrawable, isLessStrict, SCOPES } from "../rules.ts"
import { chart, isRoving } from "./chartFrame.ts"
import type { Axis } from "./glanceAxis.ts"
import { axisOf, isRate } from "./glanceAxis.ts"
import type { Markup, Piece } from "./markup.ts"
import { html } from "./markup.ts"
import type { ArmNames } from "./marks.ts"
import { armClass, armLabel, bandSwatch, mark, percentOf, shape, swatch } from "./marks.ts"
import { notComparedList } from "./notCompared.ts"
import { dataTable } from "./table.ts"
import { anchorOf, scopeAndAmong, verdictBadge } from "./verdicts.ts"

const LANE = 36
const AXIS = 38

export const glance = (comparison: Comparison): Markup =>
  html`${glanceFigure(comparison) ?? html`<p>${whyNothing(comparison)}</p>`}${notComparedList(comparison)}`

const whyNothing = ({ arms, checks, data }: Comparison): string => {
  if (data.orders === 0) return "There is no order to compare."
  if (arms.length < 2) return "There is only one arm, so there is nothing to compare it with."
  return checks.some(({ outcome }) => outcome === "failed")
    ? "A check failed, so no metric is compared."
    : "No metric could be compared."
}

interface Row {
  readonly metric: MetricResult
  /** Place among all metrics. */
  readonly index: number
}

/** Rows below each other on one axis. */
interface Part {
  readonly scope: Scope
  readonly rates: boolean
  readonly rows: ReadonlyArray<Row>
}

const partsOf = (metrics: ReadonlyArray<MetricResult>): ReadonlyArray<Part> => {
  const rows = metrics.flatMap((metric, index) => (isCompared(metric) ? [{ metric, index }] : []))
  return SCOPES.flatMap((scope) =>
    [true, false].map((rates) => ({
      scope,
      rates,
      rows: rows.filter(({ metric }) => metric.scope === scope && isRate(metric) === rates)
    }))
  ).filter((part) => part.rows.length > 0)
}

/** Nothing if no metric has an effect that may be shown. */
const glanceFigure = ({ metrics, arms: all, settings }: Comparison): Markup | undefined => {
  const arms = all.map(({ name }) => name)
  const parts = partsOf(metrics)
  const rows = parts.flatMap((part) => part.rows)
  const drawables = rows.flatMap(({ metric }) =>
    metric.contrasts.filter(isDrawable).map((contrast) => ({ metric, contrast }))
  )
  const [first] = drawables
  if (first === undefined) return undefined
  const compared = rows.map(({ metric }) => metric)
  const axes = { rates: axisOf(compared, true), others: axisOf(compared, false) }
  const axisFor = (metric: MetricResult): Axis => (isRate(metric) ? axes.rates : axes.others)
  const isCut = drawables.some(({ metric, contrast: { interval } }) =>
    [interval.low, interval.high].some((end) => axisFor(metric).isBeyond(metric, end))
  )
  const roving = isRoving(drawables.length)
  const place = { arms, first: first.contrast, roving }
  return chart({
    id: "glance-figure",
    title: "All metrics at a glance",
    message: messageOf(rows),
    key: keyOf(first.contrast.baseline, settings.analysis, isCut),
    drawing: html`<div
      role="group"
      aria-label="Differences of all metrics${roving && ". The arrow keys move between the marks."}"
      ${roving && "data-roving"}
    >
      ${parts.map(
        ({ scope, rates, rows: own }, index) =>
          html`${scope !== parts[index - 1]?.scope && html`<h3>${format.scopeText(scope)}</h3>`}${rowsOnAxis(own, rates ? axes.rates : axes.others, place)}`
      )}
    </div>`,
    table: glanceTable(drawables, arms)
  })
}

const WORDS: ReadonlyArray<VerdictWord | undefined> = [
  "better",
  "worse",
  "no_meaningful_difference",
  "not_enough_data",
  "not_comparable",
  undefined
]

/** "b against a, 12 metrics: 1 better, 11 not enough data." for each arm. */
const messageOf = (rows: ReadonlyArray<Row>): Markup => {
  const contrasts = rows.flatMap(({ metric }) => metric.contrasts)
  const arms = [...Map.groupBy(contrasts, ({ arm }) => arm).values()]
  return html`${arms.map((ofArm) => {
    const counts = WORDS.map((word) => ({ word, count: ofArm.filter(({ verdict }) => verdict === word).length }))
    const said = counts
      .filter(({ count }) => count > 0)
      .map(({ word, count }) => `${count} ${format.verdictText(word).toLowerCase()}`)
    return html`<span class="count"
      ><bdi>${ofArm[0]?.arm}</bdi> against <bdi>${ofArm[0]?.baseline}</bdi>, ${format.counted(ofArm.length, "metric")}:
      ${said.join(", ")}.</span
    > `
  })}`
}

const keyOf = (baseline: string, analysis: Analysis, isCut: boolean): Markup =>
  html`<ul class="key long-key" aria-label="Signs of this figure">
    <li>
      ${swatch(html`<line class="inner" x1="1" x2="27" y1="8" y2="8" />`)}
      <span
        >The difference from <bdi>${baseline}</bdi>, and its interval for
        ${analysis === "fixed" ? "a single look" : "any number of looks"}, which the verdict rests on. Right of the
        upright line: more than <bdi>${baseline}</bdi>; left: less. Whether more is better stands at each row.</span
      >
    </li>
    <li>${bandSwatch} <span>Shaded: too small to matter, for this row.</span></li>
    ${
      isCut &&
      html`<li>
        ${swatch(html`<path class="beyond" d="M10 2L20 8L10 14Z" />`)}
        <span>The interval goes on beyond the axis; its numbers are in the row.</span>
      </li>`
    }
  </ul>`

interface RowPlace {
  readonly arms: ArmNames
  /** The contrast whose mark the tab key stops at. */
  readonly first: Contrast
  readonly roving: boolean
}

const rowsOnAxis = (rows: ReadonlyArray<Row>, axis: Axis, place: RowPlace): Markup =>
  html`<ul class="glance">
      ${rows.map((row) => rowOf(row, axis, place))}
    </ul>
    <div class="glance-axis">
      <svg class="chart" width="100%" height="${AXIS}" aria-hidden="true">
        ${axis.ticks.map(({ at, text }) => html`<text class="tick middle" x="${percentOf(at)}" y="14">${text}</text>`)}
        <text class="tick middle" x="50%" y="32">${axis.label}</text>
      </svg>
    </div>`

const rowOf = ({ metric, index }: Row, axis: Axis, place: RowPlace): Markup =>
  html`<li>
    <div class="glance-title">
      <a href="#${anchorOf(index)}">${metric.title}</a>${
        metric.role !== "secondary" && html` <span class="tag">${format.roleText(metric.role)}</span>`
      }
      <p class="quiet">
        ${metric.among !== undefined && `${metric.among} only; `}${directionOf(metric)}${countedAs(metric)}
      </p>
    </div>
    <div class="lanes">${metric.contrasts.map((contrast) => lane(metric, contrast, axis, place))}</div>
  </li>`

/** Its name promises the strictest definition. */
const countedAs = (metric: MetricResult): string =>
  isLessStrict(metric) ? `. Counted here: ${lowerFirst(metric.definition?.text ?? "")}` : ""

const directionOf = ({ better, kind, smallestEffect }: MetricResult): string =>
  `${better === "neither" ? "" : `${better} is better; `}matters from ${format.smallestEffectText(kind, smallestEffect)}`

const lane = (metric: MetricResult, contrast: Contrast, axis: Axis, place: RowPlace): Markup =>
  html`<div class="lane">
    <div class="lane-text">
      ${metric.contrasts.length > 1 && armLabel(place.arms, contrast.arm)} ${verdictBadge(contrast.verdict)}
      ${
        isDrawable(contrast)
          ? html`<b>${format.effect(metric.kind, contrast.effect)}</b>
              <span class="quiet">${format.effectIntervalText(metric.kind, contrast.interval)}</span>`
          : html`<span>${contrast.notComparable ?? contrast.sentence}</span>`
      }
    </div>
    ${isDrawable(contrast) && lanePlot(metric, contrast, axis, place)}
  </div>`

const lanePlot = (metric: MetricResult, contrast: Drawable, axis: Axis, place: RowPlace): Markup => {
  const { effect, interval } = contrast
  const at = (value: number) => axis.place(metric, value)
  const [from, to] = [at(-metric.smallestEffect), at(metric.smallestEffect)]
  const upright = (x: number, name: string) =>
    html`<line class="${name}" x1="${percentOf(x)}" x2="${percentOf(x)}" y1="0" y2="${LANE}" />`
  const y = LANE / 2
  return html`<svg class="chart" width="100%" height="${LANE}" role="presentation">
    <rect class="band" x="${percentOf(from)}" width="${percentOf(to - from)}" y="0" height="${LANE}" />
    ${axis.ticks.filter(({ text }) => text !== "0").map(({ at: x }) => upright(x, "grid"))}${upright(at(0), "zero")}
    ${mark(
      linesOf(metric, contrast),
      html`<rect class="hit" x="0" width="100%" y="1" height="${LANE - 2}" />
        <line
          class="inner"
          x1="${percentOf(at(interval.low))}"
          x2="${percentOf(at(interval.high))}"
          y1="${y}"
          y2="${y}"
        />
        ${axis.isBeyond(metric, interval.low) && beyond(at(interval.low), y, -1)}
        ${axis.isBeyond(metric, interval.high) && beyond(at(interval.high), y, 1)}
        ${shape(place.arms, contrast.arm, percentOf(at(effect)), y)}`,
      armClass(place.arms, contrast.arm),
      !place.roving || contrast === place.first
    )}
  </svg>`
}

/** An arrow where the axis ends and the interval does not. */
const beyond = (x: number, y: number, direction: -1 | 1): Markup =>
  html`<svg x="${percentOf(x)}" y="${y}" class="shape">
    <path class="beyond" d="M0-6L${direction * 9} 0L0 6Z" />
  </svg>`

const linesOf = (metric: MetricResult, contrast: Drawable): ReadonlyArray<string> => [
  `${metric.title}, ${contrast.arm} minus ${contrast.baseline}`,
  `difference ${format.effect(metric.kind, contrast.effect)}`,
  format.levelledIntervalText(metric.kind, contrast.interval, contrast.level),
  format.verdictText(contrast.verdict)
]

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

const glanceTable = (
  drawables: ReadonlyArray<{ readonly metric: MetricResult; readonly contrast: Drawable }>,
  arms: ArmNames
): Markup =>
  dataTable(
    "All metrics at a glance",
    [
      { title: "Metric" },
      { title: "Arm" },
      { title: "Difference", numeric: true },
      { title: "Interval", numeric: true },
      { title: "Level", numeric: true },
      { title: "Matters from", numeric: true },
      { title: "Verdict" }
    ],
    drawables.map(({ metric, contrast }): ReadonlyArray<Piece> => [
      `${metric.title}, ${lowerFirst(scopeAndAmong(metric))}`,
      armLabel(arms, contrast.arm),
      format.effect(metric.kind, contrast.effect),
      format.effectIntervalText(metric.kind, contrast.interval),
      contrast.level === undefined ? format.NOTHING : format.levelText(contrast.level),
      format.smallestEffectText(metric.kind, metric.smallestEffect),
      format.verdictText(contrast.verdict)
    ])
  )
