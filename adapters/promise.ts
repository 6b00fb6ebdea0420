/**
 * Live calls for applications written with promises, on every provider: `unicall/promise` in the package.
 *
 *     await using calls = await openCalls({ revox: { apiKey } })
 *     const placed = await calls.place({ to: "+12025550100", agent: { id: "…" }, reference: "lead-7" })
 */
import "../src/supportedNode.ts"
import type { Calls as CallsOn } from "../src/promise/Calls.ts"
import type { OptionsFor } from "../src/promise/OpenOptions.ts"
import { type ConnectionsOf, fetchTransport, makeOpenCallsWith, type SettingsOf } from "../src/promise/openCalls.ts"
import { declared } from "./providers.ts"

/** The providers there are, and what each is opened with. */
export type Providers = ConnectionsOf<SettingsOf<typeof declared>>

/** How Revox is reached. */
export type RevoxConnection = Providers["revox"]

/** How RevRing is reached. */
export type RevRingConnection = Providers["revring"]

/** How Vapi is reached. */
export type VapiConnection = Providers["vapi"]

/** What `openCalls` takes. */
export interface OpenOptions extends OptionsFor<Providers> {}

/** An opened handle on the providers named: `Calls<"revox">`; on all of them unless named. */
export type Calls<Provider extends keyof Providers = keyof Providers> = CallsOn<Provider>

/**
 * `openCalls` over providers of your choice, each under its id: with an adapter of your own, or without what is not used.
 *
 * @example
 * const openCalls = makeOpenCalls({ revox, acme })
 * const calls = await openCalls({ acme: { apiKey } })
 */
export const makeOpenCalls = makeOpenCallsWith(fetchTransport)

/**
 * Opens live calls on one provider or several: `openCalls({ revox: { apiKey }, revring: { apiKey } })`. Rejects with
 * `InvalidRequest` if an option is not as it must be, and with `JournalFailure` if the journal cannot be opened. Nothing
 * is asked of a provider yet: `check` tells whether a key is accepted.
 *
 * `openCalls.fromEnvironment()` takes keys, and base URLs if they are set, from the environment: `REVOX_API_KEY`,
 * `REVOX_BASE_URL`, and likewise of the others.
 */
export const openCalls = makeOpenCalls(declared)

// These bring the types of `providerOptions` with them.
export type { RevoxOptions } from "./revox/Request.ts"
export type { RevRingOptions } from "./revring/Request.ts"
export type { VapiOptions } from "./vapi/Request.ts"
export type * from "../src/calls/JournalFunctions.ts"
export type { FeedHandle } from "../src/calls/changes/FeedHandle.ts"
export type { InboxHandle } from "../src/webhooks/InboxHandle.ts"
export type { JournalHandle } from "../src/calls/JournalHandle.ts"
export type * from "../src/promise/Calls.ts"
export {
  compactedPlacement,
  customJournal,
  isCompactable,
  isDeletable,
  isReleasable,
  newPlacement,
  setAside,
  settledPlacement
} from "../src/promise/customJournal.ts"
export type { AnyCallFailure } from "../src/promise/failureOf.ts"
export * from "../src/promise/failures.ts"
export type {
  ChangesSettings,
  Connection,
  Environment,
  EnvironmentOptions,
  OnlyKnown,
  OpenedBy,
  OptionsFor,
  Poll,
  RateLimit,
  Retry,
  SharedOptions,
  Timeouts
} from "../src/promise/OpenOptions.ts"
export type {
  AddressFields,
  AgentFields,
  Cancelable,
  ChangesOptions,
  CloseOptions,
  DeleteEndedOptions,
  EndedOptions,
  InboxListOptions,
  ListFields,
  PlaceOptions,
  StaleOptions,
  WaitOptions
} from "../src/promise/OperationOptions.ts"
export type * from "../src/promise/records.ts"
export type { EndedCount } from "../src/calls/RetentionJournal.ts"
export type { AnswersWebhooks } from "../src/webhooks/AnswersWebhooks.ts"
export type { WebhookHead } from "../src/webhooks/tenantWebhooks.ts"
export { tenantWebhooks, type TenantWebhooksOptions } from "../src/promise/tenantWebhooks.ts"
export { compactEnded, countEnded, deleteEnded } from "../src/promise/retention.ts"
