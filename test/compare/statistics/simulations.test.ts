/**
 * Thousands of made-up experiments. Each claim is a count of runs held against the exact binomial distribution of such a
 * count: a correct method stays within `least` and `most` in all but one of a thousand series on each side.
 */
import { describe, expect, it } from "vitest"
import { normalQuantile } from "../../../src/compare/statistics/distributions.ts"
import { powerAt, type PowerDesign, unitsNeeded } from "../../../src/compare/statistics/power.ts"
import { type Random, seededRandom } from "../../../src/compare/statistics/random.ts"
import { estimateRates, newcombe, wilson } from "../../../src/compare/statistics/rates.ts"
import { estimateRatios } from "../../../src/compare/statistics/ratios.ts"
import { sequentialMultiplier } from "../../../src/compare/statistics/sequential.ts"
import { estimateValues } from "../../../src/compare/statistics/values.ts"
import { expectedCounts } from "./exact.ts"
import { type Design, drawRows, firstOf, HEAVY_TAIL, sampleOf } from "./trials.ts"

const alpha = 0.05
const z = normalQuantile(1 - alpha / 2)

type Limits = { readonly low: number; readonly high: number } | undefined

const excludes = (limits: Limits, effect = 0): boolean =>
  limits !== undefined && (limits.low > effect || limits.high < effect)

const countRuns = (runs: number, happens: (run: number) => boolean): number => {
  let count = 0
  for (let run = 0; run < runs; run++) if (happens(run)) count++
  return count
}

/** Looks ever further apart, from the 20th to the last. */
const looksUpTo = (last: number, looks = 50): ReadonlyArray<number> =>
  Array.from({ length: looks }, (_, k) => Math.round(20 * (last / 20) ** (k / (looks - 1))))

describe("exact binomial bounds", () => {
  it("of 2,000 runs at 5 % are 71 and 131", () => {
    expect(expectedCounts(2000, 0.05)).toEqual({ least: 71, most: 131 })
  })
})

describe("a fixed analysis of two arms that do not differ", () => {
  const runs = 500
  const { least, most } = expectedCounts(runs, alpha)

  const situations: ReadonlyArray<readonly [string, Omit<Design, "rate" | "share">]> = [
    ["independent orders", { persons: 300 }],
    ["1 to 4 orders per person, much alike", { persons: 150, orders: [1, 2, 4], sameness: 0.6 }],
    ["persons in both arms", { persons: 150, orders: [1, 2, 4], sameness: 0.6, crossed: true }],
    ["six strata", { persons: 300, strata: 6 }],
    ["strata and several orders per person", { persons: 150, orders: [1, 2, 4], sameness: 0.6, strata: 3 }]
  ]

  const ratesAndShares = [
    [0.02, 0.5],
    [0.1, 0.5],
    [0.1, 0.2],
    [0.5, 0.5]
  ] as const

  it.each(
    situations.flatMap(([name, design]) => ratesAndShares.map(([rate, share]) => [name, rate, share, design] as const))
  )("%s, rate %d, share %d: a difference is claimed in at most one run of 20", (_, rate, share, design) => {
    const random = seededRandom(101)
    const ofStratum = (_arm: number, stratum: number) =>
      rate * (1 + 0.3 * (stratum % 2 === 0 ? -1 : 1) * Math.sign(stratum))
    const claims = countRuns(runs, () => {
      const sample = sampleOf(drawRows(random, { ...design, share, rate: ofStratum }))
      return excludes(estimateRates(sample).contrast(1, 0)?.interval(z))
    })
    expect(claims).toBeLessThanOrEqual(most)
  })

  it.each([60, 100, 300, 1000])("1 to 200 orders per person, much alike, %d persons: likewise", (persons) => {
    const random = seededRandom(112)
    for (const [rate, share] of [
      [0.3, 0.5],
      [0.3, 0.2],
      [0.1, 0.5]
    ] as const) {
      const design = { persons, orders: HEAVY_TAIL, sameness: 0.6, share, rate: () => rate }
      const claims = countRuns(300, () =>
        excludes(
          estimateRates(sampleOf(drawRows(random, design)))
            .contrast(1, 0)
            ?.interval(z)
        )
      )
      expect(claims).toBeLessThanOrEqual(expectedCounts(300, alpha).most)
    }
  })

  it.each([
    ["two strata of 10 and 90 %", 2, (stratum: number) => 0.1 + 0.8 * stratum, 0.5],
    ["ten strata from 5 to 95 %", 10, (stratum: number) => 0.05 + 0.1 * stratum, 0.5],
    ["ten strata from 5 to 95 %", 10, (stratum: number) => 0.05 + 0.1 * stratum, 0.1],
    ["thirty strata from 0 to 10 %", 30, (stratum: number) => stratum / 290, 0.5]
  ] as const)("%s, which narrow intervals: likewise", (_, strata, rateOf, share) => {
    const random = seededRandom(113)
    for (const persons of [60, 100, 300]) {
      const design: Design = { persons, share, strata, rate: (_arm, stratum) => rateOf(stratum) }
      const claims = countRuns(runs, () => {
        const contrast = estimateRates(sampleOf(drawRows(random, design), { strata })).contrast(1, 0)
        return excludes(contrast?.interval(z))
      })
      expect(claims).toBeLessThanOrEqual(most)
    }
  })

  it("claims no less often than that either where nothing stands in the way", () => {
    const random = seededRandom(102)
    const claims = countRuns(runs, () => {
      const sample = sampleOf(drawRows(random, { persons: 600, share: 0.5, rate: () => 0.4 }))
      return excludes(estimateRates(sample).contrast(1, 0)?.interval(z))
    })
    expect(claims).toBeGreaterThanOrEqual(least)
  })
})

describe("a sequential analysis of two arms that do not differ", () => {
  /** Orders come in one by one and each is looked at from the 20th on; equal to `estimateRates`, as other tests prove. */
  const everClaims = (random: Random, rate: number, share: number, multipliers: ReadonlyArray<number>): boolean => {
    const n: [number, number] = [0, 0]
    const yes: [number, number] = [0, 0]
    for (let order = 1; order < multipliers.length; order++) {
      const arm = random.uniform() < share ? 1 : 0
      n[arm]++
      if (random.uniform() < rate) yes[arm]++
      if (order < 20 || n[0] === 0 || n[1] === 0) continue
      const [a, b] = [1, 0].map((each) => {
        const value = yes[each]! / n[each]!
        return { value, interval: wilson(value, n[each]!, multipliers[order]!) }
      })
      if (excludes(newcombe(a!, b!))) return true
    }
    return false
  }

  it.each(
    [0.02, 0.1, 0.5].flatMap((rate) =>
      [0.5, 0.1].flatMap((share) => [2000, 200].map((planned) => [rate, share, planned] as const))
    )
  )(
    "rate %d, share %d, planned %d: 1,981 looks claim a difference in at most one run of 20",
    (rate, share, planned) => {
      const runs = 1000
      const random = seededRandom(103)
      const multipliers = Array.from({ length: 2001 }, (_, n) =>
        sequentialMultiplier({ alpha, n: Math.max(1, n), planned })
      )
      const claims = countRuns(runs, () => everClaims(random, rate, share, multipliers))
      expect(claims).toBeLessThanOrEqual(expectedCounts(runs, alpha).most)
    }
  )

  it("would not hold with the multiplier of a single look: that claims a difference in more than 30 % of runs", () => {
    const random = seededRandom(104)
    const single = Array.from({ length: 2001 }, () => z)
    expect(countRuns(300, () => everClaims(random, 0.5, 0.5, single))).toBeGreaterThan(90)
  })

  it.each([
    ["several orders per person", { persons: 400, orders: [1, 2, 4], sameness: 0.6 }],
    ["persons in both arms", { persons: 400, orders: [1, 2, 4], sameness: 0.6, crossed: true }],
    ["strata and several orders per person", { persons: 400, orders: [1, 2, 4], sameness: 0.6, strata: 3 }],
    [
      "strata that tell much",
      { persons: 1000, strata: 10, rate: (_arm: number, stratum: number) => 0.05 + 0.1 * stratum }
    ]
  ] as const)("%s: 50 looks claim a difference in at most one run of 20", (_, design) => {
    const runs = 200
    const random = seededRandom(105)
    const claims = countRuns(runs, () => {
      const sample = sampleOf(drawRows(random, { share: 0.4, rate: () => 0.15, ...design }))
      return looksUpTo(sample.yes.length).some((look) => {
        const contrast = estimateRates(firstOf(sample, look)).contrast(1, 0)
        return excludes(contrast?.interval(sequentialMultiplier({ alpha, n: contrast.persons, planned: 500 })))
      })
    })
    expect(claims).toBeLessThanOrEqual(expectedCounts(runs, alpha).most)
  })

  it("leaves the true difference out at any of 50 looks in at most 5 % of runs where there is one", () => {
    const runs = 200
    const random = seededRandom(106)
    const misses = countRuns(runs, () => {
      const rows = drawRows(random, { persons: 1000, share: 0.3, rate: (arm) => 0.1 + 0.15 * arm })
      const sample = sampleOf(rows)
      return looksUpTo(1000).some((look) => {
        const contrast = estimateRates(firstOf(sample, look)).contrast(1, 0)
        return excludes(contrast?.interval(sequentialMultiplier({ alpha, n: look, planned: 500 })), 0.15)
      })
    })
    expect(misses).toBeLessThanOrEqual(expectedCounts(runs, alpha).most)
  })
})

describe("times and counts of two arms that do not differ", () => {
  const seconds = (random: Random) => -60 * Math.log(1 - random.uniform())
  const draws = {
    seconds,
    dials: (random: Random) => 1 + Math.floor(seconds(random) / 40),
    "seconds, half of them 0": (random: Random) => (random.word() % 2 === 0 ? 0 : seconds(random))
  }

  const drawSample = (
    random: Random,
    draw: (random: Random) => number,
    size: number,
    perPerson: number,
    share: number
  ) => {
    const sample = {
      value: new Float64Array(size),
      arm: new Uint8Array(size),
      arms: 2,
      person: new Uint32Array(size),
      persons: Math.ceil(size / perPerson)
    }
    let [arm, habit] = [0, 0]
    for (let row = 0; row < size; row++) {
      if (row % perPerson === 0) [arm, habit] = [random.uniform() < share ? 1 : 0, draw(random)]
      sample.arm[row] = arm
      sample.person[row] = Math.floor(row / perPerson)
      sample.value[row] = perPerson > 1 && random.word() % 2 === 0 ? habit : draw(random)
    }
    return sample
  }

  const cases = [
    ["seconds", 1, 0.5],
    ["seconds", 3, 0.5],
    ["seconds", 1, 0.15],
    ["dials", 1, 0.5],
    ["seconds, half of them 0", 3, 0.5]
  ] as const

  it.each(cases)(
    "%s, %d per person, share %d: one look claims a difference in at most one run of 20",
    (name, each, share) => {
      const runs = 500
      const random = seededRandom(107)
      const claims = { ranks: 0, superiority: 0 }
      for (let run = 0; run < runs; run++) {
        const contrast = estimateValues(drawSample(random, draws[name], 150, each, share)).contrast(1, 0)
        const superior = contrast?.superiority().interval(z)
        if (excludes(contrast?.interval(z))) claims.ranks++
        if (superior !== undefined && excludes(superior, 0.5)) claims.superiority++
      }
      expect(claims.ranks).toBeLessThanOrEqual(expectedCounts(runs, alpha).most)
      expect(claims.superiority).toBeLessThanOrEqual(expectedCounts(runs, alpha).most)
    }
  )

  it.each(cases)(
    "%s, %d per person, share %d: 50 looks claim a difference in at most one run of 20",
    (name, each, share) => {
      const runs = 150
      const random = seededRandom(108)
      const claims = { ranks: 0, superiority: 0, ratio: 0 }
      for (let run = 0; run < runs; run++) {
        const all = drawSample(random, draws[name], 600, each, share)
        const ever = { ranks: false, superiority: false, ratio: false }
        for (const look of looksUpTo(600)) {
          const sample = {
            ...all,
            value: all.value.subarray(0, look),
            arm: all.arm.subarray(0, look),
            person: all.person.subarray(0, look)
          }
          const contrast = estimateValues(sample).contrast(1, 0)
          if (contrast === undefined) continue
          const multiplier = sequentialMultiplier({ alpha, n: contrast.persons, planned: 300 })
          ever.ranks ||= excludes(contrast.interval(multiplier))
          ever.superiority ||= excludes(contrast.superiority().interval(multiplier), 0.5)
          const reached = Uint8Array.from(sample.value, (value) => (value > 60 || value === 3 ? 1 : 0))
          const ratio = estimateRatios({ ...sample, numerator: sample.value, denominator: reached }).contrast(1, 0)
          ever.ratio ||= excludes(ratio?.interval(multiplier))
        }
        if (ever.ranks) claims.ranks++
        if (ever.superiority) claims.superiority++
        if (ever.ratio) claims.ratio++
      }
      const { most } = expectedCounts(runs, alpha)
      expect(claims.ranks).toBeLessThanOrEqual(most)
      expect(claims.superiority).toBeLessThanOrEqual(most)
      expect(claims.ratio).toBeLessThanOrEqual(most)
    }
  )

  it("are told apart where they differ: medians of 40 and 60 s among 600 calls, nearly always, in both analyses", () => {
    const random = seededRandom(109)
    const found = { fixed: 0, sequential: 0, superiority: 0 }
    for (let run = 0; run < 100; run++) {
      const sample = drawSample(random, seconds, 600, 1, 0.5)
      sample.value.forEach((value, row) => (sample.value[row] = value * (sample.arm[row] === 1 ? 1.5 : 1)))
      const contrast = estimateValues(sample).contrast(1, 0)!
      const multiplier = sequentialMultiplier({ alpha, n: 600, planned: 600 })
      if (contrast.interval(z)!.low > 0) found.fixed++
      if (contrast.interval(multiplier)!.low > 0) found.sequential++
      if (contrast.superiority().interval(multiplier).low > 0.5) found.superiority++
    }
    // Difference of medians 20.8 s with a standard error of √(60² + 90²)/√300 = 6.2 s: 3.3 errors.
    expect(found.fixed).toBeGreaterThan(80)
    expect(found.sequential).toBeGreaterThan(35)
    expect(found.superiority).toBeGreaterThan(80)
  })
})

describe("an experiment of the planned size", () => {
  const designs: ReadonlyArray<Omit<PowerDesign, "analysis" | "alpha">> = [
    { baselineRate: 0.3, effect: 0.1, shares: [1, 1] },
    { baselineRate: 0.1, effect: 0.05, shares: [1, 1] },
    { baselineRate: 0.3, effect: 0.1, shares: [4, 1] },
    { baselineRate: 0.5, effect: -0.1, shares: [1, 2] }
  ]
  const runs = 1000

  /** Whether the effect is seen at the end (fixed), or at any look. */
  const finds = (random: Random, design: PowerDesign, units: number): boolean => {
    const { baselineRate, effect, shares, analysis } = design
    const share = shares[1]! / (shares[0]! + shares[1]!)
    const n: [number, number] = [0, 0]
    const yes: [number, number] = [0, 0]
    for (let order = 1; order <= units; order++) {
      const arm = random.uniform() < share ? 1 : 0
      n[arm]++
      if (random.uniform() < baselineRate + effect * arm) yes[arm]++
      if (n[0] === 0 || n[1] === 0 || (order < units && (analysis === "fixed" || order % 10 !== 0))) continue
      const multiplier = analysis === "fixed" ? z : sequentialMultiplier({ alpha, n: order, planned: units })
      const [a, b] = [1, 0].map((each) => {
        const value = yes[each]! / n[each]!
        return { value, interval: wilson(value, n[each]!, multiplier) }
      })
      const { low, high } = newcombe(a!, b!)
      if (effect > 0 ? low > 0 : high < 0) return true
    }
    return false
  }

  it.each(designs)("finds the effect as often as planned: fixed, $baselineRate, $effect, $shares", (each) => {
    const design: PowerDesign = { ...each, alpha, analysis: "fixed" }
    const { all } = unitsNeeded(design, 0.8)!
    const random = seededRandom(110)
    const found = countRuns(runs, () => finds(random, design, all))
    const { least, most } = expectedCounts(runs, powerAt(design, all))
    expect(found).toBeGreaterThanOrEqual(least)
    expect(found).toBeLessThanOrEqual(most)
  })

  it.each(designs)(
    "finds the effect at least as often as planned: sequential, $baselineRate, $effect, $shares",
    (each) => {
      const design: PowerDesign = { ...each, alpha, analysis: "sequential" }
      const { all } = unitsNeeded(design, 0.8)!
      const random = seededRandom(111)
      const found = countRuns(runs, () => finds(random, design, all))
      expect(found).toBeGreaterThanOrEqual(expectedCounts(runs, 0.8).least)
      expect(found).toBeGreaterThan(0.8 * runs)
    }
  )
})
