/** Providers in memory behind a configuration, for tests of routes. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as TestClock from "effect/testing/TestClock"
import { readyAt } from "../../src/calls/prepare.ts"
import type { Router, RoutingContext } from "../../src/calls/Router.ts"
import { makeMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { VoiceCalls } from "../../src/calls/VoiceCalls.ts"
import type { Instant } from "../../src/domain/Instant.ts"
import { parsePlaceCall, type PlaceCallInput } from "../../src/domain/PlaceCall.ts"
import type { Capabilities } from "../../src/provider/Capabilities.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import type { ConfigurationInput } from "../../src/routes/Configuration.ts"
import { makeRouter } from "../../src/routes/makeRouter.ts"
import { makeInMemoryProvider } from "../../src/testing/index.ts"

export const START = Date.parse("2026-03-02T15:00:00.000Z")
export const at = (iso: string): Instant => Result.getOrThrow(Result.fromNullishOr(parseAt(iso), () => "no instant"))

const parseAt = (iso: string): Instant | undefined => {
  const parsed = parsePlaceCall({ to: "+12025550100", agent: {}, reference: "r", scheduledAt: iso })
  return Result.isSuccess(parsed) ? parsed.success.scheduledAt : undefined
}

/** `memory`, and two more; what each can do may differ. */
export const provider = (id: string, capabilities: Partial<Capabilities> = {}) =>
  makeInMemoryProvider({ id, capabilities })

export const order: PlaceCallInput = { to: "+12025550100", agent: { id: "agent-1" }, reference: "lead-1" }

export const routerOf = (configuration: ConfigurationInput, ...providers: ReadonlyArray<CallProvider>): Router =>
  Result.getOrThrow(makeRouter(configuration)(providers, readyAt))

export const decide = (router: Router, more: object = {}, context: Partial<RoutingContext> = {}) =>
  Result.flatMap(parsePlaceCall({ ...order, ...more }), (parsed) =>
    router.route(parsed, { at: at("2026-03-02T15:00:00Z"), ...context })
  )

/** The service over the providers, and its journal. */
export const routed = Effect.fnUntraced(function* (
  configuration: ConfigurationInput,
  ...providers: ReadonlyArray<CallProvider>
) {
  yield* TestClock.setTime(START)
  const journal = yield* makeMemoryJournal
  return { journal, calls: yield* serviceOver(journal, configuration, ...providers) }
})

export const serviceOver = (
  journal: PlacementJournal["Service"],
  configuration: ConfigurationInput,
  ...providers: ReadonlyArray<CallProvider>
) =>
  Effect.map(
    Layer.build(
      Layer.fresh(
        VoiceCalls.layer(
          providers.map((each) => Effect.succeed(each)),
          { router: makeRouter(configuration) }
        )
      ).pipe(Layer.provide(Layer.succeed(PlacementJournal)(journal)))
    ),
    (context) => Context.get(context, VoiceCalls)
  )
