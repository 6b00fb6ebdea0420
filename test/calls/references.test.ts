import { describe, expect, it } from "@effect/vitest"
import { formsOf, isSameReference, lookalikes, referenceFault, storedForm } from "../../src/calls/references.ts"

describe("references", () => {
  it.each(["lead-7", "Zo\u00EB 7", "日本語", "a/b:c 'd' \"e\"", "😀", "x".repeat(200)])(
    "%j can be a new one",
    (reference) => {
      expect(referenceFault(reference)).toBeUndefined()
    }
  )

  it.each(["a ", " a", "a\u00A0b", "\uFEFFa", "a\u200Bb", "a\u200Db", "a\u2060", "a\u3000b", "\u202Ea", "a\u00AD"])(
    "%j cannot",
    (reference) => {
      expect(referenceFault(reference)).toContain("invisible")
    }
  )

  it("composed and decomposed are one, and are looked for in both forms, the given one first", () => {
    const [composed, decomposed] = ["Zo\u00EB", "Zoe\u0308"]
    expect(isSameReference(composed, decomposed)).toBe(true)
    expect(storedForm(decomposed)).toBe(composed)
    expect(formsOf(decomposed)).toEqual([decomposed, composed])
    expect(formsOf(composed)).toEqual([composed, decomposed])
    expect(formsOf("lead-7")).toEqual(["lead-7"])
    expect(isSameReference("lead-7", "lead-8")).toBe(false)
  })

  it("that look alike are listed, those of each tenant by themselves", () => {
    const stored = [
      { tenant: "", reference: "lead-1" },
      { tenant: "", reference: "lead-1 " },
      { reference: "lead\u00A0-1" },
      { tenant: "", reference: "Zo\u00EB" },
      { tenant: "acme", reference: "Zoe\u0308" },
      { tenant: "acme", reference: "Zo\u00EB" },
      { tenant: "", reference: "alone" },
      { tenant: "", reference: " " },
      { tenant: "", reference: "\u200B" }
    ]
    expect(lookalikes(stored)).toEqual([
      ["lead-1", "lead-1 ", "lead\u00A0-1"],
      ["Zoe\u0308", "Zo\u00EB"]
    ])
  })
})
