import { describe, expect, it } from "vitest"
import * as format from "../../../src/compare/format.ts"
import { shownVerdict } from "../../../src/compare/verdictWords.ts"

describe("numbers for people", () => {
  it.each([
    [0.31, "31.0 %"],
    [0, "0.0 %"],
    [1, "100.0 %"],
    // neither none nor all, so it must not read as such
    [0.0002, "0.02 %"],
    [0.9998, "99.98 %"],
    [Number.NaN, "–"]
  ])("percent(%d) is %s", (rate, text) => {
    expect(format.percent(rate)).toBe(text)
  })

  it.each([
    [0.042, "+4.2 points"],
    [-0.0101, "−1.0 points"],
    [0, "0.0 points"],
    [-0.0001, "0.0 points"],
    [0.0001, "0.0 points"]
  ])("points(%d) is %s", (difference, text) => {
    expect(format.points(difference)).toBe(text)
  })

  it.each([
    [0.182, "0.18 s"],
    [0.999, "1.0 s"],
    [42.34, "42.3 s"],
    [59.97, "1 min"],
    [83, "1 min 23 s"],
    [3599.7, "1 h 0 min"],
    [4000, "1 h 7 min"],
    [-83, "−1 min 23 s"],
    [-0.001, "0.00 s"]
  ])("secondsText(%d) is %s", (seconds, text) => {
    expect(format.secondsText(seconds)).toBe(text)
  })

  it("groups thousands and keeps two digits of what is not whole", () => {
    expect(format.countText(1204)).toBe("1,204")
    expect(format.countText(2.413)).toBe("2.41")
    expect(format.counted(1, "order")).toBe("1 order")
    expect(format.counted(1204, "order")).toBe("1,204 orders")
  })

  it.each([
    [0.95, "95 %"],
    [0.9917, "99.2 %"],
    [0.99, "99 %"],
    [0.9996, "99.96 %"],
    [0.99996, "99.996 %"]
  ])("levelText(%d) is %s, never 100", (level, text) => {
    expect(format.levelText(level)).toBe(text)
  })

  it("writes figures, effects and intervals of each kind", () => {
    expect(format.figure("rate", 0.31)).toBe("31.0 %")
    expect(format.figure("count", 2)).toBe("2.00")
    expect(format.figure("seconds", undefined)).toBe("–")
    expect(format.effect("seconds", 1.3)).toBe("+1.3 s")
    expect(format.effect("seconds", -1.3)).toBe("−1.3 s")
    expect(format.effect("count", 0.31)).toBe("+0.31")
    expect(format.effect("rate", undefined)).toBe("–")
    expect(format.intervalText("rate", { low: 0.291, high: 0.33 })).toBe("29.1 to 33.0 %")
    expect(format.intervalText("seconds", { low: 4.1, high: 65 })).toBe("4.1 s to 1 min 5 s")
    expect(format.effectIntervalText("rate", { low: -0.012, high: 0.071 })).toBe("−1.2 to +7.1 points")
    expect(format.effectIntervalText("seconds", { low: -1.3, high: 0.4 })).toBe("−1.3 s to +0.40 s")
    expect(format.smallestEffectText("rate", 0.03)).toBe("3.0 points")
    expect(format.smallestEffectText("seconds", 2)).toBe("2.0 s")
  })

  it("writes days and moments in the time zone, and leaves what is no time", () => {
    expect(format.dayText("2026-03-01T23:30:00.000Z", "UTC")).toBe("1 Mar 2026")
    expect(format.dayText("2026-03-01T23:30:00.000Z", "Europe/Paris")).toBe("2 Mar 2026")
    expect(format.momentText("2026-03-01T23:30:00.000Z", "Europe/Paris")).toBe("2 Mar 2026, 00:30")
    expect(format.momentText("soon", "UTC")).toBe("soon")
  })
})

describe("words of verdicts", () => {
  const VERDICTS = [
    "better",
    "worse",
    "not_worse",
    "no_meaningful_difference",
    "not_enough_data",
    "not_comparable"
  ] as const
  const textsOf = (better: "higher" | "lower", randomized: boolean) => {
    const judged = { kind: "rate", role: "guardrail", smallestEffect: 0.05, better, randomized } as const
    return VERDICTS.map((verdict) => shownVerdict({ verdict, interval: { low: -0.01, high: 0.01 } }, judged).text)
  }
  const others = ["No meaningful difference", "Not enough data", "Not comparable"]

  it("say in an experiment which is better", () => {
    expect(textsOf("higher", true)).toEqual(["Better", "Worse", "Not worse by 5.0 points or more", ...others])
    expect(textsOf("lower", true)).toEqual(textsOf("higher", true))
  })

  it("say without one which is higher", () => {
    const [higher, lower] = ["Higher in this data", "Lower in this data"]
    expect(textsOf("higher", false)).toEqual([higher, lower, "Not lower by 5.0 points or more", ...others])
    expect(textsOf("lower", false)).toEqual([lower, higher, "Not higher by 5.0 points or more", ...others])
  })

  it("say of a guardrail that harm is shown, and is less than what matters", () => {
    const judged = { kind: "rate", role: "guardrail", smallestEffect: 0.05, randomized: true } as const
    const textOf = (low: number, high: number, better: "higher" | "lower", randomized = true) =>
      shownVerdict({ verdict: "not_worse", interval: { low, high } }, { ...judged, better, randomized }).text
    expect(textOf(-0.03, -0.01, "higher")).toBe("Worse, but by less than 5.0 points")
    expect(textOf(0.01, 0.03, "lower")).toBe("Worse, but by less than 5.0 points")
    expect(textOf(0.01, 0.03, "lower", false)).toBe("Higher, but by less than 5.0 points")
    expect(textOf(0.01, 0.03, "higher")).toBe("Not worse by 5.0 points or more")
  })

  it("say that there is no verdict where neither direction is better", () => {
    const judged = {
      kind: "rate",
      role: "secondary",
      smallestEffect: 0.05,
      better: "neither",
      randomized: true
    } as const
    expect(shownVerdict({}, judged)).toEqual({ word: "described", text: "Described only" })
  })
})
