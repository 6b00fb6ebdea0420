/** One change until it is dealt with: pauses, what the receiver asks for, giving up, and what is said of it. */
import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Logger from "effect/Logger"
import * as Queue from "effect/Queue"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import { CallChange } from "../../src/calls/changes/CallChange.ts"
import { CallOrder } from "../../src/domain/CallOrder.ts"
import { makeDelivering } from "../../src/outbox/delivery.ts"
import { messageOf } from "../../src/outbox/outboxMessage.ts"

const SECRET = `whsec_${"A".repeat(32)}`
const DAY = 24 * 3600
const START = Date.parse("2026-03-02T15:00:00.000Z")

const change = Schema.decodeUnknownSync(CallChange)({
  kind: "call_change",
  position: 7,
  change: "ended",
  at: "2026-03-02T15:00:00.000Z",
  provider: "acme",
  reference: "lead-7",
  state: "accepted",
  orderId: "order-7",
  status: "completed"
})

const anOrder = Schema.decodeUnknownSync(CallOrder)({
  kind: "call_order",
  provider: "acme",
  id: "order-7",
  to: "+12025550107",
  status: "completed",
  enriched: { transcript: false, recording: false, outcome: false },
  attempts: [],
  reach: { value: "unknown", certainty: "inferred", because: [] },
  native: {}
})

const sum = (seconds: ReadonlyArray<number>): number => seconds.reduce((total, each) => total + each, 0)

/** What is told to the test: a pause, or that it has ended. */
type Event = { readonly pause: number } | { readonly end: string }

/** Answers in turn, the last one again and again. Time passes pause by pause; when each try was, in seconds. */
const delivered = Effect.fnUntraced(function* (
  answers: ReadonlyArray<ResponseInit>,
  options: Partial<Pick<Parameters<typeof makeDelivering>[0], "giveUpAfter" | "longestPause">> = {}
) {
  yield* TestClock.setTime(START)
  const tries: Array<number> = []
  const ids = new Set<string | undefined>()
  const said: Array<string> = []
  const events = yield* Queue.unbounded<Event>()
  const client = HttpClient.make((request) =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      tries.push((now - START) / 1000)
      ids.add(request.headers["webhook-id"])
      const init = answers[Math.min(tries.length, answers.length) - 1]
      return HttpClientResponse.fromWeb(request, new Response(null, init))
    })
  )
  const deliver = makeDelivering({
    name: "crm",
    tenant: "",
    receiver: {
      client,
      url: "https://crm.example/hook?key=of-the-address",
      secrets: Redacted.make(SECRET),
      timeout: Duration.seconds(15)
    },
    retrying: ({ pause }) => Queue.offerUnsafe(events, { pause }),
    ...options
  })
  const log = Logger.make(({ logLevel, message }) => void said.push(`${logLevel} ${String(message)}`))
  yield* deliver(change).pipe(
    Effect.tap((end) => Queue.offer(events, { end })),
    Effect.provideService(Random.Random, { nextIntUnsafe: () => 0, nextDoubleUnsafe: () => 0 }),
    Effect.provide(Logger.layer([log])),
    Effect.forkScoped
  )
  for (;;) {
    const event = yield* Queue.take(events)
    if ("end" in event) return { end: event.end, tries, ids, said }
    // By then it sleeps.
    yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
    yield* TestClock.adjust(event.pause)
  }
})

const REFUSED = { status: 500 }
const TAKEN = { status: 200 }

describe("a change", () => {
  it.effect("that is taken is posted once", () =>
    Effect.gen(function* () {
      expect(yield* delivered([TAKEN])).toMatchObject({ end: "taken", tries: [0], said: [] })
    })
  )

  it.effect("is tried again at longer and longer pauses, under one id, until it is taken", () =>
    Effect.gen(function* () {
      const { end, tries, ids, said } = yield* delivered([REFUSED, REFUSED, { status: 404 }, REFUSED, TAKEN])
      expect([end, tries]).toEqual(["taken", [0, 5, 305, 2105, 5705]])
      expect([...ids]).toEqual([messageOf("", change).id])
      expect(said).toEqual([
        "Warn outbox crm: change 7 (ended) was not taken (HTTP 500), again in 5s",
        "Warn outbox crm: change 7 (ended) was not taken (HTTP 500), again in 5m",
        "Warn outbox crm: change 7 (ended) was not taken (HTTP 404), again in 30m",
        "Warn outbox crm: change 7 (ended) was not taken (HTTP 500), again in 1h"
      ])
    })
  )

  it.effect("is given up when it is three days old, tried for the last time just then", () =>
    Effect.gen(function* () {
      const { end, tries, said } = yield* delivered([REFUSED])
      expect(end).toBe("given_up")
      expect(tries.at(-1)).toBe(3 * DAY)
      expect(tries).toHaveLength(3 + 72 + 1)
      expect(said.at(-1)).toBe("Error outbox crm: change 7 (ended) is given up, since it is too old: HTTP 500")
    })
  )

  it.effect("keeps to the pauses of Standard Webhooks where they may be as long", () =>
    Effect.gen(function* () {
      const { tries } = yield* delivered([REFUSED], { longestPause: "24 hours" })
      const [MINUTE, HOUR] = [60, 3600]
      const pauses = [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR]
      expect(tries).toEqual([...pauses.map((_, index) => sum(pauses.slice(0, index))), sum(pauses), 3 * DAY])
    })
  )

  it.effect("that is too old already is tried once", () =>
    Effect.gen(function* () {
      const { end, tries } = yield* delivered([REFUSED], { giveUpAfter: 1 })
      expect([end, tries.length]).toEqual(["given_up", 2])
    })
  )

  it.effect("waits as the receiver asks", () =>
    Effect.gen(function* () {
      const busy = (seconds: string) => ({ status: 429, headers: { "retry-after": seconds } })
      const { tries } = yield* delivered([busy("90"), busy("0"), busy("7200"), busy("99999999"), TAKEN])
      expect(tries).toEqual([0, 90, 95, 7295, 7295 + DAY])
    })
  )

  it.effect("is not posted again where nobody wants more of them", () =>
    Effect.gen(function* () {
      const { end, tries, said } = yield* delivered([REFUSED, { status: 410 }])
      expect([end, tries]).toEqual(["gone", [0, 5]])
      expect(said.at(-1)).toBe(
        "Error outbox crm: change 7 (ended) was answered with 410 (Gone): nothing is posted there any more"
      )
      expect(said.join()).not.toMatch(/key=|of-the-address|whsec|lead-7|order-7/)
    })
  )
})

describe("a message", () => {
  const bodyOf = (...args: Parameters<typeof messageOf>): unknown =>
    JSON.parse(new TextDecoder().decode(messageOf(...args).body))

  it("tells the change", () => {
    expect(bodyOf("", change)).toEqual({ type: "call.ended", timestamp: "2026-03-02T15:00:00.000Z", data: change })
  })

  it("has an id of its own, without a full stop, which is the tenant's and no matter of content", () => {
    const { id } = messageOf("", change)
    expect(id).toMatch(/^msg_[0-9a-f]{32}$/)
    expect(messageOf("", { ...change, call: anOrder }).id).toBe(id)
    expect(bodyOf("", { ...change, call: anOrder })).toMatchObject({ data: { call: { id: "order-7" } } })
    const others = [
      messageOf("acme", change),
      messageOf("", { ...change, position: 8 }),
      messageOf("", { ...change, change: "answered" })
    ]
    expect(new Set([id, ...others.map((other) => other.id)]).size).toBe(4)
  })
})
