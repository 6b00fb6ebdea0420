/** A comparison for a pull request or a wiki: GitHub's Markdown without HTML, in the same order as at a terminal. */
import type { Comparison } from "../compare/Comparison.ts"
import { outcomeText, plain } from "../compare/format.ts"
import { armTables } from "./armTables.ts"
import { remarksOnFigures } from "./figures/index.ts"
import { remarksOf } from "./notes.ts"
import type { Block, Remark } from "./remark.ts"
import { type Brief, type Layout, layOut, outlineOf } from "./outline.ts"
import { type Cell, columnKind, partsOf, type Table } from "./table.ts"

const MARKUP = /[\\`*_[\]<>|~&$#]/gu

/** GitHub looks for these in the finished text, where a backslash is gone already: a word joiner is not seen and stays. */
const MADE_A_LINK = /@(?=\w)|#(?=\d)|:(?=\/\/)|(?<=\bwww)\./giu
const WORD_JOINER = "\u2060"

/** Text of others as nothing but text, wherever it stands. */
export const escaped = (text: string): string =>
  plain(text)
    .replace(MADE_A_LINK, `$&${WORD_JOINER}`)
    .replace(MARKUP, "\\$&")
    .replace(/^(\s*)([-+=])(?=[-+=\s]|$)/u, "$1\\$2")
    .replace(/^(\s*\d+)([.)])(?=\s|$)/u, "$1\\$2")

const line = (cells: ReadonlyArray<string>): string => `| ${cells.join(" | ")} |`

/** A figure and its number, a difference and its interval: two columns each would be too many. */
const cellText = (cell: Cell): string => {
  const [first = "", ...more] = partsOf(cell)
  return more.length === 0 ? escaped(first) : `${escaped(first)} (${escaped(more.join(" "))})`
}

const tableText = (table: Table): string => {
  const { head, rows } = table
  const isNumber = (column: number) => ["figure", "parts"].includes(columnKind(table, column))
  return [
    head.map(cellText),
    head.map((_, column) => (isNumber(column) ? "--:" : "---")),
    ...rows.map((row) =>
      row.length === 1
        ? head.map((_, column) =>
            row
              .slice(column, column + 1)
              .map((cell) => `**${cellText(cell)}**`)
              .join("")
          )
        : row.map(cellText)
    )
  ]
    .map(line)
    .join("\n")
}

const section = (heading: string, ...blocks: ReadonlyArray<string>): ReadonlyArray<string> =>
  blocks.every((block) => block === "") ? [] : [`### ${escaped(heading)}`, ...blocks]

const list = (items: ReadonlyArray<string>): string => items.map((item) => `- ${item}`).join("\n")

/** Nothing within ends the block: the fence is longer than any run of its characters. */
const fenced = ({ language, text }: Block): string => {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/gu), ([run]) => run.length))
  const fence = "`".repeat(longest + 1)
  return [`${fence}${language}`, ...text.split("\n").map(plain), fence].map((each) => `  ${each}`.trimEnd()).join("\n")
}

const remarks = (all: ReadonlyArray<Remark>): string =>
  list(
    all.map(({ about, sentences, blocks = [] }) =>
      [
        `${about.length === 0 ? "" : `**${escaped(about.join("; "))}**: `}${escaped(sentences.join(" "))}`,
        ...blocks.map(fenced)
      ].join("\n\n")
    )
  )

const paragraph = (sentences: ReadonlyArray<string>): ReadonlyArray<string> =>
  sentences.length === 0 ? [] : [sentences.map(escaped).join(" ")]

const LAYOUT: Layout<ReadonlyArray<string>> = {
  title: ({ name, about }) => [`## ${escaped(name)}`, escaped(about)],
  headline: (sentences) => sentences.map(escaped),
  checks: (checks) =>
    section(
      "Checks",
      list(
        checks.map(
          ({ outcome, title, sentence }) => `**${outcomeText(outcome)}**: ${escaped(title)}. ${escaped(sentence)}`
        )
      )
    ),
  metrics: (metrics) => [
    ...armTables(metrics).flatMap((table) => [`### ${escaped(table.title)}`, tableText(table)]),
    ...paragraph([...(metrics.whyNone === undefined ? metrics.counts : [metrics.whyNone]), ...metrics.legend])
  ],
  topics: (topics) => topics.flatMap((topic) => section(topic.heading, remarks(remarksOf(topic)))),
  figures: ({ heading, ...figures }) => section(heading, remarks(remarksOnFigures(figures))),
  sections: (sections) =>
    sections.flatMap(({ heading, table, remarks: all }) =>
      section(heading, ...(table === undefined ? [] : [tableText(table)]), remarks(all))
    )
}

/** A comparison as a Markdown document. */
export const renderMarkdown = (comparison: Comparison): string =>
  `${layOut(outlineOf(comparison), LAYOUT).flat().join("\n\n")}\n`

/** A report without metrics and figures as a Markdown document. */
export const renderBriefMarkdown = ({ title, headline, sections }: Brief): string =>
  `${[LAYOUT.title(title), LAYOUT.headline(headline), LAYOUT.sections(sections)].flat().join("\n\n")}\n`
