/** Cases of the live contract about calls that have been placed: reading, listing, canceling, and how they go. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { viewFact } from "../domain/View.ts"
import type { AttemptFact, OrderFact } from "../domain/Fact.ts"
import { OrderId } from "../domain/Identifiers.ts"
import { instantAt } from "../domain/Instant.ts"
import { canonicalJson } from "../domain/Json.ts"
import type { CallError, CallRef } from "../provider/CallError.ts"
import type { CallProvider, ListFilter } from "../provider/CallProvider.ts"
import { liveCase, type LiveCase } from "./liveCase.ts"
import {
  HUMAN,
  inTime,
  type LiveSite,
  type LiveSubject,
  numberOf,
  operationsOf,
  orderFor,
  serviceOver,
  START
} from "./liveSite.ts"
import { stories } from "../twin/stories.ts"

const QUEUED_FOREVER = "62"

const UNKNOWN_ID = OrderId.make("0b5e1f9c-no-such-call")

/** Seconds after placing at which a call is looked at; the last is after the end of all stories. */
const LOOKS = [0, 1, 3, 6, 12, 30, 60, 120, 600, 1000, 1800, 8000, 16_000, 259_200]

const orderOf = (subject: LiveSubject, site: LiveSite, digits: string, reference?: string) =>
  Effect.gen(function* () {
    const { place } = yield* serviceOver(site.provider)
    const placed = yield* inTime(place(orderFor(subject, digits, reference)))
    if (placed.state !== "accepted") throw new Error(`the order to story ${digits} is ${placed.state}`)
    return placed.call
  })

const listOf = (
  { list }: CallProvider,
  filter: ListFilter = {}
): Effect.Effect<ReadonlyArray<OrderFact | AttemptFact>, CallError> => inTime(Stream.runCollect(list(filter)))

const idsOf = (items: ReadonlyArray<OrderFact | AttemptFact>, kind: "order" | "attempt"): ReadonlyArray<string> =>
  items.filter((item) => item.kind === kind).map(({ id }) => id)

const isSame = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): boolean =>
  a.toSorted().join("\n") === b.toSorted().join("\n")

const reasonOf = (result: Result.Result<unknown, unknown>): string => {
  if (Result.isSuccess(result)) return "success"
  const error = result.failure
  if (typeof error !== "object" || error === null || !("reason" in error)) return "another error"
  const { reason } = error
  return typeof reason === "object" && reason !== null && "_tag" in reason ? String(reason._tag) : "another error"
}

export const readingCases = (subject: LiveSubject): ReadonlyArray<LiveCase> => {
  const { adapter, open } = subject
  const { capabilities } = adapter

  const listing: ReadonlyArray<LiveCase> =
    capabilities.list === "no"
      ? []
      : [
          liveCase("MUST list each call once, and all that were placed", function* (fail) {
            const site = yield* open("right")
            const empty = yield* listOf(site.provider)
            if (empty.length > 0) fail("the list is not empty before anything was placed")
            const placed: Array<OrderId> = []
            for (let count = 0; count < 7; count++) {
              placed.push((yield* orderOf(subject, site, HUMAN, `lead-${count}`)).id)
              yield* TestClock.adjust("1 second")
            }
            yield* TestClock.adjust("1 day")
            const items = yield* listOf(site.provider)
            const orders = idsOf(items, "order")
            const attempts = idsOf(items, "attempt")
            const made = yield* Effect.forEach(placed, (id) => inTime(site.provider.get(id)))
            const dials = made.flatMap((order) => order.attempts.map(({ id }) => id))
            if (capabilities.listItems !== "attempts" && orders.length > 0) {
              if (!isSame(orders, placed)) fail(`expected ${placed.length} orders, got ${orders.length} or others`)
            } else if (!isSame(attempts, dials)) {
              fail(`expected ${dials.length} attempts, got ${attempts.length} or others`)
            }
          }),
          liveCase("MUST keep to the filters that its list has", function* (fail) {
            const site = yield* open("right")
            const over = yield* orderOf(subject, site, HUMAN)
            yield* TestClock.adjust("1 hour")
            const waiting = yield* orderOf(subject, site, QUEUED_FOREVER)
            const between = instantAt(START + 1_800_000)
            if (between === undefined) return
            const agentId = orderFor(subject, HUMAN).agent
            const wanted: ReadonlyArray<readonly [string, ListFilter, ReadonlyArray<CallRef>]> = [
              ["status", { status: ["completed"] }, [over]],
              ["status", { status: ["completed", "failed", "canceled"] }, [over]],
              ["created", { createdAfter: between }, [waiting]],
              ["created", { createdBefore: between }, [over]],
              ...("id" in agentId
                ? ([
                    ["agent", { agentId: agentId.id }, [over, waiting]],
                    ["agent", { agentId: "no-such-agent" }, []]
                  ] as const)
                : []),
              ["reference", { reference: `reference-${HUMAN}` }, [over]],
              ["reference", { reference: "no-such-reference" }, []],
              ["number", { to: numberOf(HUMAN) }, [over]]
            ]
            for (const [name, filter, calls] of wanted) {
              if (!capabilities.listFilters.some((each) => each === name)) continue
              const items = yield* listOf(site.provider, filter)
              const expected = calls.map(({ id }) => id)
              const orders = idsOf(items, "order")
              const isRight =
                orders.length > 0 || capabilities.listItems === "orders"
                  ? isSame(orders, expected)
                  : idsOf(items, "attempt").length === expected.filter((id) => id === over.id).length
              if (!isRight) fail(`${name}: expected ${expected.length} calls, got ${items.length} or others`)
            }
          })
        ]

  return [
    liveCase("MUST tell an unknown id as NotFound", function* (fail) {
      const { provider } = yield* open("right")
      const got = reasonOf(yield* inTime(Effect.result(provider.get(UNKNOWN_ID))))
      if (got !== "NotFound") fail(`get: expected NotFound, got ${got}`)
      if (capabilities.cancel !== "yes") return
      const canceled = reasonOf(yield* inTime(Effect.result(provider.cancel(UNKNOWN_ID))))
      if (canceled !== "NotFound") fail(`cancel: expected NotFound, got ${canceled}`)
    }),
    liveCase("MUST tell a wrong key as Unauthorized, whatever is asked", function* (fail) {
      const site = yield* open("wrong")
      const place = Effect.flatMap(serviceOver(site.provider), (calls) => calls.place(orderFor(subject, HUMAN)))
      for (const [name, asked] of operationsOf(site.provider, Effect.scoped(place), UNKNOWN_ID)) {
        const got = reasonOf(yield* inTime(Effect.result(asked)))
        if (got !== "Unauthorized") fail(`${name}: expected Unauthorized, got ${got}`)
      }
      if (site.orders().length > 0) fail("an order was taken with a wrong key")
    }),
    liveCase("MUST accept the right key when it is checked", function* () {
      const { provider } = yield* open("right")
      yield* inTime(provider.check)
    }),
    liveCase("MUST read many calls as it reads each, unknown ones missing", function* (fail) {
      const site = yield* open("right")
      const calls = yield* Effect.forEach([HUMAN, "20", QUEUED_FOREVER, "71"], (digits) =>
        orderOf(subject, site, digits)
      )
      yield* TestClock.adjust("1 day")
      const ids = calls.map(({ id }) => id)
      const one = yield* Effect.forEach(ids, (id) => inTime(site.provider.get(id)))
      const asked = [...ids.slice(0, 2), UNKNOWN_ID, ...ids.slice(2)]
      for (const detail of ["state", "whole"] as const) {
        const { orders: many } = yield* inTime(site.provider.getMany(asked, detail))
        if (
          !isSame(
            many.map(({ id }) => id),
            ids
          )
        )
          fail(`${detail}: expected ${ids.length} calls, got ${many.length}`)
        for (const fact of many) {
          const single = one.find(({ id }) => id === fact.id)
          if (single === undefined) continue
          const [got, want] = [fact, single].map((each) =>
            canonicalJson(detail === "state" ? each.claims.status : viewFact(each, site.provider.adapter))
          )
          if (got !== want) fail(`${detail}: a call reads otherwise than by itself`)
        }
      }
      const none = yield* inTime(site.provider.getMany([UNKNOWN_ID], "whole"))
      if (none.orders.length > 0) fail("an unknown id reads as a call")
    }),
    ...listing,
    ...(capabilities.cancel === "yes" ? [canceling(subject), cancelingItself(subject)] : [refusingToCancel(subject)]),
    liveCase("MUST take every call through its story to the end that is promised", function* (fail) {
      const site = yield* open("right")
      const played = stories.filter((story) => site.endingOf(story) !== undefined)
      if (played.length === 0) return fail("no story comes to anything here")
      const calls = yield* Effect.forEach(played, (story) =>
        Effect.map(orderOf(subject, site, story.digits), (call) => ({ story, call, seen: { over: false } }))
      )
      const since = yield* TestClock.testClockWith((clock) => Effect.sync(() => clock.currentTimeMillisUnsafe()))
      for (const seconds of LOOKS) {
        yield* TestClock.setTime(since + seconds * 1000)
        for (const { story, call, seen } of calls) {
          const order = viewFact(yield* site.provider.get(call.id), site.provider.adapter)
          if (seen.over && order.terminal !== true) fail(`${story.name}: over, and then not over any more`)
          seen.over = order.terminal === true
          if (seconds !== LOOKS.at(-1)) continue
          const ending = site.endingOf(story)
          if (order.status !== ending?.status || order.reach.value !== ending.reach) {
            const got = `${order.status}, ${order.reach.value}`
            fail(`${story.name}: expected ${ending?.status ?? ""}, ${ending?.reach ?? ""}, got ${got}`)
          }
        }
      }
    })
  ]
}

const canceling = (subject: LiveSubject): LiveCase =>
  liveCase("MUST cancel what goes on, and say of the rest why not", function* (fail) {
    const site = yield* subject.open("right")
    const calls = yield* serviceOver(site.provider)
    const waiting = yield* orderOf(subject, site, QUEUED_FOREVER)
    const canceled = yield* inTime(calls.cancel(waiting))
    if (canceled.outcome !== "canceled" || canceled.order.status !== "canceled") {
      fail(`a call in the queue: expected canceled, got ${canceled.outcome}, ${canceled.order.status}`)
    }
    const again = yield* inTime(calls.cancel(waiting))
    if (again.outcome !== "already_over") fail(`a second time: expected already_over, got ${again.outcome}`)
    const over = yield* orderOf(subject, site, HUMAN)
    yield* TestClock.adjust("1 day")
    const late = yield* inTime(calls.cancel(over))
    if (late.outcome !== "already_over" || late.order.status === "canceled") {
      fail(`a call that is over: expected already_over, got ${late.outcome}, ${late.order.status}`)
    }
    const refused = yield* orderOf(subject, site, QUEUED_FOREVER, "refused to cancel")
    site.setFaults([{ on: { operation: "cancel" }, fault: { kind: "status", status: 409 } }])
    const cannot = yield* inTime(calls.cancel(refused))
    if (cannot.outcome !== "cannot") fail(`refused by the provider: expected cannot, got ${cannot.outcome}`)
  })

/** What the service makes of a cancel it finds out by reading: here the adapter is held to its own word. */
const cancelingItself = (subject: LiveSubject): LiveCase =>
  liveCase("MUST tell by itself whether the provider canceled, and cancel no other call", function* (fail) {
    const site = yield* subject.open("right")
    const { cancel, get, adapter } = site.provider
    const call = yield* orderOf(subject, site, QUEUED_FOREVER, "lead-1")
    const other = yield* orderOf(subject, site, QUEUED_FOREVER, "lead-2")
    const told = reasonOf(yield* inTime(Effect.result(cancel(call.id))))
    if (told !== "success") fail(`a call in the queue: expected success, got ${told}`)
    const { status } = viewFact(yield* inTime(get(call.id)), adapter)
    if (status !== "canceled") fail(`a call in the queue: canceled by its word, and ${status}`)
    for (const refusal of [403, 409, 500]) {
      site.setFaults([{ on: { operation: "cancel" }, fault: { kind: "status", status: refusal } }])
      const refused = yield* inTime(Effect.result(cancel(other.id)))
      if (Result.isSuccess(refused)) fail(`refused by the provider with ${refusal}: expected a failure, got success`)
      else if (refused.failure.operation !== "cancel" || refused.failure.provider !== adapter.providerId)
        fail(`refused by the provider with ${refusal}: the error does not say whose it is`)
    }
    const { status: left } = viewFact(yield* inTime(get(other.id)), adapter)
    if (left === "canceled") fail("another call is canceled too")
  })

const refusingToCancel = (subject: LiveSubject): LiveCase =>
  liveCase("MUST refuse to cancel as Unsupported, before any request", function* (fail) {
    const site = yield* subject.open("right")
    const calls = yield* serviceOver(site.provider)
    const call = { provider: subject.adapter.providerId, id: UNKNOWN_ID }
    const got = reasonOf(yield* inTime(Effect.result(calls.cancel(call))))
    if (got !== "Unsupported") fail(`expected Unsupported, got ${got}`)
    if (site.requests() > 0) fail(`found after ${site.requests()} requests, not before the first`)
  })
