/** `unicall providers`: what each can do, what says so, and which of them can do what is needed. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { afterAll, describe, expect, it } from "vitest"
import { EXIT } from "../../src/cli/ExitCode.ts"
import { unicall } from "./unicall.ts"

const folder = mkdtempSync(join(tmpdir(), "unicall-providers-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = (...args: ReadonlyArray<string>) => unicall(folder, ["providers", ...args])

const rowOf = (stdout: string, name: string): ReadonlyArray<string> | undefined =>
  stdout
    .split("\n")
    .find((line) => line.startsWith(`${name} `))
    ?.trim()
    .split(/ {2,}/)

describe("unicall providers", () => {
  it("shows all of them beside one another, and what no page says", async () => {
    const { code, stdout, stderr } = await run()
    expect({ code, stderr }).toEqual({ code: EXIT.ok, stderr: "" })
    expect(stdout).toMatch(/^CAPABILITY +REVOX +REVRING +VAPI *\n/)
    expect(rowOf(stdout, "schedule")).toEqual(["schedule", "yes", "no", "yes"])
    expect(rowOf(stdout, "list")).toEqual(["list", "documented", "observed (not documented)", "documented"])
  })

  it("shows one with what says so", async () => {
    const { stdout } = await run("-p", "revring")
    expect(rowOf(stdout, "variables")).toEqual(["variables", "yes", "https://docs.revring.ai/api-reference/calls/send"])
    expect(rowOf(stdout, "list")).toEqual(["list", "observed (not documented)", "seen in use by one application"])
    expect(rowOf(stdout, "listAgents")).toEqual([
      "listAgents",
      "all",
      "https://docs.revring.ai/api-reference/agents/list"
    ])
  })

  it("leaves out those that cannot do what is needed, and says what they lack", async () => {
    const { code, stdout, stderr } = await run("--needs", "schedule, metadata,schedule", "--json")
    expect(code).toBe(EXIT.ok)
    expect(stderr).toBe("revring: is not known to have schedule, metadata\n")
    const lines = stdout.trim().split("\n")
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        kind: "provider",
        provider: "revox",
        capabilities: {
          schedule: { value: "yes", can: true, documented: true, page: expect.stringMatching(/^https:/) },
          batchRead: { value: 0, can: false, documented: false, note: expect.stringContaining("search") }
        }
      },
      { kind: "provider", provider: "vapi" }
    ])
  })

  it("fails where none can, and where it is asked for what nobody knows", async () => {
    const none = await run("--needs", "retries,preCallWebhook")
    expect(none).toMatchObject({ code: EXIT.unsupported, stdout: "" })
    expect(none.stderr.trim().split("\n")).toEqual([
      "revox: is not known to have preCallWebhook",
      "revring: is not known to have retries",
      "vapi: is not known to have retries"
    ])
    for (const words of ["telepathy", "constructor", ""]) {
      const { code, stdout, stderr } = await run("--needs", words)
      expect({ code, stdout }).toEqual({ code: EXIT.usage, stdout: "" })
      expect(stderr).toContain("--needs: expected retries, schedule,")
    }
  })

  it("knows providers of others, also one whose adapter does not say what says so", async () => {
    const revring = pathToFileURL(fileURLToPath(new URL("../../adapters/revring/index.ts", import.meta.url))).href
    const module = (capabilities: string) => `
import { revring } from ${JSON.stringify(revring)}
const { capabilitySources, ...silent } = revring
export const acme = { ...silent, id: "acme", providerId: "acme", title: "Acme", capabilities: ${capabilities} }
`
    writeFileSync(join(folder, "acme.mjs"), module('{ ...revring.capabilities, metadata: "yes" }'))
    const { code, stdout } = await run("--adapter", "acme.mjs", "-p", "acme")
    expect(code).toBe(EXIT.ok)
    expect(rowOf(stdout, "metadata")).toEqual(["metadata", "yes (not documented)", "its adapter does not say"])
    writeFileSync(join(folder, "odd.mjs"), module('{ metadata: "yes" }'))
    expect(await run("--adapter", "odd.mjs")).toMatchObject({
      code: EXIT.usage,
      stdout: "",
      stderr: expect.stringContaining("the capabilities of acme are not as they must be")
    })
  })
})
