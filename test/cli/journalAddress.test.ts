import { readdirSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { EXIT } from "../../src/cli/ExitCode.ts"
import { openShell, sendings, type Shell } from "./liveShell.ts"

let shell: Shell
beforeAll(async () => {
  shell = await openShell()
})
afterAll(() => shell.close())

const PASSWORD = "p4ss-w0rd"
const PLACE = `app:${PASSWORD}@db.example/calls`

const EXPECTED = "expected an address that begins with postgres://, or the path of a file"

const place = (reference: string): ReadonlyArray<string> => [
  ..."place --provider revox --to +12025550100 --agent agent-1 --yes --reference".split(" "),
  reference
]

describe("an address of the journal that is mistyped", () => {
  it.each([
    `"postgres://${PLACE}"`,
    ` postgres://${PLACE}`,
    `postgresql+psycopg://${PLACE}`,
    `postgres//${PLACE}`,
    `//${PLACE}`
  ])("in the environment is refused, places nothing and becomes no file: %j", async (address) => {
    const before = readdirSync(shell.folder)
    const { code, stdout, stderr } = await shell.run(place("unwritten"), { env: { UNICALL_JOURNAL: address } })
    expect([code, stdout]).toEqual([EXIT.usage, ""])
    expect(stderr).toContain(`UNICALL_JOURNAL: ${EXPECTED}`)
    expect(stderr).not.toContain(PASSWORD)
    expect(readdirSync(shell.folder)).toEqual(before)
    expect(sendings(shell.revox, "unwritten")).toBe(0)
  })

  it.each([
    [place("unwritten")],
    [["reconcile", "lead-1"]],
    [["wait", "revox:1"]],
    [["cancel", "revox:1"]],
    [["doctor"]],
    [["compare"]],
    [["cancel", "revox:1", "-o", "out.txt"]]
  ])("as a flag is refused: %s", async (command) => {
    const before = readdirSync(shell.folder)
    const { code, stdout, stderr } = await shell.run([...command, "--journal", `jdbc:postgresql://${PLACE}`])
    expect([code, stdout]).toEqual([EXIT.usage, ""])
    expect(stderr).toContain(`--journal: ${EXPECTED}`)
    expect(stderr).not.toContain(PASSWORD)
    expect(readdirSync(shell.folder)).toEqual(before)
  })

  it("is not looked for in the name of the state folder", async () => {
    const { code, stderr } = await shell.run(place("in-the-state-folder"), {
      env: { UNICALL_JOURNAL: "", XDG_STATE_HOME: join(shell.folder, "user=7 host=a", "postgres:16") }
    })
    expect([code, stderr.includes("expected")]).toEqual([EXIT.ok, false])
  })

  it("keeps nobody from what needs no journal", async () => {
    const { code } = await shell.run(["list", "--provider", "revox"], {
      env: { UNICALL_JOURNAL: `mysql://${PLACE}` }
    })
    expect(code).toBe(EXIT.ok)
  })
})
