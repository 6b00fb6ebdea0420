/** The simulation finds bugs that are planted in the code. Which seeds find them: `npm run simulate -- --planted`. */
import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { promisify } from "node:util"
import { describe, expect, it } from "vitest"
import { patchedText, ROOT } from "./patchedModules.ts"
import { PLANTED_BUGS } from "./plantedBugs.ts"
import { readFound } from "./plantedRun.ts"
import { simulate } from "./simulate.ts"

/** Seeds within which each is found. */
const SEEDS = 10_000

/** Not found yet: records are only deleted of calls that are scheduled, and scripts that cancel those by another id are rare. */
const NOT_FOUND: ReadonlyArray<string> = ["cancel-of-another"]

describe("planted bugs", () => {
  it("have ids of their own", () => {
    expect(new Set(PLANTED_BUGS.map(({ id }) => id)).size).toBe(PLANTED_BUGS.length)
  })

  it.each(PLANTED_BUGS)("$id fits today's code", ({ patches }) => {
    for (const { file } of patches) {
      const text = readFileSync(join(ROOT, file), "utf8")
      expect(patchedText(text, file, patches)).not.toBe(text)
    }
  })

  it("are each found within 10,000 seeds, but for those that are known not to be", () => {
    expect(readFound().map(({ bug }) => bug)).toEqual(PLANTED_BUGS.map(({ id }) => id))
    const missing = readFound().filter(({ seed = Number.POSITIVE_INFINITY }) => seed > SEEDS)
    expect(missing.map(({ bug }) => bug)).toEqual(NOT_FOUND)
  })

  it("are what the seeds fail for: without them these do not", () => {
    const seeds = new Set(readFound().flatMap(({ seed }) => (seed === undefined ? [] : [String(seed)])))
    expect(simulate(seeds).failures).toEqual([])
  })

  it("are found by the same seeds still", async () => {
    const run = join(ROOT, "test/simulation/run.ts")
    const { stdout } = await promisify(execFile)(process.execPath, [run, "--planted", "--kept"], { cwd: ROOT })
    expect(JSON.parse(stdout)).toEqual([])
  })
})
