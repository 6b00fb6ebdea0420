/** Bars of all arms, in groups one below the other: how far orders came, why attempts failed. */
import { scaleLinear } from "d3-scale"
import { countText } from "../../compare/format.ts"
import type { BarGroup } from "../figures/Figure.ts"
import { shareText } from "../figures/shares.ts"
import { drawing, type Place } from "./chartFrame.ts"
import { html, type Markup } from "./markup.ts"
import { armClass, armKey, lookOf, marksOf, shape } from "./marks.ts"
import * as svg from "./svg.ts"

const TITLE = 22
const BAR = 22
const GAP = 10
/** Right of it is the place of the longest bar's figures, left of the bars that of the shapes. */
const LONGEST = 62
const LEFT = 20

export const barChart = (groups: ReadonlyArray<BarGroup>, { title, arms, lines }: Place): Markup => {
  const share = ({ count, of }: BarGroup["bars"][number]): number => (of > 0 ? count / of : 0)
  const longest = Math.max(...groups.flatMap(({ bars }) => bars.map(share)), 0)
  const scale = scaleLinear([0, longest === 0 ? 1 : longest], [0, LONGEST])
  const mark = marksOf(lines)
  let bottom = -GAP
  const content = groups.map((group) => {
    bottom += GAP + TITLE
    const caution = group.caution !== undefined && html`<tspan class="caution" dx="6">${group.caution}</tspan>`
    const titled = svg.label("row-label", 0, bottom - 7, html`${group.title}${caution}`)
    const bars = group.bars.map((bar) => {
      const top = bottom
      bottom += BAR
      const width = svg.percentOf(scale(share(bar)))
      const fill = group.caution === undefined ? "bar" : `bar hatch-${lookOf(arms, bar.arm)}`
      return mark(
        html`${svg.rect("hit", [0, "100%"], [top, BAR])} ${shape(arms, bar.arm, 8, top + BAR / 2)}
          <svg x="${LEFT}" y="${top}" class="shape">
            ${svg.rect(fill, [0, width], [3, BAR - 6])}
            <text class="bar-label" x="${width}" dx="6" y="${BAR / 2 + 4}">
              ${shareText(bar)} · ${countText(bar.count)}
            </text>
          </svg>`,
        armClass(arms, bar.arm)
      )
    })
    return html`${titled}${bars}`
  })
  const shown = [...new Set(groups.flatMap(({ bars }) => bars.map(({ arm }) => arm)))]
  return html`${armKey(arms, shown)} ${drawing(title, bottom + GAP, lines.length, content)}`
}
