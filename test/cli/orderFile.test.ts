/** Order files that are no plain files, or not finished. */
import { spawnSync } from "node:child_process"
import {
  appendFileSync,
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
  writeSync
} from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import * as Effect from "effect/Effect"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { EXIT } from "../../src/cli/ExitCode.ts"
import { whileUnchanged } from "../../src/cli/inputs/inputBytes.ts"
import type { Input } from "../../src/cli/inputs/findInputs.ts"
import { linesOf, openShell, type Shell } from "./liveShell.ts"

vi.setConfig({ testTimeout: 180_000 })

let shell: Shell

beforeEach(async () => {
  shell = await openShell()
})

afterEach(() => shell.close())

const order = (reference: string): string =>
  `${JSON.stringify({ to: "+12025550110", agent: { id: "agent-1" }, reference })}\n`

const place = (file: string): ReadonlyArray<string> => ["place", "--provider", "revox", "--order", file, "--json"]

describe.skipIf(process.platform !== "linux")("a named pipe (needs Linux)", () => {
  let pipe = ""

  beforeEach(() => {
    pipe = join(shell.folder, "orders")
    expect(spawnSync("mkfifo", [pipe]).status).toBe(0)
  })

  const links = (folder: string): ReadonlyArray<string> => {
    try {
      return readdirSync(folder).map((name) => readlinkSync(join(folder, name)))
    } catch {
      // Closed since it was listed.
      return []
    }
  }

  /** Once the process has opened the pipe. */
  const opened = async (pid: number | undefined): Promise<void> => {
    while (!links(`/proc/${pid}/fd`).includes(pipe)) await new Promise((resolve) => setImmediate(resolve))
  }

  it("can be stopped before anybody writes to it, and while whoever writes takes their time", async () => {
    const silent = shell.start(place("orders"))
    await opened(silent.child.pid)
    silent.child.kill("SIGINT")
    expect((await silent.ran).code).toBe(EXIT.interrupted)

    const slow = shell.start(place("orders"))
    await opened(slow.child.pid)
    const writer = openSync(pipe, "w")
    writeSync(writer, order("slow"))
    slow.child.kill("SIGTERM")
    expect((await slow.ran).code).toBe(EXIT.interrupted)
    closeSync(writer)
    expect(shell.revox.orders).toEqual([])
  })

  it.each([
    ["as text", (text: string) => Buffer.from(text)],
    ["compressed", (text: string) => gzipSync(text)]
  ])("is read to its end, %s", async (_, written) => {
    const running = shell.start(place("orders"))
    await opened(running.child.pid)
    const writer = openSync(pipe, "w")
    writeSync(writer, written(order("one") + order("two")))
    closeSync(writer)
    const { code, stdout } = await running.ran
    expect([code, linesOf(stdout).length]).toEqual([EXIT.ok, 2])
  })

  it("that nothing was written to holds no order", async () => {
    const running = shell.start(place("orders"))
    await opened(running.child.pid)
    closeSync(openSync(pipe, "w"))
    const { code, stderr } = await running.ran
    expect([code, stderr]).toEqual([EXIT.ok, "orders: holds no order\n"])
  })
})

it("a file without an order says so", async () => {
  writeFileSync(join(shell.folder, "empty.json"), "[]")
  const { code, stdout, stderr } = await shell.run(place("empty.json"))
  expect([code, stdout, stderr]).toEqual([EXIT.ok, "", "empty.json: holds no order\n"])
})

describe("a file that changes while it is read", () => {
  const inputAt = (path: string): Input => ({
    name: "orders.ndjson",
    givenAs: path,
    path,
    form: "json",
    size: undefined
  })

  it.each([
    ["grows", (path: string) => appendFileSync(path, order("two"))],
    ["is written anew", (path: string) => writeFileSync(path, order("two"))],
    ["has been removed", (path: string) => spawnSync("rm", [path])]
  ])("is not taken when it %s", async (_, change) => {
    const path = join(shell.folder, "orders.ndjson")
    writeFileSync(path, order("a first one"))
    const reading = whileUnchanged(
      inputAt(path),
      Effect.sync(() => change(path))
    )
    const { message } = await Effect.runPromise(Effect.flip(reading))
    expect(message).toBe("orders.ndjson: changed while it was read; nothing was done")
  })

  it("is taken when it stays", async () => {
    const path = join(shell.folder, "orders.ndjson")
    writeFileSync(path, order("one"))
    const text = await Effect.runPromise(
      whileUnchanged(
        inputAt(path),
        Effect.sync(() => readFileSync(path, "utf8"))
      )
    )
    expect(text).toBe(order("one"))
  })
})
