import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as Revox from "../../adapters/revox/index.ts"
import { makeRevoxTwin } from "../../adapters/revox/Twin.ts"
import { layerMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { VoiceCalls } from "../../src/calls/VoiceCalls.ts"
import { type CallError, parseCallRef } from "../../src/provider/CallError.ts"
import { layerTwins } from "../../src/twin/inProcess.ts"

const baseUrl = "http://127.0.0.1/v1"

const layer = VoiceCalls.layer([Revox.make({ apiKey: Redacted.make("twin-key"), baseUrl })], {
  poll: { first: "1 millis", longest: "1 millis" }
}).pipe(Layer.provide(layerMemoryJournal), Layer.provide(layerTwins([{ twin: makeRevoxTwin(), baseUrl }])))

const call = parseCallRef("revox:gone")!

const reasonOf = <A>(asking: Effect.Effect<A, CallError, VoiceCalls>) =>
  Effect.map(Effect.flip(asking), (error) => ({ reason: error.reason, message: error.message }))

it.live.each(["get", "cancel", "awaitEnd", "watch"] as const)(
  "names a call that the provider does not know, with what to look at: %s",
  (operation) =>
    Effect.gen(function* () {
      const calls = yield* VoiceCalls
      const wait = { deadline: "1 minute" } as const
      const asked = {
        get: () => calls.get(call),
        cancel: () => calls.cancel(call),
        awaitEnd: () => calls.awaitEnd(call, wait),
        watch: () => Stream.runDrain(calls.watch(call, wait))
      } as const
      const { reason, message } = yield* reasonOf<unknown>(asked[operation]())
      expect(reason).toMatchObject({ _tag: "NotFound", call: "revox:gone" })
      expect(message).toContain("the provider does not know revox:gone")
      expect(message).toContain(": was it placed with another key or another base URL, or deleted?")
    }).pipe(Effect.provide(layer))
)
