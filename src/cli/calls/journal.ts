/** The journal of placements at the place that a command names: a file, or a database. */
import { existsSync } from "node:fs"
import type * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { JournalError, Placement, PlacementJournal } from "../../calls/PlacementJournal.ts"
import { layerSqliteJournal } from "../../node/SqliteJournal.ts"
import { readSqliteJournal, sqliteJournalSize } from "../../node/readSqliteJournal.ts"
import { shrinkSqliteJournal } from "../../node/sqliteSpace.ts"
import { layerPostgresJournal, postgresJournalSize, readPostgresJournal } from "../../postgres/PostgresJournal.ts"
import { isPostgresAddress, postgresTitle } from "../../postgres/PostgresPool.ts"

export interface JournalSize {
  readonly bytes: number
  /** Of these, what is free for new placements; absent where nobody knows. */
  readonly freeBytes?: number
}

export interface Journal {
  /** For messages: an address may have a password in it. */
  readonly title: string
  /** Whether a file is missing; of a database nobody knows before it is asked. */
  readonly isMissing: () => boolean
  readonly layer: Layer.Layer<PlacementJournal, JournalError>
  /** Hands over every placement, and changes nothing. */
  readonly read: (each: (placement: Placement) => void) => Effect.Effect<void, JournalError>
  readonly size: Effect.Effect<JournalSize, JournalError>
  /** Gives what is free back to the disk; absent where that is somebody else's work. */
  readonly shrink?: Effect.Effect<void, JournalError>
  /** What to do where it does not open. */
  readonly fix: string
}

const inFile = (file: string): Journal => ({
  title: file,
  isMissing: () => !existsSync(file),
  layer: layerSqliteJournal({ file }),
  read: (each) => readSqliteJournal({ file }, each),
  size: sqliteJournalSize({ file }),
  shrink: shrinkSqliteJournal({ file }),
  fix: "Make the file and its folder writable, or name another with --journal or UNICALL_JOURNAL."
})

const inDatabase = (address: string): Journal => {
  const connection = Redacted.make(address)
  return {
    title: postgresTitle(address),
    isMissing: () => false,
    layer: layerPostgresJournal(connection),
    read: (each) => readPostgresJournal(connection, each),
    size: postgresJournalSize(connection),
    fix: "Check the address in --journal or UNICALL_JOURNAL, the server, and what the role may do."
  }
}

export const journalAt = (place: string): Journal => (isPostgresAddress(place) ? inDatabase(place) : inFile(place))
