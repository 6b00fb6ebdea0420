/** What the service of live calls is made with, and what it lists. */
import type * as Duration from "effect/Duration"
import type { ListFilter } from "../provider/CallProvider.ts"
import { type AbsencePolicies } from "./absence.ts"
import type { FeedOptions } from "./changes/liveFeed.ts"
import type { MakeRouter } from "./Router.ts"
import { type PollOptions } from "./WaitOptions.ts"

/** Which calls to list. */
export interface ListOptions extends ListFilter {
  /** Which provider to ask. @default the one there is */
  readonly provider?: string
}

/** What the service is made with. */
export interface VoiceCallsOptions {
  /** How often a call is read while it is waited for. @default first after 1 second, then up to every 15 seconds */
  readonly poll?: Partial<PollOptions> | undefined
  /**
   * Whose calls these are, where several share a journal: each tenant has references of its own and sees nothing of
   * another's. One line of 1 to 200 characters. Without a name they are of the one common tenant.
   *
   * @default the common tenant
   * @example "customer-17"
   */
  readonly tenant?: string | undefined
  /**
   * Without a tenant, a reference that was placed with another key or base URL is refused as held. `true` after a key has
   * been changed: every account that was ever used is the same.
   *
   * @default false
   */
  readonly sameAccount?: boolean | undefined
  /**
   * What becomes of uncertain orders by itself. Without it, `reconcile` and `reconcileStale` look for them when they are
   * asked to, and whatever is not found stays for a person to decide.
   *
   * @default nothing
   */
  readonly settle?: SettleOptions | undefined
  /** Reads named agents and routes of orders: `makeRouter(configuration)`. @default orders may name neither */
  readonly router?: MakeRouter | undefined
  /** Of the feed of changes, where a `ChangeFeed` is provided. @default swept every 5 minutes while consumed, kept for 7 days */
  readonly changes?: FeedOptions | undefined
}

/** What becomes of uncertain orders by itself. */
export interface SettleOptions {
  /**
   * How often they are looked for, all of a provider in one walk of its list: at least 1 second, finite.
   *
   * @default only when `settle` is asked to
   */
  readonly every?: Duration.Input | undefined
  /** By provider id: what is enough to call an order absent, so that its reference may be placed again. @default never */
  readonly policies?: AbsencePolicies | undefined
}
