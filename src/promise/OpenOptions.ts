/** What calls are opened with. Every duration is a number of seconds, and its name says so. */
import type { JournalHandle } from "../calls/JournalHandle.ts"

/** How one provider is reached. */
export interface Connection {
  /** It is sent to the provider and appears nowhere else. */
  readonly apiKey: string
  /** The address of the API: `https`, or `http` to a loopback address. @default the provider's own */
  readonly baseUrl?: string | undefined
  /** How long an answer may take. */
  readonly timeouts?: Timeouts | undefined
  /** How often, and for how long, a read or a cancelling is tried. */
  readonly retry?: Retry | undefined
  /**
   * Requests a window may hold; further ones wait. A placement that has had no turn for five minutes fails as
   * `RateLimited`, unsent.
   * @default no limit
   */
  readonly rateLimit?: RateLimit | undefined
  /** Requests under way at a time; further ones wait, placements for five minutes as well. @default no limit */
  readonly maxConcurrency?: number | undefined
}

/** How long an answer may take. */
export interface Timeouts {
  /** For each try of a read. @default 30 */
  readonly readSeconds?: number | undefined
  /** For placing; after it the placement is uncertain. At most 300. @default 60 */
  readonly placeSeconds?: number | undefined
}

/** Of reads and of cancelling; placing is never tried again. */
export interface Retry {
  /** In all, the first included. @default 4 */
  readonly tries?: number | undefined
  /** All tries and the waits between them. @default 60 */
  readonly totalSeconds?: number | undefined
  /** Before the second try; doubles with each further one. @default 0.5 */
  readonly baseSeconds?: number | undefined
  /** The longest wait between two tries. @default 8 */
  readonly capSeconds?: number | undefined
}

/** How many requests may begin in a span of time. */
export interface RateLimit {
  /** At most so many in a window. */
  readonly requests: number
  /** The length of the window. */
  readonly perSeconds: number
}

/** What all opened providers share. */
export interface SharedOptions {
  /**
   * Where placements are written down before they are sent. In memory, a process that is started again does not know
   * what it had placed.
   * @default in memory
   */
  readonly journal?: JournalHandle | undefined
  /**
   * Used for every request, for a test or for headers of your own. It gets the body of a placement as a `ReadableStream`,
   * which can be read once: what does not take one, such as node-fetch, is no `fetch` for this.
   * @default on Node a transport of our own, unless `globalThis.fetch` is replaced; the global `fetch` elsewhere
   */
  readonly fetch?: typeof globalThis.fetch | undefined
  /**
   * Certificates in PEM of authorities that are trusted beside the usual ones. On Node only, and not beside `fetch`.
   * @default none
   */
  readonly ca?: string | ReadonlyArray<string> | undefined
  /** Told what went wrong beside an operation, such as an end that could not be written down. Nothing is printed. */
  readonly onWarning?: ((message: string) => void) | undefined
  /**
   * Whose calls these are, where several share a journal: each tenant has references of its own and sees nothing of
   * another's. One line of 1 to 200 characters. Without a name they are of the one common tenant.
   */
  readonly tenant?: string | undefined
  /**
   * Without a tenant, a reference that was placed with another key or base URL is refused as held. `true` after a key has
   * been changed: every account that was ever used is the same.
   *
   * @default false
   */
  readonly sameAccount?: boolean | undefined
  /** How often calls are looked at that somebody waits for. */
  readonly poll?: Poll | undefined
}

/** How often calls are looked at that somebody waits for. */
export interface Poll {
  /** Between the first two looks at a call. @default 1 */
  readonly firstSeconds?: number | undefined
  /** The interval grows by half with each look, up to this. @default 15 */
  readonly longestSeconds?: number | undefined
}

/** One of the providers, or several, and what they share. */
export type OptionsFor<Providers> = SharedOptions & { readonly [Id in keyof Providers]?: Providers[Id] | undefined }

/** Variables by name, as `process.env` has them. */
export interface Environment {
  readonly [variable: string]: string | undefined
}

/** What is opened from the environment. */
export interface EnvironmentOptions<Id extends string> extends SharedOptions {
  /** Those that must be opened. @default each that the environment has a key for */
  readonly providers?: ReadonlyArray<Id> | undefined
  /** Where keys and base URLs are read. @default process.env */
  readonly environment?: Environment | undefined
}

/** Refuses what is not an option: the compiler does not by itself where a type is inferred from the options. */
export type OnlyKnown<Given, Known> = {
  readonly [Name in keyof Given]: Name extends keyof Known ? OnlyKnown<Given[Name], NonNullable<Known[Name]>> : never
}

/** The providers among the options given. */
export type OpenedBy<Given, Ids> = {
  readonly [Id in keyof Given & Ids]: Given[Id] extends undefined ? never : Id
}[keyof Given & Ids]
