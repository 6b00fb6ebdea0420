/** A copy of a provider under another id, and one entry in the list: all that works with providers works with it. */
import { spawnSync } from "node:child_process"
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { root } from "./workspace.ts"

const folder = mkdtempSync(join(tmpdir(), "unicall-one-line-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const at = (...path: ReadonlyArray<string>): string => join(folder, ...path)

const edit = (file: string, change: (text: string) => string): void =>
  writeFileSync(file, change(readFileSync(file, "utf8")))

/** What an application does with the new one, and the contract of live calls. */
const PROGRAM = `
import { openCalls } from "./adapters/promiseNode.ts"
import { declared } from "./adapters/providers.ts"
import { listen } from "./src/twin/index.ts"
import { liveContract, twinSubject } from "./src/testing/index.ts"

const { twin } = declared["ring-two"]
const played = await twin.make({}, { generation: "2" })
const server = await listen(played, { speed: 3600 })
const calls = await openCalls({ "ring-two": { apiKey: "twin-key", baseUrl: server.url, pageSize: 3 } })
const order = { to: "+12025550100", from: "+12025550199", agent: { id: "agent-1" }, reference: "lead-1" }
const placed = await calls.place(order)
const again = await calls.place(order)
console.log(calls.providers.join(), placed.state, again.state === "accepted" && again.already, played.orders.length)
await calls.close()
await server.close()
const refused = await openCalls.fromEnvironment({ providers: ["ring-two"], environment: {} }).catch((error) => error)
console.log(refused.message)

const cases = liveContract(
  twinSubject(declared["ring-two"], (apiKey) => twin.make({ apiKey }), { settings: { pageSize: 3 } })
)
for (const { run } of cases) await run()
console.log(cases.length > 15)
process.exit()
`

beforeAll(() => {
  for (const name of ["adapters", "src", "package.json", "tsconfig.json"])
    cpSync(join(root, name), at(name), { recursive: true })
  symlinkSync(join(root, "node_modules"), at("node_modules"), "junction")
  cpSync(at("adapters", "revring"), at("adapters", "ring-two"), { recursive: true })
  const copied = readdirSync(at("adapters", "ring-two")).filter((name) => name.endsWith(".ts"))
  for (const name of copied)
    edit(at("adapters", "ring-two", name), (text) =>
      text
        .replaceAll('"revring"', '"ring-two"')
        .replaceAll("providerOptions.revring", "providerOptions.ring-two")
        .replaceAll("readonly revring?", 'readonly "ring-two"?')
        .replaceAll("readonly revring: typeof", 'readonly "ring-two": typeof')
        .replaceAll('"RevRing"', '"Ring Two"')
        .replaceAll("/RevRing", "/RingTwo")
    )
  edit(at("adapters", "providers.ts"), (text) =>
    text
      .replace(/^import \{ revring \}.*$/m, `$&\nimport { revring as ringTwo } from "./ring-two/index.ts"`)
      .replace(/^ .* vapi$/m, `$&,\n  "ring-two": ringTwo`)
  )
  writeFileSync(at("program.ts"), PROGRAM)
  edit(at("tsconfig.json"), (text) => text.replace(/"include": \[.*\]/, `"include": ["src", "adapters", "program.ts"]`))
})

const run = (file: string, ...args: ReadonlyArray<string>) => {
  const environment = Object.entries(process.env).filter(
    ([name]) => !/^(REVOX|REVRING|VAPI|RING_TWO|UNICALL)_/.test(name)
  )
  return spawnSync(process.execPath, ["--no-warnings", file, ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...Object.fromEntries(environment), XDG_STATE_HOME: at("state") }
  })
}

describe("a copy of a provider under an id with a hyphen, and one entry in the list", () => {
  it("compiles", () => {
    const { stdout } = run(join(root, "node_modules", "typescript", "bin", "tsc"), "--noEmit", "-p", folder)
    expect(stdout).toBe("")
  })

  it("is opened, placed at and played by its twin, and passes the contract of live calls", () => {
    const { stdout, stderr } = run("program.ts")
    expect(stderr).toBe("")
    expect(stdout.split("\n")).toEqual([
      "ring-two accepted true 1",
      expect.stringContaining("RING_TWO_API_KEY: expected the API key in the environment"),
      "true",
      ""
    ])
  })

  it("is known to the commands, by variables that a shell can set", () => {
    const looked = run("src/cli/main.ts", "doctor", "--provider", "ring-two")
    expect(looked.stdout + looked.stderr).toContain("RING_TWO_API_KEY")
    const help = run("src/cli/main.ts", "twin", "--help").stdout
    expect(help).toContain("RevRing, Ring Two: the generation of the API")
    const idle = run("src/cli/main.ts", "twin", "ring-two", "--api-version", "V1")
    expect(idle).toMatchObject({ status: 2 })
    expect(idle.stderr).toContain("--api-version: expected with the twin of Revox only")
  })
})
