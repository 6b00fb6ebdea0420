/** Ctrl-C ends `normalize` whatever it is doing: the system ends it, so that it need not look up from its work. */
import { execFileSync, spawn } from "node:child_process"
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { compileCache, main } from "./unicall.ts"

const folder = mkdtempSync(join(tmpdir(), "unicall-interrupted-"))
afterAll(() => rmSync(folder, { recursive: true }))

/** Starts the command line, sends Ctrl-C when `isBusy` says so, and tells how it ended. */
const interrupted = (
  args: ReadonlyArray<string>,
  { input, reads = true }: { readonly input?: string; readonly reads?: boolean } = {}
): Promise<{ readonly signal: string | null; readonly code: number | null }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--no-warnings", "--import", started, main, ...args], {
      cwd: folder,
      env: { ...process.env, ...compileCache },
      stdio: ["pipe", "pipe", "pipe", "pipe"]
    })
    child.on("error", reject)
    child.stdin.on("error", () => {})
    if (input !== undefined) child.stdin.write(input)
    if (reads) child.stdout.resume()
    child.stderr.resume()
    // The fourth descriptor says that the work has begun.
    child.stdio[3]?.once("data", () => child.kill("SIGINT"))
    child.on("exit", (code, signal) => {
      child.stdin.destroy()
      child.stdout.destroy()
      resolve({ signal, code })
    })
  })

/** Preloaded: writes to the fourth descriptor at the first read of an input, or what opens it. */
const started = join(folder, "started.mjs")
writeFileSync(
  started,
  `import fs from "node:fs"
import { syncBuiltinESMExports } from "node:module"
let told = false
const tell = () => { if (!told) { told = true; fs.writeSync(3, "x") } }
const { readSync, openSync } = fs
fs.readSync = (...args) => { tell(); return readSync(...args) }
fs.openSync = (path, ...rest) => { if (String(path).endsWith("fifo")) tell(); return openSync(path, ...rest) }
syncBuiltinESMExports()
`
)

const ended = { signal: "SIGINT", code: null }

describe("Ctrl-C ends normalize", () => {
  it("within a single long record", async () => {
    const body = `{"id":"order-1","call_attempts":[${'{"id":1,"status":"completed","transcript":"x"},'.repeat(400_000)}{}]}`
    writeFileSync(join(folder, "long.json"), body)
    expect(await interrupted(["normalize", "long.json"])).toMatchObject(ended)
  }, 60_000)

  it("in the middle of a large file, in one thread and in several", async () => {
    const line = '{"id":"order-1","call_attempts":[{"id":"attempt-1","status":"completed"}],"status":"completed"}\n'
    writeFileSync(join(folder, "large.ndjson"), line.repeat(400_000))
    expect(await interrupted(["normalize", "large.ndjson"])).toMatchObject(ended)
    expect(await interrupted(["normalize", "--workers", "2", "large.ndjson"])).toMatchObject(ended)
    writeFileSync(join(folder, "kept.ndjson"), "what was there before\n")
    expect(await interrupted(["normalize", "large.ndjson", "-o", "kept.ndjson"])).toMatchObject(ended)
    expect(readFileSync(join(folder, "kept.ndjson"), "utf8")).toBe("what was there before\n")
  }, 120_000)

  it("while nobody reads what it writes", async () => {
    const line = `{"id":"order-1","call_attempts":[],"note":"${"x".repeat(10_000)}"}\n`
    writeFileSync(join(folder, "unread.ndjson"), line.repeat(2000))
    expect(await interrupted(["normalize", "unread.ndjson"], { reads: false })).toMatchObject(ended)
  }, 60_000)

  it("while it waits for input that does not come", async () => {
    expect(await interrupted(["normalize", "-"], { input: '{"id":' })).toMatchObject(ended)
  }, 60_000)

  it.skipIf(process.platform === "win32")(
    "while it waits for a pipe that nobody opens, or writes to",
    async () => {
      execFileSync("mkfifo", [join(folder, "fifo")])
      expect(await interrupted(["normalize", "fifo"])).toMatchObject(ended)
      const writer = openSync(join(folder, "fifo"), "r+")
      expect(await interrupted(["normalize", "fifo"])).toMatchObject(ended)
      closeSync(writer)
    },
    60_000
  )
})
