/** Why first dials did not connect, kind by kind. */
import type { Attempt } from "../domain/CallAttempt.ts"
import { FailureKind } from "../domain/Failure.ts"
import type { CallMetric, RateAnswer, Subject } from "./Metric.ts"
import { connectedOf, MISSING, no, yes } from "./attemptAnswers.ts"
import { metricsOf } from "./metricsOf.ts"
import { onFirst } from "./onFirst.ts"

export const failedWith =
  (kinds: ReadonlyArray<FailureKind>) =>
  (first: Attempt): RateAnswer => {
    const connected = connectedOf(first)
    if (connected.is === "yes") return no(connected.certainty)
    if (connected.is !== "no") return connected
    const kind = first.failure?.kind
    if (kind === undefined || kind === "unclassified" || kind === "unrecognized") return MISSING
    return kinds.includes(kind) ? yes(first.reach.certainty) : no(first.reach.certainty)
  }

type NamedKind = Exclude<FailureKind, "unclassified" | "unrecognized">

const KIND_TITLES = {
  busy: "Busy",
  no_answer: "No answer",
  unreachable: "Unreachable",
  declined: "Declined",
  blocked: "Blocked on the way",
  invalid_number: "Invalid number",
  congestion: "Network congestion",
  not_permitted: "Not permitted",
  precondition_failed: "Precondition failed",
  timeout: "Timed out",
  account: "Account refused",
  account_limit: "Account limit reached",
  customer_error: "Error on the customer's side",
  provider_error: "Provider error"
} as const satisfies Record<NamedKind, string>

const isNamed = (kind: FailureKind): kind is NamedKind => Object.hasOwn(KIND_TITLES, kind)

const { rate } = metricsOf<Subject, "first_attempt">("first_attempt", false)

export const failureKindMetrics: ReadonlyArray<CallMetric> = FailureKind.literals.filter(isNamed).map((kind) =>
  rate(
    kind,
    { title: KIND_TITLES[kind], better: "neither", smallestEffect: 0.03 },
    {
      own_word: {
        text: `The first dial did not connect, and the record gives ${KIND_TITLES[kind].toLowerCase()} as the reason.`,
        needs: [kind],
        of: onFirst(failedWith([kind]))
      }
    }
  )
)
