import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as Revox from "../../adapters/revox/index.ts"
import { makeRevoxTwin } from "../../adapters/revox/Twin.ts"
import * as Vapi from "../../adapters/vapi/index.ts"
import { makeVapiTwin } from "../../adapters/vapi/Twin.ts"
import { layerMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { VoiceCalls } from "../../src/calls/VoiceCalls.ts"
import { layerTwins } from "../../src/testing/index.ts"

const baseUrl = "http://127.0.0.1/api"

const enriched = Effect.fnUntraced(function* (digits: string) {
  const { place, awaitEnd } = yield* VoiceCalls
  const placed = yield* place({
    to: `+120255501${digits}`,
    from: "+12025550177",
    agent: { id: "agent" },
    reference: `lead-${digits}`
  })
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

  const vapiUrl = "http://127.0.0.1/vapi"
  const vapiCalls = () =>
    VoiceCalls.layer([
      Vapi.make({
        apiKey: Redacted.make("twin-key"),
        baseUrl: vapiUrl,
        phoneNumbers: { "+12025550177": "number-7" }
      })
    ]).pipe(Layer.provide(layerMemoryJournal), Layer.provide(layerTwins([{ twin: makeVapiTwin(), baseUrl: vapiUrl }])))

  // Vapi says of these neither that they were answered nor that they were not.
  it.effect.each([
    ["a number that is not allocated", "30", "failed"],
    ["a telephone that is switched off", "22", "not_reached"],
    ["a call that was declined", "23", "not_reached"]
  ] as const)("ends for %s, of which nothing comes", ([, digits, reach]) =>
    Effect.gen(function* () {
      const order = yield* enriched(digits)
      expect(order.reach.value).toBe(reach)
      expect(order.attempts[0]?.answered).toBeUndefined()
      expect(order.enriched).toEqual({ transcript: false, recording: false, outcome: false })
    }).pipe(Effect.provide(vapiCalls()))
  )
})
