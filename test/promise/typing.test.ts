import { describe, expectTypeOf, it } from "vitest"
import {
  type AnyCallFailure,
  type CallAttempt,
  type CallOrder,
  type Calls,
  compactEnded,
  countEnded,
  deleteEnded,
  type EndedCount,
  openCalls,
  type Order,
  type Placed,
  type Reason
} from "../../adapters/promise.ts"
import type { Calls as CallsOn } from "../../src/promise/Calls.ts"
import type { JournalHandle } from "../../src/calls/JournalHandle.ts"
import type * as Attempts from "../../src/domain/CallAttempt.ts"
import type * as Orders from "../../src/domain/CallOrder.ts"
import { sqliteJournal } from "../../src/node/fileHandles.ts"
import type { OrderFor, RoutedOrderFor } from "../../src/provider/OrderFor.ts"

type Both = Calls<"revox" | "revring">
type CallsOnAny = CallsOn<string>

describe("types of an opened handle", () => {
  it("know the opened providers", () => {
    const apiKey = "key"
    const one = () => openCalls({ revox: { apiKey } })
    const other = () => openCalls({ revring: { apiKey, pageSize: 10 }, journal: sqliteJournal("calls.sqlite") })
    const both = () => openCalls({ revox: { apiKey }, revring: { apiKey }, poll: { firstSeconds: 1 }, fetch })
    const told = () =>
      openCalls({
        vapi: { apiKey, phoneNumbers: { "+12025550177": "number-7" }, cancelBy: { running: "control_address" } }
      })
    const maybe = (key: string | undefined) =>
      openCalls({ revox: { apiKey }, revring: key === undefined ? undefined : { apiKey: key } })
    const environment = () => openCalls.fromEnvironment()
    const named = () => openCalls.fromEnvironment({ providers: ["revring"], environment: {} })
    expectTypeOf(one).returns.resolves.toEqualTypeOf<Calls<"revox">>()
    expectTypeOf(other).returns.resolves.toEqualTypeOf<Calls<"revring">>()
    expectTypeOf(both).returns.resolves.toEqualTypeOf<Both>()
    expectTypeOf(told).returns.resolves.toEqualTypeOf<Calls<"vapi">>()
    expectTypeOf(maybe).returns.resolves.toEqualTypeOf<Both>()
    expectTypeOf(environment).returns.resolves.toEqualTypeOf<Calls>()
    expectTypeOf(named).returns.resolves.toEqualTypeOf<Calls<"revring">>()
  })

  it("refuse options that do not exist, or are of another kind", () => {
    // @ts-expect-error no such provider
    const unknownProvider = () => openCalls({ revox: { apiKey: "key" }, other: { apiKey: "key" } })
    // @ts-expect-error no such option
    const unknownOption = () => openCalls({ revox: { apiKey: "key" }, polling: 1 })
    // @ts-expect-error no such option of a provider
    const unknownOfProvider = () => openCalls({ revox: { apiKey: "key", timeout: 3 } })
    // @ts-expect-error no such option within an option
    const unknownWithin = () => openCalls({ revox: { apiKey: "key", timeouts: { read: 3 } } })
    // @ts-expect-error a duration is a number
    const text = () => openCalls({ revox: { apiKey: "key", timeouts: { readSeconds: "3 seconds" } } })
    // @ts-expect-error the key is required
    const noKey = () => openCalls({ revox: {} })
    void [unknownProvider, unknownOption, unknownOfProvider, unknownWithin, text, noKey]
  })
})

describe("types of operations", () => {
  const use = (...values: ReadonlyArray<unknown>): void => void values

  it("ask for the provider where there are several, and take only opened ones", () => {
    const rest = { to: "+12025550100", agent: { id: "a" }, reference: "r" }
    use((one: Calls<"revox">) => [
      one.place(rest),
      one.place({ ...rest, provider: "revox", from: undefined }),
      one.list(),
      one.list({ status: ["completed"] }),
      one.check()
    ])
    use((both: Both) => [
      both.place({ ...rest, provider: "revring", from: "+12025550199" }),
      both.list({ provider: "revox" }),
      both.check({ provider: "revox" }),
      both.get("revox:x"),
      both.get({ provider: "revox" satisfies string, id: "x" })
    ])
    // @ts-expect-error not opened
    use((one: Calls<"revox">) => one.place({ ...rest, provider: "revring" }))
    // @ts-expect-error not opened
    use((one: Calls<"revox">) => one.list({ provider: "revring" }))
    // @ts-expect-error which one?
    use((both: Both) => both.place(rest))
    // @ts-expect-error which one?
    use((both: Both) => both.list())
    // @ts-expect-error which one?
    use((both: Both) => both.check({}))
    // @ts-expect-error a deadline is required
    use((both: Both) => both.awaitEnd("revox:x", { until: "enriched" }))
    // @ts-expect-error no such status
    use((both: Both) => both.list({ provider: "revox", status: ["over"] }))
  })

  it("know the options of each provider", () => {
    const rest = { to: "+12025550100", from: "+12025550199", agent: { id: "a" }, reference: "r" }
    expectTypeOf<Order<"revox">["providerOptions"]>().toEqualTypeOf<UnicallProviderOptions | undefined>()
    use({ ...rest, providerOptions: { revring: { skipQueue: true } } } satisfies Order<"revring">)
    use({ ...rest, providerOptions: { revox: { force_now: true } } } satisfies Order<"revox">)
    // @ts-expect-error of another kind
    use({ ...rest, providerOptions: { revring: { skipQueue: "yes" } } } satisfies Order<"revring">)
    // @ts-expect-error no such option
    use({ ...rest, providerOptions: { revring: { skip: true } } } satisfies Order<"revring">)
    // @ts-expect-error of another kind
    use({ ...rest, providerOptions: { revox: { force_now: "yes" } } } satisfies Order<"revox">)
    use({ ...rest, providerOptions: { revox: { brand_new_field: 1 } } } satisfies Order<"revox">)
    use({ ...rest, agent: {} } satisfies Order<"revox">)
    // @ts-expect-error forgotten is not the same as left to the provider
    use({ to: rest.to, reference: "r" } satisfies Order<"revox">)
    use({ ...rest, agent: { name: "reminder" } } satisfies Order<"revox">)
    // @ts-expect-error no such agent
    use({ ...rest, agent: { title: "a" } } satisfies Order<"revox">)
  })

  it("let an order say what its provider takes, and no more", () => {
    const rest = { to: "+12025550100", from: "+12025550199", agent: { id: "a" }, reference: "r" }
    const metadata = { campaign: "spring" }
    use((both: Both) => [
      both.place({ ...rest, provider: "revox", metadata, retry: { maxAttempts: 3 } }),
      both.place({ ...rest, provider: "revring", variables: { name: "Ada" }, retry: { maxAttempts: 1 } }),
      both.dryRun({ ...rest, provider: "revring", metadata: undefined })
    ])
    // Either may be meant: what both take.
    use((both: Both, provider: "revox" | "revring") => both.place({ ...rest, provider, variables: { name: "Ada" } }))
    use((both: Both, provider: "revox" | "revring", order: OrderFor<"revox" | "revring">) => [
      both.place({ ...order, provider })
    ])
    use((revring: Calls<"revring">, order: OrderFor<"revring">) => [revring.place(order), revring.dryRun(order)])
    use((vapi: Calls<"vapi">) => vapi.place({ ...rest, metadata, scheduledAt: new Date(0) }))
    // Nobody knows which.
    use((any: CallsOnAny, provider: string) => [
      any.place({ ...rest, provider, metadata, concurrency: { key: "spring" } }),
      any.place({ to: rest.to, agent: {}, reference: "r" })
    ])
    // @ts-expect-error RevRing stores no values of the caller's
    use((both: Both) => both.place({ ...rest, provider: "revring", metadata }))
    // @ts-expect-error nor where it is the only one
    use((revring: Calls<"revring">) => revring.place({ ...rest, metadata }))
    // @ts-expect-error nor dry
    use((revring: Calls<"revring">) => revring.dryRun({ ...rest, metadata }))
    // @ts-expect-error one of the two does not
    use((both: Both, provider: "revox" | "revring") => both.place({ ...rest, provider, metadata }))
    // @ts-expect-error RevRing dials once
    use((revring: Calls<"revring">) => revring.place({ ...rest, retry: { maxAttempts: 2 } }))
    // @ts-expect-error and has no pauses between dials
    use((revring: Calls<"revring">) => revring.place({ ...rest, retry: { maxAttempts: 1, delaySeconds: 60 } }))
    // @ts-expect-error a stored agent only
    use((revring: Calls<"revring">) => revring.place({ ...rest, agent: { inline: { prompt: "Be brief." } } }))
    // @ts-expect-error no start time
    use((revring: Calls<"revring">) => revring.place({ ...rest, scheduledAt: new Date(0) }))
    // @ts-expect-error no cap on simultaneous calls
    use((vapi: Calls<"vapi">) => vapi.place({ ...rest, concurrency: { key: "spring" } }))
    // A number to call from may come with a named agent.
    use((vapi: Calls<"vapi">) => vapi.place({ to: rest.to, agent: { name: "reminder" }, reference: "r" }))
  })

  it("know what every provider of a route takes", () => {
    const routed = { to: "+12025550101", agent: { name: "reminder" }, reference: "r", route: "main" }
    use((both: Both) => both.place({ ...routed, variables: { name: "Ada" } }))
    use((both: Both, order: RoutedOrderFor<"revox" | "revring">) => both.place({ ...order, route: "main" }))
    // @ts-expect-error RevRing has no metadata
    use((both: Both) => both.place({ ...routed, metadata: { campaign: "spring" } }))
    use((both: Both) => both.place({ ...routed, metadata: { campaign: "spring" }, mayOmit: ["metadata"] }))
    // @ts-expect-error a start time is never left out
    use((both: Both) => both.place({ ...routed, scheduledAt: new Date(0), mayOmit: ["metadata"] }))
    // @ts-expect-error the route chooses the provider
    use((both: Both) => both.place({ ...routed, provider: "revox" }))
  })

  it("give plain values", () => {
    type PlacedCall = Extract<Placed, { readonly state: "accepted" }>["call"]
    expectTypeOf<PlacedCall>().toEqualTypeOf<{ readonly provider: string; readonly id: string }>()
    expectTypeOf<CallOrder["createdAt"]>().toEqualTypeOf<string | undefined>()
    expectTypeOf<Both["providers"]>().toEqualTypeOf<ReadonlyArray<"revox" | "revring">>()
    use((order: CallOrder) => order.provider === "revox" && order.createdAt === "2026-03-02T15:00:00.000Z")
    use((record: CallOrder | CallAttempt) => (record.kind === "call_attempt" ? record.orderId : record.attempts))
    use((placed: Placed) => (placed.state === "accepted" ? placed.order?.reach.value : placed.state))
  })

  it("know every field of the model, and no other", () => {
    expectTypeOf<keyof CallOrder>().toEqualTypeOf<keyof Orders.CallOrder>()
    expectTypeOf<keyof CallAttempt>().toEqualTypeOf<keyof Attempts.CallAttempt>()
    expectTypeOf<keyof CallOrder["attempts"][number]>().toEqualTypeOf<keyof Attempts.Attempt>()
    expectTypeOf<Orders.CallOrder>().toExtend<CallOrder>()
    expectTypeOf<Attempts.CallAttempt>().toExtend<CallAttempt>()
  })

  it("tell failures apart by their reason", () => {
    expectTypeOf<AnyCallFailure["reason"]>().toEqualTypeOf<Reason>()
    use((failure: AnyCallFailure) => (failure.reason === "NetworkError" ? failure.sent : failure.retryAfterSeconds))
    use((failure: AnyCallFailure): Error => failure)
    // @ts-expect-error no such reason
    use((failure: AnyCallFailure) => failure.reason === "Other")
  })

  it("name a journal", () => {
    expectTypeOf(sqliteJournal).returns.toEqualTypeOf<JournalHandle>()
  })

  it("keep less of a journal", () => {
    expectTypeOf(countEnded).returns.resolves.toEqualTypeOf<EndedCount>()
    expectTypeOf(compactEnded).parameter(0).toEqualTypeOf<JournalHandle>()
    expectTypeOf(compactEnded).returns.resolves.toEqualTypeOf<number>()
    expectTypeOf(deleteEnded).returns.resolves.toEqualTypeOf<number>()
    expectTypeOf<Parameters<typeof deleteEnded>[1]["permits"]>().toEqualTypeOf<"placing_again">()
    expectTypeOf<Parameters<typeof compactEnded>[1]["endedBefore"]>().toEqualTypeOf<string | Date>()
    expectTypeOf<Extract<Placed, { readonly state: "accepted" }>["compacted"]>().toEqualTypeOf<true | undefined>()
  })
})
