/** What can be measured on the requests to place an order: what the record of a call cannot tell, since it was placed. */
import type { PlacementMetric, PlacementSubject, RateAnswer } from "./Metric.ts"
import { no, OUTSIDE, yes } from "./attemptAnswers.ts"
import { metricsOf } from "./metricsOf.ts"

/** Reasons of `CallError` that are a fault of the provider or of the way to it, not of the order. */
const FAULTS: ReadonlySet<string> = new Set([
  "RateLimited",
  "ProviderUnavailable",
  "NetworkError",
  "TimedOut",
  "UnreadableResponse"
])

/** Rejected by our own validation. */
const OURS: ReadonlySet<string> = new Set(["InvalidRequest", "Unsupported", "JournalError", "ReferenceHeld"])

const isOurs = ({ state, reason, latencyMs }: PlacementSubject): boolean =>
  state === "failed" && latencyMs === undefined && reason !== undefined && OURS.has(reason)

/** Whether a request that reached the provider passes the test. */
const ofProvider =
  (test: (placement: PlacementSubject) => boolean) =>
  (placement: PlacementSubject): RateAnswer =>
    isOurs(placement) ? OUTSIDE : test(placement) ? yes("stated") : no("stated")

const { rate, value } = metricsOf<PlacementSubject, "placement">("placement", false)

export const placementMetrics: ReadonlyArray<PlacementMetric> = [
  rate(
    "refused",
    { title: "Placement refused", better: "lower", smallestEffect: 0.01 },
    {
      state: {
        text: "The provider did not take the order, for a reason other than a fault of its service: no line free, not permitted, not found.",
        needs: [],
        of: ofProvider(({ state, reason }) => state === "failed" && (reason === undefined || !FAULTS.has(reason)))
      }
    }
  ),
  rate(
    "uncertain",
    { title: "Placement uncertain", better: "lower", smallestEffect: 0.01 },
    {
      state: {
        text: "The request left, and whether the provider took the order was not known from its answer.",
        needs: [],
        of: ofProvider(({ state }) => state === "uncertain")
      }
    }
  ),
  rate(
    "error",
    { title: "API error", better: "lower", smallestEffect: 0.01 },
    {
      reason: {
        text: "The order was not taken because the provider, or the way to it, was at fault: rate limit, outage, time-out, an answer that cannot be read.",
        needs: [],
        of: ofProvider(({ state, reason }) => state === "failed" && reason !== undefined && FAULTS.has(reason))
      }
    }
  ),
  value(
    "seconds",
    "latency",
    { title: "API latency", better: "lower", smallestEffect: 0.2 },
    {
      answer: {
        text: "Seconds from sending the request to place an order to the provider's answer, where one came that could be read.",
        needs: [],
        of: ({ state, latencyMs }) => (state === "uncertain" || latencyMs === undefined ? "outside" : latencyMs / 1000)
      }
    }
  )
]
