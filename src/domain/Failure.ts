import * as Schema from "effect/Schema"

/**
 * Why an attempt did not connect, or broke. `blocked`: somebody between the two sides let it not through, as marked for spam;
 * `account`: the caller's account has no credit or is closed; `account_limit`: it has as many calls at a time as it may;
 * `customer_error`: a server, model or setting of the caller's own failed.
 */
export const FailureKind = Schema.Literals([
  "invalid_number",
  "busy",
  "no_answer",
  "unreachable",
  "declined",
  "blocked",
  "congestion",
  "not_permitted",
  "precondition_failed",
  "timeout",
  "account",
  "account_limit",
  "customer_error",
  "provider_error",
  "unclassified",
  "unrecognized"
])
export type FailureKind = typeof FailureKind.Type

/** Why an attempt did not connect, or broke. */
export const Failure = Schema.Struct({
  kind: FailureKind,
  sipCode: Schema.optionalKey(Schema.Finite),
  /** The provider's own text: data, never for a log. */
  message: Schema.optionalKey(Schema.String)
})
export type Failure = typeof Failure.Type

/** Failures that mean the person was not reached, rather than that something broke. */
export const NOT_REACHED: ReadonlySet<FailureKind> = new Set([
  "busy",
  "no_answer",
  "unreachable",
  "declined",
  "blocked"
])

/** Failures that come before anybody can answer; the others may break a talk as well. */
export const BEFORE_ANSWER: ReadonlySet<FailureKind> = new Set([
  ...NOT_REACHED,
  "invalid_number",
  "congestion",
  "not_permitted",
  "precondition_failed",
  "timeout",
  "account",
  "account_limit"
])

/** The reach of an attempt that did not connect for this reason. */
export const reachOfFailure = (kind: FailureKind): "not_reached" | "failed" =>
  NOT_REACHED.has(kind) ? "not_reached" : "failed"

const SIP_CODES = {
  403: "not_permitted",
  404: "invalid_number",
  408: "timeout",
  410: "invalid_number",
  412: "precondition_failed",
  480: "unreachable",
  484: "invalid_number",
  486: "busy",
  487: "no_answer",
  503: "congestion",
  580: "precondition_failed",
  600: "busy",
  603: "declined",
  604: "invalid_number",
  607: "declined",
  608: "blocked"
} as const satisfies Record<number, FailureKind>

/** SIP codes with a kind of their own; any other 5xx is a provider error, any other 4xx or 6xx unclassified. */
export const sipFailures: ReadonlyMap<number, FailureKind> = new Map(
  Object.entries(SIP_CODES).map(([code, kind]) => [Number(code), kind])
)

/** What an intermediary answers with 603, or says by 608, that lets a call not through (ATIS-1000099, RFC 8688). */
const NETWORK_BLOCKED = /\bnetwork[\s_-]blocked\b/i

/** The kind of failure that a SIP status means; `phrase` is its reason phrase, or the text around it. */
export const failureOfSipCode = (code: number, phrase = ""): FailureKind => {
  if (code === 603 && NETWORK_BLOCKED.test(phrase)) return "blocked"
  return sipFailures.get(code) ?? (code >= 500 && code < 600 ? "provider_error" : "unclassified")
}

/** Phrases in the order they are tried. */
export const failurePhrases: ReadonlyArray<readonly [phrase: RegExp, kind: FailureKind]> = [
  [/\bbusy\b/i, "busy"],
  [/\bno[\s_-]?answer\b/i, "no_answer"],
  [/\btemporarily[\s_-]unavailable\b/i, "unreachable"],
  [NETWORK_BLOCKED, "blocked"],
  [/\bdeclined\b/i, "declined"],
  [/\b(?:forbidden|blocked)\b/i, "not_permitted"],
  [/\btimed?[\s_-]?out\b/i, "timeout"]
]

/** Reason phrases of the SIP registry (RFC 3261 and its extensions), and of ATIS-1000099. */
const REASON_PHRASES = Map.groupBy(
  `
    400 Bad Request, 401 Unauthorized, 402 Payment Required, 403 Forbidden, 404 Not Found, 405 Method Not Allowed,
    406 Not Acceptable, 407 Proxy Authentication Required, 408 Request Timeout, 409 Conflict, 410 Gone,
    412 Conditional Request Failed, 413 Request Entity Too Large, 414 Request-URI Too Long,
    415 Unsupported Media Type, 416 Unsupported URI Scheme, 420 Bad Extension, 421 Extension Required,
    422 Session Interval Too Small, 423 Interval Too Brief, 428 Use Identity Header, 433 Anonymity Disallowed,
    437 Unsupported Credential, 438 Invalid Identity Header, 480 Temporarily Unavailable,
    481 Call/Transaction Does Not Exist, 482 Loop Detected, 483 Too Many Hops, 484 Address Incomplete, 485 Ambiguous,
    486 Busy Here, 487 Request Terminated, 488 Not Acceptable Here, 489 Bad Event, 491 Request Pending,
    493 Undecipherable, 494 Security Agreement Required, 500 Server Internal Error, 501 Not Implemented,
    502 Bad Gateway, 503 Service Unavailable, 504 Server Time-out, 505 Version Not Supported, 513 Message Too Large,
    580 Precondition Failure, 600 Busy Everywhere, 603 Decline, 603 Network Blocked, 604 Does Not Exist Anywhere, 606 Not Acceptable,
    607 Unwanted, 608 Rejected
  `
    .trim()
    .split(/,\s+/)
    .map((row) => ({ code: Number(row.slice(0, 3)), phrase: row.slice(4).toLowerCase() })),
  ({ code }) => code
)

const CODE = /(?<!\d)[456]\d\d(?!\d)/g
const INTRODUCED = /\b(?:sip(?:\/\d\.\d)?|status|code|error|response)[\s:=#"'([-]*(?:code[\s:=#"'([-]*)?$/i
/** What ends in a telephone number: a leading plus, or two groups of digits. */
const NUMBER_BEFORE = /(?:\+(?:\d[\d\s().-]*)?|\d{2,}\)?[\s.-]+\(?\d{2,}\)?[\s.-]*\(?)$/
const DATE_BEFORE = /\d{4}-\d{2}-\d{2}\s*$/
const NUMBER_AFTER = /^[\s().-]{1,2}\(?(?:\d{3,}|\d{2}[\s.-]\d{2})/
const UNIT_OF_TIME = /^\s*(?:ms|msecs?|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)\b/i

const insideTelephoneNumber = (before: string, after: string): boolean =>
  (NUMBER_BEFORE.test(before) && !DATE_BEFORE.test(before)) || NUMBER_AFTER.test(after)

/** The reach of text that can matter on either side of a code. */
const CONTEXT = 40

/** The first SIP code a text names as such: introduced by a word like `SIP` or `status`, or followed by its reason phrase. */
export const sipCodeIn = (text: string): number | undefined => {
  for (const match of text.matchAll(CODE)) {
    const code = Number(match[0])
    const before = text.slice(Math.max(0, match.index - CONTEXT), match.index)
    const after = text.slice(match.index + 3, match.index + 3 + CONTEXT)
    if (insideTelephoneNumber(before, after) || UNIT_OF_TIME.test(after)) continue
    const said = after.replace(/^[\s:,"'()-]+/, "").toLowerCase()
    const named = REASON_PHRASES.get(code)?.some(({ phrase }) => said.startsWith(phrase)) === true
    if (named || INTRODUCED.test(before)) return code
  }
  return undefined
}

/** What a free error text says: a SIP code beats a phrase, any other text is `unclassified`. */
export const failureInText = (text: string): Failure => {
  const sipCode = sipCodeIn(text)
  if (sipCode !== undefined) return { kind: failureOfSipCode(sipCode, text), sipCode, message: text }
  const phrase = failurePhrases.find(([pattern]) => pattern.test(text))
  return { kind: phrase?.[1] ?? "unclassified", message: text }
}
