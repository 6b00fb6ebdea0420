/**
 * Live calls for applications written with promises, on every provider: `unicall/promise` in the package.
 *
 *     await using calls = await openCalls({ revox: { apiKey } })
 *     const placed = await calls.place({ to: "+12025550100", agent: { id: "…" }, reference: "lead-7" })
 */
import "../src/supportedNode.ts"
import * as Checking from "../src/promise/checking.ts"
import type { Calls as CallsOn } from "../src/promise/Calls.ts"
import type { Connection, OptionsFor } from "../src/promise/OpenOptions.ts"
import { makeOpenCalls } from "../src/promise/opening.ts"
import * as Revox from "./revox/index.ts"
import * as RevRing from "./revring/index.ts"

/** How Revox is reached. */
export interface RevoxConnection extends Connection {
  /** Items on a page of a list. @default 100 */
  readonly pageSize?: number | undefined
  /** How a list of statuses is written into the query, which no source says. @default "repeat" */
  readonly statusesEncoding?: "repeat" | "brackets" | "comma" | undefined
}

/** How RevRing is reached. */
export interface RevRingConnection extends Connection {
  /** Items on a page of a list. @default 50 */
  readonly pageSize?: number | undefined
}

/** The providers there are, and what each is opened with. */
export interface Providers {
  /** Revox, if it is opened. */
  readonly revox: RevoxConnection
  /** RevRing, if it is opened. */
  readonly revring: RevRingConnection
}

/** What `openCalls` takes. */
export interface OpenOptions extends OptionsFor<Providers> {}

/** An opened handle on the providers named: `Calls<"revox">`; on all of them unless named. */
export type Calls<Provider extends keyof Providers = keyof Providers> = CallsOn<Provider>

const pageSize = Checking.optional(Checking.count)

/**
 * Opens live calls on one provider or several: `openCalls({ revox: { apiKey }, revring: { apiKey } })`. Rejects with
 * `InvalidRequest` if an option is not as it must be, and with `JournalFailure` if the journal cannot be opened. Nothing
 * is asked of a provider yet: `check` tells whether a key is accepted.
 *
 * `openCalls.fromEnvironment()` takes keys, and base URLs if they are set, from the environment: `REVOX_API_KEY`,
 * `REVOX_BASE_URL`, `REVRING_API_KEY`, `REVRING_BASE_URL`.
 */
export const openCalls = makeOpenCalls<Providers>({
  revox: {
    keyVariable: "REVOX_API_KEY",
    baseUrlVariable: "REVOX_BASE_URL",
    checks: { pageSize, statusesEncoding: Checking.optional(Checking.oneOf(["repeat", "brackets", "comma"])) },
    connect: (client, options) =>
      Revox.make({ ...client, pageSize: options?.pageSize, statusesEncoding: options?.statusesEncoding })
  },
  revring: {
    keyVariable: "REVRING_API_KEY",
    baseUrlVariable: "REVRING_BASE_URL",
    checks: { pageSize },
    connect: (client, options) => RevRing.make({ ...client, pageSize: options?.pageSize })
  }
})

// These bring the types of `providerOptions` with them.
export type { RevoxOptions } from "./revox/Request.ts"
export type { RevRingOptions } from "./revring/Request.ts"
export type { JournalHandle } from "../src/calls/JournalHandle.ts"
export type * from "../src/promise/Calls.ts"
export * from "../src/promise/failures.ts"
export type * from "../src/promise/OpenOptions.ts"
export type * from "../src/promise/records.ts"
