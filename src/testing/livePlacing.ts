/** Cases of the live contract about what is asked: orders, and what a provider cannot do. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { viewFact } from "../domain/View.ts"
import { canonicalJson, type JsonObject } from "../domain/Json.ts"
import { parseInstant } from "../domain/Instant.ts"
import type { PlaceCallInput } from "../domain/PlaceCall.ts"
import type { Capabilities } from "../provider/Capabilities.ts"
import type { ListFilter } from "../provider/CallProvider.ts"
import { deepFreeze } from "./edits.ts"
import { liveCase, type LiveCase } from "./liveCase.ts"
import { bothAgents, orderFieldsFor } from "./orderFields.ts"
import { lostIn } from "./readBack.ts"
import { placesIn, wrongBlame } from "./refusedField.ts"
import { FROM, HUMAN, inTime, type LiveSite, type LiveSubject, orderFor, parsed, serviceOver } from "./liveSite.ts"

const nothingWasAsked = (site: LiveSite, fail: (message: string) => void, what: string): void => {
  if (site.requests() > 0) fail(`${what}: found after ${site.requests()} requests, not before the first`)
}

export const placingCases = (subject: LiveSubject): ReadonlyArray<LiveCase> => {
  const { adapter, open } = subject
  const { capabilities } = adapter
  const fields = orderFieldsFor(capabilities, adapter.id, subject.options ?? {})
  const isSeen = ({ capability }: (typeof fields)[number]) =>
    capability === undefined || capabilities[capability] === "yes"
  const orderWith = (more: object) => ({ ...orderFor(subject, HUMAN), ...more })

  /** What becomes of an order at a provider that nobody has asked anything yet. */
  const tryPlacing = Effect.fnUntraced(function* (order: PlaceCallInput) {
    const site = yield* open("right")
    const calls = yield* serviceOver(site.provider)
    const result = yield* inTime(Effect.result(calls.place(order)))
    const reason = Result.isFailure(result) && "reason" in result.failure ? result.failure.reason : undefined
    return { site, calls, order: parsed(order), result, reason }
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
        const denied = fields
          .filter((each) => each.claimed && !isSeen(each))
          .flatMap(({ field, capability, values }) => values.map((value) => ({ field, capability, value })))
        const beside = { field: "agent.inline", capability: "inlineAgent", value: bothAgents("agent-1") } as const
        const all = capabilities.inlineAgent === "yes" ? denied : [...denied, beside]
        for (const { field, capability, value } of all) {
          const { site, reason } = yield* tryPlacing(orderWith(value))
          nothingWasAsked(site, fail, field)
          if (reason?._tag !== "Unsupported" || reason.capability !== capability || reason.field !== field) {
            fail(`${field}: expected Unsupported (${capability}, ${field}), got ${reason?._tag ?? "an order"}`)
          }
        }
      }
    ),
    liveCase("MUST take what its capabilities claim", function* (fail) {
      for (const { field, values } of fields.filter((each) => each.claimed && isSeen(each))) {
        for (const value of values) {
          const { result } = yield* tryPlacing(orderWith(value))
          if (Result.isFailure(result)) fail(`${field}: claimed, and refused: ${result.failure.message}`)
          else if (result.success.state !== "accepted")
            fail(`${field}: claimed, and the order is ${result.success.state}`)
        }
      }
    }),
    liveCase("MUST read back what was ordered, value by value, in every order that it takes", function* (fail) {
      for (const { field, without, values } of fields.filter(isSeen)) {
        for (const value of [without, ...values]) {
          const { site, calls, order, result } = yield* tryPlacing(orderWith(value))
          const [taken, ...more] = site.orders()
          if (Result.isFailure(result) || result.success.state !== "accepted") {
            if (taken !== undefined) fail(`${field}: the order was taken, and the answer does not tell it`)
            continue
          }
          if (more.length > 0 || taken?.to !== order.to || taken.reference !== order.reference)
            fail(`${field}: expected one order with the number and the reference given`)
          const { call, order: answered } = result.success
          const read = yield* inTime(calls.get(call))
          for (const lost of [
            ...(answered === undefined ? [] : lostIn(order, answered, "answer")),
            ...lostIn(order, read, "reading")
          ])
            fail(`an order to try ${field}: ${lost}`)
        }
      }
    }),
    liveCase("MUST write each field of an order into the request, or refuse it by its name", function* (fail) {
      const { provider, requests } = yield* open("right")
      const requestOf = (order: object) => provider.request(parsed(orderWith(order)))
      const blame = (...given: Parameters<typeof wrongBlame>) => {
        const wrong = wrongBlame(...given)
        if (wrong !== undefined) fail(wrong)
      }
      for (const { field, claimed, without, values } of fields.filter(isSeen)) {
        const plain = requestOf(without)
        // What stands beside the field may be refused itself, or need the field.
        const excused = Result.isFailure(plain) ? placesIn(without) : []
        const written = values.map(requestOf)
        for (const { failure } of [plain, ...written].filter(Result.isFailure)) {
          if (claimed) fail(`${field}: claimed, and refused as ${failure._tag} (${failure.field ?? "no field"})`)
          else blame(field, failure, excused)
        }
        const taken = [plain, ...written].filter(Result.isSuccess).map(canonicalJson)
        if (new Set(taken).size < taken.length)
          fail(`${field}: dropped without a word: the request is the same without it, or with another value`)
      }
      // What is denied comes to no adapter. One that looks at it all the same names it, or what stands no more where it is.
      for (const { field, values } of fields.filter((each) => each.claimed && !isSeen(each))) {
        for (const value of values) {
          const written = requestOf(value)
          const there = placesIn(orderWith(value))
          const gone = placesIn(orderWith({})).filter((place) => !there.includes(place))
          if (Result.isFailure(written)) blame(field, written.failure, gone)
        }
      }
      if (capabilities.callerNumber === "none" && Result.isSuccess(requestOf({ from: FROM })))
        fail("from: expected a refusal, there is no number to call from")
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
