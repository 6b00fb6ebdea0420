/** What one file makes and others import: clients, functions that make them, addresses. */
import { describe, expect, it } from "vitest"
import { placeText, scansOf } from "./scanned.ts"

interface Files {
  readonly [path: string]: string
}

/** The places of a file among others, `unread` where it was not even parsed. */
const placesAt = (path: string, files: Files): ReadonlyArray<string> | "unread" =>
  scansOf(files).get(path)?.findings?.map(placeText) ?? "unread"

const SDK = `import { VapiClient } from "@vapi-ai/server-sdk"\n`
const MADE = `${SDK}export const vapi = new VapiClient({ token })`
const LIST = "await vapi.calls.list()"

const layouts: Readonly<Record<string, readonly [lib: Files, app: string, places?: ReadonlyArray<string>]>> = {
  "a constant, with .js written for .ts": [{ "lib/vapi.ts": MADE }, `import { vapi } from "../lib/vapi.js"\n${LIST}`],
  "without an ending": [{ "lib/vapi.mts": MADE }, `import { vapi } from "../lib/vapi"\n${LIST}`],
  ".mjs for .mts, .cjs for .cts": [
    { "lib/vapi.mts": MADE, "lib/other.cts": MADE },
    `import { vapi } from "../lib/vapi.mjs"\nimport { vapi as other } from "../lib/other.cjs"\nvapi.calls.list(), other.calls.list()`,
    ["3 vapi list", "3 vapi list"]
  ],
  ".jsx for .tsx, and .tsx for .js": [
    { "lib/one.tsx": MADE, "lib/two.tsx": MADE },
    `import { vapi } from "../lib/one.jsx"\nimport { vapi as two } from "../lib/two.js"\nvapi.calls.list(), two.calls.list()`,
    ["3 vapi list", "3 vapi list"]
  ],
  "an import by another name": [
    { "lib/vapi.ts": MADE },
    `import { vapi as voice } from "../lib/vapi"\nawait voice.calls.list()`
  ],
  "a default export": [
    { "lib/client.ts": `${SDK}const client = new VapiClient({ token })\nexport default client` },
    `import vapi from "../lib/client"\n${LIST}`
  ],
  "a default export made at once": [
    { "lib/client.ts": `${SDK}export default new VapiClient({ token })` },
    `import vapi from "../lib/client"\n${LIST}`
  ],
  "a name exported as another": [
    { "lib/client.ts": `${SDK}const client = new VapiClient({ token })\nexport { client as voice }` },
    `import { voice as vapi } from "../lib/client"\n${LIST}`
  ],
  "names taken apart": [
    { "lib/client.ts": `${SDK}export const { calls, tools: [first] } = new VapiClient({ token })` },
    `import { calls } from "../lib/client"\nawait calls.list()`
  ],
  "module.exports, which is the client": [
    {
      "lib/client.js": `const { VapiClient } = require("@vapi-ai/server-sdk")\nmodule.exports = new VapiClient({ token })`
    },
    `const vapi = require("../lib/client")\n${LIST}`
  ],
  "module.exports, which holds it": [
    {
      "lib/client.js": `const { VapiClient } = require("@vapi-ai/server-sdk")\nconst vapi = new VapiClient({ token })\nmodule.exports = { vapi }`
    },
    `const { vapi } = require("../lib/client.js")\n${LIST}`
  ],
  "exports.name": [
    {
      "lib/client.cjs": `const { VapiClient } = require("@vapi-ai/server-sdk")\nexports.vapi = new VapiClient({ token })`
    },
    `const lib = require("../lib/client.cjs")\nawait lib.vapi.calls.list()`
  ],
  "exports.name, all of it imported as a default": [
    {
      "lib/client.cjs": `const { VapiClient } = require("@vapi-ai/server-sdk")\nexports.vapi = new VapiClient({ token })`
    },
    `import lib from "../lib/client.cjs"\nawait lib.vapi.calls.list()`
  ],
  "module.exports imported as a default": [
    {
      "lib/client.cjs": `const { VapiClient } = require("@vapi-ai/server-sdk")\nmodule.exports = new VapiClient({ token })`
    },
    `import vapi from "../lib/client.cjs"\n${LIST}`
  ],
  "export = and import … = require": [
    {
      "lib/client.cts": `import { VapiClient } from "@vapi-ai/server-sdk"\nconst client = new VapiClient({ token })\nexport = client`
    },
    `import vapi = require("../lib/client.cjs")\n${LIST}`
  ],
  "all of a file under a name": [
    { "lib/vapi.ts": MADE },
    `import * as lib from "../lib/vapi"\nawait lib.vapi.calls.list()`
  ],
  "an import when it is needed": [{ "lib/vapi.ts": MADE }, `const { vapi } = await import("../lib/vapi")\n${LIST}`],
  "an index that exports it again": [
    { "lib/vapi.ts": MADE, "lib/index.ts": `export { vapi } from "./vapi"` },
    `import { vapi } from "../lib"\n${LIST}`
  ],
  "an index that exports all": [
    {
      "lib/vapi.ts": MADE,
      "lib/index.ts": `export * from "./other"\nexport * from "./vapi"`,
      "lib/other.ts": "export const a = 1"
    },
    `import { vapi } from "../lib/index.js"\n${LIST}`
  ],
  "an index that exports all under a name": [
    { "lib/vapi.ts": MADE, "lib/index.ts": `export * as voice from "./vapi"` },
    `import { voice } from "../lib"\nawait voice.vapi.calls.list()`
  ],
  "a chain of files that import and export": [
    {
      "lib/vapi.ts": MADE,
      "lib/a.ts": `import { vapi } from "./vapi"\nexport default vapi`,
      "lib/b.ts": `export { default as voice } from "./a"`,
      "lib/c.ts": `export * from "./b"`,
      "lib/index.ts": `import * as all from "./c"\nexport const clients = { voice: all.voice }`
    },
    `import { clients } from "../lib"\nawait clients.voice.calls.list()`
  ],
  "a function that makes it": [
    { "lib/vapi.ts": `${SDK}export const getVapi = () => new VapiClient({ token })` },
    `import { getVapi } from "../lib/vapi"\nawait getVapi().calls.list()`
  ],
  "a function that makes it once": [
    {
      "lib/vapi.ts": `${SDK}let client: VapiClient | undefined\nexport async function getVapi() {\n  if (!client) client = new VapiClient({ token })\n  return client\n}`
    },
    `import { getVapi } from "../lib/vapi"\nconst vapi = await getVapi()\n${LIST}`,
    ["3 vapi list"]
  ],
  "a function that gives several": [
    { "lib/vapi.ts": `${SDK}export default function clients(token) { return { vapi: new VapiClient({ token }) } }` },
    `import clients from "../lib/vapi"\nconst { vapi } = clients(1)\n${LIST}`,
    ["3 vapi list"]
  ],
  "a class that holds it": [
    {
      "lib/vapi.ts": `${SDK}export class Voice {\n  readonly vapi: VapiClient\n  constructor() { this.vapi = new VapiClient({ token }) }\n}`
    },
    `import { Voice } from "../lib/vapi"\nawait new Voice().vapi.calls.list()`
  ],
  "the class of the package, exported again": [
    { "lib/sdk.ts": `export { VapiClient as Client } from "@vapi-ai/server-sdk"` },
    `import { Client } from "../lib/sdk"\nconst vapi = new Client({ token })\nconst use = (one: Client) => one.calls.get({ id })`,
    ["2 vapi client", "3 vapi get"]
  ],
  "all of the package, exported again": [
    { "lib/sdk.ts": `export * from "@vapi-ai/server-sdk"` },
    `import { VapiClient } from "../lib/sdk"\nawait new VapiClient({ token }).calls.list()`,
    ["2 vapi client", "2 vapi list"]
  ],
  "its type alone": [
    { "lib/sdk.ts": `export type { VapiClient } from "@vapi-ai/server-sdk"` },
    `import type { VapiClient } from "../lib/sdk"\nexport const read = (one: VapiClient) => one.calls.get({ id })`,
    ["2 vapi get"]
  ],
  "an address": [
    { "lib/urls.ts": `export const REVOX_API = "https://www.getrevox.com/api"` },
    `import { REVOX_API } from "../lib/urls"\nawait fetch(\`\${REVOX_API}/call\`, { method: "POST", body })`,
    ["2 revox place"]
  ],
  "an address and paths in an object": [
    { "lib/config.ts": `export default { api: process.env.URL ?? "https://api.vapi.ai", paths: { calls: "/call" } }` },
    `import config from "../lib/config"\nawait fetch(config.api + config.paths.calls + "/" + id)`,
    ["2 vapi get"]
  ],
  "a client of axios with a base in a constant": [
    {
      "lib/http.ts": `import axios from "axios"\nconst BASE = "https://api.vapi.ai"\nconst options = { baseURL: BASE }\nexport const http = axios.create(options)`
    },
    `import { http } from "../lib/http"\nawait http.post("/call", order)`,
    ["2 vapi place"]
  ],
  "an alias of the root": [{ "lib/vapi.ts": MADE }, `import { vapi } from "@/lib/vapi"\n${LIST}`],
  "an alias of src": [{ "src/lib/vapi.ts": MADE }, `import { vapi } from "~/lib/vapi"\n${LIST}`]
}

/** The same code, where what imports has no word of a provider. */
const unnamed = (code: string): string =>
  code.replaceAll(/(?<!@)(?<!api\.)\bvapi\b/g, "voice").replaceAll(/(?<=get)Vapi\b|REVOX/g, "Voice")

describe("what another file makes", () => {
  const inFolder = (lib: Files, app: string): readonly [path: string, files: Files] => {
    const path = /^const .*require\(/.test(app) ? "app/main.js" : "app/main.ts"
    return [path, { ...lib, [path]: app }]
  }

  it.each(Object.entries(layouts))("%s", (_, [lib, app, places = ["2 vapi list"]]) => {
    const [path, files] = inFolder(lib, app)
    expect(placesAt(path, files)).toEqual(places)
    const others = Object.fromEntries(Object.entries(files).map(([name, code]) => [unnamed(name), unnamed(code)]))
    expect(placesAt(path, others)).toEqual(places)
    if (!app.includes("VapiClient")) expect(others[path]).not.toMatch(/vapi|revox/i)
  })

  it("is the nearest of an alias, of the folder of a package first", () => {
    const app = `import { api } from "@/urls"\nawait fetch(api + "/call")`
    const files = {
      "urls.ts": `export const api = "https://www.getrevox.com/api"`,
      "packages/one/src/urls.ts": `export const api = "https://api.vapi.ai"`
    }
    expect(placesAt("packages/one/src/app/main.ts", { ...files, "packages/one/src/app/main.ts": app })).toEqual([
      "2 vapi list"
    ])
    expect(placesAt("packages/two/src/main.ts", { ...files, "packages/two/src/main.ts": app })).toEqual([
      "2 revox list"
    ])
  })
})

const silent: Readonly<Record<string, readonly [lib: Files, app: string]>> = {
  "a name that is declared again": [
    { "lib/vapi.ts": MADE },
    `import { vapi } from "../lib/vapi"\nexport const use = (vapi: Other) => vapi.calls.list()\nfunction other() { const vapi = make(); vapi.calls.list() }`
  ],
  "another name of the file": [
    { "lib/vapi.ts": `${MADE}\nexport const other = make()` },
    `import { other as vapi, none } from "../lib/vapi"\n${LIST}\nnone.calls.list()`
  ],
  "a name that is exported only as a default": [
    { "lib/vapi.ts": `${SDK}const vapi = new VapiClient({ token })\nexport default vapi` },
    `import { vapi } from "../lib/vapi"\n${LIST}`
  ],
  "a default, through export *": [
    { "lib/vapi.ts": `${SDK}export default new VapiClient({ token })`, "lib/index.ts": `export * from "./vapi"` },
    `import vapi from "../lib"\n${LIST}`
  ],
  "a file outside of the folder, and one that is missing": [
    { "lib/vapi.ts": MADE },
    `import { vapi } from "../../../lib/vapi"\nimport { vapi as other } from "./vapi"\n${LIST}\nother.calls.list()`
  ],
  "exports of a bundle's own": [
    {
      "lib/vapi.js": `const { VapiClient } = require("@vapi-ai/server-sdk")\nconst file = (module, exports) => { exports.vapi = new VapiClient({ token }); module.exports = exports }`
    },
    `import { vapi } from "../lib/vapi"\n${LIST}`
  ],
  "an export of a namespace within": [
    { "lib/vapi.ts": `${SDK}namespace Inner { export const vapi = new VapiClient({ token }) }` },
    `import { vapi } from "../lib/vapi"\n${LIST}`
  ],
  "what a method of the client gave": [
    { "lib/vapi.ts": `${SDK}const vapi = new VapiClient({ token })\nexport const result = () => vapi.calls.list()` },
    `import { result } from "../lib/vapi"\nresult().calls.list()`
  ]
}

describe("what is not followed", () => {
  it.each(Object.entries(silent))("%s", (_, [lib, app]) => {
    const places = placesAt("app/main.ts", { ...lib, "app/main.ts": app })
    expect(places === "unread" ? [] : places).toEqual([])
  })

  it("a function of another file is told of where it is, and by its name where it is called", () => {
    const files = {
      "lib/http.ts": `export const send = (url, init) => fetch(url, init)\nexport const place = (order) => fetch("https://api.vapi.ai/call", { method: "POST", body: order })`,
      "app.ts": `import { send, place } from "./lib/http"\nsend("https://api.vapi.ai/call", { method: "POST" })\nplace(order)`
    }
    expect(placesAt("lib/http.ts", files)).toEqual(["2 vapi place"])
    expect(placesAt("app.ts", files)).toEqual(["2 vapi place likely"])
  })

  it("a file is not parsed for an import that gives nothing of a provider", () => {
    const scans = scansOf({
      "lib/voice.ts": `${SDK}const vapi = new VapiClient({ token })\nexport const place = async (order) => (await vapi.calls.create(order)).id\nexport const name = "vapi"\nexport type Call = { id: string }`,
      "app/place.ts": `import { place } from "../lib/voice"\nplace(`,
      "app/other.ts": `import { a } from "./place"`
    })
    expect([...scans.keys()]).toEqual(["lib/voice.ts"])
  })

  it("a file that imports a client and cannot be parsed is told", () => {
    const scans = scansOf({ "vapi.ts": MADE, "app.ts": `import { vapi } from "./vapi"\nvapi.calls.list(=` })
    expect(scans.get("app.ts")).toEqual({ path: "app.ts" })
  })
})

describe("files that import each other", () => {
  it("in a circle end, with what is there", () => {
    const files = {
      "a.ts": `export * from "./b"\nexport { x } from "./b"\nimport { y } from "./b"\nexport { y }\nexport default y`,
      "b.ts": `export * from "./a"\nexport * from "./vapi"\nexport { x, y } from "./a"`,
      "vapi.ts": `import { a } from "./a"\n${MADE}\nexport const self = () => self() ?? a`,
      "me.ts": `export * from "./me"\nexport { vapi } from "./a"\nimport * as me from "./me"\nme.vapi.calls.list()\nme.me.vapi.calls.list()`
    }
    expect(placesAt("me.ts", files)).toEqual(["4 vapi list"])
    expect(
      placesAt("app.ts", {
        ...files,
        "app.ts": `import d, { x, y, vapi, self } from "./a"\nx.calls.list()\ny()\nd.z\nself()\n${LIST}`
      })
    ).toEqual(["6 vapi list"])
  })

  it("each with every other are gone through once", () => {
    const count = 60
    const stars = Array.from({ length: count }, (_, index) => `export * from "./f${index}"`).join("\n")
    const files = Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}.ts`, stars]))
    const app = `import { vapi, none } from "./f0"\nnone.calls.list()\n${LIST}`
    expect(placesAt("app.ts", { ...files, "f59.ts": `${stars}\n${MADE}`, "app.ts": app })).toEqual(["3 vapi list"])
  })
})

const trapsAt = (path: string, files: Files): ReadonlyArray<string> =>
  (scansOf(files).get(path)?.findings ?? []).flatMap(({ traps }) =>
    traps.map(({ line, kind, grade, says }) => `${line} ${kind} ${grade}: ${says}`)
  )

describe("traps of a client that another file makes", () => {
  const app = (order: string) => `import { vapi } from "./vapi"\n\nvapi.calls.create(${order})`
  const made = (options: string) =>
    `${SDK}const RETRIES = 0\nconst options = ${options}\n\n\nexport const vapi = new VapiClient(options)`
  const order = `{ assistantId, phoneNumberId, customer, name }`

  it("are told where it is used, by what it was made with", () => {
    expect(trapsAt("app.ts", { "vapi.ts": made("{ token }"), "app.ts": app(order) })).toEqual([
      expect.stringContaining("3 rings_twice certain: the client, which another file makes, sends a placement again")
    ])
    expect(trapsAt("app.ts", { "vapi.ts": made("{ token, maxRetries: 0 }"), "app.ts": app(order) })).toEqual([])
    expect(trapsAt("app.ts", { "vapi.ts": made("load()"), "app.ts": app(order) })).toEqual([
      expect.stringContaining("3 rings_twice likely")
    ])
  })

  it("of an order that another file writes are not told: it may be changed there", () => {
    const files = {
      "vapi.ts": `${MADE}\nexport const order = { metadata: 1 }\nexport const more = () => ({ metadata: 1 })`,
      "app.ts": `import { vapi, order, more } from "./vapi"\nvapi.calls.create(order)\nvapi.calls.create(more())\nvapi.calls.create({ ...order })`
    }
    expect(trapsAt("app.ts", files).filter((each) => !each.includes("rings_twice"))).toEqual([])
    expect(placesAt("app.ts", files)).toEqual(["2 vapi place", "3 vapi place", "4 vapi place"])
  })

  it("of the words of its statuses are told, though the file does not name the provider", () => {
    const files = {
      "lib.ts": MADE,
      "app.ts": `import { vapi } from "./lib"\nconst call = await vapi.calls.get({ id })\nswitch (call.status) {\n  case "queued": break\n  case "ringing": break\n  case "in-progress": break\n}`
    }
    expect(placesAt("app.ts", files)).toEqual(["2 vapi get", "3 vapi status likely"])
  })
})

it("no text of another file is shown but what is an address", () => {
  const secret = "correcthorse"
  const files = {
    "lib.ts": `${MADE}\nexport const API = "https://api.vapi.ai"\nexport const KEY = "${secret}"\nexport const keys = { key: "${secret}" }\nexport const key = () => "${secret}"\nexport const use = vapi["${secret}"]`,
    "app.ts": `import { API, KEY, keys, key, use } from "./lib"\nfetch(\`\${API}/x/\${KEY}\`)\nfetch(\`\${API}/x/\${keys.key}\`)\nfetch(\`\${API}/x/\${key()}\`)\nuse.some()`
  }
  const shown = JSON.stringify([...scansOf(files).values()])
  expect(shown).toContain("GET /x/…")
  expect(shown).not.toContain(secret)
})
