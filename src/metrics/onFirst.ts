/** Questions to the first dial of an order, and of whom they are asked. */
import type { Attempt } from "../domain/CallAttempt.ts"
import { isOverAttempt } from "../domain/CallStatus.ts"
import type { RateAnswer, Subject, ValueAnswer } from "./Metric.ts"
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

/** Whether a connected first dial has something. */
export const presentOnFirst =
  (has: (first: Attempt) => boolean) =>
  (subject: Subject): RateAnswer => {
    const connected = onFirst(connectedOf)(subject)
    if (connected.is !== "yes" || subject.first === undefined) return connected.is === "no" ? OUTSIDE : connected
    return has(subject.first) ? yes("stated") : no("stated")
  }

/** A figure of a first dial that meets a condition; what the dial's record does not give is not told, and never 0. */
export const figureOfFirst =
  (condition: (first: Attempt) => RateAnswer, of: (first: Attempt) => number | undefined) =>
  (subject: Subject): ValueAnswer => {
    const met = onFirst(condition)(subject)
    if (met.is === "open" || met.is === "missing") return met.is
    if (met.is !== "yes" || subject.first === undefined) return "outside"
    return of(subject.first) ?? "missing"
  }
