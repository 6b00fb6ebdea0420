import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { makeMemoryFeed } from "../../src/calls/changes/MemoryFeed.ts"
import { makeSqliteFeed } from "../../src/node/SqliteFeed.ts"
import { feedLaws } from "./feedLaws.ts"

feedLaws("in memory", Effect.map(makeMemoryFeed, Effect.succeed))

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "unicall-feed-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)

feedLaws(
  "in SQLite",
  Effect.map(folder, (path) => makeSqliteFeed({ file: join(path, "changes.sqlite") }))
)
