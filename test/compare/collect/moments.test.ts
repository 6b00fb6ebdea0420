import { describe, expect, it } from "vitest"
import { millisecondsOf } from "../../../src/compare/collector/moments.ts"
import { makeTextHash } from "../../../src/compare/collector/textHash.ts"

describe("moments", () => {
  it("are the milliseconds that Date gives, in every month, leap day and century", () => {
    const DAY = 86_400_000
    for (let year = 0; year < 10_000; year += 7) {
      const start = Date.parse(`${String(year).padStart(4, "0")}-01-01T00:00:00.000Z`)
      for (const offset of [0, 30.5, 58, 58.999, 59, 60, 150.25, 243, 364.9]) {
        const time = Math.round(start + offset * DAY)
        expect(millisecondsOf(new Date(time).toISOString())).toBe(time)
      }
    }
    expect(millisecondsOf("2024-02-29T23:59:59.987Z")).toBe(Date.UTC(2024, 1, 29, 23, 59, 59, 987))
    expect(millisecondsOf(undefined)).toBeNaN()
  })
})

describe("hashes of texts", () => {
  const hash = makeTextHash()
  const of = (...texts: ReadonlyArray<string>): string => {
    hash.of(...texts)
    return `${hash.high},${hash.low}`
  }
  const ofNumber = (text: string): string => {
    hash.ofNumber(text)
    return `${hash.high},${hash.low}`
  }

  it("tell texts apart, and where one ends and the next begins", () => {
    expect(of("a", "bc")).not.toBe(of("ab", "c"))
    expect(of("a")).not.toBe(of("a", ""))
    expect(new Set(Array.from({ length: 200_000 }, (_, index) => of("revox", `order-${index}`))).size).toBe(200_000)
  })

  it("spread over either half", () => {
    const halves = Array.from({ length: 20_000 }, (_, index) => {
      hash.of("x", String(index))
      return [hash.high & 1023, hash.low & 1023] as const
    })
    for (const half of [0, 1] as const) {
      const counts = Array.from({ length: 1024 }, () => 0)
      for (const pair of halves) counts[pair[half]] = (counts[pair[half]] ?? 0) + 1
      const expected = halves.length / 1024
      const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
      // 1,023 degrees of freedom: mean 1,023, standard deviation 45.
      expect(chiSquare).toBeLessThan(1023 + 5 * 45)
    }
  })

  it("of numbers look at the digits alone, of what is no number at all of it", () => {
    expect(ofNumber("+1 (202) 555-0101")).toBe(ofNumber("12025550101"))
    expect(ofNumber("+12025550101")).not.toBe(ofNumber("+12025550102"))
    expect(ofNumber("anonymous")).not.toBe(ofNumber("private"))
    expect(ofNumber("sip:a@b1")).not.toBe(ofNumber("sip:b@b1"))
  })
})
