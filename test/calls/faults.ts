/** What can go wrong while an order is placed, as data, and what the contract demands of each. */
import type { CallErrorReason } from "../../src/provider/CallError.ts"
import { plainAnswer, type Reaction } from "./rawServer.ts"

/**
 * `free`: certainly not placed, so it fails and the reference can be placed anew. `uncertain`: it may have been placed.
 * `accepted`: a healthy answer in an unusual form.
 */
export type Demand = "free" | "uncertain" | "accepted"

/** What a faulty server knows when it misbehaves. */
export interface Occasion {
  /** The answer it would give; where nothing was accepted, that to somebody else's order. */
  readonly answer: { readonly status: number; readonly body: string }
  /** A server that would accept the order too. */
  readonly elsewhere: string
}

export interface PlacingFault {
  readonly name: string
  readonly demands: Demand
  /** Where a transport knows more than the others, by its name. */
  readonly demandsOf?: { readonly [transport: string]: Demand }
  /** Whether the provider had taken the order when it went wrong: one case for each. */
  readonly accepted: ReadonlyArray<boolean>
  /** What it is called in the error or in the journal. */
  readonly reason?: CallErrorReason["_tag"]
  /** How far the server gets before; nowhere: the address is at fault. */
  readonly at: "connection" | "bytes" | "head" | "request" | "nowhere"
  readonly does: (occasion: Occasion) => Reaction
  /** Nothing more comes: only time ends it. */
  readonly silent?: boolean
  readonly security?: Security
  readonly address?: "127.0.0.1" | "localhost" | "closed port" | "closed port of localhost" | "unknown host"
  /** A read comes first, so that a connection stands open when the order is placed. */
  readonly readsFirst?: boolean
  /** Whether placing again would succeed; true unless given. */
  readonly passes?: boolean
}

/** Certificates of the server, where it is reached by https. */
export type Security = "trusted" | "untrusted" | "of another name" | "expired"

const JSON_HEADERS = { "content-type": "application/json" }
const HTML = "<!doctype html><title>Just a moment…</title>"

const BOTH = [true, false]
const NOT_ACCEPTED = [false]
const ACCEPTED = [true]

const head = (status: number, headers: { readonly [name: string]: string } = {}): string =>
  `HTTP/1.1 ${status} Whatever\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("")}\r\n`

const half = (text: string): string => text.slice(0, Math.floor(text.length / 2))

const REFUSALS: ReadonlyArray<readonly [status: number, reason: CallErrorReason["_tag"]]> = [
  [400, "InvalidRequest"],
  [401, "Unauthorized"],
  [403, "Forbidden"],
  [404, "NotFound"],
  [405, "InvalidRequest"],
  [413, "InvalidRequest"],
  [415, "InvalidRequest"],
  [422, "InvalidRequest"]
]

const OPEN_STATUSES: ReadonlyArray<readonly [status: number, reason: CallErrorReason["_tag"]]> = [
  [304, "UnreadableResponse"],
  [402, "Forbidden"],
  [408, "TimedOut"],
  [409, "InvalidRequest"],
  [410, "NotFound"],
  [421, "InvalidRequest"],
  [425, "RateLimited"],
  [500, "ProviderUnavailable"],
  [502, "ProviderUnavailable"],
  [503, "ProviderUnavailable"],
  [504, "ProviderUnavailable"]
]

const REDIRECTS = [301, 302, 303, 307, 308]

const statusFaults: ReadonlyArray<PlacingFault> = [
  ...REFUSALS.map(([status, reason]): PlacingFault => ({
    name: `status ${status}`,
    demands: "free",
    accepted: NOT_ACCEPTED,
    reason,
    at: "request",
    does: () => ({ write: plainAnswer(status, JSON_HEADERS, '{"message":"no"}'), leave: "keep" })
  })),
  {
    name: "status 429 with Retry-After",
    demands: "free",
    accepted: NOT_ACCEPTED,
    at: "request",
    does: () => ({ write: plainAnswer(429, { "retry-after": "1" }, ""), leave: "keep" })
  },
  ...OPEN_STATUSES.map(([status, reason]): PlacingFault => ({
    name: `status ${status}`,
    demands: "uncertain",
    accepted: BOTH,
    reason,
    at: "request",
    does: () => ({
      write: status === 304 ? [head(status)] : plainAnswer(status, { "content-type": "text/html" }, HTML),
      leave: "keep"
    })
  })),
  ...REDIRECTS.map((status): PlacingFault => ({
    name: `status ${status} to a server that would accept`,
    demands: "uncertain",
    accepted: BOTH,
    reason: "UnreadableResponse",
    at: "request",
    does: ({ elsewhere }) => ({ write: plainAnswer(status, { location: elsewhere }, ""), leave: "keep" })
  }))
]

/** Answers of success in which no order can be read, each a whole answer. */
const UNREADABLE: ReadonlyArray<readonly [name: string, write: (answer: Occasion["answer"]) => Reaction["write"]]> = [
  ["a page in HTML with 200", () => plainAnswer(200, { "content-type": "text/html" }, HTML)],
  ["200 without body", () => plainAnswer(200, JSON_HEADERS, "")],
  ["204", () => [head(204)]],
  ["JSON that breaks off", ({ status, body }) => plainAnswer(status, JSON_HEADERS, half(body))],
  [
    "bytes that are no UTF-8",
    ({ status, body }) => plainAnswer(status, JSON_HEADERS, Uint8Array.of(0xff, 0xfe, 0xc3, 0x28, ...Buffer.from(body)))
  ],
  [
    "JSON without an id",
    ({ status, body }) => plainAnswer(status, JSON_HEADERS, body.replaceAll('"id":', '"another":'))
  ],
  ["JSON of another shape", () => plainAnswer(200, JSON_HEADERS, '[{"ok":true},17,null]')],
  ["JSON null", () => plainAnswer(200, JSON_HEADERS, "null")],
  ["nesting of 100,000", () => plainAnswer(200, JSON_HEADERS, "[".repeat(100_000) + "]".repeat(100_000))]
]

/** Answers that no HTTP client can read to their end. */
const BROKEN: ReadonlyArray<readonly [name: string, does: (answer: Occasion["answer"]) => Reaction]> = [
  [
    "half of the body, then closed",
    ({ status, body }) => ({
      write: [head(status, { ...JSON_HEADERS, "content-length": String(Buffer.byteLength(body)) }), half(body)],
      leave: "end"
    })
  ],
  [
    "chunks that break off",
    ({ status, body }) => ({
      write: [
        head(status, { ...JSON_HEADERS, "transfer-encoding": "chunked" }),
        `${half(body).length.toString(16)}\r\n${half(body)}\r\n`
      ],
      leave: "end"
    })
  ],
  [
    "chunks of a length that is no number",
    ({ status, body }) => ({
      write: [head(status, { ...JSON_HEADERS, "transfer-encoding": "chunked" }), `zz\r\n${body}\r\n0\r\n\r\n`],
      leave: "end"
    })
  ],
  ["closed after the request", () => ({ leave: "end" })],
  ["reset after the request", () => ({ leave: "reset" })],
  ["closed within the status line", () => ({ write: ["HTTP/1."], leave: "end" })],
  ["closed within the headers", ({ status }) => ({ write: [`HTTP/1.1 ${status} OK\r\ncontent-`], leave: "end" })],
  ["closed after 100 Continue", () => ({ write: ["HTTP/1.1 100 Continue\r\n\r\n"], leave: "end" })],
  ["garbage instead of an answer", () => ({ write: ["\u0000\u0001 not http at all\r\n\r\n"], leave: "end" })],
  ["another protocol's answer", () => ({ write: ["SSH-2.0-OpenSSH_9.9\r\n"], leave: "end" })],
  [
    "an upgrade that nobody asked for",
    () => ({
      write: ["HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n"],
      leave: "end"
    })
  ],
  [
    "two lengths that differ",
    ({ body }) => ({
      write: [`HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`, body],
      leave: "end"
    })
  ],
  [
    "headers of 200 kB",
    ({ status, body }) => ({
      write: plainAnswer(status, { ...JSON_HEADERS, "x-filler": "x".repeat(200_000) }, body),
      leave: "end"
    })
  ]
]

const answerFaults: ReadonlyArray<PlacingFault> = [
  ...UNREADABLE.map(([name, write]): PlacingFault => ({
    name,
    demands: "uncertain",
    accepted: BOTH,
    reason: "UnreadableResponse",
    at: "request",
    does: ({ answer }) => ({ write: write(answer) ?? [], leave: "keep" })
  })),
  ...BROKEN.map(([name, does]): PlacingFault => ({
    name,
    demands: "uncertain",
    accepted: BOTH,
    reason: "NetworkError",
    at: "request",
    does: ({ answer }) => does(answer)
  })),
  {
    name: "no answer ever",
    demands: "uncertain",
    accepted: BOTH,
    reason: "TimedOut",
    at: "request",
    does: () => ({ leave: "stay" }),
    silent: true
  },
  {
    name: "a body that never ends",
    demands: "uncertain",
    accepted: BOTH,
    reason: "TimedOut",
    at: "request",
    does: ({ answer: { status, body } }) => ({
      write: [head(status, { ...JSON_HEADERS, "content-length": String(Buffer.byteLength(body)) }), half(body)],
      leave: "stay"
    }),
    silent: true
  },
  {
    name: "a body that is not compressed as announced",
    demands: "uncertain",
    accepted: BOTH,
    // Fetch tells it while reading, undici leaves the body as it is.
    at: "request",
    does: ({ answer: { status } }) => ({
      write: plainAnswer(status, { ...JSON_HEADERS, "content-encoding": "gzip" }, Uint8Array.of(0x1f, 0x8b, 0x2a)),
      leave: "keep"
    })
  },
  {
    name: "100 Continue again and again, and no answer",
    demands: "uncertain",
    accepted: BOTH,
    at: "request",
    does: () => ({ write: ["HTTP/1.1 100 Continue\r\n\r\n".repeat(500)], leave: "end" })
  },
  {
    name: "a thousand early hints before the answer",
    demands: "accepted",
    accepted: ACCEPTED,
    at: "request",
    does: ({ answer: { status, body } }) => ({
      write: [head(103, { link: "</style.css>" }).repeat(1000), ...plainAnswer(status, JSON_HEADERS, body)],
      leave: "keep"
    })
  },
  {
    name: "a slow answer in chunks of one byte",
    demands: "accepted",
    accepted: ACCEPTED,
    at: "request",
    does: ({ answer: { status, body } }) => ({
      write: [
        head(status, { ...JSON_HEADERS, "transfer-encoding": "chunked" }),
        Buffer.concat([...Buffer.from(body)].map((byte) => Buffer.from([0x31, 13, 10, byte, 13, 10]))),
        "0\r\n\r\n"
      ],
      leave: "keep"
    })
  }
]

/** Ours sends nothing before the handshake is done, and knows it. */
const BEFORE_HANDSHAKE = { "node:http": "free" } as const

/** A fatal alert of TLS, `handshake_failure`. */
const ALERT = Uint8Array.of(0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28)

const connectionFaults: ReadonlyArray<PlacingFault> = [
  {
    name: "closed before anything is read",
    demands: "uncertain",
    accepted: NOT_ACCEPTED,
    reason: "NetworkError",
    at: "connection",
    does: () => ({ leave: "end" })
  },
  {
    // At once it may also meet the connecting, and then nothing was sent.
    name: "reset as the first bytes arrive",
    demands: "uncertain",
    accepted: NOT_ACCEPTED,
    reason: "NetworkError",
    at: "bytes",
    does: () => ({ leave: "reset" })
  },
  {
    name: "reset within the request",
    demands: "uncertain",
    accepted: NOT_ACCEPTED,
    reason: "NetworkError",
    at: "head",
    does: () => ({ leave: "reset" })
  },
  {
    name: "a kept connection that closes as the order arrives",
    demands: "uncertain",
    accepted: NOT_ACCEPTED,
    reason: "NetworkError",
    at: "head",
    does: () => ({ leave: "end" }),
    readsFirst: true
  },
  {
    name: "a kept connection that is reset once the order is taken",
    demands: "uncertain",
    accepted: ACCEPTED,
    reason: "NetworkError",
    at: "request",
    does: () => ({ leave: "reset" }),
    readsFirst: true
  },
  {
    name: "TLS: an alert instead of a handshake",
    demands: "uncertain",
    demandsOf: BEFORE_HANDSHAKE,
    accepted: NOT_ACCEPTED,
    reason: "NetworkError",
    at: "bytes",
    does: () => ({ write: [ALERT], leave: "end" }),
    security: "trusted"
  },
  {
    name: "TLS: closed within the handshake",
    demands: "uncertain",
    demandsOf: BEFORE_HANDSHAKE,
    accepted: NOT_ACCEPTED,
    reason: "NetworkError",
    at: "bytes",
    does: () => ({ leave: "end" }),
    security: "trusted"
  },
  {
    name: "TLS: an answer without encryption",
    demands: "uncertain",
    demandsOf: BEFORE_HANDSHAKE,
    accepted: NOT_ACCEPTED,
    reason: "NetworkError",
    at: "bytes",
    does: () => ({ write: [head(400)], leave: "end" }),
    security: "trusted"
  },
  {
    name: "TLS: closed after the request",
    demands: "uncertain",
    accepted: BOTH,
    reason: "NetworkError",
    at: "request",
    does: () => ({ leave: "end" }),
    security: "trusted"
  }
]

const unsent = (
  name: string,
  where: Pick<PlacingFault, "address"> | Pick<PlacingFault, "security">,
  passes: boolean
): PlacingFault => ({
  name,
  demands: "free",
  accepted: NOT_ACCEPTED,
  reason: "NetworkError",
  at: "nowhere",
  does: () => ({ leave: "end" }),
  passes,
  ...where
})

const addressFaults: ReadonlyArray<PlacingFault> = [
  unsent("connection refused", { address: "closed port" }, true),
  unsent("connection refused at every address of a name", { address: "closed port of localhost" }, true),
  unsent("a host name that nothing has", { address: "unknown host" }, false),
  unsent("TLS: a certificate that is not trusted", { security: "untrusted" }, false),
  unsent("TLS: a certificate of another name", { security: "of another name" }, false),
  unsent("TLS: an expired certificate", { security: "expired" }, false)
]

export const placingFaults: ReadonlyArray<PlacingFault> = [
  ...statusFaults,
  ...answerFaults,
  ...connectionFaults,
  ...addressFaults
]
