import { describe, expect, it } from "vitest"
import { providers } from "../../adapters/index.ts"
import { makeNormalizer } from "../../src/normalize/Normalizer.ts"
import { fixturesOf } from "./fixtures.ts"

const { normalize } = makeNormalizer(providers)

const bySource = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)

/** What a fixture says nothing about is not compared: the native record, and a rejection's wording. */
const comparable = (record: object, expected: object): unknown => {
  const kept = Object.entries(record).filter(([key]) =>
    key === "native" ? Object.hasOwn(expected, "native") : !("reason" in record) || Object.hasOwn(expected, key)
  )
  return Object.fromEntries(
    kept.map(([key, value]) => [key, key === "issues" && Array.isArray(value) ? [...value].toSorted(bySource) : value])
  )
}

describe.each(providers.ids)("fixtures of %s", (provider) => {
  const fixtures = fixturesOf(provider)

  it("has at least 25", () => {
    expect(fixtures.length).toBeGreaterThanOrEqual(25)
  })

  it.each(fixtures.map((fixture) => [fixture.name, fixture] as const))("%s", (_, { wire, expected }) => {
    const records = normalize(wire)
    expect(records.map(({ kind }) => kind)).toEqual(expected.map(({ kind }) => kind))
    expect(records.map((record, index) => comparable(record, expected[index] ?? {}))).toStrictEqual(
      expected.map((record) => comparable(record, record))
    )
  })
})
