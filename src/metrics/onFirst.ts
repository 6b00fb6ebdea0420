/** Definitions about the first dial of an order, and whom they count. */
import type { Attempt } from "../domain/CallAttempt.ts"
import { isOverAttempt } from "../domain/CallStatus.ts"
import type { RateAnswer, RateDefinition, Subject, ValueDefinition } from "./Metric.ts"
import { connectedOf, MISSING, no, OPEN, OUTSIDE, yes } from "./attemptAnswers.ts"

/** Asks `of` of the first dial, once it is over. An order that failed before any dial has reached nobody. */
export const onFirst =
  (of: (first: Attempt) => RateAnswer) =>
  ({ order, first, firstUnknown }: Subject): RateAnswer => {
    if (firstUnknown === true) return MISSING
    if (first === undefined) {
      if (order?.terminal !== true) return OPEN
      return order.status === "failed" ? no("stated") : order.status === "canceled" ? OUTSIDE : MISSING
    }
    if (!isOverAttempt(first)) return order?.terminal === true ? MISSING : OPEN
    return first.reach.value === "canceled" ? OUTSIDE : of(first)
  }

/** The opposite of an answer; what is no answer stays what it is. */
export const opposite = (answer: RateAnswer): RateAnswer =>
  answer.is === "yes" ? no(answer.certainty) : answer.is === "no" ? yes(answer.certainty) : answer

export const rate = (
  definition: Omit<RateDefinition<Subject>, "kind" | "countsRetries" | "trustsVerdicts" | "of"> & {
    readonly of: (first: Attempt) => RateAnswer
    readonly trustsVerdicts?: boolean
  }
): RateDefinition<Subject> => ({
  trustsVerdicts: false,
  ...definition,
  kind: "rate",
  countsRetries: false,
  of: onFirst(definition.of)
})

/** Something that a connected first dial has or has not, and that may come late. */
export const presence = (
  definition: Omit<RateDefinition<Subject>, "kind" | "countsRetries" | "trustsVerdicts" | "of"> & {
    readonly of: (first: Attempt) => boolean
  }
): RateDefinition<Subject> => ({
  ...definition,
  kind: "rate",
  countsRetries: false,
  trustsVerdicts: false,
  mayStillArrive: true,
  of: (subject) => {
    const connected = onFirst(connectedOf)(subject)
    if (connected.is !== "yes" || subject.first === undefined) return connected.is === "no" ? OUTSIDE : connected
    return definition.of(subject.first) ? yes("stated") : no("stated")
  }
})

export const seconds = (
  definition: Omit<ValueDefinition<Subject>, "kind" | "countsRetries" | "trustsVerdicts" | "of"> & {
    readonly of: (first: Attempt) => number | undefined
  }
): ValueDefinition<Subject> => ({
  ...definition,
  kind: "seconds",
  countsRetries: false,
  trustsVerdicts: false,
  of: (subject) => {
    const connected = onFirst(connectedOf)(subject)
    if (connected.is === "open" || connected.is === "missing") return connected.is
    if (connected.is !== "yes" || subject.first === undefined) return "outside"
    return definition.of(subject.first) ?? "missing"
  }
})
