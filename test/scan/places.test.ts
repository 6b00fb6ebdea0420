/** What speaks to a provider in a file, and what it becomes. */
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { parserFrom } from "../../src/cli/commands/switch/sourceParser.ts"
import { findingsOf, outcomeOf, placesIn } from "./scanned.ts"

const ORDER = `{ assistantId: "a", phoneNumberId: "p", customer: { number }, name: reference }`

const cases: Readonly<Record<string, readonly [source: string, places: ReadonlyArray<string>, path?: string]>> = {
  "fetch with the whole address": [
    `await fetch("https://api.vapi.ai/call", { method: "POST", body: JSON.stringify(${ORDER}) })`,
    ["1 vapi place"]
  ],
  "fetch of another host": [`await fetch("https://api.vapi.ai.example.com/call", { method: "POST" })`, []],
  "a base in a constant, a template, an id": [
    `const BASE = "https://api.revring.ai/v1"\nexport const read = (id: string) => fetch(\`\${BASE}/calls/\${id}\`)`,
    ["2 revring get"]
  ],
  "an id that is encoded, and cancelling": [
    `const cancel = (id) => fetch("https://api.revring.ai/v1/calls/" + encodeURIComponent(id) + "/cancel", { method: "POST" })`,
    ["1 revring cancel"]
  ],
  "a base from the environment with a default": [
    `const base = process.env.REVOX_URL ?? "https://www.getrevox.com/api"\nawait fetch(\`\${base}/call?page=1&page_size=20\`)`,
    ["2 revox list"]
  ],
  "the host without www, and a base with a slash at its end": [
    `const base = "https://getrevox.com/api/"\nawait fetch(base.replace(/\\/$/, "") + "/call/" + id)`,
    ["2 revox get"]
  ],
  "new URL": [`const url = new URL("/call", "https://api.vapi.ai")\nawait fetch(url.toString())`, ["2 vapi list"]],
  "a Request": [`await fetch(new Request("https://api.vapi.ai/call", { method: "POST" }))`, ["1 vapi place"]],
  "axios, and what it made": [
    `const axios = require("axios")\nconst http = axios.create({ baseURL: "https://api.vapi.ai" })\nhttp.post("/call", ${ORDER})\nhttp.get("/call/" + id)\naxios({ method: "delete", url: "https://api.vapi.ai/call/" + id })`,
    ["3 vapi place", "4 vapi get", "5 vapi cancel"],
    "app.cjs"
  ],
  "got, ky and undici": [
    `import got from "got"\nimport ky from "ky"\nimport { request } from "undici"\nawait got.post("https://api.vapi.ai/call", { json: {} })\nconst api = ky.create({ prefixUrl: "https://api.vapi.ai" })\nawait api.get("assistant")\nawait request("https://www.getrevox.com/api/auth-status")`,
    ["4 vapi place", "6 vapi agents", "7 revox check"]
  ],
  "a function of one's own that sends": [
    `const BASE = "https://api.vapi.ai"\nasync function api(path, options = {}) {\n  return fetch(\`\${BASE}\${path}\`, { ...options, headers: {} })\n}\nexport const place = (order) => api("/call", { method: "POST", body: JSON.stringify(order) })\nexport const read = (id) => api(\`/call/\${id}\`)`,
    ["3 vapi request likely", "5 vapi place", "6 vapi get"]
  ],
  "one that takes an object, of a class": [
    `class Voice {\n  base = "https://api.revring.ai/v1"\n  async ask({ method = "GET", path, body }) {\n    return fetch(this.base + path, { method, body: JSON.stringify(body) })\n  }\n  place(body) { return this.ask({ method: "POST", path: "/calls", body }) }\n  find(ids) { return this.ask({ method: "POST", path: "/calls/batch-get", body: { ids } }) }\n}`,
    ["4 revring request likely", "6 revring place", "7 revring getMany"]
  ],
  "one that nobody knows": [
    `import { send } from "./http.ts"\nawait send({ method: "POST", url: "https://www.getrevox.com/api/call", body: {} })\nawait fetchSafely("https://api.vapi.ai/call", { method: "POST" })`,
    ["2 revox place likely", "3 vapi place likely"]
  ],
  "an address in a log": [`console.log("https://api.vapi.ai/call")\nconst docs = "https://api.vapi.ai/call"`, []],
  "a path that is not known": [
    `await fetch("https://api.vapi.ai/calls", { method: "POST" })`,
    ["1 vapi request likely"]
  ],
  "the SDK of Vapi": [
    `import { VapiClient } from "@vapi-ai/server-sdk"\nconst vapi = new VapiClient({ token, maxRetries: 0 })\nawait vapi.calls.create(${ORDER})\nconst { calls } = vapi\nfor await (const each of await calls.list()) console.log(each)\nawait vapi.tools.create({})`,
    ["2 vapi client", "3 vapi place", "5 vapi list", "6 vapi outside"]
  ],
  "required, made when it is needed, and typed": [
    `const { VapiClient } = require("@vapi-ai/server-sdk")\nlet client\nconst vapi = () => (client ??= new VapiClient({ token }))\nexports.read = (id) => vapi().calls.get(id)`,
    ["3 vapi client", "4 vapi get"],
    "app.cjs"
  ],
  "in a class, and given to a function": [
    `import { VapiClient } from "@vapi-ai/server-sdk"\nexport class Service {\n  constructor(private readonly vapi: VapiClient) {}\n  read(id: string) { return this.vapi.calls.get({ id }) }\n}\nexport const drop = (client: VapiClient, id: string) => client.calls.delete({ id })`,
    ["1 vapi client", "4 vapi get", "6 vapi cancel"]
  ],
  "the SDK of Revox": [
    `import Revox from "revox"\nconst revox = new Revox({ maxRetries: 0 })\nawait revox.call.create({ phone_number, assistant_id, metadata: { reference } })\nawait revox.call.retrieve(id)`,
    ["2 revox client", "3 revox place", "4 revox get"]
  ],
  "a type of the SDK alone": [`import type { Vapi } from "@vapi-ai/server-sdk"\nexport type Call = Vapi.Call`, []],
  "another class of the same name": [
    `class VapiClient { calls = { create: () => 1 } }\nnew VapiClient().calls.create()`,
    []
  ],
  "a client for browsers": [
    `import Vapi from "@vapi-ai/web"\nconst vapi = new Vapi("public")\nvapi.on("message", (message) => { if (message.type === "conversation-update") show(message) })\nvapi.start("assistant")`,
    ["2 vapi client", "4 vapi browser"]
  ],
  "an agent that gets an address, and one that gets a prompt": [
    `const at = "https://www.getrevox.com/api/assistants/" + id\nawait fetch(at, { method: "PATCH", body: JSON.stringify({ webhook_url: url }) })\nawait fetch(at, { method: "PATCH", body: JSON.stringify({ prompt: "…" }) })`,
    ["2 revox webhookAddresses", "3 revox outside"]
  ],
  "JSX and TSX": [
    `export const Button = () => <button onClick={() => fetch("https://api.vapi.ai/call", { method: "POST" })}>Call</button>`,
    ["1 vapi place"],
    "button.tsx"
  ],
  "a word of the provider and nothing more": [`export const providers = ["vapi", "revox", "revring"]`, []]
}

describe("what speaks to a provider", () => {
  it.each(Object.entries(cases))("%s", (_, [source, places, path]) => {
    expect(placesIn(source, path)).toEqual(places)
  })
})

const becomes = (source: string): string | undefined => findingsOf(source)[0]?.becomes

describe("what it becomes", () => {
  it("has the fields of the order that the body had", () => {
    const post = (url: string, body: string) => `fetch("${url}", { method: "POST", body: JSON.stringify(${body}) })`
    expect(becomes(post("https://api.vapi.ai/call", ORDER))).toBe(
      `await calls.place({ provider: "vapi", reference, to, from, agent: { id } })`
    )
    expect(becomes(post("https://api.vapi.ai/call", `{ squadId: "s", phoneNumberId: "p", customers: [] }`))).toBe(
      `await calls.place({ provider: "vapi", reference, to, from, agent: {}, providerOptions: { vapi: { squadId } } })`
    )
    expect(
      becomes(
        post("https://www.getrevox.com/api/call", `{ phone_number: to, assistant: { prompt: "…" }, metadata: {} }`)
      )
    ).toBe(`await calls.place({ provider: "revox", reference, to, metadata, agent: { inline: { prompt } } })`)
    expect(
      becomes(
        post("https://api.revring.ai/v1/calls", `{ toNumber, fromNumber, agentId, variables: {}, skipQueue: true }`)
      )
    ).toBe(
      `await calls.place({ provider: "revring", reference, to, from, variables, agent: { id }, providerOptions: { revring: { skipQueue } } })`
    )
  })

  it("says the usual fields where the body comes from elsewhere", () => {
    expect(
      becomes(`export const place = (order) => fetch("https://api.vapi.ai/call", { method: "POST", body: order })`)
    ).toBe(`await calls.place({ provider: "vapi", reference, to, from, agent: { id } })`)
  })
})

describe("a file", () => {
  it("without a word of any provider is not parsed", () => {
    expect(outcomeOf("const broken = (")).toBe("unrelated")
  })

  it("that cannot be parsed is told", () => {
    expect(outcomeOf(`const vapi = ("=""=")`)).toBe("unparsed")
    expect(outcomeOf(`vapi ${"(".repeat(100_000)}`)).toBe("unparsed")
  })

  it("with a fault that does not matter is read all the same", () => {
    expect(placesIn(`const a = 1\nconst a = 2\nfetch("https://api.vapi.ai/call")`)).toEqual(["3 vapi list"])
  })

  it("that runs in circles ends", () => {
    const source = `const a = () => b() ?? b()\nconst b = () => a() ?? a()\nlet base = base + base\nfetch(a() + base + "https://api.vapi.ai")\nconst api = (path) => api(path) ?? fetch("https://api.vapi.ai" + path)`
    expect(placesIn(source)).toEqual(["5 vapi request likely"])
  })
})

describe("the parser", () => {
  it("that is not installed is named with the command that installs it", async () => {
    const missing = Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" })
    const failure = await Effect.runPromise(Effect.flip(parserFrom(() => Promise.reject(missing))))
    expect(failure.message).toContain("npm install --save-dev @babel/parser")
    expect(failure.exitCode).toBe(3)
  })
})

describe("a large file", () => {
  const LINES = 3000

  it("is told to its end", () => {
    expect(placesIn(`fetch("https://api.vapi.ai/call/" + id)\n`.repeat(LINES))).toHaveLength(LINES)
  })

  it("of loops that place is gone through loop by loop, not as a whole for each", () => {
    const loop = `for (let attempt = 0; attempt < 3; attempt++) { try { return await fetch("https://api.vapi.ai/call", { method: "POST" }) } catch {} }\n`
    expect(placesIn(loop.repeat(LINES / 2))).toHaveLength(LINES / 2)
  })

  it("of objects is gone through once for all of them, not once for each", () => {
    expect(placesIn(`// vapi\n${`use({ ended: 1, queued: { ringing: 2 } })\n`.repeat(LINES)}`)).toHaveLength(LINES)
  })
})
