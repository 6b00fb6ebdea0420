import { createHmac } from "node:crypto"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import { assign, makeAssign, readUnit, unitOf } from "../../../src/experiment/assignment.ts"
import { chiSquare, experimentOf, manyNumbers, SALT } from "./experiments.ts"

const UNITS = 100_000

/** By degrees of freedom: what chance alone exceeds once in a thousand times. */
const CRITICAL = { 1: 10.83, 2: 13.82 } as const

const twoArms = (changes = {}) => experimentOf({ unit: "reference", ...changes })

describe("assignment", () => {
  // Computed with Python's hmac and hashlib.
  it.each([
    ["+12025550101", "treatment", "c6dff017192305ec523f9c8bd1fdf639d3fa09c1caa9432e74d9a642d9cfe95f"],
    ["+33199000003", "control", "22ef4ea86d291bcdc7319edbafe9652e937ad19a25c0a60664185459bc49f3f7"],
    ["order-17", "control", "29898bdf9afbb8b540eddff8340e5191f8756bd42847c604ed13e9cff454f2c3"],
    ['Zoë "17"', "control", "1a8bb69c582d8d50bfa0aab21d314c52da7e7e1dc96fed80c371735ce34f8a8a"]
  ])("of %s is %s, now and for ever", (unit, arm, digest) => {
    const assigned = makeAssign(twoArms())(unit)
    expect(assigned.arm.name).toBe(arm)
    expect(assigned.digest).toBe(digest)
    expect(assign(twoArms(), unit)).toEqual(assigned.arm)
  })

  it("takes the first 53 bits as a place among the shares, for any shares", () => {
    const experiment = twoArms({
      arms: [
        { name: "a", provider: "alpha", share: 0.1 },
        { name: "b", provider: "beta", share: 0.2 },
        { name: "c", provider: "beta", share: 0.7 }
      ]
    })
    const assignUnit = makeAssign(experiment)
    for (const unit of manyNumbers(2000)) {
      const bytes = createHmac("sha256", SALT)
        .update(`unicall assignment 1 ${JSON.stringify(["exp-1", unit])}`)
        .digest()
      const place = Number(bytes.readBigUInt64BE() >> 11n) / 2 ** 53
      expect(assignUnit(unit).arm.name).toBe(place < 0.1 ? "a" : place < 0.3 ? "b" : "c")
    }
  })

  it("is the same however a number is written, and whatever was assigned before", () => {
    const experiment = experimentOf()
    const assignUnit = makeAssign(experiment)
    const before = assignUnit("+12025550101")
    for (const unit of manyNumbers(100)) assignUnit(unit)
    for (const written of ["+12025550101", "+1 (202) 555-0101", "tel:+1-202-555-0101", " +12025550101 "]) {
      expect(assignUnit(written)).toEqual(before)
    }
    const french = Result.getOrThrow(readUnit(experiment, "01 99 00 00 03", "FR"))
    expect(assignUnit(french)).toEqual(assignUnit("+33199000003"))
  })

  it("does not assign what is no number to an arm of numbers", () => {
    expect(() => assign(experimentOf(), "12")).toThrow(RangeError)
    expect(() => assign(experimentOf(), "")).toThrow(RangeError)
  })

  it("keeps to the shares over 100,000 units", () => {
    const shares = [0.5, 0.3, 0.2]
    const experiment = twoArms({
      arms: shares.map((share, at) => ({ name: `arm-${at}`, provider: "alpha", share: share * 7 }))
    })
    const assignUnit = makeAssign(experiment)
    const counts = [0, 0, 0]
    for (const unit of manyNumbers(UNITS)) {
      const at = experiment.arms.indexOf(assignUnit(unit).arm)
      counts[at] = (counts[at] ?? 0) + 1
    }
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(UNITS)
    expect(
      chiSquare(
        counts,
        shares.map((share) => share * UNITS)
      )
    ).toBeLessThan(CRITICAL[2])
  })

  it.each([
    ["another id", { id: "exp-2" }],
    ["another salt", { salt: "Vn4x0pQz7aLw2KsD" }]
  ])("is independent between experiments of %s", (_, changes) => {
    const [first, second] = [makeAssign(twoArms()), makeAssign(twoArms(changes))]
    const cells = [0, 0, 0, 0]
    for (const unit of manyNumbers(UNITS)) {
      const cell = (first(unit).arm.name === "control" ? 0 : 2) + (second(unit).arm.name === "control" ? 0 : 1)
      cells[cell] = (cells[cell] ?? 0) + 1
    }
    const [a = 0, b = 0, c = 0, d = 0] = cells
    const expected = [(a + b) * (a + c), (a + b) * (b + d), (c + d) * (a + c), (c + d) * (b + d)].map((n) => n / UNITS)
    expect(chiSquare(cells, expected)).toBeLessThan(CRITICAL[1])
    expect(Math.min(...cells)).toBeGreaterThan(UNITS / 5)
  })

  it("cannot be confused by where an id ends and a unit begins", () => {
    const digests = [
      ["exp", "1-a"],
      ["exp-1", "a"],
      ["exp-1", '","a'],
      ["exp-1", "\ud800"],
      ["exp-1", "\ufffd"]
    ].map(([id = "", unit = ""]) => makeAssign(twoArms({ id }))(unit).digest)
    expect(new Set(digests).size).toBe(digests.length)
  })

  it("has a digest that needs the salt", () => {
    const digest = makeAssign(experimentOf())("+12025550101").digest
    const other = makeAssign(experimentOf({ salt: "k3Jd92ksLqpz81Xn" }))("+12025550101").digest
    expect(other).not.toBe(digest)
    expect(other.slice(0, 12)).not.toBe(digest.slice(0, 12))
  })
})

describe("the unit of an order", () => {
  const contact = experimentOf({ unit: "contact", contactKey: "crm" })

  it.each([
    ["a reference", twoArms(), { reference: "order-17", to: "+12025550101" }, "order-17"],
    ["a number in E.164", experimentOf(), { to: "+12025550101" }, "+12025550101"],
    ["a number as people write it", experimentOf(), { to: "01 99 00 00 03", defaultCountry: "FR" }, "+33199000003"],
    ["a contact in metadata", contact, { metadata: { crm: "c-1" }, variables: { crm: "c-2" } }, "c-1"],
    ["a contact in variables", contact, { metadata: { other: "c-1" }, variables: { crm: "c-2" } }, "c-2"],
    ["a contact that came back as a number", contact, { variables: { crm: 17 } }, "17"]
  ])("is %s", (_, experiment, order, unit) => {
    expect(unitOf(experiment, order)).toEqual(Result.succeed(unit))
  })

  it.each([
    ["no reference", twoArms(), { to: "+12025550177" }, "reference"],
    ["no number", experimentOf(), { reference: "order-17" }, "to"],
    ["a number that nobody can dial", experimentOf(), { to: "12" }, "to"],
    ["no contact", contact, { metadata: {}, variables: { other: "x" } }, "metadata.crm"],
    ["an empty contact", contact, { metadata: { crm: "" } }, "metadata.crm"],
    [
      "a contact of the prototype",
      experimentOf({ unit: "contact", contactKey: "constructor" }),
      { metadata: {} },
      "metadata.constructor"
    ]
  ])("is missing, by its field: %s", (_, experiment, order, field) => {
    const found = unitOf(experiment, order)
    expect(Result.isFailure(found) && found.failure.field).toBe(field)
    expect(JSON.stringify(found)).not.toContain("555017")
  })
})
