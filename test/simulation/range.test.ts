/** Figures of histories in bulk: what stands in a file is believed once, and only of the same code. */
import { execFile } from "node:child_process"
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { codeVersion } from "./codeVersion.ts"
import { readFlags } from "./flags.ts"
import { ROOT } from "./patchedModules.ts"
import { appendRange, joined, rangeFigures, type RangeFigures, rangesLeft, rangesWithin, readRanges } from "./range.ts"
import { seedsFrom, simulate } from "./simulate.ts"

const rangeOf = (from: number, histories: number): RangeFigures =>
  rangeFigures({ journal: "memory", commit: "c", from }, simulate(seedsFrom(from, histories)), 1)

const without = (range: RangeFigures | undefined) => ({ ...range, seconds: 0 })

describe("ranges of seeds", () => {
  it("come to the same however they are divided, and in whatever order they were played", () => {
    const whole = rangeOf(1, 12)
    const parts = [rangeOf(8, 5), rangeOf(1, 3), rangeOf(4, 4)]
    expect(without(joined(parts))).toEqual(without(whole))
    expect(joined(parts)?.digest).not.toBe(rangeOf(1, 11).digest)
  })

  it("count once though they stand twice, and what is left is played", () => {
    const [first, second] = [rangeOf(1, 3), rangeOf(2, 4)]
    const done = rangesWithin([first, first, second, rangeOf(20, 1)], { from: 1, histories: 9 })
    expect(done).toEqual([first])
    expect(rangesLeft({ from: 1, histories: 9 }, done, 4)).toEqual([
      { from: 4, histories: 4 },
      { from: 8, histories: 2 }
    ])
  })

  it("has a seed that cannot be played as one that failed", () => {
    const broken = () => {
      throw new TypeError("broken")
    }
    const { failures, histories } = simulate(["7", "8"], { play: broken })
    expect(histories).toBe(2)
    expect(failures).toEqual(
      ["7", "8"].map((seed) => ({
        seed,
        faults: ["it did not come to its end: TypeError: broken"],
        noticedBy: ["end of history"]
      }))
    )
  })
})

describe("a file of ranges", () => {
  let folder = ""
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "unicall-ranges-"))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it("may have a last line that is torn, and no other", () => {
    const file = join(folder, "torn.ndjson")
    const range = rangeOf(1, 2)
    appendRange(file, range)
    appendFileSync(file, JSON.stringify(range).slice(0, 40))
    expect(readRanges(file)).toEqual([range])
    appendRange(file, range)
    expect(readRanges(file)).toEqual([range, range])
    appendFileSync(file, "{}\n")
    expect(() => readRanges(file)).toThrow(/line 3 is no range/)
  })

  it("is gone on with, and what is of other code is played again", async () => {
    const file = join(folder, "figures.ndjson")
    appendRange(file, rangeOf(1, 2))
    const run = async () => {
      const args = ["--histories", "3", "--workers", "1", "--file", file]
      return promisify(execFile)(process.execPath, [join(ROOT, "test/simulation/run.ts"), ...args], { cwd: ROOT })
    }
    const first = await run()
    expect(first.stderr).toContain("1 ranges are of other code")
    const played = readFileSync(file, "utf8")
    expect(readRanges(file).map(({ commit, from, histories }) => ({ commit, from, histories }))).toEqual([
      { commit: "c", from: 1, histories: 2 },
      { commit: codeVersion(), from: 1, histories: 3 }
    ])
    const second = await run()
    expect(readFileSync(file, "utf8")).toBe(played)
    expect(second.stdout).toBe(first.stdout)
  })
})

describe("flags", () => {
  it.each([
    [["--histories", "many"], "--histories: expected a whole number"],
    [["--histories", "0"], "--histories: expected a whole number"],
    [["--from=-1"], "--from: expected a whole number"],
    [["--workers", "1.5"], "--workers: expected a whole number"],
    [["--seeds", ""], "--seeds: expected a whole number"],
    [["--journal", "postgres"], "--journal: expected memory or sqlite"],
    [["--planted", "--bug", "none"], "--bug: expected one of"],
    [["--kept"], "--kept: expected with --planted"],
    [["--history", "1"], "--history"]
  ])("that cannot be followed are named: %j", (args, message) => {
    expect(() => readFlags(args)).toThrow(message)
  })

  it("end the run with 2, and nothing is played", async () => {
    const run = promisify(execFile)(process.execPath, [join(ROOT, "test/simulation/run.ts"), "--from", "x"], {
      cwd: ROOT
    })
    await expect(run).rejects.toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/^--from: expected a whole number/)
    })
  })
})
