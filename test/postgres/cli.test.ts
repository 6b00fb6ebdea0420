import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { EXIT } from "../../src/cli/ExitCode.ts"
import { openShell, sendings, type Shell } from "../cli/liveShell.ts"
import { address, freshTable, isThere, newPool } from "./database.ts"

const pool = newPool()
let shell: Shell
beforeAll(async () => {
  shell = await openShell()
})
afterAll(() => Promise.all([pool.end(), shell.close()]))

const PASSWORD = "p4ss-w0rd"

const order = (reference: string): ReadonlyArray<string> => [
  ..."place --provider revox --to +12025550100 --agent agent-1 --yes --reference".split(" "),
  reference
]

describe.runIf(isThere)("the command line with a journal in PostgreSQL", () => {
  it("places once, whichever way the journal is named, and reads what is in it", async () => {
    const table = freshTable()
    const named = `${address()}#${table}`
    const first = await shell.run([...order("lead-1"), "--json"], { env: { UNICALL_JOURNAL: named } })
    expect({ code: first.code, stderr: first.stderr }).toMatchObject({ code: EXIT.ok })
    const again = await shell.run([...order("lead-1"), "--journal", named, "--json"])
    expect(again.code).toBe(EXIT.ok)
    expect(sendings(shell.revox, "lead-1")).toBe(1)
    const { rows } = await pool.query(`SELECT tenant, reference, provider FROM public.${table}`)
    expect(rows).toEqual([{ tenant: "", reference: "lead-1", provider: "revox" }])
    const reconciled = await shell.run(["reconcile", "lead-1", "--journal", named, "--json"])
    expect(reconciled.stdout).toContain('"state":"accepted"')
    const compared = await shell.run(["compare", "--journal", named, "--json"])
    expect(JSON.parse(compared.stdout)).toMatchObject({ data: { placements: 1 } })
    const doctor = await shell.run(["doctor", "--journal", named])
    expect(doctor.stdout).toContain("✓ journal: PostgreSQL can be written")
  }, 120_000)

  it("is counted and compacted there, and its room is the database's", async () => {
    const table = freshTable()
    const run = (...args: ReadonlyArray<string>) =>
      shell.run(["journal", ...args, "--journal", `${address()}#${table}`])
    await shell.run(order("lead-over"), { env: { UNICALL_JOURNAL: `${address()}#${table}` } })
    const old = "state = 'ended', changed_at = '2020-01-01T00:00:00.000Z'"
    await pool.query(`UPDATE public.${table} SET ${old}`)
    const { stdout } = await run("show", "--json")
    expect(JSON.parse(stdout)).toEqual({
      bytes: expect.any(Number),
      placements: [{ provider: "revox", state: "ended", placements: 1, compacted: 0 }]
    })
    const compacted = await run("compact", "--older-than", "90d", "--json")
    expect(JSON.parse(compacted.stdout)).toMatchObject({ ended: 1, compacted: 1 })
    const { rows } = await pool.query(`SELECT number_digest, content, agent_id FROM public.${table}`)
    expect(rows).toEqual([{ number_digest: "", content: null, agent_id: null }])
    const refused = await run("compact", "--older-than", "90d", "--shrink")
    expect([refused.code, refused.stderr]).toEqual([EXIT.usage, expect.stringContaining("VACUUM FULL")])
    const deleted = await run("delete", "--older-than", "90d", "--yes", "--json")
    expect(JSON.parse(deleted.stdout)).toMatchObject({ deletable: 1, deleted: 1 })
  }, 120_000)

  it("has an inbox of webhooks there as well", async () => {
    const inbox = `${address()}#${freshTable()}`
    const listed = await shell.run(["inbox", "list"], { env: { UNICALL_INBOX: inbox } })
    expect(listed).toMatchObject({ code: EXIT.ok, stdout: "", stderr: "0 calls\n" })
    const missing = await shell.run(["inbox", "replay", "revox:nobody", "--inbox", inbox])
    expect([missing.code, missing.stderr]).toEqual([EXIT.rejected, expect.stringContaining("not in the inbox")])
  }, 120_000)

  it("makes no table to read one", async () => {
    const { code, stderr } = await shell.run(["compare", "--journal", `${address()}#${freshTable()}`])
    expect(code).toBe(EXIT.unreadable)
    expect(stderr).toContain("PostgreSQL: the table is missing")
  })

  it("never shows a password", async () => {
    const given = [
      `postgres://someone:${PASSWORD}@127.0.0.1:1/calls?password=${PASSWORD}`,
      `postgres://someone:${PASSWORD}/@127.0.0.1/calls`,
      `postgresql://${PASSWORD}@[`,
      `${address()}#${PASSWORD}`
    ]
    for (const journal of given) {
      const runs = await Promise.all([
        shell.run(["doctor", "--journal", journal]),
        shell.run(order("unwritten"), { env: { UNICALL_JOURNAL: journal } }),
        shell.run(["compare", "--journal", journal]),
        shell.run(["wait", "revox:x", "--journal", journal, "--deadline", "1s"]),
        shell.run(["place", "--help"], { env: { UNICALL_JOURNAL: journal } })
      ])
      expect(runs.map(({ code }) => code).slice(0, 2)).toEqual([EXIT.setup, EXIT.setup])
      expect(JSON.stringify(runs)).not.toContain(PASSWORD)
    }
    expect(sendings(shell.revox, "unwritten")).toBe(0)
    const doctor = await shell.run(["doctor", "--journal", given[0] ?? ""])
    expect(doctor.stdout).toMatch(/✗ journal: PostgreSQL 127\.0\.0\.1:1\/calls: ECONNREFUSED\n {4}Check the address/)
  }, 120_000)
})
