/** The effect as data came in: a line with the band for a single look within the one for any number of looks. */
import { scaleLinear, scaleUtc } from "d3-scale"
import type { Analysis, Comparison, Interval, MetricResult, OverTime, OverTimePoint } from "../../compare/Comparison.ts"
import * as format from "../../compare/format.ts"
import { chart, drawing, isRoving } from "./chartFrame.ts"
import type { Markup, Piece } from "./markup.ts"
import { html } from "./markup.ts"
import type { ArmNames } from "./marks.ts"
import {
  areaSwatch,
  armClass,
  armKey,
  armLabel,
  axisUnit,
  bandSwatch,
  differenceTick,
  mark,
  percentOf,
  shape
} from "./marks.ts"
import { dataTable } from "./table.ts"

const PLOT = 230
const TOP = 10
const AXIS = 24

interface OverTimePlace {
  readonly id: string
  readonly arms: ArmNames
  readonly metric: MetricResult
  readonly settings: Comparison["settings"]
  /** Whether this chart says what the bands mean; of several the first. */
  readonly explained: boolean
}

/** Nothing without points. */
export const overTimeChart = ({ arm, points }: OverTime, place: OverTimePlace): Markup | undefined => {
  const last = points.at(-1)
  if (last === undefined) return undefined
  const { id, arms, metric, settings } = place
  const title = `${metric.title} over time, ${arm}`
  const text = (value: number) => format.effect(metric.kind, value)
  const resting = last[settings.analysis]
  return chart({
    id,
    title,
    showsTitle: true,
    message: html`At the end, with ${format.countText(last.n)} measured in <bdi>${arm}</bdi> and the baseline together,
      the difference is ${text(last.effect)} (interval ${format.effectIntervalText(metric.kind, resting)}).
      ${settings.analysis === "fixed" ? ONE_LOOK : crossing(points, settings.timeZone)}`,
    key: place.explained ? key(arms, arm, settings.analysis, axisUnit(metric.kind)) : armKey(arms, [arm]),
    drawing: plot(points, arm, title, place),
    table: dataTable(
      title,
      [
        { title: "Until" },
        { title: "Measured in both", numeric: true },
        { title: "Difference", numeric: true },
        { title: "Single look", numeric: true },
        { title: "Any number of looks", numeric: true }
      ],
      points.map((point): ReadonlyArray<Piece> => [
        format.momentText(point.at, settings.timeZone),
        format.countText(point.n),
        text(point.effect),
        format.effectIntervalText(metric.kind, point.fixed),
        format.effectIntervalText(metric.kind, point.sequential)
      ])
    )
  })
}

const excludesZero = ({ low, high }: Interval): boolean => low > 0 || high < 0

const ONE_LOOK = "The analysis is for one look at the end: what is before shows the course and allows no conclusion."

/** Since when the interval has left out zero, up to the end. */
const crossing = (points: ReadonlyArray<OverTimePoint>, timeZone: string): string => {
  const lastInside = points.findLastIndex((point) => !excludesZero(point.sequential))
  const since = points[lastInside + 1]
  if (since === undefined) return "Its interval still includes zero."
  return lastInside === -1
    ? "Its interval has not included zero from the first look on."
    : `Since ${format.dayText(since.at, timeZone)} its interval has not included zero.`
}

/** Early intervals are as wide as can be: the axis shows what the later three quarters need, and all effects. */
const rangeOf = (points: ReadonlyArray<OverTimePoint>, smallest: number): readonly [number, number] => {
  const later = points.slice(Math.floor(points.length / 4))
  const all = [
    0,
    -smallest,
    smallest,
    ...points.map(({ effect }) => effect),
    ...later.flatMap(({ sequential }) => [sequential.low, sequential.high])
  ]
  return [Math.min(...all), Math.max(...all)]
}

const plot = (points: ReadonlyArray<OverTimePoint>, arm: string, title: string, place: OverTimePlace): Markup => {
  const { arms, metric, settings } = place
  const times = points.map(({ at }) => new Date(at))
  const x = scaleUtc([times[0] ?? new Date(0), times.at(-1) ?? new Date(0)], [10, 97])
  const y = scaleLinear([...rangeOf(points, metric.smallestEffect)], [PLOT, 0]).nice(5)
  const xs = times.map((time) => x(time))
  const along = (valueOf: (point: OverTimePoint) => number) =>
    points.map((point, index) => `${xs[index]?.toFixed(2)},${y(valueOf(point)).toFixed(1)}`)
  const band = (which: Analysis) =>
    `M${[...along((point) => point[which].high), ...along((point) => point[which].low).toReversed()].join("L")}Z`
  const content = html` <g class="${armClass(arms, arm)}">
    <svg y="${TOP}" height="${PLOT}" width="100%" viewBox="0 0 100 ${PLOT}" preserveAspectRatio="none">
      <rect
        class="band"
        x="0"
        width="100"
        y="${y(metric.smallestEffect).toFixed(1)}"
        height="${(y(-metric.smallestEffect) - y(metric.smallestEffect)).toFixed(1)}"
      />
      <path class="any-look" d="${band("sequential")}" />
      <path class="one-look" d="${band("fixed")}" />
      <path class="course" d="M${along(({ effect }) => effect).join("L")}" />
    </svg>
    ${y.ticks(5).map((tick) => {
      const at = (TOP + y(tick)).toFixed(1)
      return html`<line class="${tick === 0 ? "zero" : "grid"}" x1="0" x2="100%" y1="${at}" y2="${at}" /><text
          class="tick"
          x="0"
          y="${at}"
          dy="-3"
          >${differenceTick(metric.kind, tick)}</text
        >`
    })}
    ${points.map((point, index) => pointMark(point, index, points.length, xs, y(point.effect) + TOP, arm, place))}
    ${dayTicks(x, settings.timeZone)}
  </g>`
  return drawing(title, TOP + PLOT + AXIS, points.length, content)
}

const pointMark = (
  point: OverTimePoint,
  index: number,
  count: number,
  xs: ReadonlyArray<number>,
  y: number,
  arm: string,
  { arms, metric: { kind }, settings }: OverTimePlace
): Markup => {
  const x = xs[index] ?? 0
  const from = index === 0 ? x - 3 : ((xs[index - 1] ?? x) + x) / 2
  const to = index === count - 1 ? 100 : ((xs[index + 1] ?? x) + x) / 2
  return mark(
    [
      `${arm}, ${format.countText(point.n)} measured`,
      `until ${format.momentText(point.at, settings.timeZone)}`,
      `difference ${format.effect(kind, point.effect)}`,
      `for a single look ${format.effectIntervalText(kind, point.fixed)}`,
      `for any number of looks ${format.effectIntervalText(kind, point.sequential)}`
    ],
    html`<rect class="hit" x="${percentOf(from)}" width="${percentOf(to - from)}" y="${TOP}" height="${PLOT}" />${
        index === count - 1
          ? shape(arms, arm, percentOf(x), y)
          : html`<circle class="dot" cx="${percentOf(x)}" cy="${y.toFixed(1)}" r="3" />`
      }`,
    "",
    !isRoving(count) || index === 0
  )
}

const dayTicks = (x: ReturnType<typeof scaleUtc<number>>, timeZone: string): Piece => {
  return x
    .ticks(4)
    .filter((tick) => x(tick) > 8 && x(tick) < 92)
    .map((tick) => ({ tick, text: format.dayText(tick.toISOString(), timeZone).replace(/ \d{4}$/u, "") }))
    .filter(({ text }, index, all) => text !== all[index - 1]?.text)
    .map(
      ({ tick, text }) =>
        html`<line
            class="axis"
            x1="${percentOf(x(tick))}"
            x2="${percentOf(x(tick))}"
            y1="${TOP + PLOT}"
            y2="${TOP + PLOT + 5}"
          /><text class="tick middle" x="${percentOf(x(tick))}" y="${TOP + PLOT + 19}">${text}</text>`
    )
}

const key = (arms: ArmNames, arm: string, analysis: Analysis, unit: string): Markup => {
  const band = (name: string) => areaSwatch(name, armClass(arms, arm))
  const rests = (which: Analysis) => which === analysis && " The verdict rests on this one."
  return html`<ul class="key long-key" aria-label="Signs">
    <li><span>${armLabel(arms, arm)} minus the baseline, in ${unit}</span></li>
    <li>${band("any-look")} Outer band: interval that holds however often you look.${rests("sequential")}</li>
    <li>${band("one-look")} Inner band: interval for a single look.${rests("fixed")}</li>
    <li>${bandSwatch} Shaded: too little to matter</li>
  </ul>`
}
