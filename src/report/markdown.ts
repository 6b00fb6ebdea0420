/** A comparison for a pull request or a wiki: GitHub's Markdown without HTML, in the same order as at a terminal. */
import type { Check, Comparison } from "../compare/Comparison.ts"
import { outcomeText, plain, verdictText } from "../compare/format.ts"
import { type ArmTable, type MetricRow, outlineOf, type Parts, type Remark } from "./outline.ts"

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
const cell = ([figure = "", ...more]: Parts): string =>
  more.length === 0 ? escaped(figure) : `${escaped(figure)} (${escaped(more.join(" "))})`

const row = ({ title, mark, figures, difference, verdict }: MetricRow): string =>
  line([
    escaped(`${title}${mark}`),
    ...figures.map(cell),
    ...(difference === undefined ? [] : [cell(difference), escaped(verdictText(verdict))])
  ])

const tables = ({ arms, groups }: ArmTable): ReadonlyArray<string> => {
  const others = arms.length > 1 ? ["Difference", "Verdict"] : []
  const header = line(["Metric", ...arms.map(escaped), ...others])
  const alignment = line(["---", ...arms.map(() => "--:"), ...others.map(() => "---")])
  const [baseline = "", ...compared] = arms
  return [
    `### ${[...compared, baseline].map(escaped).join(" against ")}`,
    ...groups.flatMap(({ heading, rows }) => [
      `**${escaped(heading)}**`,
      [header, alignment, ...rows.map(row)].join("\n")
    ])
  ]
}

const list = (items: ReadonlyArray<string>): string => items.map((item) => `- ${item}`).join("\n")

const remark = ({ metrics, sentences }: Remark): string =>
  `${metrics.length === 0 ? "" : `**${escaped(metrics.join("; "))}**: `}${escaped(sentences.join(" "))}`

const check = ({ outcome, sentence }: Check): string => `**${outcomeText(outcome)}**: ${escaped(sentence)}`

/** A comparison as a Markdown document. */
export const renderMarkdown = (comparison: Comparison): string => {
  const outline = outlineOf(comparison)
  const section = (heading: string, items: ReadonlyArray<string>): ReadonlyArray<string> =>
    items.length === 0 ? [] : [`### ${heading}`, list(items)]
  const blocks = [
    "## Comparison",
    ...comparison.headline.map(escaped),
    ...section("Checks", outline.checks.map(check)),
    ...outline.tables.flatMap(tables),
    ...(outline.legend.length === 0 ? [] : [outline.legend.map(escaped).join(" ")]),
    ...outline.sections.flatMap(({ heading, remarks }) => section(heading, remarks.map(remark)))
  ]
  return `${blocks.join("\n\n")}\n`
}
