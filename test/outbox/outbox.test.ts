/** Changes of calls posted to addresses: in order, each until it is dealt with, going on after a restart. */
import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as HttpClient from "effect/http/HttpClient"
import type { HttpClientRequest } from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import type { ChangeFeed } from "../../src/calls/changes/ChangeFeed.ts"
import { JournalError } from "../../src/calls/PlacementJournal.ts"
import type { VoiceCalls } from "../../src/calls/VoiceCalls.ts"
import { Instant } from "../../src/domain/Instant.ts"
import { makeOutbox } from "../../src/outbox/Outbox.ts"
import type { OutboxAddress } from "../../src/outbox/OutboxAddress.ts"
import { makeInMemoryProvider } from "../../src/testing/index.ts"
import { bare, opened, order, processOn, toldIn } from "../changes/service.ts"

const START = Date.parse("2026-03-02T15:00:00.000Z")
const secrets = Redacted.make(`whsec_${"A".repeat(32)}`)

interface Posted {
  readonly to: string
  readonly at: number
  readonly id: string | undefined
  readonly body: { readonly type: string; readonly data: { readonly position: number; readonly call?: object } }
  readonly text: string
}

const textOf = ({ body }: HttpClientRequest): string => {
  if (body._tag !== "Uint8Array") throw new Error("another body")
  return new TextDecoder().decode(body.body)
}

/** Receivers by the path of the address, whose answers can be changed. */
const receivers = Effect.gen(function* () {
  const posted = yield* Queue.unbounded<Posted>()
  const all: Array<Posted> = []
  const statuses = new Map<string, number | "none">()
  const client = HttpClient.make((request) =>
    Effect.gen(function* () {
      const to = request.url.split("/").at(-1) ?? ""
      const text = textOf(request)
      const at = (yield* Clock.currentTimeMillis) - START
      const one: Posted = { to, at, id: request.headers["webhook-id"], body: JSON.parse(text), text }
      all.push(one)
      Queue.offerUnsafe(posted, one)
      const status = statuses.get(to) ?? 200
      return status === "none"
        ? yield* Effect.never
        : HttpClientResponse.fromWeb(request, new Response(null, { status }))
    })
  )
  return { client, all, statuses, next: Queue.take(posted), take: (count: number) => Queue.takeN(posted, count) }
})

type Receivers = Effect.Success<typeof receivers>

const addressOf = (name: string, options: Partial<OutboxAddress> = {}): OutboxAddress => ({
  url: `https://receiver.example/${name}`,
  secrets,
  ...options
})

/** An outbox that ends with the process it is of. */
const outboxOf = (
  { changes }: Pick<VoiceCalls["Service"], "changes">,
  { client }: Receivers,
  addresses: { readonly [name: string]: OutboxAddress } = { crm: addressOf("crm") }
) => makeOutbox({ changes, addresses, clientFor: () => Effect.succeed(client) })

const site = Effect.gen(function* () {
  yield* TestClock.setTime(START)
  const memory = makeInMemoryProvider()
  const said: Array<string> = []
  const logs = Logger.layer([Logger.make(({ message }) => void said.push(String(message)))])
  return { memory, said, logs, ...(yield* opened(memory)), receivers: yield* receivers }
})

/** Waits for what the clock does not: signing, and whatever follows from an answer. */
const until = (isSo: () => boolean) =>
  Effect.promise(async () => {
    while (!isSo()) await new Promise((resolve) => setImmediate(resolve))
  })

const untilTrue = (isSo: Effect.Effect<boolean, JournalError>) =>
  Effect.repeat(
    Effect.andThen(
      until(() => true),
      isSo
    ),
    { until: (so) => so }
  )

const placed = (calls: VoiceCalls["Service"], count: number, from = 1) =>
  Effect.forEach(
    Array.from({ length: count }, (_, index) => `lead-${index + from}`),
    (reference) => calls.place({ ...order, reference }),
    { discard: true }
  )

const positions = (all: ReadonlyArray<Posted>, to = "crm") =>
  all.filter((one) => one.to === to).map(({ body }) => body.data.position)

describe("an outbox", () => {
  it.effect("posts each change once, in order, with nothing of its content", () =>
    Effect.gen(function* () {
      const { calls, feed, receivers } = yield* site
      yield* outboxOf(calls, receivers)
      yield* calls.place(order)
      expect(yield* receivers.next).toMatchObject({ to: "crm", body: { type: "call.accepted", data: { position: 1 } } })
      yield* TestClock.adjust("4 minutes")
      yield* calls.reconcile(order.reference)
      const told = yield* toldIn(feed)
      expect(told.length).toBeGreaterThan(2)
      yield* receivers.take(told.length - 1)
      expect(receivers.all.map(({ body }) => body)).toEqual(
        told.map((change) => ({ type: `call.${change.change}`, timestamp: change.at, data: change }))
      )
      for (const secret of ["+1202", "Tuesday", "https"])
        expect(receivers.all.map(({ text }) => text).join()).not.toContain(secret)
    })
  )

  it.effect("posts what a call says only where it is asked for, and only the changes that are asked for", () =>
    Effect.gen(function* () {
      const { calls, receivers } = yield* site
      yield* calls.place(order)
      yield* TestClock.adjust("10 minutes")
      yield* calls.reconcile(order.reference)
      const only = ["ended", "enriched"] as const
      const outbox = yield* outboxOf(calls, receivers, { crm: addressOf("crm", { content: "read", only }) })
      const { body, text } = yield* receivers.next
      expect(body).toMatchObject({ type: "call.ended", data: { call: { kind: "call_order", to: order.to } } })
      expect(text).toContain("Tuesday")
      expect(positions(receivers.all)).toEqual([body.data.position])
      expect(yield* outbox.states).toMatchObject([{ name: "crm", lost: 0 }])
    })
  )

  it.effect("keeps the order where a receiver is down, and says how it fares", () =>
    Effect.gen(function* () {
      const { calls, receivers, said, logs } = yield* site
      receivers.statuses.set("crm", 503)
      const outbox = yield* Effect.provide(outboxOf(calls, receivers), logs)
      yield* placed(calls, 3)
      yield* receivers.next
      yield* until(() => said.length === 1)
      expect(yield* outbox.states).toMatchObject([
        { name: "crm", state: "waiting", position: 1, problem: "HTTP 503", taken: 0 }
      ])
      const [{ nextTryAt = "" } = {}] = yield* outbox.states
      expect(Date.parse(nextTryAt) - START).toBeGreaterThanOrEqual(5000)
      receivers.statuses.delete("crm")
      yield* TestClock.adjust("6 seconds")
      yield* receivers.take(3)
      expect(positions(receivers.all)).toEqual([1, 1, 2, 3])
      expect(new Set(receivers.all.map(({ id }) => id)).size).toBe(3)
      yield* placed(calls, 1, 4)
      yield* receivers.next
      const [{ nextTryAt: later, problem, ...fares } = { taken: 0 }] = yield* outbox.states
      expect([later, problem]).toEqual([undefined, undefined])
      expect(fares).toMatchObject({ name: "crm", state: "delivering", position: 4, lost: 0 })
      expect(fares.taken).toBeGreaterThanOrEqual(3)
    })
  )

  it.effect("goes on where it was when the process dies, at whatever moment", () =>
    Effect.gen(function* () {
      const { calls, feed, journal, memory, receivers } = yield* site
      receivers.statuses.set("crm", "none")
      const first = yield* Scope.make()
      yield* outboxOf(calls, receivers).pipe(Scope.provide(first))
      yield* placed(calls, 3)
      const before = yield* receivers.next
      // It dies while nobody knows whether the first was taken.
      yield* Scope.close(first, Exit.void)
      receivers.statuses.delete("crm")

      const again = yield* processOn(journal, feed, memory)
      const second = yield* Scope.make()
      yield* outboxOf(again, receivers).pipe(Scope.provide(second))
      const [after] = yield* receivers.take(3)
      expect(after?.id).toBe(before.id)
      expect(positions(receivers.all)).toEqual([1, 1, 2, 3])
      yield* Scope.close(second, Exit.void)

      const third = yield* processOn(journal, feed, memory)
      yield* outboxOf(third, receivers)
      yield* placed(third, 1, 4)
      yield* until(() => positions(receivers.all).includes(4))
      // Whether the last one was written down as taken before the process died is chance.
      expect([...new Set(positions(receivers.all).slice(3))].slice(-1)).toEqual([4])
      expect(positions(receivers.all).slice(0, 4)).toEqual([1, 1, 2, 3])
    })
  )

  it.effect("of several processes on one feed posts each change under one id, whoever posts it", () =>
    Effect.gen(function* () {
      const { calls, feed, journal, memory, receivers } = yield* site
      yield* placed(calls, 3)
      yield* outboxOf(calls, receivers)
      yield* outboxOf(yield* processOn(journal, feed, memory), receivers)
      yield* until(() => receivers.all.filter(({ body }) => body.data.position === 3).length === 2)
      const ids = Map.groupBy(receivers.all, ({ body }) => body.data.position)
      expect([...ids.values()].map((all) => new Set(all.map(({ id }) => id)).size)).toEqual([1, 1, 1])
    })
  )

  it.effect("posts to each address apart: one that hangs, is gone or gives up holds up no other", () =>
    Effect.gen(function* () {
      const { calls, receivers, said, logs } = yield* site
      receivers.statuses.set("slow", "none").set("gone", 410)
      const names = ["crm", "slow", "gone"]
      const addresses = Object.fromEntries(names.map((name) => [name, addressOf(name)]))
      const outbox = yield* Effect.provide(outboxOf(calls, receivers, addresses), logs)
      yield* placed(calls, 3)
      yield* until(() => positions(receivers.all).length === 3 && said.length === 1)
      expect([positions(receivers.all, "slow"), positions(receivers.all, "gone")]).toEqual([[1], [1]])
      receivers.statuses.delete("gone")
      yield* TestClock.adjust("16 seconds")
      yield* until(() => said.length === 2)
      yield* placed(calls, 1, 4)
      yield* until(() => positions(receivers.all).includes(4))
      expect(positions(receivers.all, "gone")).toEqual([1])
      expect(said[1]).toMatch(
        /^outbox slow: change 1 \(accepted\) was not taken \(no answer within 15s\), again in [56]s$/
      )
      expect((yield* outbox.states).map(({ state }) => state)).toEqual(["delivering", "waiting", "gone"])
    })
  )

  it.effect("gives a change up when it is too old, and goes on with the next", () =>
    Effect.gen(function* () {
      const { calls, receivers, said, logs } = yield* site
      receivers.statuses.set("crm", 500)
      const outbox = yield* Effect.provide(
        outboxOf(calls, receivers, { crm: addressOf("crm", { giveUpAfter: "4 seconds" }) }),
        logs
      )
      yield* placed(calls, 1)
      yield* receivers.next
      yield* until(() => said.length === 1)
      yield* TestClock.adjust("2 seconds")
      yield* placed(calls, 1, 2)
      yield* TestClock.adjust("2 seconds")
      yield* receivers.take(2)
      yield* until(() => said.length === 3)
      expect(positions(receivers.all)).toEqual([1, 1, 2])
      expect(said).toEqual([
        "outbox crm: change 1 (accepted) was not taken (HTTP 500), again in 4s",
        "outbox crm: change 1 (accepted) is given up, since it is too old: HTTP 500",
        "outbox crm: change 2 (accepted) was not taken (HTTP 500), again in 2s"
      ])
      expect(yield* outbox.states).toMatchObject([{ position: 2, lost: 1, taken: 0, state: "waiting" }])
    })
  )
})

describe("an outbox whose feed", () => {
  const LATER = Instant.make("2026-04-01T00:00:00.000Z")

  it.effect("has forgotten changes says which are lost, and goes on with those that are kept", () =>
    Effect.gen(function* () {
      const { calls, feed, journal, memory, receivers, said, logs } = yield* site
      const first = yield* Scope.make()
      yield* outboxOf(calls, receivers).pipe(Scope.provide(first))
      yield* placed(calls, 1)
      yield* receivers.next
      yield* untilTrue(Effect.map(feed.position("", "outbox:crm"), (position) => Option.contains(position, 1)))
      yield* Scope.close(first, Exit.void)
      yield* placed(calls, 3, 2)
      yield* feed.forget({
        tenant: "",
        changesBefore: LATER,
        callsBefore: Instant.make("2020-01-01T00:00:00.000Z"),
        limit: 1000
      })
      yield* placed(calls, 1, 5)

      const again = yield* processOn(journal, feed, memory)
      const outbox = yield* Effect.provide(outboxOf(again, receivers), logs)
      yield* receivers.next
      expect(positions(receivers.all)).toEqual([1, 5])
      expect(said).toEqual(["outbox crm: changes 2 to 4 have been forgotten before they could be posted"])
      expect(yield* outbox.states).toMatchObject([{ lost: 3, position: 5 }])
    })
  )

  it.effect("forgets what waits behind one that is not taken says so, too", () =>
    Effect.gen(function* () {
      const { calls, feed, receivers, said, logs } = yield* site
      receivers.statuses.set("crm", 500)
      const address = addressOf("crm", { giveUpAfter: "Infinity" })
      const outbox = yield* Effect.provide(outboxOf(calls, receivers, { crm: address }), logs)
      yield* placed(calls, 1)
      yield* receivers.next
      yield* until(() => said.length === 1)
      yield* placed(calls, 2, 2)
      yield* feed.forget({
        tenant: "",
        changesBefore: LATER,
        callsBefore: Instant.make("2020-01-01T00:00:00.000Z"),
        limit: 1000
      })
      yield* placed(calls, 1, 4)
      receivers.statuses.delete("crm")
      yield* TestClock.adjust("6 seconds")
      yield* receivers.take(2)
      expect(positions(receivers.all)).toEqual([1, 1, 4])
      expect(said.at(-1)).toBe("outbox crm: changes 2 to 3 have been forgotten before they could be posted")
      expect(yield* outbox.states).toMatchObject([{ lost: 2, position: 4 }])

      receivers.statuses.set("crm", 500)
      yield* placed(calls, 1, 5)
      yield* receivers.next
      yield* until(() => said.length === 3)
      yield* placed(calls, 1, 6)
      yield* feed.forget({
        tenant: "",
        changesBefore: LATER,
        callsBefore: Instant.make("2020-01-01T00:00:00.000Z"),
        limit: 1000
      })
      yield* placed(calls, 1, 7)
      receivers.statuses.delete("crm")
      yield* TestClock.adjust("6 seconds")
      yield* receivers.take(2)
      expect(positions(receivers.all).slice(-3)).toEqual([5, 5, 7])
      expect(said.at(-1)).toBe("outbox crm: changes 6 to 6 have been forgotten before they could be posted")
    })
  )

  it.effect("cannot be read for a while waits, and goes on", () =>
    Effect.gen(function* () {
      const { feed, journal, memory, receivers, said, logs } = yield* site
      let isBroken = false
      const read: ChangeFeed["Service"]["read"] = (filter) =>
        Effect.suspend(() =>
          isBroken
            ? Effect.fail(new JournalError({ operation: "changes", problem: "SQLITE_IOERR" }))
            : feed.read(filter)
        )
      const calls = yield* processOn(journal, { ...feed, read }, memory)
      yield* Effect.provide(outboxOf(calls, receivers), logs)
      yield* placed(calls, 1)
      yield* receivers.next
      isBroken = true
      yield* placed(calls, 1, 2)
      yield* until(() => said.length === 1)
      isBroken = false
      yield* TestClock.adjust("30 seconds")
      yield* until(() => positions(receivers.all).includes(2))
      // The first may come again: its being taken could not be written down.
      expect([...new Set(positions(receivers.all))]).toEqual([1, 2])
      expect(said[0]).toMatch(/^outbox crm: .*SQLITE_IOERR/)
    })
  )

  it.effect("is not there is refused when it is opened", () =>
    Effect.gen(function* () {
      const { journal, memory, receivers } = yield* site
      const calls = yield* bare(journal, memory)
      expect(yield* Effect.flip(outboxOf(calls, receivers))).toMatchObject({
        reason: { _tag: "InvalidRequest", field: "changes" }
      })
    })
  )
})

it.effect.each<readonly [string, string, Partial<OutboxAddress>]>([
  ["outbox", "a name\nof two lines", {}],
  ["outbox", "", {}],
  ["outbox.crm.secrets", "crm", { secrets: [] }],
  ["outbox.crm.secrets", "crm", { secrets: [secrets, Redacted.make("whsec_c2hvcnQ=")] }],
  ["outbox.crm.timeout", "crm", { timeout: 0 }],
  ["outbox.crm.giveUpAfter", "crm", { giveUpAfter: Number.NaN }],
  ["outbox.crm.longestPause", "crm", { longestPause: "-1 seconds" }]
])("%s: an address that is none is refused when it is opened", ([field, name, options]) =>
  Effect.gen(function* () {
    const { calls, receivers } = yield* site
    const refused = yield* Effect.flip(outboxOf(calls, receivers, { [name]: addressOf("crm", options) }))
    expect(refused).toMatchObject({ operation: "configure", reason: { _tag: "InvalidRequest", field } })
    expect(JSON.stringify(refused)).not.toMatch(/c2hvcnQ|whsec_A/)
  })
)
