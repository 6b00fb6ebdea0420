import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import type { Comparison, Scenario } from "../../../../src/compare/Comparison.ts"
import { html } from "../../../../src/report/html/markup.ts"
import { renderHtml } from "../../../../src/report/html/page.ts"
import { richHeadings, sampleComparisons } from "../sampleComparisons.ts"
import { sectionOf, textOf } from "./pageText.ts"
import { readHtml } from "./wellFormed.ts"

const samples: ReadonlyArray<readonly [string, Comparison]> = Object.entries(sampleComparisons)

describe("the template", () => {
  it("escapes text and attributes, joins lists and leaves out what is absent", () => {
    const name = `<b title="x">'&'</b>`
    expect(html`<p title="${name}">${name}</p>`.markup).toBe(
      `<p title="&lt;b title=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/b&gt;">&lt;b title=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/b&gt;</p>`
    )
    expect(html`${[1, "a", html`<i></i>`, undefined, false]}`.markup).toBe("1a<i></i>")
    expect(html`${"a\u0000b\u001bc"}`.markup).toBe("a\ufffdb\ufffdc")
  })

  it("sets words from right to left apart, so that figures beside them stay where they are", () => {
    expect(html`${"שלום עולם: 40 of 50"}`.markup).toBe("\u2068שלום עולם\u2069: 40 of 50")
  })

  it("keeps a figure and its unit on one line, and no other space", () => {
    expect(html`${"31.0 % of 40 scalls in 3 s"}`.markup).toBe("31.0\u00a0% of 40 scalls in 3\u00a0s")
  })
})

describe.each(samples)("page of %s", (_, comparison) => {
  const page = renderHtml(comparison)
  const { elements, faults } = readHtml(page)

  it("is well formed, with unique ids that are all found", () => {
    expect(elements.length).toBeGreaterThan(50)
    expect(faults).toEqual([])
  })

  it("asks for nothing: no address, no source, no import", () => {
    expect(page).not.toMatch(/https?:|\/\/[a-z0-9]|@import|<(link|img|iframe|object|embed|base|form)\b/iu)
    expect(
      [...page.matchAll(/url\(([^)]*)\)/gu)].map(([, target]) => target).filter((to) => !/^#hatch-\d$/u.test(to ?? ""))
    ).toEqual([])
    const asking = elements
      .flatMap(({ attributes }) => [...attributes.keys()])
      .filter((key) => /^(src|srcset|on.*|style|xlink:href|action|data)$/u.test(key))
    expect(asking).toEqual([])
  })

  it("allows no more than its own style and script by policy", () => {
    const policy = elements.find(({ attributes }) => attributes.get("http-equiv") === "Content-Security-Policy")
    const digest = (tag: string) => {
      const [, text = ""] = new RegExp(`<${tag}>([^]*?)</${tag}>`, "u").exec(page) ?? []
      return `'sha256-${createHash("sha256").update(text).digest("base64")}'`
    }
    expect(policy?.attributes.get("content")?.replaceAll("&#39;", "'").split("; ")).toEqual([
      "default-src 'none'",
      `style-src ${digest("style")}`,
      `script-src ${digest("script")}`,
      "img-src data:",
      "base-uri 'none'",
      "form-action 'none'"
    ])
    expect(elements.filter(({ name: tag }) => tag === "script" || tag === "style")).toHaveLength(2)
  })

  it("has one h1, and headings that skip no level", () => {
    const levels = elements.flatMap(({ name: tag }) => (/^h[1-6]$/u.test(tag) ? [Number(tag.slice(1))] : []))
    expect(levels.filter((level) => level === 1)).toEqual([1])
    expect(levels[0]).toBe(1)
    expect(levels.filter((level, index) => index > 0 && level > (levels[index - 1] ?? 0) + 1)).toEqual([])
  })

  it("has no number that is none", () => {
    expect(textOf(page)).not.toMatch(/NaN|Infinity|undefined|\[object/u)
    expect(page.replace(/<script>[^]*?<\/script>/u, "")).not.toMatch(/NaN|undefined|\[object/u)
  })

  it("says every headline, check and refusal", () => {
    const text = textOf(page)
    const plain = (sentence: string) => textOf(html`${sentence}`.markup)
    const said = [
      ...comparison.headline,
      ...comparison.checks.map(({ sentence }) => sentence),
      ...comparison.metrics.flatMap(({ refused }) => refused.map(({ sentence }) => sentence)),
      ...comparison.metrics.flatMap(({ contrasts }) => contrasts.map((each) => each.notComparable ?? each.sentence)),
      ...comparison.data.leftOut.map(({ reason }) => reason)
    ]
    expect(said.filter((sentence) => !text.includes(plain(sentence)))).toEqual([])
  })
})

describe("names and texts", () => {
  const page = renderHtml(sampleComparisons.hostile)

  it("that look like markup stay text", () => {
    expect(page).not.toContain("<script>alert")
    expect(page).not.toMatch(/<\/style> ?2?</u)
    expect(page).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;")
    expect(page.match(/<script>/gu)).toHaveLength(1)
  })
})

describe("order of the page", () => {
  const page = renderHtml(sampleComparisons.rich)

  it("is headline, verdicts, checks, at a glance, charts, metrics, balance, data, settings, how to read", () => {
    expect([...page.matchAll(/<section id="([a-z]+)"/gu)].map(([, id]) => id)).toEqual([
      "result",
      "verdicts",
      "checks",
      "glance",
      "charts",
      "metrics",
      "balance",
      "data",
      "settings",
      "reading"
    ])
  })

  it("has checks that warn before those that passed, and the failed one first", () => {
    const outcomes = (comparison: Comparison) =>
      [...sectionOf(renderHtml(comparison), "checks").matchAll(/<b class="outcome">(\w+)/gu)].map(([, word]) => word)
    expect(outcomes(sampleComparisons.rich)).toEqual(["Warning", "Passed", "Passed"])
    expect(outcomes(sampleComparisons.sampleRatioFailure)).toEqual(["Failed", "Warning"])
  })

  it("has metrics by role and what they are measured on: primary, guardrails, others", () => {
    const headings = [...sectionOf(page, "metrics").matchAll(/<h3>([^<]+)/gu)].map(([, title]) => title)
    expect(headings).toEqual(richHeadings)
  })
})

describe("what is not comparable", () => {
  it("has no figure, plot or effect that would invite the comparison", () => {
    const page = renderHtml(sampleComparisons.sampleRatioFailure)
    expect(sectionOf(page, "metrics")).not.toContain("<figure")
    expect(sectionOf(page, "verdicts").split('<p class="note">')[0]).not.toMatch(/[+−]\d|%/u)
    expect(sectionOf(page, "charts")).toContain("There is no comparable result to follow over time.")
    expect(textOf(sectionOf(page, "charts"))).toContain("They allow no conclusion.")
  })

  it("is hatched and labelled among the kinds of failure", () => {
    const charts = sectionOf(renderHtml(sampleComparisons.rich), "charts")
    const own = sampleComparisons.rich.failureKinds.kinds.filter(({ comparable }) => !comparable).length
    expect(charts.match(/class="caution"/gu)).toHaveLength(own)
    expect(charts.match(/class="bar hatch-\d"/gu)).toHaveLength(own * 2)
  })
})

describe("figures", () => {
  const page = renderHtml(sampleComparisons.rich)
  const text = textOf(page)

  it("are written for people", () => {
    expect(text).toContain("1,204")
    expect(text).toContain("99.2 % interval")
    expect(text).toContain("43.0 %")
    expect(text).toMatch(/\+7\.9 points/u)
  })

  it("of every mark are in the table of its chart as well", () => {
    const figures = page
      .split("<figure")
      .slice(1)
      .map((part) => part.slice(0, part.indexOf("</figure>")))
    expect(figures.length).toBeGreaterThan(8)
    expect(figures.filter((figure) => !figure.includes("<table"))).toEqual([])
    const lost = figures.flatMap((figure) => {
      const table = textOf(figure.slice(figure.indexOf("<table")))
      const marks = [...figure.matchAll(/data-tip="([^"]*)"/gu)].map(([, tip = ""]) => tip.replaceAll("\u00a0", " "))
      return marks.flatMap((tip) =>
        (tip.match(/\d[\d.,]*(?= %| points)/gu) ?? []).filter((figureText) => !table.includes(figureText))
      )
    })
    expect(lost).toEqual([])
  })

  it("say which interval the verdict rests on", () => {
    expect(textOf(sectionOf(page, "glance"))).toMatch(/however often you look\.\s+The verdicts rest on this one/u)
    const fixed = renderHtml({
      ...sampleComparisons.rich,
      settings: { ...sampleComparisons.rich.settings, analysis: "fixed" }
    })
    expect(textOf(sectionOf(fixed, "glance"))).toMatch(/single look\.\s+The verdicts rest on this one/u)
  })

  it("of scenarios are open to see where one changes the verdict", () => {
    const metrics = sectionOf(page, "metrics")
    expect(metrics).toMatch(
      /<details open>\s*<summary>What if the data were wrong\? The verdict on revring falls if 7\.2\s% of the inferred answers of revring were wrong \(34 of 470\)\./u
    )
    expect(metrics).toMatch(
      /<details >\s*<summary>What if the data were wrong\? No verdict falls, whatever share of the detected or inferred answers were wrong\. The verdict does not hang on how orders without an answer had gone\.<\/summary>/u
    )
  })

  it("of scenarios say apart whether the verdict hangs on unanswered orders, and on the definition", () => {
    const { metrics } = sampleComparisons.rich
    const summaryWith = (verdict: Scenario["verdict"]) => {
      const changed = metrics.map((metric) => ({
        ...metric,
        contrasts: metric.contrasts.map((contrast) => {
          const [one] = contrast.sensitivity
          return one === undefined || contrast.verdict === undefined || metric.role !== "primary"
            ? contrast
            : { ...contrast, sensitivity: [{ ...one, scenario: "other_definition" as const, verdict }] }
        })
      }))
      return /What if the data were wrong\? The verdict [^<]*/u.exec(
        renderHtml({ ...sampleComparisons.rich, metrics: changed })
      )?.[0]
    }
    const head = "What if the data were wrong? The verdict"
    expect(summaryWith("not_comparable")).toBe(`${head} hangs on the choice of the definition.`)
    expect(summaryWith("better")).toBe(`${head} does not hang on the choice of the definition.`)
  })
})
