/** Orders and lists at Vapi: what is refused before anything is sent, and when a list says that it may not be whole. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as Vapi from "../../adapters/vapi/index.ts"
import { parsePlaceCall, type PlaceCallInput } from "../../src/domain/PlaceCall.ts"

const FROM = "+12025550177"

const order: PlaceCallInput = {
  provider: "vapi",
  to: "+12025550100",
  from: FROM,
  agent: { id: "assistant-1" },
  reference: "lead-7"
}

const opened = (answer: (url: URL) => unknown, options: Partial<Vapi.VapiClientOptions> = {}) =>
  Vapi.make({ apiKey: Redacted.make("key-of-the-test"), baseUrl: "http://127.0.0.1:4016", ...options }).pipe(
    Effect.provideService(
      HttpClient.HttpClient,
      HttpClient.make((request, url) => Effect.succeed(HttpClientResponse.fromWeb(request, Response.json(answer(url)))))
    )
  )

const requestOf = (input: PlaceCallInput, options: Partial<Vapi.VapiClientOptions> = {}) =>
  Effect.map(
    opened(() => ({}), options),
    ({ request }) => request(Result.getOrThrow(parsePlaceCall(input)))
  )

const inlineOrder = (inline: object, vapi: object = {}): PlaceCallInput => ({
  ...order,
  agent: { inline: { prompt: "Be brief.", ...inline } },
  providerOptions: { vapi }
})

const squadOrder = (vapi: object = {}): PlaceCallInput => ({
  ...order,
  agent: {},
  providerOptions: { vapi: { squadId: "squad-1", ...vapi } }
})

const MESSAGE = { voicemailMessage: "Please ring us." }

const KNOWN = { phoneNumbers: { [FROM]: "number-7" } }

describe("an order", () => {
  it.effect("is written with the reference as the name, and the number as its id", () =>
    Effect.gen(function* () {
      const request = yield* requestOf({ ...order, variables: { a: "1" }, metadata: { b: "2" } }, KNOWN)
      expect(request).toMatchObject({
        success: {
          method: "POST",
          body: {
            assistantId: "assistant-1",
            phoneNumberId: "number-7",
            customer: { number: "+12025550100" },
            name: "lead-7",
            assistantOverrides: { variableValues: { a: "1" }, metadata: { b: "2" } }
          }
        }
      })
    })
  )

  it.effect("may bring the id of its number", () =>
    Effect.gen(function* () {
      const brought = { ...order, providerOptions: { vapi: { phoneNumberId: "number-9" } } }
      expect(yield* requestOf(brought)).toMatchObject({ success: { body: { phoneNumberId: "number-9" } } })
      expect(yield* requestOf(brought, KNOWN)).toMatchObject({
        failure: { field: "providerOptions.vapi.phoneNumberId" }
      })
    })
  )

  it.effect.each([
    ["from", order, {}],
    ["from", { ...order, from: "+12025550178" }, KNOWN],
    ["from", { ...order, from: "+12025550178" }, { phoneNumbers: Object.create({ "+12025550178": "inherited" }) }],
    ["reference", { ...order, reference: "r".repeat(41) }, KNOWN],
    ["agent", { ...order, agent: {} }, KNOWN],
    ["agent", { ...order, agent: { id: "assistant-1", inline: { prompt: "Be brief." } } }, KNOWN],
    [
      "providerOptions.vapi.latestAt",
      { ...order, providerOptions: { vapi: { latestAt: "2026-03-02T16:00:00.000Z" } } },
      KNOWN
    ],
    ...["4102444800", "Fri, 01 Jan 2100 00:00:00 +0000", "2100-01-01T00:00:00", "2026-03-02T14:00:00Z"].map(
      (latestAt) =>
        [
          "providerOptions.vapi.latestAt",
          { ...order, scheduledAt: "2026-03-02T15:00:00.000Z", providerOptions: { vapi: { latestAt } } },
          KNOWN
        ] as const
    ),
    [
      "providerOptions.vapi.assistantVersion",
      { ...order, agent: {}, providerOptions: { vapi: { assistantVersion: 3, squadId: "squad-1" } } },
      KNOWN
    ],
    [
      "providerOptions.vapi.assistantOverrides.metadata",
      { ...order, providerOptions: { vapi: { assistantOverrides: { metadata: {} } } } },
      KNOWN
    ],
    [
      "agent.inline.maxDurationSeconds",
      { ...order, agent: { inline: { prompt: "Be brief.", maxDurationSeconds: 5 } } },
      KNOWN
    ],
    ["providerOptions.vapi.assistant.model", inlineOrder({}, { assistant: { model: "gpt-4o" } }), KNOWN],
    [
      "providerOptions.vapi.assistant.model.messages",
      inlineOrder({}, { assistant: { model: { provider: "openai", messages: [] } } }),
      KNOWN
    ],
    ["agent.inline.voicemailMessage", inlineOrder(MESSAGE), KNOWN],
    [
      "agent.inline.voicemailMessage",
      inlineOrder(MESSAGE, {
        assistant: { voicemailDetection: "off", model: { provider: "openai", tools: [{ type: "endCall" }] } }
      }),
      KNOWN
    ],
    [
      "agent.inline.voicemailMessage",
      inlineOrder(MESSAGE, {
        assistant: { voicemailDetection: { provider: "vapi" } },
        assistantOverrides: { voicemailDetection: "off" }
      }),
      KNOWN
    ],
    [
      "providerOptions.vapi.assistantOverrides.model.messages",
      inlineOrder({}, { assistantOverrides: { model: { provider: "openai", messages: [] } } }),
      KNOWN
    ],
    [
      "providerOptions.vapi.assistantOverrides.model",
      inlineOrder({}, { assistantOverrides: { model: { provider: "openai", model: "gpt-4o" } } }),
      KNOWN
    ],
    [
      "providerOptions.vapi.assistantOverrides.firstMessage",
      inlineOrder({ firstSentence: "Hello." }, { assistantOverrides: { firstMessage: "Bye." } }),
      KNOWN
    ],
    [
      "providerOptions.vapi.assistantOverrides.maxDurationSeconds",
      inlineOrder({ maxDurationSeconds: 60 }, { assistantOverrides: { maxDurationSeconds: 600 } }),
      KNOWN
    ],
    [
      "providerOptions.vapi.squadOverrides",
      { ...order, providerOptions: { vapi: { squadOverrides: { firstMessage: "Hello." } } } },
      KNOWN
    ],
    ["providerOptions.vapi.assistantOverrides", squadOrder({ assistantOverrides: { firstMessage: "Hello." } }), KNOWN],
    ["providerOptions.vapi.squadOverrides.metadata", squadOrder({ squadOverrides: { metadata: {} } }), KNOWN]
  ] as const)("is refused by its %s", ([field, input, options]) =>
    Effect.gen(function* () {
      const request = yield* requestOf(input, options)
      expect(request).toMatchObject({ failure: { _tag: "InvalidRequest", field } })
      expect(JSON.stringify(request)).not.toContain("2025550")
    })
  )

  it.effect("names the version of a stored assistant", () =>
    Effect.gen(function* () {
      for (const assistantVersion of ["v3", 3]) {
        const pinned = { ...order, agent: { id: "assistant-1" }, providerOptions: { vapi: { assistantVersion } } }
        expect(yield* requestOf(pinned, KNOWN)).toMatchObject({
          success: { body: { assistantId: "assistant-1", assistantVersion } }
        })
      }
    })
  )

  it.effect("has a window whose times are written alike", () =>
    Effect.gen(function* () {
      const window = {
        scheduledAt: "2026-03-02T16:00+01:00",
        providerOptions: { vapi: { latestAt: "2026-03-02T18:00+01:00" } }
      }
      expect(yield* requestOf({ ...order, ...window }, KNOWN)).toMatchObject({
        success: {
          body: { schedulePlan: { earliestAt: "2026-03-02T15:00:00.000Z", latestAt: "2026-03-02T17:00:00.000Z" } }
        }
      })
    })
  )

  it.effect.each([
    { assistant: { voicemailDetection: { provider: "vapi" } } },
    { assistantOverrides: { voicemailDetection: { provider: "vapi" } } },
    { assistant: { model: { provider: "openai", model: "gpt-4o", tools: [{ type: "voicemail" }] } } },
    { assistantOverrides: { "tools:append": [{ type: "voicemail" }] } }
  ])("may have a message for mailboxes beside what detects them: %j", (vapi) =>
    Effect.gen(function* () {
      const request = yield* requestOf(inlineOrder(MESSAGE, vapi), KNOWN)
      expect(request).toMatchObject({ success: { body: { assistant: MESSAGE } } })
    })
  )

  it.effect("may change of the assistant what the order does not say, beside an inline agent", () =>
    Effect.gen(function* () {
      const assistantOverrides = { firstMessage: "Hello.", endCallMessage: "Bye." }
      const request = yield* requestOf(inlineOrder({ maxDurationSeconds: 60 }, { assistantOverrides }), KNOWN)
      expect(request).toMatchObject({ success: { body: { assistantOverrides } } })
    })
  )

  it.effect("of a squad has variables and metadata where the squad's own overrides are", () =>
    Effect.gen(function* () {
      const input = {
        ...squadOrder({ squadOverrides: { firstMessage: "Hello." } }),
        variables: { name: "Ada" },
        metadata: { lead: "7" }
      }
      const request = yield* requestOf(input, KNOWN)
      expect(request).toMatchObject({
        success: {
          body: {
            squadOverrides: { firstMessage: "Hello.", variableValues: { name: "Ada" }, metadata: { lead: "7" } }
          }
        }
      })
      expect(JSON.stringify(request)).not.toContain("assistantOverrides")
    })
  )

  it.effect("may be a squad's, and has a reference of 40 characters", () =>
    Effect.gen(function* () {
      const squad = {
        ...order,
        agent: {},
        reference: "r".repeat(40),
        providerOptions: { vapi: { squadId: "squad-1" } }
      }
      const request = yield* requestOf(squad, KNOWN)
      expect(request).toMatchObject({ success: { body: { squadId: "squad-1", name: "r".repeat(40) } } })
    })
  )
})

describe("a list", () => {
  const callAt = (minute: number, id = `call-${minute}`) => {
    const at = `2026-03-02T15:${String(minute).padStart(2, "0")}:00.000Z`
    return { id, orgId: "org-1", createdAt: at, updatedAt: at, type: "outboundPhoneCall", status: "queued" }
  }

  /** The page that such a server gives. */
  const pageOf = (calls: ReadonlyArray<ReturnType<typeof callAt>>) => (url: URL) => {
    const before = url.searchParams.get("createdAtLt")
    return calls
      .filter(({ createdAt }) => before === null || createdAt < before)
      .slice(0, Number(url.searchParams.get("limit")))
  }

  const listed = (answer: (url: URL) => unknown, pageSize = 2) =>
    Effect.flatMap(opened(answer, { pageSize }), ({ list }) => {
      const ids: Array<string> = []
      return Effect.map(
        Effect.result(Stream.runForEach(list({}), ({ id }) => Effect.sync(() => void ids.push(id)))),
        (result) => ({ ids, failure: Result.isFailure(result) ? result.failure.reason._tag : undefined })
      )
    })

  it.effect("has calls of one moment on two pages once each", () =>
    Effect.gen(function* () {
      const calls = [callAt(9), callAt(8), callAt(8, "call-8b"), callAt(7), callAt(6)]
      const { ids, failure } = yield* listed(pageOf(calls), 3)
      expect(ids).toEqual(["call-9", "call-8", "call-8b", "call-7", "call-6"])
      expect(failure).toBeUndefined()
    })
  )

  it.effect.each([1, 0, -3, 2.5, Number.NaN])("has no pages of %d", (pageSize) =>
    Effect.gen(function* () {
      expect(yield* Effect.result(opened(() => [], { pageSize }))).toMatchObject({
        failure: { operation: "configure", reason: { _tag: "InvalidRequest", field: "pageSize" } }
      })
    })
  )

  it.effect("of one call is whole on the smallest page there is", () =>
    Effect.gen(function* () {
      expect(yield* listed(pageOf([callAt(9)]), 2)).toEqual({ ids: ["call-9"], failure: undefined })
    })
  )

  it.effect("whose end was reached is whole", () =>
    Effect.gen(function* () {
      const { ids, failure } = yield* listed(pageOf([9, 8, 7, 6, 5].map((minute) => callAt(minute))))
      expect(ids).toEqual(["call-9", "call-8", "call-7", "call-6", "call-5"])
      expect(failure).toBeUndefined()
    })
  )

  it.effect.each([
    ["with more calls of one moment than a page holds", pageOf([callAt(9, "a"), callAt(9, "b"), callAt(9, "c")])],
    ["whose oldest calls come first", pageOf([callAt(1), callAt(2), callAt(3)])],
    ["that gives the same page whatever is asked", () => [callAt(2), callAt(1)]],
    ["with a call that cannot be read", () => [{ ...callAt(2), id: "" }]]
  ] as const)("%s says that it may not be whole", ([, answer]) =>
    Effect.gen(function* () {
      expect((yield* listed(answer)).failure).toBe("Incomplete")
    })
  )

  it.effect("that is none cannot be read", () =>
    Effect.gen(function* () {
      expect((yield* listed(() => ({ results: [] }))).failure).toBe("UnreadableResponse")
    })
  )
})
