/** The feed of changes at the place that a command names: a file, or a database. */
import { existsSync } from "node:fs"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { ChangeFeed } from "../../calls/changes/ChangeFeed.ts"
import type { JournalError } from "../../calls/PlacementJournal.ts"
import { layerSqliteFeed } from "../../node/SqliteFeed.ts"
import { layerPostgresFeed } from "../../postgres/PostgresFeed.ts"
import { isPostgresAddress, postgresTitle } from "../../postgres/PostgresPool.ts"

export interface Feed {
  /** For messages. */
  readonly title: string
  /** Whether a file is missing; of a database nobody knows before it is asked. */
  readonly isMissing: () => boolean
  readonly layer: Layer.Layer<ChangeFeed, JournalError>
}

export const feedAt = (place: string): Feed =>
  isPostgresAddress(place)
    ? { title: postgresTitle(place), isMissing: () => false, layer: layerPostgresFeed(Redacted.make(place)) }
    : { title: place, isMissing: () => !existsSync(place), layer: layerSqliteFeed({ file: place }) }
