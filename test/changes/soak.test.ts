/** Processes on one feed, killed while they record, consume and say so. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, it } from "vitest"
import { soaked } from "./feedSoak.ts"

describe("processes on one file that are killed", () => {
  it("tell nothing twice, lose nothing that was said, and have each change dealt with", async () => {
    const folder = mkdtempSync(join(tmpdir(), "unicall-feed-"))
    try {
      await soaked(join(folder, "changes.sqlite"))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }, 240_000)
})
