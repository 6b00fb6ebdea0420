/** An inbox of webhooks as programs hand it around that are not written in Effect. */
import { StoreHandle } from "../calls/StoreHandle.ts"
import type { WebhookInbox } from "./WebhookInbox.ts"

/** Where webhooks are written down. */
export class InboxHandle extends StoreHandle<WebhookInbox> {}
