/** Orders, lists and batches at RevRing: what is sent, what is refused before, and how what comes is read and left out. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { normalize } from "../../adapters/index.ts"
import * as RevRing from "../../adapters/revring/index.ts"
import { REFERENCE_VARIABLE } from "../../adapters/revring/Wire.ts"
import { OrderId } from "../../src/domain/Identifiers.ts"
import { Instant } from "../../src/domain/Instant.ts"
import { parsePlaceCall } from "../../src/domain/PlaceCall.ts"
import type { ListFilter } from "../../src/provider/CallProvider.ts"

const order = {
  provider: "revring",
  to: "+12025550100",
  from: "+12025550177",
  agent: { id: "agent-1" },
  reference: "lead-7"
}

const opened = (answer: (url: URL, body: string) => unknown) =>
  RevRing.make({ apiKey: Redacted.make("key-of-the-test"), baseUrl: "http://127.0.0.1:4019" }).pipe(
    Effect.provideService(
      HttpClient.HttpClient,
      HttpClient.make((request, url) =>
        Effect.sync(() => {
          const body = request.body._tag === "Uint8Array" ? new TextDecoder().decode(request.body.body) : ""
          return HttpClientResponse.fromWeb(request, Response.json(answer(url, body)))
        })
      )
    )
  )

const requestOf = (more: object) =>
  Effect.map(
    opened(() => ({})),
    ({ request }) => request(Result.getOrThrow(parsePlaceCall({ ...order, ...more })))
  )

describe("an order", () => {
  it.effect("is written with the reference among the variables, which need not be text", () =>
    Effect.gen(function* () {
      const request = yield* requestOf({
        variables: { name: "Ada" },
        providerOptions: { revring: { variables: { age: 7, language: "fr" } } }
      })
      expect(request).toMatchObject({
        success: {
          body: {
            agentId: "agent-1",
            toNumber: "+12025550100",
            fromNumber: "+12025550177",
            variables: { name: "Ada", age: 7, language: "fr", [REFERENCE_VARIABLE]: "lead-7" }
          }
        }
      })
    })
  )

  it.effect.each<[field: string, more: object]>([
    ["agent.id", { agent: {} }],
    ["from", { from: undefined }],
    [`variables.${REFERENCE_VARIABLE}`, { variables: { [REFERENCE_VARIABLE]: "x" } }],
    ["variables.language", { variables: { language: "fr" } }],
    [
      `providerOptions.revring.variables.${REFERENCE_VARIABLE}`,
      { providerOptions: { revring: { variables: { [REFERENCE_VARIABLE]: "x" } } } }
    ],
    [
      "providerOptions.revring.variables.a",
      { variables: { a: "1" }, providerOptions: { revring: { variables: { a: "2" } } } }
    ],
    ["providerOptions.revring.surprise", { providerOptions: { revring: { surprise: true } } }]
  ])("is refused by its %s", ([field, more]) =>
    Effect.gen(function* () {
      expect(yield* requestOf(more)).toMatchObject({ failure: { _tag: "InvalidRequest", field } })
    })
  )
})

const HOUR = Instant.make("2026-03-02T15:00:00.000Z")
const callAt = (id: string, minute: number, more: object = {}) => ({
  id,
  agentId: "agent-1",
  status: "COMPLETED",
  createdAt: `2026-03-02T15:0${minute}:00.000Z`,
  ...more
})

describe("a list", () => {
  const calls = [
    callAt("late", 8),
    callAt("other-agent", 6, { agentId: "agent-2" }),
    callAt("no-agent", 5, { agentId: undefined }),
    callAt("failed", 4, { status: "FAILED" }),
    callAt("early", 2)
  ]

  /** Of a server that heeds no parameter but the one that the list goes on by. */
  const listed = Effect.fnUntraced(function* (filter: ListFilter) {
    const asked: Array<Record<string, string>> = []
    const { list } = yield* opened(({ searchParams }) => {
      asked.push(Object.fromEntries(searchParams))
      const until = asked.length === 1 ? undefined : searchParams.get("createdTo")
      return { data: calls.filter(({ createdAt }) => until == null || createdAt < until) }
    })
    const ids: Array<string> = []
    yield* Effect.exit(Stream.runForEach(list(filter), ({ id }) => Effect.sync(() => void ids.push(id))))
    return { ids, asked }
  })

  it.effect.each<[what: string, filter: ListFilter, ids: ReadonlyArray<string>]>([
    ["everything", {}, calls.map(({ id }) => id)],
    ["one agent's", { agentId: "agent-2" }, ["other-agent", "no-agent"]],
    ["one status", { status: ["failed"] }, ["failed"]],
    [
      "those made at a time or later",
      { createdAfter: Instant.make("2026-03-02T15:05:00.000Z") },
      ["late", "other-agent", "no-agent"]
    ],
    [
      "those made at a time or earlier",
      { createdBefore: Instant.make("2026-03-02T15:04:00.000Z") },
      ["failed", "early"]
    ]
  ])("holds %s, whatever the server heeds", ([, filter, ids]) =>
    Effect.gen(function* () {
      expect((yield* listed(filter)).ids).toEqual(ids)
    })
  )

  it.effect("is asked for with the newest first, and with what it may be cut by", () =>
    Effect.gen(function* () {
      const { asked } = yield* listed({ agentId: "agent-1", createdAfter: HOUR })
      expect(asked[0]).toEqual({
        sortBy: "createdAt",
        sortDir: "desc",
        pageSize: "50",
        agentId: "agent-1",
        createdFrom: HOUR
      })
      expect(asked[1]).toMatchObject({ createdTo: "2026-03-02T15:02:00.001Z" })
    })
  )
})

it.effect.each([
  ["state", true],
  ["whole", false]
] as const)("of a batch the %s is asked for, and a call without a status is read by itself", ([detail, minimal]) =>
  Effect.gen(function* () {
    const asked: Array<unknown> = []
    const { getMany } = yield* opened(({ pathname }, body) => {
      asked.push(body === "" ? pathname : JSON.parse(body))
      const bare = callAt("bare", 2, { status: undefined })
      return pathname.endsWith("/batch-get")
        ? { data: [callAt("told", 1), bare, callAt("unasked", 3)] }
        : { data: { ...bare, status: "COMPLETED" } }
    })
    const ids = ["told", "bare"].map((id) => OrderId.make(id))
    const { orders, failures } = yield* getMany(ids, detail)
    expect(orders.map(({ id }) => id)).toEqual(ids)
    expect(failures.size).toBe(0)
    expect(asked).toEqual([{ ids, minimal }, "/calls/bare"])
  })
)

it.each([
  [{ source: "web_widget" }, "web"],
  [{ toNumber: "agent-1" }, "web"],
  [{ source: "radio" }, "phone"],
  [{ toNumber: "+12025550100" }, "phone"],
  [{ agentId: undefined }, "phone"]
])("a call with %j is one by %s", (more, channel) => {
  expect(normalize(callAt("call-1", 1, { toNumber: undefined, ...more }))).toMatchObject([{ channel }])
})
