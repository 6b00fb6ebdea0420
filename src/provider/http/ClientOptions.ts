/** What a client of any provider can be told, and what it is told if nothing is. */
import type * as Duration from "effect/Duration"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Redacted from "effect/Redacted"

/** How a provider is reached. */
export interface ClientOptions {
  /** It is sent to the provider and appears nowhere else. */
  readonly apiKey: Redacted.Redacted
  /** The address of the API: `https`, or `http` to a loopback address. @default the provider's own */
  readonly baseUrl?: string | undefined
  /**
   * How long an answer may take. @default 30 seconds to read, 60 to place
   * @example { place: "20 seconds" }
   */
  readonly timeouts?: Partial<Timeouts> | undefined
  /** How often, and for how long, a read or a cancel request is tried. @default 4 tries within 60 seconds, 0.5 to 8 apart */
  readonly retry?: Partial<RetryLimits> | undefined
  /**
   * Requests a window may hold; further ones wait. A placement that has had no turn for five minutes fails as
   * `RateLimited`, unsent.
   * @default no limit
   * @example { limit: 10, window: "1 second" }
   */
  readonly rateLimit?: { readonly limit: number; readonly window: Duration.Input } | undefined
  /** Requests under way at a time; further ones wait, placements for at most five minutes. @default no limit */
  readonly maxConcurrency?: number | undefined
  /**
   * For placing alone. It must not repeat a request: no retry, no redirection, no HTTP/2 (undici sends again what was
   * refused there; `allowH2: false`). The body it gets can be read once. `layerNodeHttp` of `unicall/node` holds all
   * this, and opens a connection for each placement. @default the client that is provided
   */
  readonly placeClient?: HttpClient.HttpClient | undefined
  /**
   * Wraps the HTTP client, for a proxy, headers or recording. It must not repeat requests: a repeated POST rings twice.
   * @default the client as it is
   * @example (client) => HttpClient.mapRequest(client, HttpClientRequest.setHeader("x-team", "sales"))
   */
  readonly transformClient?: ((client: HttpClient.HttpClient) => HttpClient.HttpClient) | undefined
}

/** How long an answer may take. */
export interface Timeouts {
  /** For each try of a read, until the last byte. */
  readonly read: Duration.Input
  /** For placing, until the last byte; after it the placement is uncertain. At most 5 minutes. */
  readonly place: Duration.Input
}

/** The timeouts of a client that is told none. */
export const TIMEOUTS: Timeouts = { read: "30 seconds", place: "60 seconds" }

/** Of reads and of cancel requests; a placement is never tried again. */
export interface RetryLimits {
  /** In all, the first included. */
  readonly tries: number
  /** All tries and the waits between them; a wait that would go beyond it is not begun. */
  readonly total: Duration.Input
  /** Before the second try; doubles with each further one. */
  readonly base: Duration.Input
  /** The longest wait between two tries. */
  readonly cap: Duration.Input
}

/** The retries of a client that is told none. */
export const RETRY: RetryLimits = { tries: 4, total: "60 seconds", base: "500 millis", cap: "8 seconds" }
