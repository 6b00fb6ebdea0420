import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { stories } from "../../src/twin/stories.ts"
import { linesOf, openShell, type Shell } from "./liveShell.ts"

let shell: Shell
let runs: ReadonlyArray<Awaited<ReturnType<Shell["run"]>>>

beforeAll(async () => {
  shell = await openShell()
  const env = { REVOX_API_KEY: "", REVRING_API_KEY: "", VAPI_API_KEY: "", TMPDIR: shell.folder, TEMP: shell.folder }
  runs = await Promise.all([shell.run(["demo"], { env }), shell.run(["demo"], { env })])
}, 120_000)

afterAll(() => shell.close())

const BALANCE =
  "36 orders, each asked for twice, on 3 providers: 33 placed, 3 refused, 0 duplicates, 3 lost answers found again"

const reportOf = (stderr: string | undefined): string => {
  const url = /^The whole report, with charts: (file:\S+)$/m.exec(stderr ?? "")?.[1]
  if (url === undefined) throw new Error("no report named")
  return fileURLToPath(url)
}

describe("the demo", () => {
  it("prints the same on every run", () => {
    expect(runs.map(({ code }) => code)).toEqual([0, 0])
    expect(runs[1]?.stdout).toBe(runs[0]?.stdout)
    expect(shell.revox.requests).toEqual([])
  })

  it("shows every story on every provider, nothing twice, nothing lost", () => {
    const lines = linesOf(runs[0]?.stdout ?? "")
    expect(lines[0]).toMatch(/^ +REVOX +REVRING +VAPI$/)
    const told = lines.slice(2, lines.indexOf(BALANCE)).map((line) => line.split(" ")[0] ?? "")
    expect(told).toHaveLength(12)
    expect(told.filter((name) => !stories.some((story) => story.name === name))).toEqual([])
  })

  it("follows a call of each provider by polling and by webhook, and acts once on what comes twice", () => {
    const lines = linesOf(runs[0]?.stdout ?? "")
    const from = lines.findIndex((line) => line.includes("BY POLLING"))
    const rows = lines.slice(from + 2, from + 5).map((line) => line.split(/ {2,}/))
    expect(rows.map(([title]) => title)).toEqual(["Revox", "RevRing", "Vapi"])
    for (const [, , polls, , reads, messages, acted] of rows) {
      expect(Number(reads)).toBeLessThan(Number(polls))
      expect(Number(messages)).toBe(2 * Number(acted))
    }
    expect(lines[from + 5]).toMatch(/^(\d+) messages came, (\d+) of them for the second time; \2 were acted on$/)
  })

  it("ends with an experiment that finds no winner where there is none", () => {
    const [, comparison = ""] = (runs[0]?.stdout ?? "").split(BALANCE)
    expect(comparison).toContain("in truth they do not differ")
    expect(comparison).toMatch(/^Conversation( +\d+\.\d %){3} .*Not enough data$/m)
    expect(comparison).toContain("These are not the same measure.")
    expect(comparison).not.toMatch(/\b(?:Better|Worse|Not comparable)$/m)
  })

  it("writes each report to a folder of its own, with nobody's number in it", () => {
    const paths = runs.map(({ stderr }) => reportOf(stderr))
    expect(new Set(paths.map(dirname)).size).toBe(2)
    for (const path of paths) {
      expect(existsSync(path)).toBe(true)
      expect(readdirSync(dirname(path))).toEqual(["comparison.html"])
      const html = readFileSync(path, "utf8")
      expect(html).toMatch(/^<!doctype html>/i)
      expect(html).toContain("RevRing")
      expect(html).not.toMatch(/\+?3319900\d|\+?1202555/)
    }
  })
})
