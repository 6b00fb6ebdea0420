/** Answers as they go over the wire, with the fault a request has met. */
import { isJsonObject } from "../domain/Json.ts"
import type { RequestFault } from "./fault.ts"

/** What a route answers: a status and a JSON value, or `undefined` for no body. */
export interface Answer {
  readonly status: number
  readonly body: unknown
}

/** Statuses whose answers HTTP gives no body. */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304])

/** Whether an answer with this status may have a body, and tells its length. */
export const mayHaveBody = (status: number): boolean => !BODILESS.has(status)

/** A provider's form of an error. */
export type ErrorBody = (message: string, code: string) => unknown

/** Makes answers that refuse a request in this form. */
export const refuser =
  (errorBody: ErrorBody) =>
  (status: number, message: string, code: string): Answer => ({ status, body: errorBody(message, code) })

/** What a transport has to do with a reply, beyond sending it. */
export type TransportFault =
  /** Send it this much later. */
  | { readonly kind: "delay"; readonly seconds: number }
  /** Never send it. */
  | { readonly kind: "hang" }
  /** Close the connection instead. */
  | { readonly kind: "drop" }
  /** Send the headers at once and the body in pieces. */
  | { readonly kind: "slow_body"; readonly seconds: number }
  /** Announce the whole body, send half of it and close the connection. */
  | { readonly kind: "cut" }

/** An answer as a transport sends it. */
export interface TwinReply {
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  /** Empty for the answer to HEAD, and for one without a body. */
  readonly body: string | Uint8Array<ArrayBuffer>
  /** What the transport has to do; it answers at once unless given. */
  readonly fault: TransportFault | undefined
}

interface Work {
  /** Does the work and answers. */
  readonly run: () => Answer
  /** Reading is done in any case: nobody can tell. */
  readonly reads: boolean
  readonly errorBody: ErrorBody
  /** Of all orders. */
  readonly ids: () => ReadonlySet<string>
}

const JSON_TYPE = "application/json; charset=utf-8"
const HTML_TYPE = "text/html; charset=utf-8"

const reply = (status: number, type: string | undefined, body: TwinReply["body"]): TwinReply => ({
  status,
  headers: type === undefined ? {} : { "content-type": type },
  body,
  fault: undefined
})

const jsonReply = ({ status, body }: Answer): TwinReply =>
  body === undefined || !mayHaveBody(status)
    ? reply(status, undefined, "")
    : reply(status, JSON_TYPE, JSON.stringify(body))

const page = (title: string): string =>
  `<!doctype html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`

/** Stands in for the answer of work that was not done. */
const NOT_DONE: Answer = { status: 200, body: { status: "ok", message: "This stands for an answer that never was." } }

/** What is there to garble: where an answer has no body, that of another success. */
const withBody = (answer: Answer): Answer =>
  answer.body === undefined || !mayHaveBody(answer.status) ? NOT_DONE : answer

/** Without what stands under `id`, and without the ids of orders under any key. */
const withoutIds = (value: unknown, ids: ReadonlySet<unknown>): unknown => {
  if (Array.isArray(value)) return value.map((item) => withoutIds(item, ids))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, member]) => key !== "id" && !ids.has(member))
      .map(([key, member]) => [key, withoutIds(member, ids)])
  )
}

const statusReply = (fault: RequestFault & { readonly kind: "status" }, { errorBody }: Work): TwinReply => {
  const title = `${fault.status} fault of the twin`
  const bodies = {
    json: () => reply(fault.status, JSON_TYPE, JSON.stringify(errorBody(title, "twin_fault"))),
    html: () => reply(fault.status, HTML_TYPE, page(title)),
    text: () => reply(fault.status, "text/plain; charset=utf-8", title),
    empty: () => reply(fault.status, undefined, "")
  }
  const made = bodies[fault.form ?? "json"]()
  return {
    ...made,
    fault: fault.delaySeconds === undefined ? undefined : { kind: "delay", seconds: fault.delaySeconds },
    headers: {
      ...made.headers,
      ...(fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) }),
      ...(fault.retryAfterMs === undefined ? {} : { "retry-after-ms": String(fault.retryAfterMs) })
    }
  }
}

/** An answer that cannot be read. */
export const garbledReply = (
  { form }: Pick<RequestFault & { readonly kind: "garble" }, "form">,
  given: Answer,
  { ids }: Pick<Work, "ids">
): TwinReply => {
  const answer = withBody(given)
  const text = JSON.stringify(answer.body)
  switch (form) {
    case "html":
      return reply(200, HTML_TYPE, page("Just a moment…"))
    case "truncated":
      return reply(answer.status, JSON_TYPE, text.slice(0, Math.floor(text.length / 2)))
    case "empty":
      return reply(answer.status, JSON_TYPE, "")
    case "not_json":
      return reply(answer.status, JSON_TYPE, "OK")
    case "wrong_shape":
      return reply(answer.status, JSON_TYPE, JSON.stringify([{ ok: true }, 17, null]))
    case "no_id":
      return reply(answer.status, JSON_TYPE, JSON.stringify(withoutIds(answer.body, ids())))
    case "invalid_utf8":
      return reply(answer.status, JSON_TYPE, Uint8Array.of(0xff, 0xfe, ...new TextEncoder().encode(text)))
    case "cut":
      return { ...reply(answer.status, JSON_TYPE, text), fault: { kind: "cut" } }
  }
}

/** The reply to a request that has met a fault, or none. */
export const faultyReply = (fault: RequestFault | undefined, work: Work): TwinReply => {
  if (fault === undefined) return jsonReply(work.run())
  const isDone = fault.accepted === true || work.reads
  const answer = isDone || fault.kind === "delay" || fault.kind === "slow_body" ? work.run() : NOT_DONE
  switch (fault.kind) {
    case "status":
      return statusReply(fault, work)
    case "garble":
      return garbledReply(fault, answer, work)
    case "redirect":
      return { ...reply(fault.status, undefined, ""), headers: { location: fault.location ?? "/login" } }
    case "delay":
    case "slow_body":
      return { ...jsonReply(answer), fault: { kind: fault.kind, seconds: fault.seconds } }
    case "hang":
    case "drop":
      return { ...jsonReply(answer), fault: { kind: fault.kind } }
  }
}
