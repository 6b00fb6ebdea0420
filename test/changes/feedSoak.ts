/** Processes that record and consume on one feed, killed again and again: what must hold in the end. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { DatabaseSync } from "node:sqlite"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import { feedAt } from "./feedProcess.ts"

const program = fileURLToPath(new URL("./feedProcess.ts", import.meta.url))

interface Life {
  /** Once it has said so many lines since it was started, it is killed; what it said in its life. */
  readonly killedAfter: (lines: number) => Promise<ReadonlyArray<number>>
}

const start = (task: string, place: string, own: string): Life => {
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, ["--no-warnings", program, task, place, own])
  const said: Array<number> = []
  let text = ""
  let stderr = ""
  let watch = (): void => undefined
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = `${text}${chunk}`.split("\n")
    text = lines.pop() ?? ""
    said.push(...lines.map(Number))
    watch()
  })
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk))
  const closed = once(child, "close")
  return {
    killedAfter: async (count) => {
      const enough = new Promise<void>((resolve) => {
        watch = () => (said.length >= count ? resolve() : undefined)
        watch()
      })
      await Promise.race([enough, closed])
      child.kill("SIGKILL")
      await closed
      if (stderr !== "") throw new Error(stderr)
      return said
    }
  }
}

const LIVES = [5, 30, 2, 25]

/** One consumer by its name, one by its position, three that record the same calls; none of them dies of itself. */
export const soaked = async (place: string): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), "unicall-feed-soak-"))
  const own = join(folder, "own.sqlite")
  try {
    const lives = async (task: string, file: string) => {
      const all: Array<ReadonlyArray<number>> = []
      for (const count of LIVES) all.push(await start(task, place, file).killedAfter(count))
      return all
    }
    const consuming = Promise.all([lives("byName", "crm"), lives("byPosition", own)])
    const over = new AbortController()
    /** Each life begins with the first call again, and comes to more of them. */
    const recording = async (name: string, more: number) => {
      const all: Array<ReadonlyArray<number>> = []
      for (let count = more; !over.signal.aborted; count += more)
        all.push(await start("record", place, name).killedAfter(count))
      return all
    }
    const recorders = Promise.all([recording("one", 12), recording("two backwards", 17), recording("three", 9)])
    const [named, positioned] = await consuming.finally(() => over.abort())
    const recorded = await recorders

    const { changes, position } = await Effect.runPromise(
      Effect.scoped(
        Effect.flatMap(feedAt(place), (feed) =>
          Effect.all({
            changes: Effect.map(feed.read({ tenant: "", after: 0, limit: 100_000 }), (page) => page.changes),
            position: feed.position("", "crm")
          })
        )
      )
    )
    expect(changes.map((change) => change.position)).toEqual(changes.map((_, index) => index + 1))

    // Of each call no more than once, and all of those that somebody said were recorded.
    const told = Map.groupBy(changes, ({ reference }) => reference)
    for (const ofCall of told.values()) {
      const words = ofCall.map(({ change }) => change).filter((word) => word !== "enriched")
      expect(new Set(words).size).toBe(words.length)
    }
    for (const call of recorded.flat(2)) {
      const ofCall = told.get(`lead-${call}`) ?? []
      expect(ofCall.map(({ change }) => change)).toEqual(expect.arrayContaining(["accepted", "ended"]))
      expect(ofCall.flatMap(({ fields = [] }) => fields)).toContain("summary")
    }

    // By its name: each at least once and in order, again at most what it was killed over.
    let last = 0
    for (const life of named) {
      const [first = last] = life
      expect([last, last + 1]).toContain(first)
      expect(life).toEqual(life.map((_, index) => first + index))
      last = life.at(-1) ?? last
    }
    expect(last).toBeGreaterThan(50)
    expect([last, last - 1]).toContain(position._tag === "Some" ? position.value : undefined)

    // By its position: each has had its effect exactly once.
    const database = new DatabaseSync(own)
    const effects = database.prepare("SELECT position, reference, word FROM effect ORDER BY rowid").all()
    database.close()
    expect(effects.length).toBeGreaterThan(50)
    expect(effects.map((row) => [row["position"], row["reference"], row["word"]])).toEqual(
      changes.slice(0, effects.length).map((change) => [change.position, change.reference, change.change])
    )
    for (const life of positioned) expect(life.length).toBeGreaterThan(0)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
