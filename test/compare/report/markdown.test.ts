import { describe, expect, it } from "vitest"
import type { Comparison } from "../../../src/compare/Comparison.ts"
import { escaped, renderMarkdown } from "../../../src/report/markdown.ts"
import { sampleComparisons } from "./sampleComparisons.ts"

const samples: ReadonlyArray<readonly [name: string, comparison: Comparison]> = Object.entries(sampleComparisons)

const linesOf = (text: string): ReadonlyArray<string> => text.split("\n")

/** Cells of a table's line: a bar after a backslash is text. */
const cellsOf = (line: string): ReadonlyArray<string> =>
  line
    .split(/(?<!\\)(?:\\\\)*\|/u)
    .slice(1, -1)
    .map((cell) => cell.trim())

/** What a reader sees: escapes taken away. */
const read = (text: string): string => text.replace(/\\([!-/:-@[-`{-~])/gu, "$1")

const renamed = (comparison: Comparison, from: string, to: string): Comparison =>
  JSON.parse(JSON.stringify(comparison).replaceAll(JSON.stringify(from), JSON.stringify(to)))

/** Characters that begin markup, where no backslash stands before them. */
const bare = (text: string, characters: RegExp): ReadonlyArray<string> =>
  text.replace(/\\[!-/:-@[-`{-~]/gu, "").match(characters) ?? []

describe.each(samples)("a comparison in Markdown: %s", (_, comparison) => {
  const text = renderMarkdown(comparison)

  it("has the headline before everything else", () => {
    const [title, , ...paragraphs] = text.split("\n\n")
    expect(title).toMatch(/^## /u)
    expect(paragraphs.slice(0, comparison.headline.length).map(read)).toEqual(comparison.headline)
  })

  it("has tables of which every line has the cells of the header", () => {
    const tables = text.split("\n\n").filter((block) => block.startsWith("|"))
    for (const table of tables) {
      const [header = "", alignment = "", ...rows] = linesOf(table)
      expect(cellsOf(alignment)).toHaveLength(cellsOf(header).length)
      for (const cell of cellsOf(alignment)) expect(cell).toMatch(/^-+:?$/u)
      expect(rows.length).toBeGreaterThan(0)
      for (const row of rows) expect(cellsOf(row)).toHaveLength(cellsOf(header).length)
    }
    expect(tables.some((table) => table.startsWith("| Metric"))).toBe(
      comparison.metrics.some(({ definition }) => definition !== undefined)
    )
  })

  it("holds no HTML", () => {
    expect(bare(text, /[<>&]/gu)).toEqual([])
  })
})

describe("Markdown", () => {
  const { rich, hostile, sampleRatioFailure } = sampleComparisons

  it("has a metric, what each arm comes to, the difference with its interval and the verdict in a row", () => {
    const row = linesOf(renderMarkdown(rich)).find((line) => line.startsWith("| Human reached"))
    expect(cellsOf(row ?? "")).toEqual([
      String.raw`Human reached\*`,
      "35.0 % (of 1,190)",
      "43.0 % (of 1,196)",
      "+7.9 points (+2.1 to +13.7 points)",
      "Better"
    ])
  })

  it("says what failed, what is not compared and why, and what was left out", () => {
    expect(renderMarkdown(sampleRatioFailure)).toContain(
      "- **Failed**: Split between arms. The arms do not have the persons"
    )
    const text = renderMarkdown(rich)
    expect(text).toContain(
      "- **Call screening (first attempts)**: revring does not tell call screening apart from a person or a voicemail."
    )
    expect(text).toContain("143 left out: inbound calls")
    expect(text).toContain("Better becomes Not enough data")
    expect(text).toContain("revox 11 still open and 4 not told")
  })

  it("shows names as they are, whatever is in them", () => {
    const name = hostile.arms[0]?.name ?? ""
    expect(name).toContain("<script>")
    const header = linesOf(renderMarkdown(hostile)).find((line) => line.startsWith("| Metric")) ?? ""
    expect(read(cellsOf(header)[1] ?? "")).toBe(name)
  })

  it("keeps a name with line breaks in its cell", () => {
    const text = renderMarkdown(renamed(rich, "revox", "a\n\n# b\r\n| c"))
    const headers = linesOf(text).filter((line) => line.startsWith("| Metric"))
    expect(headers.length).toBeGreaterThan(0)
    for (const header of headers) expect(cellsOf(header)).toHaveLength(5)
    expect(linesOf(text).filter((line) => line.startsWith("# "))).toEqual([])
  })

  it.each([
    ["*bold* _it_ `code` ~~gone~~ $x$", /[*_`~$]/gu],
    ["[a](https://example.org) ![b](c) <b>", /[[\]<>]/gu],
    ["a \\| b | c \\", /[|]|\\$/gu]
  ])("takes %s for text", (text, markup) => {
    expect(bare(escaped(text), markup)).toEqual([])
    expect(read(escaped(text)).replaceAll("\u2060", "")).toBe(text)
  })

  it.each(["- item", "+ item", "1. item", "12) item", "---", "===", "# heading", "> quote"])(
    "takes %s at the beginning of a line for text",
    (text) => {
      expect(escaped(text)).toMatch(/^\d*\\/u)
      expect(read(escaped(text))).toBe(text)
    }
  )

  it.each(["@someone", "org/repo#12", "#12", "https://example.org", "www.example.org"])(
    "lets GitHub make no link of %s",
    (text) => {
      const seen = read(escaped(`see ${text}`))
      expect(seen).not.toContain(text)
      expect(seen.replaceAll("\u2060", "")).toBe(`see ${text}`)
    }
  )

  it("leaves figures readable in the source", () => {
    expect(escaped("+4.2 points (−1.0 to +9.4), 31.0 % of 1,204")).toBe("+4.2 points (−1.0 to +9.4), 31.0 % of 1,204")
  })
})
