/** What tests of collecting share: definitions of their own, records by hand, and results as plain values. */
import { providers } from "../../../adapters/index.ts"
import { ProviderId } from "../../../src/domain/Identifiers.ts"
import type { Experiment } from "../../../src/experiment/Experiment.ts"
import { makeCollector, type CollectorOptions, type Refused } from "../../../src/compare/collect.ts"
import type { CallMetric, PlacementMetric } from "../../../src/metrics/Metric.ts"
import type { Collected, Observations } from "../../../src/compare/Observations.ts"
import { hasWords, remoteReplies } from "../../../src/domain/Transcript.ts"

/** Of two arms, a provider each; its metric is `human` of `callMetric`. */
export const spring: Experiment = {
  id: "spring",
  arms: [
    { name: "one", provider: ProviderId.make("revox"), share: 1 },
    { name: "two", provider: ProviderId.make("revring"), share: 1 }
  ],
  unit: "number",
  salt: "a salt of the tests, 32 letters.",
  primary: { metric: "human", better: "higher" }
}

const BASE = { text: "", needs: [], countsRetries: false, trustsVerdicts: false }

export const callMetric: Pick<CallMetric, "scope" | "definitions"> = {
  scope: "first_attempt",
  definitions: [
    {
      ...BASE,
      id: "human",
      kind: "rate",
      of: ({ first, order }) =>
        first === undefined
          ? { is: order?.terminal === true ? "outside" : "open" }
          : first.answeredBy === undefined
            ? { is: "missing" }
            : { is: first.answeredBy.value === "human" ? "yes" : "no", certainty: first.answeredBy.certainty }
    },
    {
      ...BASE,
      id: "transcript",
      kind: "rate",
      mayStillArrive: true,
      of: ({ attempts }) => ({
        is: attempts.some(({ transcript }) => hasWords(transcript)) ? "yes" : "no",
        certainty: "stated"
      })
    },
    { ...BASE, id: "talk", kind: "seconds", of: ({ first }) => first?.talkSeconds ?? "missing" },
    { ...BASE, id: "dials", kind: "count", of: ({ attempts }) => attempts.length },
    {
      ...BASE,
      id: "replies",
      kind: "count",
      of: ({ attempts }) => attempts.reduce((sum, { transcript }) => sum + remoteReplies(transcript), 0)
    }
  ]
}

export const placementMetric: Pick<PlacementMetric, "scope" | "definitions"> = {
  scope: "placement",
  definitions: [
    {
      ...BASE,
      id: "refused",
      kind: "rate",
      of: ({ state }) => ({ is: state === "failed" ? "yes" : "no", certainty: "stated" })
    },
    {
      ...BASE,
      id: "uncertain",
      kind: "rate",
      of: ({ state }) => ({ is: state === "uncertain" ? "yes" : "no", certainty: "stated" })
    },
    { ...BASE, id: "latency", kind: "seconds", of: ({ latencyMs }) => latencyMs ?? "missing" }
  ]
}

export interface Result {
  readonly collected: Collected
  readonly refused: ReadonlyArray<Refused>
}

export const collect = (
  payloads: ReadonlyArray<unknown>,
  options: Partial<Omit<CollectorOptions, "registry" | "refused">> = {}
): Result => {
  const refused: Array<Refused> = []
  const collector = makeCollector({
    metrics: [callMetric, placementMetric],
    armsBy: "provider",
    strata: [],
    timeZone: "UTC",
    ...options,
    registry: providers,
    refused: (problem) => refused.push(problem)
  })
  for (const [index, payload] of payloads.entries()) collector.payload(payload, () => `test:${index + 1}`)
  return { collected: collector.finish(), refused }
}

const CALL_COLUMNS = ["human", "transcript", "talk", "dials", "replies"]
const PLACEMENT_COLUMNS = ["refused", "uncertain", "latency"]

const columnsOf = (observations: Observations, ids: ReadonlyArray<string>) => ({
  size: observations.size,
  arm: [...observations.arm].map((arm) => observations.arms[arm]),
  arms: observations.arms,
  person: [...observations.person],
  persons: observations.persons,
  stratum: [...observations.stratum].map((stratum) => observations.strata[stratum]),
  at: [...observations.at],
  answers: Object.fromEntries(
    ids.map((id) => [id, [...(observations.rate(id) ?? observations.value(id) ?? [])].map(String)])
  )
})

/** All that is collected, to be compared with another. */
export const plain = ({ orders, placements, facts, data, crossovers, unmarked }: Collected) => ({
  orders: columnsOf(orders, CALL_COLUMNS),
  placements: columnsOf(placements, PLACEMENT_COLUMNS),
  facts: facts.map((fact) => ({ ...fact, failures: [...fact.failures] })),
  data,
  crossovers,
  unmarked
})

export const answersOf = ({ collected }: Result, id: string): ReadonlyArray<number> => [
  ...(collected.orders.rate(id) ?? collected.orders.value(id) ?? collected.placements.rate(id) ?? [])
]

export const leftOutOf = ({ collected }: Result) =>
  Object.fromEntries(collected.data.leftOut.map(({ reason, count }) => [reason, count]))

export const isBalanced = ({ data }: Collected): boolean =>
  data.records === data.orders + data.folded + data.placements + data.leftOut.reduce((sum, { count }) => sum + count, 0)

const REACH = { value: "human", certainty: "stated", because: ["result=human"] }

/** A normalised attempt; what is given replaces what stands here. */
export const attempt = (fields: object = {}) => ({
  id: "attempt-1",
  orderId: "order-1",
  status: "ended",
  to: "+12025550101",
  dialedAt: "2026-03-01T10:00:00.000Z",
  answeredAt: "2026-03-01T10:00:05.000Z",
  endedAt: "2026-03-01T10:00:45.000Z",
  answered: true,
  talkSeconds: 40,
  talkSource: "derived",
  answeredBy: { value: "human", certainty: "stated" },
  reach: REACH,
  ...fields
})

/** A normalised order of one dial. */
export const order = (fields: object = {}) => ({
  kind: "call_order",
  provider: "revox",
  id: "order-1",
  direction: "outbound",
  channel: "phone",
  to: "+12025550101",
  status: "completed",
  terminal: true,
  enriched: { transcript: false, recording: false, outcome: false },
  createdAt: "2026-03-01T09:59:00.000Z",
  attempts: [attempt()],
  attemptsMade: 1,
  reach: REACH,
  ...fields
})

export const listed = (fields: object = {}) => ({ kind: "call_attempt", provider: "revox", ...attempt(fields) })
