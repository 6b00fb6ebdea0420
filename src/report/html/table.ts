/** Tables and lists of the outline. A wide table scrolls in its own box, never the page. */
import type { Block, Remark } from "../remark.ts"
import { type Cell, cellText, columnKind, type Table } from "../table.ts"
import { html, type Markup, type Piece, verbatim } from "./markup.ts"
import { armLabel, type ArmNames, verdictBadge } from "./marks.ts"

export const dataTable = (table: Table, arms: ArmNames): Markup => {
  const { title, head, rows } = table
  const side = (column: number): Piece => columnKind(table, column) === "figure" && html`class="number"`
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${title}">
    <table>
      <caption class="unseen">
        ${title}
      </caption>
      <thead>
        <tr>
          ${head.map((text, column) => html`<th scope="col" ${side(column)}>${cellText(text)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(([first = "", ...others]) =>
          others.length === 0
            ? html`<tr>
                <th class="across" scope="rowgroup" colspan="${head.length}">${cellPiece(first, arms)}</th>
              </tr> `
            : html`<tr>
                <th scope="row">${cellPiece(first, arms)}</th>
                ${others.map((cell, index) => html`<td ${side(index + 1)}>${cellPiece(cell, arms)}</td>`)}
              </tr> `
        )}
      </tbody>
    </table>
  </div>`
}

const cellPiece = (cell: Cell, arms: ArmNames): Piece => {
  if (typeof cell === "string") return cell
  if ("arm" in cell) {
    return html`${armLabel(arms, cell.arm)}${cell.note !== undefined && html` <span class="tag">${cell.note}</span>`}`
  }
  return "verdict" in cell ? verdictBadge(cell.verdict) : html`<span class="long">${cellText(cell)}</span>`
}

/** Attributes escape line breaks, and so does `html`: lines are put one after the other. */
const codeBlock = ({ text }: Block): Markup =>
  html`<pre><code>${text.split("\n").map((line, index) => html`${index > 0 && LINE_BREAK}${line}`)}</code></pre>`

const LINE_BREAK = verbatim("\n")

/** Terms and what is said of them. */
export const definitionList = (remarks: ReadonlyArray<Remark>): Markup =>
  html`<dl>
    ${remarks.map(
      ({ about, sentences, blocks = [] }) =>
        html`<div>
          <dt>${about.join("; ")}</dt>
          <dd>${sentences.join(" ")}${blocks.map(codeBlock)}</dd>
        </div>`
    )}
  </dl>`

/** Something that only some readers open. */
export const disclosure = (summary: Piece, content: Piece, open = false): Markup =>
  html`<details ${open && "open"}>
    <summary>${summary}</summary>
    <div class="disclosed">${content}</div>
  </details>`
