/** `unicall switch plan` as people run it: forms, errors, exit codes. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
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
  const agentFrom = (from: ReadonlyArray<string>) => ({ desk: { providers: { revox: { id: "agent-1", from } } } })
  const settings = {
    agents: agentFrom(["+12025550101", "+12025550102"]),
    routes: { main: { rules: [{ name: "split", use: "revox" }] } }
  }
  writeFileSync(join(folder, "unicall.json"), JSON.stringify(settings))
  writeFileSync(join(folder, "faulty.json"), JSON.stringify({ agents: agentFrom(["202-0155501"]) }))
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
    expect(page).toContain("<pre><code>const { retry, ...once } = order\nfor (let attempt")
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

  it("plans by a configuration alone, and shows no number of it", async () => {
    const { code, stdout, stderr } = await plan(...move, "--config", "unicall.json")
    expect([code, stderr]).toEqual([0, ""])
    expect(stdout.replaceAll(/\s+/g, " ")).toContain("By a configuration of 1 named agent and 1 route with 1 rule.")
    expect(stdout).toContain('{ "name": "split", "use": { "weights": { "revox": 9, "revring": 1 } } }')
    expect(stdout).toContain('{ "alsoCheck": [ "revring" ] }')
    expect(stdout).not.toMatch(/\d{7}/)
    const json = await plan(...move, "--config", "unicall.json", "--json")
    expect(json.stdout).not.toMatch(/\d{7}/)
    expect(JSON.parse(json.stdout)).toMatchObject({
      input: { records: 0 },
      features: [],
      configuration: { agents: { all: 1, atSource: 1 }, callerNumbers: { source: 2, target: 0 }, rules: { source: 1 } }
    })
  })

  it("plans by records and a configuration together, and by records as ever", async () => {
    const alone = await plan(...move, "mixed.ndjson", "--json")
    const both = await plan(...move, "mixed.ndjson", "--json", "--config", "unicall.json")
    const { configuration, ...rest } = z.looseObject({ configuration: z.unknown() }).parse(JSON.parse(both.stdout))
    expect(rest).toEqual(JSON.parse(alone.stdout))
    expect(configuration).toMatchObject({ routes: 1 })
    const text = await plan(...move, "mixed.ndjson", "--config", "unicall.json", "--html", "both.html")
    expect(text.stdout).toContain("1 of 2 placed orders (50.0 %) needed more than one attempt.")
    expect(text.stdout).toContain("Agent desk")
    expect(readFileSync(join(folder, "both.html"), "utf8")).toContain("Agent desk")
  })

  it.each([
    [["--config", "nowhere.json"], "nowhere.json: no such file or folder"],
    [["--config", "mixed.ndjson"], "mixed.ndjson"],
    [["--config", "faulty.json"], "agents.desk.providers.revox.from[0]"],
    [["--config", "unicall.json", "--html", "unicall.json"], "--html: expected another file than the inputs"]
  ])("refuses the configuration of %o", async (args, message) => {
    const { code, stdout, stderr } = await plan(...move, ...args)
    expect(code).toBeGreaterThan(0)
    expect(stdout).toBe("")
    expect(stderr).toContain(message)
    expect(stderr).not.toContain("0155501")
  })

  it("does not take the configuration of the environment", async () => {
    vi.stubEnv("UNICALL_CONFIG", join(folder, "unicall.json"))
    const { code, stdout } = await plan(...move)
    vi.unstubAllEnvs()
    expect([code, stdout]).toEqual([1, ""])
  })

  it("has a page of help for the command and for the plan", async () => {
    expect((await unicall(folder, ["switch", "--help"])).stdout).toContain("plan")
    expect((await unicall(folder, ["help", "switch", "plan"])).stdout).toContain("--from")
  })
})
