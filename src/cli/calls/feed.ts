/** The feed of changes at the place that a command names: a file. */
import { existsSync } from "node:fs"
import type * as Layer from "effect/Layer"
import type { ChangeFeed } from "../../calls/changes/ChangeFeed.ts"
import type { JournalError } from "../../calls/PlacementJournal.ts"
import { layerSqliteFeed } from "../../node/SqliteFeed.ts"

export interface Feed {
  /** For messages. */
  readonly title: string
  /** Whether a file is missing. */
  readonly isMissing: () => boolean
  readonly layer: Layer.Layer<ChangeFeed, JournalError>
}

export const feedAt = (file: string): Feed => ({
  title: file,
  isMissing: () => !existsSync(file),
  layer: layerSqliteFeed({ file })
})
