/** An outbox of calls that are opened with promises: from the placement to a receiver, over a restart. */
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { openCalls } from "../../adapters/promise.ts"
import { sqliteFeed } from "../../src/node/fileHandles.ts"
import { httpOutbox } from "../../src/node/HttpOutbox.ts"
import { KEY, order, twinsInProcess } from "./inProcessFetch.ts"

const folder = mkdtempSync(join(tmpdir(), "unicall-outbox-"))
const opened: Array<() => Promise<unknown>> = []
afterAll(async () => {
  for (const close of opened.toReversed()) await close()
  rmSync(folder, { recursive: true, force: true })
})

const secrets = `whsec_${"A".repeat(32)}`

/** A receiver whose messages are waited for. */
const openReceiver = async (answer: (response: ServerResponse) => void) => {
  const messages: Array<{
    readonly type: string
    readonly data: { readonly position: number; readonly reference: string }
  }> = []
  const server = createServer((request, response) => {
    let body = ""
    request.setEncoding("utf8")
    request.on("data", (chunk: string) => (body += chunk))
    request.on("end", () => {
      messages.push(JSON.parse(body))
      answer(response)
      server.emit("message")
    })
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  opened.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("no port")
  const { port } = address satisfies AddressInfo
  /** Until one about this reference has come; each once. */
  const untilOne = async (about: string) => {
    while (!messages.some(({ data }) => data.reference === about)) await once(server, "message")
    return [...new Set(messages.map(({ type, data }) => `${type} ${data.reference}`))]
  }
  return { url: `http://127.0.0.1:${port}/hooks`, untilOne }
}

const open = async (url: string, file: string) => {
  const warnings: Array<string> = []
  const crm = { url, secrets, allowPrivate: true, only: ["accepted"] } as const
  const calls = await openCalls({
    revox: { apiKey: KEY },
    fetch: twinsInProcess().fetch,
    changes: { feed: sqliteFeed(join(folder, file)), outbox: httpOutbox({ crm }) },
    onWarning: (message) => void warnings.push(message)
  })
  opened.push(() => calls.close())
  return { calls, warnings }
}

const orderOf = (reference: string) => ({ ...order("revox", "00"), reference })

describe("an outbox", () => {
  it("posts what is placed, and goes on after a restart", async () => {
    const receiver = await openReceiver((response) => response.writeHead(204).end())
    const { calls, warnings } = await open(receiver.url, "restart.sqlite")
    await calls.place(orderOf("lead-1"))
    expect(await receiver.untilOne("lead-1")).toEqual(["call.accepted lead-1"])
    await calls.close()
    expect(warnings).toEqual([])

    const again = await open(receiver.url, "restart.sqlite")
    await again.calls.place(orderOf("lead-2"))
    // The first may come again: the process may have ended before its being taken was written down.
    expect(await receiver.untilOne("lead-2")).toEqual(["call.accepted lead-1", "call.accepted lead-2"])
    await again.calls.close()
  })

  it("warns where a receiver takes nothing, and closes all the same", async () => {
    const receiver = await openReceiver((response) => response.writeHead(500).end())
    const { calls, warnings } = await open(receiver.url, "refused.sqlite")
    await calls.place(orderOf("lead-3"))
    await receiver.untilOne("lead-3")
    while (warnings.length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect(warnings[0]).toMatch(/^outbox crm: change \d+ \(accepted\) was not taken \(HTTP 500\), again in [56]s$/)
    await calls.close()
  })
})

it("is no outbox where it is none", async () => {
  const options: object = { revox: { apiKey: KEY }, changes: { outbox: { crm: "https://crm.example" } } }
  await expect(openCalls(options)).rejects.toMatchObject({ reason: "InvalidRequest", field: "changes.outbox" })
})
