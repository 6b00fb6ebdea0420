import { afterAll, beforeAll, expect, it } from "vitest"
import { stories } from "../../src/testing/twin/stories.ts"
import { linesOf, openShell, type Shell } from "./liveShell.ts"

let shell: Shell

beforeAll(async () => {
  shell = await openShell()
})

afterAll(() => shell.close())

it("the demo prints the same on every run: every story on both providers, nothing twice, nothing lost", async () => {
  const env = { REVOX_API_KEY: "", REVRING_API_KEY: "" }
  const runs = await Promise.all([shell.run(["demo"], { env }), shell.run(["demo"], { env })])
  const [first, second] = runs
  expect(runs.map(({ code }) => code)).toEqual([0, 0])
  expect(second?.stdout).toBe(first?.stdout)
  const lines = linesOf(first?.stdout ?? "")
  expect(lines[0]).toMatch(/^ +REVOX +REVRING$/)
  const told = lines.slice(2, -1).map((line) => line.split(" ")[0] ?? "")
  expect(told).toHaveLength(12)
  expect(told.filter((name) => !stories.some((story) => story.name === name))).toEqual([])
  expect(lines.at(-1)).toBe(
    "24 orders, each asked for twice, on 2 providers: 22 placed, 2 refused, 0 duplicates, 2 lost answers found again"
  )
  expect(shell.revox.requests).toEqual([])
})
