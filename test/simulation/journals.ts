/** The journals that histories are played over. */
import { appendFileSync, copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Struct from "effect/Struct"
import { makeSqliteInbox } from "../../src/node/SqliteInbox.ts"
import { makeSqliteJournal } from "../../src/node/SqliteJournal.ts"
import { playHistory } from "./history.ts"
import { type Play, playInMemory } from "./simulate.ts"

/** Less than a frame of the WAL: what a write leaves that was under way. */
const TORN = new Uint8Array(700).fill(0x5a)

/**
 * Over files, each process with connections of its own. When the power fails, a file and its WAL are left as they
 * stand at that moment, with a write torn in the middle, and without the index of the WAL, which is never synced.
 */
const playOnFile: Play = (script) => {
  const folder = mkdtempSync(join(tmpdir(), "unicall-simulation-"))
  const files = { journal: join(folder, "calls.db"), inbox: join(folder, "inbox.db") }
  try {
    return playHistory(script, {
      takesTime: true,
      open: Effect.suspend(() => makeSqliteJournal({ file: files.journal })),
      openInbox: Effect.suspend(() => makeSqliteInbox({ file: files.inbox })),
      losePower: () => {
        for (const name of Struct.keys(files)) {
          const file = files[name]
          if (!existsSync(file)) continue
          const after = join(folder, `${name}-after.db`)
          copyFileSync(file, after)
          if (existsSync(`${file}-wal`)) {
            copyFileSync(`${file}-wal`, `${after}-wal`)
            appendFileSync(`${after}-wal`, TORN)
          }
          files[name] = after
        }
      }
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export const playOver = (journal: "memory" | "sqlite"): Play => (journal === "sqlite" ? playOnFile : playInMemory)
