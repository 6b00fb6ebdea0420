/** `unicall switch scan` as a user runs it: what it reads, what it leaves out, and that no text of the code is shown. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { unicall } from "./unicall.ts"

const KEY = "sk_live_51Hn0tAKeyButLikeOne"
/** A password may be a word. */
const LETTERS = "correcthorsebattery"

const files: Readonly<Record<string, string>> = {
  "src/place.ts": `const key = "${KEY}"
const BASE = "https://api.vapi.ai"
export const place = (number: string) =>
  fetch(\`\${BASE}/call\`, {
    method: "POST",
    headers: { authorization: "Bearer ${KEY}" },
    body: JSON.stringify({ assistantId: "${KEY}", customer: { number }, "${KEY}": 1, metadata: { note: "${KEY}" } })
  })
export const other = () => fetch(\`\${BASE}/call/${KEY}/${KEY}?token=${KEY}\`)
export const hidden = () => fetch("https://${KEY}@api.vapi.ai/call")
export const by = () => fetch(\`\${BASE}/nothing\`, { method: "${KEY}" })
`,
  "src/client.ts": `import { VapiClient } from "@vapi-ai/server-sdk"
const client = new VapiClient({ token: "${KEY}", maxRetries: "${KEY}" })
client.calls["${LETTERS}"]({})
const order: Record<string, unknown> = { assistantId }
order["${KEY}"] = order["${LETTERS}"] = 1
client.calls.create(order)
`,
  "src/hooks.js": `app.post("/${KEY}", (req, res) => { if (req.body.message.type === "end-of-call-report") save(req.body.message["${KEY}"], "${KEY}") })`,
  "src/broken.ts": `fetch("https://api.vapi.ai/call"\nconst = ${KEY}`,
  "src/unrelated.ts": `export const a = 1`,
  "src/movie.ts": `\u0000\u0001 https://api.vapi.ai/call`,
  "src/large.js": `fetch("https://api.vapi.ai/call")\n${"//\n".repeat(400_000)}`,
  "worker/call.py": `import requests\nrequests.post("https://api.vapi.ai/call", headers={"Authorization": "${KEY}"})\n`,
  "worker/other.go": `package main\n`,
  "kept/.gitignore": "*.gen.ts\n/made/\n!kept.gen.ts\n",
  "kept/a.gen.ts": `fetch("https://api.vapi.ai/call")`,
  "kept/kept.gen.ts": `fetch("https://api.vapi.ai/call")`,
  "kept/made/b.ts": `fetch("https://api.vapi.ai/call")`,
  "node_modules/x/index.js": `fetch("https://api.vapi.ai/call")`,
  "dist/app.js": `fetch("https://api.vapi.ai/call")`,
  ".cache/app.js": `fetch("https://api.vapi.ai/call")`
}

/** One file makes what the others use; none of those names the provider. */
const shop: Readonly<Record<string, string>> = {
  "lib/voice.ts": `import { VapiClient } from "@vapi-ai/server-sdk"\nexport const client = new VapiClient({ token: "${KEY}" })\n`,
  "lib/index.ts": `export { client as voice } from "./voice.js"\nexport const key = "${KEY}"\n`,
  "app/order.ts": `import { voice, key } from "../lib"\nvoice.calls.create({ assistantId: key, name: "${KEY}" })\n`,
  "app/read.js": `const { voice } = require("@/lib/index.js")\nmodule.exports = (id) => voice.calls.get({ id })\n`,
  "app/broken.ts": `import { voice } from "../lib"\nvoice.calls.list(=`,
  "app/other.ts": `import { place } from "./order"\nplace(=`
}

const written = (all: Readonly<Record<string, string>>): string => {
  const made = mkdtempSync(join(tmpdir(), "unicall-scan-"))
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(made, name)), { recursive: true })
    writeFileSync(join(made, name), text)
  }
  return made
}

let folder = ""
let shopFolder = ""

beforeAll(() => {
  folder = written(files)
  shopFolder = written(shop)
  symlinkSync(folder, join(folder, "src", "loop"), "junction")
})

afterAll(() => {
  for (const made of [folder, shopFolder]) rmSync(made, { recursive: true, force: true })
})

describe("unicall switch scan", () => {
  it("tells place by place, then a summary", async () => {
    const { code, stdout, stderr } = await unicall(folder, ["switch", "scan", "src"])
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(stdout).toContain('place.ts\n  4:3  Vapi: POST /call (place)\n      → await calls.place({ provider: "vapi"')
    expect(stdout).toContain("! certain, line 7: Vapi has no field metadata")
    expect(stdout).toContain("in 3 files of 6 JavaScript and TypeScript files")
    expect(stdout).toContain("could not be parsed: broken.ts")
    expect(stdout).toContain("not read: large.js (larger than 1 MB)")
    expect(stdout).toMatch(/mentioned, in code that was not understood:\n {2}broken\.ts:1 {2}Vapi, in JavaScript/)
  })

  it("prints one document, with other languages by their number and mentions", async () => {
    const { code, stdout } = await unicall(folder, ["switch", "scan", ".", "--json"])
    expect(code).toBe(0)
    const read = JSON.parse(stdout)
    expect(Object.keys(read)).toEqual([
      "findings",
      "mentions",
      "notParsed",
      "notRead",
      "filesScanned",
      "otherLanguages"
    ])
    expect(read.findings[0]).toMatchObject({
      file: "kept/kept.gen.ts",
      line: 1,
      column: 1,
      provider: "vapi",
      kind: "request",
      operation: "list",
      grade: "certain"
    })
    expect(read.mentions).toContainEqual({ file: "worker/call.py", line: 2, provider: "vapi", language: "Python" })
    expect(read.otherLanguages).toEqual({ Python: 1, Go: 1 })
    const found: ReadonlyArray<{ readonly file: string }> = read.findings
    expect([...new Set(found.map(({ file }) => file))]).toEqual([
      "kept/kept.gen.ts",
      "src/client.ts",
      "src/hooks.js",
      "src/place.ts"
    ])
  })

  it("shows no text of the code but addresses of providers: it may be a key", async () => {
    for (const more of [[], ["--json"]]) {
      const { stdout, stderr } = await unicall(folder, ["switch", "scan", ".", ...more])
      expect(stdout).toContain("POST /call")
      expect(stdout + stderr).not.toMatch(/sk_live|correcthorse/i)
    }
  })

  it("follows a client into the files that import it", async () => {
    const { code, stdout, stderr } = await unicall(shopFolder, ["switch", "scan", "."])
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(stdout).toContain("app/order.ts\n  2:1  Vapi: calls.create of @vapi-ai/server-sdk (place)")
    expect(stdout).toContain("! certain, line 2: the client, which another file makes, sends a placement again")
    expect(stdout).toContain("app/read.js\n  2:26  Vapi: calls.get of @vapi-ai/server-sdk (get)")
    expect(stdout).toContain("lib/voice.ts\n  2:23  Vapi: a client of @vapi-ai/server-sdk")
    expect(stdout).toContain("3 places in 3 files of 6 JavaScript and TypeScript files")
    expect(stdout).toContain("could not be parsed: app/broken.ts\n")
    expect(stdout).not.toMatch(/sk_live/i)
  })

  it("takes a single file", async () => {
    const { code, stdout } = await unicall(folder, ["switch", "scan", "src/hooks.js"])
    expect({ code, first: stdout.split("\n")[0] }).toEqual({ code: 0, first: "hooks.js" })
  })

  it("says that there is nothing", async () => {
    const { code, stdout } = await unicall(folder, ["switch", "scan", "src/unrelated.ts"])
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: "0 places in 0 files of 1 JavaScript and TypeScript files\n0 traps\n"
    })
  })

  it("refuses a folder that is not there", async () => {
    const { code, stdout, stderr } = await unicall(folder, ["switch", "scan", "nowhere"])
    expect({ code, stdout, stderr: stderr.trim() }).toEqual({
      code: 3,
      stdout: "",
      stderr: expect.stringContaining("nowhere: no such file or folder")
    })
  })
})
