/** What is asked of an order with all its dials. */
import type { Attempt } from "../domain/CallAttempt.ts"
import type { CallOrder } from "../domain/CallOrder.ts"
import { isOverAttempt } from "../domain/CallStatus.ts"
import { connectedOf, MISSING, no, OPEN, OUTSIDE, yes } from "./attemptAnswers.ts"
import type { RateAnswer, Subject } from "./Metric.ts"

export type OfAttempt = (attempt: Attempt) => RateAnswer

/** The dials of an order that can be judged. */
export const dialsOf = ({ attempts }: Subject): ReadonlyArray<Attempt> =>
  attempts.filter((attempt) => isOverAttempt(attempt) && attempt.reach.value !== "canceled")

/** An order that goes on is open, whatever it has reached so far. */
export const whenOver =
  (of: (order: CallOrder, subject: Subject) => RateAnswer) =>
  (subject: Subject): RateAnswer => {
    const { order } = subject
    if (order === undefined) return OUTSIDE
    return order.terminal === true ? of(order, subject) : OPEN
  }

/** Yes if any dial says yes, no if all say no. */
export const anyDial = (of: OfAttempt) =>
  whenOver(({ status }, subject) => {
    const answers = dialsOf(subject).map(of)
    const found = answers.find(({ is }) => is === "yes")
    if (found !== undefined) return found
    if (answers.some(({ is }) => is === "missing")) return MISSING
    const doubtful = answers.find((answer) => answer.is === "no" && answer.certainty !== "stated")
    if (answers.length > 0) return doubtful ?? no("stated")
    return status === "failed" ? no("stated") : status === "canceled" ? OUTSIDE : MISSING
  })

/** By the provider's verdict on the order; who was never talked to has none, which is no success. */
export const byVerdict = (of: (order: CallOrder) => boolean | undefined) =>
  whenOver((order, subject) => {
    const verdict = of(order)
    if (verdict !== undefined) return verdict ? yes("stated") : no("stated")
    const connected = anyDial(connectedOf)(subject)
    return connected.is === "yes" ? MISSING : connected
  })
