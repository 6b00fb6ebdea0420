import { describe, expect, it } from "vitest"
import { parseDecimal } from "../../src/domain/Decimal.ts"

describe("an amount", () => {
  it.each([
    ["0.10", "0.10"],
    ["0012", "0012"],
    ["-3.5", "-3.5"],
    [0, "0"],
    [-0, "0"],
    [0.1331, "0.1331"],
    [0.13310000000000002, "0.13310000000000002"],
    [1e-7, "0.0000001"],
    [1.25e-9, "0.00000000125"],
    [-2.5e-8, "-0.000000025"],
    [1e21, "1000000000000000000000"],
    [1.5e22, "15000000000000000000000"],
    [Number.MAX_SAFE_INTEGER, "9007199254740991"]
  ])("%j is %j", (raw, text) => {
    expect(parseDecimal(raw)).toBe(text)
    expect(Number(parseDecimal(raw))).toBe(Number(raw) + 0)
  })

  it.each([
    "",
    " 1",
    "1 ",
    "1\n",
    "1,000.50",
    "$0.13",
    "0.13 USD",
    "1e3",
    "+1",
    ".5",
    "5.",
    "١",
    "NaN",
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1n,
    null,
    undefined,
    true,
    {},
    ["1"]
  ])("is not %o", (raw) => {
    expect(parseDecimal(raw)).toBeUndefined()
  })
})
