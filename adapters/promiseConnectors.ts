/** The providers that `unicall/promise` opens, and how. */
import * as Checking from "../src/promise/checking.ts"
import type { Connection } from "../src/promise/OpenOptions.ts"
import type { Connectors } from "../src/promise/opening.ts"
import * as Revox from "./revox/index.ts"
import * as RevRing from "./revring/index.ts"

/** How Revox is reached. */
export interface RevoxConnection extends Connection {
  /** Items on a page of a list. @default 100 */
  readonly pageSize?: number | undefined
  /** How a list of statuses is written into the query, which no source says. @default "repeat" */
  readonly statusesEncoding?: "repeat" | "brackets" | "comma" | undefined
  /** Where search (V5) is, such as `/call/search`; no source says. Absent: it is not asked. */
  readonly searchPath?: string | undefined
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

const pageSize = Checking.optional(Checking.count)

export const connectors: Connectors<Providers> = {
  revox: {
    keyVariable: "REVOX_API_KEY",
    baseUrlVariable: "REVOX_BASE_URL",
    checks: {
      pageSize,
      statusesEncoding: Checking.optional(Checking.oneOf(["repeat", "brackets", "comma"])),
      searchPath: Checking.optional(Checking.text("the path of search"))
    },
    connect: (client, options) =>
      Revox.make({
        ...client,
        pageSize: options?.pageSize,
        statusesEncoding: options?.statusesEncoding,
        searchPath: options?.searchPath
      })
  },
  revring: {
    keyVariable: "REVRING_API_KEY",
    baseUrlVariable: "REVRING_BASE_URL",
    checks: { pageSize },
    connect: (client, options) => RevRing.make({ ...client, pageSize: options?.pageSize })
  }
}
