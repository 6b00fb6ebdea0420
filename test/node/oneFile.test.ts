/** A journal that is one file for everybody, or is refused: real processes, links, mounts, and files that go missing. */
import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import {
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { DatabaseSync } from "node:sqlite"
import { fileURLToPath } from "node:url"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { layerSqliteJournal } from "../../src/node/SqliteJournal.ts"
import { compileCache } from "../cli/unicall.ts"
import { answerTo } from "./reserveLines.ts"

// Each test starts several processes.
vi.setConfig({ testTimeout: 180_000 })

const script = fileURLToPath(new URL("./reserveLines.ts", import.meta.url))

let folder = ""
let running: Array<{ readonly kill: () => Promise<void> }> = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "unicall one file "))
  running = []
})

afterEach(async () => {
  await Promise.all(running.map(({ kill }) => kill()))
  rmSync(folder, { recursive: true, force: true })
})

const env = { ...process.env, ...compileCache }

const quoted = (text: string): string => `'${text}'`

/** A process on the journal, and what it says first: `open`, or why it is not. `before` is done by a shell, mounts of its own. */
const openIn = async (file: string, before?: string) => {
  const child =
    before === undefined
      ? spawn(process.execPath, ["--no-warnings", script, file], { env })
      : spawn("unshare", [...UNSHARE, "sh", "-c", `${before} && exec "$0" "$@"`, process.execPath, script, file], {
          env
        })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const closed = once(child, "close")
  let stderr = ""
  child.stderr.on("data", (chunk) => (stderr += String(chunk)))
  const next = async (): Promise<string> => {
    const { done, value } = await lines.next()
    return done === true ? `ended: ${stderr}` : value
  }
  const end = async (how: () => void) => {
    how()
    await closed
  }
  const opened = {
    reserve: (reference: string) => {
      child.stdin.write(`${reference}\n`)
      return next()
    },
    close: () => end(() => child.stdin.end()),
    kill: () => end(() => child.kill("SIGKILL")),
    first: ""
  }
  running.push(opened)
  return Object.assign(opened, { first: await next() })
}

/** The journal in this process. */
const openHere = async (file: string) => {
  const scope = Scope.makeUnsafe()
  const close = () => Effect.runPromise(Scope.close(scope, Exit.void))
  const building = Scope.provide(Layer.build(Layer.fresh(layerSqliteJournal({ file }))), scope)
  try {
    return { journal: Context.get(await Effect.runPromise(building), PlacementJournal), close }
  } catch (error) {
    await close()
    throw error
  }
}

const UNSHARE = process.getuid?.() === 0 ? ["-m"] : ["-rm"]

/** Whether this machine lets us mount in a namespace of our own: Linux, and root or user namespaces. */
const mounts = (() => {
  if (process.platform !== "linux") return false
  const there = mkdtempSync(join(tmpdir(), "unicall-mount-"))
  const { status } = spawnSync("unshare", [...UNSHARE, "mount", "--bind", there, there])
  rmSync(there, { recursive: true })
  return status === 0
})()

const HARD_LINKS = /^journal: \w+: the file has 2 names \(hard links\).*mount the folder, never the file$/
const MOUNT_POINT = /^journal: open: the file itself is a mount point.*mount the folder, never the file$/
const besideGone = (suffix = "") =>
  new RegExp(`^journal: \\w+: the file's ${suffix} has been removed or replaced.*mount the folder, never the file$`)

const twoFolders = () => {
  const [one, two] = [join(folder, "one"), join(folder, "two")]
  mkdirSync(one)
  mkdirSync(two)
  return { one, two }
}

describe("a file with several names", () => {
  it("is refused under each, before anything is made beside it, and taken again when one is left", async () => {
    const { one, two } = twoFolders()
    const a = await openIn(join(one, "journal.db"))
    expect([a.first, await a.reserve("lead-1")]).toEqual(["open", "ours"])
    linkSync(join(one, "journal.db"), join(two, "other.db"))
    expect(await a.reserve("lead-2")).toMatch(HARD_LINKS)
    const b = await openIn(join(two, "other.db"))
    expect(b.first).toMatch(HARD_LINKS)
    expect(readdirSync(two)).toEqual(["other.db"])
    unlinkSync(join(two, "other.db"))
    expect(await a.reserve("lead-2")).toBe("ours")
  })

  it("is one file under several symbolic links, wherever they are", async () => {
    const { one, two } = twoFolders()
    symlinkSync(join(one, "journal.db"), join(two, "link.db"))
    symlinkSync(two, join(folder, "three"))
    const names = [join(two, "link.db"), join(folder, "three", "link.db"), join(one, "journal.db")]
    const [a, b, c] = await Promise.all(names.map((name) => openIn(name)))
    expect([a, b, c].map((each) => each?.first)).toEqual(["open", "open", "open"])
    const answers = [await a?.reserve("lead-1"), await b?.reserve("lead-1"), await c?.reserve("lead-1")]
    expect(answers).toEqual(["ours", "theirs", "theirs"])
    expect(readdirSync(two)).toEqual(["link.db"])
    expect(readdirSync(one)).toEqual(["journal.db", "journal.db-shm", "journal.db-wal"])
  })
})

describe.skipIf(!mounts)("a file that is mounted (needs Linux, and root or user namespaces)", () => {
  const bind = (from: string, to: string) => `mount --bind ${quoted(from)} ${quoted(to)}`

  it("is refused where it is the mount point, in a container made anew as well", async () => {
    const { one, two } = twoFolders()
    const a = await openIn(join(one, "journal.db"))
    expect(await a.reserve("lead-1")).toBe("ours")
    writeFileSync(join(two, "journal.db"), "")
    const mount = bind(join(one, "journal.db"), join(two, "journal.db"))
    for (let made = 0; made < 2; made++) {
      const b = await openIn(join(two, "journal.db"), mount)
      expect(b.first).toMatch(MOUNT_POINT)
    }
    symlinkSync(join(two, "journal.db"), join(folder, "link.db"))
    expect((await openIn(join(folder, "link.db"), mount)).first).toMatch(MOUNT_POINT)
    expect(await a.reserve("lead-2")).toBe("ours")
  })

  it("is one file where the folder is the mount point", async () => {
    const { one, two } = twoFolders()
    const a = await openIn(join(one, "journal.db"))
    const b = await openIn(join(two, "journal.db"), bind(one, two))
    expect([b.first, await a.reserve("lead-1"), await b.reserve("lead-1")]).toEqual(["open", "ours", "theirs"])
    expect([await b.reserve("lead-2"), await a.reserve("lead-2")]).toEqual(["ours", "theirs"])
    await b.kill()
    const again = await openIn(join(two, "journal.db"), bind(one, two))
    expect(await again.reserve("lead-2")).toBe("theirs")
  })
})

describe.skipIf(process.platform === "win32")("a file whose WAL is another one than was opened", () => {
  it.each([
    ["-shm", ["-shm"]],
    ["-wal and -shm", ["-wal", "-shm"]]
  ] as const)("writes nothing more once %s is removed, and takes nothing from others", async (_, removed) => {
    const file = join(folder, "journal.db")
    const a = await openIn(file)
    expect(await a.reserve("lead-1")).toBe("ours")
    for (const suffix of removed) unlinkSync(`${file}${suffix}`)
    expect(await a.reserve("lead-2")).toMatch(besideGone(removed[0]))
    const b = await openIn(file)
    expect(await b.reserve("lead-2")).toBe("ours")
    expect(await a.reserve("lead-3")).toMatch(besideGone(removed[0]))
    // Killed, it leaves its WAL to the next; and the first, now the last to close, must leave it alone.
    await b.kill()
    await a.close()
    const c = await openIn(file)
    expect(await c.reserve("lead-2")).toBe("theirs")
  })

  it.skipIf(process.platform !== "linux")(
    "is not opened again by a process that still has the one before",
    async () => {
      const file = join(folder, "journal.db")
      const { journal, close } = await openHere(file)
      expect(await Effect.runPromise(answerTo(journal, "lead-1"))).toBe("ours")
      for (const suffix of ["-wal", "-shm"]) unlinkSync(`${file}${suffix}`)
      const b = await openIn(file)
      expect(await b.reserve("lead-2")).toBe("ours")
      // SQLite would share the index of the first connection with a second one.
      await expect(openHere(file)).rejects.toThrow(besideGone("-shm"))
      await close()
    }
  )

  it("is written by nobody once -wal is removed, until all have closed it; then nothing is lost", async () => {
    const file = join(folder, "journal.db")
    const a = await openIn(file)
    expect(await a.reserve("lead-1")).toBe("ours")
    unlinkSync(`${file}-wal`)
    expect(await a.reserve("lead-2")).toMatch(besideGone("-wal"))
    await a.close()
    const b = await openIn(file)
    expect([await b.reserve("lead-1"), await b.reserve("lead-2")]).toEqual(["theirs", "ours"])
  })

  it("writes nothing more once the WAL is replaced by a copy of itself", async () => {
    const file = join(folder, "journal.db")
    const a = await openIn(file)
    expect(await a.reserve("lead-1")).toBe("ours")
    renameSync(`${file}-wal`, `${file}-kept`)
    copyFileSync(`${file}-kept`, `${file}-wal`)
    expect(await a.reserve("lead-2")).toMatch(besideGone("-wal"))
    unlinkSync(`${file}-wal`)
    renameSync(`${file}-kept`, `${file}-wal`)
    expect(await a.reserve("lead-2")).toBe("ours")
  })

  it("forgets nothing when reading the file in this process has dropped its locks", async () => {
    const file = join(folder, "journal.db")
    const { journal, close } = await openHere(file)
    expect(await Effect.runPromise(answerTo(journal, "lead-1"))).toBe("ours")
    readFileSync(file)
    const b = await openIn(file)
    expect(await b.reserve("lead-1")).toBe("theirs")
    await b.close()
    // An older SQLite takes the WAL for unused and deletes it; then nothing more is written here.
    const here = await Effect.runPromise(answerTo(journal, "lead-2"))
    if (here !== "ours") expect(here).toMatch(besideGone("-wal"))
    const c = await openIn(file)
    expect(await c.reserve("lead-2")).toBe(here === "ours" ? "theirs" : "ours")
    expect(await c.reserve("lead-1")).toBe("theirs")
    await close()
  })
})

describe("a file that others use as they may", () => {
  it("goes on when they open, check point, vacuum, close and are killed", async () => {
    const file = join(folder, "journal.db")
    const a = await openIn(file)
    for (const end of ["close", "kill"] as const) {
      const b = await openIn(file)
      expect(await b.reserve(`lead-${end}`)).toBe("ours")
      await b[end]()
      expect(await a.reserve(`lead-${end}`)).toBe("theirs")
    }
    const other = new DatabaseSync(file)
    other.exec("PRAGMA wal_checkpoint(TRUNCATE)")
    expect(await a.reserve("lead-1")).toBe("ours")
    other.exec("VACUUM")
    expect(await a.reserve("lead-2")).toBe("ours")
    other.close()
    expect(await a.reserve("lead-3")).toBe("ours")
    await a.close()
    expect(readdirSync(folder)).toEqual(["journal.db"])
  })

  it("is made through a link that leads nowhere yet", async () => {
    symlinkSync(join(folder, "later.db"), join(folder, "link.db"))
    const a = await openIn(join(folder, "link.db"))
    expect([a.first, await a.reserve("lead-1")]).toEqual(["open", "ours"])
    await a.close()
    expect(readdirSync(folder)).toEqual(["later.db", "link.db"])
  })
})
