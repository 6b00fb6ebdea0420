/** The core of unicall: the call model, the ports that an adapter implements, normalising, live calls. It knows no provider. */
import "./supportedNode.ts"
export type { AccountCatalog, CatalogOptions } from "./calls/accountCatalog.ts"
export { CallChange, CallState, ChangedField, ChangeKind, HeardBy } from "./calls/changes/CallChange.ts"
export * from "./calls/changes/ChangeFeed.ts"
export type { ChangesOptions, NamedConsuming, PositionedConsuming } from "./calls/changes/consume.ts"
export type { FeedOptions } from "./calls/changes/liveFeed.ts"
export { layerMemoryFeed, makeMemoryFeed } from "./calls/changes/MemoryFeed.ts"
export { layerCustomJournal, makeCustomJournal } from "./calls/CustomJournal.ts"
export type * from "./calls/JournalFunctions.ts"
export { layerMemoryJournal, makeMemoryJournal } from "./calls/MemoryJournal.ts"
export * from "./calls/Placed.ts"
export * from "./calls/PlacementJournal.ts"
export type * from "./calls/RetentionJournal.ts"
export { compactEnded, countEnded, deleteEnded, type DeleteOptions, type EndedOptions } from "./calls/retention.ts"
export type { Decision, MakeRouter, RouteCandidate, Router, RoutingContext } from "./calls/Router.ts"
export * from "./calls/VoiceCalls.ts"
export type {
  AddressChange,
  AddressChanges,
  AgentAddresses,
  AgentRef,
  WantedAddresses,
  WebhookAddressing
} from "./calls/agentAddresses.ts"
export type { StaleOptions } from "./calls/reconcile.ts"
export type { EnrichedPart, PollOptions, WaitOptions } from "./calls/WaitOptions.ts"
export * from "./domain/CallAttempt.ts"
export * from "./domain/CallHint.ts"
export * from "./domain/CallOrder.ts"
export { AttemptStatus, OrderStatus } from "./domain/CallStatus.ts"
export { Cost } from "./domain/Cost.ts"
export { Decimal } from "./domain/Decimal.ts"
export * from "./domain/Disconnect.ts"
export { Failure, FailureKind } from "./domain/Failure.ts"
export { Goal } from "./domain/Goal.ts"
export { AttemptId, OrderId, ProviderId } from "./domain/Identifiers.ts"
export { Instant, parseInstant } from "./domain/Instant.ts"
export * from "./domain/Issue.ts"
export * from "./domain/OutputRecord.ts"
export { AnsweredBy, AnsweredByValue, Certainty, Reach, ReachValue } from "./domain/Reach.ts"
export { redact, REDACTED } from "./domain/Redaction.ts"
export * from "./domain/Rejection.ts"
export { parsePhoneNumber, PhoneNumber } from "./domain/PhoneNumber.ts"
export {
  type AgentInput,
  type FieldFault,
  InlineAgent,
  type Omittable,
  parsePlaceCall,
  PlaceCall,
  type PlaceCallInput,
  RetryPolicy
} from "./domain/PlaceCall.ts"
export { Latency, LatencyStage, Timing } from "./domain/Timing.ts"
export { Role, Transcript, Turn } from "./domain/Transcript.ts"
export { Transfer, TransferState } from "./domain/Transfer.ts"
export { CALL_COLUMNS, type CallColumn, callColumns, callRows, csvHeader, csvRows } from "./normalize/callRow.ts"
export { type FieldExplanation, makeExplain, type Source } from "./normalize/explain.ts"
export {
  type FoldedFact,
  type FoldFactsOptions,
  type FoldOptions,
  makeNormalizer,
  type Normalizer,
  type NormalizeOptions,
  PayloadRejected,
  withoutNative
} from "./normalize/Normalizer.ts"
export type { AttemptFactLine, FactLine, OrderFactLine, RecordViewLine } from "./normalize/written/factLines.ts"
export * from "./provider/Adapter.ts"
export * from "./provider/CallError.ts"
export * from "./provider/CallProvider.ts"
export * from "./provider/Capabilities.ts"
export { type CapabilitySources, sourceOf } from "./provider/capabilitySources.ts"
export type * from "./provider/Catalog.ts"
export type * from "./provider/Endings.ts"
export * from "./provider/Evidence.ts"
export type { ClientOptions, RetryLimits, Timeouts } from "./provider/http/ClientOptions.ts"
export { layerFetch } from "./provider/http/fetchClient.ts"
export type { LimitsOf, OrderFor, RoutedOrderFor } from "./provider/OrderFor.ts"
export { type Asked, unmet } from "./provider/orderNeeds.ts"
export { type Registry, registry } from "./provider/registry.ts"
export * from "./provider/WebhookAddresses.ts"
export { Configuration, type ConfigurationInput, RateCard } from "./routes/Configuration.ts"
export { makeRouter } from "./routes/makeRouter.ts"
export { parseConfiguration } from "./routes/parseConfiguration.ts"
export { layerMemoryInbox, makeMemoryInbox } from "./webhooks/MemoryInbox.ts"
export {
  makeTenantWebhooks,
  type TenantWebhooksOptions,
  type WebhookHandler,
  type WebhookHead
} from "./webhooks/tenantWebhooks.ts"
export * from "./webhooks/WebhookInbox.ts"
export { webhookRoute } from "./webhooks/webhookRoute.ts"
export { type PreCallVariables, type WebhookOptions, Webhooks } from "./webhooks/Webhooks.ts"
export {
  type HmacSignature,
  type Secrets,
  type SharedSecret,
  signWebhook,
  type StandardSignature,
  type WebhookTrust
} from "./webhooks/WebhookTrust.ts"
