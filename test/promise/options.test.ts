import { describe, expect, it } from "vitest"
import { CallFailure, customJournal, InvalidRequest, makeOpenCalls, openCalls } from "../../adapters/promise.ts"
import type { Calls, OpenOptions, RevoxConnection } from "../../adapters/promise.ts"
import { revox } from "../../adapters/revox/index.ts"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { JournalHandle } from "../../src/calls/JournalHandle.ts"
import { makeMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { JournalError, PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { collect, KEY, numberOf, order, twinsInProcess } from "./inProcessFetch.ts"

const SECRET = "marked-key-8c1d"

/** Options as a program without types gives them. */
const openUnchecked = (options: unknown): Promise<unknown> => Reflect.apply(openCalls, undefined, [options])

const faultOf = async (
  attempt: Promise<unknown>
): Promise<readonly [field: string | undefined, expected: string | undefined]> => {
  try {
    await attempt
  } catch (error) {
    if (!(error instanceof InvalidRequest)) throw error
    expect(`${error.message} ${JSON.stringify(error)}`).not.toContain(SECRET)
    return [error.field, error.expected]
  }
  throw new Error("nothing was wrong")
}

describe("opening", () => {
  it.each([
    [undefined, "options", "an object"],
    [{}, "options", "revox or revring or vapi, or several"],
    [{ revox: undefined }, "options", "revox or revring or vapi, or several"],
    [
      { revx: { apiKey: SECRET } },
      "revx",
      "no option of this name; there are revox, revring, vapi, journal, fetch, ca, onWarning, tenant, sameAccount, settle, configuration, routingSecret, webhooks, changes, poll"
    ],
    [{ revox: SECRET }, "revox", "an object"],
    [{ revox: { apiKey: "k" }, tenant: "" }, "tenant", "one line of 1 to 200 characters"],
    [{ revox: { apiKey: "k" }, tenant: "two\nlines" }, "tenant", "one line of 1 to 200 characters"],
    [{ revox: { apiKey: "k" }, sameAccount: "yes" }, "sameAccount", "true or false"],
    [{ revox: { apiKey: "k" }, ca: [7] }, "ca", /PEM/],
    [{ revox: { apiKey: "k" }, ca: "certificate", fetch: globalThis.fetch }, "ca", /nothing beside fetch/],
    [{ revox: { apiKey: "k" }, ca: "certificate" }, "ca", /Node/],
    [{ revox: {} }, "revox.apiKey", "the API key, as text"],
    [{ revox: { apiKey: "" } }, "revox.apiKey", "the API key, as text"],
    [{ revox: { apiKey: `${SECRET}\n` } }, "apiKey", /one line/],
    [{ revox: { apiKey: SECRET, baseUrl: "ftp://x" } }, "baseUrl", /https/],
    [{ revox: { apiKey: SECRET, baseUrl: 3 } }, "revox.baseUrl", /address/],
    [{ revring: { apiKey: SECRET, statusesEncoding: "comma" } }, "revring.statusesEncoding", /no option of this name/],
    [{ revox: { apiKey: SECRET, searchPath: "/call" } }, "searchPath", /the path of search/],
    [{ revox: { apiKey: SECRET, searchPath: 7 } }, "revox.searchPath", /the path of search/],
    [{ revox: { apiKey: SECRET, statusesEncoding: "x" } }, "revox.statusesEncoding", "one of repeat, brackets, comma"],
    [{ revox: { apiKey: SECRET, pageSize: 0 } }, "revox.pageSize", "a whole number, 1 or more"],
    [{ revring: { apiKey: SECRET, pageSize: 1 } }, "revring.pageSize", /2 or more/],
    [{ vapi: { apiKey: SECRET, pageSize: 1 } }, "vapi.pageSize", /2 or more/],
    [
      { revox: { apiKey: SECRET, timeouts: { read: 3 } } },
      "revox.timeouts.read",
      /there are readSeconds, placeSeconds/
    ],
    [
      { revox: { apiKey: SECRET, timeouts: { readSeconds: "3 seconds" } } },
      "revox.timeouts.readSeconds",
      /number of seconds/
    ],
    [{ revox: { apiKey: SECRET, timeouts: { placeSeconds: 0 } } }, "revox.timeouts.placeSeconds", /above 0/],
    [{ revox: { apiKey: SECRET, timeouts: { placeSeconds: 301 } } }, "revox.timeouts.placeSeconds", /at most 300/],
    [{ revox: { apiKey: SECRET, retry: { tries: 0 } } }, "revox.retry.tries", /whole number/],
    [{ revox: { apiKey: SECRET, retry: { capSeconds: Number.NaN } } }, "revox.retry.capSeconds", /number of seconds/],
    [{ revox: { apiKey: SECRET, rateLimit: { requests: 3 } } }, "revox.rateLimit.perSeconds", /number of seconds/],
    [{ revox: { apiKey: SECRET, maxConcurrency: 1.5 } }, "revox.maxConcurrency", /whole number/],
    [{ vapi: { apiKey: SECRET, phoneNumbers: ["+12025550177"] } }, "vapi.phoneNumbers", /each a text/],
    [{ vapi: { apiKey: SECRET, phoneNumbers: { "+12025550177": 7 } } }, "vapi.phoneNumbers", /each a text/],
    [{ vapi: { apiKey: SECRET, cancelBy: { running: "delete" } } }, "vapi.cancelBy.running", "one of control_address"],
    [{ revox: { apiKey: SECRET }, journal: "calls.sqlite" }, "journal", /sqliteJournal\(file\)/],
    [{ revox: { apiKey: SECRET }, fetch: true }, "fetch", "a function"],
    [{ revox: { apiKey: SECRET }, onWarning: "console" }, "onWarning", "a function"],
    [{ revox: { apiKey: SECRET }, poll: { firstSeconds: -1 } }, "poll.firstSeconds", /number of seconds/]
  ])("names what is wrong: %j", async (options, field, expected) => {
    const [foundField, foundExpected] = await faultOf(openUnchecked(options))
    expect([foundField, foundExpected]).toEqual([
      field,
      typeof expected === "string" ? expected : expect.stringMatching(expected)
    ])
  })

  it("takes every option there is", async () => {
    const { fetch, revox } = twinsInProcess("check:503*1")
    const connection: RevoxConnection = {
      apiKey: KEY,
      baseUrl: "https://www.getrevox.com/api",
      timeouts: { readSeconds: 3, placeSeconds: 5 },
      retry: { tries: 2, totalSeconds: 4, baseSeconds: 0.001, capSeconds: 0.002 },
      rateLimit: { requests: 10, perSeconds: 1 },
      maxConcurrency: 2,
      pageSize: 7,
      statusesEncoding: "comma",
      searchPath: "/call/search"
    }
    const options: OpenOptions & { readonly revox: RevoxConnection } = {
      revox: connection,
      fetch,
      onWarning: () => undefined,
      poll: { firstSeconds: 1, longestSeconds: 2 },
      journal: undefined
    }
    await using calls = await openCalls(options)
    await calls.check({ provider: "revox" })
    expect(revox.requests.map(({ status }) => status)).toEqual([503, 200])
    await collect(calls.list({ provider: "revox", status: ["completed"] }))
    expect(revox.requests.at(-1)?.query).toMatch(/page_size=7/)
  })

  it("waits no longer than it is told", async () => {
    const { fetch } = twinsInProcess("check:hang,place:hang")
    await using calls = await openCalls({
      revox: { apiKey: KEY, timeouts: { readSeconds: 0.01, placeSeconds: 0.02 }, retry: { tries: 1 } },
      fetch
    })
    await expect(calls.check()).rejects.toMatchObject({ reason: "TimedOut", afterSeconds: 0.01 })
    const placed = await calls.place({ to: numberOf("00"), agent: { id: "agent-1" }, reference: "lead-7" })
    expect(placed).toMatchObject({ state: "uncertain", because: "TimedOut" })
  })
})

describe("opening from the environment", () => {
  it("opens whichever provider has a key", async () => {
    const { fetch } = twinsInProcess()
    for (const [environment, providers] of [
      [{ REVOX_API_KEY: KEY }, ["revox"]],
      [{ REVRING_API_KEY: KEY, REVOX_API_KEY: " " }, ["revring"]],
      [{ REVRING_API_KEY: KEY, REVOX_API_KEY: KEY }, ["revox", "revring"]]
    ] as const) {
      await using calls = await openCalls.fromEnvironment({ environment, fetch })
      expect(calls.providers).toEqual(providers)
      for (const provider of calls.providers) expect(await calls.check({ provider })).toEqual({})
    }
  })

  it("takes the address from it too", async () => {
    const environment = { REVOX_API_KEY: KEY, REVOX_BASE_URL: "http://elsewhere.example" }
    expect(await faultOf(openCalls.fromEnvironment({ environment }))).toEqual([
      "baseUrl",
      expect.stringMatching(/https/)
    ])
  })

  it("names the variables if there is no key", async () => {
    expect(await faultOf(openCalls.fromEnvironment({ environment: {} }))).toEqual([
      "environment",
      "REVOX_API_KEY or REVRING_API_KEY or VAPI_API_KEY, or several"
    ])
    const named = openCalls.fromEnvironment({ providers: ["revring"], environment: { REVOX_API_KEY: SECRET } })
    expect(await faultOf(named)).toEqual(["REVRING_API_KEY", "the API key in the environment"])
  })

  it("names the list of providers if that is empty, whatever keys there are", async () => {
    const attempt = openCalls.fromEnvironment({ providers: [], environment: { REVOX_API_KEY: SECRET } })
    expect(await faultOf(attempt)).toEqual(["providers", "revox or revring or vapi, or several"])
  })
})

describe("options of an operation", () => {
  type Both = Calls<"revox" | "revring">

  /** Calls an operation as a program without types does. */
  const unchecked = async (calls: Both, name: keyof Both, ...args: ReadonlyArray<unknown>): Promise<unknown> => {
    const operation = calls[name]
    if (typeof operation !== "function") throw new Error(`no operation ${String(name)}`)
    const result: unknown = Reflect.apply(operation, calls, args)
    return typeof result === "object" && result !== null && Symbol.asyncIterator in result
      ? await Reflect.apply(collect, undefined, [result])
      : await result
  }

  const CALL = "{ provider, id } or revox:ID or revring:ID"

  it.each<readonly [keyof Both, ReadonlyArray<unknown>, string, string | RegExp]>([
    ["place", [null], "order", "an object"],
    ["place", [{ ...order("revox"), too: 1 }], "too", /no field/],
    ["place", [{ ...order("revox"), provider: undefined }], "provider", "revox or revring"],
    ["place", [{ ...order("revox"), provider: "other" }], "provider", "revox or revring"],
    ["place", [{ ...order("revox"), provider: 3 }], "provider", "the id of a provider, as text"],
    ["place", [order("revox"), null], "options", "an object"],
    ["place", [order("revox"), { signal: 3 }], "signal", "an AbortSignal"],
    ["place", [order("revox"), { signal: { aborted: false, addEventListener: () => 0 } }], "signal", "an AbortSignal"],
    ["get", ["revox"], "call", CALL],
    ["get", [{ provider: "revox" }], "call", CALL],
    ["get", [undefined], "call", CALL],
    ["get", ["other:x"], "provider", "revox or revring"],
    ["get", ["revox:x", { timeout: 3 }], "timeout", "no option of this name; there are signal"],
    ["wake", [3], "call", CALL],
    ["cancel", [":"], "call", CALL],
    ["awaitEnd", ["revox:x"], "options", "an object"],
    ["awaitEnd", ["revox:x", {}], "deadlineSeconds", /number of seconds/],
    ["awaitEnd", ["revox:x", { deadlineSeconds: "10 minutes" }], "deadlineSeconds", /number of seconds/],
    ["awaitEnd", ["revox:x", { deadlineSeconds: 1, untill: "enriched" }], "untill", /no option of this name/],
    ["awaitEnd", ["revox:x", { deadlineSeconds: 1, until: "ended" }], "until", "one of terminal, enriched"],
    ["watch", ["revox:x", { deadlineSeconds: 1, parts: ["words"] }], "parts", /one of transcript/],
    ["watch", ["revox:x", { deadlineSeconds: 1, parts: "outcome" }], "parts", "a list"],
    ["list", [], "provider", "revox or revring"],
    ["list", [{ provider: "revox", status: ["over"] }], "status", /one of scheduled/],
    ["list", [{ provider: "revring", createdAfter: "2026-03-02" }], "createdAfter", /ISO 8601/],
    ["list", [{ provider: "revring", createdAfter: "20260302150000" }], "createdAfter", /ISO 8601/],
    ["list", [{ provider: "revring", createdBefore: "1772463608" }], "createdBefore", /ISO 8601/],
    ["list", [{ provider: "revring", createdBefore: new Date(Number.NaN) }], "createdBefore", /ISO 8601/],
    ["reconcile", [""], "reference", /key/],
    ["release", [7], "reference", /key/],
    ["reconcileStale", [{ olderThan: 7 }], "olderThan", /there are olderThanSeconds, limit, signal/],
    ["check", [], "provider", "revox or revring"],
    ["close", [{ withinSeconds: -1 }], "withinSeconds", /number of seconds/]
  ])("are checked before anything is asked: %s %j", async (name, args, field, expected) => {
    const { fetch, revox, revring } = twinsInProcess()
    await using calls = await openCalls({ revox: { apiKey: KEY }, revring: { apiKey: KEY }, fetch })
    expect(await faultOf(unchecked(calls, name, ...args))).toEqual([
      field,
      typeof expected === "string" ? expected : expect.stringMatching(expected)
    ])
    expect([...revox.requests, ...revring.requests]).toEqual([])
  })
})

describe("makeOpenCalls", () => {
  const make = (declarations: unknown) => () => Reflect.apply(makeOpenCalls, undefined, [declarations])

  it.each([
    [null, "makeOpenCalls: expected adapters by id, such as { acme }"],
    [{}, "makeOpenCalls: expected adapters by id, such as { acme }"],
    [{ revox: null }, "makeOpenCalls: revox: expected an adapter of this id with live calls"],
    [{ revox: { id: "revox" } }, "makeOpenCalls: revox: expected an adapter of this id with live calls"],
    [{ other: revox }, "makeOpenCalls: other: expected an adapter of this id with live calls"],
    [
      { journal: { ...revox, id: "journal" } },
      "makeOpenCalls: journal: expected another id: there is an option of this name"
    ]
  ])("refuses what is no list of adapters: %#", (declarations, message) => {
    expect(make(declarations)).toThrow(new TypeError(message))
  })
})

describe("calls over one provider", () => {
  it("speak of no other", async () => {
    const openCalls = makeOpenCalls({ revox })
    expect(await faultOf(Reflect.apply(openCalls, undefined, [{}]))).toEqual(["options", "revox"])
    expect(await faultOf(openCalls.fromEnvironment({ environment: {} }))).toEqual(["environment", "REVOX_API_KEY"])
  })
})

describe("customJournal", () => {
  const names = ["reserve", "settle", "release", "find", "findCall", "unfinished"]
  const functions = Object.fromEntries(names.map((name) => [name, () => undefined]))

  it.each([
    [null, "customJournal: options: expected an object"],
    [{ timeout: 3 }, "customJournal: timeout: expected no option of this name; there are timeoutSeconds"],
    [{ timeoutSeconds: "3" }, "customJournal: timeoutSeconds: expected a number of seconds above 0, at most 60"]
  ])("refuses options that it does not have: %j", (options, message) => {
    expect(() => Reflect.apply(customJournal, undefined, [functions, options])).toThrow(new TypeError(message))
  })

  it("takes its functions, and the option that it has", () => {
    expect(() => Reflect.apply(customJournal, undefined, [functions])).not.toThrow()
    expect(() => Reflect.apply(customJournal, undefined, [functions, { timeoutSeconds: 60 }])).not.toThrow()
  })
})

/** A journal that reserves and then cannot write down what came of it. */
const forgetful = new JournalHandle(
  "forgetful",
  Layer.effect(
    PlacementJournal,
    Effect.map(makeMemoryJournal, (journal) => ({
      ...journal,
      findCall: () => Effect.fail(new JournalError({ operation: "find", problem: "SQLITE_IOERR" }))
    }))
  )
)

describe("warnings", () => {
  it("go where they are wanted, and harm nothing there", async () => {
    const told: Array<string> = []
    for (const onWarning of [
      (message: string) => void told.push(message),
      () => {
        throw new Error("no")
      },
      async () => {
        throw new Error("no, later")
      },
      undefined
    ]) {
      const { fetch, pass } = twinsInProcess()
      await using calls = await openCalls({ revox: { apiKey: KEY }, fetch, journal: forgetful, onWarning })
      const placed = await calls.place(order("revox"))
      if (placed.state !== "accepted") throw new Error("not accepted")
      pass(3600)
      expect(await calls.awaitEnd(placed.call, { deadlineSeconds: 60 })).toMatchObject({ terminal: true })
    }
    expect(told).toEqual(["an end could not be written down: journal: find: SQLITE_IOERR"])
  })
})

describe("a fault of an option", () => {
  it("rejects with a CallFailure of the operation `configure` that is not retryable", async () => {
    await expect(openUnchecked({})).rejects.toBeInstanceOf(CallFailure)
    await expect(openUnchecked({})).rejects.toMatchObject({ operation: "configure", retryable: false })
  })
})
