import { describe, expect, it } from "vitest"
import { lostFacts, withLost } from "../../../src/compare/collector/lostUnits.ts"
import { OTHER_STRATA } from "../../../src/compare/collector/strata.ts"
import { ANSWER } from "../../../src/compare/Observations.ts"
import { observationsOf } from "../observed.ts"

const lost = ["FR", "DE", "IT", ""].map((stratum) => ({ arm: 1, code: ANSWER.no_assumed, at: Number.NaN, stratum }))
const orders = observationsOf(["a", "b"], [{ arm: 0, count: 1, rates: { human: "yes_stated" } }])

const strataOf = (strata: ReadonlyArray<string>, stratified = true) => {
  const found = withLost({ ...orders, strata }, lost, { rates: ["human"], stratified })
  return [...found.stratum].slice(orders.size).map((place) => found.strata[place])
}

describe("the stratum of a unit that was lost", () => {
  it("is pooled with others where the rare ones are, and else one of its own", () => {
    expect(strataOf(["FR", OTHER_STRATA])).toEqual(["FR", OTHER_STRATA, OTHER_STRATA, "FR"])
    expect(strataOf(["FR"])).toEqual(["FR", "DE", "IT", "FR"])
  })

  it("is that of all where nothing is sorted", () => {
    expect(strataOf(["all"], false)).toEqual(["all", "all", "all", "all"])
  })
})

describe("what is told of units that were lost", () => {
  const factsWith = (rates: ReadonlyArray<string>, stratified: boolean) =>
    lostFacts(lost, { rates, stratified, arms: 2 })

  it("has those without a stratum only where some rate counts them and orders are sorted", () => {
    expect(factsWith(["human"], true)).toEqual({ units: [0, 4], areCounted: true, withoutStratum: 1 })
    expect(factsWith([], true)).toEqual({ units: [0, 4], areCounted: false, withoutStratum: 0 })
    expect(factsWith(["human"], false)).toEqual({ units: [0, 4], areCounted: true, withoutStratum: 0 })
  })
})
