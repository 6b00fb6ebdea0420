/** What an account has at a provider: its stored agents, and its telephone numbers. Only what several providers tell stands here. */
import * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import { ProviderId } from "../domain/Identifiers.ts"
import { Instant } from "../domain/Instant.ts"
import { PhoneNumber } from "../domain/PhoneNumber.ts"
import type { CallError } from "./CallError.ts"

/** An agent that is stored at a provider. Its prompt, its tools and their secrets are left out. */
export const AgentInfo = Schema.Struct({
  kind: Schema.Literal("agent"),
  provider: ProviderId,
  /** By which an order names it: `agent: { id }`. */
  id: Schema.String,
  name: Schema.optionalKey(Schema.String),
  /** The language that it is set to, in the provider's word: `en`, `en-US`, `multi`. */
  language: Schema.optionalKey(Schema.String),
  createdAt: Schema.optionalKey(Instant),
  updatedAt: Schema.optionalKey(Instant)
})
export type AgentInfo = typeof AgentInfo.Type

/** A number of the account. */
export const NumberInfo = Schema.Struct({
  kind: Schema.Literal("number"),
  provider: ProviderId,
  /** Absent for one that is none in E.164, such as a SIP address. */
  e164: Schema.optionalKey(PhoneNumber),
  /** The provider's own id of it, which an order may have to name. */
  id: Schema.optionalKey(Schema.String),
  /** What people call it. */
  label: Schema.optionalKey(Schema.String),
  /** Stored agents that it is assigned to, who answer calls to it. Absent where the provider does not tell; empty where there is none. */
  agentIds: Schema.optionalKey(Schema.Array(Schema.String)),
  createdAt: Schema.optionalKey(Instant)
})
export type NumberInfo = typeof NumberInfo.Type

/**
 * Lists of agents and numbers, each once. A list fails with `Incomplete` at its end if it is not known to be whole. What the
 * provider cannot list (`capabilities.listAgents`, `listNumbers`) is not asked for.
 */
export interface CatalogPort {
  readonly agents?: Stream.Stream<AgentInfo, CallError>
  readonly numbers?: Stream.Stream<NumberInfo, CallError>
}
