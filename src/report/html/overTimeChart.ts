/** The effect as data came in: a line with the band for a single look within the one for any number of looks. */
import { scaleLinear, scaleUtc } from "d3-scale"
import type { OverTimePoint } from "../../compare/Charts.ts"
import type { Analysis } from "../../compare/Comparison.ts"
import * as format from "../../compare/format.ts"
import type { Course } from "../figures/Figure.ts"
import { drawing, type Place } from "./chartFrame.ts"
import { html, type Markup, type Piece } from "./markup.ts"
import { areaSwatch, armClass, armKey, armLabel, type ArmNames, bandSwatch, marksOf, shape } from "./marks.ts"
import * as svg from "./svg.ts"

const PLOT = 230
const TOP = 10
const AXIS = 24

/** Early intervals are as wide as can be: the axis shows what the later three quarters need, and all effects. */
const rangeOf = (points: Course["points"], smallest: number): readonly [number, number] => {
  const later = points.slice(Math.floor(points.length / 4))
  const ends = later.flatMap(({ sequential }) => [sequential.low, sequential.high])
  const all = [-smallest, smallest, ...points.map(({ effect }) => effect), ...ends]
  return [Math.min(...all), Math.max(...all)]
}

export const overTimeChart = (course: Course, { title, arms, lines }: Place): Markup => {
  const { arm, points, settings } = course
  const { kind, smallestEffect } = course.measured
  const mark = marksOf(lines)
  const times = points.map(({ at }) => new Date(at))
  const x = scaleUtc([times[0] ?? new Date(0), times.at(-1) ?? new Date(0)], [10, 97])
  const y = scaleLinear([...rangeOf(points, smallestEffect)], [PLOT, 0]).nice(5)
  const xs = times.map((time) => x(time))
  const along = (valueOf: (point: OverTimePoint) => number) =>
    points.map((point, index) => `${xs[index]?.toFixed(2)},${y(valueOf(point)).toFixed(1)}`)
  const band = (which: Analysis) =>
    `M${[...along((point) => point[which].high), ...along((point) => point[which].low).toReversed()].join("L")}Z`
  const content = html`<g class="${armClass(arms, arm)}">
    <svg y="${TOP}" height="${PLOT}" width="100%" viewBox="0 0 100 ${PLOT}" preserveAspectRatio="none">
      ${svg.rect("band", [0, 100], [y(smallestEffect).toFixed(1), (y(-smallestEffect) - y(smallestEffect)).toFixed(1)])}
      <path class="any-look" d="${band("sequential")}" />
      <path class="one-look" d="${band("fixed")}" />
      <path class="course" d="M${along(({ effect }) => effect).join("L")}" />
    </svg>
    ${y.ticks(5).map((tick) => {
      const at = (TOP + y(tick)).toFixed(1)
      return html`${svg.line(tick === 0 ? "zero" : "grid", [0, "100%"], [at, at])}
        <text class="tick" x="0" y="${at}" dy="-3">${svg.differenceTick(kind, tick)}</text>`
    })}
    ${points.map(({ effect }, index) => {
      const [at = 0, before, after] = [xs[index], xs[index - 1], xs[index + 1]]
      const from = before === undefined ? at - 3 : (before + at) / 2
      const to = after === undefined ? 100 : (after + at) / 2
      const [cx, cy] = [svg.percentOf(at), y(effect) + TOP]
      const dot = html`<circle class="dot" cx="${cx}" cy="${cy.toFixed(1)}" r="3" />`
      const sign = after === undefined ? shape(arms, arm, cx, cy) : dot
      return mark(html`${svg.rect("hit", svg.span(from, to), [TOP, PLOT])} ${sign}`)
    })}
    ${dayTicks(x, settings.timeZone)}
  </g>`
  return html`${course.isFirst ? key(course, arms) : armKey(arms, [arm])}
  ${drawing(title, TOP + PLOT + AXIS, points.length, content)}`
}

const dayTicks = (x: ReturnType<typeof scaleUtc<number>>, timeZone: string): Piece =>
  x
    .ticks(4)
    .filter((tick) => x(tick) > 8 && x(tick) < 92)
    .map((tick) => ({ tick, text: format.dayText(tick.toISOString(), timeZone).replace(/ \d{4}$/u, "") }))
    .filter(({ text }, index, all) => text !== all[index - 1]?.text)
    .map(({ tick, text }) => {
      const at = svg.percentOf(x(tick))
      return [
        svg.line("axis", [at, at], [TOP + PLOT, TOP + PLOT + 5]),
        svg.label("tick middle", at, TOP + PLOT + 19, text)
      ]
    })

const key = ({ arm, measured, settings }: Course, arms: ArmNames): Markup => {
  const band = (name: string) => areaSwatch(name, armClass(arms, arm))
  const rests = (which: Analysis) => which === settings.analysis && " The verdict rests on this one."
  return html`<ul class="key long-key" aria-label="Signs">
    <li><span>${armLabel(arms, arm)} minus the baseline, in ${svg.AXIS_UNITS[measured.kind]}</span></li>
    <li>${band("any-look")} Outer band: interval that holds however often you look.${rests("sequential")}</li>
    <li>${band("one-look")} Inner band: interval for a single look.${rests("fixed")}</li>
    <li>${bandSwatch} Shaded: too little to matter</li>
  </ul>`
}
