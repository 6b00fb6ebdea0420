/** Live calls over a journal and a feed in memory, as several processes would open them. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import type { CallChange } from "../../src/calls/changes/CallChange.ts"
import { ChangeFeed } from "../../src/calls/changes/ChangeFeed.ts"
import { makeMemoryFeed } from "../../src/calls/changes/MemoryFeed.ts"
import { makeMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { VoiceCalls, type VoiceCallsOptions } from "../../src/calls/VoiceCalls.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"

export const order = { to: "+12025550100", agent: { id: "agent-1" }, reference: "lead-1" }

/** A process that has just begun. */
export const processOn = (
  journal: PlacementJournal["Service"],
  feed: ChangeFeed["Service"],
  provider: CallProvider,
  options: VoiceCallsOptions = {}
) =>
  Effect.map(
    Layer.build(
      Layer.fresh(VoiceCalls.layer([Effect.succeed(provider)], options)).pipe(
        Layer.provide([Layer.succeed(PlacementJournal)(journal), Layer.succeed(ChangeFeed)(feed)])
      )
    ),
    (context) => Context.get(context, VoiceCalls)
  )

/** One without a feed. */
export const bare = (journal: PlacementJournal["Service"], provider: CallProvider) =>
  Effect.map(
    Layer.build(
      Layer.fresh(VoiceCalls.layer([Effect.succeed(provider)])).pipe(
        Layer.provide(Layer.succeed(PlacementJournal)(journal))
      )
    ),
    (context) => Context.get(context, VoiceCalls)
  )

export const opened = Effect.fnUntraced(function* (provider: CallProvider, options: VoiceCallsOptions = {}) {
  const journal = yield* makeMemoryJournal
  const feed = yield* makeMemoryFeed
  return { journal, feed, calls: yield* processOn(journal, feed, provider, options) }
})

export const toldIn = (feed: ChangeFeed["Service"], tenant = "") =>
  Effect.map(feed.read({ tenant, after: 0, limit: 1000 }), ({ changes }) => changes)

export const words = (changes: ReadonlyArray<CallChange>): ReadonlyArray<string> =>
  changes.map(({ change, fields = [] }) => [change, ...fields].join(" "))

/** What there is to consume now. */
export const caughtUp = (calls: VoiceCalls["Service"], consumer: string) =>
  Stream.runCollect(calls.changes({ consumer, follow: false }))
