import * as Schema from "effect/Schema"
import { WebhookUse } from "./WebhookAddresses.ts"

const Address = Schema.TemplateLiteral(["https://", Schema.NonEmptyString])

/**
 * What says so: the address of a page of the provider's, where need be with a colon, a space and what it says; or
 * `undocumented: ` and how it is known all the same, or why it is assumed.
 */
export const CapabilitySource = Schema.Union([
  Address,
  Schema.TemplateLiteral(["undocumented: ", Schema.NonEmptyString])
])
export type CapabilitySource = typeof CapabilitySource.Type

/** `no`: the provider cannot. `unknown`: no source says. The rest says how well it can. */
const ability = Schema.Literals(["yes", "no", "unknown"])

/** How a provider knows an order that it is sent again: by its reference, for so long. */
export const Idempotency = Schema.Struct({
  /** Seconds since the first request in which the identical order is the same order, and nobody is rung twice. */
  windowSeconds: Schema.Finite.check(Schema.isGreaterThan(0)),
  /** The page on which the provider promises it. Without a source nothing is sent again. */
  evidence: Address
})
export type Idempotency = typeof Idempotency.Type

/**
 * What a list tells of the caller's own key. Where it tells it, an order of which no id is known can be found, and whole
 * lists that do not hold it are evidence, never proof, that there is none.
 */
export const ListTells = Schema.Struct({
  /** `no`: nothing can be called absent by this list. `unknown`: only `unicall doctor --list` can show it. */
  reference: ability,
  /** What says so. */
  evidence: CapabilitySource,
  /**
   * For how many days calls stay in the list at least, as documented. A list says nothing of an older order.
   * @default 1
   */
  keptDays: Schema.optionalKey(Schema.Finite.check(Schema.isGreaterThan(0)))
})
export type ListTells = typeof ListTells.Type

/** A list of what an account has, agents or numbers. */
export const CatalogList = Schema.Struct({
  /** `assigned`: only what is assigned to an agent. What else the account has is not told, and its absence says nothing. */
  holds: Schema.Literals(["all", "assigned"]),
  /** What says so. */
  evidence: CapabilitySource
})
export type CatalogList = typeof CatalogList.Type

/**
 * What a provider can do, as data: asking for what is absent fails before any request is made, and documentation is
 * generated from it.
 */
export const Capabilities = Schema.Struct({
  /**
   * Several attempts for one order, redialled by the provider; `automatic` if it redials by itself, and an order cannot say
   * whether or how often.
   */
  retries: Schema.Literals(["yes", "automatic", "no", "unknown"]),
  /** A start time in the order. */
  schedule: ability,
  /** An agent defined in the order itself rather than by id. */
  inlineAgent: ability,
  /** A map of the caller's own values, returned with the order. */
  metadata: ability,
  variables: ability,
  /** A cap on simultaneous calls among orders with one key. */
  concurrency: ability,
  /** The number to call from: must be given, may be given, or `none` if it can neither be given nor read. */
  callerNumber: Schema.Literals(["required", "optional", "none"]),
  cancel: ability,
  /** Reading many orders by id in one request: how many at most, 0 for none. */
  batchRead: Schema.Number,
  /** Listing past calls: documented, only seen in use, or not known. */
  list: Schema.Literals(["documented", "observed", "no"]),
  /** What list items are. */
  listItems: Schema.Literals(["orders", "attempts", "either"]),
  /** By what the list can be narrowed. */
  listFilters: Schema.Array(Schema.Literals(["status", "created", "agent", "reference", "number"])),
  /** Where the caller's own key rides: in one of the maps, or in a field of its own. */
  referenceIn: Schema.Literals(["metadata", "variables", "field"]),
  /** Whether list items tell the caller's own key, and what says so. */
  listTells: ListTells,
  /** A message when a call has ended, and whether its sender can be verified. */
  webhook: Schema.Literals(["signed", "unsigned", "no"]),
  /** A message before an inbound call is answered. */
  preCallWebhook: ability,
  /** Of which messages the address can be read and set, of a stored agent. @default none */
  webhookAddresses: Schema.optionalKey(Schema.Array(WebhookUse)),
  /** Listing the stored agents of the account. @default it cannot */
  listAgents: Schema.optionalKey(CatalogList),
  /** Listing the numbers of the account. @default it cannot */
  listNumbers: Schema.optionalKey(CatalogList),
  /** Who answered, as a word of the provider's own. */
  answeredBy: Schema.Literals(["stated", "detected", "no"]),
  /** A business verdict on the order. */
  outcome: ability,
  /** Data extracted from the conversation. */
  extraction: ability,
  summary: ability,
  transcript: ability,
  recording: ability,
  /** Whether the identical order may be sent again, and for how long; `no` where no source promises it. */
  idempotency: Schema.Union([Schema.Literal("no"), Idempotency]),
  webCalls: ability
})
export type Capabilities = typeof Capabilities.Type
