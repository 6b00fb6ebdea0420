/** The providers' side of a history: twins, what their lists tell, which orders they know again, what they have taken. */
import type { Sent } from "../../src/testing/simulation/index.ts"
import type { Fault } from "../../src/twin/fault.ts"
import type { TwinReply } from "../../src/twin/reply.ts"
import type { Twin, TwinRequest } from "../../src/twin/twin.ts"
import type { EventBody, Life, OrderKey } from "./events.ts"
import { HONEST, tellingLess } from "./lists.ts"
import { ORDER_PATH, siteOf, WINDOW_SECONDS } from "./providers.ts"
import type { ListTruth, ProviderName, Setup } from "./script.ts"

export interface Site {
  readonly name: ProviderName
  readonly twin: Twin
  readonly baseUrl: string
  truth: ListTruth
}

interface Sites {
  readonly all: ReadonlyArray<Site>
  readonly find: (name: ProviderName) => Site | undefined
  /** Told of each request that leaves, and when: gives a request to place its number. */
  readonly onSent: (sent: Sent, owner: Life, at: number) => void
  readonly respond: (sent: Sent, now: number) => TwinReply
}

const isPlacing = ({ method, path, body }: TwinRequest): boolean =>
  method === "POST" && /^\/calls?$/.test(path) && body !== ""

const isListing = ({ method, path, query }: TwinRequest): boolean =>
  method === "GET" && /^\/calls?$/.test(path) && query.get("limit") !== CHECKING

/** Of a list of so many only the status counts. */
const CHECKING = "1"

/** What asks for a later page: a bound, and at Revox a number from 0 on. */
const isFirstPage = ({ query }: TwinRequest): boolean =>
  !query.has("createdTo") && !query.has("createdAtLt") && (query.get("page") ?? "0") === "0"

/** Faults that leave an answer as it is. */
const ONLY_SLOW: ReadonlySet<string | undefined> = new Set([undefined, "delay", "slow_body"])

/** Whether an answer holds all that it is to hold: of a list of nothing there is nothing to be garbled. */
const isWhole = ({ status, body }: TwinReply, fault: Fault | undefined): boolean =>
  status === 200 &&
  (ONLY_SLOW.has(fault?.kind) || (fault?.kind === "garble" && fault.form === "no_id" && isEmptyList(body)))

const isEmptyList = (body: TwinReply["body"]): boolean =>
  typeof body === "string" && /^(?:\{"\w+":)?\[\]\}?$/.test(body)

const PHONE = /"\+1(?:202|303)55501(\d\d)"/

/** The digits of the number that is called: they tell the tenant and its reference. */
const digitsIn = (body: string): string => PHONE.exec(body)?.[1] ?? ""

export const makeSites = (
  seed: string,
  setup: Setup,
  keyOf: (digits: string, isTold: (reference: string) => boolean) => OrderKey,
  record: (event: EventBody) => void
): Sites => {
  const all: ReadonlyArray<Site> = setup.providers.map((name) => ({
    ...siteOf(name, `${name} ${seed}`),
    truth: HONEST
  }))
  const numbers = new WeakMap<TwinRequest, number>()
  const asked = new WeakMap<TwinRequest, Life & { readonly askedAt: number }>()
  let requests = 0

  /** The order that this request would repeat. */
  const known = ({ twin }: Site, { body }: TwinRequest, now: number) => {
    if (!setup.idempotent) return undefined
    const digits = digitsIn(body)
    return twin.orders.find(
      ({ to, reference, placedAt }) =>
        to.endsWith(digits) && now - placedAt < WINDOW_SECONDS * 1000 && body.includes(`"${reference}"`)
    )
  }

  const place = (site: Site, request: TwinRequest, now: number): TwinReply => {
    const { twin } = site
    const before = twin.orders.length
    const again = known(site, request, now)
    const asked =
      again === undefined
        ? request
        : { ...request, method: "GET", path: `${ORDER_PATH[site.name]}${again.id}`, body: "" }
    const reply = twin.respond(asked, now)
    const taken = twin.orders.length > before ? twin.orders.at(-1) : undefined
    // What is refused is not known again.
    const order = taken ?? (reply.status < 300 ? again : undefined)
    const isToIts = order !== undefined && request.body.includes(`"${order.to}"`)
    const fault = twin.requests.at(-1)?.fault?.kind
    record({
      event: "placed",
      request: numbers.get(request) ?? 0,
      isNew: taken !== undefined,
      status: reply.status,
      ...(order === undefined ? {} : isToIts ? { order: order.id } : { other: order.id }),
      ...(fault === undefined ? {} : { fault })
    })
    return reply
  }

  const noteList = ({ name, twin }: Site, request: TwinRequest, reply: TwinReply): void => {
    const of = asked.get(request)
    if (of === undefined) return
    const { fault } = twin.requests.at(-1) ?? {}
    record({
      event: "listed",
      provider: name,
      isFirst: isFirstPage(request),
      isWhole: isWhole(reply, fault),
      ...of
    })
  }

  const noteReading = ({ name }: Site, request: TwinRequest): void => {
    const of = asked.get(request)
    const id =
      request.method === "GET" && request.path.startsWith(ORDER_PATH[name])
        ? request.path.slice(ORDER_PATH[name].length)
        : ""
    if (setup.webhooks === undefined || of === undefined || id === "") return
    record({ event: "read", call: `${name}:${id}`, process: of.process, life: of.life })
  }

  const noteAstray = ({ name }: Site, request: TwinRequest): void => {
    const of = asked.get(request)
    const order = all
      .filter((other) => other.name !== name)
      .flatMap(({ twin }) => twin.orders)
      .find(({ id }) => request.path.includes(id))
    if (of === undefined || order === undefined) return
    record({ event: "astray", provider: name, order: order.id, process: of.process, life: of.life })
  }

  const find = (name: ProviderName): Site | undefined => all.find((site) => site.name === name)

  return {
    all,
    find,
    onSent: ({ site, request }, { process, life }, askedAt) => {
      asked.set(request, { process, life, askedAt })
      const at = all.find(({ twin }) => twin === site.twin)
      if (at === undefined || !isPlacing(request)) return
      requests += 1
      numbers.set(request, requests)
      record({
        event: "sent",
        key: keyOf(digitsIn(request.body), (reference) => request.body.includes(`"${reference}"`)),
        provider: at.name,
        request: requests,
        process,
        life
      })
    },
    respond: ({ site: { twin }, request }, now) => {
      const site = all.find((each) => each.twin === twin)
      if (site === undefined) return twin.respond(request, now)
      if (isPlacing(request)) return place(site, request, now)
      const reply = twin.respond(request, now)
      noteReading(site, request)
      noteAstray(site, request)
      if (!isListing(request)) return reply
      noteList(site, request, reply)
      return tellingLess(reply, site.truth, twin.orders, now)
    }
  }
}
