/** What an account has at a provider: its stored agents, and its telephone numbers. Only what several providers tell stands here. */
import type * as Stream from "effect/Stream"
import type { ProviderId } from "../domain/Identifiers.ts"
import type { Instant } from "../domain/Instant.ts"
import type { PhoneNumber } from "../domain/PhoneNumber.ts"
import type { CallError } from "./CallError.ts"

/** An agent that is stored at a provider. Its prompt, its tools and their secrets are left out. */
export interface AgentInfo {
  readonly kind: "agent"
  readonly provider: ProviderId
  /** By which an order names it: `agent: { id }`. */
  readonly id: string
  readonly name?: string
  /** The language that it is set to, in the provider's word: `en`, `en-US`, `multi`. */
  readonly language?: string
  readonly createdAt?: Instant
  readonly updatedAt?: Instant
}

/** A number of the account. */
export interface NumberInfo {
  readonly kind: "number"
  readonly provider: ProviderId
  /** Absent for one that is none in E.164, such as a SIP address. */
  readonly e164?: PhoneNumber
  /** The provider's own id of it, which an order may have to name. */
  readonly id?: string
  /** What people call it. */
  readonly label?: string
  /** Stored agents that it is assigned to, who answer calls to it. Absent where the provider does not tell; empty where there is none. */
  readonly agentIds?: ReadonlyArray<string>
  readonly createdAt?: Instant
}

/**
 * Lists of agents and numbers, each once. A list fails with `Incomplete` at its end if it is not known to be whole. What the
 * provider cannot list (`capabilities.listAgents`, `listNumbers`) is not asked for.
 */
export interface CatalogPort {
  readonly agents?: Stream.Stream<AgentInfo, CallError>
  readonly numbers?: Stream.Stream<NumberInfo, CallError>
}
