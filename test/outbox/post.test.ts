/** One try to hand a message over, to receivers that mean it well and to others: it ends, and only what was taken counts as taken. */
import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import type { Resolve } from "../../src/node/allowedAddress.ts"
import { makeGuardedHttp, type GuardedHttpOptions } from "../../src/node/guardedHttp.ts"
import { post, type Tried } from "../../src/outbox/post.ts"
import { isSignedStandard } from "../../src/webhooks/standardWebhook.ts"
import { makeCertificate } from "../calls/certificate.ts"
import { openRawServer, type RawHandlers, type Reaction } from "../calls/rawServer.ts"
import { answering, openReceiver } from "./receiver.ts"

const SECRET = `whsec_${"A".repeat(32)}`
const OLDER = `whsec_${"B".repeat(32)}`
const BODY = '{"type":"call.ended"}'
const START = Date.parse("2026-03-02T15:00:00.000Z")

const message = { id: "msg_1", body: new TextEncoder().encode(BODY) }

const sending = Effect.fnUntraced(function* (
  url: string,
  { onAnswer = () => undefined, ...options }: Partial<GuardedHttpOptions> & { readonly onAnswer?: () => void } = {}
) {
  yield* TestClock.setTime(START)
  const client = HttpClient.tap(yield* makeGuardedHttp({ allowPrivate: true, ...options }), () => Effect.sync(onAnswer))
  const secrets = [Redacted.make(SECRET), Redacted.make(OLDER)]
  return post({ client, url, secrets, timeout: Duration.seconds(15) }, message)
})

const sent = (url: string, options?: Partial<GuardedHttpOptions>) => Effect.flatten(sending(url, options))

/** Time passes once something has happened, and everybody who waits for it has begun to wait. */
const passing = Effect.fnUntraced(function* (
  trying: Effect.Effect<Tried>,
  happened: Promise<void>,
  duration: Duration.Input
) {
  const fiber = yield* Effect.forkChild(trying)
  yield* Effect.promise(async () => {
    await happened
    await new Promise((resolve) => setImmediate(resolve))
  })
  yield* TestClock.adjust(duration)
  return yield* Fiber.join(fiber)
})

const rawReceiver = (reaction: Reaction, handlers: Partial<RawHandlers> = {}) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.promise(() => openRawServer({ ...handlers, onRequest: () => reaction })),
      ({ close }) => Effect.promise(close)
    ),
    ({ port }) => `http://127.0.0.1:${port}/`
  )

describe("a message", () => {
  it.effect("is sent once, as JSON, signed with each secret for whoever receives it", () =>
    Effect.gen(function* () {
      const receiver = yield* openReceiver(answering(204))
      expect(yield* sent(receiver.url)).toEqual({ result: "taken" })
      expect(receiver.received).toHaveLength(1)
      const [{ method, url, headers, body } = { headers: {}, body: "" }] = receiver.received
      expect([method, url, body]).toEqual(["POST", "/hooks?key=of-the-address", BODY])
      expect(headers).toMatchObject({
        "content-type": "application/json",
        "content-length": String(BODY.length),
        "webhook-id": "msg_1",
        "webhook-timestamp": String(START / 1000)
      })
      expect(Object.keys(headers).filter((name) => /trace|b3/.test(name))).toEqual([])
      const given = new Headers(Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]))
      for (const secret of [SECRET, OLDER])
        expect(
          yield* Effect.promise(() => isSignedStandard([secret], { headers: given, body: message.body }, START, 0))
        ).toBe(true)
    })
  )

  it.effect.each([200, 201, 202, 204, 299])("is taken where the answer is %i", (status) =>
    Effect.gen(function* () {
      const receiver = yield* openReceiver(answering(status))
      expect(yield* sent(receiver.url)).toEqual({ result: "taken" })
    })
  )

  it.effect.each<readonly [number, { readonly [name: string]: string }, Tried]>([
    [500, {}, { result: "failed", problem: "HTTP 500" }],
    [404, {}, { result: "failed", problem: "HTTP 404" }],
    [410, {}, { result: "gone" }],
    [429, { "retry-after": "30" }, { result: "failed", problem: "HTTP 429", retryAfter: Duration.seconds(30) }],
    [503, { "retry-after": "999999999" }, { result: "failed", problem: "HTTP 503", retryAfter: Duration.hours(24) }],
    [503, { "retry-after": "-1" }, { result: "failed", problem: "HTTP 503" }],
    [
      503,
      { "retry-after": "Mon, 02 Mar 2026 15:02:00 GMT", date: "Mon, 02 Mar 2026 15:00:00 GMT" },
      { result: "failed", problem: "HTTP 503", retryAfter: Duration.minutes(2) }
    ]
  ])("is not where it is %i with %j", ([status, headers, expected]) =>
    Effect.gen(function* () {
      const receiver = yield* openReceiver(answering(status, headers))
      expect(yield* sent(receiver.url)).toEqual(expected)
      expect(receiver.received).toHaveLength(1)
    })
  )

  it.effect.each([301, 302, 303, 307, 308])("does not follow a redirection with %i", (status) =>
    Effect.gen(function* () {
      const other = yield* openReceiver(answering(200))
      const receiver = yield* openReceiver(answering(status, { location: other.url }))
      expect(yield* sent(receiver.url)).toEqual({
        result: "failed",
        problem: `HTTP ${status}, and redirections are not followed`
      })
      expect(other.received).toEqual([])
    })
  )

  it.effect("goes over a connection that is kept, to receivers that keep theirs", () =>
    Effect.gen(function* () {
      const receiver = yield* openReceiver(answering(200))
      const trying = yield* sending(receiver.url)
      for (const _ of [1, 2, 3]) expect(yield* trying).toEqual({ result: "taken" })
      expect([receiver.received.length, receiver.connections()]).toEqual([3, 1])
    })
  )
})

describe("a receiver", () => {
  it.effect("that never answers has 15 seconds", () =>
    Effect.gen(function* () {
      const asked = Promise.withResolvers<void>()
      const receiver = yield* openReceiver(() => asked.resolve())
      expect(yield* passing(yield* sending(receiver.url), asked.promise, "15 seconds")).toEqual({
        result: "failed",
        problem: "no answer within 15s"
      })
      expect(receiver.received).toHaveLength(1)
      yield* receiver.left
    })
  )

  it.effect("that reads nothing has no more", () =>
    Effect.gen(function* () {
      const connected = Promise.withResolvers<void>()
      const onConnection = (): Reaction => {
        connected.resolve()
        return { leave: "stay" }
      }
      const url = yield* rawReceiver({ leave: "stay" }, { onConnection })
      expect(yield* passing(yield* sending(url), connected.promise, "15 seconds")).toMatchObject({ result: "failed" })
    })
  )

  it.effect.each<readonly [string, Reaction["write"], Reaction["leave"]]>([
    ["resets the connection", [], "reset"],
    ["closes it without a word", [], "end"],
    ["speaks another protocol", ["SSH-2.0-OpenSSH_9.9\r\n"], "end"],
    ["breaks off in the head", ["HTTP/1.1 200 OK\r\ncontent-le"], "reset"],
    ["has a head without end", [`HTTP/1.1 200 OK\r\nx: ${"x".repeat(200_000)}`], "stay"],
    ["changes the protocol", ["HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n"], "stay"]
  ])("that %s has not taken it", ([, write = [], leave]) =>
    Effect.gen(function* () {
      const url = yield* rawReceiver({ write, leave })
      const tried = yield* sent(url)
      expect(tried.result).toBe("failed")
    })
  )

  it.effect("whose answer breaks off after the head has taken it", () =>
    Effect.gen(function* () {
      const url = yield* rawReceiver({ write: ["HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nab"], leave: "reset" })
      expect(yield* sent(url)).toEqual({ result: "taken" })
    })
  )

  it.effect("whose answer has no end is left after 64 kB", () =>
    Effect.gen(function* () {
      let written = 0
      const receiver = yield* openReceiver((response) => {
        let isOpen = true
        response.on("close", () => (isOpen = false))
        const more = (): void => {
          if (!isOpen) return
          written += 16_384
          response.write("x".repeat(16_384), () => setImmediate(more))
        }
        more()
      })
      expect(yield* sent(receiver.url)).toEqual({ result: "taken" })
      yield* receiver.left
      // What stood in the buffers of both sides included.
      expect(written).toBeLessThan(20_000_000)
    })
  )

  it.effect("whose answer drips is left after a second", () =>
    Effect.gen(function* () {
      const receiver = yield* openReceiver((response) => response.writeHead(200).write("x"))
      const answered = Promise.withResolvers<void>()
      const trying = yield* sending(receiver.url, { onAnswer: answered.resolve })
      expect(yield* passing(trying, answered.promise, "1 second")).toEqual({ result: "taken" })
      yield* receiver.left
    })
  )

  it.effect("that is not there", () =>
    Effect.gen(function* () {
      const url = yield* Effect.scoped(Effect.map(openReceiver(answering(200)), (receiver) => receiver.url))
      expect(yield* sent(url)).toEqual({ result: "failed", problem: "ECONNREFUSED" })
    })
  )
})

const DAY = 24 * 3600_000
const certificateFor = (name: string) =>
  makeCertificate({ names: [name], validFrom: new Date(Date.now() - DAY), validTo: new Date(Date.now() + DAY) })

describe("where a message goes", () => {
  const to =
    (...addresses: ReadonlyArray<string>): Resolve =>
    async () =>
      addresses.map((address) => ({ address, family: 4 }))

  it.effect("is the address that was found, under the name of the URL", () =>
    Effect.gen(function* () {
      const certificate = certificateFor("hooks.example")
      const receiver = yield* openReceiver(answering(200), certificate)
      const asked: Array<string> = []
      const resolve: Resolve = async (hostname) => {
        asked.push(hostname)
        return [{ address: "127.0.0.1", family: 4 }]
      }
      const url = `https://hooks.example:${receiver.port}/`
      expect(yield* sent(url, { resolve, ca: certificate.cert })).toEqual({ result: "taken" })
      expect(asked).toEqual(["hooks.example"])
      expect(receiver.received).toMatchObject([
        { servername: "hooks.example", headers: { host: `hooks.example:${receiver.port}` } }
      ])
    })
  )

  it.effect("must prove that name", () =>
    Effect.gen(function* () {
      const certificate = certificateFor("other.example")
      const receiver = yield* openReceiver(answering(200), certificate)
      const url = `https://hooks.example:${receiver.port}/`
      const options = { resolve: to("127.0.0.1"), ca: certificate.cert }
      expect(yield* sent(url, options)).toEqual({ result: "failed", problem: "ERR_TLS_CERT_ALTNAME_INVALID" })
      const untrusted = yield* sent(url, { resolve: to("127.0.0.1") })
      expect(untrusted).toEqual({ result: "failed", problem: "DEPTH_ZERO_SELF_SIGNED_CERT" })
      expect(receiver.received).toEqual([])
    })
  )

  it.effect.each([[["127.0.0.1"]], [["8.8.8.8", "127.0.0.1"]], [["::ffff:127.0.0.1"]]] as const)(
    "is not one's own machine, whatever the name leads to: %j",
    ([addresses]) =>
      Effect.gen(function* () {
        const receiver = yield* openReceiver(answering(200), certificateFor("hooks.example"))
        const url = `https://hooks.example:${receiver.port}/`
        expect(yield* sent(url, { allowPrivate: false, resolve: to(...addresses) })).toEqual({
          result: "failed",
          problem: "ADDRESS_NOT_ALLOWED"
        })
        expect(receiver.connections()).toBe(0)
      })
  )

  it.effect("is checked for every connection: a name that leads elsewhere later is followed nowhere else", () =>
    Effect.gen(function* () {
      const certificate = certificateFor("hooks.example")
      const receiver = yield* openReceiver(answering(200, { connection: "close" }), certificate)
      const answers = ["127.0.0.1", "169.254.169.254", "127.0.0.1"]
      const asked: Array<string> = []
      const resolve: Resolve = async (hostname) => {
        asked.push(hostname)
        return [{ address: answers[asked.length - 1] ?? "", family: 4 }]
      }
      const trying = yield* sending(`https://hooks.example:${receiver.port}/`, { resolve, ca: certificate.cert })
      expect(yield* Effect.replicateEffect(trying, 3)).toEqual([
        { result: "taken" },
        { result: "failed", problem: "ADDRESS_NOT_ALLOWED" },
        { result: "taken" }
      ])
      // Once for each try: there is no second look whose answer could be another.
      expect(asked).toHaveLength(3)
      expect(receiver.connections()).toBe(2)
    })
  )

  it.effect("is no proxy's business", () =>
    Effect.gen(function* () {
      const proxy = yield* openReceiver(answering(200))
      const receiver = yield* openReceiver(answering(200))
      process.env["HTTP_PROXY"] = process.env["http_proxy"] = `http://127.0.0.1:${proxy.port}`
      yield* Effect.addFinalizer(() =>
        Effect.sync(() => {
          delete process.env["HTTP_PROXY"]
          delete process.env["http_proxy"]
        })
      )
      const url = `http://hooks.example:${receiver.port}/`
      expect(yield* sent(url, { resolve: to("127.0.0.1") })).toEqual({ result: "taken" })
      expect([proxy.connections(), receiver.received.length]).toEqual([0, 1])
    })
  )
})
