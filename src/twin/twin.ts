/**
 * A twin: a provider's API as a deterministic simulation. It answers requests synchronously, at the time it is told;
 * servers (`server.ts`) and clients (`inProcess.ts`) carry its answers.
 */
import { isJsonObject } from "../domain/Json.ts"
import type { Fault, FaultRule, TwinOperation } from "./fault.ts"
import { makeFaultPlan } from "./faultPlan.ts"
import { faultRules } from "./faultText.ts"
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
  readonly fault: Fault | undefined
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
  /** The agents that are stored. @default none */
  readonly agents?: () => ReadonlyArray<TwinAgent>
  readonly clear: () => void
  readonly endingOf: (ending: Ending, story: Story) => TwinEnding
}

/** In bytes. */
export const LARGEST_BODY = 1_000_000

/** Measured only where it can matter: a code unit takes up to three bytes. */
const sizeOf = (text: string): number =>
  text.length * 3 <= LARGEST_BODY ? text.length : new TextEncoder().encode(text).length

const patternOf = (path: string): RegExp => new RegExp(`^${path.replaceAll("{id}", "([^/]+)")}$`)

/** The path of a route, whatever base path a client has put before it. Several slashes are one, as clients write them. */
const withoutBase = (written: string, basePaths: ReadonlyArray<string>): string => {
  const path = written.replace(/\/{2,}/g, "/")
  const base = basePaths
    .toSorted((a, b) => b.length - a.length)
    .find((each) => each !== "" && path.startsWith(`${each}/`))
  return base === undefined ? path : path.slice(base.length)
}

/** What a twin takes in it may have to write again, and writing JSON is recursive. */
const DEEPEST_BODY = 500

const nestsBeyond = (value: unknown, levels: number): boolean => {
  if (typeof value !== "object" || value === null) return false
  return levels === 0 || Object.values(value).some((member) => nestsBeyond(member, levels - 1))
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Values are texts, as they are in forms; a field that repeats is a list. */
const parseForm = (text: string): unknown => {
  const form = new URLSearchParams(text)
  return Object.fromEntries(
    [...new Set(form.keys())].map((name) => {
      const [value, ...more] = form.getAll(name)
      return [name, more.length === 0 ? value : [value, ...more]]
    })
  )
}

/** `curl -d '{…}'` gives JSON the type of a form, and no form begins with a brace. */
const isForm = ({ body, headers: { "content-type": type = "" } }: TwinRequest): boolean =>
  /^application\/x-www-form-urlencoded *(;|$)/i.test(type) && !/^\s*\{/.test(body)

const parseBody = (request: TwinRequest): { readonly value: unknown } | undefined => {
  if (request.body === "") return { value: undefined }
  if (isForm(request)) return { value: parseForm(request.body) }
  try {
    return { value: JSON.parse(request.body) }
  } catch {
    return undefined
  }
}

/**
 * A twin of an API of your own.
 *
 * @throws FaultTextError if the faults given are none
 */
export const makeTwin = (definition: TwinDefinition): Twin => {
  const { name, seed, errorBody } = definition
  const routes = definition.routes.map((route) => ({ route, pattern: patternOf(route.path) }))
  const newPlan = (faults: TwinDefinition["faults"]) => makeFaultPlan(faultRules(faults), seed)
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
    const fault = faultOf({ method: request.method, path, operation: found?.route.operation })
    const run = (): Answer => {
      if (here.length === 0) return refusal(404, "there is nothing at this path", "not_found")
      if (found === undefined) return refusal(405, "this method is not allowed here", "method_not_allowed")
      return answer(found.route, decoded(found.pattern.exec(path)?.[1] ?? ""), request, now)
    }
    const ids = () => new Set(definition.orders().map(({ id }) => id))
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
      return definition
        .orders()
        .map(({ id, reference, to, placedAt, canceledAt }) => ({ id, reference, to, placedAt, canceledAt }))
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
      definition.clear()
    },
    endingOf: (story) => (story.ending === undefined ? undefined : definition.endingOf(story.ending, story))
  }
}
