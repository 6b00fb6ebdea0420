/** What docs/calls.md says holds each promise is there. */
import { existsSync, readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"

const page = readFileSync("docs/calls.md", "utf8")
const [, table = ""] = page.split(/<!-- promises -->|<!-- end promises -->/)
const rows = table.split("\n").filter((row) => row.startsWith("| ") && !row.startsWith("| Promise "))

describe("the promises of live calls", () => {
  it("are told", () => {
    expect(rows.length).toBeGreaterThan(10)
  })

  it.each(rows)("are held by tests that exist: %s", (row) => {
    const files = [...row.matchAll(/`([^`]+\.ts)`/g)].map(([, file = ""]) => file)
    expect(files.length).toBeGreaterThan(0)
    expect(files.filter((file) => !existsSync(file))).toEqual([])
  })
})
