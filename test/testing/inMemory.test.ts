/** The provider in memory, as somebody's own tests use it. What it shares with real ones is in test/contract/live.test.ts. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { layerMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { VoiceCalls } from "../../src/calls/VoiceCalls.ts"
import { parsePlaceCall, type PlaceCallInput } from "../../src/domain/PlaceCall.ts"
import {
  Forbidden,
  InvalidRequest,
  NetworkError,
  NotFound,
  PlacementUncertain,
  ProviderUnavailable,
  RateLimited,
  TimedOut,
  Unauthorized
} from "../../src/provider/CallError.ts"
import { type InMemoryProvider, makeInMemoryProvider, stories } from "../../src/testing/index.ts"

const START = Date.parse("2026-03-02T15:00:00.000Z")

const HUMAN = "00"
const BUSY = "20"
const RETRIED = "42"
const QUEUED_FOREVER = "62"

const order = (digits: string, more: Partial<PlaceCallInput> = {}): PlaceCallInput => ({
  to: `+120255501${digits}`,
  agent: { id: "agent-1" },
  reference: `lead-${digits}`,
  ...more
})

/** The program under test is given the service over the provider, and nothing else. */
const using = <A, E>(memory: InMemoryProvider, program: Effect.Effect<A, E, VoiceCalls>) =>
  Effect.andThen(TestClock.setTime(START), program).pipe(
    Effect.provide(VoiceCalls.layer([Effect.succeed(memory)]).pipe(Layer.provide(Layer.fresh(layerMemoryJournal))))
  )

const placing = (digits: string, more?: Partial<PlaceCallInput>) =>
  Effect.gen(function* () {
    const { place } = yield* VoiceCalls
    const placed = yield* place(order(digits, more))
    if (placed.state !== "accepted") throw new Error(placed.state)
    return placed.call
  })

const readAfter = (time: Parameters<typeof TestClock.adjust>[0], digits: string, more?: Partial<PlaceCallInput>) =>
  Effect.gen(function* () {
    const { get } = yield* VoiceCalls
    const call = yield* placing(digits, more)
    yield* TestClock.adjust(time)
    return yield* get(call)
  })

describe("its agents and numbers", () => {
  it.effect("are those it was given, and fail when it is told to", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider({ agents: [{ id: "agent-7", name: "Ada" }], numbers: [] })
      memory.setFailure("numbers", { reason: new Forbidden({ status: 403 }), times: 1 })
      const program = Effect.gen(function* () {
        const { agents, numbers } = yield* VoiceCalls
        const refused = yield* Effect.flip(Stream.runCollect(numbers()))
        return { agents: yield* Stream.runCollect(agents()), refused, numbers: yield* Stream.runCollect(numbers()) }
      })
      const found = yield* using(memory, program)
      expect(found.agents).toEqual([{ kind: "agent", provider: "memory", id: "agent-7", name: "Ada" }])
      expect(found.refused).toMatchObject({ operation: "numbers", reason: { _tag: "Forbidden" } })
      expect(found.numbers).toEqual([])
      expect(memory.asked).toEqual(["numbers", "agents", "numbers"])
    })
  )
})

describe("what was asked of it", () => {
  it.effect("is kept: orders as they were placed", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider()
      const calls = yield* using(
        memory,
        Effect.gen(function* () {
          const one = yield* placing(HUMAN, { variables: { first_name: "Ada" } })
          yield* TestClock.adjust("1 minute")
          const two = yield* placing(QUEUED_FOREVER)
          yield* (yield* VoiceCalls).cancel(two)
          return [one, two]
        })
      )
      expect(memory.placed.map(({ id }) => id)).toEqual(calls.map(({ id }) => id))
      expect(memory.placed).toMatchObject([
        {
          order: { to: "+12025550100", reference: `lead-${HUMAN}`, variables: { first_name: "Ada" } },
          placedAt: START,
          canceledAt: undefined
        },
        { order: { reference: `lead-${QUEUED_FOREVER}` }, placedAt: START + 60_000, canceledAt: START + 60_000 }
      ])
    })
  )

  it.effect("is kept: operations in their order, whether or not they failed", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider({ failures: { check: { reason: new Forbidden({}) } } })
      yield* using(
        memory,
        Effect.gen(function* () {
          const calls = yield* VoiceCalls
          const call = yield* placing(HUMAN)
          yield* calls.get(call)
          yield* Effect.ignore(calls.check("memory"))
          yield* Stream.runDrain(calls.list())
        })
      )
      expect(memory.asked).toEqual(["place", "get", "check", "list"])
    })
  )

  it.effect("is kept for each apart", () =>
    Effect.gen(function* () {
      const [one, two] = [makeInMemoryProvider({ id: "one" }), makeInMemoryProvider({ id: "two" })]
      const layer = VoiceCalls.layer([Effect.succeed(one), Effect.succeed(two)]).pipe(
        Layer.provide(Layer.fresh(layerMemoryJournal))
      )
      const placed = yield* Effect.flatMap(VoiceCalls, ({ place }) => place(order(HUMAN, { provider: "two" }))).pipe(
        Effect.provide(layer)
      )
      expect(placed).toMatchObject({ call: { provider: "two" } })
      expect([one.placed.length, two.placed.length]).toEqual([0, 1])
    })
  )
})

describe("a failure", () => {
  const place = (memory: InMemoryProvider) =>
    using(
      memory,
      Effect.flatMap(VoiceCalls, ({ place }) => place(order(HUMAN)))
    )

  it.effect("happens as often as it was told to", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider()
      memory.setFailure("get", { reason: new ProviderUnavailable({ status: 503 }), times: 2 })
      const outcomes = yield* using(
        memory,
        Effect.gen(function* () {
          const { get } = yield* VoiceCalls
          const call = yield* placing(HUMAN)
          const got = get(call).pipe(
            Effect.match({ onSuccess: ({ status }) => status, onFailure: ({ reason }) => reason._tag })
          )
          return yield* Effect.all([got, got, got])
        })
      )
      expect(outcomes).toEqual(["ProviderUnavailable", "ProviderUnavailable", "queued"])
    })
  )

  it.effect("lasts until it is taken back", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider({ failures: { check: { reason: new Unauthorized({ status: 401 }) } } })
      const check = using(
        memory,
        Effect.flatMap(VoiceCalls, ({ check }) => check("memory"))
      )
      for (let count = 0; count < 3; count++) expect((yield* Effect.flip(check)).reason._tag).toBe("Unauthorized")
      memory.setFailure("check", undefined)
      expect(yield* check).toEqual({ providerTime: "2026-03-02T15:00:00.000Z" })
    })
  )

  it.effect("of placing is a refusal where nothing was placed for certain", () =>
    Effect.gen(function* () {
      for (const reason of [
        new InvalidRequest({ status: 422 }),
        new Unauthorized({}),
        new NotFound({}),
        new RateLimited({ retryAfter: 3 }),
        new NetworkError({ sent: "no" })
      ]) {
        const memory = makeInMemoryProvider({ failures: { place: { reason } } })
        expect(yield* Effect.flip(place(memory))).toMatchObject({ reason: { _tag: reason._tag } })
        expect(memory.placed).toEqual([])
      }
    })
  )

  it.effect("of placing leaves it uncertain anywhere else, placed or not", () =>
    Effect.gen(function* () {
      for (const reason of [
        new TimedOut({}),
        new NetworkError({ sent: "maybe" }),
        new ProviderUnavailable({}),
        new InvalidRequest({ status: 409 })
      ]) {
        for (const accepted of [true, false]) {
          const memory = makeInMemoryProvider({ failures: { place: { reason, accepted } } })
          expect(yield* place(memory)).toMatchObject({ state: "uncertain", because: reason._tag })
          expect(memory.placed).toHaveLength(accepted ? 1 : 0)
        }
      }
      const told = makeInMemoryProvider({
        failures: { place: { reason: new PlacementUncertain({ because: "Other" }) } }
      })
      expect(yield* place(told)).toMatchObject({ state: "uncertain", because: "Other" })
    })
  )

  it.effect("of canceling may come after it was done", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider({
        failures: { cancel: { reason: new ProviderUnavailable({}), accepted: true } }
      })
      const error = yield* using(
        memory,
        Effect.gen(function* () {
          const { cancel } = yield* VoiceCalls
          return yield* Effect.flip(cancel(yield* placing(QUEUED_FOREVER)))
        })
      )
      expect(error.reason._tag).toBe("ProviderUnavailable")
      expect(memory.placed[0]?.canceledAt).toBe(START)
    })
  )

  it.effect("of placing a number whose story is refusal needs no telling", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider()
      const error = yield* Effect.flip(using(memory, placing("80")))
      expect(error).toMatchObject({ reason: { _tag: "InvalidRequest" } })
      expect(memory.placed).toEqual([])
    })
  )
})

describe("what it can do", () => {
  it.effect("is what it is told: the rest is Unsupported", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider({
        capabilities: { cancel: "no", metadata: "no", listFilters: ["status"], list: "documented" }
      })
      const reasons = yield* using(
        memory,
        Effect.gen(function* () {
          const { place, cancel, list } = yield* VoiceCalls
          const call = yield* placing(HUMAN)
          return [
            yield* Effect.flip(place(order(BUSY, { metadata: { campaign: "spring" } }))),
            yield* Effect.flip(cancel(call)),
            yield* Effect.flip(Stream.runDrain(list({ agentId: "agent-1" })))
          ]
        })
      )
      expect(reasons).toMatchObject([
        { reason: { _tag: "Unsupported", capability: "metadata", field: "metadata" } },
        { reason: { _tag: "Unsupported", capability: "cancel" } },
        { reason: { _tag: "Unsupported", capability: "listFilters", field: "agentId" } }
      ])
      expect(memory.asked).toEqual(["place"])
    })
  )

  it.effect("shows in its records", () =>
    Effect.gen(function* () {
      const able = yield* using(makeInMemoryProvider(), readAfter("1 hour", HUMAN))
      expect(able).toMatchObject({
        enriched: { transcript: true, recording: true, outcome: true },
        outcome: "interested",
        summary: expect.any(String),
        attempts: [{ extracted: expect.anything(), answeredBy: { value: "human", certainty: "stated" } }]
      })
      const no = { outcome: "no", transcript: "no", recording: "no", summary: "no", extraction: "no" } as const
      const unable = yield* using(
        makeInMemoryProvider({ capabilities: { ...no, answeredBy: "no" } }),
        readAfter("1 hour", HUMAN)
      )
      expect(unable.enriched).toEqual({ transcript: false, recording: false, outcome: false })
      expect(unable).not.toHaveProperty("summary")
      expect(unable.attempts[0]).not.toHaveProperty("extracted")
      expect(unable.attempts[0]).not.toHaveProperty("answeredBy")
    })
  )

  it("has no options of its own", () => {
    const input = { ...order(HUMAN), providerOptions: { memory: { speed: 3 }, another: { speed: 3 } } }
    const read = Result.getOrThrow(parsePlaceCall(input))
    expect(Result.getOrThrow(Result.flip(makeInMemoryProvider().request(read)))).toMatchObject({
      _tag: "InvalidRequest",
      field: "providerOptions.memory.speed"
    })
  })
})

describe("references that are", () => {
  const REFERENCE = `lead-${HUMAN}`

  /** Which of its answers tell the reference, in whatever field. */
  const tellers = (references: "told" | "read" | "none") =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider({ list: { references } })
      const call = yield* using(memory, placing(HUMAN, { metadata: { lead: REFERENCE } }))
      const answers = {
        list: yield* Stream.runCollect(memory.list({})),
        get: yield* memory.get(call.id),
        getMany: (yield* memory.getMany([call.id], "whole")).orders
      }
      return Object.entries(answers).flatMap(([name, facts]) =>
        JSON.stringify(facts).includes(REFERENCE) ? [name] : []
      )
    })

  it.effect.each([
    ["told", ["list", "get", "getMany"]],
    ["read", ["get", "getMany"]],
    ["none", []]
  ] as const)("%s stand in %j", ([references, expected]) =>
    Effect.map(tellers(references), (found) => expect(found).toEqual(expected))
  )
})

describe("a call", () => {
  it.effect("is over when its story is, by the clock", () =>
    Effect.gen(function* () {
      const statuses = yield* using(
        makeInMemoryProvider(),
        Effect.gen(function* () {
          const { get } = yield* VoiceCalls
          const call = yield* placing(HUMAN)
          const seen: Array<string> = []
          for (const seconds of [0, 3, 6, 40, 1]) {
            yield* TestClock.adjust(`${seconds} seconds`)
            const { status, attempts } = yield* get(call)
            seen.push(`${status} ${attempts[0]?.status ?? "undialled"}`)
          }
          return seen
        })
      )
      expect(statuses).toEqual([
        "queued undialled",
        "in_progress dialing",
        "in_progress in_progress",
        "in_progress in_progress",
        "completed ended"
      ])
    })
  )

  it.effect("is dialled as often as its order allows", () =>
    Effect.gen(function* () {
      const attemptsOf = (memory: InMemoryProvider, more?: Partial<PlaceCallInput>) =>
        Effect.map(using(memory, readAfter("10 days", RETRIED, more)), ({ attempts }) => attempts.length)
      expect(yield* attemptsOf(makeInMemoryProvider())).toBe(3)
      expect(yield* attemptsOf(makeInMemoryProvider(), { retry: { maxAttempts: 2 } })).toBe(2)
      expect(yield* attemptsOf(makeInMemoryProvider({ capabilities: { retries: "no" } }))).toBe(1)
      expect(yield* attemptsOf(makeInMemoryProvider({ capabilities: { retries: "automatic" } }))).toBe(3)
    })
  )

  it.effect("waits for its time", () =>
    Effect.gen(function* () {
      const read = (time: Parameters<typeof TestClock.adjust>[0]) =>
        using(makeInMemoryProvider(), readAfter(time, HUMAN, { scheduledAt: "2026-03-02T16:00:00Z" }))
      expect(yield* read("59 minutes")).toMatchObject({
        status: "scheduled",
        scheduledAt: "2026-03-02T16:00:00.000Z"
      })
      expect(yield* read("2 hours")).toMatchObject({ status: "completed" })
    })
  )

  it.effect("waits for a line where its order says how many there are", () =>
    Effect.gen(function* () {
      const statuses = yield* using(
        makeInMemoryProvider(),
        Effect.gen(function* () {
          const { get } = yield* VoiceCalls
          const concurrency = { key: "spring", max: 1 }
          const one = yield* placing(HUMAN, { concurrency })
          const two = yield* placing(BUSY, { concurrency })
          yield* TestClock.adjust("20 seconds")
          return [(yield* get(one)).status, (yield* get(two)).status]
        })
      )
      expect(statuses).toEqual(["in_progress", "queued"])
    })
  )

  it.effect("of every story can be waited for, or is not over", () =>
    Effect.gen(function* () {
      for (const story of stories) {
        const { ending } = story
        if (ending === undefined) continue
        const { status, reach } = yield* using(makeInMemoryProvider(), readAfter("30 days", story.digits))
        expect([story.name, status, reach.value]).toEqual([story.name, ending.status, ending.reach])
      }
    })
  )
})
