import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { runHere } from "./inProcess.ts"
import { unicall } from "./unicall.ts"

vi.mock("node:fs", async (original) => (await import("./captured.ts")).captured(original))

const secretNumber = "+12025550177"
const hook = (id: string): string => JSON.stringify({ call_order_id: id, status: "completed" })

const before = process.cwd()
let folder = ""
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "unicall-logs-"))
  process.chdir(folder)
})
afterAll(() => {
  process.chdir(before)
  rmSync(folder, { recursive: true, force: true })
})

const write = (name: string, content: string | Uint8Array): void => writeFileSync(name, content)
const normalize = (...args: ReadonlyArray<string>) => runHere(["normalize", ...args])
const idsOf = (stdout: string): ReadonlyArray<string> =>
  stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line).orderId)

describe("logs", () => {
  it("are read with whatever stands before and behind the JSON of a line", async () => {
    const lines = [
      `2026-05-05 10:00:00 INFO received ${hook("1")}`,
      `[2026-05-05T10:00:00Z] [INFO] ${hook("2")} in 12 ms`,
      `[12] ${hook("3")}`,
      `1777973400.123 ${hook("4")}`,
      `May  5 10:00:00 host app[12]: got ${JSON.stringify(hook("5"))}`,
      `template {x} of {"user":"u"}: ${hook("6")}`,
      `no JSON at all`,
      `login {"user":"u","api_key":"planted-secret"}`
    ]
    write("app.log", `${lines.join("\n")}\n`)
    const one = await normalize("app.log", "--rejects", "app.rejects")
    expect(idsOf(one.stdout)).toEqual(["1", "2", "3", "4", "5", "6"])
    expect(one.stderr).toContain("8 records in = 6 out (6 hints) + 2 rejected")
    const rejects = readFileSync("app.rejects", "utf8")
    expect(rejects).toContain("login")
    expect(rejects).not.toContain("planted-secret")
    const threads = await normalize("app.log", "--workers", "2")
    expect(threads.stdout).toBe(one.stdout)
  })

  it("give no part of a damaged record as a record", async () => {
    const attempt = '{"id":"att","phone_number":"+12025550177","status":"ended","result":"human"}'
    write("cut.ndjson", `{"id":"o","call_attempts":[${attempt}],"x":\n[${attempt}, {"id":\n"text ${hook("s")}\n`)
    const { stdout } = await normalize("cut.ndjson")
    expect(stdout).not.toContain('"id":"o"')
    expect(idsOf(stdout)).not.toContain("s")
  })

  it("lose no record to the text before it, and tell each that is cut off", async () => {
    const cut = `{"id":"o","call_attempts":[{"id":"att","phone_number":"+12025550177","status":"ended","result":"human"}],"x`
    const lines = [
      `INFO ${hook("1")} ${"{name} ".repeat(40)}${hook("2")}`,
      `INFO ${cut}`,
      `INFO ${hook("3")} ${cut}`,
      `INFO ${hook("4")} body=${JSON.stringify(cut)}`,
      `expected "{" got ${hook("5")}`
    ]
    write("cut.log", lines.map((line) => `${line}\n`).join(""))
    const { stdout, stderr } = await normalize("cut.log", "--no-native")
    expect(idsOf(stdout)).toEqual(["1", "2", "3", "4", "5"])
    expect(stderr).toContain("8 records in = 5 out (5 hints) + 3 rejected")
  })

  it("lose no line behind one that was cut off", async () => {
    write("behind.log", `{"id":"o","call_at\nINFO ${hook("1")}\n{"id":"o","x":[\nGET ${hook("2")}\n${hook("3")}\n`)
    const { stdout, stderr } = await normalize("behind.log", "--no-native")
    expect(idsOf(stdout)).toEqual(["1", "2", "3"])
    expect(stderr).toContain("5 records in = 3 out (3 hints) + 2 rejected")
  })

  it("are read from lines of nothing but base64", async () => {
    write("bodies.log", `${btoa(hook("1"))}\n${btoa(hook("2"))}\n`)
    const { stdout, stderr } = await normalize("bodies.log", "--no-native")
    expect(idsOf(stdout)).toEqual(["1", "2"])
    expect(stderr).toContain("2 records in = 2 out (2 hints) + 0 rejected")
  })

  it("are read where bodies are encoded twice, in base64, and below other fields", async () => {
    const base64 = Buffer.from(hook("1")).toString("base64")
    const url = Buffer.from(JSON.stringify([JSON.parse(hook("2")), { call_order_id: "3", note: "é?>" }])).toString(
      "base64url"
    )
    const lines = [
      { req: { body: base64 } },
      { req: { body: url } },
      { req: { body: JSON.stringify(JSON.stringify(hook("4"))) } },
      { req: JSON.stringify({ body: hook("5") }) },
      { "req.body": hook("6") },
      { req: { body: `POST ${hook("7")}` } }
    ]
    write("bodies.ndjson", lines.map((line) => `${JSON.stringify(line)}\n`).join(""))
    const { stdout, code } = await normalize("bodies.ndjson", "--payload-field", "req.body")
    expect(idsOf(stdout)).toEqual(["1", "2", "3", "4", "5", "6", "7"])
    expect(code).toBe(0)
  })

  it("are read from columns below which the payload lies", async () => {
    const cell = (value: unknown): string => `"${JSON.stringify(value).replaceAll('"', '""')}"`
    write(
      "req.csv",
      `at,req\n1,${cell({ body: JSON.parse(hook("1")) })}\n2,${cell({ body: hook("2") })}\n3,${cell({})}\n`
    )
    const { stdout, stderr } = await normalize("req.csv", "--payload-column", "req.body")
    expect(idsOf(stdout)).toEqual(["1", "2"])
    expect(stderr).toContain('rejected req.csv:4: unreadable_json: expected "body" in the JSON of column "req"')
  })

  it.each([
    ["--payload-column", "body"],
    ["--payload-column", "re.body"],
    ["--provider-column", "who"]
  ])("without the column of %s %s are a usage error before anything is written", async (flag, column) => {
    write("first.csv", `req\n"${hook("1").replaceAll('"', '""')}"\n`)
    write("second.csv", "at,other\n1,2\n")
    const ran = await normalize("first.csv", "second.csv", flag, column)
    expect(ran).toMatchObject({ code: 2, stdout: "" })
    expect(ran.stderr).toMatch(/expected a column ".*", the columns are "/)
  })

  it("from a pipe without the column are a usage error as well", async () => {
    const ran = await unicall(folder, ["normalize", "--payload-column", "body"], "at,other\n1,2\n")
    expect(ran).toMatchObject({ code: 2, stdout: "" })
    expect(ran.stderr).toContain('expected a column "body"')
  })
})

describe("rejections", () => {
  it("that are the same are one line with their count, and each its own in the file", async () => {
    const foreign = Array.from({ length: 589 }, (_, at) => `${JSON.stringify({ user: at })}\n`).join("")
    write("same.ndjson", `${foreign}{"id":"x","cal\n${foreign}${hook("1")}\n{"id":"yy","call\n`)
    const told = await normalize("same.ndjson")
    expect(told.code).toBe(0)
    const lines = told.stderr.split("\n").filter((line) => line.startsWith("rejected same"))
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(/^rejected same\.ndjson:1 and 1,177 more: unknown_shape: /)
    expect(lines[1]).toMatch(/^rejected same\.ndjson:590 and 1 more: unreadable_json: /)
    await normalize("same.ndjson", "--rejects", "same.rejects")
    expect(readFileSync("same.rejects", "utf8").trim().split("\n")).toHaveLength(1180)
  })

  it.each([
    ["fields.ndjson", `{"level":30,"req":{"body":${hook("1")}},"${secretNumber}":1}\n`, "--payload-field req.body"],
    ["keyed.ndjson", `{"${secretNumber}":${hook("1")},"by":{"${secretNumber}":${hook("2")}}}\n`, "with the fields by"],
    ["other.ndjson", `{"user":"u","${secretNumber}":1}\n`, "with the fields user and others"],
    [
      "access.log",
      '192.0.2.1 - - [05/May/2026:10:00:00 +0000] "POST /hook HTTP/1.1" 200 12\n',
      "the access log of a web server"
    ],
    ["table.txt", "id,number,name\n1,2,3\n", "--input csv"],
    ["page.txt", "<!doctype html><html></html>", "a web page"],
    ["calls.xlsx", Buffer.from([0x50, 0x4b, 3, 4, 0, 0]), ".xlsx"],
    ["calls.json.bz2", Buffer.from("BZh91AY&SY"), "bzip2"],
    ["wide.txt", Buffer.from("\uFEFF{}", "utf16le"), "UTF-16"],
    ["words.txt", "hello\nworld\n", "text without the JSON of a record"]
  ])("of everything in %s exit with 1 and say what it looks like", async (name, content, looks) => {
    write(name, content)
    const { code, stdout, stderr } = await normalize(name)
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" })
    expect(stderr).toContain(`${name}: `)
    expect(stderr).toContain(looks)
    expect(stderr).not.toContain(secretNumber)
  })

  it("of everything in one input are told, and what the others hold is written all the same", async () => {
    mkdirSync("some")
    write("some/calls.ndjson", `${hook("1")}\n`)
    write("some/package.json", '{"name":"x"}')
    const folderRun = await normalize("some")
    expect(folderRun.code).toBe(0)
    expect(folderRun.stderr).toContain("some/package.json: 1 record, all rejected; it looks like")
    const named = await normalize("some/package.json", "some/calls.ndjson", "-o", "named.ndjson")
    expect(named.code).toBe(1)
    expect(idsOf(readFileSync("named.ndjson", "utf8"))).toEqual(["1"])
    write("nothing.ndjson", "\n")
    expect((await normalize("nothing.ndjson")).code).toBe(0)
  })
})

describe("envelopes", () => {
  it("lose no list and no fault that stands beside their records", async () => {
    const page = {
      data: [{ id: "1", call_attempts: [] }],
      errors: [{ id: "2", why: "gone" }],
      warning: "partial",
      total: 2,
      next: "cursor",
      meta: { page: 1 },
      links: {},
      warnings: []
    }
    write("page.json", JSON.stringify({ data: page }))
    const ran = await normalize("page.json", "--rejects", "page.rejects")
    expect(ran.stderr).toContain("2 records in = 1 out (1 order) + 1 rejected")
    expect(JSON.parse(readFileSync("page.rejects", "utf8"))).toMatchObject({
      reason: "unknown_shape",
      path: "data",
      raw: { errors: [{ id: "2", why: "gone" }], warning: "partial" }
    })
    const quiet = { ...page, errors: [], warning: null }
    write("quiet.json", JSON.stringify(quiet))
    expect((await normalize("quiet.json")).stderr).toContain("0 rejected")
  })
})
