/** Latencies, interruptions and speech: compared between agents of one provider, and of no two providers. */
import { describe, expect, it } from "vitest"
import { normalize } from "../../adapters/index.ts"
import { compareRecords } from "../../adapters/compare.ts"
import type { Comparison } from "../../src/compare/Comparison.ts"
import { withoutNative } from "../../src/normalize/Normalizer.ts"
import { isJsonObject, type JsonObject } from "../../src/domain/Json.ts"
import { type Life, livesOf, tell, USUAL, withTalks } from "./population.ts"
import { CONVERSATION, collectAll, contrastIn, metricIn } from "./trial.ts"

const LATENCY = "first_attempt.response_latency"
const BY_AGENT = "first_attempt.interruptions_by_agent"
const BY_REMOTE = "first_attempt.interruptions_by_remote"
const REMOTE_SPEECH = "first_attempt.remote_speech"

const lives = livesOf({ seed: 81, orders: 1_600, shares: withTalks(0.6, USUAL) })
const agentOf = ({ index }: Life): "first" | "second" => (index % 2 === 0 ? "first" : "second")
const isTalk = ({ dials }: Life): boolean => dials[0].fate === "talk"
const talksOf = (agent: string) => lives.filter((life) => agentOf(life) === agent && isTalk(life))

/** Milliseconds of the three responses in a talk; the middle one is what counts. */
const gapsOf = (life: Life): readonly [number, number, number] => {
  const middle = (agentOf(life) === "first" ? 900 : 500) + Math.floor(200 * life.draw("gap"))
  return [middle + 2_000, middle, middle - 300]
}

/** The other side speaks a second at a time; the agent answers after each gap, and is cut off in every second talk of `first`. */
const speechOf = (life: Life): ReadonlyArray<JsonObject> => {
  let at = 0
  return gapsOf(life).flatMap((gap, turn) => {
    const [said, answered] = [at + 1_000, at + 1_000 + gap]
    const remote = { speaker: "user", started_speaking_at_ms: at, stopped_speaking_at_ms: said, is_real_turn: true }
    const wasCut = turn === 0 && agentOf(life) === "first" && life.index % 4 === 0
    const agent = { speaker: "agent", started_speaking_at_ms: answered, stopped_speaking_at_ms: answered + 1_500 }
    at = answered + 1_600
    return [remote, { ...agent, is_real_turn: true, was_cut: wasCut }]
  })
}

const withSpeech = (record: JsonObject, speech: ReadonlyArray<JsonObject>): JsonObject => {
  const { call_attempts: attempts } = record
  if (!Array.isArray(attempts)) throw new Error("expected the record of an order")
  return {
    ...record,
    call_attempts: attempts.map((each: unknown) => (isJsonObject(each) ? { ...each, speech_events: speech } : each))
  }
}

const revoxRecords = lives.map((life) => {
  const record = tell(life, { provider: "revox", agent: agentOf(life) })
  return isTalk(life) ? withSpeech(record, speechOf(life)) : record
})

const medianOf = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (place: number) => sorted[place] ?? Number.NaN
  return (at(Math.floor((sorted.length - 1) / 2)) + at(Math.ceil((sorted.length - 1) / 2))) / 2
}

describe("two agents at Revox, of which one takes 400 ms longer to answer", () => {
  const comparison = compareRecords(revoxRecords, { by: "agent" })
  const figuresOf = (metric: string) => metricIn(comparison, metric).arms.map(({ n, value }) => [n, value])

  it("differ by it, conversation by conversation", () => {
    const truth = ["first", "second"].map((agent) => {
      const talks = talksOf(agent)
      return [talks.length, medianOf(talks.map((life) => gapsOf(life)[1])) / 1_000]
    })
    expect(figuresOf(LATENCY)).toEqual(truth)
    const { effect, verdict, interval } = contrastIn(comparison, LATENCY)
    expect(effect).toBeCloseTo(-0.4, 1)
    expect(verdict).toBe("better")
    expect(interval?.high).toBeLessThan(-0.35)
  })

  it("show their distributions", () => {
    expect(comparison.distributions.map(({ metric }) => metric)).toContain(LATENCY)
  })

  it("differ in how often they were cut off, and not in what the other side spoke", () => {
    const cut = talksOf("first").filter(({ index }) => index % 4 === 0).length
    expect(figuresOf(BY_REMOTE)).toEqual([
      [talksOf("first").length, cut / talksOf("first").length],
      [talksOf("second").length, 0]
    ])
    expect(figuresOf(REMOTE_SPEECH)).toEqual(["first", "second"].map((agent) => [talksOf(agent).length, 3]))
  })

  it("get no range where one of them was never cut off, and the report says why", () => {
    const { interval, sentence } = contrastIn(comparison, BY_REMOTE)
    expect(interval).toBeUndefined()
    expect(sentence).toBe("Nothing of it was counted in second, so the difference has no range.")
  })

  it("are not compared by what Revox does not tell", () => {
    const { definition, refused } = metricIn(comparison, BY_AGENT)
    expect(definition).toBeUndefined()
    expect(refused.map(({ sentence }) => sentence)).toEqual([
      "Revox does not tell how often the agent cut the other side off."
    ])
  })

  it("are the same as raw records and as unicall wrote them", () => {
    const written = revoxRecords.flatMap((record) =>
      normalize(record).map((each) =>
        JSON.parse(JSON.stringify(each.kind === "rejection" ? each : withoutNative(each)))
      )
    )
    const valuesOf = (collected: ReturnType<typeof collectAll>) =>
      [`${LATENCY}.median`, `${BY_REMOTE}.count`, `${REMOTE_SPEECH}.own_duration`].map((id) =>
        collected.orders.value(id)
      )
    expect(valuesOf(collectAll(written))).toEqual(valuesOf(collectAll(revoxRecords)))
  })

  it("are refused where the records of one of them have no segments of speech", () => {
    const mixed = lives.map((life, index) =>
      agentOf(life) === "first" ? tell(life, { provider: "revox", agent: "first" }) : (revoxRecords[index] ?? {})
    )
    const { definition, refused } = metricIn(compareRecords(mixed, { by: "agent" }), LATENCY)
    expect(definition).toBeUndefined()
    expect(refused).toMatchObject([
      {
        because: "missing_differs",
        sentence: "In first, 100 % of the records do not tell: the others say little about all."
      }
    ])
  })
})

/** How often the agent of a talk cuts in; nothing of every tenth talk. */
const cutsOf = (life: Life): number | undefined =>
  life.index % 10 < 2 ? undefined : agentOf(life) === "first" ? life.index % 3 : Number(life.index % 7 === 0)

const vapiRecords = lives.map((life) => {
  const record = tell(life, { provider: "vapi", agent: agentOf(life), quirks: { voicemailDetection: true } })
  const [cuts, { artifact }] = [cutsOf(life), record]
  if (!isTalk(life) || cuts === undefined || !isJsonObject(artifact)) return record
  return {
    ...record,
    artifact: { ...artifact, performanceMetrics: { numUserInterrupted: cuts, numAssistantInterrupted: 1 } }
  }
})

describe("two agents at Vapi, of which one interrupts more", () => {
  const comparison = compareRecords(vapiRecords, { by: "agent" })

  it("differ by it: what is not told is not 0, and 0 is told", () => {
    const truth = ["first", "second"].map((agent) => {
      const cuts = talksOf(agent).flatMap((life) => cutsOf(life) ?? [])
      return [cuts.length, cuts.reduce((sum, each) => sum + each, 0) / cuts.length]
    })
    const { arms, definition } = metricIn(comparison, BY_AGENT)
    expect(arms.map(({ n, value }) => [n, value])).toEqual(truth)
    expect(arms.map(({ n, missing }) => n + missing)).toEqual(["first", "second"].map((agent) => talksOf(agent).length))
    expect(definition?.rule?.id).toBe("conversation/1")
    expect(contrastIn(comparison, BY_AGENT).verdict).toBe("better")
  })
})

describe("of two providers", () => {
  const comparison: Comparison = compareRecords([...revoxRecords, ...vapiRecords])

  it("figures are not the same measure, and the guard says why", () => {
    const because = (metric: string) => {
      const { definition, refused } = metricIn(comparison, metric)
      expect(definition).toBeUndefined()
      return refused.map(({ sentence }) => sentence)
    }
    expect(because(BY_REMOTE)).toEqual([
      "Revox lets us infer how often the other side cut the agent off (speech_events[].was_cut of the agent); Vapi states it (artifact.performanceMetrics.numAssistantInterrupted). These are not the same measure."
    ])
    expect(because(LATENCY)).toEqual(["Vapi does not tell how soon the agent responded."])
    expect(metricIn(comparison, "first_attempt.human_reached").definition?.id).toBe(CONVERSATION)
  })
})
