/** What docs/webhooks.md shows under frameworks takes webhooks there, as it is written. */
import { spawnSync } from "node:child_process"
import { afterAll, expect, it } from "vitest"
import { blocks, makeWorkspace } from "./workspace.ts"

const workspace = makeWorkspace()
afterAll(workspace.remove)

const FILE = /^\/\/ file: (\S+)\n/

/** Sends to each of them what it must take, and what it must not; prints the answers. */
const PROGRAM = `
import { createServer } from "node:http"
import { once } from "node:events"
import express from "express"
import { webhookListener } from "unicall/node"
import { calls } from "./calls.ts"
import { POST } from "./app/webhooks/[provider]/route.ts"
import { app as hono } from "./hono.ts"
import { app as expressApp } from "./express.ts"

const message = (id) => ({
  method: "POST",
  body: JSON.stringify({ call_order_id: id, call_id: "a", status: "completed" }),
  headers: { "content-type": "application/json" }
})
const serving = async (app) => {
  const server = createServer(app).listen(0, "127.0.0.1")
  await once(server, "listening")
  return (path, init) => fetch("http://127.0.0.1:" + server.address().port + path, init)
}
const tried = async (name, send) => {
  const answers = [await send("/webhooks/revox", message(name)), await send("/webhooks/vapi", message(name))]
  answers.push(await send("/webhooks/revox", { ...message(name), body: "{" }))
  const entry = await calls.inbox.show("revox:" + name)
  console.log(JSON.stringify([name, ...answers.map(({ status }) => status), entry?.orderId]))
}
await tried("next", (path, init) => POST(new Request("http://localhost" + path, init)))
await tried("hono", (path, init) => hono.request(path, init))
const send = await serving(expressApp)
await tried("express", send)
console.log(JSON.stringify(["other", (await send("/other", message("other"))).status]))
const wrong = express()
wrong.use(express.json())
wrong.use("/webhooks", webhookListener(calls))
const answer = await (await serving(wrong))("/webhooks/revox", message("parsed"))
console.log(JSON.stringify(["parsed before", answer.status, await answer.text()]))
process.exit()
`

it("takes webhooks under Next.js, Hono and Express", () => {
  for (const { text } of blocks.filter(({ name }) => name.startsWith("docs/webhooks.md"))) {
    const file = FILE.exec(text)?.[1]
    if (file !== undefined) workspace.write(file, text)
  }
  workspace.write("program.ts", PROGRAM)
  const { stdout, stderr } = spawnSync(process.execPath, ["program.ts"], { cwd: workspace.path, encoding: "utf8" })
  expect(stderr).toBe("")
  expect(
    stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
  ).toEqual([
    ["next", 200, 404, 400, "next"],
    ["hono", 200, 404, 400, "hono"],
    ["express", 200, 404, 400, "express"],
    ["other", 404],
    ["parsed before", 503, "the body has been read: put webhookListener before whatever parses bodies\n"]
  ])
})
