/** What the live contract is run on: an adapter, and the place where its requests arrive. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { layerMemoryJournal } from "../calls/MemoryJournal.ts"
import { makeVoiceCalls, type VoiceCalls } from "../calls/VoiceCalls.ts"
import type { OrderFact } from "../domain/Fact.ts"
import type { OrderId } from "../domain/Identifiers.ts"
import type { JsonObject } from "../domain/Json.ts"
import { parsePlaceCall, type PlaceCall, type PlaceCallInput } from "../domain/PlaceCall.ts"
import type { Adapter } from "../provider/Adapter.ts"
import { CallError } from "../provider/CallError.ts"
import type { CallProvider } from "../provider/CallProvider.ts"
import type { StatusRows } from "../provider/http/reason.ts"
import type { FaultRule } from "../twin/fault.ts"
import type { TwinAgent } from "../twin/storedAgents.ts"
import type { Ending, Story } from "../twin/story.ts"

/** A provider that has been opened for one case, and what can be seen and done at its other end. */
export interface LiveSite {
  readonly provider: CallProvider
  /** Requests that have come in, of any kind. */
  readonly requests: () => number
  /** Requests to place an order that have come in, whatever became of them. */
  readonly posts: () => number
  /** Orders that have been taken, whether or not anybody was told. */
  readonly orders: () => ReadonlyArray<{ readonly reference: string | undefined; readonly to: string }>
  /** The agents that are stored there, each with its `id`. Needed where the adapter lists them or sets where their messages go. */
  readonly agents?: () => ReadonlyArray<TwinAgent>
  /** Which requests go wrong from now on, and how; none of the empty list. */
  readonly setFaults: (faults: ReadonlyArray<FaultRule>) => void
  /** What a story comes to at this provider; `undefined` where nothing is placed. */
  readonly endingOf: (story: Story) => Ending | undefined
}

/**
 * An adapter with a simulation of its provider that plays the stories of the twins. Both live in the time of Effect's
 * `Clock`, which the contract moves: no real network.
 */
export interface LiveSubject {
  readonly adapter: Adapter
  /** A provider nobody has asked anything yet, with the key it takes or another one. */
  readonly open: (key: "right" | "wrong") => Effect.Effect<LiveSite, CallError, Scope.Scope>
  /** For an adapter that is made with a key and an address, which are its own unless given. */
  readonly connect?: (options: {
    readonly apiKey: Redacted.Redacted
    readonly baseUrl?: string
  }) => Effect.Effect<CallProvider, CallError>
  /** Values that no error may show, besides those of the orders: the right key. */
  readonly secrets?: ReadonlyArray<string>
  /** The adapter's own rows of the status table: which answers refuse a placement. */
  readonly statuses?: StatusRows
  /** Options of its own (`providerOptions`) that it takes, each by itself: none may be dropped. */
  readonly options?: JsonObject
  /** Who talks, where an agent is not named by just any id. */
  readonly agent?: PlaceCallInput["agent"]
}

export const START = Date.parse("2026-03-02T15:00:00.000Z")

/** A number that rings nowhere and plays the story with these digits. */
export const numberOf = (digits: string): string => `+120255501${digits}`

/** The digits of the story in which a person answers. */
export const HUMAN = "00"

export const FROM = "+12025550177"

/** A text in every order, which no error may show. */
export const MARKED = "Ada-Zanzibar"

/** As little as an order needs at this provider. */
export const orderFor = (
  { adapter, agent = { id: "agent-1" } }: LiveSubject,
  digits: string,
  reference = `reference-${digits}`
): PlaceCallInput => ({
  provider: adapter.id,
  to: numberOf(digits),
  ...(adapter.capabilities.callerNumber === "required" ? { from: FROM } : {}),
  agent,
  reference
})

/** An order as a provider gets it. @throws Error that names the field which is no order's */
export const parsed = (order: unknown): PlaceCall =>
  Result.getOrThrowWith(parsePlaceCall(order), ({ field, expected }) => new Error(`${field}: expected ${expected}`))

/** The service over this provider alone. */
export const serviceOver = (provider: CallProvider): Effect.Effect<VoiceCalls["Service"], CallError, Scope.Scope> =>
  makeVoiceCalls([provider]).pipe(Effect.provide(layerMemoryJournal))

/** Sends the order to the provider once, without the service. */
export const sentTo = (provider: CallProvider, order: PlaceCall): Effect.Effect<OrderFact, CallError> =>
  Effect.flatMap(
    Effect.fromResult(
      Result.mapError(
        provider.request(order),
        (reason) => new CallError({ provider: provider.adapter.providerId, operation: "place", reason })
      )
    ),
    provider.place
  )

/** Everything that the provider can be asked, by its name; about this call where it is about one. */
export const operationsOf = (
  { get, getMany, list, cancel, check, adapter: { capabilities } }: CallProvider,
  place: Effect.Effect<unknown, unknown>,
  id: OrderId
): ReadonlyArray<readonly [name: string, operation: Effect.Effect<unknown, unknown>]> => [
  ["place", place],
  ["get", get(id)],
  ["getMany", getMany([id], "whole")],
  ...(capabilities.list === "no" ? [] : [["list", Stream.runDrain(list({}))] as const]),
  ...(capabilities.cancel === "no" ? [] : [["cancel", cancel(id)] as const]),
  ["check", check]
]

/** Lets web streams proceed, which Effect's clock does not drive. */
const turn = Effect.promise(() => new Promise<void>((resolve) => setTimeout(resolve, 0)))

const LONGEST_SECONDS = 3600

/** Shorter than any time limit, so that no limit passes while an answer that is in time is still on its way. */
const LONGEST_STEP_SECONDS = 8

/** Runs it while time passes, until it is over. */
export const inTime = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(effect)
    let step = 1
    for (let passed = 0; passed < LONGEST_SECONDS && fiber.pollUnsafe() === undefined; passed += step) {
      yield* turn
      if (fiber.pollUnsafe() !== undefined) break
      yield* TestClock.adjust(Duration.seconds(step))
      step = Math.min(step * 2, LONGEST_STEP_SECONDS)
    }
    if (fiber.pollUnsafe() === undefined) {
      yield* Fiber.interrupt(fiber)
      throw new Error(`nothing came of it within ${LONGEST_SECONDS} s`)
    }
    return yield* Fiber.join(fiber)
  })
