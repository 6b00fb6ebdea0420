/** What is asked of an order with all its dials. */
import type { Attempt } from "../domain/CallAttempt.ts"
import type { CallOrder } from "../domain/CallOrder.ts"
import { isOverAttempt } from "../domain/CallStatus.ts"
import { connectedOf, MISSING, no, OPEN, OUTSIDE, yes } from "./attemptAnswers.ts"
import type { RateAnswer, Subject } from "./Metric.ts"

export type OfAttempt = (attempt: Attempt) => RateAnswer

/** Many definitions in a row ask about the same order. */
let latest: { readonly attempts: Subject["attempts"]; readonly dials: ReadonlyArray<Attempt> } | undefined

/** The dials of an order that can be judged. */
export const dialsOf = ({ attempts }: Subject): ReadonlyArray<Attempt> => {
  if (latest?.attempts !== attempts) {
    const dials = attempts.filter((attempt) => isOverAttempt(attempt) && attempt.reach.value !== "canceled")
    latest = { attempts, dials }
  }
  return latest.dials
}

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
    const dials = dialsOf(subject)
    let [said, isMissing] = [no("stated"), false]
    for (const dial of dials) {
      const answer = of(dial)
      if (answer.is === "yes") return answer
      if (answer.is === "missing") isMissing = true
      if (answer.is === "no" && said === no("stated")) said = answer
    }
    if (isMissing) return MISSING
    if (dials.length > 0) return said
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
