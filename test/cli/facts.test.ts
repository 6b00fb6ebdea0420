import { spawn } from "node:child_process"
import { once } from "node:events"
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gunzipSync, gzipSync } from "node:zlib"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { compileCache, main, unicall } from "./unicall.ts"

let folder = ""

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "unicall-facts-"))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let places = 0
/** A folder of its own for each test. */
const place = (): string => {
  const path = join(folder, String(places++))
  mkdirSync(path)
  return path
}

const call = (id: string, fields: object = {}) => ({
  id,
  organizationId: "org-1",
  toNumber: "+12025550101",
  fromNumber: "+12025550100",
  initiatedAt: "2026-03-01T10:00:00Z",
  updatedAt: "2026-03-01T10:00:00Z",
  status: "ONGOING",
  ...fields
})

const ended = { status: "COMPLETED", endedAt: "2026-03-01T10:01:00Z", updatedAt: "2026-03-01T10:01:00Z" }
const transcribed = {
  ...ended,
  updatedAt: "2026-03-01T10:05:00Z",
  transcript: [{ role: "agent", content: "Hello, a secret 4711" }]
}
const hint = { call_order_id: "order-1", call_id: "attempt-1", result: "human", status: "completed" }

const lines = (...values: ReadonlyArray<unknown>): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join("")

const sorted = (text: string): ReadonlyArray<string> =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .toSorted()

const filesIn = (path: string): ReadonlyArray<string> => readdirSync(path).toSorted()

describe("normalize --facts", () => {
  it("writes what can be folded again to what folding at once gives, and other commands read it", async () => {
    const at = place()
    writeFileSync(join(at, "one.ndjson"), lines(call("a"), call("b", ended), hint))
    writeFileSync(join(at, "two.ndjson"), lines(call("a", ended), call("b", transcribed), call("c")))
    const [one, two] = await Promise.all([
      unicall(at, ["normalize", "--facts", "one.ndjson"]),
      unicall(at, ["normalize", "--facts", "--fold", "two.ndjson"])
    ])
    expect(one.stderr).toContain("3 records in = 3 out (2 orders, 1 hint) + 0 rejected")
    writeFileSync(join(at, "one.facts"), one.stdout)
    writeFileSync(join(at, "two.facts"), two.stdout)
    const [staged, atOnce, explained, compared, unfolded] = await Promise.all([
      unicall(at, ["normalize", "--fold", "two.facts", "one.facts"]),
      unicall(at, ["normalize", "--fold", "one.ndjson", "two.ndjson"]),
      unicall(at, ["explain", "two.facts", "--id", "b"]),
      unicall(at, ["compare", "one.facts", "two.facts", "--json"]),
      unicall(at, ["normalize", "one.facts"])
    ])
    expect(sorted(staged.stdout)).toEqual(sorted(atOnce.stdout))
    expect(explained.stdout).toContain("from transcript")
    expect(compared.stdout).toContain('"orders":3'.replace(":", ": "))
    expect(sorted(unfolded.stdout)).toEqual(sorted((await unicall(at, ["normalize", "one.ndjson"])).stdout))
  })

  it("is refused together with what facts cannot be", async () => {
    const at = place()
    for (const [flags, message] of [
      [["--facts", "--format", "csv"], "--facts: expected it without --format csv"],
      [["--facts", "--no-native"], "--facts: expected it without --no-native"],
      [["--into", "x.facts", "--only", "call_order"], "--into: expected it without --only"],
      [["--into", "x.facts", "-o", "y.ndjson"], "--into: expected it without -o"],
      [["--facts", "--workers", "2"], "--workers"]
    ] as const) {
      const { code, stderr } = await unicall(at, ["normalize", ...flags], lines(call("a")))
      expect(code).toBe(2)
      expect(stderr).toContain(message)
    }
    expect(filesIn(at)).toEqual([])
  })
})

describe("our own output", () => {
  it("is read again: exactly where payloads are in it, and as views where they are not, which is said", async () => {
    const at = place()
    const payloads = lines(call("a"), call("a", transcribed), call("b", ended), hint)
    const formats = ["ndjson", "json", "csv"] as const
    const outputs = await Promise.all(formats.map((format) => unicall(at, ["normalize", "--format", format], payloads)))
    formats.forEach((format, index) => writeFileSync(join(at, `calls.${format}`), outputs[index]?.stdout ?? ""))
    const [whole, fromArray, fromRows] = await Promise.all(
      formats.map((format) => unicall(at, ["normalize", `calls.${format}`]))
    )
    expect(whole?.stdout).toBe(outputs[0]?.stdout)
    expect(fromArray?.stdout).toBe(outputs[0]?.stdout)
    expect(whole?.stderr).toContain("4 records in = 4 out (3 orders, 1 hint) + 0 rejected")
    expect(fromRows?.stderr).toContain("3 of them written by unicall, and read as they stand")
    expect(fromRows?.stdout).toContain('"reason":"read_as_view"')
  })

  it("of yesterday, without payloads, folds with today's: what is over stays over, what was said stays said", async () => {
    const at = place()
    const yesterday = await unicall(
      at,
      ["normalize", "--fold", "--no-native"],
      lines(call("a", transcribed), call("b"))
    )
    writeFileSync(join(at, "yesterday.ndjson"), yesterday.stdout)
    writeFileSync(join(at, "today.ndjson"), lines(call("a", { updatedAt: "2026-03-02T10:00:00Z" }), call("b", ended)))
    const today = await unicall(at, ["normalize", "--fold", "yesterday.ndjson", "today.ndjson"])
    const [a, b] = sorted(today.stdout).map((line): unknown => JSON.parse(line))
    expect(a).toMatchObject({
      id: "a",
      status: "completed",
      attempts: [{ transcript: { turns: [{ role: "agent" }] } }]
    })
    expect(b).toMatchObject({ id: "b", status: "completed" })
  })
})

describe("normalize --into", () => {
  it("folds day by day into what one fold of all days gives, each day once or often", async () => {
    const at = place()
    const days = [
      lines(call("a"), call("b", ended), hint),
      lines(call("a", ended), call("c"), hint),
      lines(call("a", transcribed), call("d"))
    ]
    for (const day of [0, 1, 1, 2, 0]) {
      const { code, stdout, stderr } = await unicall(at, ["normalize", "--into", "calls.facts", "-"], days[day])
      expect([code, stdout]).toEqual([0, ""])
      expect(stderr).toMatch(/calls\.facts: \d+ lines? untouched, \d+ new or folded into/)
    }
    expect(filesIn(at)).toEqual(["calls.facts"])
    const [stored, atOnce] = await Promise.all([
      unicall(at, ["normalize", "--fold", "calls.facts"]),
      unicall(at, ["normalize", "--fold", "-"], days.join(""))
    ])
    // The same hint is in a file of facts once, however often it came.
    expect(sorted(stored.stdout)).toEqual([...new Set(sorted(atOnce.stdout))])
  })

  it("is compressed by its name, keeps its mode, and stays behind a link", async () => {
    const at = place()
    mkdirSync(join(at, "real"))
    await unicall(at, ["normalize", "--into", "real/calls.facts.gz"], lines(call("a")))
    symlinkSync(join("real", "calls.facts.gz"), join(at, "link.gz"))
    await unicall(at, ["normalize", "--into", "link.gz"], lines(call("b")))
    expect(filesIn(at)).toEqual(["link.gz", "real"])
    expect(sorted(gunzipSync(readFileSync(join(at, "real", "calls.facts.gz"))).toString())).toHaveLength(2)
  })

  it("refuses what is no file of facts, or a damaged one, names the line and leaves it as it was", async () => {
    const at = place()
    const facts = (await unicall(at, ["normalize", "--facts"], lines(call("a"), call("b")))).stdout
    const [first = "", second = ""] = facts.split("\n")
    const damaged: ReadonlyArray<readonly [name: string, content: string | Uint8Array, message: string]> = [
      ["raw.ndjson", lines(call("x")), "raw.ndjson:1: expected a line of facts that unicall wrote"],
      ["cut.facts", `${first}\n${second.slice(0, -9)}`, "cut.facts:2: "],
      [
        "newer.facts",
        `${first}\n${second.replace('"version":1', '"version":9')}\n`,
        "newer.facts:2: expected facts of version 1"
      ],
      ["odd.facts", `${first.replace('"status":{', '"status":3,"x":{')}\n`, "odd.facts:1: expected claims.status"],
      ["cut.facts.gz", gzipSync(facts).subarray(0, -12), "cut.facts.gz: the compressed file is cut off or damaged"]
    ]
    for (const [name, content] of damaged) writeFileSync(join(at, name), content)
    const results = await Promise.all(
      damaged.map(([name]) => unicall(at, ["normalize", "--into", name], lines(call("c"))))
    )
    damaged.forEach(([name, content, message], index) => {
      expect(results[index]?.code).toBe(3)
      expect(results[index]?.stderr).toContain(message)
      expect(results[index]?.stderr).toContain("left as it was")
      expect(readFileSync(join(at, name))).toEqual(Buffer.from(content))
    })
    expect(filesIn(at)).toEqual(damaged.map(([name]) => name).toSorted())
  })

  it("of a folder, or in one that is not there, is refused before anything is read", async () => {
    const at = place()
    const [isFolder, isNowhere] = await Promise.all([
      unicall(at, ["normalize", "--into", "."], lines(call("a"))),
      unicall(at, ["normalize", "--into", "nowhere/calls.facts"], lines(call("a")))
    ])
    expect([isFolder.code, isNowhere.code]).toEqual([2, 3])
  })

  it("by several runs at once loses nothing", async () => {
    const at = place()
    const ids = ["a", "b", "c", "d", "e"]
    const runs = await Promise.all(
      ids.map((id) =>
        unicall(at, ["normalize", "--into", "calls.facts"], lines(call(id), call("shared", { agentId: id })))
      )
    )
    expect(runs.map(({ code }) => code)).toEqual(ids.map(() => 0))
    const { stdout } = await unicall(at, ["normalize", "--fold", "calls.facts"])
    const found = sorted(stdout).map((line) => /"id":"([a-z]+)"/.exec(line)?.[1])
    expect(found.toSorted()).toEqual([...ids, "shared"])
    expect(filesIn(at)).toEqual(["calls.facts"])
  })

  /** Runs it and kills it, without any chance to tidy up, as soon as `isTime` says so. */
  const killed = async (at: string, input: string, isTime: () => boolean): Promise<void> => {
    const child = spawn(process.execPath, ["--no-warnings", main, "normalize", "--into", "calls.facts"], {
      cwd: at,
      env: { ...process.env, ...compileCache },
      stdio: ["pipe", "ignore", "ignore"]
    })
    const gone = once(child, "exit")
    child.stdin.on("error", () => {})
    child.stdin.write(input)
    child.stdin.end()
    while (!isTime() && child.exitCode === null) await new Promise((resolve) => setImmediate(resolve))
    child.kill("SIGKILL")
    await gone
  }

  it("killed at any moment leaves the old file or the new one, and the next run works", async () => {
    const at = place()
    const file = join(at, "calls.facts")
    // Large enough for writing to take a while.
    const many = Array.from({ length: 4000 }, (_, index) => call(`n${index}`, transcribed))
    expect((await unicall(at, ["normalize", "--into", "calls.facts"], lines(...many))).code).toBe(0)
    const before = readFileSync(file, "utf8")
    const part = `${file}.part`
    const moments: ReadonlyArray<() => boolean> = [
      () => existsSync(`${file}.lock`),
      () => existsSync(part),
      () => (statSync(part, { throwIfNoEntry: false })?.size ?? 0) > before.length / 2
    ]
    for (const isTime of moments) {
      await killed(at, lines(call("new", ended)), isTime)
      const after = readFileSync(file, "utf8")
      if (after !== before) expect(sorted(after)).toHaveLength(4001)
    }
    expect((await unicall(at, ["normalize", "--into", "calls.facts"], lines(call("newest")))).code).toBe(0)
    const ids = new Set(sorted(readFileSync(file, "utf8")).map((line) => /"id":"(\w+)"/.exec(line)?.[1]))
    expect(ids.has("newest") && many.every(({ id }) => ids.has(id))).toBe(true)
    expect(filesIn(at)).toEqual(["calls.facts"])
  })
})
