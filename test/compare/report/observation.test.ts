/** Without an experiment no report claims that an arm is better or worse: the words are those of an observation. */
import { describe, expect, it } from "vitest"
import { providers } from "../../../adapters/index.ts"
import { compare } from "../../../src/compare/compare.ts"
import type { Comparison } from "../../../src/compare/Comparison.ts"
import { renderHtml } from "../../../src/report/html/page.ts"
import { renderMarkdown } from "../../../src/report/markdown.ts"
import { renderTerminal } from "../../../src/report/terminal.ts"
import { abSamples } from "../abSamples.ts"
import { type AnswerWord, collectedOf, factsOf, type Rows } from "../observed.ts"
import { compareAll } from "../trial.ts"
import { sampleComparisons } from "./sampleComparisons.ts"

const HUMAN = "first_attempt.human_reached.own_word"
const CONNECTED = "first_attempt.connected.answer_time"
const HANGUP = "first_attempt.remote_hangup_10s.own_word"
const NOT_REACHED = "first_attempt.not_reached.own_word"

/** Of a thousand, so many answered so, by arm. */
const RATES: { readonly [definition: string]: ReadonlyArray<readonly [AnswerWord, number]> } = {
  [HUMAN]: [
    ["yes_inferred", 300],
    ["yes_stated", 450],
    ["yes_detected", 150]
  ],
  [CONNECTED]: [
    ["yes_stated", 600],
    ["yes_stated", 590],
    ["yes_stated", 400]
  ],
  [HANGUP]: [
    ["yes_stated", 100],
    ["yes_stated", 130],
    ["yes_stated", 300]
  ],
  [NOT_REACHED]: [
    ["yes_stated", 300],
    ["yes_stated", 100],
    ["yes_stated", 600]
  ]
}

const groups = Object.entries(RATES).flatMap(([definition, arms]) =>
  arms.flatMap(([word, count], arm): ReadonlyArray<Rows> => [
    { arm, count, rates: { [definition]: word } },
    { arm, count: 960 - count, rates: { [definition]: "no_stated" } },
    { arm, count: 40, rates: { [definition]: "missing" } }
  ])
)

const observed = compare(collectedOf([factsOf("one"), factsOf("two"), factsOf("three")], groups), {
  registry: providers,
  guardrails: [
    { metric: "first_attempt.connected", smallestEffect: 0.1 },
    { metric: "first_attempt.remote_hangup_10s", smallestEffect: 0.1 }
  ]
})

const { revox, revring } = abSamples()

const comparisons: ReadonlyArray<readonly [string, Comparison]> = [
  ["three arms with differences both ways", observed],
  ["the shipped samples", compareAll([...revox, ...revring])],
  ["a sample of the reports", sampleComparisons.threeArms]
]

const reports: ReadonlyArray<readonly [string, (comparison: Comparison) => string]> = [
  ["terminal", (comparison) => renderTerminal(comparison, { width: 100, color: true })],
  ["Markdown", renderMarkdown],
  ["HTML", renderHtml]
]

/** Says nothing about an arm: that more, or less, of something is better; and how a verdict would look. */
const NO_CLAIM = /\b(?:higher|lower) is better; matters from|<style>[^<]*<\/style>/gu

describe("a comparison without an experiment", () => {
  it("has verdicts both ways in what is tried here", () => {
    const verdicts = observed.metrics.flatMap(({ contrasts }) => contrasts.map(({ verdict }) => verdict))
    expect(verdicts).toEqual(expect.arrayContaining(["better", "worse", "not_worse"]))
    const changed = observed.metrics.flatMap(({ contrasts }) => contrasts.flatMap(({ sensitivity }) => sensitivity))
    expect(changed.map(({ verdict }) => verdict)).toEqual(expect.arrayContaining(["better", "worse"]))
  })

  it.each(
    comparisons.flatMap(([name, comparison]) =>
      reports.map(([report, render]) => [name, report, comparison, render] as const)
    )
  )("claims nothing: %s, %s", (_, __, comparison, render) => {
    expect(comparison.experiment).toBeUndefined()
    const report = render(comparison).replace(NO_CLAIM, "")
    const claims = [...report.matchAll(/.{0,60}\b(?:better|worse)\b.{0,40}/giu)].map(([claim]) => claim)
    expect(claims).toEqual([])
    expect(report).toMatch(/higher in\s+this data/i)
  })

  it("claims nothing in JSON either, but for the verdict's own word", () => {
    const sentences = JSON.stringify(observed, (key, value: unknown) =>
      key === "verdict" || key === "better" ? undefined : value
    )
    expect(sentences).not.toMatch(/\b(?:better|worse)\b/i)
  })

  it("is told apart from an experiment, where the same figures are a verdict on the arms", () => {
    const experiment = { id: "trial", frozen: true }
    expect(renderMarkdown({ ...observed, experiment })).toMatch(/\| Better \|/)
    expect(renderHtml({ ...observed, experiment })).toMatch(/badge worse/)
  })
})
