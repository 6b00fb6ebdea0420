/** `unicall switch plan` as people run it: forms, errors, exit codes. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import * as z from "zod"
import { revoxOrder, revringCall } from "../switch/records.ts"
import { unicall } from "./unicall.ts"

let folder = ""
const lines = (records: ReadonlyArray<unknown>): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join("")

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "unicall-switch-"))
  const own = [revoxOrder({ id: "o-1", tries: ["busy", "human"] }), revoxOrder({ id: "o-2", tries: ["human"] })]
  writeFileSync(join(folder, "mixed.ndjson"), lines([...own, revringCall({ id: "c-1", cause: "USER_ENDED" })]))
  writeFileSync(join(folder, "broken.ndjson"), `${lines(own)}{"id": "o-3", "call_att\n{"contact": 4711}\n`)
  writeFileSync(join(folder, "foreign.ndjson"), lines([revringCall({ id: "c-1", cause: "USER_ENDED" })]))
  writeFileSync(join(folder, "empty.ndjson"), "")
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const plan = (...args: ReadonlyArray<string>) => unicall(folder, ["switch", "plan", ...args])
const move = ["--from", "revox", "--to", "revring"]

const Read = z.object({
  kind: z.literal("switch_plan"),
  input: z.object({ orders: z.number(), attempts: z.number(), records: z.number(), others: z.array(z.unknown()) })
})

describe("switch plan", () => {
  it("prints the plan, and what was read on standard error", async () => {
    const { code, stdout, stderr } = await plan(...move, "mixed.ndjson")
    expect(code).toBe(0)
    expect(stdout).toContain("1 of 2 placed orders (50.0 %) needed more than one attempt.")
    expect(stdout).toContain("Of other providers: 1 of revring: not counted in anything.")
    expect(stdout.split("\n").filter((line) => line.length > 140)).toEqual([])
    expect(stderr).toMatch(/^3 records in = 2 of Revox \+ 1 of others \+ 0 rejected, in [\d.]+ s$/m)
  })

  it("prints it as JSON and as Markdown, and writes a page", async () => {
    const json = await plan(...move, "mixed.ndjson", "--json")
    expect(Read.parse(JSON.parse(json.stdout)).input).toEqual({
      orders: 2,
      attempts: 3,
      records: 2,
      others: [{ provider: "revring", records: 1 }]
    })
    const { code, stdout, stderr } = await plan(...move, "mixed.ndjson", "--markdown", "--html", "plan.html")
    expect(code).toBe(0)
    expect(stdout).toMatch(/^## From Revox to RevRing$/m)
    expect(stdout).toContain("```js\n")
    expect(stderr).toContain("plan written to plan.html")
    const page = readFileSync(join(folder, "plan.html"), "utf8")
    expect(page).toMatch(/^<!doctype html>/)
    expect(page).toContain("needed more than one attempt")
    expect(page).toContain("<pre><code>for (let attempt")
  })

  it("reads records that unicall wrote, and counts the same", async () => {
    const raw = await plan(...move, "mixed.ndjson", "--json")
    const { stdout } = await unicall(folder, ["normalize", "--no-native", "mixed.ndjson"])
    const again = await unicall(folder, ["switch", "plan", ...move, "--json"], stdout)
    expect(JSON.parse(again.stdout)).toEqual(JSON.parse(raw.stdout))
  })

  it("counts what is broken, names its place and repeats none of it", async () => {
    const { code, stdout, stderr } = await plan(...move, "broken.ndjson")
    expect(code).toBe(0)
    expect(stdout).toContain("2 records of Revox")
    expect(stderr).toContain("broken.ndjson:3")
    expect(stderr).not.toContain("4711")
    expect((await plan(...move, "broken.ndjson", "--fail-on-reject")).code).toBe(1)
  })

  it.each([
    ["foreign.ndjson", "expected records of Revox, which --from names; got 1 of revring, and 0 rejected"],
    ["empty.ndjson", "expected records of Revox, which --from names; got none of any provider, and 0 rejected"]
  ])("says that %s holds no record of the provider that is left", async (file, message) => {
    const { code, stdout, stderr } = await plan(...move, file, "--html", "none.html")
    expect([code, stdout]).toEqual([1, ""])
    expect(stderr).toContain(message)
    expect(existsSync(join(folder, "none.html"))).toBe(false)
  })

  it.each([
    [["--from", "revox", "--to", "revox"], "--to: expected another provider than --from, got revox for both"],
    [["--from", "nobody", "--to", "revox"], "nobody"],
    [["--from", "revox", "--to", "nobody"], "nobody"],
    [["--from", "revox"], "--to"],
    [["--to", "revox"], "--from"],
    [[...move, "--json", "--markdown"], "--json and --markdown: expected one of them"],
    [[...move, "--html", "mixed.ndjson"], "--html: expected another file than the inputs"]
  ])("refuses %o", async (args, message) => {
    const { code, stdout, stderr } = await plan(...args, "mixed.ndjson")
    expect([code, stdout]).toEqual([2, ""])
    expect(stderr).toContain(message)
  })

  it("has a page of help for the command and for the plan", async () => {
    expect((await unicall(folder, ["switch", "--help"])).stdout).toContain("plan")
    expect((await unicall(folder, ["help", "switch", "plan"])).stdout).toContain("--from")
  })
})
