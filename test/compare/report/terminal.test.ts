import * as CliOutput from "effect/cli/CliOutput"
import { describe, expect, it } from "vitest"
import type { Comparison, MetricResult } from "../../../src/compare/Comparison.ts"
import { renderTerminal } from "../../../src/report/terminal.ts"
import { keeps } from "../../../src/compare/samples.ts"
import { richHeadings, sampleComparisons } from "./sampleComparisons.ts"

const at = (width: number, comparison: Comparison): string => renderTerminal(comparison, { width, color: false })

const linesOf = (text: string): ReadonlyArray<string> => text.split("\n")
const onOneLine = (text: string): string => text.replace(/\s+/gu, " ")

const samples: ReadonlyArray<readonly [name: string, comparison: Comparison]> = Object.entries(sampleComparisons)

const renamed = (comparison: Comparison, from: string, to: string): Comparison =>
  JSON.parse(JSON.stringify(comparison).replaceAll(JSON.stringify(from), JSON.stringify(to)))

const withMetric = (
  comparison: Comparison,
  id: string,
  change: (metric: MetricResult) => MetricResult
): Comparison => ({
  ...comparison,
  metrics: comparison.metrics.map((metric) => (metric.id === id ? change(metric) : metric))
})

describe.each(samples)("a comparison at a terminal: %s", (_, comparison) => {
  it.each([80, 90, 100, 140, 400])("stays within %i cells", (width) => {
    const wide = linesOf(at(width, comparison)).filter((line) => CliOutput.displayWidth(line) > width)
    expect(wide).toEqual([])
  })

  it("begins with what came of it, in full", () => {
    const headline = comparison.headline.join(" ")
    expect(onOneLine(at(80, comparison)).slice(0, headline.length)).toBe(headline)
  })

  it("says every check, and those that failed first", () => {
    const text = onOneLine(at(80, comparison))
    const places = ["failed", "warning", "passed"].flatMap((outcome) =>
      comparison.checks.filter((check) => check.outcome === outcome).map(({ sentence }) => text.indexOf(sentence))
    )
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  })

  it("has colours only where they are wanted, and the same words with them", () => {
    const plain = at(80, comparison)
    const colored = renderTerminal(comparison, { width: 80, color: true })
    expect(plain).not.toContain("\u001B")
    expect(colored).toContain("\u001B[")
    // oxlint-disable-next-line no-control-regex
    expect(colored.replace(/\u001B\[\d+m/gu, "")).toBe(plain)
  })
})

describe("the table", () => {
  const { rich } = sampleComparisons

  it("has a metric, what each arm comes to, the difference with its interval and the verdict in a line", () => {
    const line = linesOf(at(150, rich)).find((each) => each.startsWith("Human reached"))
    expect(onOneLine(line ?? "")).toBe(
      "Human reached* 35.0 % of 1,190 43.0 % of 1,196 +7.9 points +2.1 to +13.7 points Better"
    )
  })

  it("has the same in two lines at 80 cells, each part below what it belongs to", () => {
    const lines = linesOf(at(80, rich))
    const row = lines.findIndex((each) => each.startsWith("Human reached"))
    const [header = "", first = "", second = ""] = [
      lines.find((each) => each.startsWith("METRIC")),
      ...lines.slice(row)
    ]
    for (const [word, above, below] of [
      ["revox", "35.0 %", "of 1,190"],
      ["revring", "43.0 %", "of 1,196"],
      ["DIFFERENCE", "+7.9 points", "+2.1 to +13.7 points"]
    ] as const) {
      expect([first.indexOf(above), second.indexOf(below)]).toEqual([header.indexOf(word), header.indexOf(word)])
    }
  })

  it("sorts the metrics by what they are for, then by what they are measured on", () => {
    const headings = linesOf(at(80, rich)).filter((line) => /^(Primary metric|Guardrails|Other metrics): /u.test(line))
    expect(headings).toEqual(richHeadings)
  })

  it("of every arm is beside the baseline", () => {
    const headers = linesOf(at(80, sampleComparisons.threeArms)).filter((line) => line.startsWith("METRIC"))
    expect(headers.map((line) => line.split(/ {2,}/u).slice(1, 3))).toEqual([
      ["agent-a", "agent-b"],
      ["agent-a", "agent-c"]
    ])
  })

  it("shows a single arm without a difference", () => {
    const { arms, metrics } = sampleComparisons.threeArms
    const text = at(80, {
      ...sampleComparisons.threeArms,
      arms: arms.slice(0, 1),
      metrics: metrics.map((metric) => ({ ...metric, arms: metric.arms.slice(0, 1), contrasts: [] }))
    })
    expect(onOneLine(text)).toContain("METRIC agent-a Primary metric: first attempts Human reached 31.0 % of 1,000")
    expect(text).not.toContain("VERDICT")
  })

  it("keeps names apart that begin alike, however long they are", () => {
    const long = `${"the-same-beginning-".repeat(4)}`
    const text = at(80, renamed(renamed(rich, "revox", `${long}one`), "revring", `${long}two`))
    const header = linesOf(text).find((line) => line.startsWith("METRIC")) ?? ""
    expect(header).toMatch(/…\S*one\s+\S+…\S*two/u)
  })

  it("fits in 80 cells with the longest names, figures and intervals", () => {
    const longest = renamed(renamed(rich, "revox", "a-baseline-with-a-name"), "revring", "an-arm-with-a-name")
    const huge = longest.metrics.map((metric) => ({
      ...metric,
      arms: metric.arms.map((arm) => ({ ...arm, n: 12_345_678, value: metric.kind === "rate" ? 1 : 35_999 })),
      contrasts: metric.contrasts.map((contrast) => ({
        ...contrast,
        effect: metric.kind === "rate" ? -1 : -35_999,
        interval: metric.kind === "rate" ? { low: -1, high: 1 } : { low: -35_999, high: 35_999 }
      }))
    }))
    const lines = linesOf(at(80, { ...longest, metrics: huge }))
    expect(lines.filter((line) => CliOutput.displayWidth(line) > 80)).toEqual([])
    expect(lines.find((line) => line.startsWith("METRIC"))).toMatch(/^METRIC {2,}a-bas/u)
  })

  it("is aligned where names are wide characters", () => {
    const lines = linesOf(at(80, renamed(rich, "revox", "日本語の名前")))
    const cellsBefore = (line: string, text: string): number =>
      CliOutput.displayWidth(line.slice(0, line.indexOf(text)))
    const header = lines.find((line) => line.startsWith("METRIC")) ?? ""
    const row = lines.find((line) => line.startsWith("Human reached")) ?? ""
    expect(header).toContain("日本語")
    expect(cellsBefore(row, "43.0 %")).toBe(cellsBefore(header, "revring"))
  })

  it("says how sure the intervals are, and whether looking early is allowed", () => {
    expect(onOneLine(at(80, rich))).toContain(
      "Confidence of the intervals: 95 % for the primary metric; 99.2 % for guardrails; 99.2 % for other metrics"
    )
    expect(onOneLine(at(80, rich))).toContain("They hold however often the data is looked at")
    expect(onOneLine(at(80, sampleComparisons.threeArms))).toContain("They hold for a single look at the data")
  })
})

describe("what is not compared", () => {
  const { rich, refusedOnly, sampleRatioFailure } = sampleComparisons

  it("stands in a list of its own with the reason, and not in the table", () => {
    const [table = "", list = ""] = at(80, rich).split("Not compared\n")
    expect(table).not.toContain("Call screening")
    expect(onOneLine(list)).toContain(
      "Call screening (first attempts): revring does not tell call screening apart from a person or a voicemail."
    )
  })

  it("leaves no table where nothing is left", () => {
    const text = at(80, refusedOnly)
    expect(text).not.toContain("METRIC")
    expect(onOneLine(text)).toContain("Human reached (whole orders, all attempts): revox dials an order up to 3 times")
  })

  it("is said of a verdict that a failed check forbids", () => {
    const text = at(80, sampleRatioFailure)
    expect(text).toMatch(/^ {2}FAILED /mu)
    expect(onOneLine(text)).toContain("Human reached (first attempts): The sample ratio check failed")
  })

  it("repeats no failed check for every metric", () => {
    const [check] = sampleRatioFailure.checks
    const why = check?.sentence ?? ""
    const text = at(80, {
      ...sampleRatioFailure,
      metrics: sampleRatioFailure.metrics.map((metric) => ({
        ...metric,
        contrasts: metric.contrasts.map((contrast) => ({ ...contrast, notComparable: why }))
      }))
    })
    expect(onOneLine(text).split(why)).toHaveLength(2)
    expect(text).toContain("Not comparable")
    expect(text).not.toContain("Not compared")
  })

  it("is said of metrics of which the data holds nothing, instead of rows of dashes", () => {
    const latency = "Time to answer a request"
    const text = at(
      80,
      withMetric(rich, "placement.latency", (metric) => ({
        ...metric,
        arms: metric.arms.map(({ arm }) => ({ arm, n: 0, persons: 0, open: 0, missing: 0 })),
        contrasts: metric.contrasts.map(({ arm, baseline }) => ({
          arm,
          baseline,
          verdict: "not_enough_data",
          sentence: "",
          n: 0,
          baselineN: 0,
          sensitivity: []
        }))
      }))
    )
    const [table = "", list = ""] = text.split("Not compared\n")
    expect(table).not.toContain(latency)
    expect(onOneLine(list)).toContain(`${latency} (placing orders): The data holds nothing to measure here.`)
  })

  it("names the definition that is used where a stricter one is refused", () => {
    const [, list = ""] = at(80, rich).split("Compared by a less strict definition\n")
    expect(onOneLine(list)).toContain("Counted here: The first attempt was answered and somebody said words")
    expect(onOneLine(list)).toContain("revox states who answered, revring's word is our inference")
  })
})

describe("what is doubtful", () => {
  const { rich } = sampleComparisons

  it("counts what is not over yet or not told, once for all metrics of which it is the same", () => {
    const text = onOneLine(at(80, rich))
    expect(text.split("revox 11 still open and 4 not told; revring 8 still open and 4 not told.")).toHaveLength(2)
    expect(text).toMatch(/Connected \(first attempts\); Transferred \(whole orders, all attempts\): revox 11/u)
  })

  it("tells each assumption that changes a verdict, and no other", () => {
    const changed = rich.metrics.flatMap(({ contrasts }) =>
      contrasts.flatMap(({ verdict, sensitivity }) => sensitivity.filter((each) => !keeps(verdict, each.verdict)))
    )
    const [, list = ""] = at(80, rich).split("What would change a verdict\n")
    const text = onOneLine(list)
    expect(changed.length).toBeGreaterThan(0)
    for (const { sentence } of changed) expect(text).toContain(sentence)
    expect(text.match(/ becomes /gu)).toHaveLength(changed.length)
    expect(text).toContain("revring against revox: Better becomes Not enough data")
  })

  it("says so where none does", () => {
    const robust = rich.metrics.reduce(
      (comparison, { id }) =>
        withMetric(comparison, id, (metric) => ({
          ...metric,
          contrasts: metric.contrasts.map((contrast) => ({
            ...contrast,
            sensitivity: contrast.sensitivity.flatMap((each) =>
              contrast.verdict === undefined ? [] : [{ ...each, verdict: contrast.verdict }]
            )
          }))
        })),
      rich
    )
    expect(at(80, robust)).toContain("No verdict on a rate would change if")
    expect(at(80, sampleComparisons.threeArms)).not.toContain("What would change a verdict")
  })
})

describe("text", () => {
  const { rich, empty } = sampleComparisons

  it("of others moves no cursor, colours nothing and does not turn round", () => {
    const text = at(80, renamed(rich, "revox", "a\u001B[31mb\r\n\u0007c\u202Ed\u009B2J"))
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/u)
    expect(linesOf(text).find((line) => line.startsWith("METRIC"))).toContain("a [31m…")
  })

  it("keeps a number and its unit on one line", () => {
    for (let width = 80; width <= 110; width += 1) {
      expect(linesOf(at(width, rich)).filter((line) => /^\s*(%|s|min|h)(\W|$)/u.test(line))).toEqual([])
    }
  })

  it("says what was read and what was left out, with the reasons", () => {
    const text = onOneLine(at(80, rich))
    expect(text).toContain(
      "Read 5,214 records: 2,412 compared; 2,571 about the same orders; 2,430 placements; 143 left out: inbound calls"
    )
    expect(text).toContain("Orders from 2 Mar 2026, 09:01 to 27 Mar 2026, 19:58, Europe/Paris.")
    expect(text).toContain("Experiment spring-callback-2026, frozen, digest 3f9c2b7a")
    expect(onOneLine(at(80, empty))).toContain("Read 0 records: 0 compared.")
  })
})
