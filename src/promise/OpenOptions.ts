/**
 * What calls are opened with: what each option must be, and the types that follow. Every duration is a number of seconds,
 * and its name says so.
 */
import * as Duration from "effect/Duration"
import { FeedHandle } from "../calls/changes/FeedHandle.ts"
import { JournalHandle } from "../calls/JournalHandle.ts"
import { isTenant } from "../calls/ownership.ts"
import { LEAST_PAUSE } from "../calls/settleEvery.ts"
import type { CallHint } from "../domain/CallHint.ts"
import { isJsonObject } from "../domain/Json.ts"
import type { ConfigurationInput } from "../routes/Configuration.ts"
import { OutboxHandle } from "../outbox/OutboxHandle.ts"
import { InboxHandle } from "../webhooks/InboxHandle.ts"
import { TRUST, type TrustOptions } from "../webhooks/trustOptions.ts"
import * as Check from "../provider/optionChecks.ts"
import { LONGEST_PLACE } from "../provider/placingLimits.ts"

const TIMEOUTS = {
  /** For each try of a read. @default 30 */
  readSeconds: Check.optional(Check.positiveSeconds),
  /** For placing; after it the placement is uncertain. At most 300. @default 60 */
  placeSeconds: Check.optional(Check.secondsUpTo(Duration.toSeconds(LONGEST_PLACE)))
}

/** How long an answer may take. */
export interface Timeouts extends Check.OptionsOf<typeof TIMEOUTS> {}

const RETRY = {
  /** In all, the first included. @default 4 */
  tries: Check.optional(Check.count),
  /** All tries and the waits between them. @default 60 */
  totalSeconds: Check.optional(Check.seconds),
  /** Before the second try; doubles with each further one. @default 0.5 */
  baseSeconds: Check.optional(Check.seconds),
  /** The longest wait between two tries. @default 8 */
  capSeconds: Check.optional(Check.seconds)
}

/** Of reads and of cancelling; placing is never tried again. */
export interface Retry extends Check.OptionsOf<typeof RETRY> {}

const RATE_LIMIT = {
  /** At most so many in a window. */
  requests: Check.count,
  /** The length of the window. */
  perSeconds: Check.positiveSeconds
}

/** How many requests may begin in a span of time. */
export interface RateLimit extends Check.OptionsOf<typeof RATE_LIMIT> {}

export const CONNECTION = {
  /** It is sent to the provider and appears nowhere else. */
  apiKey: Check.text("the API key"),
  /** The address of the API: `https`, or `http` to a loopback address. @default the provider's own */
  baseUrl: Check.optional(Check.text("the address of the API")),
  /** How long an answer may take. @example { placeSeconds: 20 } */
  timeouts: Check.optional<Timeouts>(Check.options(TIMEOUTS)),
  /** How often, and for how long, a read or a cancelling is tried. @example { tries: 1 } */
  retry: Check.optional<Retry>(Check.options(RETRY)),
  /**
   * Requests a window may hold; further ones wait. A placement that has had no turn for five minutes fails as
   * `RateLimited`, unsent.
   * @default no limit
   * @example { requests: 10, perSeconds: 1 }
   */
  rateLimit: Check.optional<RateLimit>(Check.options(RATE_LIMIT)),
  /** Requests under way at a time; further ones wait, placements for five minutes as well. @default no limit */
  maxConcurrency: Check.optional(Check.count)
}

/** How one provider is reached. */
export interface Connection extends Check.OptionsOf<typeof CONNECTION> {}

const POLL = {
  /** Between the first two looks at a call. @default 1 */
  firstSeconds: Check.optional(Check.positiveSeconds),
  /** The interval grows by half with each look, up to this. @default 15 */
  longestSeconds: Check.optional(Check.positiveSeconds)
}

/** How often calls are looked at that somebody waits for. */
export interface Poll extends Check.OptionsOf<typeof POLL> {}

const POLICY = {
  /** `never`: a person decides. `listed`: two whole lists that do not hold it are enough. */
  absent: Check.oneOf(["never", "listed"]),
  /**
   * Of `listed`: when somebody saw `unicall doctor --list` show that the list tells references, and took it on themselves.
   * A list that turns out to be wrong after that stops the policy. ISO 8601 with zone.
   */
  confirmedAt: Check.optional(Check.text("ISO 8601 with a zone"))
}

/** What is enough to call an uncertain order of one provider absent. */
export interface AbsencePolicy extends Check.OptionsOf<typeof POLICY> {}

const SETTLE = {
  /** How often uncertain orders are looked for, all of a provider in one walk of its list: at least 1. @default only when `settle` is called */
  everySeconds: Check.optional(Check.secondsFrom(Duration.toSeconds(LEAST_PAUSE))),
  /** By provider id. @default never */
  policies: Check.optional<{ readonly [provider: string]: AbsencePolicy }>(Check.recordOf(Check.options(POLICY)))
}

/** What becomes of uncertain orders by itself. */
export interface Settle extends Check.OptionsOf<typeof SETTLE> {}

const isInbox = (value: unknown): boolean => value instanceof InboxHandle

const WEBHOOKS = {
  /** By provider id. There is no default: a provider that is not named has no address. @example { revox: { trust: "refetch" } } */
  trust: Check.recordOf<TrustOptions>(Check.options(TRUST)),
  /**
   * Where messages are written down before they are acknowledged. In memory, what a process had acknowledged is lost with it.
   * @default in memory
   * @example sqliteInbox("webhooks.sqlite")
   */
  inbox: Check.optional(Check.that<InboxHandle>(isInbox, "an inbox, such as sqliteInbox(file) of unicall/node makes")),
  /** Bytes that a message may have. @default 1048576 */
  mostBytes: Check.optional(Check.count),
  /** Calls of this tenant that may wait to be read; beyond that a sender is told to come again. @default 10000 */
  mostWaiting: Check.optional(Check.count),
  /** Calls that nobody is known to have placed here, read in a minute, of each provider. @default 60 */
  unknownPerMinute: Check.optional(Check.count),
  /**
   * Told of an inbound call that is about to be answered; its variables. Later than in 2.5 seconds, or failed: none. Not asked
   * where the trust is `refetch`: whoever sends a number would be told what is known of it.
   */
  onPreCall: Check.optional(
    Check.callback<
      (call: CallHint) => { readonly [name: string]: string } | PromiseLike<{ readonly [name: string]: string }>
    >()
  )
}

/** What `calls.webhook` takes, and what it does with it. */
export interface WebhookSettings extends Check.OptionsOf<typeof WEBHOOKS> {}

const isOutbox = (value: unknown): boolean => value instanceof OutboxHandle
const isFeed = (value: unknown): boolean => value instanceof FeedHandle

const CHANGES = {
  /**
   * Where changes are written down. In memory, what a process had recorded is lost with it, and how far its consumers had come.
   * @default in memory
   * @example sqliteFeed("changes.sqlite")
   */
  feed: Check.optional(Check.that<FeedHandle>(isFeed, "a feed, such as sqliteFeed(file) of unicall/node makes")),
  /**
   * How often what was lost or never heard is looked for: calls are read of which nothing was heard for so long. At least 1.
   * @default every 5 minutes while somebody consumes
   */
  sweepSeconds: Check.optional(Check.secondsFrom(Duration.toSeconds(LEAST_PAUSE))),
  /** How long changes are kept. @default 7 days */
  keepForSeconds: Check.optional(Check.secondsFrom(Duration.toSeconds(LEAST_PAUSE))),
  /**
   * Addresses that changes are posted to, as long as the calls are open.
   * @default none
   * @example httpOutbox({ crm: { url: "https://crm.example/hooks/calls", secrets } })
   */
  outbox: Check.optional(
    Check.that<OutboxHandle>(isOutbox, "an outbox, such as httpOutbox(addresses) of unicall/node makes")
  )
}

/** What `calls.changes` tells, and where it is kept. */
export interface ChangesSettings extends Check.OptionsOf<typeof CHANGES> {}

const isJournal = (value: unknown): boolean => value instanceof JournalHandle
const isCertificates = (value: unknown): boolean =>
  Check.isText(value) || (Array.isArray(value) && value.every(Check.isText))

export const SHARED = {
  /**
   * Where placements are written down before they are sent. In memory, a process that is started again does not know
   * what it had placed.
   * @default in memory
   * @example sqliteJournal("calls.sqlite")
   */
  journal: Check.optional(
    Check.that<JournalHandle>(isJournal, "a journal, such as sqliteJournal(file) of unicall/node makes")
  ),
  /**
   * Used for every request, for a test or for headers of your own. It gets the body of a placement as a `ReadableStream`,
   * which can be read once: what does not take one, such as node-fetch, is no `fetch` for this.
   * @default on Node a transport of our own, unless `globalThis.fetch` is replaced; the global `fetch` elsewhere
   */
  fetch: Check.optional(Check.callback<typeof globalThis.fetch>()),
  /**
   * Certificates in PEM of authorities that are trusted beside the usual ones. On Node only, and not beside `fetch`.
   * @default none
   */
  ca: Check.optional(
    Check.that<string | ReadonlyArray<string>>(isCertificates, "certificates in PEM, as text or a list of texts")
  ),
  /** Told what went wrong beside an operation, such as an end that could not be written down. Nothing is printed. @default none */
  onWarning: Check.optional(Check.callback<(message: string) => void>()),
  /**
   * Whose calls these are, where several share a journal: each tenant has references of its own and sees nothing of
   * another's. One line of 1 to 200 characters.
   * @default the one common tenant of all calls without a name
   */
  tenant: Check.optional(Check.that<string>(isTenant, "one line of 1 to 200 characters")),
  /**
   * Without a tenant, a reference that was placed with another key or base URL is refused as held. `true` after a key has
   * been changed: every account that was ever used is the same.
   * @default false
   */
  sameAccount: Check.optional(Check.that<boolean>((value) => typeof value === "boolean", "true or false")),
  /**
   * What becomes of uncertain orders by itself. @default nothing
   * @example { everySeconds: 60, policies: { acme: { absent: "listed", confirmedAt: "2026-03-02T10:00:00Z" } } }
   */
  settle: Check.optional<Settle>(Check.options(SETTLE)),
  /**
   * Named agents and routes, which orders may then name. @default none
   * @example { routes: { main: { rules: [{ name: "split", use: { weights: { acme: 9, other: 1 } } }] } } }
   */
  configuration: Check.optional(Check.that<ConfigurationInput>(isJsonObject, "an object with agents, routes or rates")),
  /** For rules of `configuration` that `keep` their assignments: 16 characters or more. @default none */
  routingSecret: Check.optional(Check.text("a secret")),
  /** Webhooks, for `calls.webhook`. @default none @example { trust: { revox: { trust: "refetch" } } } */
  webhooks: Check.optional<WebhookSettings>(Check.options(WEBHOOKS)),
  /** A feed of changes, for `calls.changes`. @default none @example { feed: sqliteFeed("changes.sqlite") } */
  changes: Check.optional<ChangesSettings>(Check.options(CHANGES)),
  /** How often calls are looked at that somebody waits for. @example { firstSeconds: 0.5 } */
  poll: Check.optional<Poll>(Check.options(POLL))
}

/** What all opened providers share. */
export interface SharedOptions extends Check.OptionsOf<typeof SHARED> {}

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

/**
 * Refuses what is not an option: the compiler does not by itself where a type is inferred from the options. A configuration has forms
 * that cannot be told apart here: what is wrong with it is told when it is read.
 */
export type OnlyKnown<Given, Known> = {
  readonly [Name in keyof Given]: Name extends "configuration"
    ? Given[Name]
    : Name extends keyof Known
      ? OnlyKnown<Given[Name], NonNullable<Known[Name]>>
      : never
}

/** The providers among the options given. */
export type OpenedBy<Given, Ids> = {
  readonly [Id in keyof Given & Ids]: Given[Id] extends undefined ? never : Id
}[keyof Given & Ids]
