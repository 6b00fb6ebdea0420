/** Cases of the live contract about what is asked: orders, and what a provider cannot do. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { viewFact } from "../domain/View.ts"
import { canonicalJson, type JsonObject } from "../domain/Json.ts"
import { parseInstant } from "../domain/Instant.ts"
import { parsePlaceCall, type PlaceCall, type PlaceCallInput } from "../domain/PlaceCall.ts"
import type { Capabilities } from "../provider/Capabilities.ts"
import type { ListFilter } from "../provider/CallProvider.ts"
import { deepFreeze } from "./edits.ts"
import { liveCase, type LiveCase } from "./liveCase.ts"
import { claimedFields, furtherFields } from "./orderFields.ts"
import { FROM, HUMAN, inTime, type LiveSite, type LiveSubject, orderFor, serviceOver } from "./liveSite.ts"

const parsed = (order: unknown): PlaceCall =>
  Result.getOrThrowWith(parsePlaceCall(order), ({ field, expected }) => new Error(`${field}: expected ${expected}`))

const nothingWasAsked = (site: LiveSite, fail: (message: string) => void, what: string): void => {
  if (site.requests() > 0) fail(`${what}: found after ${site.requests()} requests, not before the first`)
}

export const placingCases = (subject: LiveSubject): ReadonlyArray<LiveCase> => {
  const { adapter, open } = subject
  const { capabilities } = adapter

  /** What becomes of an order at a provider that nobody has asked anything yet. */
  const tryPlacing = Effect.fnUntraced(function* (order: PlaceCallInput) {
    const site = yield* open("right")
    const calls = yield* serviceOver(site.provider)
    const result = yield* inTime(Effect.result(calls.place(order)))
    const reason = Result.isFailure(result) && "reason" in result.failure ? result.failure.reason : undefined
    return { site, calls, result, reason }
  })

  return [
    liveCase("MUST place what was ordered, with one request", function* (fail) {
      const site = yield* open("right")
      const order = orderFor(subject, HUMAN)
      const placed = yield* inTime((yield* serviceOver(site.provider)).place(order))
      const [taken, ...more] = site.orders()
      if (more.length > 0 || taken?.to !== order.to || site.posts() !== 1) {
        fail(`expected one order to the number given from one request, got ${more.length + 1} from ${site.posts()}`)
      }
      if (taken?.reference !== order.reference) fail("the reference did not arrive with the order")
      if (placed.state !== "accepted") return fail(`expected the order to be accepted, got ${placed.state}`)
      if (placed.order?.reference !== order.reference) fail("the reference does not read back from the answer")
      const fact = yield* inTime(site.provider.get(placed.call.id))
      if (fact.id !== placed.call.id) fail("the id that placing gave reads another order")
      if (viewFact(fact, site.provider.adapter).reference !== order.reference) fail("the reference does not read back")
    }),
    liveCase("MUST write the same request for the same order, and leave the order as it was", function* (fail) {
      const { provider, requests } = yield* open("right")
      const order = parsed(orderFor(subject, HUMAN))
      deepFreeze(order)
      const turned = parsed(Object.fromEntries(Object.entries(orderFor(subject, HUMAN)).toReversed()))
      const [one, again, other] = [order, order, turned].map((each) => canonicalJson(provider.request(each)))
      if (one !== again) fail("two requests for one order differ")
      if (one !== other) fail("the order of the fields changes the request")
      if (requests() > 0) fail("writing a request asked the provider")
    }),
    liveCase(
      "MUST refuse what its capabilities deny as Unsupported with the field, before any request",
      function* (fail) {
        for (const { capability, field, values } of claimedFields(capabilities)) {
          if (capabilities[capability] === "yes") continue
          const { site, reason } = yield* tryPlacing({ ...orderFor(subject, HUMAN), ...values[0] })
          nothingWasAsked(site, fail, field)
          if (reason?._tag !== "Unsupported" || reason.capability !== capability || reason.field !== field) {
            fail(`${field}: expected Unsupported (${capability}, ${field}), got ${reason?._tag ?? "an order"}`)
          }
        }
      }
    ),
    liveCase("MUST take what its capabilities claim", function* (fail) {
      for (const { capability, field, values } of claimedFields(capabilities)) {
        if (capabilities[capability] !== "yes") continue
        const [order] = values
        const { calls, result } = yield* tryPlacing({ ...orderFor(subject, HUMAN), ...order })
        if (Result.isFailure(result)) {
          fail(`${field}: claimed, and refused: ${result.failure.message}`)
          continue
        }
        if (result.success.state !== "accepted") {
          fail(`${field}: claimed, and the order is ${result.success.state}`)
          continue
        }
        const read = yield* inTime(calls.get(result.success.call))
        for (const map of ["metadata", "variables"] as const) {
          for (const [name, value] of Object.entries({ ...order[map] })) {
            if (read[map]?.[name] !== value) fail(`${map}.${name} does not read back`)
          }
        }
        const at = order.scheduledAt === undefined ? undefined : parseInstant(order.scheduledAt)
        if (at !== undefined && read.scheduledAt !== at) fail("scheduledAt does not read back")
      }
    }),
    liveCase("MUST write each field of an order into the request, or refuse it by its name", function* (fail) {
      const { provider, requests } = yield* open("right")
      const isSeen = (capability: keyof Capabilities | undefined) =>
        capability === undefined || capabilities[capability] === "yes"
      const requestOf = (order: object) => provider.request(parsed({ ...orderFor(subject, HUMAN), ...order }))
      const claimed = claimedFields(capabilities)
      for (const each of [...claimed, ...furtherFields(capabilities, adapter.id, subject.options ?? {})]) {
        if (!isSeen(each.capability)) continue
        const written = [each.without, ...each.values].map(requestOf)
        const refusal = written.find(Result.isFailure)?.failure
        if (refusal === undefined) {
          if (new Set(written.map(canonicalJson)).size < written.length)
            fail(`${each.field}: dropped without a word: the request is the same without it, or with another value`)
        } else if (claimed.some(({ field }) => field === each.field)) {
          fail(`${each.field}: claimed, and refused: ${refusal.message}`)
        } else if (refusal.field === undefined) fail(`${each.field}: refused without its name: ${refusal.message}`)
      }
      if (capabilities.callerNumber === "none") {
        const written = requestOf({ from: FROM })
        if (Result.isSuccess(written)) fail("from: expected a refusal, there is no number to call from")
      }
      if (requests() > 0) fail("writing a request asked the provider")
    }),
    liveCase(
      "MUST ask for a number to call from where it needs one, and refuse it where it has none",
      function* (fail) {
        const { from: _from, ...order } = orderFor(subject, HUMAN)
        const tries = [
          { what: "without a number", tried: order, wrong: capabilities.callerNumber === "required" },
          { what: "with a number", tried: { ...order, from: FROM }, wrong: capabilities.callerNumber === "none" }
        ]
        for (const { what, tried, wrong } of tries) {
          const { site, result, reason } = yield* tryPlacing(tried)
          if (!wrong) {
            if (Result.isFailure(result)) fail(`${what}: refused: ${result.failure.message}`)
            continue
          }
          nothingWasAsked(site, fail, what)
          const isRefusal =
            reason?._tag === "InvalidRequest" ||
            (reason?._tag === "Unsupported" && capabilities.callerNumber === "none")
          if (!isRefusal || reason.field !== "from") fail(`${what}: expected InvalidRequest (from)`)
        }
      }
    ),
    liveCase(
      "MUST refuse an option of its own that it does not know, or send it as it is, and leave those of others",
      function* (fail) {
        const site = yield* open("right")
        const requestWith = (providerOptions: JsonObject) =>
          site.provider.request(parsed({ ...orderFor(subject, HUMAN), providerOptions }))
        const plain = site.provider.request(parsed(orderFor(subject, HUMAN)))
        const own = requestWith({ [adapter.id]: { no_such_option: 1 } })
        if (Result.isFailure(own)) {
          const { field } = own.failure
          if (field !== `providerOptions.${adapter.id}.no_such_option`) fail(`the option is not named, but ${field}`)
        } else if (own.success.body["no_such_option"] !== 1) fail("the option is dropped without a word")
        if (canonicalJson(requestWith({ "another-provider": { no_such_option: 1 } })) !== canonicalJson(plain)) {
          fail("options of another provider change the request")
        }
        const body = Result.isSuccess(plain) ? plain.success.body : {}
        for (const [name, written] of Object.entries(body)) {
          const replaced = requestWith({ [adapter.id]: { [name]: "replaced" } })
          if (Result.isSuccess(replaced) && canonicalJson(replaced.success.body[name]) !== canonicalJson(written)) {
            fail(`the option ${name} replaces what the order says`)
          }
        }
      }
    ),
    liveCase("MUST refuse filters that its list does not have as Unsupported, before any request", function* (fail) {
      const site = yield* open("right")
      const calls = yield* serviceOver(site.provider)
      const at = parseInstant("2026-03-02T16:00:00Z")
      const filters: ReadonlyArray<readonly [Capabilities["listFilters"][number], ListFilter]> = [
        ["status", { status: ["completed"] }],
        ["created", at === undefined ? {} : { createdAfter: at }],
        ["created", at === undefined ? {} : { createdBefore: at }],
        ["agent", { agentId: "agent-1" }],
        ["reference", { reference: "reference-00" }],
        ["number", { to: FROM }]
      ]
      for (const [filter, given] of filters) {
        if (capabilities.list !== "no" && capabilities.listFilters.includes(filter)) continue
        const result = yield* inTime(Effect.result(Stream.runDrain(calls.list({ provider: adapter.id, ...given }))))
        const reason = Result.isFailure(result) ? result.failure.reason : undefined
        if (reason?._tag !== "Unsupported") fail(`${filter}: expected Unsupported, got ${reason?._tag ?? "a list"}`)
      }
      nothingWasAsked(site, fail, "a filter")
    })
  ]
}
