import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { spawn, spawnSync } from "node:child_process"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { runHere } from "./inProcess.ts"
import { compileCache, main } from "./unicall.ts"

vi.mock("node:fs", async (original) => (await import("./captured.ts")).captured(original))

const order = (id: string): string => JSON.stringify({ id, call_attempts: [], to_phone_number: "+12025550177" })
const orders = (...ids: ReadonlyArray<string>): string => ids.map((id) => `${order(id)}\n`).join("")

let folder = ""
const at = (name: string): string => join(folder, name)
const write = (name: string, content: string | Uint8Array): void => writeFileSync(at(name), content)
const text = (name: string): string => readFileSync(at(name), "utf8")

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "unicall-inputs-"))
  process.chdir(folder)
})
const before = process.cwd()
afterAll(() => {
  process.chdir(before)
  rmSync(folder, { recursive: true, force: true })
})

const normalize = (...args: ReadonlyArray<string>) => runHere(["normalize", ...args])

interface Ended {
  readonly code: number | null
  readonly stderr: string
}

/** A line for a shell, in which `unicall` stands for the command line. */
const shell = (line: string): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn("sh", ["-c", line.replaceAll("unicall", `"${process.execPath}" --no-warnings "${main}"`)], {
      cwd: folder,
      env: { ...process.env, ...compileCache },
      stdio: ["ignore", "ignore", "pipe"]
    })
    let stderr = ""
    child.stderr.setEncoding("utf8").on("data", (some: string) => (stderr += some))
    child.on("error", reject)
    child.on("close", (code) => resolve({ code, stderr }))
  })

const idsOf = (stdout: string): ReadonlyArray<string> =>
  stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line).id)

describe("compressed inputs", () => {
  const many = orders(...Array.from({ length: 2000 }, (_, index) => `many-${index}`))

  it("give every record before a cut, and the cut as one rejection that says how far", async () => {
    const whole = gzipSync(many)
    const cut = whole.subarray(0, whole.length - 50)
    write("cut.ndjson.gz", cut)
    const program = spawnSync("gzip", ["-dc"], { input: cut, maxBuffer: 2 ** 26 })
    const complete = program.stdout.toString().split("\n").length - 1
    expect(complete).toBeGreaterThan(1900)
    const kept = await normalize("cut.ndjson.gz", "--rejects", "cut.rejects")
    const told = await normalize("cut.ndjson.gz")
    expect(idsOf(kept.stdout).length).toBeGreaterThanOrEqual(complete)
    expect(told).toMatchObject({ code: 0, stdout: kept.stdout })
    expect(told.stderr).toMatch(
      /rejected \S+:\d+: unreadable_json: the compressed data are cut off after byte [\d,]+, with/
    )
    expect(told.stderr).toContain("1 rejected")
    const rejections = text("cut.rejects").trim().split("\n")
    expect(rejections).toHaveLength(1)
    expect(JSON.parse(rejections[0] ?? "").raw).toMatch(/^\{"id":"many-/)
  })

  it("are read where they are small, in members between zeros, and behind damage", async () => {
    write("small.ndjson.gz", gzipSync(orders("a", "b", "c")).subarray(0, -8))
    const small = await normalize("small.ndjson.gz")
    expect(idsOf(small.stdout)).toEqual(["a", "b", "c"])
    expect(small.stderr).toContain("4 records in = 3 out (3 orders) + 1 rejected")

    const zeros = Buffer.alloc(512)
    write("members.ndjson.gz", Buffer.concat([gzipSync(orders("a")), zeros, gzipSync(orders("b")), zeros]))
    const members = await normalize("members.ndjson.gz")
    expect(idsOf(members.stdout)).toEqual(["a", "b"])
    expect(members.stderr).toContain("+ 0 rejected")

    const damaged = gzipSync(many)
    damaged.fill(0xff, 2000, 2004)
    write("middle.ndjson.gz", Buffer.concat([damaged, gzipSync(orders("last"))]))
    const middle = await normalize("middle.ndjson.gz")
    expect(idsOf(middle.stdout).at(0)).toBe("many-0")
    expect(idsOf(middle.stdout).at(-1)).toBe("last")
    expect(middle.stderr.match(/the compressed data/g)).toHaveLength(1)
  })

  it("keep what stands behind them, and read no row of which only half is there", async () => {
    write("trailing.ndjson.gz", Buffer.concat([gzipSync(orders("a")), Buffer.from(orders("plain"))]))
    const trailing = await normalize("trailing.ndjson.gz", "--rejects", "trailing.rejects")
    expect(idsOf(trailing.stdout)).toEqual(["a"])
    expect(JSON.parse(text("trailing.rejects")).raw).toContain('"plain"')

    const row = (id: string): string => `${id},${id},,+12025550101`
    write(
      "rows.csv.gz",
      gzipSync(`id,organizationId,initiatedAt,toNumber\n${row("r")}\n${row("half")}`).subarray(0, -4)
    )
    const rows = await normalize("rows.csv.gz")
    expect(rows.stdout).not.toContain("half")
    expect(rows.stderr).toContain("2 records in")
    expect(rows.stderr).toContain("the compressed data are cut off")
  })

  it("are read by threads and from standard input alike", async () => {
    write("all.ndjson.gz", Buffer.concat([gzipSync(many), zerosThen(orders("z"))]))
    const [plain, threads, piped] = await Promise.all([
      shell("unicall normalize all.ndjson.gz > plain.out"),
      shell("unicall normalize all.ndjson.gz --workers 2 > threads.out"),
      shell("(head -c 1 all.ndjson.gz; sleep 0.1; tail -c +2 all.ndjson.gz) | unicall normalize > piped.out")
    ])
    expect([plain.code, threads.code, piped.code]).toEqual([0, 0, 0])
    expect(idsOf(text("plain.out"))).toHaveLength(2001)
    expect(text("threads.out")).toBe(text("plain.out"))
    expect(text("piped.out")).toBe(text("plain.out"))
  })
})

const zerosThen = (more: string): Buffer => Buffer.concat([Buffer.alloc(10), gzipSync(more)])

describe("files that are read and written", () => {
  beforeAll(() => {
    write("in.ndjson", orders("a", "b"))
    symlinkSync("in.ndjson", at("link-to-in"))
    linkSync(at("in.ndjson"), at("hard"))
    mkdirSync(at("exports"))
    write("exports/one.ndjson", orders("one"))
    symlinkSync("exports", at("linked"))
  })

  it.each([
    ["a link to the input", ["in.ndjson", "--rejects", "link-to-in"], "--rejects"],
    ["a hard link to the input", ["in.ndjson", "--rejects", "hard"], "--rejects"],
    ["a file in a linked folder", ["exports", "--rejects", "linked/one.ndjson"], "--rejects"],
    ["the input itself", ["in.ndjson", "-o", "hard"], "-o"],
    ["the facts that it is folded into", ["exports", "--into", "kept.facts", "--rejects", "kept.facts"], "--into"],
    ["an input that facts are folded into", ["in.ndjson", "--into", "hard"], "--into"],
    ["another output", ["in.ndjson", "--rejects", "both.ndjson", "-o", "./both.ndjson"], "expected two files"],
    ["a folder's next file", ["linked", "-o", "exports/new.csv"], "outside"],
    ["a pattern's next file", ["*.ndjson", "-o", "new.ndjson"], "outside"]
  ])("refuses to write into %s", async (_, args, message) => {
    const ran = await normalize(...args)
    expect(ran).toMatchObject({ code: 2, stdout: "" })
    expect(ran.stderr).toContain(message)
    expect(text("in.ndjson")).toBe(orders("a", "b"))
    expect(text("exports/one.ndjson")).toBe(orders("one"))
    expect(existsSync(at("both.ndjson"))).toBe(false)
  })

  it("refuses it through the shell, says what the shell has emptied, and shares a log", async () => {
    write("emptied.ndjson", orders("a"))
    const [emptied, rejects, appended, compared, shared] = await Promise.all([
      shell("unicall normalize < emptied.ndjson > emptied.ndjson"),
      shell("unicall normalize --rejects in.ndjson < in.ndjson"),
      shell("unicall normalize in.ndjson >> link-to-in"),
      shell("unicall compare in.ndjson --html link-to-in"),
      shell("unicall normalize exports > all.log 2>&1")
    ])
    expect(emptied).toMatchObject({ code: 2, stderr: expect.stringContaining("is empty already") })
    expect(rejects).toMatchObject({ code: 2, stderr: expect.stringContaining("standard input") })
    expect(appended).toMatchObject({ code: 2, stderr: expect.stringContaining("standard output") })
    expect(compared).toMatchObject({ code: 2, stderr: expect.stringContaining("--html") })
    expect(text("in.ndjson")).toBe(orders("a", "b"))
    expect(shared.code).toBe(0)
    expect(text("all.log")).toContain("1 record in = 1 out")
  })

  it("follows a link to a file that is not there yet", async () => {
    symlinkSync("later.out", at("later-link"))
    symlinkSync("exports/later.ndjson", at("later-in-folder"))
    const [twice, inFolder] = await Promise.all([
      normalize("exports", "-o", "later.out", "--rejects", "later-link"),
      normalize("exports", "--rejects", "later-in-folder")
    ])
    expect(twice).toMatchObject({ code: 2, stderr: expect.stringContaining("expected two files, got one") })
    expect(inFolder).toMatchObject({ code: 2, stderr: expect.stringContaining("expected a file outside exports") })
    expect(await normalize("exports", "-o", "later-link")).toMatchObject({ code: 0, stdout: "" })
    expect(idsOf(text("later.out"))).toEqual(["one"])
    symlinkSync("later.facts", at("facts-link"))
    expect(await normalize("exports", "--into", "facts-link")).toMatchObject({ code: 0, stdout: "" })
    expect(text("later.facts")).toContain("order_fact")
  })

  it("writes the file of -o as a whole or not at all, keeping a link and what was there", async () => {
    write("kept.txt", "before")
    symlinkSync("kept.txt", at("kept-link"))
    write("bad.csv", "a,b\r\n1,2\r\n")
    const failed = await normalize("bad.csv", "--payload-column", "nope", "-o", "kept-link")
    expect(failed).toMatchObject({ code: 2, stderr: expect.stringContaining('the columns are "a", "b"') })
    expect(text("kept.txt")).toBe("before")
    expect(await normalize("exports", "-o", "kept-link")).toMatchObject({ code: 0, stdout: "" })
    expect(idsOf(text("kept.txt"))).toEqual(["one"])
    expect(await normalize("exports", "-o", "/dev/null")).toMatchObject({ code: 0, stdout: "" })
    await shell("unicall normalize exports -o /dev/stdout | cat > piped.txt")
    expect(idsOf(text("piped.txt"))).toEqual(["one"])
    expect(idsOf((await normalize("exports", "-o", "-")).stdout)).toEqual(["one"])
    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([])
  })
})

describe("-o of other commands", () => {
  it("writes what they print, never over a journal or an experiment, and help is a command as well", async () => {
    write("journal.sqlite", "")
    write("orders.json", "[]")
    const order = "--provider revox --to +12025550100 --agent a --reference x --dry-run"
    const [dry, journal, orders, help, unknown] = await Promise.all([
      shell(`unicall place ${order} -o dry.json`),
      shell("unicall wait revox:x --journal journal.sqlite -o journal.sqlite"),
      shell("unicall place --order orders.json --dry-run -o orders.json"),
      shell("unicall help experiment plan > help.txt"),
      shell("unicall help nothing")
    ])
    expect(dry.code).toBe(0)
    expect(JSON.parse(text("dry.json"))).toMatchObject({ provider: "revox", method: "POST" })
    expect(journal).toMatchObject({ code: 2, stderr: expect.stringContaining("-o: expected another file") })
    expect(text("journal.sqlite")).toBe("")
    expect(orders).toMatchObject({ code: 2, stderr: expect.stringContaining("-o: expected another file") })
    expect(help.code).toBe(0)
    expect(text("help.txt")).toContain("unicall experiment plan [flags] <file>")
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining("expected one of normalize, explain") })
  })
})

describe("folders", () => {
  it("say what they hold that is not read, and how to read it; links cost only themselves", async () => {
    mkdirSync(at("mixed/deeper"), { recursive: true })
    write("mixed/one.json", order("1"))
    write("mixed/deeper/webhooks.log", orders("w1", "w2"))
    write("mixed/deeper/more.log", orders("w3"))
    write("mixed/notes.txt", "nothing")
    write("mixed/README", "nothing")
    symlinkSync("nowhere.json", at("mixed/dangling.json"))
    symlinkSync("..", at("mixed/deeper/up"))
    symlinkSync("self.json", at("mixed/self.json"))
    mkdirSync(at("elsewhere"))
    write("elsewhere/two.json", order("2"))
    symlinkSync("../elsewhere", at("mixed/behind"))
    symlinkSync("one.json", at("mixed/again.json"))
    const whole = await normalize("mixed/")
    expect(whole.code).toBe(0)
    expect(idsOf(whole.stdout)).toEqual(["2", "1"])
    expect(whole.stderr).toContain("4 files (2 .log, 1 without ending, 1 .txt)")
    expect(whole.stderr).toContain('mixed/**/*.log"')
    expect(whole.stderr).toContain("mixed/dangling.json: no such file or folder")
    expect(whole.stderr).toContain("mixed/self.json: a link that leads to itself")
    expect(new Set(idsOf((await normalize("mixed/**/*.log")).stdout))).toEqual(new Set(["w1", "w2", "w3"]))
    mkdirSync(at("logs"))
    write("logs/webhooks.log", orders("w1"))
    linkSync("mixed/one.json", "mixed/a-name-that-is-not-read")
    expect(idsOf((await normalize("mixed/*.json")).stdout)).toEqual(["1"])
    const logs = await normalize("logs")
    expect(logs.code).toBe(3)
    expect(logs.stderr).toContain('logs/**/*.log"')
  })

  it("are read whatever the case of their ending, and what reads the others is told as they are written", async () => {
    mkdirSync(at("upper/.hidden"), { recursive: true })
    write("upper/ONE.JSON", order("1"))
    write("upper/TWO.LOG", order("2"))
    write("upper/.hidden/three.json", order("3"))
    const both = await normalize("upper/")
    expect(idsOf(both.stdout)).toEqual(["1"])
    expect(both.stderr).toContain("2 files (1 .json, 1 .log)")
    expect(both.stderr).toContain("but none that is hidden")
    expect(both.stderr).toContain('name them: "upper/.hidden/three.json"')
    rmSync(at("upper/.hidden"), { recursive: true })
    expect((await normalize("upper/")).stderr).toContain('name them: "upper/**/*.LOG"')
    expect(idsOf((await normalize("upper/**/*.LOG")).stdout)).toEqual(["2"])
  })
})
