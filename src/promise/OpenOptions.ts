/** What calls are opened with. Every duration is a number of seconds, and its name says so. */
import type { JournalHandle } from "../calls/JournalHandle.ts"

/** How one provider is reached. */
export interface Connection {
  /** It is sent to the provider and appears nowhere else. */
  readonly apiKey: string
  /** The provider's own unless given; `https`, or `http` to a loopback address. */
  readonly baseUrl?: string | undefined
  readonly timeouts?: Timeouts | undefined
  readonly retry?: Retry | undefined
  /**
   * Requests a window may hold; further ones wait. A placement that has had no turn for five minutes fails as
   * `RateLimited`, unsent. None unless given.
   */
  readonly rateLimit?: RateLimit | undefined
  /** Requests under way at a time; further ones wait, placements for five minutes as well. No cap unless given. */
  readonly maxConcurrency?: number | undefined
}

export interface Timeouts {
  /** For each try of a read; 30 unless given. */
  readonly readSeconds?: number | undefined
  /** For placing; after it the placement is uncertain. 60 unless given, 300 at most. */
  readonly placeSeconds?: number | undefined
}

/** Of reads and of cancelling; placing is never tried again. */
export interface Retry {
  /** In all, the first included; 4 unless given. */
  readonly tries?: number | undefined
  /** All tries and the waits between them; 60 unless given. */
  readonly totalSeconds?: number | undefined
  /** Before the second try; doubles with each further one. 0.5 unless given. */
  readonly baseSeconds?: number | undefined
  /** The longest wait between two tries; 8 unless given. */
  readonly capSeconds?: number | undefined
}

export interface RateLimit {
  readonly requests: number
  readonly perSeconds: number
}

export interface SharedOptions {
  /**
   * Where placements are written down before they are sent. In memory unless given: then a process that is started
   * again does not know what it had placed.
   */
  readonly journal?: JournalHandle | undefined
  /** Used instead of the global one, for a proxy or a test. It must not repeat requests: a repeated POST rings twice. */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Told what went wrong beside an operation, such as an end that could not be written down. Nothing is printed. */
  readonly onWarning?: ((message: string) => void) | undefined
  /** How often calls are looked at that somebody waits for. */
  readonly poll?: Poll | undefined
}

export interface Poll {
  /** Between the first two looks at a call; 1 unless given. */
  readonly firstSeconds?: number | undefined
  /** The interval grows by half with each look, up to this; 15 unless given. */
  readonly longestSeconds?: number | undefined
}

/** The options of each provider, by its id. */
export type Connections<Providers> = { readonly [Id in keyof Providers]: Connection }

/** One of the providers, or several, and what they share. */
export type OptionsFor<Providers> = SharedOptions & { readonly [Id in keyof Providers]?: Providers[Id] | undefined }

export interface Environment {
  readonly [variable: string]: string | undefined
}

export interface EnvironmentOptions<Id extends string> extends SharedOptions {
  /** Those that must be opened. Unless given, each that the environment has a key for. */
  readonly providers?: ReadonlyArray<Id> | undefined
  /** `process.env` unless given. */
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
