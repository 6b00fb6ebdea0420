/** A provider on this machine that misbehaves once, when the first order is placed, and is well from then on. */
import { rootCertificates, setDefaultCACertificates } from "node:tls"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Revox from "../../adapters/revox/index.ts"
import { makeRevoxTwin } from "../../adapters/revox/Twin.ts"
import * as RevRing from "../../adapters/revring/index.ts"
import { makeRevRingTwin } from "../../adapters/revring/Twin.ts"
import * as Vapi from "../../adapters/vapi/index.ts"
import { makeVapiTwin } from "../../adapters/vapi/Twin.ts"
import { layerMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { VoiceCalls } from "../../src/calls/VoiceCalls.ts"
import type { CallError } from "../../src/provider/CallError.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import { layerNodeHttp } from "../../src/node/NodeHttp.ts"
import type { ClientOptions } from "../../src/provider/http/ClientOptions.ts"
import { layerFetch } from "../../src/provider/http/fetchClient.ts"
import type { PlaceCallInput } from "../../src/domain/PlaceCall.ts"
import type { Twin } from "../../src/twin/twin.ts"
import { type Certificate, makeCertificate } from "./certificate.ts"
import type { PlacingFault, Security } from "./faults.ts"
import { openRawServer, plainAnswer, type RawRequest, type Reaction } from "./rawServer.ts"

export const START = Date.parse("2026-03-02T15:00:00.000Z")

export const API_KEY = "key-of-Zanzibar-4f9a"

export interface Subject {
  readonly id: string
  readonly twin: () => Twin
  readonly placePath: string
  /** The transports over which its faults are tried. @default all */
  readonly over?: ReadonlyArray<string>
  readonly make: (
    baseUrl: string,
    options?: Pick<ClientOptions, "placeClient">
  ) => Effect.Effect<CallProvider, CallError, HttpClient.HttpClient>
  /** An order of somebody else in the provider's own words. */
  readonly stranger: { readonly headers: { readonly [name: string]: string }; readonly body: unknown }
}

const apiKey = Redacted.make(API_KEY)

/** Every provider, their lists telling orders with what the caller gave them. */
export const subjects: ReadonlyArray<Subject> = [
  {
    id: "revox",
    twin: () => makeRevoxTwin({ apiKey: API_KEY, listItems: "orders" }),
    placePath: "/call",
    make: (baseUrl, options) => Revox.make({ ...options, apiKey, baseUrl }),
    stranger: {
      headers: { authorization: `Bearer ${API_KEY}` },
      body: { phone_number: "+12025550103", assistant_id: "agent-2", metadata: { reference: "somebody else's" } }
    }
  },
  {
    id: "revring",
    twin: () => makeRevRingTwin({ apiKey: API_KEY }),
    placePath: "/calls",
    make: (baseUrl, options) => RevRing.make({ ...options, apiKey, baseUrl }),
    stranger: {
      headers: { "x-api-key": API_KEY },
      body: {
        agentId: "agent-2",
        toNumber: "+12025550103",
        fromNumber: "+12025550199",
        variables: { call_reference: "somebody else's" }
      }
    }
  },
  {
    id: "vapi",
    twin: () => makeVapiTwin({ apiKey: API_KEY }),
    placePath: "/call",
    // The defaults on Node and elsewhere: what the others do is no matter of the provider.
    over: ["node:http", "fetch"],
    make: (baseUrl, options) =>
      Vapi.make({ ...options, apiKey, baseUrl, phoneNumbers: { "+12025550177": "number-7" } }),
    stranger: {
      headers: { authorization: `Bearer ${API_KEY}` },
      body: {
        customer: { number: "+12025550103" },
        assistantId: "agent-2",
        phoneNumberId: "number-1",
        name: "somebody else's"
      }
    }
  }
]

/** Revox as it is documented: the list tells attempts. */
export const revoxWithAttempts: Subject = {
  ...subjects[0]!,
  twin: () => makeRevoxTwin({ apiKey: API_KEY, listItems: "attempts" })
}

export interface Transport {
  readonly name: string
  readonly layer: Layer.Layer<HttpClient.HttpClient, CallError>
  /** Whether a placement may go over a connection that a read has left open. */
  readonly reuses: boolean
}

/** As applications wrap it: it adds a header, and logs what was answered. */
const logged: string[] = []
const wrapper: typeof globalThis.fetch = async (input, init) => {
  const response = await fetch(input, { ...init, headers: { ...init?.headers, "x-application": "wrapper" } })
  logged.push(await response.clone().text())
  return response
}

export const transports: ReadonlyArray<Transport> = [
  { name: "node:http", layer: layerNodeHttp({ environment: {} }), reuses: false },
  { name: "fetch", layer: layerFetch(), reuses: true },
  { name: "a wrapper of fetch", layer: layerFetch(wrapper), reuses: true },
  { name: "undici", layer: NodeHttpClient.layerUndici, reuses: true }
]

/** What may be said nowhere but in requests. */
export const SECRETS = [API_KEY, "2025550142", "2025550177", "Ada-Zanzibar-variable", "Ada-Zanzibar-reference"]

export const orderFor = (provider: string, reference: string): PlaceCallInput => ({
  provider,
  to: "+12025550142",
  from: "+12025550177",
  agent: { id: "agent-1" },
  reference,
  variables: { first_name: "Ada-Zanzibar-variable" }
})

const DAY_MILLIS = 24 * 3600_000

const certificate = (names: ReadonlyArray<string>, ends: number): Certificate =>
  makeCertificate({
    names,
    validFrom: new Date(Date.now() - 2 * DAY_MILLIS),
    validTo: new Date(Date.now() + ends * DAY_MILLIS)
  })

const HERE = ["127.0.0.1", "localhost"]

export const certificates: { readonly [security in Security]: Certificate } = {
  trusted: certificate(HERE, 1),
  untrusted: certificate(HERE, 1),
  "of another name": certificate(["another.invalid"], 1),
  expired: certificate(HERE, -1)
}

/** Makes this process trust all but one of the certificates, until the scope ends. */
export const trusting = Effect.acquireRelease(
  Effect.sync(() => {
    const { trusted, expired, "of another name": another } = certificates
    setDefaultCACertificates([...rootCertificates, trusted.cert, expired.cert, another.cert])
  }),
  () => Effect.sync(() => setDefaultCACertificates([...rootCertificates]))
)

const healthy = (twin: Twin, request: RawRequest): Reaction => {
  const { status, headers, body } = twin.respond(request, START)
  return {
    write: plainAnswer(status, headers, body),
    leave: request.headers["connection"] === "close" ? "end" : "keep"
  }
}

const open = (server: Parameters<typeof openRawServer>) =>
  Effect.acquireRelease(
    Effect.promise(() => openRawServer(...server)),
    ({ close }) => Effect.promise(close)
  )

/** A free port on which nothing listens. */
const closedPort = Effect.scoped(Effect.map(open([{ onRequest: () => ({ leave: "end" }) }]), ({ port }) => port))

const urlOf = ({ address, security }: PlacingFault, port: number): string => {
  const scheme = security === undefined ? "http" : "https"
  switch (address) {
    case "unknown host":
      return "https://unicall-has-no-such-host.invalid"
    case "localhost":
    case "closed port of localhost":
      return `${scheme}://localhost:${port}`
    default:
      return `${scheme}://127.0.0.1:${port}`
  }
}

export interface Site {
  readonly twin: Twin
  readonly baseUrl: string
  /** Placements that have come in, as far as their heads were read. */
  readonly posts: () => number
  /** Requests that have come in at the server to which others are redirected. */
  readonly elsewhere: () => number
  /** Whether the first placement came over a connection that a read had left open. */
  readonly reused: () => boolean
  /** Once the server has misbehaved. */
  readonly met: Promise<void>
  /** Opens the server where it was closed. */
  readonly repair: Effect.Effect<void>
}

/** Opens the provider; in its list stands an order of somebody else. */
export const openSite = Effect.fnUntraced(function* (subject: Subject, fault: PlacingFault, accepted: boolean) {
  const twin = subject.twin()
  const { stranger, placePath } = subject
  const query = new URLSearchParams()
  const strange = { method: "POST", path: placePath, query, headers: stranger.headers }
  twin.respond({ ...strange, body: JSON.stringify(stranger.body) }, START - 10_000)
  const pretender = subject.twin()

  const { promise: met, resolve } = Promise.withResolvers<void>()
  let armed = true
  let posts = 0
  let elsewhere = 0
  let reused = false
  const other = yield* open([
    {
      onRequest: (request) => {
        elsewhere += 1
        return healthy(twin, request)
      }
    }
  ])

  const isPlacing = ({ method, path }: RawRequest): boolean => method === "POST" && path === placePath

  const misbehave = (at: PlacingFault["at"], answer: { readonly status: number; readonly body: string }) => {
    if (!armed || fault.at !== at) return undefined
    armed = false
    resolve()
    return fault.does({ answer, elsewhere: `http://127.0.0.1:${other.port}${placePath}` })
  }
  const NOTHING = { status: 200, body: "" }

  const handlers = {
    onConnection: () => misbehave("connection", NOTHING),
    ...(fault.at === "bytes" ? { onBytes: () => misbehave("bytes", NOTHING) } : {}),
    onHead: (request: RawRequest) => {
      if (!isPlacing(request)) return undefined
      posts += 1
      if (armed) reused = request.earlier > 0
      return misbehave("head", NOTHING)
    },
    onRequest: (request: RawRequest) => {
      if (!armed || fault.at !== "request" || !isPlacing(request)) return healthy(twin, request)
      const { status, body } = (accepted ? twin : pretender).respond(request, START)
      return misbehave("request", { status, body: String(body) }) ?? { leave: "end" as const }
    }
  }
  const secured = fault.security === undefined ? undefined : certificates[fault.security]
  const isClosed = fault.address?.startsWith("closed") === true
  const port = isClosed ? yield* closedPort : (yield* open([handlers, { certificate: secured }])).port
  const scope = yield* Effect.scope
  const site: Site = {
    twin,
    baseUrl: urlOf(fault, port),
    posts: () => posts,
    elsewhere: () => elsewhere,
    reused: () => reused,
    met,
    repair: isClosed ? Effect.asVoid(Scope.provide(open([handlers, { port }]), scope)) : Effect.void
  }
  return site
})

export interface Service {
  readonly calls: VoiceCalls["Service"]
  readonly journal: PlacementJournal["Service"]
}

export interface ServiceOptions<E> {
  readonly at: ReadonlyArray<readonly [subject: Subject, baseUrl: string]>
  readonly transport?: Transport
  readonly journal?: Layer.Layer<PlacementJournal, E>
}

/** The service until the scope ends, with a journal that can be looked into: one of its own in memory unless given. */
export const openService = <E = never>({
  at,
  transport = transports[0]!,
  journal
}: ServiceOptions<E>): Effect.Effect<Service, CallError | E, Scope.Scope> => {
  const layerJournal: Layer.Layer<PlacementJournal, E> = journal ?? layerMemoryJournal
  const layer = VoiceCalls.layer(at.map(([subject, baseUrl]) => subject.make(baseUrl))).pipe(
    Layer.provideMerge(Layer.fresh(layerJournal)),
    Layer.provide(transport.layer)
  )
  return Effect.map(Layer.build(layer), (context) => ({
    calls: Context.get(context, VoiceCalls),
    journal: Context.get(context, PlacementJournal)
  }))
}
