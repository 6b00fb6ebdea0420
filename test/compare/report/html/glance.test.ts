/** What a reader takes from the page first: all metrics in one figure, what is not compared, and no claim that is not so. */
import { describe, expect, it } from "vitest"
import type { Check, Comparison, MetricResult } from "../../../../src/compare/Comparison.ts"
import { axisOf } from "../../../../src/report/html/lanes.ts"
import { renderHtml } from "../../../../src/report/html/page.ts"
import { outlineOf } from "../../../../src/report/outline.ts"
import { sampleComparisons } from "../sampleComparisons.ts"
import { sectionOf, textOf } from "./pageText.ts"

const { rich, threeArms, sixArms, sampleRatioFailure, refusedOnly, armWithoutRows, empty } = sampleComparisons

const glanceOf = (comparison: Comparison): string => sectionOf(renderHtml(comparison), "glance")
const settled = (comparison: Comparison, settings: Partial<Comparison["settings"]>): Comparison => ({
  ...comparison,
  settings: { ...comparison.settings, ...settings }
})
const titleOf = ({ title, among }: MetricResult) => (among === undefined ? title : `${title}, of ${among}`)
const compared = ({ metrics }: Comparison) => metrics.filter(({ definition }) => definition !== undefined)

describe("the figure of all metrics", () => {
  it("has a row for each metric that is compared, linked to its detail, in the order of what is measured", () => {
    const page = renderHtml(rich)
    const glance = sectionOf(page, "glance")
    const links = [...glance.matchAll(/<a href="#(metric-\d+)">([^<]+)/gu)].map(([, id = "", title = ""]) => ({
      id,
      title: title.replaceAll("\u00a0", " ")
    }))
    const order = ["first_attempt", "order", "placement"] as const
    const rates = (metric: MetricResult) => Number(metric.kind !== "rate")
    const expected = compared(rich).toSorted(
      (a, b) => order.indexOf(a.scope) - order.indexOf(b.scope) || rates(a) - rates(b)
    )
    expect(links.map(({ title }) => title)).toEqual(expected.map(titleOf))
    expect(links.flatMap(({ id }) => rich.metrics.slice(Number(id.slice(7)))[0] ?? []).map(titleOf)).toEqual(
      links.map(({ title }) => title)
    )
    const details = sectionOf(page, "metrics")
    expect(links.filter(({ id }) => !details.includes(`<section class="metric" id="${id}"`))).toEqual([])
    expect([...glance.matchAll(/<h3>([^<]+)/gu)].map(([, title]) => title)).toEqual([
      "First attempts",
      "Whole orders, all attempts",
      "Placing orders",
      "Not compared"
    ])
  })

  it("says verdict, effect, interval and which way is good of each, in words", () => {
    const text = textOf(glanceOf(rich))
    expect(text).toMatch(
      /Human reached\n\*\nPrimary metric\nhigher is better; matters from 3\.0 points\nBetter\n\+7\.9 points\n\+2\.1 to \+13\.7 points/u
    )
    expect(text).toMatch(/Talk time, of connected calls\nmatters from 5\.0 s\nDescribed only\n/u)
    expect(text).toContain(
      "8 metrics: 2 better, 1 not worse by what matters, 1 no meaningful difference, 3 not enough data, 1 described only."
    )
  })

  it("says which interval it shows", () => {
    expect(textOf(glanceOf(rich))).toMatch(/however often you look\.\s+The verdicts rest on this one/u)
    expect(textOf(glanceOf(settled(rich, { analysis: "fixed" })))).toMatch(
      /single look\.\s+The verdicts rest on this one/u
    )
  })

  it("has a mark for each arm in a row, and the arm's name beside it", () => {
    for (const comparison of [threeArms, sixArms]) {
      const glance = glanceOf(comparison)
      const names = comparison.arms.slice(1).map(({ name }) => name)
      const tips = [...glance.matchAll(/data-tip="([^&"]*)/gu)].map(([, first]) => first?.replace(/, [^,]+$/u, ""))
      expect(tips).toEqual(names.map((name) => `Human reached (first attempts), ${name}`))
      expect(textOf(glance)).toContain(`${names[0]}\nHigher in this data\n`)
    }
  })

  it("says of an arm in which nothing was measured that it is so, beside the arms with a plot", () => {
    const [metric] = threeArms.metrics
    const [first, second] = metric?.contrasts ?? []
    if (metric === undefined || first === undefined || second === undefined) throw new Error("the sample has two")
    const { effect: _, interval: __, ...bare } = second
    const sentence = "Nothing could be measured in agent-c."
    const glance = glanceOf({ ...threeArms, metrics: [{ ...metric, contrasts: [first, { ...bare, sentence }] }] })
    expect(glance.match(/data-tip=/gu)).toHaveLength(1)
    expect(textOf(glance)).toContain(sentence)
  })

  it("is not there where nothing may be compared, and says why", () => {
    const sentences = [
      [sampleRatioFailure, "A check failed, so no metric is compared."],
      [refusedOnly, "No metric could be compared."],
      [armWithoutRows, "No metric could be compared."],
      [empty, "There is no order to compare."],
      [
        { ...rich, arms: rich.arms.slice(0, 1), metrics: rich.metrics.map((each) => ({ ...each, contrasts: [] })) },
        "There is only one arm"
      ]
    ] as const
    for (const [comparison, sentence] of sentences) {
      const glance = glanceOf(comparison)
      expect(glance).not.toContain("<figure")
      expect(textOf(glance)).toContain(sentence)
    }
  })
})

describe("its axes", () => {
  const entriesOf = (comparison: Comparison) => outlineOf(comparison).metrics.all
  const entries = entriesOf(rich)
  const rates = axisOf(entries.filter(({ metric }) => metric.kind === "rate"))
  const others = axisOf(
    entries.filter(({ metric }) => metric.kind !== "rate"),
    true
  )
  const [human] = rich.metrics
  const talk = rich.metrics.find(({ title }) => title === "Talk time")
  if (human === undefined || talk === undefined) throw new Error("the sample has both")

  it("show rates in points, and times in multiples of what matters in their row", () => {
    const tick = (axis: typeof rates, text: string) => axis.ticks.find((each) => each.text === text)?.at
    expect(tick(rates, "0")).toBe(rates.place(human, 0))
    expect(tick(rates, "+5")).toBeCloseTo(rates.place(human, 0.05), 9)
    expect(tick(others, "+1")).toBeCloseTo(others.place(talk, talk.smallestEffect), 9)
    expect(tick(others, "−1")).toBeCloseTo(others.place(talk, -talk.smallestEffect), 9)
  })

  it("hold every effect, and cut an interval that is far wider, with a sign", () => {
    const [contrast] = human.contrasts
    if (contrast === undefined) throw new Error("the sample has one")
    const interval = { low: -1, high: Number.POSITIVE_INFINITY }
    const wide = { ...human, smallestEffect: 0.001, contrasts: [{ ...contrast, interval, sequential: interval }] }
    const axis = axisOf(entriesOf({ ...rich, metrics: [wide] }))
    expect([axis.isBeyond(wide, -1), axis.isBeyond(wide, Infinity), axis.isBeyond(wide, contrast.effect ?? 1)]).toEqual(
      [true, true, false]
    )
    const glance = glanceOf({ ...rich, metrics: [wide] })
    expect(glance).toContain("The interval goes on beyond the axis")
    expect(glance.match(/<path class="beyond" d="M0-6/gu)).toHaveLength(2)
    expect(glanceOf(rich)).not.toContain('class="beyond"')
  })
})

describe("what is not compared", () => {
  const alike = (title: string): MetricResult => ({
    id: `placement.${title}`,
    title,
    scope: "placement",
    kind: "rate",
    better: "lower",
    role: "secondary",
    smallestEffect: 0.01,
    definition: { id: `placement.${title}.all`, text: "All of it." },
    refused: [],
    arms: rich.arms.map(({ name }) => ({ arm: name, n: 0, persons: 0, open: 0, missing: 0 })),
    contrasts: []
  })
  const comparison = { ...rich, metrics: [...rich.metrics, alike("Refused"), alike("Uncertain")] }

  it("is a list with the reason of each, those with the same reason together, and no card", () => {
    const list = textOf(glanceOf(comparison)).split("Not compared")[1] ?? ""
    expect(list).toContain("Call screening (first attempts)\nrevring does not tell call screening apart")
    expect(list).toContain(
      "Refused (placing orders); Uncertain (placing orders)\nThe data holds nothing to measure here."
    )
    expect(list.match(/nothing to measure here/gu)).toHaveLength(1)
    const details = sectionOf(renderHtml(comparison), "metrics")
    expect(details.match(/<section class="metric"/gu)).toHaveLength(compared(rich).length)
    expect(details).not.toContain('class="badge not_comparable"')
  })

  it("is found by the link of its verdict card", () => {
    expect(sectionOf(renderHtml(refusedOnly), "verdicts")).toContain('href="#metric-0"')
    expect(glanceOf(refusedOnly)).toContain('id="metric-0"')
  })
})

describe("claims", () => {
  it("of checks have titles that fit both outcomes", () => {
    const ids = [
      "no_assignment",
      "open_orders",
      "overlapping_persons",
      "crossovers",
      "unmarked_orders",
      "unequal_time"
    ] as const
    const checks = ids.map((id): Check => ({ id, outcome: "passed", sentence: "It is so.", figures: {} }))
    const titles = [...sectionOf(renderHtml({ ...rich, checks }), "checks").matchAll(/<b>([^<]+)\.<\/b>/gu)].map(
      ([, title = ""]) => title
    )
    expect(titles).toHaveLength(ids.length)
    expect(titles.filter((title) => /\b(no|not|another|several|without|different)\b/iu.test(title))).toEqual([])
  })

  it("of arms name only those with orders", () => {
    const arms = armWithoutRows.arms.map((arm) => ({ ...arm, orders: arm.baseline ? arm.orders : 0 }))
    const page = renderHtml({ ...armWithoutRows, arms })
    expect(page).toContain("<title>revox, with nothing to compare it with</title>")
    expect(page).not.toContain("the baseline.</p>")
  })

  it("of a failed check are made once, and figures that allow no conclusion are folded", () => {
    const [failed] = sampleRatioFailure.checks
    const notComparable = failed?.sentence ?? ""
    const metrics = sampleRatioFailure.metrics.map((metric) => ({
      ...metric,
      contrasts: metric.contrasts.map((contrast) => ({ ...contrast, notComparable, sentence: notComparable }))
    }))
    const page = renderHtml({ ...sampleRatioFailure, metrics })
    expect(textOf(page).split(notComparable)).toHaveLength(2)
    expect(sectionOf(page, "metrics")).toMatch(/<details >\s*<summary>Figures of each arm; they allow no conclusion/u)
  })

  it("of time are made of a sequential analysis only", () => {
    const since = /has not included zero|still includes zero/u
    const charts = (analysis: "fixed" | "sequential") =>
      textOf(sectionOf(renderHtml(settled(rich, { analysis })), "charts"))
    expect(charts("sequential")).toMatch(since)
    expect(charts("fixed")).not.toMatch(since)
    expect(charts("fixed")).toContain("what is before shows the course and allows no conclusion")
  })

  it("of rates say where the difference is another than that of the two beside it", () => {
    const said = "Rates are compared like with like, by country, hour"
    const verdicts = (stratifiedBy: ReadonlyArray<string>) =>
      textOf(sectionOf(renderHtml(settled(rich, { stratifiedBy })), "verdicts"))
    expect(verdicts(["country", "hour"])).toContain(said)
    expect(verdicts([])).not.toContain("like with like")
  })

  it("of data hold placements where there are some", () => {
    const data = (placements: number) =>
      textOf(sectionOf(renderHtml({ ...rich, data: { ...rich.data, placements } }), "data"))
    expect(data(2430)).toContain("2,430 placements")
    expect(data(0)).not.toContain("placement")
  })

  it("of settings show no digest where there is none", () => {
    const { digest: _, ...experiment } = rich.experiment ?? { id: "", frozen: false }
    expect(sectionOf(renderHtml({ ...rich, experiment: { ...experiment, frozen: false } }), "settings")).not.toContain(
      "digest"
    )
    expect(sectionOf(renderHtml(rich), "settings")).toContain("digest")
  })
})
