/** The provider's clock against ours: what is measured with an answer, and what of it stands when our clock is set. */
import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as Revox from "../../adapters/revox/index.ts"
import * as RevRing from "../../adapters/revring/index.ts"
import { OrderId } from "../../src/domain/Identifiers.ts"
import { parsePlaceCall } from "../../src/domain/PlaceCall.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import { httpDateMillis } from "../../src/provider/http/httpTime.ts"
import { retryAfterSeconds } from "../../src/provider/http/httpTime.ts"

const START = Date.parse("2026-03-02T15:00:00.000Z")
const HOUR = 3_600_000
const apiKey = Redacted.make("key-of-clocks")
const ID = OrderId.make("order-1")
const ORDER = Result.getOrThrow(
  parsePlaceCall({ to: "+12025550101", from: "+12025550100", agent: { id: "agent-1" }, reference: "lead-1" })
)

const makers = {
  revox: Revox.make({ apiKey, baseUrl: "http://127.0.0.1:4014" }),
  revring: RevRing.make({ apiKey, baseUrl: "http://127.0.0.1:4014" })
} as const

/** A server whose clock is `ahead` milliseconds from the time of the test, and our own clocks, which can be set. */
const open = Effect.fnUntraced(function* (name: keyof typeof makers = "revox") {
  yield* TestClock.setTime(START)
  const clock = yield* Clock.Clock
  const state = {
    ahead: 0,
    status: 404,
    headers: (now: number): Record<string, string> => ({ date: new Date(now).toUTCString() }),
    /** Milliseconds before and after the server looks at its clock. */
    takes: [0, 0] as readonly [number, number],
    /** Our wall clock against the time of the test. */
    wall: 0,
    /** Time that our monotonic clock did not count. */
    asleep: 0,
    meanwhile: (): void => undefined
  }
  const wall = () => clock.currentTimeMillisUnsafe() + state.wall
  const nanos = () => clock.monotonicTimeNanosUnsafe() - BigInt(state.asleep) * 1_000_000n
  const ours: Clock.Clock = {
    ...clock,
    currentTimeMillisUnsafe: wall,
    currentTimeMillis: Effect.sync(wall),
    monotonicTimeNanosUnsafe: nanos,
    monotonicTimeNanos: Effect.sync(nanos)
  }
  const client = HttpClient.make((request) =>
    Effect.gen(function* () {
      yield* Effect.sleep(Duration.millis(state.takes[0]))
      const headers = state.headers(clock.currentTimeMillisUnsafe() + state.ahead)
      state.meanwhile()
      yield* Effect.sleep(Duration.millis(state.takes[1]))
      return HttpClientResponse.fromWeb(request, new Response("{}", { status: state.status, headers }))
    })
  )
  const provider = yield* makers[name].pipe(Effect.provideService(HttpClient.HttpClient, client))
  const asking = (ask: Effect.Effect<unknown, unknown> = provider.get(ID)) =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(Effect.ignore(ask))
      yield* TestClock.adjust("3 minutes")
      yield* Fiber.join(fiber)
    }).pipe(Effect.provideService(Clock.Clock, ours))
  const told = Effect.provideService(provider.clock ?? Effect.undefined, Clock.Clock, ours)
  return { state, provider, asking, told }
})

describe("the distance of the clocks", () => {
  it.effect("is not known before the first answer", () =>
    Effect.gen(function* () {
      for (const name of ["revox", "revring"] as const) {
        const { told } = yield* open(name)
        expect(yield* told).toBeUndefined()
      }
    })
  )

  it.effect("is measured by every operation, whatever it is answered", () =>
    Effect.gen(function* () {
      const operations = (provider: CallProvider): ReadonlyArray<Effect.Effect<unknown, unknown>> => [
        Effect.flatMap(Effect.fromResult(provider.request(ORDER)), provider.place),
        provider.get(ID),
        provider.getMany([ID], "state"),
        Stream.runDrain(provider.list({})),
        provider.cancel(ID),
        provider.check
      ]
      for (const name of ["revox", "revring"] as const) {
        for (const status of [200, 401, 404, 422, 429, 500, 503]) {
          for (const index of Array.from({ length: 6 }).keys()) {
            const { state, provider, asking, told } = yield* open(name)
            Object.assign(state, { ahead: 7 * 60_000, status })
            yield* asking(operations(provider)[index])
            const offset = yield* told
            expect([name, status, index, offset !== undefined]).toEqual([name, status, index, true])
            expect(Math.abs((offset?.offsetMillis ?? 0) - 7 * 60_000)).toBeLessThanOrEqual(offset?.doubtMillis ?? 0)
          }
        }
      }
    })
  )

  it.effect("is right within its doubt: a whole second of the header, and half of the way there and back", () =>
    Effect.gen(function* () {
      for (const ahead of [0, 1, 499, 999, -1, -250, 86_400_000, -HOUR]) {
        for (const takes of [
          [0, 0],
          [800, 100],
          [0, 4000],
          [4000, 0],
          [12_345, 1]
        ] as const) {
          const { state, asking, told } = yield* open()
          Object.assign(state, { ahead, takes })
          yield* asking()
          const { offsetMillis = 0, doubtMillis = 0 } = (yield* told) ?? {}
          expect(doubtMillis).toBe(Math.ceil((takes[0] + takes[1]) / 2 + 1000))
          expect(Math.abs(offsetMillis - ahead)).toBeLessThanOrEqual(doubtMillis)
        }
      }
    })
  )

  it.effect("is that of the newest answer", () =>
    Effect.gen(function* () {
      const { state, asking, told } = yield* open()
      state.ahead = HOUR
      yield* asking()
      state.ahead = -HOUR
      yield* asking()
      expect((yield* told)?.offsetMillis).toBeLessThan(-HOUR + 1500)
    })
  )

  it.effect("stays as it was after an answer that tells no time", () =>
    Effect.gen(function* () {
      const { state, asking, told } = yield* open()
      state.ahead = HOUR
      yield* asking()
      const before = yield* told
      const without: ReadonlyArray<Record<string, string>> = [
        {},
        { date: "" },
        { date: "now" },
        { date: "2026-03-02T15:00:00Z" },
        { date: "Thu, 01 Jan 1970 00:00:10 GMT" },
        { date: "Fri, 31 Dec 9999 23:59:59 GMT" },
        { date: "Mon, 99 Foo 2026 15:00:00 GMT" },
        { date: "Mon, 02 Mar 2026 15:00:00 GMT", age: "7200" }
      ]
      let ago = before?.measuredMillisAgo ?? 0
      for (const headers of without) {
        state.headers = () => headers
        yield* asking()
        const now = yield* told
        const measuredMillisAgo = now?.measuredMillisAgo ?? 0
        expect(measuredMillisAgo).toBeGreaterThan(ago)
        expect([headers, now]).toEqual([headers, { ...before, measuredMillisAgo }])
        ago = measuredMillisAgo
      }
    })
  )
})

describe("our clock, set after it was measured,", () => {
  it.effect("back: the distance grows by as much", () =>
    Effect.gen(function* () {
      const { state, asking, told } = yield* open()
      yield* asking()
      const before = yield* told
      state.wall = -HOUR
      expect(yield* told).toEqual({
        offsetMillis: (before?.offsetMillis ?? 0) + HOUR,
        doubtMillis: before?.doubtMillis,
        measuredMillisAgo: before?.measuredMillisAgo
      })
      yield* asking()
      expect(Math.abs(((yield* told)?.offsetMillis ?? 0) - HOUR)).toBeLessThanOrEqual(1000)
    })
  )

  it.effect("ahead, or right again after a sleep that was not counted: both lie within the doubt", () =>
    Effect.gen(function* () {
      for (const [change, truth] of [
        [{ wall: HOUR }, -HOUR],
        [{ asleep: HOUR }, 0]
      ] as const) {
        const { state, asking, told } = yield* open()
        yield* asking()
        Object.assign(state, change)
        const { offsetMillis = 0, doubtMillis = 0 } = (yield* told) ?? {}
        expect(Math.abs(offsetMillis - truth)).toBeLessThanOrEqual(doubtMillis)
        yield* asking()
        const after = (yield* told) ?? { offsetMillis: 0, doubtMillis: 0 }
        expect(Math.abs(after.offsetMillis - truth)).toBeLessThanOrEqual(1000)
        expect(after.doubtMillis).toBe(1000)
      }
    })
  )

  it.effect("or set while the answer was under way, or after a sleep meanwhile: the truth lies within the doubt", () =>
    Effect.gen(function* () {
      const cases = [
        { change: { wall: HOUR }, truth: -HOUR, doubt: HOUR / 2 + 1500 },
        { change: { wall: -HOUR }, truth: HOUR, doubt: 1500 },
        { change: { asleep: 20_000 }, truth: 0, doubt: 10_750 + 1000 }
      ]
      for (const { change, truth, doubt } of cases) {
        const { state, asking, told } = yield* open()
        state.takes = [500, "asleep" in change ? 21_000 : 500]
        state.meanwhile = () => void Object.assign(state, change)
        yield* asking()
        const { offsetMillis = 0, doubtMillis = 0 } = (yield* told) ?? {}
        expect(Math.abs(offsetMillis - truth)).toBeLessThanOrEqual(doubtMillis)
        expect(doubtMillis).toBe(doubt)
      }
    })
  )
})

describe("a date of HTTP", () => {
  it.each([
    ["Mon, 02 Mar 2026 15:00:00 GMT", START],
    ["  Mon, 02 Mar 2026 15:00:00 GMT ", START],
    ["Monday, 02-Mar-26 15:00:00 GMT", START],
    // Without a zone it would be read as local time.
    ["Mon Mar  2 15:00:00 2026", undefined],
    ["Mon, 02 Mar 2026 15:00:00 +0100", undefined],
    ["2026-03-02T15:00:00Z", undefined],
    ["", undefined],
    [undefined, undefined]
  ])("%s is %s", (text, millis) => {
    expect(httpDateMillis(text)).toBe(millis)
  })

  it("as the moment to ask again is by the clock that the answer tells", () => {
    const headers = { "retry-after": "Mon, 02 Mar 2026 15:00:30 GMT", date: "Mon, 02 Mar 2026 15:00:10 GMT" }
    expect(retryAfterSeconds(headers, START + HOUR)).toBe(20)
  })
})
