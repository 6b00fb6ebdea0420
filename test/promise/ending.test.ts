import { spawn } from "node:child_process"
import { getEventListeners } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { CallFailure, type Calls, CallsClosed, JournalFailure, openCalls } from "../../adapters/promise.ts"
import { makeRevoxTwin } from "../../adapters/revox/Twin.ts"
import { sqliteJournal } from "../../src/node/fileHandles.ts"
import { listen } from "../../src/twin/server.ts"
import { collect, KEY, numberOf, order, type TwinsInProcess, twinsInProcess } from "./inProcessFetch.ts"

const NEVER_ENDS = "62"

const DONE = { done: true, value: undefined }

const CLOSED = { status: "rejected", reason: { name: "CallsClosed" } }

interface Handle {
  readonly twins: TwinsInProcess
  readonly calls: Calls<"revox" | "revring">
}

const opened = async (faults = ""): Promise<Handle> => {
  const twins = twinsInProcess(faults)
  const calls = await openCalls({
    revox: { apiKey: KEY },
    revring: { apiKey: KEY },
    fetch: twins.fetch,
    poll: { firstSeconds: 0.001, longestSeconds: 0.002 }
  })
  return { twins, calls }
}

const providers = ["revox", "revring"] as const

const placed = async ({ calls }: Handle, provider: (typeof providers)[number] = "revox") => {
  const result = await calls.place(order(provider, NEVER_ENDS))
  if (result.state !== "accepted") throw new Error("not accepted")
  return result.call
}

/** How often a call has been looked at, and the next look at any. */
const lookingAt = ({ twins }: Handle, provider: (typeof providers)[number]) => ({
  looksAt: (id: string): number =>
    twins[provider].requests.filter(
      ({ operation, path, body }) => operation !== "place" && (path.includes(id) || body.includes(id))
    ).length,
  looked: () => twins.next(provider === "revox" ? "get" : "batch")
})

const LONG = { deadlineSeconds: 3600 }

/** A signal, and how often it is listened to. */
const watched = (): {
  readonly signal: AbortSignal
  readonly abort: (reason: unknown) => void
  readonly listeners: () => number
} => {
  const controller = new AbortController()
  const { signal } = controller
  return {
    signal,
    abort: (reason) => controller.abort(reason),
    listeners: () => getEventListeners(signal, "abort").length
  }
}

describe("an aborted signal", () => {
  it("lets nothing begin", async () => {
    const handle = await opened()
    await using calls = handle.calls
    const reason = new Error("not today")
    const signal = AbortSignal.abort(reason)
    const call = "revox:x"
    const attempts = [
      calls.place(order("revox"), { signal }),
      calls.dryRun(order("revox"), { signal }),
      calls.get(call, { signal }),
      calls.cancel(call, { signal }),
      calls.awaitEnd(call, { ...LONG, signal }),
      calls.reconcile("lead-7", { signal }),
      calls.reconcileStale({ olderThanSeconds: 0, signal }),
      calls.release("lead-7", { signal }),
      calls.check({ provider: "revox", signal }),
      collect(calls.list({ provider: "revox", signal })),
      collect(calls.watch(call, { ...LONG, signal }))
    ]
    const results = await Promise.allSettled(attempts)
    expect(results).toEqual(attempts.map(() => ({ status: "rejected", reason })))
    expect(handle.twins.revox.requests).toEqual([])
  })

  it.each(providers)("ends what is under way on %s with its reason, whatever that is", async (provider) => {
    const handle = await opened("get:hang,batch:hang")
    await using calls = handle.calls
    const call = await placed(handle, provider)
    for (const begin of [
      (signal: AbortSignal) => calls.get(call, { signal }),
      (signal: AbortSignal) => calls.cancel(call, { signal })
    ]) {
      const asked = handle.twins.next("get")
      const { signal, abort, listeners } = watched()
      const attempt = begin(signal)
      await asked
      expect(listeners()).toBe(1)
      abort("enough")
      await expect(attempt).rejects.toBe("enough")
      expect(listeners()).toBe(0)
    }
  })

  it.each(providers)("ends waiting on %s, and the call is not looked at any more", async (provider) => {
    const handle = await opened()
    await using calls = handle.calls
    const { looksAt, looked } = lookingAt(handle, provider)
    const call = await placed(handle, provider)
    const { signal, abort, listeners } = watched()
    const waiting = calls.awaitEnd(call, { ...LONG, signal })
    await looked()
    abort(undefined)
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" })
    expect(listeners()).toBe(0)

    const other = await calls.place(order(provider, NEVER_ENDS, "lead-8"))
    if (other.state !== "accepted") throw new Error("not accepted")
    const ended = calls.awaitEnd(other.call, LONG).catch((error: unknown) => error)
    await looked()
    const before = looksAt(call.id)
    for (let look = 0; look < 5; look++) await looked()
    expect(looksAt(other.call.id)).toBeGreaterThan(4)
    expect(looksAt(call.id)).toBe(before)
    await calls.close()
    expect(await ended).toBeInstanceOf(CallsClosed)
  })

  it("ends a loop, even while it is busy with a record", async () => {
    const handle = await opened()
    await using calls = handle.calls
    const call = await placed(handle)
    const { signal, abort, listeners } = watched()
    const seen: Array<string> = []
    const loop = async () => {
      for await (const { status } of calls.watch(call, { ...LONG, signal })) {
        seen.push(status)
        abort("enough")
      }
    }
    await expect(loop()).rejects.toBe("enough")
    expect(seen).toEqual(["queued"])
    expect(listeners()).toBe(0)
  })

  it("ends the waiting for a placement, not the placement", async () => {
    const handle = await opened("place:delay=0")
    const { calls, twins } = handle
    const controller = new AbortController()
    const asked = twins.next("place")
    const placing = calls.place(order("revox"), { signal: controller.signal })
    await asked
    controller.abort()
    await expect(placing).rejects.toMatchObject({ name: "AbortError" })
    expect(await calls.place(order("revox"))).toMatchObject({ state: "accepted", already: true })
    expect(twins.revox.orders).toHaveLength(1)
    await calls.close()
  })

  it("is not listened to once the operation is over", async () => {
    const handle = await opened()
    await using calls = handle.calls
    const { signal, abort, listeners } = watched()
    const result = await calls.place(order("revox"), { signal })
    await calls.get("revox:x", { signal }).catch(() => undefined)
    await collect(calls.list({ provider: "revox", signal }))
    expect([result.state, listeners()]).toEqual(["accepted", 0])
    abort("late")
  })
})

describe("a loop that is left", () => {
  it.each(providers)("releases everything on %s", async (provider) => {
    const handle = await opened()
    await using calls = handle.calls
    const call = await placed(handle, provider)
    const { signal, listeners } = watched()
    for await (const { id } of calls.watch(call, { ...LONG, signal })) {
      expect([id, listeners()]).toEqual([call.id, 1])
      break
    }
    expect(listeners()).toBe(0)
    handle.twins.pass(60)
    for await (const record of calls.list({ provider: "revring", signal })) {
      expect(record.provider).toBe("revring")
      break
    }
    expect(listeners()).toBe(0)
    await expect(
      (async () => {
        for await (const _ of calls.watch(call, { ...LONG, signal })) throw new Error("ours")
      })()
    ).rejects.toThrow("ours")
    expect(listeners()).toBe(0)
  })

  it("may be left while it waits, and gives nothing more", async () => {
    const handle = await opened()
    await using calls = handle.calls
    const call = await placed(handle)
    const iterator = calls.watch(call, LONG)[Symbol.asyncIterator]()
    expect((await iterator.next()).value).toMatchObject({ status: "queued" })
    const [second, third] = [iterator.next(), iterator.next()]
    expect(await iterator.return?.()).toEqual(DONE)
    expect(await Promise.all([second, third])).toEqual([DONE, DONE])
    expect(await iterator.next()).toEqual(DONE)
  })

  it("answers in turn whoever asks for several records at once", async () => {
    const handle = await opened()
    await using calls = handle.calls
    for (const reference of ["lead-7", "lead-8"]) {
      await calls.place(order("revring", NEVER_ENDS, reference))
      handle.twins.pass(1)
    }
    const listing = calls.list({ provider: "revring" })
    const inTurn = await collect(listing)
    const requests = handle.twins.revring.requests.length
    const iterator = listing[Symbol.asyncIterator]()
    const atOnce = await Promise.all([iterator.next(), iterator.next(), iterator.next()])
    expect(atOnce).toEqual([...inTurn.map((value) => ({ done: false, value })), DONE])
    expect(handle.twins.revring.requests.length - requests).toBe(requests - 2)
  })

  it("before it began has asked nothing", async () => {
    const handle = await opened()
    await using calls = handle.calls
    const iterator = calls.list({ provider: "revox" })[Symbol.asyncIterator]()
    await iterator.return?.()
    expect(await iterator.next()).toEqual(DONE)
    expect(handle.twins.revox.requests).toEqual([])
  })
})

describe("closing", () => {
  it.each(providers)("ends what waits on %s, and says so", async (provider) => {
    const handle = await opened("get:hang~1")
    const { calls, twins } = handle
    const call = await placed(handle, provider)
    const awaiting = calls.awaitEnd(call, LONG)
    const iterator = calls.watch(call, LONG)[Symbol.asyncIterator]()
    await iterator.next()
    const changing = iterator.next()
    const results = Promise.allSettled([awaiting, changing])
    await calls.close()
    expect(await results).toMatchObject([CLOSED, CLOSED])
    expect(await iterator.next()).toEqual(DONE)
    expect(twins.underWay()).toBe(0)
  })

  it("is no mistake twice, and everything after it is refused", async () => {
    const { calls, twins } = await opened()
    await Promise.all([calls.close(), calls.close()])
    await calls.close()
    await calls[Symbol.asyncDispose]()
    const call = "revox:x"
    const attempts = [
      calls.place(order("revox")),
      calls.dryRun(order("revox")),
      calls.get(call),
      calls.cancel(call),
      calls.awaitEnd(call, LONG),
      calls.wake(call),
      calls.reconcile("lead-7"),
      calls.reconcileStale({ olderThanSeconds: 0 }),
      calls.release("lead-7"),
      calls.check({ provider: "revox" }),
      collect(calls.list({ provider: "revox" })),
      collect(calls.watch(call, LONG))
    ]
    for (const attempt of attempts) {
      await expect(attempt).rejects.toMatchObject({ name: "CallsClosed", message: /closed/ })
      await expect(attempt).rejects.not.toBeInstanceOf(CallFailure)
    }
    expect(twins.revox.requests).toEqual([])
  })

  it("lets placements under way have their result", async () => {
    const { calls, twins } = await opened()
    const placing = calls.place(order("revring"))
    await calls.close()
    expect(await placing).toMatchObject({ state: "accepted", already: false })
    expect(twins.revring.orders).toHaveLength(1)
  })
})

const withFolder = async (test: (folder: string) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), "unicall-promise-"))
  try {
    await test(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe("a journal in a file", () => {
  it("knows in the next process what was placed in this one", () =>
    withFolder(async (folder) => {
      const journal = sqliteJournal(join(folder, "calls.sqlite"))
      const { fetch, revox } = twinsInProcess()
      const options = { revox: { apiKey: KEY }, journal, fetch }
      const first = await openCalls(options)
      await first.place(order("revox"))
      await first.close()
      await using second = await openCalls(options)
      expect(await second.place(order("revox"))).toMatchObject({ state: "accepted", already: true })
      expect(revox.orders).toHaveLength(1)
    }))

  it("holds as uncertain what closing could not wait for", () =>
    withFolder(async (folder) => {
      const journal = sqliteJournal(join(folder, "calls.sqlite"))
      const twins = twinsInProcess("place:hang")
      const options = { revox: { apiKey: KEY }, journal, fetch: twins.fetch }
      const first = await openCalls(options)
      const asked = twins.next("place")
      const placing = first.place(order("revox"))
      const refused = placing.catch((error: unknown) => error)
      await asked
      await first.close({ withinSeconds: 0 })
      expect(await refused).toBeInstanceOf(CallsClosed)
      await using second = await openCalls(options)
      const again = await second.place(order("revox"))
      expect(again).toMatchObject({ state: "uncertain", because: "Interrupted" })
      expect(twins.revox.requests).toHaveLength(1)
    }))

  it("is told of a placement that nobody waits for any more, before it is closed", () =>
    withFolder(async (folder) => {
      const journal = sqliteJournal(join(folder, "calls.sqlite"))
      const twins = twinsInProcess()
      const answering = Promise.withResolvers<void>()
      const options = { revox: { apiKey: KEY }, journal }
      const first = await openCalls({
        ...options,
        fetch: async (...request) => {
          const answer = await twins.fetch(...request)
          await answering.promise
          return answer
        }
      })
      const controller = new AbortController()
      const asked = twins.next("place")
      const placing = first.place(order("revox"), { signal: controller.signal })
      await asked
      controller.abort()
      await expect(placing).rejects.toMatchObject({ name: "AbortError" })
      const closed = first.close()
      answering.resolve()
      await closed
      await using second = await openCalls({ ...options, fetch: twins.fetch })
      expect(await second.place(order("revox"))).toMatchObject({ state: "accepted", already: true })
      expect(twins.revox.orders).toHaveLength(1)
    }))

  it("that cannot be opened is a failure of its own", () =>
    withFolder(async (folder) => {
      const attempt = openCalls({ revox: { apiKey: KEY }, journal: sqliteJournal(folder) })
      await expect(attempt).rejects.toBeInstanceOf(JournalFailure)
      await expect(attempt).rejects.toMatchObject({ operation: "open" })
      expect(() => sqliteJournal("")).toThrow(/path of a file/)
    }))
})

interface Ended {
  readonly code: number | null
  readonly output: string
}

/** A program of its own, which is expected to end by itself. */
const runProgram = (lines: ReadonlyArray<string>, baseUrl: string): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const entry = JSON.stringify(new URL("../../adapters/promise.ts", import.meta.url).href)
    const program = [`import { openCalls } from ${entry}`, ...lines].join("\n")
    const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
      env: { ...process.env, REVOX_API_KEY: KEY, REVOX_BASE_URL: baseUrl, REVRING_API_KEY: "" },
      stdio: ["ignore", "pipe", "pipe"]
    })
    let output = ""
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)))
    child.on("error", reject)
    child.on("close", (code) => resolve({ code, output }))
  })

const PLACE = `await calls.place({ to: "${numberOf(NEVER_ENDS)}", agent: { id: "agent-1" }, reference: "lead-7" })`

describe("a program", () => {
  it.each([
    [
      "that closes",
      ["calls.awaitEnd(placed.call, { deadlineSeconds: 3600 }).catch(() => undefined)", "await calls.close()"]
    ],
    ["that does not close", []],
    ["that leaves a loop", ["for await (const _ of calls.watch(placed.call, { deadlineSeconds: 3600 })) break"]]
  ])("%s ends by itself, and prints nothing of its own", async (_, lines) => {
    const twin = makeRevoxTwin({ apiKey: KEY })
    const server = await listen(twin)
    try {
      const open = "const calls = await openCalls.fromEnvironment()"
      const program = [open, `const placed = ${PLACE}`, ...lines, "console.log(placed.state)"]
      expect(await runProgram(program, `${server.url}/api`)).toEqual({ code: 0, output: "accepted\n" })
      expect(twin.orders).toHaveLength(1)
    } finally {
      await server.close()
    }
  })
})
