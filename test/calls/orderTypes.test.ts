/** Orders whose provider is known: what compiles, and that it is what placing takes. */
import { describe, expect, expectTypeOf, it } from "vitest"
import * as Result from "effect/Result"
import * as Revox from "../../adapters/revox/index.ts"
import * as RevRing from "../../adapters/revring/index.ts"
import * as Vapi from "../../adapters/vapi/index.ts"
import type { VoiceCalls } from "../../src/calls/VoiceCalls.ts"
import { parsePlaceCall, type PlaceCallInput } from "../../src/domain/PlaceCall.ts"
import type { Capabilities } from "../../src/provider/Capabilities.ts"
import type { OrderFor, RoutedOrderFor } from "../../src/provider/OrderFor.ts"
import { unmet } from "../../src/provider/orderNeeds.ts"

declare global {
  interface UnicallProviderCapabilities {
    readonly "numberless-in-tests": Omit<typeof Revox.capabilities, "callerNumber" | "retries" | "schedule"> & {
      readonly callerNumber: "none"
      readonly retries: "automatic"
      readonly schedule: "unknown"
    }
    /** Not known to the word. */
    readonly "vague-in-tests": Capabilities
  }
}

const use = (...values: ReadonlyArray<unknown>): void => void values

const rest = { to: "+12025550100", from: "+12025550199", agent: { id: "a" }, reference: "r" }
const metadata = { campaign: "spring" }
const inline = { prompt: "Be brief." }

describe("an order of the service", () => {
  it("says what its provider takes, where that is known", () => {
    use(({ place, dryRun }: VoiceCalls["Service"], provider: string, order: PlaceCallInput) => [
      place({ ...rest, provider: "revox", metadata, agent: { id: "a", inline }, retry: { maxAttempts: 3 } }),
      place({ ...rest, provider: "revring", variables: { name: "Ada" }, retry: { maxAttempts: 1 } }),
      place({ ...rest, provider, metadata }),
      place({ ...rest, provider: "somebody-else", metadata }),
      place({ ...rest, provider: "vague-in-tests", metadata, scheduledAt: new Date(0), retry: { maxAttempts: 3 } }),
      place({ to: rest.to, agent: { inline }, reference: "r" }),
      place(order),
      dryRun(order)
    ])
    // @ts-expect-error not stored
    use(({ place }: VoiceCalls["Service"]) => place({ ...rest, provider: "revring", metadata }))
    // @ts-expect-error not stored
    use(({ dryRun }: VoiceCalls["Service"]) => dryRun({ ...rest, provider: "revring", metadata }))
    // @ts-expect-error one of the two does not store it
    use(({ place }: VoiceCalls["Service"], provider: "revox" | "revring") => place({ ...rest, provider, metadata }))
    // @ts-expect-error a stored agent only
    use(({ place }: VoiceCalls["Service"]) => place({ ...rest, provider: "revring", agent: { inline } }))
    const { from: _from, ...fromless } = rest
    // It may come with a named agent: whether it is there is found when the order is placed.
    use(({ place }: VoiceCalls["Service"]) => place({ ...fromless, provider: "vapi" }))
    // @ts-expect-error a word that no order has
    use(({ place }: VoiceCalls["Service"]) => place({ ...rest, provider: "revox", metdata: metadata }))
  })

  it("that a route may give to several is taken", () => {
    use(({ place }: VoiceCalls["Service"], order: RoutedOrderFor<"revox" | "revring">) => [
      place(order),
      place({ ...order, route: "main" })
    ])
  })

  it("of several providers says what all of them take", () => {
    expectTypeOf<OrderFor<"revox">>().toExtend<PlaceCallInput>()
    expectTypeOf<OrderFor<"revox">["metadata"]>().toEqualTypeOf<PlaceCallInput["metadata"]>()
    expectTypeOf<OrderFor<"revox" | "vapi">["metadata"]>().toEqualTypeOf<PlaceCallInput["metadata"]>()
    expectTypeOf<OrderFor<"revox" | "vapi">["concurrency"]>().toEqualTypeOf<undefined>()
    expectTypeOf<OrderFor<"revox" | "revring">["metadata"]>().toEqualTypeOf<undefined>()
    expectTypeOf<OrderFor<"revox" | "revring">["from"]>().toEqualTypeOf<string | undefined>()
    expectTypeOf<OrderFor<"revox">["from"]>().toEqualTypeOf<string | undefined>()
    expectTypeOf<OrderFor["metadata"]>().toEqualTypeOf<PlaceCallInput["metadata"]>()
    use({ ...rest, variables: { name: "Ada" } } satisfies OrderFor<"revox" | "revring" | "vapi">)
    use({ to: "+12025550100", agent: {}, reference: "r" } satisfies OrderFor<"numberless-in-tests">)
    // @ts-expect-error there is no number to call from
    use(rest satisfies OrderFor<"numberless-in-tests">)
    const { from: _from, ...numberless } = rest
    // @ts-expect-error it redials by itself, however it likes
    use({ ...numberless, retry: { maxAttempts: 1 } } satisfies OrderFor<"numberless-in-tests">)
    // @ts-expect-error whose provider is known has no route
    use({ ...rest, route: "main" } satisfies OrderFor<"revox">)
    // @ts-expect-error no source says that it can
    use({ ...numberless, scheduledAt: new Date(0) } satisfies OrderFor<"numberless-in-tests">)
  })
})

/** Each asks for one thing. */
const orders = {
  once: { ...rest, retry: { maxAttempts: 1 } },
  often: { ...rest, retry: { maxAttempts: 2 } },
  stored: { ...rest, metadata },
  later: { ...rest, scheduledAt: "2026-03-02T16:00:00Z" },
  defined: { ...rest, agent: { inline } },
  capped: { ...rest, concurrency: { key: "spring" } },
  filled: { ...rest, variables: { name: "Ada" } }
} as const

/** What the compiler says of each order at a provider. */
type Taken<Provider extends string> = {
  readonly [Name in keyof typeof orders]: (typeof orders)[Name] extends OrderFor<Provider> ? true : false
}

const revox: Taken<"revox"> = {
  once: true,
  often: true,
  stored: true,
  later: true,
  defined: true,
  capped: true,
  filled: true
}
const revring: Taken<"revring"> = {
  once: true,
  often: false,
  stored: false,
  later: false,
  defined: false,
  capped: false,
  filled: true
}
const vapi: Taken<"vapi"> = {
  once: true,
  often: false,
  stored: true,
  later: true,
  defined: true,
  capped: false,
  filled: true
}

describe("what compiles", () => {
  it.each([
    ["revox", Revox.capabilities, revox],
    ["revring", RevRing.capabilities, revring],
    ["vapi", Vapi.capabilities, vapi]
  ] as const)("is what placing takes: %s", (_, capabilities, expected) => {
    const taken = Object.entries(orders).map(([name, order]) => {
      const parsed = Result.getOrThrow(parsePlaceCall(order))
      return [name, unmet(parsed, capabilities).length === 0]
    })
    expect(Object.fromEntries(taken)).toEqual(expected)
  })
})
