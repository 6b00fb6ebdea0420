/** An inbox of webhooks as programs hand it around that are not written in Effect. */
import type * as Layer from "effect/Layer"
import type { JournalError } from "../calls/PlacementJournal.ts"
import type { WebhookInbox } from "./WebhookInbox.ts"

/** Where webhooks are written down. It is opened with the calls that it is given to, and closed with them. */
export class InboxHandle {
  readonly #layer: Layer.Layer<WebhookInbox, JournalError>
  /** What it is, for people: no part of any decision. */
  readonly title: string

  constructor(title: string, layer: Layer.Layer<WebhookInbox, JournalError>) {
    this.title = title
    this.#layer = layer
  }

  static layerOf(handle: InboxHandle): Layer.Layer<WebhookInbox, JournalError> {
    return handle.#layer
  }
}
