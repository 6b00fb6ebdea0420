/** The webhooks that twins send: to whom, when, what they say, and what goes wrong with them by rule. */
import { describe, expect, it } from "vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { normalize, providers } from "../../adapters/index.ts"
import { isJsonObject, valueAt } from "../../src/domain/Json.ts"
import type { SendWebhook } from "../../src/twin/carrier.ts"
import { sendWebhooks } from "../../src/twin/carrier.ts"
import { listen } from "../../src/twin/server.ts"
import type { SentMessage } from "../../src/twin/outbox.ts"
import type { Twin } from "../../src/twin/twin.ts"
import {
  ask,
  idIn,
  jsonOf,
  numberOf,
  place,
  read,
  START,
  type TwinUnderTest,
  twinsUnderTest
} from "./twinsUnderTest.ts"

const HOOK = "http://127.0.0.1:9/webhooks?key=zanzibar"

/** The path of an agent, and the fields that hold its addresses. */
const FIELDS = {
  revox: { path: "/assistants", calls: "webhook_url", agent: "assistant_id" },
  revring: { path: "/agents", calls: "postCallWebhookUrl", agent: "agentId" },
  vapi: { path: "/assistant", calls: "server", agent: "assistantId" }
} as const

const fieldsOf = ({ provider }: TwinUnderTest) =>
  provider === "revox" || provider === "revring" || provider === "vapi" ? FIELDS[provider] : FIELDS.revox

const change = (kind: TwinUnderTest, twin: Twin, fields: object, now = START): void => {
  const { path } = fieldsOf(kind)
  const reply = ask(twin, {
    method: "PATCH",
    path: `${path}/${twin.agents[0]?.id}`,
    headers: kind.auth,
    body: fields,
    now
  })
  expect(reply.status).toBe(200)
}

/** Its first agent's messages about calls go to the hook. */
const pointed = (kind: TwinUnderTest, faults = "", url: string | null = HOOK): Twin => {
  const twin = kind.make(faults)
  const { calls } = fieldsOf(kind)
  change(kind, twin, { [calls]: calls === "server" ? { url, headers: { "x-vapi-secret": "zanzibar" } } : url })
  return twin
}

/** Places an order of that agent. */
const placed = (kind: TwinUnderTest, twin: Twin, digits: string, now = START): string => {
  const { agent } = fieldsOf(kind)
  const body = { ...kind.order(numberOf(digits)), [agent]: twin.agents[0]?.id }
  return idIn(kind, jsonOf(ask(twin, { method: "POST", path: kind.placePath, headers: kind.auth, body, now })))
}

interface Received {
  readonly url: string
  readonly text: string
  readonly headers: Headers
}

const turn = Effect.promise(() => new Promise<void>((resolve) => setTimeout(resolve, 0)))

/** Everything that is sent while so many seconds pass, with the second in which it arrives. */
const sentWithin = (
  twin: Twin,
  seconds: number,
  answer: (request: Request) => Promise<Response> | Response = () => new Response("ok"),
  step = 1
): Promise<ReadonlyArray<Received & { readonly second: number }>> => {
  const received: Array<Received & { readonly second: number }> = []
  let second = 0
  const send: SendWebhook = async (request) => {
    received.push({ url: request.url, text: await request.clone().text(), headers: request.headers, second })
    return await answer(request)
  }
  return TestClock.setTime(START).pipe(
    Effect.andThen(Effect.forkScoped(sendWebhooks(twin, send))),
    Effect.andThen(
      Effect.gen(function* () {
        for (yield* turn; second < seconds; second += step) {
          yield* TestClock.adjust(`${step} seconds`)
          yield* turn
        }
      })
    ),
    Effect.as(received),
    Effect.scoped,
    Effect.provide(TestClock.layer()),
    Effect.runPromise
  )
}

const idsIn = (provider: string, text: string): ReadonlyArray<string> =>
  normalize(JSON.parse(text), { provider }).flatMap((record) =>
    record.kind === "call_hint" ? [record.orderId ?? ""] : record.kind === "call_order" ? [record.id] : []
  )

describe.each(twinsUnderTest)("webhooks of the twin of $provider", (kind) => {
  it("come to the address that is set, once, when a call is over, in a form that the adapter reads", async () => {
    const twin = pointed(kind)
    const id = placed(kind, twin, "00")
    const received = await sentWithin(twin, 120)
    expect(received.length).toBe(kind.provider === "vapi" ? 5 : 1)
    expect(new Set(received.map(({ url }) => url))).toEqual(new Set([HOOK]))
    for (const { text, headers } of received) {
      expect(headers.get("content-type")).toBe("application/json")
      expect(headers.get("x-vapi-secret")).toBe(kind.provider === "vapi" ? "zanzibar" : null)
      expect(idsIn(kind.provider, text)).toEqual([id])
    }
    // 2 s in the queue, 6 s of ringing, 42 s of talk, 8 s until all is written down.
    expect(received.at(-1)?.second).toBe(57)
    expect(twin.webhooks.map(({ orderId, status }) => [orderId, status])).toEqual(received.map(() => [id, 200]))
    expect(await sentWithin(twin, 120)).toEqual([])
  })

  it("come of each story that ends and was dialed, and of no other", async () => {
    const twin = pointed(kind)
    const ids = new Map(
      ["00", "10", "20", "30", "52", "53", "60", "62", "71"].map((digits) => [placed(kind, twin, digits), digits])
    )
    const received = await sentWithin(twin, 86_400, undefined, 600)
    const ended = new Set(
      twin.webhooks.filter(({ name }) => /post_call|report/.test(name)).map(({ orderId }) => ids.get(orderId) ?? "none")
    )
    expect(received.length).toBeGreaterThan(0)
    // Canceled in the queue: RevRing and Vapi tell it, at Revox it was never dialed.
    expect([...ended].toSorted()).toEqual(
      ["00", "10", "20", "30", "52", ...(kind.provider === "revox" ? [] : ["53"]), "71"].toSorted()
    )
  })

  it("go nowhere where no address is set, nor once it is taken away", async () => {
    const twin = pointed(kind, "", null)
    placed(kind, twin, "00")
    expect(await sentWithin(twin, 120)).toEqual([])
    const { calls } = fieldsOf(kind)
    change(kind, twin, { [calls]: calls === "server" ? { url: HOOK } : HOOK }, START + 120_000)
    expect(await sentWithin(twin, 240)).toEqual([])
    expect(twin.webhooks).toEqual([])
  })

  it.runIf(kind.provider !== "revring")("come to the address that an agent of the order names", async () => {
    const twin = kind.make()
    const inline = {
      revox: { assistant_id: null, assistant: { prompt: "Be brief.", webhook_url: HOOK } },
      vapi: { assistantId: null, assistant: { model: { provider: "any" }, server: { url: HOOK } } }
    }
    const own = kind.provider === "vapi" ? inline.vapi : inline.revox
    const body = { ...kind.order(numberOf("00")), ...own }
    const reply = ask(twin, { method: "POST", path: kind.placePath, headers: kind.auth, body })
    expect(reply.status).toBe(kind.placed)
    const received = await sentWithin(twin, 120)
    expect(received.length).toBe(kind.provider === "vapi" ? 5 : 1)
    twin.reset()
    expect(twin.nextDeliveryAt()).toBeUndefined()
  })

  it("are met by rules that name them, and by no others", async () => {
    const seconds = async (faults: string, wanted = 180) => {
      const twin = pointed(kind, faults)
      const first = placed(kind, twin, "00")
      const second = placed(kind, twin, "00", START + 30_000)
      const received = await sentWithin(twin, wanted)
      const last = received
        .filter(({ text }) => kind.provider !== "vapi" || text.includes("end-of-call-report"))
        .map((each) => ({ ...each, id: each.text.includes(first) ? 1 : each.text.includes(second) ? 2 : 0 }))
      return last.map((each) => `${each.id}@${each.second}`)
    }
    const skip = kind.provider === "vapi" ? "~4" : ""
    expect(await seconds("")).toEqual(["1@57", "2@87"])
    expect(await seconds("webhook:drop*1" + skip)).toEqual(
      kind.provider === "vapi" ? expect.arrayContaining(["2@87"]) : ["2@87"]
    )
    expect(await seconds("webhook:double")).toEqual(["1@57", "1@57", "2@87", "2@87"])
    expect(await seconds("webhook:double=5")).toEqual(["1@57", "1@62", "2@87", "2@92"])
    expect(await seconds("webhook:delay=40")).toEqual(["1@97", "2@127"])
    expect((await seconds("*:503~99")).length).toBe(2)
    if (kind.provider !== "vapi") expect(await seconds("webhook:reorder*1")).toEqual(["2@87", "1@87"])
  })

  it("cannot be read, where a rule says so", async () => {
    const twin = pointed(kind, "webhook:garble=truncated")
    placed(kind, twin, "00")
    const received = await sentWithin(twin, 120)
    expect(received.length).toBeGreaterThan(0)
    for (const { text } of received) expect(() => void JSON.parse(text)).toThrow(/JSON/)
    const other = pointed(kind, "webhook:garble=no_id")
    const id = placed(kind, other, "00")
    for (const { text } of await sentWithin(other, 120)) expect(text).not.toContain(`"${id}"`)
  })

  it("start over when it is reset", async () => {
    const twin = pointed(kind)
    placed(kind, twin, "00")
    await sentWithin(twin, 120)
    twin.reset()
    expect([twin.webhooks, twin.nextDeliveryAt()]).toEqual([[], undefined])
    expect(twin.agents).toEqual(kind.make().agents)
  })

  it("are sent by a twin that listens, to this machine and to no other", async () => {
    const told = Promise.withResolvers<SentMessage>()
    const sent: Array<SentMessage> = []
    const twin = pointed(kind)
    const server = await listen(twin, {
      speed: 10_000,
      sendWebhook: async (request) => Response.json({ to: request.url }),
      onWebhook: (each) => {
        sent.push(each)
        if (/post_call|report/.test(each.name)) told.resolve(each)
      }
    })
    try {
      const { agent } = fieldsOf(kind)
      const body = JSON.stringify({ ...kind.order(numberOf("00")), [agent]: twin.agents[0]?.id })
      const headers = { ...kind.auth, "content-type": "application/json" }
      await fetch(`${server.url}${kind.placePath}`, { method: "POST", headers, body })
      expect(await told.promise).toMatchObject({ url: HOOK, status: 200, fault: undefined })
    } finally {
      await server.close()
    }
    const elsewhere = pointed(kind, "", "https://hooks.example.invalid/")
    placed(kind, elsewhere, "00")
    const heard = Promise.withResolvers<SentMessage>()
    const other = await listen(elsewhere, { now: () => START + 600_000, onWebhook: heard.resolve })
    expect(await heard.promise).toMatchObject({ url: "https://hooks.example.invalid/", status: undefined })
    await other.close()
  })

  it("are of calls that come in as well", async () => {
    const twin = pointed(kind)
    expect(() => twin.receive({ from: "0199 00 90 12" }, START)).toThrow(/E.164/)
    expect(twin.receive({ from: numberOf("00"), agentId: "nobody" }, START)).toBeUndefined()
    const call = twin.receive({ from: numberOf("20") }, START)
    if (call === undefined) throw new Error("nobody was called")
    const received = await sentWithin(twin, 120)
    expect(received.length).toBeGreaterThan(0)
    const record = read(kind, twin, call.id, START + 120_000)
    const order = normalize(record, { provider: kind.provider })[0]
    // Of a number that nobody answers: who calls in talks.
    expect(order).toMatchObject({ kind: "call_order", direction: "inbound", status: "completed" })
    if (kind.provider !== "vapi") expect(order).toMatchObject({ from: numberOf("20") })
    expect(twin.orders).toMatchObject([{ id: call.id, incoming: "phone" }])
  })

  it("and calls from a browser exist where the provider has them", () => {
    const twin = kind.make()
    const call = twin.receive({ channel: "web" }, START)
    const { webCalls } = providers.get(kind.provider)?.capabilities ?? {}
    expect(call !== undefined).toBe(webCalls === "yes")
    if (call === undefined) return
    const order = normalize(read(kind, twin, call.id, START + 120_000), { provider: kind.provider })[0]
    expect(order).toMatchObject({ kind: "call_order", channel: "web" })
  })

  it("calls come in by a request of their own, without a key", () => {
    const twin = kind.make()
    const post = (body: unknown) => ask(twin, { method: "POST", path: "/twin/calls", body })
    const reply = post({ from: numberOf("00") })
    expect(reply.status).toBe(201)
    expect(valueAt(jsonOf(reply), ["id"])).toBe(twin.orders[0]?.id)
    for (const body of [
      {},
      { from: "12" },
      { channel: "fax", from: numberOf("00") },
      { from: numberOf("00"), agentId: "x" }
    ])
      expect(post(body).status).toBe(422)
    expect(place(kind, twin, numberOf("00"))).not.toBe(twin.orders[0]?.id)
  })
})

describe("the pre-call webhook of RevRing", () => {
  const kind = twinsUnderTest.find(({ provider }) => provider === "revring")
  if (kind === undefined) throw new Error("no twin of RevRing")

  const asking = async (answer: (request: Request) => Promise<Response> | Response, faults = "") => {
    const twin = kind.make(faults)
    change(kind, twin, { preCallWebhookUrl: HOOK })
    const call = twin.receive({ from: numberOf("00") }, START)
    const received = await sentWithin(twin, 60, answer)
    const record = valueAt(read(kind, twin, call?.id ?? "", START + 60_000), ["data"])
    return { received, record: isJsonObject(record) ? record : {} }
  }

  it("asks before an inbound call is answered, and its variables are the call's", async () => {
    const { received, record } = await asking(() => Response.json({ variables: { first_name: "Ada" } }))
    expect(received.map(({ text, second }) => [JSON.parse(text), second])).toEqual([
      [
        {
          event: "pre_call",
          agentId: kind.make().agents[0]?.id,
          fromNumber: numberOf("00"),
          toNumber: "+12025550199",
          dialedAgentId: null
        },
        0
      ]
    ])
    expect(record).toMatchObject({
      direction: "INBOUND",
      preCallWebhookStatus: "sent",
      variables: { direction: "inbound", first_name: "Ada", user_number: numberOf("00") }
    })
  })

  it.each<readonly [string, (request: Request) => Promise<Response> | Response, string]>([
    ["an error", () => new Response("no", { status: 500 }), ""],
    ["no JSON", () => new Response("Ada"), ""],
    ["another form", () => Response.json({ variables: "Ada" }), ""],
    ["nothing within three seconds", () => new Promise<Response>(() => undefined), ""],
    ["nothing, since it is lost", () => Response.json({ variables: { first_name: "Ada" } }), "webhook:drop"]
  ])("goes on without variables where the answer is %s", async (_, answer, faults) => {
    const { record } = await asking(answer, faults)
    expect(record).toMatchObject({ status: "COMPLETED" })
    expect(valueAt(record, ["variables", "first_name"])).toBeUndefined()
  })
})
