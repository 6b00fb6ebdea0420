/** Webhooks of several tenants at one place: a message reaches the calls of its own tenant, or nobody's. */
import { mkdtempSync, rmSync } from "node:fs"
import { once } from "node:events"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it, vi } from "vitest"
import { it as effectIt } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as TestClock from "effect/testing/TestClock"
import { openCalls, tenantWebhooks, type TenantWebhooksOptions } from "../../adapters/promiseNode.ts"
import { makeRevoxTwin } from "../../adapters/testing.ts"
import { sqliteInbox, sqliteJournal } from "../../src/node/fileHandles.ts"
import { webhookListener } from "../../src/node/webhookListener.ts"
import { listen } from "../../src/twin/server.ts"
import { makeTenantWebhooks, type TenantWebhooksOptions as ServiceOptions } from "../../src/webhooks/tenantWebhooks.ts"
import { messageOf, requestOf } from "./webhookSite.ts"

const AT = "https://app.example/webhooks"

/** Says whose it is, and reads the body as the real one does. */
const echo = (name: string) => ({
  webhook: async (request: Request) => new Response(`${name} ${new URL(request.url).pathname} ${await request.text()}`)
})

const answerOf = async (options: TenantWebhooksOptions, request: Request) => {
  const response = await tenantWebhooks(options).webhook(request)
  return { status: response.status, headers: [...response.headers], text: await response.text() }
}

/** What a single tenant's handler answers to a provider that is not there. */
const stranger = {
  status: 404,
  headers: [["content-type", "text/plain; charset=utf-8"]],
  text: "no such provider\n"
}

const names = ["acme", "Ada & Söhne", "a+b", "webhooks", "%61cme", "constructor", "..."]
const tenants = Object.fromEntries(names.map((name) => [name, echo(name)]))

describe("the tenant in a path", () => {
  it.each([
    ["/webhooks/acme/revox", "acme"],
    ["/acme/revox", "acme"],
    ["/api/v1/hooks/acme/vapi/", "acme"],
    ["/webhooks/other/acme/revox//", "acme"],
    ["/webhooks/%61cme/revox?tenant=other#other", "acme"],
    ["/webhooks/Ada%20%26%20S%C3%B6hne/revox", "Ada & Söhne"],
    ["/webhooks/Ada & Söhne/revox", "Ada & Söhne"],
    ["/webhooks/a+b/revox", "a+b"],
    ["/webhooks/.../revox", "..."],
    // Decoded once.
    ["/webhooks/%2561cme/revox", "%61cme"],
    // Nothing of a path is the mount's own.
    ["/webhooks/revox", "webhooks"],
    // A name of its own, as the record says.
    ["/webhooks/constructor/revox", "constructor"],
    // An address without its dots, as everybody before us has seen it.
    ["/webhooks/other/%2e%2e/acme/revox", "acme"]
  ])("of %s is %s, and its calls have the request as it came", async (path, name) => {
    const url = `https://app.example${path}`
    const expected = `${name} ${new URL(url).pathname} {"a":1}`
    expect(await answerOf({ tenants }, requestOf(url, '{"a":1}'))).toMatchObject({ status: 200, text: expected })
  })

  const nobodys = [
    "/",
    "/revox",
    "/acme",
    "//revox",
    "/webhooks//revox",
    "/webhooks/acme//revox",
    "/webhooks/ACME/revox",
    "/webhooks/acme /revox",
    "/webhooks/acme%00/revox",
    "/webhooks/acme%0A/revox",
    "/webhooks/__proto__/revox",
    "/webhooks/toString/revox",
    "/webhooks/%5F%5Fproto%5F%5F/revox",
    "/webhooks/%2e%2e/revox/",
    "/webhooks/acme/../revox/x",
    "/webhooks/%252e%252e/revox",
    "/webhooks/x%2Facme/revox",
    "/hooks/acme%2Frevox",
    "/webhooks/..%5Cacme/revox",
    "/webhooks/%/revox",
    "/webhooks/%ff/revox",
    "/webhooks/%ED%A0%80/revox",
    `/webhooks/${"a".repeat(201)}/revox`,
    `/webhooks/${"%61".repeat(100_000)}/revox`,
    `/webhooks/${"/".repeat(100_000)}revox`
  ]
  it.each(nobodys.map((path) => [path.slice(0, 40), path] as const))(
    "of %s is none: as a provider that is not there, of which nothing is read or told",
    async (_, path) => {
      const request = requestOf(`https://app.example${path}`, "secret")
      expect(await answerOf({ tenants }, request)).toEqual(stranger)
      expect(request.bodyUsed).toBe(false)
    }
  )

  it("is asked for as one short line that leads to no other folder", async () => {
    const asked: Array<string> = []
    const { webhook } = tenantWebhooks({ tenants: (tenant) => void asked.push(tenant) })
    const longest = "x".repeat(200)
    const hostile = ["..%2f..%2fother", "%2e%2e", "..", "a%5c..%5cb", "%00", "%0d%0a", "%E2%80%A8", "%", `${longest}x`]
    for (const part of [...hostile, "__proto__", longest]) await webhook(requestOf(`${AT}/${part}/revox`, ""))
    expect(asked).toEqual(["__proto__", longest])
  })

  it.each(["GET", "PUT", "POST"])("that is not there is to a %s as a provider that is not there", async (method) => {
    const calls = await openCalls({ revox: { apiKey: "key" }, webhooks: { trust: { revox: { trust: "refetch" } } } })
    const answers = await Promise.all(
      ["acme/vapi", "acme/nobody", "other/vapi", "other/revox"].map((path) =>
        answerOf({ tenants: { acme: calls } }, requestOf(`${AT}/${path}`, method === "GET" ? undefined : "{}", method))
      )
    )
    await calls.close()
    expect(answers).toEqual([stranger, stranger, stranger, stranger])
  })
})

describe("a function that tells the tenant", () => {
  const byHost: TenantWebhooksOptions = {
    tenants,
    tenantOf: ({ headers, url }) => headers.get("x-tenant") ?? url.hostname.split(".")[0]
  }
  const requestFor = (tenant: string) => requestOf(`${AT}/revox`, "{}", "POST", { "x-tenant": tenant })

  it.each(["acme", "a+b", "constructor"])("says so of %s", async (tenant) => {
    expect(await answerOf(byHost, requestFor(tenant))).toMatchObject({ text: `${tenant} /webhooks/revox {}` })
  })

  it("may ask somebody, and sees method, address and headers, none of which it can change", async () => {
    const seen: Array<unknown> = []
    const options: TenantWebhooksOptions = {
      tenants: { acme: { webhook: async ({ headers, url }) => new Response(`${headers.get("x-tenant")} ${url}`) } },
      tenantOf: async (head) => {
        seen.push(...Object.keys(head), head.method, head.url.search)
        head.headers.delete("x-tenant")
        head.url.pathname = "/webhooks/vapi"
        return "acme"
      }
    }
    const request = requestOf(`${AT}/revox?key=7`, "{}", "POST", { "x-tenant": "other" })
    expect(await answerOf(options, request)).toMatchObject({ text: `other ${AT}/revox?key=7` })
    expect(seen).toEqual(["method", "url", "headers", "POST", "?key=7"])
  })

  it.each(["", "other", "__proto__", "toString", "x".repeat(201)])("and names nobody, by %j", async (tenant) => {
    expect(await answerOf(byHost, requestFor(tenant))).toEqual(stranger)
  })

  it.each([null, undefined])("and gives %s, names nobody", async (tenant) => {
    expect(await answerOf({ tenants, tenantOf: () => tenant }, requestFor("acme"))).toEqual(stranger)
  })
})

describe("what fails", () => {
  const secret = "the number +12025550101 of a person"
  const thrown = () => {
    throw new Error(secret)
  }
  const failed = { status: 500, headers: stranger.headers, text: "come again later\n" }

  it.each<readonly [string, Omit<TenantWebhooksOptions, "onWarning">]>([
    ["the tenant's function throws", { tenants, tenantOf: thrown }],
    ["the tenant's function rejects", { tenants, tenantOf: async () => thrown() }],
    ["opening throws", { tenants: thrown }],
    ["opening rejects", { tenants: async () => thrown() }],
    ["what is thrown is no error", { tenants: () => Promise.reject(secret) }]
  ])("is a plain 500 where %s, and told without a word of it", async (_, options) => {
    const onWarning = vi.fn<(message: string) => void>()
    const request = requestOf(`${AT}/acme/revox`, "{}", "POST", { "x-secret": secret })
    expect(await answerOf({ ...options, onWarning }, request)).toEqual(failed)
    expect(request.bodyUsed).toBe(false)
    expect(onWarning.mock.calls.flat()).toEqual([
      expect.stringMatching(/^webhooks: the tenant of a message could not be found: (Error|it threw what is no Error)$/)
    ])
  })

  it("is to come again where the calls of the tenant are closed, or have no webhooks", async () => {
    const closed = await openCalls({ revox: { apiKey: "key" }, webhooks: { trust: { revox: { trust: "refetch" } } } })
    await closed.close()
    await using without = await openCalls({ revox: { apiKey: "key" } })
    const onWarning = vi.fn<(message: string) => void>()
    const options = { tenants: { closed, without }, onWarning }
    expect(await answerOf(options, requestOf(`${AT}/closed/revox`, "{}"))).toMatchObject({ status: 503 })
    expect(await answerOf(options, requestOf(`${AT}/without/revox`, "{}"))).toMatchObject({ status: 503 })
    expect(onWarning.mock.calls.flat()).toEqual([
      "webhooks: a message could not be handed on: CallsClosed",
      "webhooks: a message could not be handed on: InvalidRequest"
    ])
  })

  it.each([
    [{}, "tenants: expected an object"],
    [{ tenants: { acme: {} } }, "tenants.acme: expected what openCalls opens"],
    [{ tenants: {}, tenantOf: "acme" }, "tenantOf: expected a function"],
    [{ tenants: {}, tenant: () => "acme" }, "tenant: expected no option of this name"]
  ])("is told at once of options that are none: %j", (options, message) => {
    expect(() => Reflect.apply(tenantWebhooks, undefined, [options])).toThrow(message)
  })
})

describe("two tenants with one provider, one inbox and the same ids", () => {
  const folder = mkdtempSync(join(tmpdir(), "unicall-tenants-"))
  const closing: Array<() => Promise<unknown>> = []
  afterAll(async () => {
    for (const close of closing.toReversed()) await close()
    rmSync(folder, { recursive: true, force: true })
  })

  const openTenant = async (tenant: string) => {
    const twin = makeRevoxTwin({ apiKey: `key of ${tenant}`, faults: "place:drop/accepted*1" })
    const site = await listen(twin)
    closing.push(() => site.close())
    const calls = await openCalls({
      tenant,
      revox: { apiKey: `key of ${tenant}`, baseUrl: site.url },
      journal: sqliteJournal(join(folder, "journal.sqlite")),
      webhooks: {
        trust: { revox: { trust: "shared_secret", secrets: `secret of ${tenant}`, header: "x-secret" } },
        inbox: sqliteInbox(join(folder, "inbox.sqlite"))
      }
    })
    closing.push(() => calls.close())
    return { calls, twin }
  }

  it("are each read with their own key, and believed by their own secret; each is opened once, when it is named", async () => {
    const opened = new Map<string, ReturnType<typeof openTenant>>()
    const siteOf = (tenant: string) => {
      const site = opened.get(tenant) ?? openTenant(tenant)
      opened.set(tenant, site)
      return site
    }
    const { webhook } = tenantWebhooks({
      tenants: async (tenant) => (["acme", "globex"].includes(tenant) ? (await siteOf(tenant)).calls : undefined)
    })
    const server = createServer(webhookListener({ webhook })).listen(0, "127.0.0.1")
    await once(server, "listening")
    closing.push(async () => {
      server.closeAllConnections()
      server.close()
    })
    const post = async (tenant: string, id: string, secret = `secret of ${tenant}`) => {
      const address = `http://127.0.0.1:${Object(server.address()).port}/webhooks/${tenant}/revox`
      const headers = { "content-type": "application/json", "x-secret": secret }
      return (await fetch(address, { method: "POST", body: messageOf(id), headers })).status
    }
    const statuses = await Promise.all(["acme", "acme", "globex", "nobody", "%2e%2e"].map((name) => post(name, "one")))
    expect(statuses).toEqual([200, 200, 200, 404, 404])
    expect([...opened.keys()].toSorted()).toEqual(["acme", "globex"])
    const [acme, globex] = await Promise.all([siteOf("acme"), siteOf("globex")])
    // The same order id is another order at each of them.
    for (const { calls, twin } of [acme, globex]) {
      await expect.poll(() => twin.requests.map(({ path, status }) => [path, status])).toEqual([["/call/one", 404]])
      expect(await calls.inbox.list()).toMatchObject([{ orderId: "one" }])
    }

    const order = { to: "+12025550101", agent: { id: "asst-1" }, reference: "lead-1" }
    for (const { calls } of [acme, globex]) expect(await calls.place(order)).toMatchObject({ state: "uncertain" })
    const [id = ""] = acme.twin.orders.map((each) => each.id)
    expect(await post("acme", id, "secret of globex")).toBe(401)
    expect(await post("globex", id, "secret of acme")).toBe(401)
    expect(await post("acme", id)).toBe(200)
    await expect.poll(() => acme.calls.reconcile("lead-1")).toMatchObject({ state: "accepted", call: { id } })
    expect(await globex.calls.inbox.list()).toMatchObject([{ orderId: "one" }])
    expect(await globex.calls.reconcile("lead-1")).toMatchObject({ state: "uncertain" })
  })
})

describe("in Effect", () => {
  const handler = (name: string) => ({ handle: () => Effect.succeed(new Response(name)) })
  const said: Array<string> = []
  const logs = Logger.layer([Logger.make(({ message }) => void said.push(String(message)))])
  const answered = <R = never>(options: ServiceOptions<R>, path = "acme/revox") =>
    Effect.gen(function* () {
      const response = yield* makeTenantWebhooks(options).handle(requestOf(`${AT}/${path}`, "{}"))
      return [response.status, yield* Effect.promise(async () => response.text())]
    }).pipe(Effect.provide(logs))
  const failed = [500, "come again later\n"]

  effectIt.effect("they are a record, or a function, and so is the tenant of a request", () =>
    Effect.gen(function* () {
      const both = { acme: handler("acme"), globex: handler("globex") }
      expect(yield* answered({ tenants: both })).toEqual([200, "acme"])
      expect(yield* answered({ tenants: both }, "constructor/revox")).toEqual([404, "no such provider\n"])
      expect(yield* answered({ tenants: both, tenantOf: () => Effect.succeed("globex") })).toEqual([200, "globex"])
      const opening = (tenant: string) => Effect.as(Effect.sleep("5 seconds"), handler(`${tenant}, opened`))
      const slow = yield* Effect.forkChild(answered({ tenants: opening }))
      yield* TestClock.adjust("6 seconds")
      expect(yield* Fiber.join(slow)).toEqual([200, "acme, opened"])
    })
  )

  effectIt.effect("what fails, breaks, throws or takes longer than ten seconds is a plain 500", () =>
    Effect.gen(function* () {
      const thrown = () => {
        throw new Error("a person")
      }
      expect(yield* answered({ tenants: () => Effect.fail("a person") })).toEqual(failed)
      expect(yield* answered({ tenants: () => Effect.die("a person") })).toEqual(failed)
      expect(yield* answered({ tenants: thrown })).toEqual(failed)
      expect(yield* answered({ tenants: {}, tenantOf: thrown })).toEqual(failed)
      const slow = yield* Effect.forkChild(answered({ tenants: () => Effect.never }))
      yield* TestClock.adjust("11 seconds")
      expect(yield* Fiber.join(slow)).toEqual(failed)
      expect(yield* answered({ tenants: { acme: { handle: thrown } } })).toEqual([503, "come again later\n"])
      expect(said).toHaveLength(6)
      expect(said.join()).not.toMatch(/person|acme/)
    })
  )
})
