import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as Revox from "../../adapters/revox/index.ts"
import { makeRevoxTwin } from "../../adapters/revox/Twin.ts"
import { layerMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { VoiceCalls } from "../../src/calls/VoiceCalls.ts"
import { layerTwins } from "../../src/testing/index.ts"

const baseUrl = "http://127.0.0.1/api"

const enriched = Effect.fnUntraced(function* (digits: string) {
  const { place, awaitEnd } = yield* VoiceCalls
  const placed = yield* place({ to: `+120255501${digits}`, agent: { id: "agent" }, reference: `lead-${digits}` })
  if (placed.state !== "accepted") return yield* Effect.die(new Error(`not accepted: ${digits}`))
  const end = yield* Effect.forkChild(awaitEnd(placed.call, { until: "enriched", deadline: "10 hours" }))
  yield* TestClock.adjust("9 hours")
  return yield* Fiber.join(end)
})

const calls = () =>
  VoiceCalls.layer([Revox.make({ apiKey: Redacted.make("twin-key"), baseUrl })]).pipe(
    Layer.provide(layerMemoryJournal),
    Layer.provide(layerTwins([{ twin: makeRevoxTwin(), baseUrl }]))
  )

describe("waiting until a call is enriched", () => {
  it.effect.each([
    ["a mailbox", "10", "voicemail"],
    ["a telephone menu", "11", "ivr"],
    ["a call screening", "12", "call_screening"],
    ["silence", "14", "answered"]
  ] as const)("ends for %s, of which no outcome comes, with transcript and recording", ([, digits, reach]) =>
    Effect.gen(function* () {
      const order = yield* enriched(digits)
      expect(order.reach.value).toBe(reach)
      expect(order.enriched).toEqual({ transcript: true, recording: true, outcome: false })
    }).pipe(Effect.provide(calls()))
  )

  it.effect.each([
    ["a person", "03"],
    ["a person who is transferred", "04"]
  ] as const)("waits for the outcome of %s", ([, digits]) =>
    Effect.gen(function* () {
      const order = yield* enriched(digits)
      expect(order.reach.value).toBe("human")
      expect(order.enriched).toEqual({ transcript: true, recording: true, outcome: true })
    }).pipe(Effect.provide(calls()))
  )
})
