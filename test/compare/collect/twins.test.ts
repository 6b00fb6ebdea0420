import { describe, expect, it } from "vitest"
import { providers } from "../../../adapters/index.ts"
import { makeNormalizer } from "../../../src/normalize/Normalizer.ts"
import { numberOf, place, read, START, twinsUnderTest } from "../../testing/twinsUnderTest.ts"
import { collect, isBalanced, plain } from "./collecting.ts"

const { normalize } = makeNormalizer(providers)

const NUMBERS = ["01", "02", "03", "04", "05", "06"].map(numberOf)
const DAY = 86_400_000

/** Every order read while it is open and long after its end. */
const snapshots = twinsUnderTest.flatMap((kind) => {
  const twin = kind.make()
  return NUMBERS.flatMap((number) => {
    const id = place(kind, twin, number)
    return [START, START + 3000, START + 20_000, START + 30 * DAY].map((now) => read(kind, twin, id, now))
  })
})

describe("orders of all twins, read again and again", () => {
  const normalised = snapshots.flatMap((snapshot) => normalize(snapshot))
  const last = collect(snapshots.filter((_, index) => index % 4 === 3)).collected

  it("are what they became in the end, raw", () => {
    const { collected } = collect(snapshots.toReversed())
    expect(plain(collected).orders).toEqual(plain(last).orders)
    expect(collected.data).toMatchObject({ records: 72, orders: 18, folded: 54, persons: NUMBERS.length })
    expect(collected.orders.arms).toEqual(twinsUnderTest.map(({ provider }) => provider).toSorted())
  })

  it("are the same normalised, and with raw ones among them", () => {
    expect(plain(collect(normalised).collected).orders).toEqual(plain(last).orders)
    const mixed = collect([...snapshots.filter((_, index) => index % 2 === 0), ...normalised]).collected
    expect(plain(mixed).orders).toEqual(plain(last).orders)
    expect(isBalanced(mixed)).toBe(true)
  })
})
