/** Observations made by hand, for tests of what is concluded from them. */
import { ANSWER, type ArmFacts, type Collected, type Observations } from "../../src/compare/Observations.ts"

export type AnswerWord = keyof typeof ANSWER

/** Rows of one arm: so many with this answer, each to a person of its own unless `person` says otherwise. */
export interface Rows {
  readonly arm: number
  readonly count: number
  /** By definition id. */
  readonly rates?: { readonly [definition: string]: AnswerWord }
  readonly values?: { readonly [definition: string]: (row: number) => number }
  readonly person?: (row: number) => number
  readonly at?: (row: number) => number
}

const START = Date.parse("2026-03-02T08:00:00Z")
const HOUR = 3_600_000

export const observationsOf = (arms: ReadonlyArray<string>, groups: ReadonlyArray<Rows>): Observations => {
  const rows = groups.flatMap((group) => Array.from({ length: group.count }, (_, index) => ({ group, index })))
  const size = rows.length
  const people = new Map<number, number>()
  const personOf = (number: number): number => {
    const known = people.get(number) ?? people.size
    people.set(number, known)
    return known
  }
  const person = Uint32Array.from(
    rows.map(({ group, index }, row) => personOf(group.person?.(index) ?? 1_000_000 + row))
  )
  const rates = new Map<string, Uint8Array>()
  const values = new Map<string, Float64Array>()
  rows.forEach(({ group, index }, row) => {
    for (const [id, word] of Object.entries(group.rates ?? {})) {
      const column = rates.get(id) ?? new Uint8Array(size)
      rates.set(id, column)
      column[row] = ANSWER[word]
    }
    for (const [id, value] of Object.entries(group.values ?? {})) {
      const column = values.get(id) ?? new Float64Array(size).fill(Number.NaN)
      values.set(id, column)
      column[row] = value(index)
    }
  })
  return {
    size,
    arm: Uint8Array.from(rows.map(({ group }) => group.arm)),
    arms,
    person,
    persons: people.size,
    stratum: new Uint16Array(size),
    strata: ["all"],
    at: Float64Array.from(rows.map(({ group, index }) => group.at?.(index) ?? START + index * HOUR)),
    rate: (id) => rates.get(id),
    value: (id) => values.get(id)
  }
}

export const factsOf = (name: string, facts: Partial<ArmFacts> = {}): ArmFacts => ({
  name,
  key: name,
  providers: ["revox"],
  agent: undefined,
  mostAttempts: 1,
  open: 0,
  verdicts: 0,
  contradicted: 0,
  failures: new Map(),
  dialed: 0,
  ...facts
})

export const collectedOf = (
  facts: ReadonlyArray<ArmFacts>,
  groups: ReadonlyArray<Rows>,
  given: Partial<Collected> = {}
): Collected => {
  const arms = facts.map(({ name }) => name)
  const orders = observationsOf(arms, groups)
  return {
    orders,
    placements: observationsOf(arms, []),
    facts,
    data: {
      records: orders.size,
      orders: orders.size,
      folded: 0,
      leftOut: [],
      attemptsOnly: 0,
      persons: orders.persons,
      placements: 0
    },
    crossovers: 0,
    unmarked: 0,
    ...given
  }
}
