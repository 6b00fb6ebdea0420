/** HTTP statuses and transport failures into reasons: one table, one function each. An adapter adds only rows that differ. */
import * as HttpClientError from "effect/http/HttpClientError"
import { present } from "../../domain/present.ts"
import {
  AtCapacity,
  type CallErrorReason,
  Forbidden,
  InvalidRequest,
  NetworkError,
  NotFound,
  type Operation,
  ProviderUnavailable,
  RateLimited,
  TimedOut,
  Unauthorized,
  UnreadableResponse
} from "../CallError.ts"
import { type Answer, type AnswerNotes, notesOf } from "./answer.ts"
import { UnsentError } from "./UnsentError.ts"

/** What an answer tells, without and with the wait that it asks for. */
interface Told {
  readonly notes: AnswerNotes
  readonly waiting: AnswerNotes & { readonly retryAfter?: number }
}

const REASONS = {
  InvalidRequest: ({ notes }: Told) => new InvalidRequest(notes),
  Unauthorized: ({ notes }: Told) => new Unauthorized(notes),
  Forbidden: ({ notes }: Told) => new Forbidden(notes),
  NotFound: ({ notes }: Told) => new NotFound(notes),
  TimedOut: ({ waiting }: Told) => new TimedOut(waiting),
  AtCapacity: ({ waiting }: Told) => new AtCapacity(waiting),
  RateLimited: ({ waiting }: Told) => new RateLimited(waiting),
  ProviderUnavailable: ({ waiting }: Told) => new ProviderUnavailable(waiting),
  UnreadableResponse: ({ notes }: Told) =>
    new UnreadableResponse({
      ...notes,
      expected: notes.status >= 300 && notes.status < 400 ? "an answer, not a redirection" : "a status of success"
    })
}

/** The reasons that an HTTP status can have. */
export type StatusReason = keyof typeof REASONS

/** Rows of a provider's own: by operation, then by status. */
export type StatusRows = {
  readonly [operation in Operation]?: {
    readonly [status: number]:
      | StatusReason
      | {
          readonly reason: StatusReason
          /** Of a placement: whether nothing was placed for certain. Without a word the common table says so. */
          readonly refused: boolean
        }
  }
}

/** What statuses mean at every provider; the rest goes by its class. */
export const STATUS_REASONS: { readonly [status: number]: StatusReason } = {
  401: "Unauthorized",
  402: "Forbidden",
  403: "Forbidden",
  404: "NotFound",
  408: "TimedOut",
  410: "NotFound",
  425: "RateLimited",
  429: "RateLimited"
}

const reasonOfClass = (status: number): StatusReason => {
  if (status >= 500) return "ProviderUnavailable"
  return status >= 400 ? "InvalidRequest" : "UnreadableResponse"
}

const ownRow = (status: number, operation: Operation, rows: StatusRows) => {
  const own = rows[operation]
  return own !== undefined && Object.hasOwn(own, status) ? own[status] : undefined
}

export const reasonNameOf = (status: number, operation: Operation, rows: StatusRows): StatusReason => {
  const own = ownRow(status, operation, rows)
  if (own !== undefined) return typeof own === "string" ? own : own.reason
  return STATUS_REASONS[status] ?? reasonOfClass(status)
}

/** The reason of an answer that is no success. */
export const reasonOfAnswer = (answer: Answer, operation: Operation, rows: StatusRows): CallErrorReason => {
  const notes = notesOf(answer)
  const waiting = { ...notes, ...present({ retryAfter: answer.retryAfter }) }
  return REASONS[reasonNameOf(answer.status, operation, rows)]({ notes, waiting })
}

/** Statuses that say for certain that nothing was placed, where a provider has no row that says otherwise. */
export const REFUSALS: ReadonlySet<number> = new Set([400, 401, 403, 404, 405, 413, 415, 422, 429])

/** Whether a placement that was answered so was certainly not taken; everything else of failure leaves it open. */
export const refuses = (status: number, rows: StatusRows = {}): boolean => {
  const own = ownRow(status, "place", rows)
  return typeof own === "object" ? own.refused : REFUSALS.has(status)
}

/** System calls that come before anything is sent: a name that is looked up, a connection that is made. */
const BEFORE_SENDING = new Set(["getaddrinfo", "connect"])

/** Certificates are checked before the first byte of a request is written (Node's and OpenSSL's words). */
const CERTIFICATE_FAULT =
  /^(CERT_|ERR_TLS_CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH_EXCEEDED)/

const CONNECT_TIMEOUT = "UND_ERR_CONNECT_TIMEOUT"

/** `fetch` refuses some ports before it connects, and says so in these words alone. */
const BAD_PORT = "bad port"

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null

const textOf = (value: object, key: string): string | undefined => {
  const found: unknown = Reflect.get(value, key)
  return typeof found === "string" ? found : undefined
}

const MAX_CAUSES = 8

/** An error with its causes, outermost first. A connection tried over several addresses fails with several errors at once. */
const causesOf = (error: unknown): ReadonlyArray<object> => {
  const causes: Array<object> = []
  let current = error
  while (isObject(current) && causes.length < MAX_CAUSES) {
    causes.push(current)
    current = Reflect.get(current, "cause")
  }
  return causes
}

const provesUnsent = (cause: object): boolean => {
  if (cause instanceof UnsentError) return true
  const code = textOf(cause, "code") ?? ""
  if (BEFORE_SENDING.has(textOf(cause, "syscall") ?? "") || CERTIFICATE_FAULT.test(code)) return true
  if (code === CONNECT_TIMEOUT || textOf(cause, "message") === BAD_PORT) return true
  const several: unknown = Reflect.get(cause, "errors")
  return Array.isArray(several) && several.length > 0 && several.every((each) => isObject(each) && provesUnsent(each))
}

const CODE = /^[A-Z][A-Z0-9_]{1,60}$/

/** The reason of a request without an answer. Only what happens before sending proves that nothing was sent. */
export const reasonOfTransport = (error: HttpClientError.HttpClientError): NetworkError => {
  const { reason } = error
  if (reason._tag === "InvalidUrlError" || reason._tag === "EncodeError") return new NetworkError({ sent: "no" })
  const causes = causesOf("cause" in reason ? reason.cause : undefined)
  const code = causes.map((cause) => textOf(cause, "code")).findLast((text) => text !== undefined && CODE.test(text))
  const sent: NetworkError["sent"] = reason._tag === "TransportError" && causes.some(provesUnsent) ? "no" : "maybe"
  return new NetworkError(present({ sent, code }))
}
