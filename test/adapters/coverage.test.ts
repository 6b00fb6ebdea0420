import { describe, expect, it } from "vitest"
import * as revox from "../../adapters/revox/Words.ts"
import * as revring from "../../adapters/revring/Words.ts"
import * as vapi from "../../adapters/vapi/Words.ts"
import { failurePhrases, sipFailures } from "../../src/domain/Failure.ts"
import { ReachValue } from "../../src/domain/Reach.ts"
import type { WordTable } from "../../src/domain/Words.ts"
import { fixturesOf } from "./fixtures.ts"

const tablesOf = (words: object): ReadonlyArray<readonly [string, WordTable<unknown>]> =>
  Object.entries(words).filter(([, table]) => typeof table === "function" && "rows" in table)

const wiresOf = (provider: string): string => JSON.stringify(fixturesOf(provider).map(({ wire }) => wire))

/** Bodies that came as JSON text are quoted once more. */
const holds = (wires: string, word: string): boolean => wires.includes(`"${word}"`) || wires.includes(`\\"${word}\\"`)

describe.each([
  ["revox", revox],
  ["revring", revring],
  ["vapi", vapi]
])("the fixtures of %s", (provider, words) => {
  const wires = wiresOf(provider)

  it.each(tablesOf(words))("have every word of %s", (_, table) => {
    expect(table.rows.length).toBeGreaterThan(0)
    expect(table.rows.map(([word]) => word).filter((word) => !holds(wires, word))).toEqual([])
  })
})

describe("the fixtures of all providers", () => {
  const expected = JSON.stringify(["revox", "revring", "vapi"].flatMap(fixturesOf).map((fixture) => fixture.expected))

  it("come to every value of reach", () => {
    expect(ReachValue.literals.filter((value) => !expected.includes(`"reach":{"value":"${value}"`))).toEqual([])
  })

  it("have every SIP code with a kind of its own, and every phrase", () => {
    expect([...sipFailures.keys()].filter((code) => !expected.includes(`"sipCode":${code}`))).toEqual([])
    const messages = fixturesOf("revring").map(({ wire }) => JSON.stringify(wire))
    expect(failurePhrases.filter(([phrase]) => !messages.some((text) => phrase.test(text)))).toEqual([])
  })
})
