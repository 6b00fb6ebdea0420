/** Every adapter over the network, against its provider's twin; and the provider in memory, which stands in for them. */
import { describe, expect, it } from "vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { declared } from "../../adapters/providers.ts"
import { revox } from "../../adapters/revox/index.ts"
import { makeRevoxTwin } from "../../adapters/revox/Twin.ts"
import { revring } from "../../adapters/revring/index.ts"
import { makeRevRingTwin } from "../../adapters/revring/Twin.ts"
import { vapi } from "../../adapters/vapi/index.ts"
import { makeVapiTwin } from "../../adapters/vapi/Twin.ts"
import type { OrderFact } from "../../src/domain/Fact.ts"
import { instantAt } from "../../src/domain/Instant.ts"
import type { JsonObject } from "../../src/domain/Json.ts"
import { parsePlaceCall, type PlaceCall } from "../../src/domain/PlaceCall.ts"
import {
  CallError,
  type CallErrorReason,
  InvalidRequest,
  NetworkError,
  TimedOut,
  Unauthorized,
  UnreadableResponse,
  Unsupported
} from "../../src/provider/CallError.ts"
import type { CallProvider, WebhookPort } from "../../src/provider/CallProvider.ts"
import type { CatalogPort } from "../../src/provider/Catalog.ts"
import type { Capabilities } from "../../src/provider/Capabilities.ts"
import type { ProviderDeclaration } from "../../src/provider/ProviderDeclaration.ts"
import { answerOf } from "../../src/provider/http/answer.ts"
import { walkPages } from "../../src/provider/http/pages.ts"
import { sentIn } from "../../src/provider/http/requestId.ts"
import { reasonOfAnswer } from "../../src/provider/http/reason.ts"
import {
  type Fault,
  type InMemoryProvider,
  type InMemoryProviderOptions,
  liveContract,
  type LiveSite,
  type LiveSubject,
  makeInMemoryProvider,
  type MemoryOperation,
  twinSubject
} from "../../src/testing/index.ts"

/** A page of three makes the list of the contract one of several pages. */
const settings = { pageSize: 3 }

/** What some are told beside it. */
const ownSettings = new Map<string, object>([
  ["vapi", { phoneNumbers: { "+12025550177": "number-7", "+12025550178": "number-8", "+12025550179": "number-9" } }]
])

/** The same providers against what their documentation leaves open. */
const variants: { readonly [about: string]: LiveSubject } = {
  "revox whose list has orders": twinSubject(revox, (apiKey) => makeRevoxTwin({ apiKey, listItems: "orders" }), {
    settings
  }),
  "revox whose pages begin at 0": twinSubject(revox, (apiKey) => makeRevoxTwin({ apiKey, pageBase: 0 }), { settings }),
  "revox whose pages begin at 1": twinSubject(revox, (apiKey) => makeRevoxTwin({ apiKey, pageBase: 1 }), { settings }),
  "revring whose batches lack the status": twinSubject(
    revring,
    (apiKey) => makeRevRingTwin({ apiKey, batchGivesStatus: false }),
    { settings }
  ),
  "revring before batches": twinSubject(revring, (apiKey) => makeRevRingTwin({ apiKey, generation: 2 }), { settings })
}

/** What a fault on the wire is to a provider that has no wire. */
const reasonOf = (fault: Fault): CallErrorReason | undefined => {
  switch (fault.kind) {
    case "status": {
      const headers = { "retry-after": fault.retryAfter === undefined ? undefined : String(fault.retryAfter) }
      return reasonOfAnswer(answerOf(fault.status, headers, "", 0, sentIn(undefined)), "get", {})
    }
    case "redirect":
      return new UnreadableResponse({ status: fault.status, expected: "an answer, not a redirection" })
    case "garble":
      return new UnreadableResponse({ status: 200, expected: "a call" })
    case "hang":
      return new TimedOut({ afterSeconds: 60 })
    case "drop":
      return new NetworkError({ sent: "maybe" })
    case "delay":
    case "slow_body":
      return undefined
  }
}

const OPERATIONS: ReadonlyArray<MemoryOperation> = [
  "place",
  "get",
  "getMany",
  "list",
  "cancel",
  "check",
  "agents",
  "numbers"
]

const siteOf = (memory: InMemoryProvider): LiveSite => ({
  provider: memory,
  requests: () => memory.asked.length,
  posts: () => memory.asked.filter((operation) => operation === "place").length,
  orders: () => memory.placed.map(({ order }) => order),
  agents: () => [{ id: "agent-1" }],
  setFaults: (rules) => {
    for (const { on, times, fault } of rules) {
      const reason = reasonOf(fault)
      const accepted = "accepted" in fault ? fault.accepted : undefined
      for (const operation of OPERATIONS) {
        if (reason === undefined || (on?.operation !== undefined && on.operation !== operation)) continue
        memory.setFailure(operation, {
          reason,
          ...(accepted === undefined ? {} : { accepted }),
          ...(times === undefined ? {} : { times })
        })
      }
    }
  },
  endingOf: ({ ending }) => ending
})

const inMemory = (options: InMemoryProviderOptions = {}): LiveSubject => ({
  adapter: makeInMemoryProvider(options).adapter,
  open: (key) =>
    Effect.sync(() => {
      const memory = makeInMemoryProvider(options)
      if (key === "wrong") {
        for (const operation of OPERATIONS) memory.setFailure(operation, { reason: new Unauthorized({ status: 401 }) })
      }
      return siteOf(memory)
    })
})

const casesOf = (subject: LiveSubject) => liveContract(subject).map(({ name, run }) => [name, run] as const)

/** Options of each provider, none of which may be dropped. */
const options = new Map<string, JsonObject>([
  ["revox", { force_now: true, assistant: { prompt: "Be brief.", llm_model: { id: "any" } }, not_known_here: 1 }],
  ["revring", { callerIdName: "Quillworks", skipQueue: true, variables: { age: 7 }, trunkSid: "trunk-1" }],
  [
    "vapi",
    {
      customer: { name: "Orlo", extension: "101" },
      assistantOverrides: { voice: { provider: "vapi", voiceId: "any" } },
      latestAt: "2026-03-02T18:00:00.000Z",
      phoneNumberId: "number-1",
      assistantVersion: 3,
      squadId: "squad-1",
      squadOverrides: { voice: { provider: "vapi", voiceId: "any" } },
      assistant: { voice: { provider: "vapi", voiceId: "any" } }
    }
  ]
])

const each = Object.values<ProviderDeclaration>(declared).map(
  (one) =>
    [
      one.id,
      twinSubject(one, (apiKey) => one.twin.make({ apiKey }), {
        settings: { ...settings, ...ownSettings.get(one.id) },
        options: options.get(one.id) ?? {}
      })
    ] as const
)

describe.each([...each, ...Object.entries(variants)])("live contract of %s", (_, subject) => {
  it.each(casesOf(subject))("%s", (_, run) => run())
})

describe("live contract of the provider in memory", () => {
  it.each(casesOf(inMemory()))("%s", (_, run) => run())
})

describe("live contract of a provider in memory that can do little", () => {
  const subject = inMemory({
    id: "modest",
    capabilities: {
      schedule: "no",
      inlineAgent: "no",
      metadata: "no",
      variables: "unknown",
      concurrency: "no",
      callerNumber: "required",
      cancel: "no",
      batchRead: 0,
      listFilters: []
    }
  })
  it.each(casesOf(subject))("%s", (_, run) => run())
})

const withoutNumbers = { id: "nameless", capabilities: { callerNumber: "none" } } as const

describe("live contract of a provider in memory that has no caller's number", () => {
  it.each(casesOf(inMemory(withoutNumbers)))("%s", (_, run) => run())
})

describe("liveContract", () => {
  it("names every case MUST or SHOULD, each once", () => {
    const names = liveContract(inMemory()).map(({ name }) => name)
    expect(names.length).toBeGreaterThan(15)
    expect(new Set(names).size).toBe(names.length)
    expect(names.filter((name) => !/^(MUST|SHOULD) /.test(name))).toEqual([])
  })
})

const changing = (change: (site: LiveSite) => LiveSite): LiveSubject => ({
  ...inMemory(),
  open: (key) => Effect.map(inMemory().open(key), change)
})

const withProvider = (change: (provider: CallProvider, site: LiveSite) => Partial<CallProvider>): LiveSubject =>
  changing((site) => ({ ...site, provider: { ...site.provider, ...change(site.provider, site) } }))

const someOrder = { to: "+12025550100", agent: { id: "agent-1" }, reference: "any" }

const running = (fact: OrderFact): OrderFact => {
  const status = { value: "in_progress", word: "in_progress", terminal: false, because: "status=in_progress" } as const
  return { ...fact, claims: { ...fact.claims, status } }
}

/** A list that is read by cursors: opaque words, pages of three, and one in between that holds nothing. */
const readByCursors = (next: (at: number) => number): LiveSubject =>
  withProvider(({ list, adapter }) => ({
    list: (filter) =>
      Stream.unwrap(
        Effect.map(Stream.runCollect(list(filter)), (items) =>
          walkPages<string>({
            first: "",
            read: (cursor) => {
              const [at = 0, empty = 0] =
                cursor === "" ? [] : Buffer.from(cursor, "base64url").toString().split(" ").map(Number)
              const to = empty === 1 ? at : next(at)
              const after = to >= items.length && empty === 0 ? undefined : `${to} ${empty === 0 && to === 3 ? 1 : 0}`
              const onwards = after === undefined ? undefined : Buffer.from(after).toString("base64url")
              return Effect.succeed({
                items: empty === 1 ? [] : items.slice(at, at + 3),
                unreadable: 0,
                isCached: false,
                next: onwards,
                nextIfNothingNew: onwards,
                doubt: undefined
              })
            },
            fail: (reason) => new CallError({ provider: adapter.providerId, operation: "list", reason })
          })
        )
      )
  }))

describe("live contract of a provider in memory whose list is read by cursors", () => {
  it.each(casesOf(readByCursors((at) => at + 3)))("%s", (_, run) => run())
})

/** A provider whose requests are written as if the order had said something else. */
const rewriting = (change: (order: PlaceCall) => PlaceCall, options: JsonObject = {}): LiveSubject => ({
  ...withProvider(({ request }) => ({ request: (order) => request(change(order)) })),
  options
})

const without = (order: PlaceCall, field: string): PlaceCall =>
  Result.getOrThrow(parsePlaceCall(Object.fromEntries(Object.entries(order).filter(([key]) => key !== field))))

const DAY = 86_400

const promise = (windowSeconds: number) => ({ windowSeconds, evidence: "https://docs.example.invalid/again" }) as const

/** A provider that promises to know an order again for so long, and keeps it for so long. */
const promising = (
  promised: number,
  change: (provider: CallProvider) => Partial<CallProvider> = () => ({}),
  kept = 0
): LiveSubject => {
  const subject = inMemory({ capabilities: { idempotency: kept > 0 ? promise(kept) : "no" } })
  return {
    ...subject,
    adapter: inMemory({ capabilities: { idempotency: promise(promised) } }).adapter,
    open: (key) =>
      Effect.map(subject.open(key), (site) => ({ ...site, provider: { ...site.provider, ...change(site.provider) } }))
  }
}

describe("live contract of a provider in memory that knows an order again", () => {
  const cases = casesOf(promising(DAY, undefined, DAY))
  it.each(cases)("%s", (_, run) => run())

  it("has cases of it, which one without that promise has not", () => {
    const [more, fewer] = [cases, casesOf(inMemory())].map((each) => each.map(([name]) => name))
    expect(more?.filter((name) => fewer?.includes(name) === false)).toHaveLength(3)
  })
})

const isRedialled = ({ retry, agent }: PlaceCall): boolean => retry !== undefined && agent.id !== undefined

/** A provider that refuses some orders in the name of this field. */
const blaming = (
  field: string,
  refuses: (order: PlaceCall) => boolean,
  capabilities: Partial<Capabilities> = {}
): LiveSubject => {
  const subject = inMemory({ capabilities })
  return {
    ...subject,
    open: (key) =>
      Effect.map(subject.open(key), (site) => {
        const request: CallProvider["request"] = (order) =>
          refuses(order)
            ? Result.fail(new InvalidRequest({ field, expected: "something else" }))
            : site.provider.request(order)
        return { ...site, provider: { ...site.provider, request } }
      })
  }
}

/** A provider whose orders say something else when they are read. */
const reading = (claims: Partial<OrderFact["claims"]>): LiveSubject =>
  withProvider(({ get }) => ({
    get: (id) => Effect.map(get(id), (fact) => ({ ...fact, claims: { ...fact.claims, ...claims } }))
  }))

/** RevRing, whose addresses are read or written otherwise. */
const addressing = (change: (port: WebhookPort) => Partial<WebhookPort>): LiveSubject => {
  const subject = twinSubject(revring, (apiKey) => makeRevRingTwin({ apiKey }))
  return {
    ...subject,
    open: (key) =>
      Effect.map(subject.open(key), (site) => {
        const { webhooks } = site.provider
        return webhooks === undefined
          ? site
          : { ...site, provider: { ...site.provider, webhooks: { ...webhooks, ...change(webhooks) } } }
      })
  }
}

/** Vapi, whose assistant's server is replaced by its address alone. */
const forgettingServer = (): LiveSubject => {
  let apiKey = ""
  let twin = makeVapiTwin()
  const subject = twinSubject(vapi, (key) => {
    apiKey = key
    return (twin = makeVapiTwin({ apiKey }))
  })
  const write: WebhookPort["write"] = (id, { calls }) =>
    Effect.sync(() => {
      const url = calls === null || calls === undefined ? null : Redacted.value(calls)
      const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" }
      const body = JSON.stringify({ server: { url } })
      twin.respond({ method: "PATCH", path: `/assistant/${id}`, query: new URLSearchParams(), headers, body }, 0)
    })
  return {
    ...subject,
    open: (key) =>
      Effect.map(subject.open(key), (site) => {
        const { webhooks } = site.provider
        return webhooks === undefined
          ? site
          : { ...site, provider: { ...site.provider, webhooks: { ...webhooks, write } } }
      })
  }
}

const NO_ADDRESSES = { calls: null, preCall: null }

const { listNumbers: _, ...unlisted } = revring.capabilities

/** RevRing, whose agents or numbers are listed otherwise. */
const cataloguing = (change: (port: Required<CatalogPort>) => CatalogPort): LiveSubject => {
  const subject = twinSubject(revring, (apiKey) => makeRevRingTwin({ apiKey }))
  return {
    ...subject,
    open: (key) =>
      Effect.map(subject.open(key), (site) => {
        const { agents = Stream.empty, numbers = Stream.empty } = site.provider.catalog ?? {}
        return { ...site, provider: { ...site.provider, catalog: change({ agents, numbers }) } }
      })
  }
}

/** Each a way to break a good provider, and the case that must notice. */
const broken: ReadonlyArray<readonly [about: string, subject: LiveSubject, noticedBy: string]> = [
  [
    "a number in an error",
    withProvider(({ get, adapter }) => ({
      get: (id) =>
        Effect.catch(get(id), ({ operation }) => {
          const reason = new UnreadableResponse({ expected: "a call to +12025550100" })
          return Effect.fail(new CallError({ provider: adapter.providerId, operation, reason }))
        })
    })),
    "MUST NOT let anything personal"
  ],
  [
    "an unknown id that reads as a call",
    withProvider(({ get, place, request }) => ({
      get: (id) =>
        Effect.catch(get(id), () => place(Result.getOrThrow(request(Result.getOrThrow(parsePlaceCall(someOrder))))))
    })),
    "MUST tell an unknown id"
  ],
  ["a key that nobody looks at", { ...inMemory(), open: () => inMemory().open("right") }, "MUST tell a wrong key"],
  [
    "a call that comes back from its end",
    withProvider(({ get }) => {
      let reads = 0
      return { get: (id) => Effect.map(get(id), (fact) => (reads++ % 2 === 0 ? fact : running(fact))) }
    }),
    "MUST take every call through its story"
  ],
  ["a site that plays no story", changing((site) => ({ ...site, endingOf: () => undefined })), "MUST take every call"],
  ["a site where nothing goes wrong", changing((site) => ({ ...site, setFaults: () => {} })), "MUST name what went"],
  ["a site that counts nothing", changing((site) => ({ ...site, posts: () => 0 })), "MUST place what was ordered"],
  ["a site that sees no order", changing((site) => ({ ...site, orders: () => [] })), "MUST place what was ordered"],
  [
    "an order that is sent twice",
    withProvider(({ place }) => ({
      place: (request) => Effect.andThen(Effect.ignore(place(request)), place(request))
    })),
    "MUST place what was ordered"
  ],
  [
    "a placement that is tried again",
    withProvider(({ place }) => ({ place: (request) => Effect.retry(place(request), { times: 1 }) })),
    "MUST place once"
  ],
  [
    "an uncertain placement told as a failure",
    withProvider(({ place, adapter }) => ({
      place: (request) =>
        Effect.catchReason(place(request), "CallError", "PlacementUncertain", () =>
          Effect.fail(
            new CallError({
              provider: adapter.providerId,
              operation: "place",
              reason: new NetworkError({ sent: "no" })
            })
          )
        )
    })),
    "MUST place once"
  ],
  [
    "a refusal that a row of its own denies",
    { ...inMemory(), statuses: { place: { 422: { reason: "InvalidRequest", refused: false } } } },
    "MUST place once"
  ],
  [
    "a memory",
    withProvider(({ request }) => {
      let count = 0
      return { request: (order) => request({ ...order, reference: `${order.reference} ${count++}` }) }
    }),
    "MUST write the same request"
  ],
  [
    "options that are not looked at",
    withProvider(({ request }) => ({
      request: (order) => {
        const { providerOptions: _, ...rest } = order
        return request(rest)
      }
    })),
    "MUST refuse an option"
  ],
  [
    "options that replace what the order says",
    withProvider(({ adapter, request }) => ({
      request: ({ providerOptions = {}, ...order }) =>
        Result.map(request(order), (made) => ({ ...made, body: { ...made.body, ...providerOptions[adapter.id] } }))
    })),
    "MUST refuse an option"
  ],
  [
    "a list that repeats itself",
    withProvider(({ list }) => ({ list: (filter) => Stream.concat(list(filter), list(filter)) })),
    "MUST list each call once"
  ],
  [
    "a list that leaves out",
    withProvider(({ list }) => ({ list: (filter) => Stream.drop(list(filter), 1) })),
    "MUST list each call once"
  ],
  ["cursors that leave out", readByCursors((at) => at + 4), "MUST list each call once"],
  ["filters that are not kept to", withProvider(({ list }) => ({ list: () => list({}) })), "MUST keep to the filters"],
  [
    "many calls that are not those asked for",
    withProvider(({ getMany }) => ({ getMany: (ids, detail) => getMany(ids.slice(1), detail) })),
    "MUST read many calls"
  ],
  ["a cancel that does nothing", withProvider(() => ({ cancel: () => Effect.void })), "MUST cancel what goes on"],
  [
    "a cancel that fails and says nothing",
    withProvider(({ cancel }) => ({ cancel: (id) => Effect.ignore(cancel(id)) })),
    "MUST tell by itself whether"
  ],
  [
    "a cancel that is said to have failed",
    withProvider(({ cancel, adapter }) => ({
      cancel: (id) => {
        const reason = new UnreadableResponse({ expected: "a call" })
        return Effect.andThen(cancel(id), new CallError({ provider: adapter.providerId, operation: "cancel", reason }))
      }
    })),
    "MUST tell by itself whether"
  ],
  [
    "a cancel of all that waits",
    withProvider(({ cancel, list }) => ({
      cancel: (id) =>
        Effect.andThen(
          cancel(id),
          Stream.runForEach(list({}), (each) => (each.kind === "order" ? Effect.ignore(cancel(each.id)) : Effect.void))
        )
    })),
    "MUST tell by itself whether"
  ],
  ["a promise to know an order again that is not kept", promising(DAY), "MUST take the identical order once"],
  ["the same after a lost answer", promising(DAY), "MUST know an order again"],
  ["a window that ends too early", promising(2 * DAY, undefined, DAY), "MUST take the identical order once"],
  [
    "one key for all orders",
    promising(DAY, ({ place }) => {
      let known: OrderFact | undefined
      const remember = (fact: OrderFact) => Effect.sync(() => void (known = fact))
      return {
        place: (request) => (known === undefined ? Effect.tap(place(request), remember) : Effect.succeed(known))
      }
    }),
    "MUST take an order with another reference"
  ],
  ["a retry that is dropped", rewriting((order) => without(order, "retry")), "MUST write each field"],
  [
    "a retry that is another one's",
    rewriting((order) => (order.retry === undefined ? order : { ...order, retry: { maxAttempts: 5 } })),
    "MUST write each field"
  ],
  [
    "the hours of a retry that are dropped",
    rewriting((order) => {
      if (order.retry === undefined) return order
      const { windows: _, ...retry } = order.retry
      return { ...order, retry }
    }),
    "MUST write each field"
  ],
  [
    "what an agent says first, which is dropped",
    rewriting((order) => {
      if (order.agent.inline === undefined) return order
      const { firstSentence: _, ...inline } = order.agent.inline
      return { ...order, agent: { inline } }
    }),
    "MUST write each field"
  ],
  [
    "a number of calls at a time that is dropped",
    rewriting((order) =>
      order.concurrency === undefined ? order : { ...order, concurrency: { key: order.concurrency.key } }
    ),
    "MUST write each field"
  ],
  ["a start time that is dropped", rewriting((order) => without(order, "scheduledAt")), "MUST write each field"],
  ["a caller's number that is dropped", rewriting((order) => without(order, "from")), "MUST write each field"],
  [
    "an option that is dropped",
    rewriting((order) => without(order, "providerOptions"), { greeting: "Hello." }),
    "MUST write each field"
  ],
  [
    "a claim that is refused when the request is written",
    withProvider(({ request }) => ({
      request: (order) =>
        order.metadata === undefined
          ? request(order)
          : Result.fail(new Unsupported({ capability: "metadata", field: "metadata" }))
    })),
    "MUST write each field"
  ],
  [
    "a refusal that does not say of what",
    withProvider(({ request }) => ({
      request: (order) =>
        order.retry?.days === undefined ? request(order) : Result.fail(new InvalidRequest({ status: 422 }))
    })),
    "MUST write each field"
  ],
  [
    "a caller's number that is dropped where there is none",
    {
      ...inMemory(withoutNumbers),
      open: () =>
        Effect.map(inMemory(withoutNumbers).open("right"), (site) => {
          const { request } = site.provider
          return {
            ...site,
            provider: { ...site.provider, request: (order: PlaceCall) => request(without(order, "from")) }
          }
        })
    },
    "MUST write each field"
  ],
  [
    "claims that are not kept",
    withProvider(({ request }) => ({
      request: (order) => {
        const { variables: _, ...rest } = order
        return request(rest)
      }
    })),
    "MUST read back what was ordered"
  ],
  [
    "a claim that is refused when the order is placed",
    withProvider(({ place, adapter }) => ({
      place: (request) => {
        const reason = new InvalidRequest({ status: 422 })
        return request.body["variables"] === undefined
          ? place(request)
          : Effect.fail(new CallError({ provider: adapter.providerId, operation: "place", reason }))
      }
    })),
    "MUST take what its capabilities claim"
  ],
  ["a retry that is refused in the name of another field", blaming("to", isRedialled), "MUST write each field"],
  [
    "a retry that is denied, and refused in the name of another field",
    blaming("to", ({ retry }) => retry !== undefined, { retries: "automatic" }),
    "MUST write each field"
  ],
  [
    "days that are refused in the name of the hours beside them",
    blaming("retry.windows", ({ retry }) => retry?.days !== undefined),
    "MUST write each field"
  ],
  [
    "an agent of the order that is dropped beside a stored one",
    rewriting((order) => (order.agent.id === undefined ? order : { ...order, agent: { id: order.agent.id } })),
    "MUST write each field"
  ],
  [
    "a stored agent that is dropped beside one of the order",
    rewriting((order) =>
      order.agent.inline === undefined ? order : { ...order, agent: { inline: order.agent.inline } }
    ),
    "MUST write each field"
  ],
  [
    "an agent of the order that is taken beside a stored one, and denied",
    {
      ...inMemory({ capabilities: { inlineAgent: "no" } }),
      open: (key) => inMemory().open(key)
    },
    "MUST refuse what its capabilities deny"
  ],
  [
    "a text that is read as a number",
    rewriting((order) =>
      order.metadata === undefined ? order : { ...order, metadata: { ...order.metadata, batch: "7" } }
    ),
    "MUST read back what was ordered"
  ],
  [
    "a start that is an hour late",
    rewriting((order) => {
      const at = order.scheduledAt === undefined ? undefined : instantAt(Date.parse(order.scheduledAt) + 3_600_000)
      return at === undefined ? order : { ...order, scheduledAt: at }
    }),
    "MUST read back what was ordered"
  ],
  [
    "one dial more than was ordered",
    rewriting((order) =>
      order.retry?.maxAttempts === undefined
        ? order
        : { ...order, retry: { ...order.retry, maxAttempts: order.retry.maxAttempts + 1 } }
    ),
    "MUST read back what was ordered"
  ],
  ["a caller's number that does not read back", reading({ from: undefined }), "MUST read back what was ordered"],
  ["another caller's number when it is read", reading({ from: "+12025550111" }), "MUST read back what was ordered"],
  ["another agent when it is read", reading({ agentId: "agent-7" }), "MUST read back what was ordered"],
  [
    "another number in the answer to the order",
    withProvider(({ place }) => ({
      place: (request) =>
        Effect.map(place(request), (fact) => ({ ...fact, claims: { ...fact.claims, to: "+12025550112" } }))
    })),
    "MUST read back what was ordered"
  ],
  ["the rest of a server that is lost with its address", forgettingServer(), "MUST show where the messages"],
  [
    "an address that is written for all uses",
    addressing(({ write }) => ({
      write: (id, { calls = null, preCall = calls }) => write(id, { calls: preCall, preCall })
    })),
    "MUST show where the messages"
  ],
  [
    "an address that is said to be written",
    addressing(() => ({ write: () => Effect.void })),
    "MUST show where the messages"
  ],
  [
    "an address that is not told where none is set",
    addressing(({ read }) => ({
      read: (id) => Effect.map(read(id), ({ calls }) => (calls === undefined ? {} : { calls }))
    })),
    "MUST show where the messages"
  ],
  [
    "an agent that nobody knows, and that has no addresses",
    addressing(({ read }) => ({ read: (id) => Effect.orElseSucceed(read(id), () => NO_ADDRESSES) })),
    "MUST refuse an address, an agent"
  ],
  [
    "addresses that cannot be set",
    {
      ...addressing(() => ({})),
      adapter: { ...revring, capabilities: { ...revring.capabilities, webhookAddresses: [] } }
    },
    "MUST refuse to show or set"
  ],
  [
    "addresses that are claimed, and not there",
    {
      ...inMemory(),
      adapter: inMemory({ capabilities: { webhookAddresses: ["calls"] } }).adapter,
      open: (key) => inMemory({ capabilities: { webhookAddresses: ["calls"] } }).open(key)
    },
    "MUST show where the messages"
  ],
  [
    "agents that are said to be listed, and are not",
    cataloguing(({ numbers }) => ({ numbers })),
    "MUST list the agents"
  ],
  [
    "an agent that is listed twice",
    cataloguing(({ agents }) => ({ agents: Stream.concat(agents, agents) })),
    "MUST list the agents"
  ],
  [
    "an agent that is left out",
    cataloguing(({ agents }) => ({ agents: Stream.drop(agents, 1) })),
    "MUST list the agents"
  ],
  [
    "an agent that nobody has stored",
    cataloguing(({ agents }) => ({ agents: Stream.map(agents, (agent) => ({ ...agent, id: `${agent.id}-2` })) })),
    "MUST list the agents"
  ],
  [
    "a number of an agent that nobody has stored",
    cataloguing(({ numbers }) => ({
      numbers: Stream.map(numbers, (number) => ({ ...number, agentIds: ["agent-0"] }))
    })),
    "MUST list the numbers"
  ],
  [
    "a number of nobody among those that are assigned",
    cataloguing(({ numbers }) => ({ numbers: Stream.map(numbers, (number) => ({ ...number, agentIds: [] })) })),
    "MUST list the numbers"
  ],
  [
    "a list that ends as if it were whole when it fails",
    cataloguing(({ numbers }) => ({ numbers: Stream.catch(numbers, () => Stream.empty) })),
    "MUST call failures of listing numbers"
  ],
  [
    "a list that is not claimed",
    {
      ...cataloguing((catalog) => catalog),
      adapter: { ...revring, capabilities: unlisted }
    },
    "MUST refuse to list numbers"
  ]
]

describe("liveContract notices", () => {
  it.each(broken)("%s", async (_, subject, noticedBy) => {
    const noticing = liveContract(subject).filter(({ name }) => name.startsWith(noticedBy))
    expect(noticing).toHaveLength(1)
    for (const { run } of noticing) await expect(run()).rejects.toThrow(/\S/)
  })
})
