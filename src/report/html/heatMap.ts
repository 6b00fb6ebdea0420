/** How a rate differs by day and hour: a table per arm whose cells are shaded and hold rate and number of orders. */
import type { HeatMap } from "../../compare/Charts.ts"
import { countText } from "../../compare/format.ts"
import { DAYS } from "../figures/Figure.ts"
import type { Place } from "./chartFrame.ts"
import { html, type Markup } from "./markup.ts"
import { armLabel } from "./marks.ts"

/** Colour in the cells from the lowest to the highest rate, in percent. */
export const SHADES = [6, 18, 32, 46, 60] as const
/** Below it a rate is mostly chance: its cell is not shaded. */
const FEW = 10

type Cell = HeatMap["arms"][number]["cells"][number]

export const heatMaps = (maps: HeatMap["arms"], { title, arms }: Place): Markup => {
  const cells = maps.flatMap((map) => map.cells)
  const shadeOf = shading(cells)
  const hours = cells.map(({ hour }) => hour)
  const first = Math.min(...hours)
  const shown = Array.from({ length: Math.max(...hours) - first + 1 }, (_, index) => first + index)
  const table = (arm: string, own: ReadonlyArray<Cell>): Markup =>
    html`<div class="scroll" role="region" tabindex="0" aria-label="${title}, ${arm}">
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
          ${shown.map(
            (hour) =>
              html`<tr>
                <th scope="row">${String(hour).padStart(2, "0")} h</th>
                ${DAYS.map((_, day) =>
                  cellOf(
                    own.find((cell) => cell.day === day && cell.hour === hour),
                    shadeOf
                  )
                )}
              </tr>`
          )}
        </tbody>
      </table>
    </div>`
  return html`<p class="message">
      In each cell the rate, and below it the number of orders measured. The stronger the colour, the higher. Cells of
      fewer than ${FEW} orders are not shaded: their rate is mostly chance.
    </p>
    <div class="heat-maps">
      ${maps.map(({ arm, cells: own }) =>
        own.length === 0 ? html`<p>${armLabel(arms, arm)} has no order to show.</p>` : table(arm, own)
      )}
    </div>`
}

/** Equal steps between the lowest and the highest rate of all arms. */
const shading = (cells: ReadonlyArray<Cell>): ((cell: Cell) => string) => {
  const rates = cells.filter(({ n }) => n >= FEW).map(({ n, count }) => count / n)
  const [low, high] = [Math.min(...rates), Math.max(...rates)]
  return ({ n, count }) => {
    if (n < FEW) return "few"
    const step = high > low ? Math.floor(((count / n - low) / (high - low)) * SHADES.length) : 0
    return `shade-${Math.min(SHADES.length - 1, step)}`
  }
}

const cellOf = (cell: Cell | undefined, shadeOf: (cell: Cell) => string): Markup =>
  cell === undefined || cell.n === 0
    ? html`<td class="none"><span class="unseen">no order</span></td>`
    : html`<td class="${shadeOf(cell)}">
        <b>${Math.round((100 * cell.count) / cell.n)}<span class="unit">&#8239;%</span></b>
        <span class="cell-n"><span class="unseen">of </span>${countText(cell.n)}</span>
      </td>`
