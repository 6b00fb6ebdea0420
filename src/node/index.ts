/** What only Node has: a journal of placements in a file, and a transport that sends every request once. */
import "../supportedNode.ts"
export { layerNodeHttp, makeNodeHttp, type NodeHttpOptions } from "./NodeHttp.ts"
export * from "./SqliteJournal.ts"
export { shrinkSqliteJournal } from "./sqliteSpace.ts"
export type { JournalHandle } from "../calls/JournalHandle.ts"
export type { FeedHandle } from "../calls/changes/FeedHandle.ts"
export type { InboxHandle } from "../webhooks/InboxHandle.ts"
export type { AnswersWebhooks } from "../webhooks/AnswersWebhooks.ts"
export { type IncomingRequest, type OutgoingResponse, webhookListener } from "./webhookListener.ts"
export * from "./SqliteFeed.ts"
export * from "./SqliteInbox.ts"
export {
  type HttpOutboxAddress,
  type HttpOutboxOptions,
  httpOutbox,
  layerHttpOutbox,
  type PostedTo
} from "./HttpOutbox.ts"
export { Outbox, type OutboxState } from "../outbox/Outbox.ts"
export type { OutboxAddress } from "../outbox/OutboxAddress.ts"
export type { OutboxHandle } from "../outbox/OutboxHandle.ts"
export { sqliteFeed, sqliteInbox, sqliteJournal } from "./fileHandles.ts"
