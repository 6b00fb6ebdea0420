/** Cases of the live contract about failures: what they are called, what is repeated, and what is never repeated. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as TestClock from "effect/testing/TestClock"
import type { CallErrorReason } from "../provider/CallError.ts"
import type { CallProvider } from "../provider/CallProvider.ts"
import { liveCase, type LiveCase } from "./liveCase.ts"
import {
  FROM,
  HUMAN,
  inTime,
  type LiveSubject,
  MARKED,
  numberOf,
  operationsOf,
  orderFor,
  parsed,
  sentTo
} from "./liveSite.ts"
import { type Fault, GARBLE_FORMS } from "../twin/fault.ts"
import type { StatusRows } from "../provider/http/reason.ts"

/** What a failure of a read is called. */
const READ_FAILURES: ReadonlyArray<readonly [Fault, CallErrorReason["_tag"]]> = [
  [{ kind: "status", status: 400 }, "InvalidRequest"],
  [{ kind: "status", status: 401 }, "Unauthorized"],
  [{ kind: "status", status: 403 }, "Forbidden"],
  [{ kind: "status", status: 404 }, "NotFound"],
  [{ kind: "status", status: 422 }, "InvalidRequest"],
  [{ kind: "status", status: 429 }, "RateLimited"],
  [{ kind: "status", status: 429, retryAfter: 2 }, "RateLimited"],
  [{ kind: "status", status: 500 }, "ProviderUnavailable"],
  [{ kind: "status", status: 503, form: "html" }, "ProviderUnavailable"],
  [{ kind: "redirect", status: 302 }, "UnreadableResponse"],
  [{ kind: "garble", form: "html" }, "UnreadableResponse"],
  [{ kind: "garble", form: "empty" }, "UnreadableResponse"],
  [{ kind: "garble", form: "wrong_shape" }, "UnreadableResponse"],
  [{ kind: "hang" }, "TimedOut"],
  [{ kind: "drop" }, "NetworkError"]
]

/** What a status says of a placement at every provider. Written out, not asked of the code that these cases judge. */
const STATUSES: ReadonlyArray<readonly [status: number, meaning: "refused" | "open"]> = [
  ...[400, 401, 403, 404, 405, 413, 415, 422, 429].map((status) => [status, "refused"] as const),
  ...[402, 408, 409, 425, 500, 502, 503, 504, 599].map((status) => [status, "open"] as const)
]

/** The statuses of one meaning at this provider: its own row of a placement decides where it has one. */
const statusesOf = (meaning: "refused" | "open", rows: StatusRows): ReadonlyArray<number> =>
  STATUSES.filter(([status, common]) => {
    const own = rows.place?.[status]
    return (typeof own === "object" ? (own.refused ? "refused" : "open") : common) === meaning
  }).map(([status]) => status)

/** Failures after which nothing was placed for certain. */
const refusedBy = (rows: StatusRows): ReadonlyArray<Fault> =>
  statusesOf("refused", rows).map((status) => ({ kind: "status", status }))

/** Failures that leave it open whether the order was taken, both ways. */
const uncertainBy = (rows: StatusRows): ReadonlyArray<Fault> =>
  [true, false].flatMap((accepted): ReadonlyArray<Fault> => [
    ...statusesOf("open", rows).map((status) => ({ kind: "status", status, accepted }) as const),
    { kind: "status", status: 503, form: "html", retryAfter: 1, accepted },
    { kind: "redirect", status: 302, accepted },
    { kind: "redirect", status: 307, accepted },
    { kind: "redirect", status: 308, accepted },
    { kind: "hang", accepted },
    { kind: "drop", accepted },
    ...GARBLE_FORMS.map((form) => ({ kind: "garble", form, accepted }) as const)
  ])

const nameOf = (fault: Fault): string => JSON.stringify(fault)

/** Everything an error shows when it is printed, logged or sent. */
const shownOf = (error: unknown): string =>
  error instanceof Error
    ? [String(error), error.message, error.stack, JSON.stringify(error), shownOf(error.cause)].join("\n")
    : String(JSON.stringify(error))

export const faultCases = (subject: LiveSubject): ReadonlyArray<LiveCase> => {
  const { capabilities } = subject.adapter
  const [refused, uncertain] = [refusedBy(subject.statuses ?? {}), uncertainBy(subject.statuses ?? {})]
  const markedOrder = {
    ...orderFor(subject, HUMAN, `${MARKED}-reference`),
    ...(capabilities.callerNumber === "none" ? {} : { from: FROM }),
    ...(capabilities.variables === "yes" ? { variables: { first_name: `${MARKED}-variable` } } : {}),
    ...(capabilities.metadata === "yes" ? { metadata: { lead: `${MARKED}-metadata` } } : {})
  }
  const order = parsed(markedOrder)

  const placing = (provider: CallProvider) => sentTo(provider, order)

  return [
    liveCase("MUST name what went wrong with a read by its meaning", function* (fail) {
      for (const [fault, reason] of READ_FAILURES) {
        const { provider, setFaults } = yield* subject.open("right")
        const { id } = yield* inTime(placing(provider))
        setFaults([{ fault }])
        const result = yield* inTime(Effect.result(provider.get(id)))
        if (Result.isSuccess(result)) {
          fail(`${nameOf(fault)}: expected ${reason}, got a call`)
          continue
        }
        const error = result.failure
        const got = error.reason
        if (got._tag !== reason) fail(`${nameOf(fault)}: expected ${reason}, got ${got._tag}`)
        if (error.provider !== provider.adapter.providerId || error.operation !== "get") {
          fail(`${nameOf(fault)}: the error does not say whose it is`)
        }
        if (fault.kind === "status" && fault.retryAfter !== undefined && error.retryAfter !== fault.retryAfter) {
          fail(`${nameOf(fault)}: when to ask again is lost`)
        }
      }
    }),
    liveCase("MUST place once, whatever goes wrong, and say what is certain", function* (fail) {
      for (const fault of [...refused, ...uncertain]) {
        const site = yield* subject.open("right")
        site.setFaults([{ on: { operation: "place" }, times: 1, fault }])
        const result = yield* inTime(Effect.result(placing(site.provider)))
        yield* TestClock.adjust("10 minutes")
        if (site.posts() !== 1) fail(`${nameOf(fault)}: sent ${site.posts()} times`)
        if (Result.isSuccess(result)) {
          fail(`${nameOf(fault)}: success`)
          continue
        }
        const isUncertain = result.failure.reason._tag === "PlacementUncertain"
        if (isUncertain !== uncertain.includes(fault)) fail(`${nameOf(fault)}: ${result.failure.reason._tag}`)
      }
    }),
    liveCase("MUST wait for an answer that is late, and take it", function* (fail) {
      for (const fault of [
        { kind: "delay", seconds: 5 },
        { kind: "slow_body", seconds: 5 }
      ] as const) {
        const site = yield* subject.open("right")
        site.setFaults([{ on: { operation: "place" }, fault }])
        const result = yield* inTime(Effect.result(placing(site.provider)))
        if (Result.isFailure(result)) fail(`${fault.kind}: ${result.failure.reason._tag}`)
      }
    }),
    liveCase("MUST NOT let anything personal into an error", function* (fail) {
      const marks = [...(subject.secrets ?? []), MARKED, numberOf(HUMAN).slice(2), FROM.slice(2)]
      for (const fault of [...refused, ...uncertain]) {
        const { provider, setFaults } = yield* subject.open("right")
        const { id } = yield* inTime(placing(provider))
        setFaults([{ fault }])
        for (const [name, effect] of operationsOf(provider, placing(provider), id)) {
          const result = yield* inTime(Effect.result(effect))
          if (Result.isSuccess(result)) continue
          const shown = shownOf(result.failure)
          for (const mark of marks) if (shown.includes(mark)) fail(`${name}, ${nameOf(fault)}: shows ${mark}`)
        }
      }
    })
  ]
}
