/** Webhooks under a real server, from senders that mean it well and from others. */
import { mkdtempSync, rmSync } from "node:fs"
import { once } from "node:events"
import { createServer, type IncomingMessage } from "node:http"
import { connect } from "node:net"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openCalls } from "../../adapters/promiseNode.ts"
import { makeRevoxTwin } from "../../adapters/testing.ts"
import { sqliteInbox } from "../../src/node/fileHandles.ts"
import { listen } from "../../src/twin/server.ts"
import { webhookListener } from "../../src/node/webhookListener.ts"

const KEY = "key-of-the-test"
const order = { to: "+12025550101", agent: { id: "asst-1" } }

const folder = mkdtempSync(join(tmpdir(), "unicall-webhooks-"))
const opened: Array<() => Promise<unknown>> = []
afterAll(async () => {
  for (const close of opened.toReversed()) await close()
  rmSync(folder, { recursive: true, force: true })
})

const open = async () => {
  const twin = makeRevoxTwin({ apiKey: KEY, listItems: "orders" })
  const site = await listen(twin)
  opened.push(() => site.close())
  const calls = await openCalls({
    revox: { apiKey: KEY, baseUrl: site.url },
    webhooks: {
      trust: { revox: { trust: "refetch" } },
      inbox: sqliteInbox(join(folder, "inbox.sqlite")),
      mostBytes: 1_000_000
    }
  })
  opened.push(() => calls.close())
  const server = createServer(webhookListener(calls))
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  opened.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("no port")
  return { calls, twin, port: (address satisfies AddressInfo).port }
}

let site: Awaited<ReturnType<typeof open>>
beforeAll(async () => {
  site = await open()
})

const post = (body: BodyInit, path = "/webhooks/revox") =>
  fetch(`http://127.0.0.1:${site.port}${path}`, {
    method: "POST",
    body,
    headers: { "content-type": "application/json" }
  })

/** Raw bytes, and what is answered until the connection ends or says nothing more. */
const raw = (text: string, until: RegExp) =>
  new Promise<string>((resolve, reject) => {
    const socket = connect(site.port, "127.0.0.1", () => socket.write(text))
    let got = ""
    socket.on("data", (data) => {
      got += String(data)
      if (until.test(got)) socket.destroy()
    })
    socket.on("close", () => resolve(got))
    socket.on("error", reject)
  })

/** A server of its own whose requests go through something else before the listener. */
const behind = async (before: (incoming: IncomingMessage) => unknown) => {
  const listener = webhookListener(site.calls)
  const server = createServer((incoming, outgoing) => {
    void Promise.resolve(before(incoming)).then(() => listener(incoming, outgoing))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  opened.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  const port = typeof address === "object" ? address?.port : undefined
  return async (body: string, path = "/webhooks/revox") => {
    const headers = { "content-type": "application/json" }
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", body, headers })
    return [response.status, await response.text()]
  }
}

describe("behind something else", () => {
  const named = (id: string) => JSON.stringify({ call_order_id: id, status: "completed", annotation: "écouté 𝄞" })

  it.each(["utf8", "hex", "latin1", "base64", "utf16le"] as const)(
    "a stream of text (%s) is the bytes it was",
    async (encoding) => {
      const send = await behind((incoming) => incoming.setEncoding(encoding))
      expect(await send(`${named(`text-${encoding}`)} `)).toEqual([200, "ok\n"])
      expect(await site.calls.inbox.show(`revox:text-${encoding}`)).toBeDefined()
    }
  )

  it("a body that has been read already is told so, and is to come again", async () => {
    const send = await behind(async (incoming) => {
      for await (const _ of incoming);
    })
    expect(await send(named("parsed"))).toEqual([
      503,
      "the body has been read: put webhookListener before whatever parses bodies\n"
    ])
    expect(await site.calls.inbox.show("revox:parsed")).toBeUndefined()
  })

  it("the address is the one that was asked for, wherever the listener is mounted", async () => {
    const send = await behind((incoming) => Object.assign(incoming, { originalUrl: incoming.url, url: "/" }))
    expect(await send(named("mounted"))).toEqual([200, "ok\n"])
    expect((await send(named("mounted"), "/webhooks/vapi"))[0]).toBe(404)
  })
})

describe("a server that takes webhooks", () => {
  it("settles an order whose answer was lost", async () => {
    site.twin.setFaults("place:drop/accepted*1")
    expect(await site.calls.place({ ...order, reference: "lead-1" })).toMatchObject({ state: "uncertain" })
    const id = site.twin.orders[0]?.id
    const response = await post(JSON.stringify({ call_order_id: id, call_id: "a", status: "completed" }))
    expect([response.status, await response.text()]).toEqual([200, "ok\n"])
    await expect.poll(() => site.calls.reconcile("lead-1")).toMatchObject({ state: "accepted", call: { id } })
  })

  it.each<readonly [string, () => BodyInit, number]>([
    ["ten megabytes", () => "x".repeat(10_000_000), 413],
    ["ten megabytes in pieces", () => new Blob(Array(1000).fill("x".repeat(10_000))).stream(), 413],
    ["a bomb of nesting", () => "[".repeat(300_000) + "]".repeat(300_000), 200],
    ["keys of 300 kB", () => JSON.stringify({ ["k".repeat(300_000)]: 1 }), 200],
    ["keys of the prototype", () => '{"__proto__":{"call_order_id":1},"constructor":{"prototype":{}}}', 200]
  ])("stands %s, and answers others meanwhile", async (_, body, status) => {
    const init = { method: "POST", body: body(), duplex: "half", headers: { "content-type": "application/json" } }
    const hostile = fetch(`http://127.0.0.1:${site.port}/webhooks/revox`, init).then(
      (response) => response.status,
      // The rest of what is too much is not read: the sender may see no more than that the connection is closed.
      () => 413
    )
    const other = await post(JSON.stringify({ event: "anything" }))
    expect([other.status, await hostile]).toEqual([200, status])
  })

  it("takes what others send while many hostile senders are at it", async () => {
    const head = "POST /webhooks/revox HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n"
    // Slow ones, and ones that say that they have more, or less, than they send: they stay until the end.
    const held = await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        const length = ["content-length: 100", "transfer-encoding: chunked", "content-length: 2"][index % 3]
        const socket = connect(site.port, "127.0.0.1")
        socket.on("error", () => undefined)
        await once(socket, "connect")
        socket.write(`${head}${length}\r\n\r\n${index % 3 === 1 ? "6\r\n" : ""}{"call`)
        return socket
      })
    )
    const bodies: ReadonlyArray<string> = [
      "x".repeat(10_000_000),
      "[".repeat(300_000) + "]".repeat(300_000),
      `{"a":`.repeat(100_000) + "1" + "}".repeat(100_000),
      JSON.stringify({ ["k".repeat(300_000)]: 1, call_order_id: "k".repeat(300_000) }),
      '{"__proto__":{"call_order_id":"proto"},"constructor":{"prototype":{"call_order_id":"proto"}}}',
      JSON.stringify(Array.from({ length: 50_000 }, (_, index) => ({ call_order_id: `many-${index}` })))
    ]
    const hostile = Array.from({ length: 3 }, () => bodies.map((body) => post(body).catch(() => undefined))).flat()
    const ids = Array.from({ length: 40 }, (_, index) => `good-${index}`)
    const statuses = await Promise.all(
      ids.map(async (id) => (await post(JSON.stringify({ call_order_id: id, status: "completed" }))).status)
    )
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(held.filter(({ destroyed }) => !destroyed).length).toBeGreaterThan(0)
    await Promise.all(hostile)
    for (const socket of held) socket.destroy()
    const named = (await site.calls.inbox.list({ limit: 1000 })).map(({ orderId }) => orderId)
    expect(named.filter((id) => id.startsWith("good")).toSorted()).toEqual(ids.toSorted())
    expect(named.filter((id) => /^(many|proto|k)/.test(id))).toEqual([])
  })

  it("is not held by a sender that breaks off, or says that its message is longer", async () => {
    const head = "POST /webhooks/revox HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n"
    const slow = connect(site.port, "127.0.0.1", () => slow.write(`${head}content-length: 100\r\n\r\n{"call`))
    expect((await post("{}")).status).toBe(200)
    slow.destroy()
    expect(await raw(`${head}content-length: 99999999\r\n\r\n{}`, /too large/)).toContain("413")
    expect(await raw(`GET http://[:: HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`, /\r\n\r\n/)).toContain("400")
    expect(await raw("TRACE /webhooks/revox HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n", /\r\n\r\n/)).toMatch(
      /^HTTP\/1.1 405 [^]*allow: POST/
    )
    const withSecret = "POST http://user:word@a/webhooks/revox HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"
    expect(await raw(withSecret, /\r\n\r\n/)).toMatch(/^HTTP\/1.1 400 /)
    expect((await post("{}")).status).toBe(200)
  })

  it("takes nothing for another provider, or without a name", async () => {
    expect((await post("{}", "/webhooks/vapi")).status).toBe(404)
    expect((await post("{}", "/")).status).toBe(404)
  })
})

it("without the option there are none", async () => {
  const calls = await openCalls({ revox: { apiKey: KEY } })
  await expect(calls.webhook(new Request("http://localhost/webhooks/revox"))).rejects.toMatchObject({
    reason: "InvalidRequest",
    field: "webhooks"
  })
  await calls.close()
})

it.each([
  [{ trust: { revox: { trust: "hmac", secrets: "k" } } }, "webhooks.trust.revox.header"],
  [{ trust: { revox: { trust: "shared_secret", header: "x" } } }, "webhooks.trust.revox.secrets"],
  [{ trust: { revox: { trust: "standard_webhooks" } } }, "webhooks.trust.revox.secrets"],
  [{ trust: { revox: { trust: "standard_webhooks", secrets: "k" } } }, "webhooks.trust.revox.secrets"],
  [{ trust: { revox: { trust: "shared_secret", secrets: "k" } } }, "webhooks.trust.revox.header"],
  [{ trust: { revox: { trust: "refetch", secrets: "k" } } }, "webhooks.trust.revox.secrets"],
  [{ trust: { revox: { trust: "trusted", header: "x" } } }, "webhooks.trust.revox.header"],
  [{ trust: { revox: { trust: "refetch", query: "x" } } }, "webhooks.trust.revox.query"],
  [
    { trust: { revox: { trust: "shared_secret", secrets: "k", header: "x", query: "y" } } },
    "webhooks.trust.revox.header"
  ],
  [
    { trust: { revox: { trust: "shared_secret", secrets: "k", query: "y", prefix: "z" } } },
    "webhooks.trust.revox.prefix"
  ],
  [
    { trust: { revox: { trust: "shared_secret", secrets: "k", header: "x", encoding: "hex" } } },
    "webhooks.trust.revox.encoding"
  ],
  [
    { trust: { revox: { trust: "hmac", secrets: "k", header: "x", toleranceSeconds: 9 } } },
    "webhooks.trust.revox.toleranceSeconds"
  ],
  [{ trust: { revox: { trust: "hmac", secrets: "k", header: "x", query: "y" } } }, "webhooks.trust.revox.query"],
  [{ trust: { vapi: { trust: "refetch" } } }, "webhooks.trust"],
  [{}, "webhooks.trust"]
] as const)("options that do not go together are named: %j", async (webhooks, field) => {
  const given: object = { revox: { apiKey: KEY }, webhooks }
  await expect(openCalls(given)).rejects.toMatchObject({ field })
})
