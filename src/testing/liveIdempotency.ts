/** Cases of the live contract about an order that is sent again, where the provider promises to know it. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as TestClock from "effect/testing/TestClock"
import { liveCase, type LiveCase } from "./liveCase.ts"
import { HUMAN, inTime, type LiveSite, type LiveSubject, orderFor, parsed, sentTo } from "./liveSite.ts"

/** Shares of the window after which the order is sent again; the rest is for the way. */
const REPETITIONS = [0, 0.5, 0.9]

export const idempotencyCases = (subject: LiveSubject): ReadonlyArray<LiveCase> => {
  const { idempotency } = subject.adapter.capabilities
  if (idempotency === "no") return []
  const { windowSeconds } = idempotency

  /** Sends it without the service, which keeps anything from being sent twice; written anew each time. */
  const send = ({ provider }: LiveSite, reference: string) => {
    const order = parsed(orderFor(subject, HUMAN, reference))
    return inTime(Effect.result(sentTo(provider, order)))
  }

  return [
    liveCase("MUST take the identical order once, however often it is sent within its window", function* (fail) {
      const site = yield* subject.open("right")
      const first = yield* send(site, "lead-1")
      if (Result.isFailure(first)) return fail(`refused: ${first.failure.message}`)
      const sentAt = yield* TestClock.testClockWith((clock) => Effect.sync(() => clock.currentTimeMillisUnsafe()))
      for (const share of REPETITIONS) {
        const seconds = windowSeconds * share
        yield* TestClock.setTime(sentAt + seconds * 1000)
        const again = yield* send(site, "lead-1")
        const when = `again after ${seconds} s of ${windowSeconds}`
        if (Result.isFailure(again)) fail(`${when}: refused: ${again.failure.message}`)
        else if (again.success.id !== first.success.id) fail(`${when}: another order than the first time`)
      }
      if (site.orders().length !== 1) fail(`expected one order, got ${site.orders().length}`)
    }),
    liveCase("MUST know an order again whose answer was lost", function* (fail) {
      const site = yield* subject.open("right")
      site.setFaults([{ on: { operation: "place" }, times: 1, fault: { kind: "drop", accepted: true } }])
      const lost = yield* send(site, "lead-1")
      if (Result.isSuccess(lost)) fail("an answer that was lost arrived")
      const again = yield* send(site, "lead-1")
      if (Result.isFailure(again)) fail(`sent again: refused: ${again.failure.message}`)
      if (site.orders().length !== 1) fail(`expected one order, got ${site.orders().length}`)
    }),
    liveCase("MUST take an order with another reference for another one", function* (fail) {
      const site = yield* subject.open("right")
      const [one, other] = [yield* send(site, "lead-1"), yield* send(site, "lead-2")]
      if (Result.isFailure(one) || Result.isFailure(other)) return fail("refused")
      if (one.success.id === other.success.id || site.orders().length !== 2)
        fail(`expected two orders, got ${site.orders().length}`)
    })
  ]
}
