import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { execFileSync, spawn } from "node:child_process"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { normalize } from "../../adapters/index.ts"
import { csvHeader } from "../../src/normalize/callRow.ts"
import { fixturesOf } from "../adapters/fixtures.ts"
import { runHere } from "./inProcess.ts"
import { main, unicall } from "./unicall.ts"

vi.mock("node:fs", async (original) => (await import("./captured.ts")).captured(original))

const wires = ["revox", "revring"].flatMap((provider) => fixturesOf(provider).map(({ wire }) => wire))
const ndjson = wires.map((wire) => `${JSON.stringify(wire)}\n`).join("")
const expected = wires.flatMap((wire) => normalize(wire))
const records = expected.filter(({ kind }) => kind !== "rejection")
/** Rows of a campaign that hold no record and are nothing wrong. */
const WITHOUT_CALL = 3
const rejected = expected.length - records.length

const secretNumber = "+12025550177"

let folder = ""

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "unicall-cli-"))
  process.chdir(folder)
  const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content)
  write("mixed.ndjson", ndjson)
  write("mixed.json", JSON.stringify(wires, null, 2))
  write("mixed.ndjson.gz", gzipSync(ndjson))
  write("cut.ndjson.gz", gzipSync(ndjson).subarray(0, 4000))
  write(
    "broken.ndjson",
    `{"id":"a","call_attempts":[]}\n{"id":"b","to_phone_number":"${secretNumber}","cal\n{"hello":"${secretNumber}"}\n`
  )
  write(
    "calls.csv",
    `when,provider,payload\r\n2026,Revox,"{""id"":""a"",""call_attempts"":[]}"\r\n2026,revring,"{""id"":""b"",""call_attempts"":[]}"\r\n`
  )
  write(
    "formula.json",
    JSON.stringify({ id: "=1+1", call_attempts: [], to_phone_number: "+12025550101", outcome_summary: 'a "b",\nc' })
  )
  mkdirSync(join(folder, "exports", "deeper"), { recursive: true })
  write("exports/one.json", JSON.stringify({ id: "1", call_attempts: [] }))
  write("exports/deeper/two.jsonl", JSON.stringify({ id: "2", call_attempts: [] }))
  write("exports/notes.txt", "not a record")
})

const before = process.cwd()
afterAll(() => {
  process.chdir(before)
  rmSync(folder, { recursive: true, force: true })
})

/** What needs standard input is a process of its own. */
const run = (args: ReadonlyArray<string>, input?: string | Uint8Array) =>
  input === undefined ? runHere(["normalize", ...args]) : unicall(folder, ["normalize", ...args], input)

const linesOf = (text: string): ReadonlyArray<string> => text.split("\n").filter((line) => line !== "")

describe("unicall normalize", () => {
  it("passes over rows of a campaign that were not called yet, with one process, several, and folded", async () => {
    const row = { id: "row-1", input_data: {}, phone_number: secretNumber, row_index: 0 }
    const rows = [
      row,
      { ...row, call: null },
      { ...row, call: { id: "o", call_attempts: [] } },
      { ...row, call: "lost" }
    ]
    for (const args of [[], ["--fold"]]) {
      const { code, stdout, stderr } = await run(["-", ...args], JSON.stringify({ rows }))
      expect(code).toBe(0)
      expect(linesOf(stdout)).toHaveLength(1)
      expect(stderr).toContain("4 records in = 1 out (1 order) + 2 without a call, passed over + 1 rejected")
      expect(stderr).not.toContain(secretNumber)
    }
  })

  it("writes one record a line, the same as the library, and nothing else to standard output", async () => {
    const { code, stdout, stderr } = await run(["mixed.ndjson"])
    expect(code).toBe(0)
    expect(linesOf(stdout).map((line) => JSON.parse(line))).toEqual(JSON.parse(JSON.stringify(records)))
    expect(stderr).toContain(`${expected.length + WITHOUT_CALL} records in = ${records.length} out`)
    expect(stderr).toContain(` + ${WITHOUT_CALL} without a call, passed over + ${rejected} rejected`)
    expect(stderr).toContain(`${rejected} rejected`)
  })

  it.each([["mixed.json"], ["mixed.ndjson.gz"], ["-"], []])("reads the same from %s", async (...args) => {
    const piped = args.length === 0 || args[0] === "-"
    const [here, plain] = await Promise.all([run([...args], piped ? ndjson : undefined), run(["mixed.ndjson"])])
    expect(here.stdout).toBe(plain.stdout)
  })

  it("reads gzip from standard input", async () => {
    const [piped, plain] = await Promise.all([run(["-"], gzipSync(ndjson)), run(["mixed.ndjson"])])
    expect(piped.stdout).toBe(plain.stdout)
  })

  it("reads compressed standard input as well when it was asked for several threads", async () => {
    const [piped, plain] = await Promise.all([run(["-", "--workers", "2"], gzipSync(ndjson)), run(["mixed.ndjson"])])
    expect(piped.stdout).toBe(plain.stdout)
  })

  it.skipIf(process.platform === "win32")("reads a pipe that has a name", async () => {
    execFileSync("mkfifo", [join(folder, "pipe.ndjson")])
    const [named, plain] = await Promise.all([
      run(["pipe.ndjson", "--workers", "2"]),
      run(["mixed.ndjson"]),
      writeFile(join(folder, "pipe.ndjson"), ndjson)
    ])
    expect(named.stdout).toBe(plain.stdout)
  })

  it("gives the same output in the same order in several threads", async () => {
    const [one, several] = await Promise.all([
      run(["mixed.ndjson", "mixed.json"]),
      run(["mixed.ndjson", "mixed.json", "--workers", "3"])
    ])
    expect(several.stdout).toBe(one.stdout)
    expect(linesOf(several.stderr).filter((line) => line.startsWith("rejected"))).toEqual(
      linesOf(one.stderr).filter((line) => line.startsWith("rejected"))
    )
  })

  it("keeps what was read before compressed data broke off, and says that it did", async () => {
    const { code, stdout, stderr } = await run(["cut.ndjson.gz"])
    expect(code).toBe(0)
    expect(linesOf(stdout).length).toBeGreaterThan(0)
    expect(stderr).toMatch(/rejected cut\.ndjson\.gz:\d+: unreadable_json: the compressed data are cut off/)
  })

  it("names the place of each rejection and quotes nothing of the input", async () => {
    const { code, stdout, stderr } = await run(["broken.ndjson"])
    expect(code).toBe(0)
    expect(linesOf(stdout)).toHaveLength(1)
    expect(stderr).toContain("rejected broken.ndjson:2: unreadable_json")
    expect(stderr).toContain("rejected broken.ndjson:3: unknown_shape")
    expect(stderr).toContain("3 records in = 1 out (1 order) + 2 rejected")
    expect(stderr).not.toContain(secretNumber)
  })

  it("keeps rejections with their raw values in a file", async () => {
    const { stderr } = await run(["broken.ndjson", "--rejects", "rejects.ndjson"])
    const kept: ReadonlyArray<unknown> = linesOf(readFileSync(join(folder, "rejects.ndjson"), "utf8")).map((line) =>
      JSON.parse(line)
    )
    expect(kept).toMatchObject([
      {
        kind: "rejection",
        reason: "unreadable_json",
        source: "broken.ndjson:2",
        raw: expect.stringContaining(secretNumber)
      },
      { kind: "rejection", reason: "unknown_shape", source: "broken.ndjson:3", raw: { hello: secretNumber } }
    ])
    expect(stderr).not.toContain("rejected broken")
  })

  it("exits with 1 for --fail-on-reject only if something was rejected", async () => {
    const [bad, good] = await Promise.all([
      run(["broken.ndjson", "--fail-on-reject"]),
      run(["exports", "--fail-on-reject"])
    ])
    expect(bad.code).toBe(1)
    expect(linesOf(bad.stdout)).toHaveLength(1)
    expect(good.code).toBe(0)
  })

  it.each([
    ["an unknown flag", ["mixed.ndjson", "--fomat", "csv"], 2, "--format"],
    ["an unknown format", ["mixed.ndjson", "--format", "xml"], 2, "ndjson"],
    ["an unknown kind", ["mixed.ndjson", "--only", "orders"], 2, "call_order, call_attempt, call_hint"],
    ["threads for a table", ["mixed.ndjson", "--workers", "2", "--format", "table"], 2, "--workers"],
    ["a limit of nothing", ["mixed.ndjson", "--max-nesting", "0"], 2, "1 to 2000"],
    ["a rejects file that is an input", ["exports", "--rejects", "exports/one.json"], 2, "--rejects"],
    ["a missing file", ["mixed.ndjson", "nowhere.json"], 3, "nowhere.json: no such file or folder"],
    ["a pattern without files", ["*.xml"], 3, "*.xml: no file matches the pattern"],
    ["a rejects file in no folder", ["mixed.ndjson", "--rejects", "no/where.ndjson"], 3, "no/where.ndjson"]
  ])("refuses %s before writing anything", async (_, args, code, message) => {
    const ran = await run(args)
    expect(ran.code).toBe(code)
    expect(ran.stdout).toBe("")
    expect(ran.stderr).toContain(message)
  })

  it("takes folders and patterns, in the order of their names, and leaves other files alone", async () => {
    const [whole, pattern] = await Promise.all([run(["exports"]), run(["exports/**/*.jsonl"])])
    expect(linesOf(whole.stdout).map((line) => JSON.parse(line).id)).toEqual(["2", "1"])
    expect(linesOf(pattern.stdout).map((line) => JSON.parse(line).id)).toEqual(["2"])
  })

  it("reads JSON in a CSV column, with the provider of each row", async () => {
    const { stdout, stderr } = await run(["calls.csv", "--payload-column", "payload", "--provider-column", "provider"])
    expect(linesOf(stdout).map((line) => JSON.parse(line).id)).toEqual(["a"])
    expect(stderr).toContain("rejected calls.csv:3: provider_mismatch")
  })

  it("folds payloads about one order into one record", async () => {
    const early = { id: "o", call_attempts: [], status: "calling", updated_at: "2026-03-01T10:00:00Z" }
    const late = {
      id: "o",
      call_attempts: [],
      status: "completed",
      updated_at: "2026-03-01T11:00:00Z",
      outcome: "interested"
    }
    const { stdout, stderr } = await run(
      ["--fold"],
      [late, early, late].map((value) => JSON.stringify(value)).join("\n")
    )
    expect(linesOf(stdout).map((line) => JSON.parse(line))).toMatchObject([
      { id: "o", status: "completed", outcome: "interested" }
    ])
    expect(stderr).toContain("3 records in = 1 out (1 order) + 2 merged into them + 0 rejected")
  })

  it("leaves out the native record and other kinds when asked, and counts them", async () => {
    const { stdout, stderr } = await run(["mixed.ndjson", "--no-native", "--only", "call_hint"])
    const kept = linesOf(stdout).map((line) => JSON.parse(line))
    expect(new Set(kept.map(({ kind }) => kind))).toEqual(new Set(["call_hint"]))
    expect(kept.some((record) => "native" in record)).toBe(false)
    expect(stderr).toContain(`${records.length - kept.length} left out by --only`)
  })

  it("writes CSV with a row per attempt that no spreadsheet runs as a formula", async () => {
    const { stdout } = await run(["formula.json", "--format", "csv"])
    expect(stdout.startsWith(csvHeader())).toBe(true)
    expect(stdout).toContain(",'=1+1,")
    expect(stdout).toContain(",+12025550101,")
    expect(stdout).toContain('"a ""b"",\nc"')
  })

  it("writes one JSON array, also of nothing", async () => {
    const [some, none] = await Promise.all([
      run(["mixed.ndjson", "--format", "json"]),
      run(["-", "--format", "json"], "")
    ])
    expect(JSON.parse(some.stdout)).toHaveLength(records.length)
    expect(JSON.parse(none.stdout)).toEqual([])
  })

  it("prints a table with a line per attempt", async () => {
    const { stdout } = await run(["mixed.ndjson", "--format", "table"])
    expect(stdout).toMatch(/^PROVIDER +ORDER +TRY +TO +STATUS +REACH/)
    expect(stdout).toMatch(/\nrevring .* voicemail +detected/)
  })

  it("forces a provider", async () => {
    const { stdout, stderr } = await run(["exports", "--provider", "revring"])
    expect(stdout).toBe("")
    expect(stderr).toContain("provider_mismatch")
  })

  it("ends quietly when its reader goes away", async () => {
    const child = spawn(process.execPath, ["--no-warnings", main, "normalize", "-"], { cwd: folder })
    let stderr = ""
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text))
    child.stdin.on("error", () => {})
    child.stdout.once("data", () => child.stdout.destroy())
    child.stdin.end(ndjson.repeat(20))
    const code = await new Promise((resolve) => child.on("close", resolve))
    expect(code).toBe(0)
    expect(stderr).not.toContain("rror")
  })

  it("prints help to standard output and the version of the package", async () => {
    const [help, version] = await Promise.all([runHere(["normalize", "--help"]), unicall(folder, ["--version"])])
    expect(help.code).toBe(0)
    expect(help.stdout).toContain("--fold")
    expect(version.stdout).toContain(
      JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version
    )
    expect(existsSync(join(folder, "dist"))).toBe(false)
  })
})

describe("unicall explain", () => {
  it("shows value, place, raw value, rule and certainty of each field of the record on a line", async () => {
    const line =
      wires.findIndex((wire) =>
        normalize(wire).some((record) => record.kind === "call_order" && record.reach.value === "human")
      ) + 1
    const { code, stdout } = await runHere(["explain", `mixed.ndjson:${line}`])
    expect(code).toBe(0)
    expect(stdout).toContain(`mixed.ndjson:${line}: call_order`)
    expect(stdout).toMatch(/\nstatus = \w+ {2}\(stated\)\n {4}from \S+: .*\n {4}rule /)
  })

  it("explains a rejection, an id, and gives JSON", async () => {
    const [broken, byId] = await Promise.all([
      runHere(["explain", "broken.ndjson:3"]),
      runHere(["explain", "broken.ndjson", "--id", "a", "--json"])
    ])
    expect(broken.stdout).toContain("broken.ndjson:3: rejected, unknown_shape")
    expect(JSON.parse(byId.stdout)).toMatchObject([
      { source: "broken.ndjson:1", kind: "call_order", fields: expect.any(Array) }
    ])
  })

  it("shows no secret of what it cannot read", async () => {
    writeFileSync(join(folder, "secret.ndjson"), '{"id":"a","api_key":"planted-secret","cut\n')
    const { stdout } = await runHere(["explain", "secret.ndjson:1"])
    expect(stdout).toContain("rejected, unreadable_json")
    expect(stdout).not.toContain("planted-secret")
  })

  it("says where it looked when there is nothing", async () => {
    const { code, stderr } = await runHere(["explain", "broken.ndjson:99"])
    expect(code).toBe(1)
    expect(stderr).toContain("expected a record at line 99, found none among 3")
  })
})
