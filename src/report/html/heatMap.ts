/** How a rate differs by day and hour: a table per arm whose cells are shaded and hold rate and number of calls. */
import type { HeatMap } from "../../compare/Comparison.ts"
import * as format from "../../compare/format.ts"
import type { Markup } from "./markup.ts"
import { html } from "./markup.ts"
import type { ArmNames } from "./marks.ts"
import { armLabel } from "./marks.ts"

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const
/** Colour in the cells from the lowest to the highest rate, in percent. */
export const SHADES = [6, 18, 32, 46, 60] as const
/** Below it a rate is mostly chance: its cell is not shaded. */
const FEW = 10

type ArmCells = HeatMap["arms"][number]
type Cell = ArmCells["cells"][number]

/** Nothing if no call has a time. */
export const heatMaps = (heatMap: HeatMap, title: string, arms: ArmNames): Markup | undefined => {
  const cells = heatMap.arms.flatMap((arm) => arm.cells)
  if (cells.length === 0) return undefined
  const shadeOf = shading(cells)
  const hours = cells.map(({ hour }) => hour)
  const [first, last] = [Math.min(...hours), Math.max(...hours)]
  return html`<p class="message">
      ${title} by day and hour of the order (${heatMap.timeZone}): the rate, and below it the number of orders measured.
      The stronger the colour, the higher. Cells of fewer than ${FEW} orders are not shaded: their rate is mostly
      chance. This describes and proves nothing.
    </p>
    <div class="heat-maps">
      ${heatMap.arms.map(({ arm, cells: own }) =>
        own.length === 0
          ? html`<p>${armLabel(arms, arm)} has no order to show.</p>`
          : armTable(arm, own, { arms, first, last, title, shadeOf })
      )}
    </div>`
}

const isMany = ({ n }: Cell): boolean => n >= FEW

/** Equal steps between the lowest and the highest rate of all arms. */
const shading = (cells: ReadonlyArray<Cell>): ((cell: Cell) => string) => {
  const rates = cells.filter(isMany).map(({ n, count }) => count / n)
  const [low, high] = [Math.min(...rates), Math.max(...rates)]
  return (cell) => {
    if (!isMany(cell)) return "few"
    const step = high > low ? Math.floor(((cell.count / cell.n - low) / (high - low)) * SHADES.length) : 0
    return `shade-${Math.min(SHADES.length - 1, step)}`
  }
}

interface TablePlace {
  readonly arms: ArmNames
  readonly first: number
  readonly last: number
  readonly title: string
  readonly shadeOf: (cell: Cell) => string
}

const armTable = (
  arm: string,
  cells: ReadonlyArray<Cell>,
  { arms, first, last, title, shadeOf }: TablePlace
): Markup => {
  const at = new Map(cells.map((cell) => [cell.day * 24 + cell.hour, cell]))
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${title} by day and hour, ${arm}">
    <table class="heat">
      <caption>
        ${armLabel(arms, arm)}
      </caption>
      <thead>
        <tr>
          <th scope="col"><span class="unseen">Hour</span></th>
          ${DAYS.map((day) => html`<th scope="col">${day}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${Array.from({ length: last - first + 1 }, (_, index) => first + index).map(
          (hour) =>
            html`<tr>
              <th scope="row">${String(hour).padStart(2, "0")} h</th>
              ${DAYS.map((_, day) => cellOf(at.get(day * 24 + hour), shadeOf))}
            </tr>`
        )}
      </tbody>
    </table>
  </div>`
}

const cellOf = (cell: Cell | undefined, shadeOf: (cell: Cell) => string): Markup =>
  cell === undefined || cell.n === 0
    ? html`<td class="none"><span class="unseen">no order</span></td>`
    : html`<td class="${shadeOf(cell)}">
        <b>${Math.round((100 * cell.count) / cell.n)}<span class="unit">&#8239;%</span></b>
        <span class="cell-n"><span class="unseen">of </span>${format.countText(cell.n)}</span>
      </td>`
