/**
 * Which transport `unicall/promise` sends with on Node: its own, and never around what a test has put in place of
 * `fetch` or of `http.request`. The provider that must not be reached stands in a server of its own.
 */
import { EventEmitter } from "node:events"
import http from "node:http"
import { createRequire } from "node:module"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import * as anywhere from "../../adapters/promise.ts"
import { openCalls } from "../../adapters/promiseNode.ts"
import packageJson from "../../package.json" with { type: "json" }
import { makeRevoxTwin } from "../../adapters/revox/Twin.ts"
import { isFetchReplaced } from "../../src/node/replacedFetch.ts"
import { listen, type Twin, type TwinServer } from "../../src/testing/index.ts"
import { collect } from "./inProcessFetch.ts"

const KEY = "key-of-the-transport"
const ORDER = { to: "+12025550142", agent: { id: "agent-1" }, reference: "lead-17" }

const real = { fetch: globalThis.fetch, request: http.request }
let twin: Twin
let server: TwinServer

/** What each request said about who sent it: only `fetch` does. */
let agents: Array<string | undefined>
let connections: Array<string | undefined>

beforeEach(async () => {
  twin = makeRevoxTwin({ apiKey: KEY })
  agents = []
  connections = []
  const respond: Twin["respond"] = (request, now) => {
    agents.push(request.headers["user-agent"])
    connections.push(request.headers["connection"])
    return twin.respond(request, now)
  }
  server = await listen({ ...twin, respond })
})

afterEach(async () => {
  globalThis.fetch = real.fetch
  http.request = real.request
  await server.close()
})

const opened = (options: { readonly fetch?: typeof globalThis.fetch } = {}) =>
  openCalls({ revox: { apiKey: KEY, baseUrl: server.url, retry: { tries: 1 } }, ...options })

/** Another provider, which a test asks instead of the real one. */
const stub = () => {
  const pretender = makeRevoxTwin({ apiKey: KEY })
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, { ...init, redirect: "follow" })
    const { pathname, searchParams } = new URL(request.url)
    const headers = Object.fromEntries(request.headers)
    const body = await request.text()
    const reply = pretender.respond({ method: request.method, path: pathname, query: searchParams, headers, body }, 0)
    return new Response(reply.body, { status: reply.status, headers: { ...reply.headers } })
  }
  return { pretender, fetch }
}

describe("calls opened on Node", () => {
  it("are sent by the transport over node:http, placements on connections of their own", async () => {
    expect(isFetchReplaced()).toBe(false)
    await using calls = await opened()
    await collect(calls.list({ provider: "revox" }))
    expect(await calls.place(ORDER)).toMatchObject({ state: "accepted" })
    expect(new Set(agents)).toEqual(new Set([undefined]))
    expect(connections.at(-1)).toBe("close")
    expect(connections[0]).toBe("keep-alive")
  })

  it("are sent by the fetch that was given", async () => {
    const { fetch, pretender } = stub()
    await using calls = await opened({ fetch })
    await calls.place(ORDER)
    expect([pretender.orders.length, twin.requests.length]).toEqual([1, 0])
  })

  it("are sent by a global fetch that was replaced, before they were opened or after, and until it is put back", async () => {
    const { fetch, pretender } = stub()
    globalThis.fetch = fetch
    await using before = await opened()
    await before.place(ORDER)
    globalThis.fetch = real.fetch
    await using calls = await opened()
    globalThis.fetch = fetch
    await calls.place({ ...ORDER, reference: "lead-18" })
    expect([pretender.orders.length, twin.requests.length]).toEqual([2, 0])
    globalThis.fetch = real.fetch
    await calls.place({ ...ORDER, reference: "lead-19" })
    expect([pretender.orders.length, twin.orders.length]).toEqual([2, 1])
  })

  it("are sent by what a test wraps around Node's fetch", async () => {
    const urls: Array<string> = []
    globalThis.fetch = (input, init) => {
      urls.push(String(input))
      return real.fetch(input, init)
    }
    await using calls = await opened()
    expect(await calls.place(ORDER)).toMatchObject({ state: "accepted" })
    expect(urls).toEqual([`${server.url}/call`])
  })

  it("go to http.request as it is at the time of the request", async () => {
    await using calls = await opened()
    const asked: Array<string> = []
    const refused = (input: unknown): http.ClientRequest => {
      asked.push(String(input))
      const emitter = Object.assign(new EventEmitter(), { end: () => undefined, destroy: () => undefined })
      setImmediate(() => emitter.emit("error", new Error("no network in tests")))
      const box: object = { emitter }
      return Object.values(box)[0]
    }
    http.request = refused
    expect(await calls.place(ORDER)).toMatchObject({ state: "uncertain" })
    await expect(calls.get("revox:some")).rejects.toMatchObject({ operation: "get" })
    expect(asked).toHaveLength(2)
    expect(twin.requests).toEqual([])
  })

  it("are sent through a dispatcher that was set for fetch", async () => {
    const require = createRequire(import.meta.url)
    const { MockAgent, Agent, getGlobalDispatcher, setGlobalDispatcher } = require("undici")
    const usual = getGlobalDispatcher()
    try {
      for (const plain of [usual, new Agent()]) {
        setGlobalDispatcher(plain)
        expect(isFetchReplaced()).toBe(false)
      }
      const chosen = [
        new Agent({ connect: { timeout: 1 } }),
        new Agent({ factory: () => usual }),
        new Agent().compose((dispatch: unknown) => dispatch)
      ]
      for (const dispatcher of chosen) {
        setGlobalDispatcher(dispatcher)
        expect(isFetchReplaced()).toBe(true)
      }
      const mock = new MockAgent()
      mock.disableNetConnect()
      setGlobalDispatcher(mock)
      await using calls = await opened()
      await expect(calls.get("revox:some")).rejects.toMatchObject({ operation: "get" })
      await calls.place(ORDER)
      expect(twin.requests).toEqual([])
    } finally {
      setGlobalDispatcher(usual)
    }
  })

  it("refuse a proxy that cannot be used", async () => {
    const before = process.env["HTTPS_PROXY"]
    process.env["HTTPS_PROXY"] = "socks5://user:secret@127.0.0.1:1080"
    try {
      await expect(opened()).rejects.toMatchObject({ operation: "configure", field: "HTTPS_PROXY" })
      await (await opened({ fetch: real.fetch })).close()
    } finally {
      if (before === undefined) delete process.env["HTTPS_PROXY"]
      else process.env["HTTPS_PROXY"] = before
    }
  })

  it("take certificates, and refuse what is none", async () => {
    const revox = { apiKey: KEY, baseUrl: server.url }
    await expect(openCalls({ revox, ca: "no certificate" })).rejects.toMatchObject({ field: "ca" })
    await expect(anywhere.openCalls({ revox, ca: "no certificate" })).rejects.toMatchObject({ field: "ca" })
  })
})

describe("the package", () => {
  it("has an entry for Node and one for anywhere, with the same exports", async () => {
    const node: object = await import("../../adapters/promiseNode.ts")
    expect(Object.keys(node).toSorted()).toEqual(Object.keys(anywhere).toSorted())
    expect(packageJson.exports["./promise"]).toEqual({
      types: "./dist/adapters/promise.d.ts",
      node: "./dist/adapters/promiseNode.js",
      default: "./dist/adapters/promise.js"
    })
    // The first condition that holds is taken.
    expect(Object.keys(packageJson.exports["./promise"]).at(-1)).toBe("default")
  })
})
