/** What can be measured on the requests to place an order: what the record of a call cannot tell, since it was placed. */
import type { PlacementMetric, PlacementSubject, RateAnswer } from "./Metric.ts"
import { no, OUTSIDE, yes } from "./attemptAnswers.ts"

const is =
  (test: (placement: PlacementSubject) => boolean) =>
  (placement: PlacementSubject): RateAnswer =>
    test(placement) ? yes("stated") : no("stated")

/** Reasons of `CallError` that are a fault of the provider or of the way to it, not of the order. */
const FAULTS: ReadonlySet<string> = new Set([
  "RateLimited",
  "ProviderUnavailable",
  "NetworkError",
  "TimedOut",
  "UnreadableResponse"
])

/** Found wanting before anything was sent: no deed of the provider. */
const OURS: ReadonlySet<string> = new Set(["InvalidRequest", "Unsupported", "JournalError", "ReferenceHeld"])

const shared = { scope: "placement", better: "lower" } as const
const definition = { needs: [], countsRetries: false, trustsVerdicts: false } as const

const isOurs = ({ state, reason, latencyMs }: PlacementSubject): boolean =>
  state === "failed" && latencyMs === undefined && reason !== undefined && OURS.has(reason)

const ofProvider =
  (of: (placement: PlacementSubject) => RateAnswer) =>
  (placement: PlacementSubject): RateAnswer =>
    isOurs(placement) ? OUTSIDE : of(placement)

export const placementMetrics: ReadonlyArray<PlacementMetric> = [
  {
    ...shared,
    id: "placement.refused",
    title: "Placement refused",
    kind: "rate",
    smallestEffect: 0.01,
    definitions: [
      {
        ...definition,
        id: "placement.refused.state",
        text: "The provider did not take the order, for a reason other than a fault of its service: no line free, not permitted, not found.",
        kind: "rate",
        of: ofProvider(is(({ state, reason }) => state === "failed" && (reason === undefined || !FAULTS.has(reason))))
      }
    ]
  },
  {
    ...shared,
    id: "placement.uncertain",
    title: "Placement uncertain",
    kind: "rate",
    smallestEffect: 0.01,
    definitions: [
      {
        ...definition,
        id: "placement.uncertain.state",
        text: "The request left, and whether the provider took the order was not known from its answer.",
        kind: "rate",
        of: ofProvider(is(({ state }) => state === "uncertain"))
      }
    ]
  },
  {
    ...shared,
    id: "placement.error",
    title: "API error",
    kind: "rate",
    smallestEffect: 0.01,
    definitions: [
      {
        ...definition,
        id: "placement.error.reason",
        text: "The order was not taken because the provider, or the way to it, was at fault: rate limit, outage, time-out, an answer that cannot be read.",
        kind: "rate",
        of: ofProvider(is(({ state, reason }) => state === "failed" && reason !== undefined && FAULTS.has(reason)))
      }
    ]
  },
  {
    ...shared,
    id: "placement.latency",
    title: "API latency",
    kind: "seconds",
    smallestEffect: 0.2,
    definitions: [
      {
        ...definition,
        id: "placement.latency.answer",
        text: "Seconds from sending the request to place an order to the provider's answer, where one came that could be read.",
        kind: "seconds",
        of: ({ state, latencyMs }) => (state === "uncertain" || latencyMs === undefined ? "outside" : latencyMs / 1000)
      }
    ]
  }
]
