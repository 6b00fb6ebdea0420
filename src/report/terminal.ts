/** A comparison for people at a terminal: what came of it first, figures after, and no claim without its doubts. */
import type { Check, Comparison, VerdictWord } from "../compare/Comparison.ts"
import { plain, verdictText } from "../compare/format.ts"
import { type Cell, columns, type Paint, paragraph, shortened } from "./layout.ts"
import { type ArmTable, type MetricRow, outlineOf, type Remark } from "./outline.ts"

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
const WIDEST_DIFFERENCE = 22
const WIDEST_VERDICT = 14

const ESCAPE = "\u001B["

type Colour = "bold" | "dim" | "red" | "green" | "yellow"

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const satisfies Record<Colour, number>

type Palette = { readonly [colour in Colour]: Paint }

const paletteOf = (color: boolean): Palette => {
  const paint =
    (colour: Colour): Paint =>
    (text) =>
      color ? `${ESCAPE}${CODES[colour]}m${text}${ESCAPE}0m` : text
  return { bold: paint("bold"), dim: paint("dim"), red: paint("red"), green: paint("green"), yellow: paint("yellow") }
}

const VERDICT_COLOURS = {
  better: "green",
  worse: "red",
  no_meaningful_difference: "bold",
  not_enough_data: "dim",
  not_comparable: "yellow"
} as const satisfies Record<VerdictWord, Colour>

const CHECKS = {
  failed: { word: "FAILED ", colour: "red" },
  warning: { word: "warning", colour: "yellow" },
  passed: { word: "passed ", colour: "green" }
} as const satisfies Record<Check["outcome"], { readonly word: string; readonly colour: Colour }>

/** The first word of each paragraph is painted after it has been laid out: colours have no width. */
const checkLine = ({ outcome, sentence }: Check, width: number, palette: Palette): string => {
  const { word, colour } = CHECKS[outcome]
  const text = paragraph(sentence, width, `  ${word}  `)
  return text.replace(word, palette[colour](word))
}

const cells = (parts: ReadonlyArray<string>, paint?: Paint): Cell =>
  paint === undefined ? { parts: parts.map(plain) } : { parts: parts.map(plain), paint }

const rowCells = ({ title, mark, figures, difference, verdict }: MetricRow, palette: Palette): ReadonlyArray<Cell> => [
  cells([`${title}${mark}`]),
  ...figures.map((parts) => cells(parts)),
  ...(difference === undefined
    ? []
    : [
        cells(difference),
        cells([verdictText(verdict)], verdict === undefined ? palette.dim : palette[VERDICT_COLOURS[verdict]])
      ])
]

const tableText = ({ arms, groups }: ArmTable, width: number, palette: Palette): string => {
  const header = [
    "METRIC",
    ...arms.map((name) => shortened(plain(name), ARM_NAME)),
    ...(arms.length > 1 ? ["DIFFERENCE", "VERDICT"] : [])
  ]
  return columns(
    [
      header.map((text) => cells([text], palette.bold)),
      ...groups.flatMap(({ heading, rows }) => [
        [cells([heading], palette.dim)],
        ...rows.map((row) => rowCells(row, palette))
      ])
    ],
    [...arms.map(() => WIDEST_FIGURE), WIDEST_DIFFERENCE, WIDEST_VERDICT].slice(0, header.length - 1),
    width
  )
}

/** A comparison as text for a terminal. */
export const renderTerminal = (comparison: Comparison, { width: asked, color }: TerminalOptions): string => {
  const width = Math.max(NARROWEST, asked)
  const textWidth = Math.min(width, WIDEST_TEXT)
  const palette = paletteOf(color)
  const outline = outlineOf(comparison)

  const section = (heading: string, body: string): string => (body === "" ? "" : `${palette.bold(heading)}\n${body}`)
  const sentences = (texts: ReadonlyArray<string>, lead: string): string =>
    texts.map((text) => paragraph(text, textWidth, lead)).join("")
  const remark = ({ metrics, sentences: texts }: Remark): string =>
    metrics.length === 0
      ? sentences(texts, "  ")
      : `${paragraph(`${metrics.join("; ")}:`, textWidth, "  ")}${sentences(texts, "    ")}`

  return [
    sentences(comparison.headline, ""),
    section("Checks", outline.checks.map((check) => checkLine(check, textWidth, palette)).join("")),
    ...outline.tables.map((table) => tableText(table, width, palette)),
    sentences(outline.legend, "  "),
    ...outline.sections.map(({ heading, remarks }) => section(heading, remarks.map(remark).join("")))
  ]
    .filter((part) => part !== "")
    .join("\n")
}
