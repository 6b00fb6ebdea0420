/**
 * A twin: a provider's API as a deterministic simulation. It answers requests synchronously, at the time it is told;
 * servers (`server.ts`) and clients (`inProcess.ts`) carry its answers.
 */
import { isJsonObject } from "../domain/Json.ts"
import { type FaultRule, isRequestFault, type RequestFault, type TwinOperation } from "./fault.ts"
import { makeFaultPlan } from "./faultPlan.ts"
import { faultRules } from "./faultText.ts"
import type { MessageSource } from "./messages.ts"
import { DEEPEST_BODY, LARGEST_BODY, nestsBeyond, parseBody, sizeOf } from "./parsedBody.ts"
import type { IncomingFrom } from "./orderBook.ts"
import { type Delivery, makeOutbox, type SentMessage } from "./outbox.ts"
import { isE164, receivingRoutes } from "./receiving.ts"
import { type Answer, type ErrorBody, faultyReply, refuser, type TwinReply } from "./reply.ts"
import { uuidFrom } from "./seeded.ts"
import type { TwinAgent } from "./storedAgents.ts"
import type { Ending, Story } from "./story.ts"

/** A request as a twin takes it. */
export interface TwinRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

/** A request as the twin's log keeps it: no headers, hence no key. */
export interface LoggedRequest {
  readonly method: string
  readonly path: string
  readonly query: string
  /** Absent for a path that nothing is found at. */
  readonly operation: TwinOperation | undefined
  readonly at: number
  /** Of the answer, whether or not it arrived. */
  readonly status: number
  readonly fault: RequestFault | undefined
  readonly body: string
}

/** An order that the twin has taken, whether or not its answer arrived. */
export interface TwinOrder {
  readonly id: string
  /** The caller's own key, where the provider has a place for it. */
  readonly reference: string | undefined
  readonly to: string
  readonly placedAt: number
  /** By a request, not by its story. */
  readonly canceledAt: number | undefined
  /** Of a call that has come in: from a telephone, or from a browser. */
  readonly incoming?: IncomingFrom
}

/** A call that comes in. */
export interface IncomingCall {
  /** @default "phone" */
  readonly channel?: IncomingFrom
  /** The caller, in E.164: the last two digits choose the story, of those in which somebody talks. Needed but for a browser. */
  readonly from?: string
  /** The agent that is called. @default the first one that is stored */
  readonly agentId?: string
}

/** An ending at this provider; `because` says why it is another than the story's. */
export interface TwinEnding extends Ending {
  readonly because: string | undefined
}

/** A provider's API, played on this machine. */
export interface Twin {
  /** The provider that it plays. */
  readonly name: string
  /** The answer to a request at a time, in milliseconds since the epoch. */
  readonly respond: (request: TwinRequest, now: number) => TwinReply
  /** Oldest first, since the last `reset`. */
  readonly requests: ReadonlyArray<LoggedRequest>
  /** What it has taken, oldest first. */
  readonly orders: ReadonlyArray<TwinOrder>
  /**
   * Somebody calls in. `undefined` for what the provider does not have, such as calls from a browser, and for an agent that is
   * not stored.
   * @throws RangeError if the caller's number is not in E.164
   */
  readonly receive: (call: IncomingCall, now: number) => TwinOrder | undefined
  /** The webhooks that are to be sent by now, each once: whoever takes them sends them (`sendWebhooks`, `listen`). */
  readonly takeDeliveries: (now: number) => ReadonlyArray<Delivery>
  /** When there are some next, as far as is known now. */
  readonly nextDeliveryAt: () => number | undefined
  /** The webhooks that were sent or lost, oldest first, since the last `reset`. */
  readonly webhooks: ReadonlyArray<SentMessage>
  /** Tells of each request and each call that comes in; gives a function that ends it. */
  readonly onChange: (told: () => void) => () => void
  /** The agents that are stored there, as they are now; empty where it has none. */
  readonly agents: ReadonlyArray<TwinAgent>
  /** Replaces all fault rules; their counts start anew. */
  readonly setFaults: (faults: string | ReadonlyArray<FaultRule>) => void
  /** Forgets requests, orders and changes of agents, and starts over with the faults it was made with. */
  readonly reset: () => void
  /**
   * What a story comes to here, once nothing more happens and as far as the provider retries by itself; `undefined` where
   * nothing is placed.
   */
  readonly endingOf: (story: Story) => TwinEnding | undefined
}

/** What a route is given. */
export interface RouteCall {
  readonly now: number
  /** From the path; empty where it has none. */
  readonly id: string
  readonly query: URLSearchParams
  /** Names in lower case. */
  readonly headers: TwinRequest["headers"]
  /** The parsed body, of JSON or of a form by its `content-type`; `undefined` for an empty one. A field that repeats is a list. */
  readonly body: unknown
}

/** An endpoint of a twin. */
export interface Route {
  readonly operation: TwinOperation
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"
  /** With `{id}` where the id stands. */
  readonly path: string
  readonly handle: (call: RouteCall) => Answer
  /** It is open to whoever knows its path. */
  readonly takesNoKey?: true
  /** To a request without the right key, where that is not refused with 401. */
  readonly otherKey?: Answer
}

/** What makes a provider's twin out of the machinery. */
export interface TwinDefinition {
  readonly name: string
  readonly seed: string
  readonly faults: string | ReadonlyArray<FaultRule>
  /** What may stand before the path of a route; `""` where nothing needs to. */
  readonly basePaths: ReadonlyArray<string>
  readonly isAuthorized: (headers: TwinRequest["headers"]) => boolean
  readonly errorBody: ErrorBody
  readonly routes: ReadonlyArray<Route>
  readonly orders: () => ReadonlyArray<TwinOrder>
  /** Takes a call that comes in. @default it has none */
  readonly receive?: (call: IncomingCall & { readonly channel: IncomingFrom }, now: number) => TwinOrder | undefined
  /** What it sends of its own. @default nothing */
  readonly messages?: MessageSource
  /** The agents that are stored. @default none */
  readonly agents?: () => ReadonlyArray<TwinAgent>
  readonly clear: () => void
  readonly endingOf: (ending: Ending, story: Story) => TwinEnding
}

const patternOf = (path: string): RegExp => new RegExp(`^${path.replaceAll("{id}", "([^/]+)")}$`)

/** The path of a route, whatever base path a client has put before it. Several slashes are one, as clients write them. */
const withoutBase = (written: string, basePaths: ReadonlyArray<string>): string => {
  const path = written.replace(/\/{2,}/g, "/")
  const base = basePaths
    .toSorted((a, b) => b.length - a.length)
    .find((each) => each !== "" && path.startsWith(`${each}/`))
  return base === undefined ? path : path.slice(base.length)
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const NO_MESSAGES: MessageSource = { due: () => [], nextAt: () => undefined, clear: () => undefined }

/**
 * A twin of an API of your own.
 *
 * @throws FaultTextError if the faults given are none
 */
export const makeTwin = (definition: TwinDefinition): Twin => {
  const { name, seed, errorBody } = definition
  const receive = (call: IncomingCall, now: number): TwinOrder | undefined => {
    const { channel = "phone", from } = call
    if (from === undefined ? channel === "phone" : !isE164(from))
      throw new RangeError("from: expected a telephone number in E.164")
    return definition.receive?.({ ...call, channel }, now)
  }
  const routes = [...definition.routes, ...receivingRoutes(receive, errorBody)].map((route) => ({
    route,
    pattern: patternOf(route.path)
  }))
  const newPlan = (faults: TwinDefinition["faults"]) => makeFaultPlan(faultRules(faults), seed)
  const ids = () => new Set(definition.orders().map(({ id }) => id))
  const outbox = makeOutbox(definition.messages ?? NO_MESSAGES, (subject) => faultOf(subject), ids)
  const listeners = new Set<() => void>()
  const tell = (): void => listeners.forEach((told) => told())
  const requests: Array<LoggedRequest> = []
  let faultOf = newPlan(definition.faults)
  let count = 0

  const refusal = refuser(errorBody)

  const answer = (route: Route, id: string, request: TwinRequest, now: number): Answer => {
    if (route.takesNoKey !== true && !definition.isAuthorized(request.headers))
      return route.otherKey ?? refusal(401, "the API key is missing or wrong", "unauthorized")
    if (sizeOf(request.body) > LARGEST_BODY) return refusal(413, "the body is too large", "too_large")
    const body = parseBody(request)
    if (body === undefined) return refusal(400, "the body is not JSON", "invalid_json")
    if (body.value !== undefined && !isJsonObject(body.value)) {
      return refusal(422, "the body must be an object", "invalid_body")
    }
    if (nestsBeyond(body.value, DEEPEST_BODY)) return refusal(422, "the body nests too deeply", "invalid_body")
    return route.handle({ now, id, query: request.query, headers: request.headers, body: body.value })
  }

  const respond = (request: TwinRequest, now: number): TwinReply => {
    const path = withoutBase(request.path, definition.basePaths)
    const isHead = request.method === "HEAD"
    const method = isHead ? "GET" : request.method
    const here = routes.filter(({ pattern }) => pattern.test(path))
    const found = here.find(({ route }) => route.method === method)
    const met = faultOf({ method: request.method, path, operation: found?.route.operation })
    const fault = isRequestFault(met) ? met : undefined
    if (found?.route.operation === "configure") outbox.look(now)
    const run = (): Answer => {
      if (here.length === 0) return refusal(404, "there is nothing at this path", "not_found")
      if (found === undefined) return refusal(405, "this method is not allowed here", "method_not_allowed")
      return answer(found.route, decoded(found.pattern.exec(path)?.[1] ?? ""), request, now)
    }
    const reply = faultyReply(fault, { run, reads: method === "GET", errorBody, ids })
    count += 1
    requests.push({
      method: request.method,
      path: request.path,
      query: request.query.toString(),
      operation: found?.route.operation,
      at: now,
      status: reply.status,
      fault,
      body: request.body
    })
    tell()
    const allow =
      here.length > 0 && found === undefined ? { allow: here.map(({ route }) => route.method).join(", ") } : {}
    const headers = { ...reply.headers, ...allow, "x-request-id": uuidFrom(seed, "request", count) }
    return { ...reply, headers, body: isHead ? "" : reply.body }
  }

  return {
    name,
    respond,
    get requests() {
      return [...requests]
    },
    get orders() {
      return definition.orders().map(({ id, reference, to, placedAt, canceledAt, incoming }) => {
        const order = { id, reference, to, placedAt, canceledAt }
        return incoming === undefined ? order : { ...order, incoming }
      })
    },
    receive: (call, now) => {
      const received = receive(call, now)
      tell()
      return received
    },
    takeDeliveries: outbox.take,
    nextDeliveryAt: outbox.nextAt,
    get webhooks() {
      return outbox.log()
    },
    onChange: (told) => {
      listeners.add(told)
      return () => void listeners.delete(told)
    },
    get agents() {
      return definition.agents?.() ?? []
    },
    setFaults: (faults) => {
      faultOf = newPlan(faults)
    },
    reset: () => {
      requests.length = 0
      count = 0
      faultOf = newPlan(definition.faults)
      outbox.clear()
      definition.clear()
    },
    endingOf: (story) => (story.ending === undefined ? undefined : definition.endingOf(story.ending, story))
  }
}
