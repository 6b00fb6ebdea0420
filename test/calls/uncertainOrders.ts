/** An order whose placing fails in one way or another, and services over one journal that place it. */
import type * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { type SettleOptions, VoiceCalls, type VoiceCallsOptions } from "../../src/calls/VoiceCalls.ts"
import { OrderId } from "../../src/domain/Identifiers.ts"
import { InvalidRequest, NetworkError, TimedOut } from "../../src/provider/CallError.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import { type InMemoryProvider, makeInMemoryProvider, type MemoryList } from "../../src/testing/index.ts"

export const START = Date.parse("2026-03-02T15:00:00.000Z")
export const REFERENCE = "lead-1"
export const order = { to: "+12025550100", agent: { id: "agent-1" }, reference: REFERENCE }

export const lost = { reason: new TimedOut({}), accepted: true, times: 1 }
export const dropped = { reason: new TimedOut({}), times: 1 }

/** What is listed by the provider in memory is enough to call an order absent. */
export const LISTED: SettleOptions = {
  policies: { memory: { absent: "listed", confirmedAt: "2026-03-02T14:00:00Z" } }
}

/** A provider whose list tells references. */
export const memoryWith = (list?: MemoryList): InMemoryProvider =>
  makeInMemoryProvider({
    capabilities: { listFilters: ["status", "created", "agent", "number"] },
    ...(list === undefined ? {} : { list })
  })

/** It takes an order a minute after it was asked. */
export const slowly = (provider: CallProvider): CallProvider => ({
  ...provider,
  place: (request) => Effect.andThen(Effect.sleep("1 minute"), provider.place(request))
})

/** The id of one of the orders that it has, in the order in which it took them. */
export const idOf = ({ placed }: InMemoryProvider, index: number): OrderId => placed[index]?.id ?? OrderId.make("none")

/** Two hours ahead, as the clock of a machine that is wrong. */
export const ahead = (clock: Clock.Clock): Clock.Clock => ({
  ...clock,
  currentTimeMillisUnsafe: () => clock.currentTimeMillisUnsafe() + 7_200_000,
  currentTimeMillis: Effect.map(clock.currentTimeMillis, (now) => now + 7_200_000)
})

/** What becomes of a request to place. */
export const FAILURES = {
  none: undefined,
  lost,
  dropped,
  refused: { reason: new InvalidRequest({ status: 422 }), times: 1 },
  unsent: { reason: new NetworkError({ sent: "no" }), times: 1 }
} as const

/** One step of a random history: what is done, how its request fails, by which service, and how long one waits. */
export type Step = readonly [what: string, failure: keyof typeof FAILURES, who: number, minutes: number]

/** A service over a journal that others may share, as processes do. */
export const serviceOn = (
  journal: PlacementJournal["Service"],
  provider: CallProvider | ReadonlyArray<CallProvider>,
  options: VoiceCallsOptions = {}
) =>
  Effect.map(
    Layer.build(
      Layer.fresh(
        VoiceCalls.layer(
          [provider].flat().map((each) => Effect.succeed(each)),
          options
        )
      ).pipe(Layer.provide(Layer.succeed(PlacementJournal)(journal)))
    ),
    (context) => Context.get(context, VoiceCalls)
  )

/** How many requests to place were sent. */
export const places = (memory: { readonly asked: ReadonlyArray<string> }): number =>
  memory.asked.filter((each) => each === "place").length
