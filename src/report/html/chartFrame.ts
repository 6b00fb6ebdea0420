/** The frame of every chart: its title, what it says in a sentence, the drawing, and all its numbers as a table. */
import type { Markup, Piece } from "./markup.ts"
import { html } from "./markup.ts"
import { disclosure } from "./table.ts"

interface Chart {
  /** Unique on the page; letters, digits and dashes of our own, never of the data. */
  readonly id: string
  readonly title: string
  /** What is to be seen, in a sentence. */
  readonly message: Piece
  /** Explains shapes and colours. */
  readonly key?: Piece
  readonly drawing: Piece
  /** All its numbers. */
  readonly table: Piece
  /** Where the heading above is not the title already; else it is only read out. */
  readonly showsTitle?: boolean
}

export const chart = ({ id, title, message, key, drawing, table, showsTitle }: Chart): Markup =>
  html`<figure aria-labelledby="${id}-title" aria-describedby="${id}-message">
    <figcaption>
      <span id="${id}-title" class="${showsTitle === true ? "chart-title" : "unseen"}">${title}</span>
      <p id="${id}-message" class="message">${message}</p>
    </figcaption>
    ${key} ${drawing} ${disclosure("All numbers of this chart", table)}
  </figure>`

/** More marks than this are stepped through by the arrow keys: one stop for the tab key, not dozens. */
const MOST_STOPS = 12

export const isRoving = (marks: number): boolean => marks > MOST_STOPS

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
