/** `unicall journal`: what it counts, what it changes, and that it is safe to be stopped or to be run twice. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { EXIT } from "../../src/cli/ExitCode.ts"
import { OrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { Instant } from "../../src/domain/Instant.ts"
import { layerSqliteJournal } from "../../src/node/SqliteJournal.ts"
import { compileCache, main, unicall } from "./unicall.ts"

let folder = ""
let file = ""
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "unicall-journal-cli-"))
  file = join(folder, "journal.sqlite")
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const AGO = { year: 365, season: 100, hours: 0.1 }

/** One placement for each age, of a tenant; and one that is uncertain since a year. */
const filled = (tenant = ""): Promise<void> => {
  const at = (days: number) => Instant.make(new Date(Date.now() - days * 86_400_000).toISOString())
  const provider = ProviderId.make("revring")
  const write = Effect.gen(function* () {
    const journal = Context.get(yield* Layer.build(layerSqliteJournal({ file })), PlacementJournal)
    for (const [name, days] of [...Object.entries(AGO), ["open", 365] as const]) {
      const reference = `lead-${name}`
      yield* journal.reserve({
        tenant,
        reference,
        provider,
        token: name,
        numberDigest: "1f3a",
        content: "c0de",
        agentId: "agent-secret",
        at: at(days)
      })
      const settlement =
        name === "open"
          ? ({ state: "uncertain", because: "TimedOut" } as const)
          : ({ state: "ended", orderId: OrderId.make(`order-${name}`), status: "completed" } as const)
      yield* journal.settle({ tenant, reference }, name, settlement, at(days))
    }
  })
  return Effect.runPromise(Effect.scoped(write))
}

/** Ended placements in their thousands, as the journal writes them. */
const ENDED = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)
  INSERT INTO tenant_placement
    (tenant, reference, provider, token, "check", content, agentId, state, reservedAt, changedAt, orderId, status)
  SELECT '', 'lead-' || i, 'revring', 'token-' || i, '1f3a', 'c0de', 'agent-1', 'ended', '2020-01-01T00:00:00.000Z',
    '2020-01-01T00:00:00.000Z', 'order-' || i, 'completed' FROM n`

const inDatabase = <A>(use: (database: DatabaseSync) => A): A => {
  const database = new DatabaseSync(file)
  try {
    return use(database)
  } finally {
    database.close()
  }
}

const MANY = 30_000
const many = async (): Promise<void> => {
  await filled()
  inDatabase((database) => database.exec(`DELETE FROM tenant_placement; ${ENDED}`))
}

/** Rows that are neither as they were nor compacted as a whole. */
const HALF = `SELECT count(*) AS count FROM tenant_placement
  WHERE ("check" = '') <> (content IS NULL) OR ("check" = '') <> (agentId IS NULL) OR orderId IS NULL OR state <> 'ended'`

const counted = (sql: string): number => inDatabase((database) => Number(database.prepare(sql).get()?.["count"]))

const run = (...args: ReadonlyArray<string>) => unicall(folder, ["journal", ...args, "--journal", file])

const result = async (...args: ReadonlyArray<string>): Promise<unknown> => {
  const { code, stdout, stderr } = await run(...args, "--json")
  expect({ code, stderr }).toMatchObject({ code: EXIT.ok })
  return JSON.parse(stdout)
}

describe("journal show", () => {
  it("counts by provider and state, and tells nothing of a call", async () => {
    await filled()
    await filled("acme")
    await run("compact", "--older-than", "200d", "--tenant", "acme")
    const { code, stdout } = await run("show")
    expect(code).toBe(EXIT.ok)
    expect(stdout).toMatch(/bytes/)
    expect(stdout).toMatch(/8 placements of all tenants/)
    expect(stdout).toMatch(/revring +uncertain +2\n/)
    expect(stdout).toMatch(/revring +ended +6 +1\n/)
    expect(stdout).not.toMatch(/lead|order-|agent|1f3a/)
    expect(await result("show", "--tenant", "acme")).toEqual({
      tenant: "acme",
      bytes: expect.any(Number),
      freeBytes: expect.any(Number),
      placements: [
        { provider: "revring", state: "uncertain", placements: 1, compacted: 0 },
        { provider: "revring", state: "ended", placements: 3, compacted: 1 }
      ]
    })
  })

  it("changes nothing, not even an older schema", async () => {
    await filled()
    inDatabase((database) => database.exec("ALTER TABLE tenant_placement DROP COLUMN sentAs; PRAGMA user_version = 3"))
    const all = () => readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "latin1")])
    const before = all()
    expect((await run("show")).stdout).toMatch(/4 placements of all tenants/)
    expect(all()).toEqual(before)
  })

  it("makes no journal where there is none", async () => {
    for (const args of [["show"], ["compact", "--older-than", "90d"], ["delete", "--older-than", "90d", "--yes"]]) {
      const { code, stderr } = await run(...args)
      expect([code, stderr]).toEqual([EXIT.unreadable, expect.stringContaining("no such file")])
    }
  })
})

describe("journal compact", () => {
  it("counts what it would do, does it, and does nothing the second time", async () => {
    await filled()
    const older = ["compact", "--older-than", "90d"]
    expect(await result(...older, "--dry-run")).toMatchObject({ ended: 2, compactable: 2, dryRun: true, compacted: 0 })
    expect(counted(`SELECT count(*) AS count FROM tenant_placement WHERE "check" = ''`)).toBe(0)
    expect(await result(...older)).toMatchObject({ ended: 2, compactable: 2, compacted: 2 })
    expect(await result(...older)).toMatchObject({ ended: 2, compactable: 0, compacted: 0 })
    const { stdout } = await run("compact", "--ended-before", new Date(Date.now() - 90_000_000).toISOString())
    expect(stdout).toMatch(/^2 placements of all tenants ended before .*Z; 0 compacted\n$/)
    expect(counted(`SELECT count(*) AS count FROM tenant_placement WHERE "check" <> ''`)).toBe(2)
  })

  it.each([
    [[], "expected one of --ended-before and --older-than"],
    [["--older-than", "90d", "--ended-before", "2026-01-01"], "expected one of"],
    [["--older-than", "23h"], "--older-than: expected a time a day ago, or earlier"],
    [["--ended-before", "2999-01-01"], "--ended-before: expected a time a day ago, or earlier"],
    [["--ended-before", "1767225600"], "--ended-before: expected a day such as"],
    [["--ended-before", "Thu, 1 Jan 2026 00:00:00 -0000"], "--ended-before: expected a day such as"],
    [["--ended-before", "2026-02-30"], "--ended-before: expected a day such as"],
    [["--older-than", "90d", "--tenant", "a\nb"], "--tenant: expected one line"],
    [["--older-than", "90d", "--tenant", ""], "--tenant: expected a name; what was placed without a tenant is"],
    [["--older-than", "90d", "--tenant", "acme", "--tenants", "all"], "--tenants: expected no --tenant"],
    [["--older-than", "90d", "--shrink", "--dry-run"], "--shrink: expected no --dry-run, which changes nothing"]
  ])("refuses %s", async (args, message) => {
    await filled()
    const { code, stderr } = await run("compact", ...args)
    expect([code, stderr]).toEqual([EXIT.usage, expect.stringContaining(message)])
    expect(counted(`SELECT count(*) AS count FROM tenant_placement WHERE "check" = ''`)).toBe(0)
  })

  it("is of one tenant, of those without one, or of everybody", async () => {
    await filled()
    await filled("acme")
    const ended = async (...args: ReadonlyArray<string>) =>
      Reflect.get(Object(await result("compact", "--older-than", "90d", "--dry-run", ...args)), "ended")
    expect(await Promise.all([ended(), ended("--tenants", "all"), ended("--tenant", "acme")])).toEqual([4, 4, 2])
    expect(await result("compact", "--older-than", "90d", "--tenants", "common")).toMatchObject({
      tenant: "",
      compacted: 2
    })
    const { stdout } = await run("show", "--tenants", "common")
    expect(stdout).toMatch(/4 placements of the common tenant\n[^]*revring +ended +3 +2\n/)
    process.env["UNICALL_TENANT"] = "acme"
    try {
      expect(await Promise.all([ended(), ended("--tenants", "all")])).toEqual([2, 4])
    } finally {
      delete process.env["UNICALL_TENANT"]
    }
  })

  it("gives back to the disk what has become free, if it is told to", async () => {
    await many()
    const before = statSync(file).size
    expect(await result("compact", "--older-than", "90d")).toMatchObject({ compacted: MANY })
    expect(statSync(file).size).toBeGreaterThanOrEqual(before)
    const { code, stderr } = await run("compact", "--older-than", "90d", "--shrink")
    expect([code, stderr]).toEqual([EXIT.ok, expect.stringMatching(/the file had .* bytes, and has .* now/)])
    expect(statSync(file).size).toBeLessThan(before)
  })

  it("leaves every placement whole where it is killed, and goes on from there", async () => {
    await many()
    const child = spawn(
      process.execPath,
      ["--no-warnings", main, "journal", "compact", "--older-than", "90d", "--journal", file],
      { env: { ...process.env, ...compileCache }, stdio: "ignore" }
    )
    const gone = once(child, "close")
    const compacted = `SELECT count(*) AS count FROM tenant_placement WHERE "check" = ''`
    const watching = new DatabaseSync(file, { timeout: 5000 })
    const look = watching.prepare(compacted)
    while (Number(look.get()?.["count"]) === 0 && child.exitCode === null)
      await new Promise((resolve) => setImmediate(resolve))
    child.kill("SIGKILL")
    await gone
    watching.close()
    expect(counted(HALF)).toBe(0)
    const done = counted(compacted)
    expect(done).toBeGreaterThan(0)
    expect(await result("compact", "--older-than", "90d")).toMatchObject({ compacted: MANY - done })
    expect(counted(HALF)).toBe(0)
    expect(inDatabase((database) => database.prepare("PRAGMA integrity_check").all())).toEqual([
      { integrity_check: "ok" }
    ])
  })

  it("does each placement once where two processes do it at the same time", async () => {
    await many()
    const both = await Promise.all([1, 2].map(() => result("compact", "--older-than", "90d")))
    expect(both.reduce<number>((sum, each) => sum + Number(Reflect.get(Object(each), "compacted")), 0)).toBe(MANY)
    expect(counted(HALF)).toBe(0)
  })
})

describe("journal delete", () => {
  it("says what it permits, and deletes nothing without somebody's word", async () => {
    await filled()
    const { code, stderr } = await run("delete", "--older-than", "90d")
    expect(code).toBe(EXIT.usage)
    expect(stderr).toContain("2 placements of all tenants ended before")
    expect(stderr).toContain("these references may be placed again, and the people be called again")
    expect(await result("delete", "--older-than", "90d", "--dry-run")).toMatchObject({ deletable: 2, deleted: 0 })
    expect(counted("SELECT count(*) AS count FROM tenant_placement")).toBe(4)
  })

  it("deletes what has ended, and nothing else, once", async () => {
    await filled()
    await filled("acme")
    const older = ["delete", "--older-than", "90d", "--yes", "--tenant", "acme"]
    expect(await result(...older)).toMatchObject({ tenant: "acme", ended: 2, deleted: 2 })
    expect(await result(...older)).toMatchObject({ ended: 0, deleted: 0 })
    const left = inDatabase((database) =>
      database.prepare("SELECT tenant, reference FROM tenant_placement WHERE tenant = 'acme' ORDER BY reference").all()
    )
    expect(left.map(({ reference }) => reference)).toEqual(["lead-hours", "lead-open"])
    expect(counted("SELECT count(*) AS count FROM tenant_placement WHERE tenant = ''")).toBe(4)
  })

  it("refuses a time that is not long ago before it asks", async () => {
    await filled()
    const { code, stderr } = await run("delete", "--older-than", "29d", "--yes")
    expect([code, stderr]).toEqual([EXIT.usage, expect.stringContaining("expected a time 30 days ago, or earlier")])
  })
})
