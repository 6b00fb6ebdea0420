/** Honest data, looked at again and again: how often the guard says something that is not so. */
import { describe, expect, it } from "vitest"
import type { Check, Comparison } from "../../src/compare/Comparison.ts"
import { balanceOf } from "../../src/compare/guard/balanceRows.ts"
import { changedMidway } from "../../src/compare/guard/changedMidway.ts"
import { ANSWER, type Observations } from "../../src/compare/Observations.ts"
import { seededRandom } from "../../src/compare/statistics/random.ts"
import { firstAttemptMetrics } from "../../src/metrics/firstAttempt.ts"
import { collectedOf, factsOf } from "./observed.ts"
import { LATER, livesOf, tell } from "./population.ts"
import { expectedCounts } from "./statistics/exact.ts"
import { compareAll } from "./trial.ts"
import { assigned, experimentOf, type TrialArm } from "./trialPlacing.ts"

/** What the guard finds in data, beside what adapters declare. */
const FOUND: ReadonlySet<Check["id"]> = new Set([
  "unconnected_dials",
  "running_calls",
  "balance",
  "caller_numbers",
  "orders_per_person",
  "waiting",
  "redialling",
  "changed_midway"
])
const REFUSED: ReadonlySet<string> = new Set(["never_there", "few_conversations", "missing_differs"])

const falselySaid = ({ checks, metrics }: Comparison): ReadonlyArray<string> => [
  ...checks.filter(({ id, outcome }) => FOUND.has(id) && outcome !== "passed").map(({ sentence }) => sentence),
  ...metrics.flatMap(({ refused }) =>
    refused.filter(({ because }) => REFUSED.has(because)).map(({ sentence }) => sentence)
  )
]

describe("honest calls, from payloads to checks, at every look", () => {
  const RUNS = 24
  const LOOKS = [60, 120, 240, 480]
  const arms: ReadonlyArray<TrialArm> = [
    { name: "now", provider: "revox", agent: "agent_now" },
    { name: "next", provider: "revring", agent: "agent_next", quirks: { lostTranscripts: 0.02, neverOver: 0.005 } }
  ]

  it.each([
    ["one order to most persons", 400],
    ["many orders to some persons", 60]
  ])("are not called anything else (%s)", (_, persons) => {
    const said = Array.from({ length: RUNS }, (_unused, run) => {
      const experiment = experimentOf(arms, { salt: `h4Zq81LmWx${run}uTe93`, unit: "reference" })
      const lives = livesOf({ seed: 7_000 + run, orders: 480, persons, alike: 0.3 })
      const told = assigned(experiment, lives, arms).toSorted((a, b) => a.life.placedAt - b.life.placedAt)
      return LOOKS.flatMap((look) => {
        // As an export would be at that moment: calls go on, and transcripts have not come yet.
        const now = (told[look - 1]?.life.placedAt ?? 0) + 30_000
        const payloads = told.slice(0, look).map(({ life, arm, tag }) => tell(life, { ...arm, tag, now }))
        return falselySaid(compareAll(payloads, { experiment }))
      })
    })
    expect(said.flat()).toEqual([])
  })
})

describe("everybody called within an hour, up to twice", () => {
  const RUNS = 20
  const HOUR = 3_600_000
  const BATCH = Date.UTC(2026, 2, 2, 9)
  const told = (run: number, now: number) =>
    livesOf({ seed: 8_000 + run, orders: 400 }).map((life) => {
      const placedAt = BATCH + Math.floor(life.draw("minute") * HOUR)
      const agent = life.index % 2 === 0 ? "first" : "second"
      return tell({ ...life, placedAt }, { provider: "revox", agent, quirks: { dials: 2 }, now })
    })
  const running = (payloads: Parameters<typeof compareAll>[0]) =>
    compareAll(payloads, { armsBy: "agent" }).checks.filter(({ id }) => id === "running_calls")

  it("is whole in an export of a later day, though the last call was the last thing that happened", () => {
    expect(Array.from({ length: RUNS }, (_, run) => running(told(run, LATER))).flat()).toEqual([])
  })

  it("is whole in an export that has what goes on", () => {
    const now = (run: number) => BATCH + (0.2 + (run / RUNS) * 3) * HOUR
    const known = (run: number) =>
      told(run, now(run)).filter((record) => String(record["created_at"]) <= new Date(now(run)).toISOString())
    expect(Array.from({ length: RUNS }, (_, run) => running(known(run))).flat()).toEqual([])
  })
})

/** `UNICALL_SIMULATIONS=10` makes ten times as many of the following. */
const TIMES = Number(process.env["UNICALL_SIMULATIONS"] ?? 1)

/** By rows alone, so that there can be many. */
const TRAITS = [
  { trait: "hour", values: 5 },
  { trait: "weekday", values: 5 },
  { trait: "country", values: 20 },
  { trait: "caller_number", values: 12 },
  { trait: "wait", values: 3 }
] as const

interface Size {
  readonly runs: number
  readonly rows: number
  /** Share of the first arm. */
  readonly share: number
  /** Orders to each person, who has all traits for good and stays in an arm. */
  readonly each: number
}

const definition = firstAttemptMetrics
  .flatMap(({ definitions }) => definitions)
  .find(({ id }) => id === "first_attempt.human_reached.own_word")

describe.each<Size>([
  { runs: 200 * TIMES, rows: 2_000, share: 0.5, each: 1 },
  { runs: 200 * TIMES, rows: 2_000, share: 0.1, each: 1 },
  { runs: 100 * TIMES, rows: 2_000, share: 0.5, each: 20 }
])(
  "$runs comparisons of arms that chance made, $each orders to a person, $share in an arm",
  ({ runs, rows, share, each }) => {
    const looks = Array.from({ length: 20 }, (_, look) => ((look + 1) * rows) / 20)
    const facts = [factsOf("a"), factsOf("b")]
    const context = { baseline: 0 }

    const runOf = (run: number) => {
      const random = seededRandom(91_000 + run * 7 + each)
      const persons = Math.ceil(rows / each)
      const armOf = Uint8Array.from({ length: persons }, () => Number(random.uniform() >= share))
      // Skewed: the first values are frequent, the last are rare.
      const ofPerson = TRAITS.map(({ values }) =>
        Uint8Array.from({ length: persons }, () => Math.floor(values * random.uniform() ** 2))
      )
      const reached = Float64Array.from({ length: persons }, () => 0.2 + 0.4 * random.uniform())
      const person = Uint32Array.from({ length: rows }, () => Math.floor(random.uniform() * persons))
      const codes = Uint8Array.from(person, (who) =>
        random.uniform() < (reached[who] ?? 0) ? ANSWER.yes_stated : ANSWER.no_stated
      )
      return looks.map((size) => {
        const seen = person.subarray(0, size)
        const orders: Observations = {
          ...collectedOf(facts, []).orders,
          size,
          person: seen,
          persons,
          arm: Uint8Array.from(seen, (who) => armOf[who] ?? 0),
          stratum: new Uint16Array(size),
          at: Float64Array.from(seen, (_, row) => row * 60_000),
          rate: (id) => (id === definition?.id ? codes.subarray(0, size) : undefined)
        }
        const traits = TRAITS.map(({ trait, values }, index) => ({
          trait,
          values: Array.from({ length: values }, (_, value) => `${value}`),
          of: Uint8Array.from(seen, (who) => ofPerson[index]?.[who] ?? 0),
          isShared: true
        }))
        const collected = { ...collectedOf(facts, []), orders, traits }
        return {
          differs: balanceOf(collected, context).filter(({ outcome }) => outcome !== "alike" && outcome !== "too_few"),
          changed: changedMidway(definition, orders, { ...context, smallestShare: 0.03, timeZone: "UTC" })
        }
      })
    }
    const found = Array.from({ length: runs }, (_, run) => runOf(run))
    const countOf = (holds: (look: ReturnType<typeof runOf>[number]) => boolean): number =>
      found.filter((run) => run.some(holds)).length
    const { most } = expectedCounts(runs, 0.001)

    it("differ at none of twenty looks, in as many as one of 1,000 at most", () => {
      expect(countOf(({ differs }) => differs.some(({ trait }) => trait !== "orders_per_person"))).toBeLessThanOrEqual(
        most
      )
    })

    it("have as many orders for each person", () => {
      expect(countOf(({ differs }) => differs.some(({ trait }) => trait === "orders_per_person"))).toBeLessThanOrEqual(
        most
      )
    })

    it("do not change on the way", () => {
      expect(countOf(({ changed }) => changed !== undefined)).toBeLessThanOrEqual(most)
    })
  }
)
