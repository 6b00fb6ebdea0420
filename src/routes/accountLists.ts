/** What was read of the accounts that a configuration names: lists of agents and numbers, or why there are none. */
import type { AgentInfo, NumberInfo } from "../provider/Catalog.ts"

/** Why a list is not there. */
export type Unread =
  /** No key was given. */
  | "no_key"
  /** No provider of this id can be asked. */
  | "unknown_provider"
  /** The provider has no such list. */
  | "cannot_be_listed"
  /** The provider was asked, and gave none. */
  | "failed"

/** A list as it was read. */
export interface Listed<Item> {
  readonly items: ReadonlyArray<Item>
  /** Whether that is known to be all. */
  readonly isWhole: boolean
  /** Whether it holds only what is assigned to agents. @default false */
  readonly isOfAssigned?: boolean
}

/** An account at a provider. */
export interface AccountLists {
  readonly agents: Listed<AgentInfo> | Unread
  readonly numbers: Listed<NumberInfo> | Unread
}
