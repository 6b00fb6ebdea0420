/** Webhooks over a Revox twin in this process: what is sent to them, and what becomes of it as time passes. */
import { expect } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { providers } from "../../adapters/index.ts"
import { VoiceCalls, type VoiceCallsOptions } from "../../src/calls/VoiceCalls.ts"
import { makeMemoryInbox } from "../../src/webhooks/MemoryInbox.ts"
import { WebhookInbox } from "../../src/webhooks/WebhookInbox.ts"
import { makeWebhooks, type WebhookOptions } from "../../src/webhooks/Webhooks.ts"
import { openInProcess, START } from "../calls/inProcess.ts"

export const order = { to: "+12025550101", agent: { id: "asst-1" }, reference: "lead-1" }
export const AT = "https://app.example/webhooks/revox"

type CallsService = VoiceCalls["Service"]
type InboxService = WebhookInbox["Service"]

export interface Sent {
  readonly body?: BodyInit
  readonly url?: string
  readonly method?: string
  readonly headers?: Record<string, string>
}

/** What Revox sends when a call is over. */
export const messageOf = (id: string, more: object = {}): string =>
  JSON.stringify({ call_order_id: id, call_id: "attempt-1", status: "completed", result: "human", ...more })

export const requestOf = (
  url: string,
  body: BodyInit | undefined,
  method = "POST",
  headers: Record<string, string> = {}
): Request =>
  new Request(url, {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body, duplex: "half" })
  })

interface Changes {
  readonly service?: VoiceCallsOptions
  readonly options?: Partial<WebhookOptions>
  readonly inbox?: (made: InboxService) => InboxService
  readonly calls?: (made: CallsService) => CallsService
}

const turn = async () => new Promise((resolve) => setImmediate(resolve))

/** What goes through promises is not waited for by the clock of a test. */
export const turns = Effect.promise(async () => {
  for (let count = 0; count < 4; count++) await turn()
})

export const opened = Effect.fnUntraced(function* ({
  service = {},
  options = {},
  inbox = (made) => made,
  calls = (made) => made
}: Changes = {}) {
  yield* TestClock.setTime(START)
  const clock = yield* Clock.Clock
  let ahead = 0
  const wall = () => clock.currentTimeMillisUnsafe() + ahead
  const ours: Clock.Clock = { ...clock, currentTimeMillisUnsafe: wall, currentTimeMillis: Effect.sync(wall) }
  const site = yield* openInProcess({ options: service })
  const made = yield* makeMemoryInbox
  const webhooks = yield* makeWebhooks({
    registry: providers,
    trust: { revox: { trust: "refetch" } },
    ...options
  }).pipe(
    Effect.provideService(VoiceCalls, calls(site.calls)),
    Effect.provideService(WebhookInbox, inbox(made)),
    Effect.provideService(Clock.Clock, ours)
  )
  const handled = (request: Request) =>
    Effect.gen(function* () {
      const answering = yield* Effect.forkChild(Effect.provideService(webhooks.handle(request), Clock.Clock, ours))
      for (let count = 0; count < 200 && answering.pollUnsafe() === undefined; count++)
        yield* Effect.promise(async () => turn())
      const response = yield* Fiber.join(answering)
      return {
        status: response.status,
        headers: response.headers,
        text: yield* Effect.promise(async () => response.text())
      }
    })
  const send = ({ body = "{}", url = AT, method = "POST", headers = {} }: Sent = {}) =>
    Effect.suspend(() => handled(requestOf(url, method === "POST" ? body : undefined, method, headers)))
  const statusOf = (sent?: Sent) => Effect.map(send(sent), ({ status }) => status)
  const tenant = options.tenant ?? ""
  const waiting = Effect.suspend(() => made.list({ tenant, limit: 1000 }))
  /** Sets the wall clock so many seconds ahead of the time that passes. */
  const setWall = (seconds: number): void => void (ahead = seconds * 1000)
  return { ...site, webhooks, inbox: made, handled, send, statusOf, waiting, setWall }
})

export type Site = Effect.Success<ReturnType<typeof opened>>

/** Time in which answers arrive: their bodies are read through promises, for which the clock does not wait. */
export const pass = (seconds: number, steps = 40) =>
  Effect.forEach(Array(steps), () => Effect.andThen(TestClock.adjust((seconds / steps) * 1000), turns), {
    discard: true
  })

/** An order that the provider took, and whose answer was lost: its id as only the provider knows it. */
export const lostOrder = Effect.fnUntraced(function* (site: Site) {
  site.twin.setFaults("place:drop/accepted*1")
  expect(yield* site.calls.place(order)).toMatchObject({ state: "uncertain" })
  const [taken] = site.twin.orders
  if (taken === undefined) throw new Error("not taken")
  return taken.id
})

/** An order whose id the journal knows. */
export const placedOrder = Effect.fnUntraced(function* (site: Site, reference = "lead-1") {
  const placed = yield* site.calls.place({ ...order, reference })
  if (placed.state !== "accepted") throw new Error(placed.state)
  return placed.call.id
})
