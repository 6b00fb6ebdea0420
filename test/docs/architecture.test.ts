/** The page about the architecture names the rooms and files that there are, and ways that imports go. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { describe, expect, it } from "vitest"
import { root } from "./workspace.ts"

const page = readFileSync(join(root, "docs", "architecture.md"), "utf8")

const importsOf = (file: string): ReadonlyArray<string> =>
  [...readFileSync(join(root, file), "utf8").matchAll(/\b(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(([, path = ""]) =>
    join(dirname(file), path).replaceAll("\\", "/")
  )

const reachableFrom = (start: string): ReadonlySet<string> => {
  const found = new Set([start])
  for (const file of found) for (const imported of importsOf(file)) if (imported.endsWith(".ts")) found.add(imported)
  return found
}

/** The first file of each numbered line. */
const ways = [...page.matchAll(/^## (.* way)\n\n((?:.+\n)+)/gm)].map(([, name = "", lines = ""]) => ({
  name,
  files: [...lines.matchAll(/^\d+\. `([^`]+)`/gm)].map(([, file = ""]) => file)
}))

it("names files that are there", () => {
  const named = [...page.matchAll(/`((?:src|adapters|test)\/[^`]+\.ts)`/g)].map(([, file = ""]) => file)
  expect(named.length).toBeGreaterThan(30)
  expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([])
})

it("has every room in the tree", () => {
  const rooms = readdirSync(join(root, "src"), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  for (const { name } of rooms) expect(page).toMatch(new RegExp(`^${name} {2,}\\S`, "m"))
})

describe.each(ways)("$name", ({ files }) => {
  it("is short, and each step is imported on the way from the first", () => {
    expect(files.length).toBeGreaterThan(7)
    expect(files.length).toBeLessThan(13)
    const [first = ""] = files
    const reachable = reachableFrom(first)
    expect(files.filter((file) => !reachable.has(file))).toEqual([])
  })
})
