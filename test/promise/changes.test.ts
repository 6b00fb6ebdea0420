import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { CallsClosed, ChangesForgotten, InvalidRequest, openCalls } from "../../adapters/promise.ts"
import type { CallChange, ChangesOptions, ChangesSettings } from "../../adapters/promise.ts"
import { sqliteFeed } from "../../src/node/fileHandles.ts"
import { collect, KEY, order, twinsInProcess } from "./inProcessFetch.ts"

const opened = async (changes: ChangesSettings | undefined = {}) => {
  const twins = twinsInProcess()
  const calls = await openCalls({ revring: { apiKey: KEY }, fetch: twins.fetch, changes })
  const place = (reference: string) => calls.place({ ...order("revring"), provider: undefined, reference })
  const drained = (options: ChangesOptions) => collect(calls.changes({ follow: false, ...options }))
  return { twins, calls, place, drained, [Symbol.asyncDispose]: () => calls.close() }
}

const told = (changes: ReadonlyArray<CallChange>) => changes.map(({ change, reference }) => `${change} ${reference}`)

const failureOf = async (attempt: Promise<unknown>): Promise<unknown> => {
  try {
    await attempt
  } catch (error) {
    return error
  }
  throw new Error("nothing was wrong")
}

describe("changes", () => {
  it("come one after the other, and after a break from the one that had not been dealt with", async () => {
    await using site = await opened()
    const { calls, place, drained } = site
    await place("lead-1")
    await place("lead-2")
    for await (const { reference } of calls.changes({ consumer: "crm" })) if (reference === "lead-2") break
    expect(told(await drained({ consumer: "crm" }))).toEqual(["accepted lead-2"])
    expect(await drained({ consumer: "crm" })).toEqual([])
    expect(told(await drained({ after: 0 }))).toEqual(["accepted lead-1", "accepted lead-2"])
  })

  it("come as they happen, with the call for who asks for it", async () => {
    await using site = await opened()
    const { calls, place, twins } = site
    const words: Array<string> = []
    const consuming = (async () => {
      for await (const { change, call } of calls.changes({ consumer: "crm", content: "read" })) {
        words.push(`${change} ${call?.status}`)
        if (change === "ended") return
      }
    })()
    const placed = await place("lead-1")
    twins.pass(600)
    if (placed.state === "accepted") await calls.get(placed.call)
    await consuming
    expect(words.at(-1)).toBe("ended completed")
    expect(words.map((word) => word.split(" ")[0])).toEqual(["accepted", "dialing", "answered", "ended"])
  })

  it("survive the process in a file, and so does how far a consumer has come", async () => {
    const folder = mkdtempSync(join(tmpdir(), "unicall-changes-"))
    const feed = () => ({ feed: sqliteFeed(join(folder, "changes.sqlite")) })
    try {
      {
        await using site = await opened(feed())
        await site.place("lead-1")
        await site.place("lead-2")
        for await (const { reference } of site.calls.changes({ consumer: "crm" })) if (reference === "lead-2") break
      }
      await using site = await opened(feed())
      expect(told(await site.drained({ consumer: "crm" }))).toEqual(["accepted lead-2"])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it("end with the calls, and with a signal", async () => {
    const { calls } = await opened()
    const closed = failureOf(collect(calls.changes({ consumer: "crm" })))
    const aborted = failureOf(
      collect(calls.changes({ consumer: "audit", signal: AbortSignal.abort(new Error("enough")) }))
    )
    expect(await aborted).toMatchObject({ message: "enough" })
    await calls.close()
    expect(await closed).toBeInstanceOf(CallsClosed)
  })

  it("that are not kept are a failure of its own", async () => {
    await using site = await opened()
    const failure = await failureOf(site.drained({ after: 7 }))
    expect(failure).toBeInstanceOf(ChangesForgotten)
    expect(failure).toMatchObject({ reason: "ChangesForgotten", operation: "changes", asked: 8, next: 1 })
    expect(JSON.parse(JSON.stringify(failure))).toMatchObject({ asked: 8, next: 1 })
  })

  it("are refused by name where nothing was opened for them, or something is not as it must be", async () => {
    await using without = await opened(undefined)
    const bare = await openCalls({ revring: { apiKey: KEY }, fetch: without.twins.fetch })
    expect(await failureOf(collect(bare.changes({ consumer: "crm" })))).toMatchObject({
      reason: "InvalidRequest",
      field: "changes"
    })
    await bare.close()
    await using site = await opened()
    const fieldOf = async (options: unknown) => {
      const failure = await failureOf(collect(Reflect.apply(site.calls.changes, undefined, [options])))
      return failure instanceof InvalidRequest ? failure.field : failure
    }
    expect(await fieldOf({})).toBe("consumer")
    expect(await fieldOf({ consumer: "crm", after: 3 })).toBe("consumer")
    expect(await fieldOf({ consumer: "" })).toBe("consumer")
    expect(await fieldOf({ after: -1 })).toBe("after")
    expect(await fieldOf({ consumer: "crm", from: "start" })).toBe("from")
    expect(await fieldOf({ consumer: "crm", everySeconds: 0 })).toBe("everySeconds")
    expect(await fieldOf({ consumer: "crm", name: 1 })).toBe("name")
    const opening = (changes: object) =>
      failureOf(Reflect.apply(openCalls, undefined, [{ revox: { apiKey: KEY }, changes }]))
    expect(await opening({ feed: "changes.sqlite" })).toMatchObject({ field: "changes.feed" })
    expect(await opening({ sweepSeconds: 0 })).toMatchObject({ field: "changes.sweepSeconds" })
  })
})
