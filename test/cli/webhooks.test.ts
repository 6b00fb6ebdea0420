/** `unicall webhooks`: what it shows, what it changes, and that no secret of an address is printed. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { EXIT } from "../../src/cli/ExitCode.ts"
import { openShell, type Shell } from "./liveShell.ts"

let shell: Shell
beforeAll(async () => {
  shell = await openShell()
})
afterAll(() => shell.close())

const agentOf = (name: "revox" | "revring" | "vapi", index = 0): string => shell[name].agents[index]?.id ?? ""

const SECRET = "Zanzibar-5521"
const ADDRESS = `https://hooks.example.invalid/webhooks?token=${SECRET}`
const SHOWN = "https://hooks.example.invalid/webhooks?token=[redacted]"

describe("unicall webhooks", () => {
  it("shows where messages go, without secrets", async () => {
    const agent = agentOf("vapi", 1)
    const set = ["webhooks", "set", "--provider", "vapi", "--agent", agent, "--calls", ADDRESS, "--yes"]
    expect(await shell.run(set)).toMatchObject({ code: EXIT.ok })
    expect(shell.vapi.agents[1]).toMatchObject({
      server: { url: ADDRESS, headers: { "x-vapi-secret": expect.any(String) } }
    })
    const table = await shell.run(["webhooks", "show", "--provider", "vapi", "--agent", agent])
    expect(table).toMatchObject({ code: EXIT.ok, stderr: "" })
    expect(table.stdout).toBe(`FOR    ADDRESS\ncalls  ${SHOWN}\n`)
    const json = await shell.run(["webhooks", "show", "-p", "revring", "--agent", agentOf("revring"), "--json"])
    expect(JSON.parse(json.stdout)).toEqual({
      provider: "revring",
      agentId: agentOf("revring"),
      addresses: { calls: null, preCall: null }
    })
  })

  it("shows what would be changed, changes it when told to, and then nothing more", async () => {
    const agent = agentOf("revox")
    const set = ["webhooks", "set", "--provider", "revox", "--agent", agent, "--calls"]
    const address = () => shell.revox.agents[0]?.["webhook_url"]

    const dry = await shell.run([...set, ADDRESS, "--dry-run", "--json"])
    expect(JSON.parse(dry.stdout)).toMatchObject({
      changes: [{ use: "calls", before: null, after: SHOWN, changed: true }],
      sent: false
    })
    const unasked = await shell.run([...set, ADDRESS])
    expect(unasked).toMatchObject({ code: EXIT.usage, stdout: "" })
    expect(unasked.stderr).toMatch(/expected --yes, or --dry-run/)
    expect(unasked.stderr).toContain(SHOWN)
    expect(address()).toBeNull()

    const done = await shell.run([...set, ADDRESS, "--yes"])
    expect(done).toMatchObject({ code: EXIT.ok, stderr: "" })
    expect(done.stdout).toContain(`calls  none    ${SHOWN}  changed`)
    expect(address()).toBe(ADDRESS)

    const again = await shell.run([...set, ADDRESS])
    expect(again).toMatchObject({ code: EXIT.ok, stderr: "nothing was changed\n" })

    const file = join(shell.folder, "address.txt")
    writeFileSync(file, `${ADDRESS}-2\n`)
    const other = await shell.run([...set, `@${file}`, "--yes"])
    expect(other.stdout).toContain("changed in a secret")
    expect(address()).toBe(`${ADDRESS}-2`)

    const removed = await shell.run([...set, "none", "--yes"])
    expect(removed.stdout).toMatch(/none +changed/)
    expect(address()).toBeNull()
    for (const { stdout, stderr } of [dry, unasked, done, again, other, removed])
      expect(stdout + stderr).not.toContain(SECRET)
  })

  it("says what cannot be", async () => {
    const agent = agentOf("revox")
    const set = (...args: ReadonlyArray<string>) =>
      shell.run(["webhooks", "set", "--provider", "revox", "--agent", agent, ...args, "--yes"])
    const sent = shell.revox.requests.length
    const plain = await set("--calls", "http://hooks.example.invalid/webhooks")
    expect([plain.code, plain.stderr]).toEqual([EXIT.usage, expect.stringMatching(/calls: expected https/)])
    const cannot = await set("--pre-call", "https://hooks.example.invalid/webhooks")
    expect([cannot.code, cannot.stderr]).toEqual([EXIT.unsupported, expect.stringMatching(/which preCall asks for/)])
    const nothing = await set()
    expect([nothing.code, nothing.stderr]).toEqual([
      EXIT.usage,
      expect.stringMatching(/expected one of calls, preCall/)
    ])
    const missing = await set("--calls", "@no-such-file")
    expect(missing.code).toBe(EXIT.unreadable)
    expect(shell.revox.requests.length).toBe(sent)
    const nobody = await shell.run(["webhooks", "show", "--provider", "revring", "--agent", "nobody"])
    expect([nobody.code, nobody.stderr]).toEqual([EXIT.refused, expect.stringMatching(/Check the agent's id/)])
  })
})
