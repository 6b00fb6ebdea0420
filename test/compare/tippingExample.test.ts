/** The example in docs/comparing.md, recounted. */
import { readFileSync } from "node:fs"
import { expect, it } from "vitest"
import { providers } from "../../adapters/index.ts"
import { compare } from "../../src/compare/compare.ts"
import { tippingText } from "../../src/compare/tippingText.ts"
import { collectedOf, factsOf, type Rows } from "./observed.ts"

const DEFINITION = "first_attempt.human_reached.own_word"

const rows = (arm: number, count: number, word: "yes_stated" | "no_stated" | "yes_inferred"): Rows => ({
  arm,
  count,
  rates: { [DEFINITION]: word }
})

it("the example of a tipping point is what it says", () => {
  const observed = [
    rows(0, 400, "yes_stated"),
    rows(0, 600, "no_stated"),
    rows(1, 300, "yes_stated"),
    rows(1, 200, "yes_inferred"),
    rows(1, 500, "no_stated")
  ]
  const { metrics } = compare(collectedOf([factsOf("now"), factsOf("next")], observed), {
    registry: providers,
    analysis: "fixed"
  })
  const contrast = metrics.find(({ role }) => role === "primary")?.contrasts[0]
  if (contrast === undefined) throw new Error("nothing compared")
  const text = readFileSync(new URL("../../docs/comparing.md", import.meta.url), "utf8").replaceAll(/\s+/g, " ")
  expect(contrast.verdict).toBe("better")
  const inText = (sentence: string): boolean => text.includes(sentence.replaceAll(/\s+/g, " "))
  expect(inText(`the verdict would fall if ${tippingText(contrast) ?? ""}.`)).toBe(true)
  expect(inText(contrast.sensitivity[0]?.sentence ?? "none")).toBe(true)
})
