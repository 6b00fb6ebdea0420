/** The simulation finds bugs that are planted in the code. Which seeds find them: `npm run simulate -- --planted`. */
import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { promisify } from "node:util"
import { describe, expect, it } from "vitest"
import { patchedText, ROOT } from "./patchedModules.ts"
import { PLANTED_BUGS } from "./plantedBugs.ts"
import { readFound, seedOf } from "./plantedRun.ts"
import { type Noticer, NOTICERS, simulate } from "./simulate.ts"

/** Seeds within which each is found. */
const SEEDS = 10_000

/** Bugs that no seed finds, and why. */
const NOT_FOUND: { readonly [bug: string]: string } = {}

/** Who notices none of the bugs, and why he is there. */
const IDLE: { readonly [noticer in Noticer]?: string } = {}

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
    const found = readFound().filter(({ seed }) => seed !== undefined)
    expect(found.filter(({ seed = 0 }) => seed > SEEDS)).toEqual([])
    const missing = readFound().filter(({ seed }) => seed === undefined)
    expect(missing.map(({ bug }) => bug)).toEqual(Object.keys(NOT_FOUND))
    for (const { played } of missing) expect(played).toBeGreaterThanOrEqual(SEEDS)
  })

  it("give each checker something to notice", () => {
    const noticing = new Set(readFound().flatMap(({ noticedBy }) => noticedBy))
    expect(NOTICERS.filter((noticer) => !noticing.has(noticer))).toEqual(Object.keys(IDLE))
  })

  it("are what the seeds fail for: without them these do not", () => {
    const found = new Map(readFound().map(({ bug, seed }) => [bug, seed]))
    const seeds = PLANTED_BUGS.flatMap((bug) => {
      const seed = found.get(bug.id)
      return seed === undefined ? [] : [seedOf(bug, seed)]
    })
    expect(simulate(new Set(seeds)).failures).toEqual([])
  })

  it("are noticed by the same checkers in the same seeds still", async () => {
    const run = join(ROOT, "test/simulation/run.ts")
    const { stdout } = await promisify(execFile)(process.execPath, [run, "--planted", "--kept"], { cwd: ROOT })
    expect(JSON.parse(stdout)).toEqual([])
  }, 300_000)
})
