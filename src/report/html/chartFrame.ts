/** The frame of every chart: its title, what it says in sentences, the drawing, and all its numbers as a table. */
import type { Table } from "../table.ts"
import { html, type Markup, type Piece } from "./markup.ts"
import { type ArmNames, isRoving } from "./marks.ts"
import { dataTable, disclosure } from "./table.ts"

interface Chart {
  /** Unique on the page; letters, digits and dashes of our own, never of the data. */
  readonly id: string
  readonly arms: ArmNames
  readonly title: string
  /** A title that is not shown is read out. */
  readonly isTitled?: boolean
  readonly message: ReadonlyArray<string>
  readonly drawing: Piece
  readonly table: Table
}

export const chart = ({ id, arms, title, isTitled = true, message, drawing: drawn, table }: Chart): Markup =>
  html`<figure aria-labelledby="${id}-title" aria-describedby="${id}-message">
    <figcaption>
      ${isTitled ? html`<h3 id="${id}-title">${title}</h3>` : html`<span id="${id}-title" class="unseen">${title}</span>`}
      <p id="${id}-message" class="message">${message.join(" ")}</p>
    </figcaption>
    ${drawn} ${table.rows.length > 0 && disclosure("All numbers of this chart", dataTable(table, arms))}
  </figure>`

/** What drawings have in common. */
export interface Place {
  readonly title: string
  readonly arms: ArmNames
  /** The numbers of each mark. */
  readonly lines: ReadonlyArray<ReadonlyArray<string>>
}

/** A drawing as wide as its place and `height` pixels high. `marks`: how many can be focused. */
export const drawing = (label: string, height: number, marks: number, content: Piece): Markup =>
  html`<svg
    class="chart"
    width="100%"
    height="${height}"
    role="group"
    aria-label="${isRoving(marks) ? `${label}. The arrow keys move between its marks.` : label}"
    ${isRoving(marks) && "data-roving"}
  >
    ${content}
  </svg>`
