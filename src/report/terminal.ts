/** A comparison for people at a terminal: what came of it first, figures after, and no claim without its doubts. */
import type { Check, Comparison } from "../compare/Comparison.ts"
import { plain } from "../compare/format.ts"
import type { ShownWord } from "../compare/verdictWords.ts"
import { armTables } from "./armTables.ts"
import { type Cell, columns, type Paint, paragraph, shortened } from "./layout.ts"
import { remarksOf } from "./notes.ts"
import type { Remark } from "./remark.ts"
import { type Brief, type Layout, layOut, outlineOf } from "./outline.ts"
import { remarksOnFigures } from "./figures/index.ts"
import { type Cell as TableCell, columnKind, partsOf, type Table } from "./table.ts"

/** What the terminal is like. */
export interface TerminalOptions {
  /** Cells in a line; 80 at the least. */
  readonly width: number
  /** Whether the terminal shows colours. */
  readonly color: boolean
}

const NARROWEST = 80
/** Longer lines are hard to read. */
const WIDEST_TEXT = 100
const ARM_NAME = 12
/** Figures, difference, verdict: nearly all fit in, and with the narrowest metric they fit in a line. */
const WIDEST_FIGURE = 12
const WIDEST = { parts: 22, verdict: 14, words: 16, figure: 8 } as const

const ESCAPE = "\u001B["

type Colour = "bold" | "dim" | "red" | "green" | "yellow"

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const satisfies Record<Colour, number>

type Palette = (colour: Colour) => Paint

const paletteOf =
  (color: boolean): Palette =>
  (colour) =>
  (text) =>
    color ? `${ESCAPE}${CODES[colour]}m${text}${ESCAPE}0m` : text

const VERDICT_COLOURS = {
  better: "green",
  worse: "red",
  higher: "bold",
  lower: "bold",
  not_worse: "bold",
  not_higher: "bold",
  not_lower: "bold",
  no_meaningful_difference: "bold",
  not_enough_data: "dim",
  not_comparable: "yellow",
  described: "dim"
} as const satisfies Record<ShownWord, Colour>

const CHECKS = {
  failed: { word: "FAILED ", colour: "red" },
  warning: { word: "warning", colour: "yellow" },
  passed: { word: "passed ", colour: "green" }
} as const satisfies Record<Check["outcome"], { readonly word: string; readonly colour: Colour }>

const cellOf = (parts: ReadonlyArray<string>, paint?: Paint): Cell =>
  paint === undefined ? { parts: parts.map(plain) } : { parts: parts.map(plain), paint }

const plainLines = (text: string, indent: string): string =>
  text
    .split("\n")
    .map((each) => `${indent}${plain(each)}`.trimEnd())
    .map((each) => `${each}\n`)
    .join("")

/** Of a column after the first where its cells do not fit beside each other. */
const widestOf = (table: Table, column: number): number =>
  typeof table.head[column] === "object" ? WIDEST_FIGURE : WIDEST[columnKind(table, column)]

const tableText = (table: Table, width: number, palette: Palette): string => {
  const paintOf = (cell: TableCell): Paint | undefined => {
    if (typeof cell === "string" || !("verdict" in cell)) return undefined
    return palette(VERDICT_COLOURS[cell.verdict.word])
  }
  const header = table.head.map((cell) =>
    cellOf([typeof cell === "string" ? cell.toUpperCase() : shortened(plain(cell.arm), ARM_NAME)], palette("bold"))
  )
  const rows = table.rows.map((row) =>
    row.map((cell) => cellOf(partsOf(cell), row.length === 1 ? palette("dim") : paintOf(cell)))
  )
  const widest = header.slice(1).map((_, index) => widestOf(table, index + 1))
  return columns([header, ...rows], widest, width)
}

const layoutFor = (width: number, palette: Palette): Layout<string> => {
  const textWidth = Math.min(width, WIDEST_TEXT)
  const section = (heading: string, body: string): string => (body === "" ? "" : `${palette("bold")(heading)}\n${body}`)
  const sentences = (texts: ReadonlyArray<string>, lead: string): string =>
    texts.map((text) => paragraph(text, textWidth, lead)).join("")
  /** Short ones in a line, others below what they are about. */
  const remark = ({ about, sentences: texts, blocks = [] }: Remark): string => {
    // Lines to copy are not wrapped.
    const copied = blocks.length === 0 ? "" : `\n${blocks.map(({ text }) => plainLines(text, "      ")).join("\n")}\n`
    if (about.length === 0) return `${sentences(texts, "  ")}${copied}`
    const [subject, whole] = [`${about.join("; ")}:`, `${about.join("; ")}: ${texts.join(" ")}`]
    return whole.length < textWidth - 2
      ? `${paragraph(whole, textWidth, "  ")}${copied}`
      : `${paragraph(subject, textWidth, "  ")}${sentences(texts, "    ")}${copied}`
  }
  const remarks = (all: ReadonlyArray<Remark>): string => all.map(remark).join("")
  return {
    // The answer comes first, and its sentences name the arms.
    title: () => "",
    headline: (texts) => sentences(texts, ""),
    checks: (checks) =>
      section(
        "Checks",
        checks
          .map(({ outcome, title, sentence }) => {
            const { word, colour } = CHECKS[outcome]
            // Painted after it has been laid out: colours have no width.
            return paragraph(`${title}. ${sentence}`, textWidth, `  ${word}  `).replace(word, palette(colour)(word))
          })
          .join("")
      ),
    metrics: (metrics) =>
      [
        ...armTables(metrics).map((table) => tableText(table, width, palette)),
        sentences([...(metrics.whyNone === undefined ? metrics.counts : [metrics.whyNone]), ...metrics.legend], "  ")
      ].join("\n"),
    topics: (topics) => topics.map((topic) => section(topic.heading, remarks(remarksOf(topic)))).join("\n"),
    figures: ({ heading, ...figures }) => section(heading, remarks(remarksOnFigures(figures))),
    sections: (sections) =>
      sections
        .map(({ heading, table, remarks: all }) =>
          section(heading, `${table === undefined ? "" : tableText(table, width, palette)}${remarks(all)}`)
        )
        .join("\n")
  }
}

const terminalLayout = ({ width, color }: TerminalOptions): Layout<string> =>
  layoutFor(Math.max(NARROWEST, width), paletteOf(color))

const joined = (parts: ReadonlyArray<string>): string => parts.filter((part) => part !== "").join("\n")

/** A comparison as text for a terminal. */
export const renderTerminal = (comparison: Comparison, options: TerminalOptions): string =>
  joined(layOut(outlineOf(comparison), terminalLayout(options)))

/** A report without metrics and figures as text for a terminal. */
export const renderBriefTerminal = (
  { title: { name, about }, headline, sections }: Brief,
  options: TerminalOptions
): string => {
  const layout = terminalLayout(options)
  return joined([layout.headline([`${name}. ${about}`, ...headline]), layout.sections(sections)])
}
