import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { makeCalendar } from "../../src/cli/commands/normalize/calendar.ts"
import { runHere } from "./inProcess.ts"

vi.mock("node:fs", async (original) => (await import("./captured.ts")).captured(original))

const before = process.cwd()
let folder = ""
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "unicall-spreadsheets-"))
  process.chdir(folder)
  writeFileSync("calls.ndjson", calls.map((call) => `${JSON.stringify(call)}\n`).join(""))
})
afterAll(() => {
  process.chdir(before)
  rmSync(folder, { recursive: true, force: true })
})

const normalize = (...args: ReadonlyArray<string>) => runHere(["normalize", "calls.ndjson", ...args])

const revring = (id: string, toNumber: string, initiatedAt: string, rest: object) => ({
  id,
  organizationId: "org",
  toNumber,
  fromNumber: "+12025550100",
  agentId: "agent-1",
  initiatedAt,
  ...rest
})
const reached = (startedAt: string) => ({
  status: "COMPLETED",
  startedAt,
  endedAt: startedAt.replace(/\d\dZ$/, "59Z"),
  transcript: [
    { role: "agent", text: "Hello?\nAnybody there?" },
    { role: "user", text: "Yes,\r\nhere" }
  ]
})
const busy = { status: "FAILED", errorMessage: "SIP 486 Busy Here" }
const revox = (id: string, to: string, dialed: ReadonlyArray<readonly [at: string, result: string]>) => ({
  id,
  to_phone_number: to,
  status: "completed",
  created_at: "2026-05-04T08:00:00Z",
  call_attempts: dialed.map(([at, result], index) => ({
    id: `${id}-${index}`,
    phone_number: to,
    status: "ended",
    dialed_at: at,
    answered_at: at,
    ended_at: at,
    result
  }))
})

const [anna, bert, carl] = ["+12025550101", "+12025550102", "+33199000003"] as const
const calls = [
  // Week 19, then reached in week 20; seen twice.
  revox("o1", anna, [
    ["2026-05-05T10:00:00Z", "voicemail"],
    ["2026-05-12T10:00:00Z", "human"]
  ]),
  revox("o1", anna, [["2026-05-05T10:00:00Z", "voicemail"]]),
  // The same person by another order of the same week, written otherwise.
  revox("o2", "+1 (202) 555-0101", [["2026-05-12T11:00:00Z", "voicemail"]]),
  revox("o3", bert, [["2026-05-12T10:00:00Z", "human"]]),
  revring("r1", anna, "2026-05-05T10:00:00Z", reached("2026-05-05T10:00:01Z")),
  revring("r2", carl, "2026-05-10T23:30:00Z", busy),
  revring("r3", carl, "2026-05-10T23:40:00Z", busy),
  { call_order_id: "hint-only", status: "completed" }
]

const rowsOf = (csv: string): ReadonlyArray<ReadonlyArray<string>> =>
  csv
    .trim()
    .split("\r\n")
    .map((line) => line.split(","))

describe("people by group", () => {
  it("are counted once in each group, by the best that came of calling them, whatever they were called by", async () => {
    const { code, stdout, stderr } = await normalize("--group-by", "provider,week", "--format", "csv")
    expect(code).toBe(0)
    const [header = [], ...rows] = rowsOf(stdout)
    const counted = rows.map((row) =>
      Object.fromEntries(header.map((name, at) => [name, row[at]] as const).filter(([, value]) => value !== "0"))
    )
    expect(counted).toEqual([
      { provider: "revox", week: "2026-W19", people: "1", voicemail: "1", orders: "1", attempts: "1" },
      { provider: "revox", week: "2026-W20", people: "2", human: "2", orders: "3", attempts: "3" },
      expect.objectContaining({ provider: "revring", week: "2026-W19", people: "2", orders: "3", attempts: "3" })
    ])
    expect(counted[2]).toMatchObject({ human: "1", not_reached: "1" })
    expect(stdout + stderr).not.toContain("20255501")
    expect(stderr).toContain("1 hint")
  })

  it("lie on the days of the time zone, and come as a table, NDJSON, JSON or a file", async () => {
    const paris = await normalize(
      "--group-by",
      "week",
      "--time-zone",
      "Europe/Paris",
      "--provider",
      "revring",
      "-f",
      "ndjson"
    )
    expect(
      paris.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line))
    ).toMatchObject([
      { week: "2026-W19", people: 1 },
      { week: "2026-W20", people: 1 }
    ])
    const table = await normalize("--group-by", "country")
    expect(table.stdout).toMatch(/^COUNTRY +PEOPLE +HUMAN/)
    expect(table.stdout).toMatch(/\nFR +1 /)
    expect(table.stdout).not.toContain("CALL_SCREENING")
    const json = await normalize("--group-by", "agent,month", "-o", "groups.json")
    expect(json.stdout).toBe("")
    expect(JSON.parse(readFileSync("groups.json", "utf8"))).toMatchObject([
      { agent: "agent-1", month: "2026-05", people: 2 },
      { agent: "unknown", month: "2026-05", people: 2 }
    ])
  })

  it("weeks are those of ISO 8601", () => {
    const calendar = makeCalendar("UTC")
    const weeks = ["2024-12-30", "2026-01-01", "2027-01-03", "2027-01-04", "2020-12-31", "2021-01-03", "2021-01-04"]
    expect(weeks.map((day) => calendar(`${day}T12:00:00Z`).week)).toEqual([
      "2025-W01",
      "2026-W01",
      "2026-W53",
      "2027-W01",
      "2020-W53",
      "2020-W53",
      "2021-W01"
    ])
    expect(makeCalendar("Pacific/Auckland")("2026-05-10T12:30:00Z")).toEqual({
      day: "2026-05-11",
      week: "2026-W20",
      month: "2026-05"
    })
  })
})

describe("CSV", () => {
  it("has the columns that were asked for, in their order", async () => {
    const { stdout } = await normalize("-f", "csv", "--columns", "to,order_id,reach")
    const [header, ...rows] = stdout.split("\r\n")
    expect(header).toBe("to,order_id,reach")
    expect(rows.slice(0, 2).toSorted()).toEqual([`${anna},o1,human`, `${anna},o1,voicemail`])
  })

  it("has a byte order mark and cells of one line if asked for", async () => {
    const { stdout } = await normalize("-f", "csv", "--bom", "--one-line", "--columns", "order_id,transcript")
    expect(stdout.startsWith("\uFEFForder_id,transcript\r\n")).toBe(true)
    expect(stdout).toContain('r1,"agent: Hello? | Anybody there? | remote: Yes, | here"\r\n')
    const plain = await normalize("-f", "csv", "--columns", "transcript")
    expect(plain.stdout.startsWith("transcript\r\n")).toBe(true)
    expect(plain.stdout).toContain("Hello?\nAnybody there?")
  })

  it("goes by the name of the file, and a flag beats the name", async () => {
    await normalize("-o", "calls.csv")
    expect(readFileSync("calls.csv", "utf8")).toMatch(/^kind,provider,/)
    await normalize("-o", "other.csv", "-f", "json", "--only", "call_hint")
    expect(JSON.parse(readFileSync("other.csv", "utf8"))).toHaveLength(1)
  })

  it.each([
    [["--columns", "to,nope", "-f", "csv"], "--columns: expected kind, provider, order_id"],
    [["--columns", "to"], "--columns: expected --format csv"],
    [["--bom"], "--bom: expected --format csv"],
    [["--one-line", "-f", "json"], "--one-line: expected --format csv"],
    [["--group-by", "provider,year"], "--group-by: expected provider, week"],
    [["--group-by", "week", "--time-zone", "Mars/Base"], "--time-zone: expected an IANA name"],
    [["--time-zone", "UTC"], "--time-zone: expected --group-by"],
    [["--group-by", "week", "--workers", "2"], "--workers"],
    [["--group-by", "week", "--only", "call_order"], "--only"]
  ])("%j is a usage error", async (args, message) => {
    const ran = await normalize(...args)
    expect(ran).toMatchObject({ code: 2, stdout: "" })
    expect(ran.stderr).toContain(message)
  })
})

describe("explain", () => {
  it("takes a folder, finds an order anywhere in it, and writes where -o says", async () => {
    mkdirSync("exports/deeper", { recursive: true })
    writeFileSync("exports/a.ndjson", `${JSON.stringify(calls[4])}\n`)
    writeFileSync("exports/deeper/b.ndjson", `${JSON.stringify(calls[3])}\n${JSON.stringify(calls[0])}\n`)
    const first = await runHere(["explain", "exports"])
    expect(first.stdout).toContain("exports/a.ndjson:1: call_order")
    expect(first.stderr).toContain("the first of 3 records")
    const byId = await runHere(["explain", "exports", "--id", "o1", "--json", "-o", "explained.json"])
    expect(byId.stdout).toBe("")
    expect(JSON.parse(readFileSync("explained.json", "utf8"))).toMatchObject([{ source: "exports/deeper/b.ndjson:2" }])
    const missing = await runHere(["explain", "exports", "--id", "nobody", "-o", "explained.json"])
    expect(missing.code).toBe(1)
    expect(JSON.parse(readFileSync("explained.json", "utf8"))).toHaveLength(1)
    const line = await runHere(["explain", "exports:2"])
    expect(line.stderr).toContain("expected one file, whose line it is")
  })
})
