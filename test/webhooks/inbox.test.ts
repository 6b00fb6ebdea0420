/** The inboxes of webhooks keep to their laws. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { makeSqliteInbox } from "../../src/node/SqliteInbox.ts"
import { makeMemoryInbox } from "../../src/webhooks/MemoryInbox.ts"
import { inboxLaws } from "./inboxLaws.ts"

inboxLaws(
  "in memory",
  Effect.map(makeMemoryInbox, (inbox) => Effect.succeed(inbox))
)

inboxLaws(
  "in a SQLite file",
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "unicall-inbox-"))),
      (folder) => Effect.sync(() => rmSync(folder, { recursive: true }))
    ),
    (folder) => makeSqliteInbox({ file: join(folder, "inbox.sqlite") })
  )
)
