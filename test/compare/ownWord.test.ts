/** How far a definition agrees with the provider's own word, the rows of other definitions, and what the headline says of both. */
import { describe, expect, it } from "vitest"
import { providers } from "../../adapters/index.ts"
import { compare } from "../../src/compare/compare.ts"
import type { Comparison } from "../../src/compare/Comparison.ts"
import { whyNotSameMeasure } from "../../src/compare/sameMeasure.ts"
import { CONVERSATION_RULE, REPLY_RULE } from "../../src/metrics/transcriptRules.ts"
import { renderHtml } from "../../src/report/html/page.ts"
import { renderMarkdown } from "../../src/report/markdown.ts"
import { renderTerminal } from "../../src/report/terminal.ts"
import { type AnswerWord, collectedOf, factsOf, type Rows } from "./observed.ts"

const HUMAN = "first_attempt.human_reached"

/** So many calls of which the provider says one thing and the transcripts others. */
const calls = (arm: number, count: number, own: AnswerWord, talk: AnswerWord, reply: AnswerWord = talk): Rows => ({
  arm,
  count,
  rates: { [`${HUMAN}.own_word`]: own, [`${HUMAN}.conversation`]: talk, [`${HUMAN}.reply`]: reply }
})

const revox = factsOf("a")
const revring = factsOf("b", { providers: ["revring"] })

const look = (groups: ReadonlyArray<Rows>, other = revring): Comparison =>
  compare(collectedOf([revox, other], groups), { registry: providers })

const primaryIn = ({ metrics }: Comparison) => {
  const found = metrics.find(({ role }) => role === "primary")
  if (found === undefined) throw new Error("no primary metric")
  return found
}

/** Of an arm whose provider states who answered. */
const stated = (arm: number, counted: number, missed: number): ReadonlyArray<Rows> => [
  calls(arm, counted, "yes_stated", "yes_inferred"),
  calls(arm, missed, "yes_stated", "no_inferred", "yes_inferred"),
  calls(arm, 5, "yes_stated", "missing"),
  calls(arm, 150, "no_stated", "no_inferred"),
  // Nobody answered: no rule was asked.
  calls(arm, 400, "no_stated", "no_stated")
]

/** Of one that does not; what is inferred is no word of its own. */
const inferred = (arm: number, counted: number, missed: number): ReadonlyArray<Rows> => [
  calls(arm, counted, "yes_inferred", "yes_inferred"),
  calls(arm, missed, "yes_inferred", "no_inferred", "yes_inferred"),
  calls(arm, 5, "missing", "missing"),
  calls(arm, 150, "no_detected", "no_inferred"),
  calls(arm, 400, "no_stated", "no_stated")
]

describe("agreement with the provider's own word", () => {
  const { agreement = [], title, contrasts } = primaryIn(look([...stated(0, 178, 91), ...inferred(1, 230, 70)]))

  it("is counted for each definition, of calls of which the provider itself says who answered", () => {
    expect(title).toBe("Conversation")
    expect(agreement.map(({ definition, rule }) => [definition, rule])).toEqual([
      [`${HUMAN}.conversation`, CONVERSATION_RULE],
      [`${HUMAN}.reply`, REPLY_RULE]
    ])
    const [talk, reply] = agreement
    expect(talk?.arms[0]).toMatchObject({
      yes: { n: 269, same: 178, unjudged: 5, share: 178 / 269 },
      no: { n: 150, same: 150, unjudged: 0, share: 1 }
    })
    expect(reply?.arms[0]?.yes).toMatchObject({ n: 269, same: 269 })
    // What is inferred for the other is no word of its own.
    expect(talk?.arms[1]).toMatchObject({ yes: { n: 0, same: 0, unjudged: 0 }, no: { n: 150, same: 150 } })
    expect(talk?.arms[1]?.yes.share).toBeUndefined()
  })

  it("is said in the headline where it can be seen in one arm only", () => {
    const sentence =
      "“Conversation” counts 178 of 269 calls of a (66.2 %, without a verdict on 5 more) of which the provider itself says that a person answered; the records of b have too few such words to tell whether as many are counted there. A difference between the arms may come from that alone."
    expect(contrasts[0]?.unlikeAgreement).toBe(sentence)
    expect(look([...stated(0, 178, 91), ...inferred(1, 230, 70)]).headline).toContain(sentence)
  })

  it("stands in every report", () => {
    const comparison = look([...stated(0, 178, 91), ...inferred(1, 230, 70)])
    for (const report of [
      renderTerminal(comparison, { width: 10_000, color: false }),
      renderMarkdown(comparison),
      renderHtml(comparison)
    ]) {
      const words = report.replaceAll(/\s+/gu, " ")
      expect(words).toContain("of which the provider itself says that a person answered")
      expect(words).toContain("conversation/1")
      expect(words).toContain("By another definition,")
    }
  })

  /** Two arms whose provider states who answered, and is not believed; so the transcripts are compared. */
  const doubted = (groups: ReadonlyArray<Rows>) => {
    const facts = (name: string) => factsOf(name, { verdicts: 100, contradicted: 50 })
    return primaryIn(compare(collectedOf([facts("a"), facts("b")], groups), { registry: providers })).contrasts[0]
      ?.unlikeAgreement
  }

  it("is said where it differs between the arms beyond chance, and else not", () => {
    expect(doubted([...stated(0, 180, 90), ...stated(1, 240, 30)])).toBe(
      "“Conversation” counts 180 of 270 calls of a (66.7 %, without a verdict on 5 more) and 240 of 270 calls of b (88.9 %, without a verdict on 5 more) of which the provider itself says that a person answered. A difference between the arms may come from that alone."
    )
    expect(doubted([...stated(0, 180, 90), ...stated(1, 184, 86)])).toBeUndefined()
    // Far apart, and by chance.
    expect(doubted([...stated(0, 16, 8), ...stated(1, 19, 5)])).toBeUndefined()
  })

  it("is not said where nobody's word is there, nor of a provider's own word", () => {
    expect(
      primaryIn(look([...inferred(0, 200, 70).slice(0, 2), ...inferred(1, 230, 70).slice(0, 2)])).agreement
    ).toBeUndefined()
    const own = primaryIn(look([...stated(0, 178, 91), ...stated(1, 240, 30)], factsOf("b")))
    expect(own.title).toBe("Human reached")
    expect(own.contrasts[0]?.unlikeAgreement).toBeUndefined()
  })
})

describe("other definitions", () => {
  it("are rows of the sensitivity, with the reason where one is another measure in each arm", () => {
    const { contrasts } = primaryIn(look([...stated(0, 178, 91), ...inferred(1, 230, 70)]))
    const others = contrasts[0]?.sensitivity.filter(({ scenario }) => scenario === "other_definition") ?? []
    expect(others.map(({ definition }) => [definition?.id, definition?.rule?.id])).toEqual([
      [`${HUMAN}.own_word`, undefined],
      [`${HUMAN}.reply`, "reply/1"]
    ])
    expect(others[0]?.effect).toBeCloseTo(300 / 850 - 274 / 824, 10)
    expect(others[0]?.sentence).toMatch(/^By another definition, “The provider's own verdict.*not the same measure\.$/u)
    expect(others[1]?.effect).toBeCloseTo(300 / 850 - 269 / 819, 10)
  })

  it("that say the same of every call are left out", () => {
    const { contrasts } = primaryIn(
      look([
        calls(0, 60, "yes_stated", "yes_inferred"),
        calls(0, 60, "no_stated", "no_inferred"),
        calls(1, 60, "yes_inferred", "yes_inferred"),
        calls(1, 60, "no_detected", "no_inferred")
      ])
    )
    expect(contrasts[0]?.sensitivity.filter(({ scenario }) => scenario === "other_definition")).toEqual([])
  })

  it("that take the verdict away make it one that does not hold by every definition", () => {
    const { headline, metrics } = look([
      calls(0, 160, "yes_stated", "yes_inferred"),
      calls(0, 140, "yes_stated", "no_inferred"),
      calls(0, 300, "no_stated", "no_inferred"),
      calls(1, 300, "yes_inferred", "yes_inferred"),
      calls(1, 300, "no_detected", "no_inferred")
    ])
    expect(metrics[0]?.contrasts[0]).toMatchObject({ verdict: "better", robust: false })
    expect(headline.join(" ")).toContain(
      "The verdict is another one by another definition of the metric; the report says which."
    )
  })
})

describe("numbers of two reports", () => {
  const metric = primaryIn(look([...stated(0, 178, 91), ...inferred(1, 230, 70)]))
  const withRule = (rule: { readonly id: string; readonly text: string }) => ({
    ...metric,
    definition: { id: `${HUMAN}.conversation`, text: metric.definition?.text ?? "", rule }
  })

  it("are of one measure only with the same metric, definition and rule", () => {
    expect(whyNotSameMeasure(metric, metric)).toBeUndefined()
    expect(whyNotSameMeasure(metric, withRule({ ...CONVERSATION_RULE, id: "conversation/2" }))).toBe(
      "“Conversation” is counted by rule conversation/1 over transcripts in one and by conversation/2 in the other: numbers of the two are not compared."
    )
    expect(whyNotSameMeasure(metric, withRule({ ...CONVERSATION_RULE, text: "Else." }))).toContain("two definitions")
    expect(whyNotSameMeasure(metric, { ...metric, id: "order.success" })).toBe(
      "first_attempt.human_reached and order.success are two metrics."
    )
    const { definition: _, ...none } = metric
    expect(whyNotSameMeasure(metric, none)).toContain("no figures")
  })
})
