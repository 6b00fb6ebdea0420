/** Tables of figures. A wide one scrolls in its own box, never the page. */
import type { Markup, Piece } from "./markup.ts"
import { html } from "./markup.ts"

interface Column {
  readonly title: string
  /** Numbers stand at the right. */
  readonly numeric?: boolean
}

/** The first cell of each row names the row. `label` is read out and not shown. */
export const dataTable = (
  label: string,
  columns: ReadonlyArray<Column>,
  rows: ReadonlyArray<ReadonlyArray<Piece>>
): Markup =>
  html`<div class="scroll" role="region" tabindex="0" aria-label="${label}">
    <table>
      <caption class="unseen">
        ${label}
      </caption>
      <thead>
        <tr>
          ${columns.map(({ title, numeric }) => html`<th scope="col" ${classOf(numeric)}>${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([first, ...others]) =>
            html`<tr>
              <th scope="row">${first}</th>
              ${others.map((cell, index) => html`<td ${classOf(columns[index + 1]?.numeric)}>${cell}</td>`)}
            </tr> `
        )}
      </tbody>
    </table>
  </div>`

const classOf = (numeric: boolean | undefined): Piece => numeric === true && html`class="number"`

/** Terms and what they are; rows without a value are left out. */
export const definitionList = (rows: ReadonlyArray<readonly [Piece, Piece]>): Markup =>
  html`<dl>
    ${rows
      .filter(([, value]) => value !== undefined && value !== false)
      .map(
        ([term, value]) =>
          html`<div>
            <dt>${term}</dt>
            <dd>${value}</dd>
          </div>`
      )}
  </dl>`

/** Something that only some readers open. */
export const disclosure = (summary: Piece, content: Piece, open = false): Markup =>
  html`<details ${open && "open"}>
    <summary>${summary}</summary>
    <div class="disclosed">${content}</div>
  </details>`
