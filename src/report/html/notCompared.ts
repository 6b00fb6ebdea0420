/** The metrics of which there is nothing to show, with the reason why: one list instead of a card each. */
import type { Comparison, MetricResult } from "../../compare/Comparison.ts"
import * as format from "../../compare/format.ts"
import { isCompared, SCOPES, whyNotCompared } from "../rules.ts"
import type { Markup, Piece } from "./markup.ts"
import { html } from "./markup.ts"
import { definitionList } from "./table.ts"
import { anchorOf } from "./verdicts.ts"

interface Entry {
  readonly metric: MetricResult
  readonly index: number
  readonly reasons: ReadonlyArray<string>
}

/** By what is measured; metrics with the same reason together. */
export const notComparedList = ({ metrics, data, checks }: Comparison): Piece => {
  const entries = metrics.flatMap((metric, index): ReadonlyArray<Entry> =>
    isCompared(metric) ? [] : [{ metric, index, reasons: whyNotCompared(metric, checks) }]
  )
  return (
    entries.length > 0 &&
    data.orders + data.placements > 0 &&
    html`<h3>Not compared, and why</h3>
      ${SCOPES.map((scope) =>
        scopeList(
          format.scopeText(scope),
          entries.filter(({ metric }) => metric.scope === scope)
        )
      )}`
  )
}

const scopeList = (title: string, entries: ReadonlyArray<Entry>): Piece => {
  const alike = [...Map.groupBy(entries, ({ reasons }) => reasons.join("\n")).values()]
  return (
    entries.length > 0 &&
    html`<h4>${title}</h4>
      <div class="not-compared">
        ${definitionList(alike.map((same) => [titles(same), reasonText(same[0]?.reasons ?? [])]))}
      </div>`
  )
}

const titles = (entries: ReadonlyArray<Entry>): Markup =>
  html`${entries.map(
    ({ metric, index }, place) =>
      html`${place > 0 && ", "}<span id="${anchorOf(index)}"
          >${metric.title}${metric.role !== "secondary" && html` <span class="tag">${format.roleText(metric.role)}</span>`}</span
        >`
  )}`

const reasonText = (reasons: ReadonlyArray<string>): Markup => html`${reasons.map((reason) => html`<p>${reason}</p>`)}`
