/**
 * The network between machines and twins. A request that has left arrives, whatever becomes of who sent it, and takes its
 * time to; so does its answer. Redirects are not followed.
 */
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import { takeBody } from "../../provider/http/onceBody.ts"
import type { TwinAt } from "../../twin/inProcess.ts"
import { mayHaveBody, type TwinReply } from "../../twin/reply.ts"
import type { TwinRequest } from "../../twin/twin.ts"
import type { Machine } from "./machine.ts"
import { ReplyResponse } from "./reply.ts"

/** A request on its way. */
export interface Sent {
  readonly machine: Machine
  readonly site: TwinAt
  readonly request: TwinRequest
}

/** How slow the network is, and who hears of what passes. */
export interface NetworkOptions {
  /** The longest that a request or an answer is on its way, in milliseconds; half take less than an eighth of it. @default 0: at once */
  readonly slowestMillis?: number
  /** Told of each request that leaves. */
  readonly onSent?: (sent: Sent) => void
  /** How a site answers. @default as its twin does */
  readonly respond?: (sent: Sent, now: number) => TwinReply
  /** Whether a machine cannot connect to a site just now: then nothing leaves. @default never */
  readonly isCut?: (machine: Machine, site: TwinAt) => boolean
}

interface Site extends TwinAt {
  readonly origin: string
  readonly prefix: string
}

const siteOf = (at: TwinAt): Site => {
  const { origin, pathname } = new URL(at.baseUrl)
  return { ...at, origin, prefix: pathname.replace(/\/+$/, "") }
}

const find = (sites: ReadonlyArray<Site>, url: URL): Site | undefined =>
  sites.find(({ origin, prefix }) => origin === url.origin && `${url.pathname}/`.startsWith(`${prefix}/`))

/** A failure as undici reports it: the code stands in the cause of the cause. */
const lost = (
  request: HttpClientRequest.HttpClientRequest,
  code: string,
  more: { readonly syscall?: string } = {}
): HttpClientError.HttpClientError => {
  const cause = new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code, ...more }) })
  return new HttpClientError.HttpClientError({ reason: new HttpClientError.TransportError({ request, cause }) })
}

const decoder = new TextDecoder()

const bodyOf = ({ body }: HttpClientRequest.HttpClientRequest): string => {
  if (body._tag === "Empty") return ""
  if (body._tag === "Uint8Array") return decoder.decode(body.body)
  const bytes = body._tag === "Raw" ? takeBody(body.body) : undefined
  if (bytes === undefined) throw new TypeError("a simulated network takes bodies of text or bytes")
  return decoder.decode(bytes)
}

const textOf = (body: TwinReply["body"]): string => (typeof body === "string" ? body : decoder.decode(body))

/** A client on this machine whose requests the twins answer. */
export const makeNetwork = (
  machine: Machine,
  twins: ReadonlyArray<TwinAt>,
  { slowestMillis = 0, onSent, respond, isCut }: NetworkOptions = {}
): HttpClient.HttpClient => {
  const { world } = machine
  const sites = twins.map(siteOf)
  /** Half take less than an eighth of the longest. Products, unlike powers, are the same on every machine. */
  const delay = (): number => {
    if (slowestMillis === 0) return 0
    const drawn = world.draws.next()
    return Math.floor(drawn * drawn * drawn * slowestMillis)
  }

  const exchange = (sent: Sent, asked: HttpClientRequest.HttpClientRequest) =>
    Effect.callback<HttpClientResponse.HttpClientResponse, HttpClientError.HttpClientError>((resume) => {
      const answer = (reply: TwinReply): void => {
        const { fault } = reply
        if (fault?.kind === "hang") return
        const late = fault?.kind === "delay" ? fault.seconds * 1000 : 0
        // What a server writes into an answer is when it left, however long nobody takes it.
        const leftAt = world.now() + late
        world.after(delay() + late, () =>
          machine.ready(() =>
            resume(
              fault?.kind === "drop"
                ? Effect.fail(lost(asked, "UND_ERR_SOCKET"))
                : Effect.succeed(responseTo(machine, asked, reply, leftAt))
            )
          )
        )
      }
      world.after(delay(), () => {
        const now = world.now()
        answer(respond === undefined ? sent.site.twin.respond(sent.request, now) : respond(sent, now))
      })
    })

  return HttpClient.make((request, url) =>
    Effect.suspend(() => {
      const site = find(sites, url)
      if (site === undefined) return Effect.fail(lost(request, "ENOTFOUND", { syscall: "getaddrinfo" }))
      if (isCut?.(machine, site) === true) return Effect.fail(lost(request, "ECONNREFUSED", { syscall: "connect" }))
      const sending = Effect.suspend(() => {
        const asked: TwinRequest = {
          method: request.method,
          path: url.pathname.slice(site.prefix.length) || "/",
          query: url.searchParams,
          headers: { host: url.host, ...request.headers },
          body: bodyOf(request)
        }
        const sent = { machine, site, request: asked }
        onSent?.(sent)
        return exchange(sent, request)
      })
      return machine.operating("send", sending)
    })
  )
}

const responseTo = (
  machine: Machine,
  request: HttpClientRequest.HttpClientRequest,
  { status, headers, body, fault }: TwinReply,
  leftAt: number
): ReplyResponse => {
  const text = textOf(body)
  const length = mayHaveBody(status) ? { "content-length": String(text.length) } : {}
  const all = { ...headers, ...length, date: new Date(leftAt).toUTCString() }
  return new ReplyResponse(request, status, all, (response) => {
    if (fault?.kind === "slow_body") return Effect.as(waiting(machine, fault.seconds * 1000), text)
    if (fault?.kind !== "cut") return Effect.succeed(text)
    const cause = new TypeError("terminated", { cause: Object.assign(new Error(), { code: "UND_ERR_SOCKET" }) })
    const reason = new HttpClientError.DecodeError({ request, response, cause })
    return Effect.fail(new HttpClientError.HttpClientError({ reason }))
  })
}

/** By the world's time: it is the server that is slow. */
const waiting = (machine: Machine, millis: number): Effect.Effect<void> =>
  Effect.callback<void>((resume) => {
    machine.world.after(millis, () => machine.ready(() => resume(Effect.void)))
  })
