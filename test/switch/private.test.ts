/** No form of a plan holds anything of anybody who was called, and nothing of others is markup in it. */
import { describe, expect, it } from "vitest"
import { renderBriefHtml } from "../../src/report/html/page.ts"
import { renderBriefMarkdown } from "../../src/report/markdown.ts"
import { briefOfPlan } from "../../src/report/switchPlan.ts"
import { renderBriefTerminal } from "../../src/report/terminal.ts"
import type { SwitchPlan } from "../../src/switch/SwitchPlan.ts"
import { readHtml } from "../compare/report/html/wellFormed.ts"
import { featureOf, planFor, usageFrom } from "./planned.ts"
import { revoxOrder } from "./records.ts"

const formsOf = (plan: SwitchPlan): ReadonlyArray<readonly [form: string, text: string]> => [
  ["JSON", JSON.stringify(plan)],
  ["terminal", renderBriefTerminal(briefOfPlan(plan), { width: 90, color: false })],
  ["Markdown", renderBriefMarkdown(briefOfPlan(plan))],
  ["HTML", renderBriefHtml(briefOfPlan(plan))]
]

const SECRET = "Zefira wants the blue one"

/** Everything that records can hold of people, in every place. */
const personal = {
  ...revoxOrder({ id: "order-of-zefira", tries: ["no_answer", "human"], scheduled: true, agent: "+12025550177" }),
  metadata: { reference: "zefira-0815", "+12025550178": SECRET },
  prompt_variables: { note: SECRET },
  outcome_summary: SECRET,
  organization_id: SECRET,
  campaign: { id: SECRET, name: SECRET }
}
const texts = [
  SECRET,
  "Zefira",
  "zefira",
  "0815",
  "20255501",
  "2025550178",
  "Ada",
  "web form",
  "recordings.example",
  "friday",
  "Good morning"
]

describe("a plan of records full of people", () => {
  const plan = planFor("revox", "revring", [personal])

  it.each(formsOf(plan))("as %s holds no number, text, key or id of a call", (_, text) => {
    expect(texts.filter((each) => text.includes(each))).toEqual([])
    expect(text).not.toMatch(/\+\d{6,}/)
  })

  it("counts an agent whose id may be a number, and does not show it", () => {
    expect(featureOf(plan, "agents").use[1]).toBe(
      "1 agent in all, with the orders of each: an id that may be a telephone number (1)."
    )
  })
})

const HOSTILE = [
  `<script>alert(1)</script>`,
  "[link](https://example.com) **bold** | cell |",
  "``` \n# heading",
  "\u001B[31mred\u0007\r\nsecond line\u202Eback",
  "x".repeat(100_000),
  "`${process.exit(1)}`",
  "__proto__",
  "constructor"
]

describe("a plan of hostile agents", () => {
  const plan = planFor(
    "revox",
    "revring",
    HOSTILE.map((agent, index) => revoxOrder({ id: `o-${index}`, tries: ["human"], agent }))
  )
  const forms = new Map(formsOf(plan))

  it("counts all of them", () => {
    expect(featureOf(plan, "agents").use[1]).toMatch(new RegExp(`^${HOSTILE.length} agents in all, `))
  })

  it.each([...forms])("as %s holds no control character and no endless name", (form, text) => {
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F\u202E]/)
    expect(text).not.toContain("x".repeat(100))
    expect([form, text.length < 60_000]).toEqual([form, true])
  })

  it("is one page without markup of others, that asks for nothing", () => {
    const page = forms.get("HTML") ?? ""
    expect(readHtml(page).faults).toEqual([])
    expect(page).not.toContain("<script>alert")
    expect(page).toContain("&lt;script&gt;alert(1)")
    expect(page).not.toMatch(/\b(?:src|href)="(?!#)/)
    expect(page).toContain("default-src &#39;none&#39;")
  })

  it("is Markdown in which no text of others is anything but text", () => {
    const page = forms.get("Markdown") ?? ""
    const text = page.replace(/^ *(`{3,})\w+\n[^]*?\n *\1$/gm, "")
    expect(text).toContain("\\[link\\]")
    expect(text).not.toMatch(/(?<!\\)\[link\]|(?<!\\)<script/)
    expect(text.split("\n").filter((line) => line.startsWith("# "))).toEqual([])
    // Every fence that is opened is closed.
    expect((page.match(/^ *`{3,}/gm) ?? []).length % 2).toBe(0)
  })

  it("has lines of code in which ids are texts, and none is another than it is", () => {
    const [code = ""] = (featureOf(plan, "agents").lines ?? []).map(({ text }) => text)
    const keys = [...code.matchAll(/^ {2}(".*"): "",$/gm)].map(([, key = ""]): unknown => JSON.parse(key))
    expect(keys).toHaveLength(5)
    expect(keys.filter((key) => !HOSTILE.some((id) => id === key))).toEqual([])
  })
})

it("lines to copy end only where they end, whatever stands in them", () => {
  const blocks = [{ language: "js", text: "a()\n```\n# heading\n</code><b>" }]
  const sections = [{ id: "one", heading: "One", remarks: [{ about: ["Thing"], sentences: ["It is."], blocks }] }]
  const brief = { title: { name: "Title", about: "About." }, headline: ["Short."], sections }
  expect(renderBriefMarkdown(brief)).toContain("  ````js\n  a()\n  ```\n  # heading\n  </code><b>\n  ````\n")
  expect(renderBriefHtml(brief)).toContain("<pre><code>a()\n```\n# heading\n&lt;/code&gt;&lt;b&gt;</code></pre>")
  expect(renderBriefTerminal(brief, { width: 80, color: false })).toContain("\n      a()\n      ```\n")
})

describe("odd input", () => {
  it("of nothing is a plan of nothing, without a share", () => {
    const plan = planFor("revox", "revring", [])
    expect(plan.input).toMatchObject({ orders: 0, attempts: 0 })
    for (const [, text] of formsOf(plan)) expect(text).not.toMatch(/NaN|Infinity|\d %/)
  })

  it("of attempts alone counts them, and says what it cannot tell", () => {
    const attempt = (id: string, order?: string) => ({
      id,
      phone_number: "+12025550101",
      status: "error",
      dial_error: "busy",
      started_at: `2026-03-02T1${id}:00:00.000Z`,
      answered_at: null,
      ...(order === undefined ? {} : { call_order_id: order })
    })
    const plan = planFor("revox", "revring", [
      attempt("1", "a"),
      attempt("2", "a"),
      attempt("3", "b"),
      attempt("4"),
      attempt("4")
    ])
    expect(plan.input).toMatchObject({ orders: 0, attempts: 4, knownByAttempts: 2, strays: 1 })
    expect(featureOf(plan, "attempts").use[0]).toBe("1 of 2 placed orders (50.0 %) needed more than one attempt.")
    expect(featureOf(plan, "busy").counted).toEqual({ unit: "attempts", count: 4, total: 4, share: 1 })
    expect(featureOf(plan, "schedule")).toMatchObject({ used: "not_told" })
    const strays = planFor("revox", "revring", [attempt("4")])
    expect(featureOf(strays, "attempts")).toMatchObject({
      used: "not_told",
      use: [
        "Your records do not tell how many attempts an order had.",
        "1 attempt names no order: whether it was a further one is not told."
      ]
    })
  })

  it("of inbound calls alone names no attempts that name no order", () => {
    const plan = planFor("revox", "revring", [revoxOrder({ id: "o-1", tries: [], inbound: true })])
    expect(featureOf(plan, "attempts").use).toEqual(["Your records do not tell how many attempts an order had."])
  })

  it("of several providers counts those of one, and says how many the others are", () => {
    const foreign = {
      id: "c-1",
      toNumber: "+12025550101",
      status: "COMPLETED",
      direction: "OUTBOUND",
      fromNumber: "+12025550100"
    }
    const { usage, input } = usageFrom("revox", [
      revoxOrder({ id: "o-1", tries: ["human"] }),
      foreign,
      foreign,
      { nothing: 1 }
    ])
    expect(usage.orders).toBe(1)
    expect([...input.others]).toEqual([["revring", 2]])
    expect(input.rejected).toBe(1)
  })

  it("of an order in several records counts it and its attempts once", () => {
    const whole = revoxOrder({ id: "o-1", tries: ["no_answer", "human"] })
    const before = {
      ...whole,
      call_attempts: whole.call_attempts.slice(0, 1),
      calls_count: 1,
      status: "calling",
      is_completed: false,
      updated_at: "2026-03-02T10:02:00.000Z"
    }
    const { usage } = usageFrom("revox", [
      before,
      whole,
      ...whole.call_attempts.map((each) => ({ ...each, call_order_id: "o-1" }))
    ])
    expect(usage).toMatchObject({ orders: 1, attempts: 2, strays: 0, knownByAttempts: 0 })
    expect(usage.dials).toMatchObject({ orders: 1, several: 1, reachedOn: [0, 1] })
  })

  it("of a count of attempts that is beyond reason asks for no endless redialling", () => {
    const plan = planFor("revox", "revring", [{ ...revoxOrder({ id: "o-1", tries: ["busy"] }), calls_count: 1e9 }])
    const [code] = (featureOf(plan, "attempts").lines ?? []).map(({ text }) => text)
    expect(code).toContain("attempt <= 10")
  })
})
