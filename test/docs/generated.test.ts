import { spawnSync } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { expect, it } from "vitest"
import { providers } from "../../adapters/index.ts"
import { ReachValue } from "../../src/domain/Reach.ts"
import { pagesOfDocs, root } from "./workspace.ts"

// A full run checks them on its own, after the tests.
it.skipIf(process.env["CI"])(
  "the generated parts of the documentation are up to date",
  () => {
    const { stderr, status } = spawnSync(process.execPath, [join(root, "docs", "generate.ts"), "--check"], {
      encoding: "utf8"
    })
    expect(stderr.replace(/^.*(?:ExperimentalWarning|--trace-warnings).*\n/gm, "")).toBe("")
    expect(status).toBe(0)
    // Runs every command for its help, and the demo.
  },
  180_000
)

it.each(providers.ids)("%s has a page with its tables", (id) => {
  const page = pagesOfDocs.find((each) => each.page === `docs/providers/${id}.md`)
  for (const part of ["capabilities", "shapes", "words", "order-sources", "attempt-sources"]) {
    expect(page?.text).toContain(`<!-- generated: ${part} ${id} -->`)
  }
})

it("every decision stands in the index", () => {
  const index = pagesOfDocs.find(({ page }) => page === "docs/index.md")
  for (const file of readdirSync(join(root, "docs", "decisions"))) expect(index?.text).toContain(`decisions/${file}`)
})

/** The first thing a newcomer sees, as `npm run demo` prints it. */
it("the samples show every value of reach, and the counts balance", () => {
  const samples = "docs/samples/*.{csv,json,ndjson}"
  const args = [join(root, "src", "cli", "main.ts"), "normalize", "--format", "table", samples]
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" })
  expect(status).toBe(0)
  expect(ReachValue.literals.filter((value) => !stdout.includes(`  ${value} `))).toEqual([])
  const [, read, out, rejected] = /^(\d+) records in = (\d+) out .*\+ (\d+) rejected/m.exec(stderr) ?? []
  expect(Number(read)).toBe(Number(out) + Number(rejected))
  expect(stderr.match(/^rejected /gm)?.length).toBe(Number(rejected) + 1)
})

it("the samples hold invented telephone numbers only", () => {
  const folder = join(root, "docs", "samples")
  for (const file of readdirSync(folder).filter((name) => name.includes("."))) {
    for (const [number] of readFileSync(join(folder, file), "utf8").matchAll(/\+\d{6,}/g)) {
      expect(number).toMatch(/^\+(?:120255501\d\d|331990000\d\d)$/)
    }
  }
})
