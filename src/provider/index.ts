/** Everything that an adapter outside this package is written with; `unicall/adapter` in the package. */
import "../supportedNode.ts"
export type { CallHint } from "../domain/CallHint.ts"
export type { Channel, Direction, Outcome } from "../domain/CallOrder.ts"
export {
  type AttemptStatus,
  isOver,
  isOverAttempt,
  isTerminalAttempt,
  isTerminalOrder,
  type OrderStatus
} from "../domain/CallStatus.ts"
export type { Cost } from "../domain/Cost.ts"
export { type Decimal, parseDecimal } from "../domain/Decimal.ts"
export type { Disconnect, DisconnectedBy, DisconnectReason } from "../domain/Disconnect.ts"
export type {
  AttemptClaims,
  AttemptFact,
  AttemptMeaning,
  RawWords,
  Interpretation,
  OrderClaims,
  OrderFact,
  OrderMeaning,
  StatusClaim
} from "../domain/Fact.ts"
export {
  type Failure,
  type FailureKind,
  failureInText,
  failureOfSipCode,
  NOT_REACHED,
  reachOfFailure
} from "../domain/Failure.ts"
export type { Goal } from "../domain/Goal.ts"
export { type AttemptId, type OrderId, parseAttemptId, parseOrderId, ProviderId } from "../domain/Identifiers.ts"
export { evidenceText } from "../domain/flatText.ts"
export { type Instant, latest, parseInstant } from "../domain/Instant.ts"
export { isEmptyObject, isJsonObject, type JsonObject, type PathStep } from "../domain/Json.ts"
export { mergeAttempts } from "../domain/Merge.ts"
export { present } from "../domain/present.ts"
export type { SecretKeys } from "../domain/SecretKeys.ts"
export type { PhoneNumber } from "../domain/PhoneNumber.ts"
export { answeredByReply, type AnsweredByValue, type Certainty, type Verdict } from "../domain/Reach.ts"
export { remoteReplies } from "../domain/Reply.ts"
export { figuresOf, type Latency, type LatencyStage, type Timing } from "../domain/Timing.ts"
export { parseArguments, PLAIN_ROLES, type Role, type Transcript, type Turn } from "../domain/Transcript.ts"
export type { Transfer, TransferState } from "../domain/Transfer.ts"
export { type WordTable, wordTable } from "../domain/Words.ts"
export {
  type FieldFault,
  type InlineAgent,
  type PlaceCall,
  type RetryPolicy,
  faultOf,
  fieldAt
} from "../domain/PlaceCall.ts"
export * from "./Adapter.ts"
export * from "./bodies.ts"
export * from "./CallError.ts"
export * from "./CallProvider.ts"
export * from "./Capabilities.ts"
export { type CapabilitySources, sourceOf } from "./capabilitySources.ts"
export type * from "./Catalog.ts"
export * from "./clientConfig.ts"
export type * from "./Endings.ts"
export type { Envelope, Envelopes } from "./envelopes.ts"
export * from "./Evidence.ts"
export * from "./FieldReader.ts"
export { type Answer, providerTimeOf, unwrap } from "./http/answer.ts"
export * from "./http/agentAddresses.ts"
export * from "./http/catalogLists.ts"
export * from "./http/ClientOptions.ts"
export * from "./http/orderOperations.ts"
export * from "./http/pages.ts"
export { STATUS_REASONS, type StatusReason, type StatusRows } from "./http/reason.ts"
export { placedOrder } from "./http/placedOrder.ts"
export { type BatchReads, readBatches, readSingly } from "./http/readMany.ts"
export { type Authentication, FORM, type HeaderMap, type WireRequest } from "./http/request.ts"
export * from "./http/Sender.ts"
export {
  type Check,
  count as countSetting,
  oneOf as wordSetting,
  optional as optionalSetting,
  text as textSetting
} from "./optionChecks.ts"
export * from "./ownOptions.ts"
export * from "./ProviderDeclaration.ts"
export { type Registry, registry } from "./registry.ts"
export * from "./transcripts.ts"
export * from "./WebhookAddresses.ts"
export { Amount, Count, Dictionary, Flag, given, Id, List, makeReader, type Read, Text, Time } from "./WireReader.ts"
export * from "./wordMeanings.ts"
