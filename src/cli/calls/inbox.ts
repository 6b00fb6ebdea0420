/** The inbox of webhooks at the place that a command names: a file, or a database. */
import { existsSync } from "node:fs"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { JournalError } from "../../calls/PlacementJournal.ts"
import { layerSqliteInbox } from "../../node/SqliteInbox.ts"
import { layerPostgresInbox } from "../../postgres/PostgresInbox.ts"
import { isPostgresAddress, postgresTitle } from "../../postgres/PostgresPool.ts"
import type { WebhookInbox } from "../../webhooks/WebhookInbox.ts"

export interface Inbox {
  /** For messages: an address may have a password in it. */
  readonly title: string
  /** Whether a file is missing; of a database nobody knows before it is asked. */
  readonly isMissing: () => boolean
  readonly layer: Layer.Layer<WebhookInbox, JournalError>
}

export const inboxAt = (place: string): Inbox =>
  isPostgresAddress(place)
    ? { title: postgresTitle(place), isMissing: () => false, layer: layerPostgresInbox(Redacted.make(place)) }
    : { title: place, isMissing: () => !existsSync(place), layer: layerSqliteInbox({ file: place }) }
