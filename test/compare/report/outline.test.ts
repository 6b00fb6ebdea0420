/** What the outline says, every report says: a sentence is written once and laid out three times. */
import { describe, expect, it } from "vitest"
import type { Comparison } from "../../../src/compare/Comparison.ts"
import { html } from "../../../src/report/html/markup.ts"
import { renderHtml } from "../../../src/report/html/page.ts"
import { renderMarkdown } from "../../../src/report/markdown.ts"
import { outlineOf } from "../../../src/report/outline.ts"
import { renderTerminal } from "../../../src/report/terminal.ts"
import { textOf } from "./html/pageText.ts"
import { sampleComparisons } from "./sampleComparisons.ts"

const samples: ReadonlyArray<readonly [name: string, comparison: Comparison]> = Object.entries(sampleComparisons)

/** Letters and digits alone: lines are broken and characters escaped in each report's own way. */
const bare = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, "")

const reports: ReadonlyArray<readonly [name: string, render: (comparison: Comparison) => string]> = [
  ["terminal", (comparison) => bare(renderTerminal(comparison, { width: 80, color: false }))],
  ["Markdown", (comparison) => bare(renderMarkdown(comparison))],
  ["HTML", (comparison) => bare(textOf(renderHtml(comparison)))]
]

/** Everything that an outline says in sentences and headings. */
const saidIn = (comparison: Comparison): ReadonlyArray<string> => {
  const { headline, checks, metrics, topics, figures, sections } = outlineOf(comparison)
  return [
    ...headline,
    ...checks.flatMap(({ title, sentence }) => [title, sentence]),
    ...metrics.all.map(({ title }) => title),
    ...metrics.legend,
    ...(metrics.whyNone === undefined ? metrics.counts : [metrics.whyNone]),
    ...topics.flatMap(({ heading, notes, general }) => [
      heading,
      ...general,
      ...notes.flatMap(({ sentences }) => sentences)
    ]),
    ...figures.figures.flatMap(({ title, message }) => [title, ...message]),
    ...sections.flatMap(({ heading, remarks }) => [
      heading,
      ...remarks.flatMap(({ about, sentences }) => [...about, ...sentences])
    ])
  ]
}

it.each(reports)("the balance of the arms is in the %s report, with its words", (name, render) => {
  const report = render(sampleComparisons.rich)
  const cells = [
    "Time of day of the order",
    "Wait for the first dial",
    "within a minute",
    "What arms make of their orders"
  ]
  expect(cells.filter((cell) => !report.includes(bare(cell)))).toEqual([])
  // In a terminal the cells of a row stand beside each other.
  if (name !== "terminal") expect(report).toContain(bare("revring 71.0 % revox 98.0 % Yes"))
  expect(render(sampleComparisons.empty)).not.toContain(bare("Whether the arms have the same calls"))
})

describe.each(samples)("the outline of %s", (_, comparison) => {
  it.each(reports)("is said in full by the %s report", (name, render) => {
    const report = render(comparison)
    const asSeen = (text: string): string => bare(name === "HTML" ? textOf(html`${text}`.markup) : text)
    expect(saidIn(comparison).filter((text) => !report.includes(asSeen(text)))).toEqual([])
  })
})
