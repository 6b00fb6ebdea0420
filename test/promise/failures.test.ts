import { inspect } from "node:util"
import { describe, expect, it } from "vitest"
import * as Redacted from "effect/Redacted"
import { normalize } from "../../adapters/index.ts"
import fixture from "../../adapters/revring/fixtures/g1-ongoing-conversation.json" with { type: "json" }
import * as Promises from "../../adapters/promise.ts"
import { failureOf, rejectionOf } from "../../src/promise/failureOf.ts"
import { JournalError } from "../../src/calls/PlacementJournal.ts"
import * as Core from "../../src/provider/CallError.ts"
import { KEY, order, twinsInProcess } from "./inProcessFetch.ts"

const MARKED = "+12025550177"

const opened = async (faults: string, apiKey = KEY) => {
  const twins = twinsInProcess(faults)
  const connection = { apiKey, retry: { tries: 1 } }
  const calls = await Promises.openCalls({ revox: connection, revring: connection, fetch: twins.fetch })
  return { twins, calls }
}

/** What a promise is rejected with. */
const rejection = async (attempt: Promise<unknown>): Promise<unknown> => {
  try {
    await attempt
  } catch (error) {
    return error
  }
  throw new Error("nothing went wrong")
}

const failureIn = async (attempt: Promise<unknown>): Promise<Promises.CallFailure> => {
  const error = await rejection(attempt)
  if (error instanceof Promises.CallFailure) return error
  throw error
}

interface Case {
  readonly name: Promises.Reason
  readonly faults: string
  readonly fails: (calls: Promises.Calls<"revox" | "revring">) => Promise<unknown>
  readonly facts: { readonly [name: string]: unknown }
  readonly apiKey?: string
}

const CASES: ReadonlyArray<Case> = [
  {
    name: "Unauthorized",
    faults: "",
    apiKey: "another-key",
    fails: (calls) => calls.check({ provider: "revox" }),
    facts: { operation: "check", provider: "revox", status: 200, retryable: false }
  },
  {
    name: "Forbidden",
    faults: "get:403",
    fails: (calls) => calls.get("revring:x"),
    facts: { operation: "get", provider: "revring", status: 403, retryable: false }
  },
  {
    name: "NotFound",
    faults: "",
    fails: (calls) => calls.get("revox:x"),
    facts: { operation: "get", provider: "revox", status: 404, retryable: false }
  },
  {
    name: "InvalidRequest",
    faults: "place:422",
    fails: (calls) => calls.place(order("revox")),
    facts: { operation: "place", provider: "revox", status: 422, retryable: false }
  },
  {
    name: "AtCapacity",
    faults: "place:429+retry-after=7",
    fails: (calls) => calls.place(order("revring")),
    facts: { operation: "place", provider: "revring", status: 429, retryable: true, retryAfterSeconds: 7 }
  },
  {
    name: "RateLimited",
    faults: "get:429+retry-after-ms=1500",
    fails: (calls) => calls.get("revring:x"),
    facts: { operation: "get", provider: "revring", status: 429, retryable: true, retryAfterSeconds: 1.5 }
  },
  {
    name: "ProviderUnavailable",
    faults: "get:503",
    fails: (calls) => calls.get("revox:x"),
    facts: { operation: "get", provider: "revox", status: 503, retryable: true }
  },
  {
    name: "NetworkError",
    faults: "get:drop",
    fails: (calls) => calls.get("revox:x"),
    facts: { operation: "get", provider: "revox", sent: "maybe", code: "UND_ERR_SOCKET", retryable: true }
  },
  {
    name: "TimedOut",
    faults: "get:408",
    fails: (calls) => calls.get("revox:x"),
    facts: { operation: "get", provider: "revox", status: 408, retryable: true }
  },
  {
    name: "UnreadableResponse",
    faults: "get:garble=html",
    fails: (calls) => calls.get("revox:x"),
    facts: {
      operation: "get",
      provider: "revox",
      status: 200,
      retryable: false,
      expected: "the order that was asked for"
    }
  },
  {
    name: "Unsupported",
    faults: "",
    // It does not compile. Callers without types come as far as this.
    fails: async (calls) => {
      await Reflect.apply(calls.place, calls, [{ ...order("revring"), metadata: { a: "b" } }])
    },
    facts: { operation: "place", provider: "revring", capability: "metadata", field: "metadata", retryable: false }
  },
  {
    name: "Unresolved",
    faults: "",
    fails: async (calls) => {
      const placed = await calls.place(order("revox"))
      if (placed.state !== "accepted") throw new Error("not accepted")
      await calls.awaitEnd(placed.call, { deadlineSeconds: 1 })
    },
    facts: { operation: "awaitEnd", provider: "revox", retryable: true }
  },
  {
    name: "Incomplete",
    faults: "list:garble=no_id",
    fails: async (calls) => {
      for await (const record of calls.list({ provider: "revring" })) void record
    },
    facts: { operation: "list", provider: "revring", delivered: 0, retryable: false }
  }
]

describe("a failure", () => {
  it.each(CASES)("is told by its class: $name", async ({ name, faults, fails, facts, apiKey }) => {
    const { calls } = await opened(faults, apiKey)
    await using _ = calls
    if (name === "Incomplete") await calls.place(order("revring"))
    const failure = await failureIn(fails(calls))
    expect(failure).toBeInstanceOf(Object.entries(Promises).find(([exported]) => exported === name)?.[1])
    expect(failure).toBeInstanceOf(Error)
    expect([failure.name, failure.reason]).toEqual([name, name])
    expect(failure).toMatchObject(facts)
    expect(failure.message).not.toBe("")
    expect(failure.stack?.split("\n")[0]).toBe(`${name}: ${failure.message}`)
    expect(failure.stack).toContain("failures.test.ts")
    expect(JSON.parse(JSON.stringify(failure))).toMatchObject({ name, message: failure.message, ...facts })
    expect(inspect(failure)).not.toContain("undefined")
  })

  it("of our own finding names the field and what was expected", async () => {
    const { twins, calls } = await opened("")
    await using _ = calls
    const failure = await failureIn(calls.place({ ...order("revox"), to: "nobody" }))
    expect(failure).toMatchObject({ reason: "InvalidRequest", operation: "place", field: "to" })
    expect(failure.message).toBe(`place: to: expected ${failure.expected}`)
    expect(twins.revox.requests).toEqual([])
  })

  it("keeps what the provider answered and what was last read from printing", async () => {
    const body = { error: { message: `no route to ${MARKED}` } }
    const answer = failureOf(
      new Core.CallError({ operation: "get", reason: new Core.NotFound({ status: 404, body: Redacted.make(body) }) })
    )
    expect(answer.providerAnswer()).toEqual(body)
    expect(answer.lastRecord()).toBeUndefined()

    const { calls } = await opened("")
    await using _ = calls
    const placed = await calls.place({ ...order("revox"), to: MARKED })
    if (placed.state !== "accepted") throw new Error("not accepted")
    const unresolved = await failureIn(calls.awaitEnd(placed.call, { deadlineSeconds: 1 }))
    expect(unresolved.lastRecord()).toMatchObject({ id: placed.call.id, to: MARKED })
    expect(unresolved.providerAnswer()).toBeUndefined()

    for (const failure of [answer, unresolved]) {
      const printed = [
        inspect(failure, { depth: 9, showHidden: true }),
        JSON.stringify(failure),
        JSON.stringify({ ...failure }),
        String(failure),
        failure.stack,
        inspect(structuredClone(failure))
      ]
      expect(printed.filter((text) => text?.includes("2025550177"))).toEqual([])
      expect(failure.cause).toBeUndefined()
    }
  })

  it("of waiting has the record that was read before it, whatever its reason", () => {
    const [record] = normalize(fixture.wire)
    if (record?.kind !== "call_order") throw new Error("no order")
    const last = Redacted.make(record)
    const reasons = [
      new Core.NetworkError({ sent: "no" }),
      new Core.Forbidden({}),
      new Core.Unresolved({ call: "revring:x" })
    ]
    for (const reason of reasons)
      expect(failureOf(new Core.CallError({ operation: "awaitEnd", reason, last })).lastRecord()).toEqual(record)
  })

  it("has a class for each reason", () => {
    const reasons = Core.CallErrorReason.members.map((member) => member.identifier)
    expect(reasons.length).toBeGreaterThan(10)
    for (const [name, value] of Object.entries(Promises)) {
      if (!name.endsWith("Failure") && reasons.includes(name)) expect(value).toBeInstanceOf(Function)
    }
    expect(reasons.filter((reason) => !Object.hasOwn(Promises, reason))).toEqual([])
  })

  it("of the journal is of a class of its own", () => {
    const failure = rejectionOf(new JournalError({ operation: "reserve", problem: "SQLITE_FULL" }))
    expect(failure).toBeInstanceOf(Promises.JournalFailure)
    expect(failure).toMatchObject({ name: "JournalFailure", operation: "reserve", problem: "SQLITE_FULL" })
    expect(String(failure)).toBe("JournalFailure: journal: reserve: SQLITE_FULL")
  })

  it("that nobody expected is passed on as it is", async () => {
    const defect = new Error("unexpected")
    await using calls = await Promises.openCalls({
      revox: { apiKey: KEY },
      fetch: twinsInProcess().fetch
    })
    const reference = {
      get id(): string {
        throw defect
      },
      provider: "revox"
    }
    expect(await rejection(calls.get(reference))).toBe(defect)
    expect(rejectionOf(defect)).toBe(defect)
  })
})
