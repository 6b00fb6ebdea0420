/** Bars of all arms, in groups one below the other: how far orders came, why attempts failed. */
import { scaleLinear } from "d3-scale"
import * as format from "../../compare/format.ts"
import { drawing, isRoving } from "./chartFrame.ts"
import type { Markup } from "./markup.ts"
import { html } from "./markup.ts"
import type { ArmNames } from "./marks.ts"
import { armClass, lookOf, mark, percentOf, shape } from "./marks.ts"

export interface Bar {
  readonly arm: string
  readonly count: number
  /** What the count is a share of. */
  readonly of: number
}

export interface BarGroup {
  readonly title: string
  /** Said beside the title; its bars are hatched. */
  readonly caution?: string
  readonly bars: ReadonlyArray<Bar>
}

const TITLE = 22
const BAR = 22
const GAP = 10
/** Right of it is the place of the longest bar's figures, left of the bars that of the shapes. */
const LONGEST = 62
const LEFT = 20

export const shareOf = ({ count, of }: Bar): number | undefined => (of > 0 ? count / of : undefined)

/** "417 of 1,190 (35.0 %)". */
export const shareText = (bar: Bar): string =>
  `${format.countText(bar.count)} of ${format.countText(bar.of)} (${format.figure("rate", shareOf(bar))})`

export const barChart = (label: string, groups: ReadonlyArray<BarGroup>, arms: ArmNames): Markup => {
  const longest = Math.max(...groups.flatMap(({ bars }) => bars.map((bar) => shareOf(bar) ?? 0)), 0)
  const scale = scaleLinear([0, longest === 0 ? 1 : longest], [0, LONGEST])
  const marks = groups.reduce((sum, { bars }) => sum + bars.length, 0)
  const heights = groups.map(({ bars }) => TITLE + bars.length * BAR + GAP)
  const tops = heights.map((_, index) => heights.slice(0, index).reduce((sum, height) => sum + height, 0))
  const total = heights.reduce((sum, height) => sum + height, 0)
  const content = groups.map(
    (group, groupIndex) =>
      html`<text class="row-label" x="0" y="${(tops[groupIndex] ?? 0) + 15}"
          >${group.title}${group.caution !== undefined && html`<tspan class="caution" dx="6">${group.caution}</tspan>`}</text
        >${group.bars.map((bar, index) =>
          barMark(group, bar, {
            arms,
            width: scale(shareOf(bar) ?? 0),
            top: (tops[groupIndex] ?? 0) + TITLE + index * BAR,
            reachable: !isRoving(marks) || (groupIndex === 0 && index === 0)
          })
        )}`
  )
  return drawing(label, total, marks, content)
}

const barMark = (
  { title, caution }: BarGroup,
  bar: Bar,
  {
    arms,
    width,
    top,
    reachable
  }: { readonly arms: ArmNames; readonly width: number; readonly top: number; readonly reachable: boolean }
): Markup => {
  const lines = [`${bar.arm}, ${title}`, shareText(bar), ...(caution === undefined ? [] : [caution])]
  const fill = caution === undefined ? "bar" : `bar hatch-${lookOf(arms, bar.arm)}`
  return mark(
    lines,
    html`<rect class="hit" x="0" width="100%" y="${top}" height="${BAR}" />${shape(arms, bar.arm, 8, top + BAR / 2)}<svg
        x="${LEFT}"
        y="${top}"
        class="shape"
      >
        <rect class="${fill}" x="0" y="3" width="${percentOf(width)}" height="${BAR - 6}" />
        <text class="bar-label" x="${percentOf(width)}" dx="6" y="${BAR / 2 + 4}">
          ${format.figure("rate", shareOf(bar))} · ${format.countText(bar.count)}
        </text>
      </svg>`,
    armClass(arms, bar.arm),
    reachable
  )
}
