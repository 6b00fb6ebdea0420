/** The page in real Chromium: on a phone and a big screen, in both schemes, on paper, by keyboard and as a screen reader has it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Comparison } from "../../../../src/compare/Comparison.ts"
import { renderHtml } from "../../../../src/report/html/page.ts"
import { sampleComparisons } from "../sampleComparisons.ts"
import type { Session } from "./chromium.ts"
import { isInstalled, isRequired, launch } from "./chromium.ts"
import { contrastOf, focusOf, lowContrast, overflowing, signColours } from "./pageProbes.ts"

const samples: ReadonlyArray<readonly [string, Comparison]> = Object.entries(sampleComparisons)
const rich = renderHtml(sampleComparisons.rich)

/** More than the tab key should stop at one by one. */
const manyMetrics: Comparison = {
  ...sampleComparisons.rich,
  metrics: [1, 2].flatMap((copy) =>
    structuredClone(sampleComparisons.rich.metrics).map((metric) => ({ ...metric, id: `${metric.id}.${copy}` }))
  )
}

const PHONE = { width: 360, height: 740 } as const
const SCREEN = { width: 1280, height: 900 } as const

// skipped, never passed, where it may be missing
describe.skipIf(!isInstalled && !isRequired)("in Chromium", () => {
  let session: Session

  beforeAll(async () => {
    session = await launch()
  })
  afterAll(() => session?.close())

  it.each(samples)(
    "%s fits phone, screen and paper in both schemes, with AA contrast, without a complaint",
    async (_, comparison) => {
      const { page, complaints, close } = await session.open(renderHtml(comparison))
      for (const viewport of [PHONE, SCREEN]) {
        await page.setViewportSize(viewport)
        expect(await overflowing(page)).toEqual([])
      }
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme })
        const { texts, low } = await lowContrast(page)
        expect(low).toEqual([])
        expect(texts).toBeGreaterThan(20)
      }
      await page.emulateMedia({ media: "print", colorScheme: "dark" })
      await page.setViewportSize({ width: 690, height: 900 })
      expect(await overflowing(page)).toEqual([])
      expect((await lowContrast(page)).low).toEqual([])
      expect(complaints).toEqual([])
      await close()
    }
  )

  it("has colours of arms and signs that stand out from the page in both schemes", async () => {
    const { page, close } = await session.open(rich)
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme })
      const [ground = "", ...signs] = await signColours(page)
      expect(signs.filter((sign) => contrastOf(sign, ground) < 3)).toEqual([])
      expect(signs.length).toBeGreaterThan(6)
    }
    const grounds = async (colorScheme: "light" | "dark") => {
      await page.emulateMedia({ colorScheme })
      return page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    }
    expect(await grounds("light")).not.toBe(await grounds("dark"))
    await close()
  })

  it("is a page with landmarks, headings, figures and tables to a screen reader", async () => {
    const { page, close } = await session.open(rich)
    const tree = (await page.locator("body").ariaSnapshot()).replaceAll("\u00a0", " ")
    const lines = tree.split("\n").map((line) => line.trim().replace(/^- '?/u, ""))
    const has = (start: string) => lines.filter((line) => line.startsWith(start)).length

    const landmarks = ["banner", "main", "contentinfo", 'navigation "On this page"']
    expect(landmarks.filter((landmark) => has(landmark) !== 1)).toEqual([])
    const titles = [
      "In short",
      "Verdicts",
      "Checks",
      "At a glance",
      "How the calls went",
      "Every metric in detail",
      "What was read",
      "Settings",
      "What the words mean"
    ]
    expect(titles.filter((title) => has(`region "${title}"`) !== 1)).toEqual([])
    expect(titles.filter((title) => has(`heading "${title}" [level=2]`) !== 1)).toEqual([])
    expect(has('heading "revox and revring compared" [level=1]')).toBe(1)
    expect(lines[0]).toBe('link "Skip to the result":')
    expect(has('article "Human reached*"')).toBe(1)
    const figures = [
      "All metrics at a glance",
      "Human reached: difference with interval",
      "How far orders came",
      "Why first attempts did not connect",
      "Talk time, spread",
      "Human reached over time, revring"
    ]
    expect(figures.filter((figure) => has(`figure "${figure}"`) !== 1)).toEqual([])
    expect(has('img "Human reached (first attempts), revring, Better; difference +7.9 points; single look ')).toBe(2)
    expect(has('group "Differences of all metrics"')).toBe(1)
    expect(has('link "Human reached"')).toBe(2)
    expect(has('table "Human reached: figures of each arm"')).toBe(1)
    expect(has('rowheader "revring"')).toBeGreaterThan(5)
    // each drawing says what can be done with it, and what it means is its figure's description
    const described = await page.evaluate(
      () =>
        [...document.querySelectorAll("figure")].filter(
          (figure) => (figure.ariaDescribedByElements?.[0]?.textContent ?? "").trim().length < 20
        ).length
    )
    expect(described).toBe(0)
    await close()
  })

  it("shows the numbers of every mark to the keyboard, within the window", async () => {
    const { page, complaints, close } = await session.open(rich, { viewport: PHONE })
    const marks = await page.locator("[data-tip]").count()
    const seen = new Set<number>()
    const faults: Array<string> = []
    const look = async () => {
      const focus = await focusOf(page)
      if (focus.mark === undefined) return focus
      seen.add(focus.index)
      if (focus.shown !== focus.mark || !focus.within)
        faults.push(`${focus.mark} shows ${focus.shown}, ${focus.within}`)
      return focus
    }
    let stops = 0
    for (let focus = await look(); stops === 0 || !focus.isEnd; focus = await look()) {
      await page.keyboard.press("Tab")
      stops += 1
      if (stops > 400) throw new Error("the tab key finds no end")
      for (let index = (await look()).index; index >= 0;) {
        await page.keyboard.press("ArrowRight")
        const next = (await look()).index
        if (next === index) break
        index = next
      }
    }
    expect(faults).toEqual([])
    expect([seen.size, marks]).toEqual([marks, marks])
    expect(marks).toBeGreaterThan(100)
    // the arrow keys spare the tab key most marks
    expect(stops).toBeLessThan(110)
    expect(complaints).toEqual([])
    await close()
  })

  it("takes the numbers away on Escape and when the focus leaves, and goes to an end of a chart by Home and End", async () => {
    const { page, close } = await session.open(rich)
    const first = page.locator("[data-roving] [data-tip]").first()
    await first.focus()
    const start = await focusOf(page)
    await page.keyboard.press("End")
    const end = await focusOf(page)
    expect(end.index).toBeGreaterThan(start.index + 5)
    expect(end.shown).toBe(end.mark)
    await page.keyboard.press("Home")
    expect((await focusOf(page)).index).toBe(start.index)
    await page.keyboard.press("Escape")
    expect((await focusOf(page)).shown).toBeUndefined()
    await page.keyboard.press("ArrowRight")
    expect((await focusOf(page)).shown).toBeDefined()
    await page.keyboard.press("Tab")
    const after = await focusOf(page)
    expect(after.mark === undefined ? after.shown : after.mark).toBe(after.shown)
    await close()
  })

  it("shows the numbers of a mark that is tapped or pointed at", async () => {
    const { page, close } = await session.open(rich, { viewport: PHONE, hasTouch: true })
    const mark = page.locator("#metrics [data-tip]").first()
    await mark.tap()
    expect(await page.locator("#tip").textContent()).toBe(await mark.getAttribute("data-tip"))
    expect(await page.locator("#tip").isVisible()).toBe(true)
    const other = page.locator("#metrics [data-tip]").nth(1)
    await other.hover()
    expect(await page.locator("#tip").textContent()).toBe(await other.getAttribute("data-tip"))
    const small = await page.evaluate(
      () =>
        [...document.querySelectorAll("#metrics [data-tip]")].filter((each) => each.getBoundingClientRect().height < 24)
          .length
    )
    expect(small).toBe(0)
    await close()
  })

  it("shows all metrics at a glance: beside its title on a screen, below it on a phone, one stop for the tab key", async () => {
    const { page, complaints, close } = await session.open(renderHtml(manyMetrics))
    const places = () =>
      page.evaluate(() =>
        [...document.querySelectorAll(".glance > li")].map((row) => {
          const [title, text, plot] = [".glance-title", ".lane-text", "svg.chart"].map((part) =>
            row.querySelector(part)?.getBoundingClientRect()
          )
          return {
            isBeside: (title?.right ?? 0) <= (plot?.left ?? 0) && (plot?.right ?? 0) <= (text?.left ?? 0),
            isBelow: (title?.bottom ?? 0) <= (plot?.top ?? 0) && (text?.bottom ?? 0) <= (plot?.top ?? 0),
            width: plot?.width ?? 0
          }
        })
      )
    const wide = await places()
    expect(wide.length).toBeGreaterThan(12)
    expect(wide.filter(({ isBeside, width }) => !isBeside || width < 300)).toEqual([])
    await page.setViewportSize(PHONE)
    const narrow = await places()
    expect(narrow.filter(({ isBelow, width }) => !isBelow || width < 300)).toEqual([])
    const marks = page.locator("#glance [data-tip]")
    expect(await marks.count()).toBe(narrow.length)
    expect(await page.locator('#glance [data-tip][tabindex="0"]').count()).toBe(1)
    await marks.first().focus()
    await page.keyboard.press("End")
    expect((await focusOf(page)).mark).toBe(await marks.last().getAttribute("data-tip"))
    expect((await focusOf(page)).shown).toBe(await marks.last().getAttribute("data-tip"))
    await page.locator("#glance a").nth(2).click()
    const target = page.locator("section.metric:target")
    expect(await target.locator("h4").textContent()).toBe(await page.locator("#glance a").nth(2).textContent())
    expect((await target.boundingBox())?.y).toBeLessThan(PHONE.height)
    expect(complaints).toEqual([])
    await close()
  })

  it("leads to the result by the skip link", async () => {
    const { page, close } = await session.open(rich)
    await page.keyboard.press("Tab")
    const link = page.locator(":focus")
    expect(await link.textContent()).toBe("Skip to the result")
    expect((await link.boundingBox())?.y).toBeGreaterThanOrEqual(0)
    await page.keyboard.press("Enter")
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("main")
    await close()
  })

  it("prints in dark on light with everything unfolded and no chart cut in two", async () => {
    const { page, close } = await session.open(rich, { colorScheme: "dark" })
    expect(await page.locator("details:not([open])").count()).toBeGreaterThan(3)
    await page.emulateMedia({ media: "print" })
    const printed = await page.evaluate(() => ({
      ground: getComputedStyle(document.body).backgroundColor,
      folded: [...document.querySelectorAll("details table")].filter((table) => !table.checkVisibility()).length,
      cut: [...document.querySelectorAll("svg.chart")].filter(
        (chart) => getComputedStyle(chart).breakInside !== "avoid"
      ).length
    }))
    expect(printed).toEqual({ ground: "rgb(255, 255, 255)", folded: 0, cut: 0 })
    const pdf = (await page.pdf({ format: "A4", printBackground: true })).toString("latin1")
    expect(pdf.match(/\/Type\s*\/Page\b/gu)?.length ?? 0).toBeGreaterThan(3)
    await close()
  })

  it("is complete without its script", async () => {
    const { page, complaints, close } = await session.open(rich, { javaScriptEnabled: false })
    await page.locator("#charts summary").first().click()
    expect(await page.locator("#charts details table").first().isVisible()).toBe(true)
    expect(complaints).toEqual([])
    await close()
  })

  it("keeps what others might put into it from asking anybody", async () => {
    const { page, close } = await session.open(rich)
    const refused = await page.evaluate(async () => {
      const violations: Array<string> = []
      const all = new Promise<void>((resolve) => {
        document.addEventListener("securitypolicyviolation", (event) => {
          if (violations.push(event.effectiveDirective) === 3) resolve()
        })
      })
      const image = document.createElement("img")
      image.src = "https://unicall.invalid/pixel.png"
      const script = document.createElement("script")
      script.textContent = "document.title = 'changed'"
      document.body.append(image, script)
      await fetch("https://unicall.invalid/").catch(() => undefined)
      await all
      return { violations: violations.toSorted(), title: document.title }
    })
    expect(refused.violations).toEqual(["connect-src", "img-src", "script-src-elem"])
    expect(refused.title).toBe("revox and revring compared")
    await close()
  })

  it("shows hostile names as they are", async () => {
    const { page, complaints, close } = await session.open(renderHtml(sampleComparisons.hostile))
    const [name = ""] = sampleComparisons.hostile.arms.map((arm) => arm.name)
    expect(await page.title()).toContain(name)
    expect(await page.locator("h1").textContent()).toContain(name)
    expect(await page.locator("script").count()).toBe(1)
    expect(complaints).toEqual([])
    await close()
  })
})
