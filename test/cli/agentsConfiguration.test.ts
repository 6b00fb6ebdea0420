/** `unicall agents new` and `check`: a configuration made from what providers have, and how one differs from it. */
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Result from "effect/Result"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { EXIT } from "../../src/cli/ExitCode.ts"
import { isJsonObject } from "../../src/domain/Json.ts"
import { parseConfiguration } from "../../src/routes/parseConfiguration.ts"
import { linesOf, openShell, type Shell } from "./liveShell.ts"

let shell: Shell
beforeAll(async () => {
  shell = await openShell()
})
afterAll(() => shell.close())

const idOf = (name: "revox" | "revring" | "vapi", index: number): string => shell[name].agents[index]?.id ?? ""

const written = (name: string, agents: object): string => {
  const file = join(shell.folder, name)
  writeFileSync(file, JSON.stringify({ agents }))
  return file
}

const agentsIn = (text: string) => {
  const parsed = parseConfiguration(JSON.parse(text))
  return Result.isSuccess(parsed) ? (parsed.success.agents ?? {}) : parsed.failure
}

describe("unicall agents new", () => {
  it("writes a configuration that is taken, and in which nothing differs", async () => {
    const made = await shell.run(["agents", "new", "-o", "unicall.json"])
    expect(made).toMatchObject({ code: EXIT.ok, stdout: "" })
    const text = readFileSync(join(shell.folder, "unicall.json"), "utf8")
    expect(JSON.parse(text)).toMatchObject({ $schema: expect.stringMatching(/docs\/schema\/configuration\.json$/) })
    const agents = agentsIn(text)
    expect(agents).toEqual({
      "twin-assistant": {
        providers: {
          revox: { id: idOf("revox", 0), from: ["+33199009999"] },
          vapi: { id: idOf("vapi", 0), from: ["+12025550199"] }
        }
      },
      "french-assistant-of-the-twin": {
        providers: { revox: { id: idOf("revox", 1) }, vapi: { id: idOf("vapi", 1) } }
      },
      "twin-agent": { providers: { revring: { id: idOf("revring", 0), from: ["+12025550199"] } } },
      "french-agent-of-the-twin": { providers: { revring: { id: idOf("revring", 1), from: ["+33199009999"] } } }
    })
    expect(made.stderr).not.toMatch(/\d{7}/)
    expect(made.stderr.match(/^\w+: .*by its id.*$/gm)).toEqual([
      expect.stringMatching(/^vapi: Vapi calls from a number by its id: the setting `phoneNumbers` has it/)
    ])

    const checked = await shell.run(["agents", "check", "--config", "unicall.json"])
    expect(checked).toMatchObject({ code: EXIT.ok, stdout: "" })
    expect(checked.stderr).toMatch(/^nothing differs: \d agents\n$/)
  })

  it("takes the providers that are named, and counts numbers of nobody", async () => {
    const { code, stdout, stderr } = await shell.run(["agents", "new", "-p", "revox", "-p", "vapi"])
    expect(code).toBe(EXIT.ok)
    expect(stdout).not.toContain("revring")
    expect(stderr).toMatch(/2 numbers not assigned to any agent: left out/)
    expect(stderr).not.toMatch(/\d{7}/)
  })

  it("says which providers it could not read, and writes what the others have", async () => {
    const options = { env: { REVOX_API_KEY: "another" } }
    const { code, stdout, stderr } = await shell.run(["agents", "new"], options)
    expect(code).toBe(EXIT.setup)
    expect(stderr).toMatch(/^revox: agents: the API key is not accepted/m)
    expect(stdout).toContain(`"revring"`)

    const nothing = await shell.run(["agents", "new", "-p", "revox", "-o", "nothing.json"], options)
    expect(nothing).toMatchObject({ code: EXIT.setup, stdout: "" })
    expect(existsSync(join(shell.folder, "nothing.json"))).toBe(false)

    const keyless = { env: { REVOX_API_KEY: "", REVRING_API_KEY: "", VAPI_API_KEY: "" } }
    const none = await shell.run(["agents", "new"], keyless)
    expect(none).toMatchObject({ code: EXIT.setup, stdout: "" })
    expect(none.stderr).toMatch(/^No provider has a key: set REVOX_API_KEY or/)
  })

  it("does not replace the configuration in use", async () => {
    const file = written("kept.json", {})
    const refused = await shell.run(["agents", "new", "-o", "kept.json"], { env: { UNICALL_CONFIG: file } })
    expect(refused.code).toBe(EXIT.usage)
    expect(readFileSync(file, "utf8")).toBe(JSON.stringify({ agents: {} }))
  })
})

describe("unicall agents check", () => {
  const wrong = () =>
    written("wrong.json", {
      reminder: {
        providers: {
          revox: { id: "agent-that-is-not", from: ["+12025550100", "+33199009999"] },
          revring: { id: idOf("revring", 0), from: ["+12025550100", "+33199009999"] },
          vapi: { id: idOf("vapi", 1), from: ["+33199009998"] }
        }
      }
    })

  it("names what is missing, what another agent has, and languages that differ", async () => {
    const { code, stdout, stderr } = await shell.run(["agents", "check", "--config", wrong()])
    expect(code).toBe(EXIT.refused)
    expect(stderr).toBe("")
    const [header, ...lines] = linesOf(stdout)
    expect(header).toMatch(/^ +AGENT +PROVIDER +WHAT$/)
    expect(lines.map((line) => line.replaceAll(/ {2,}/g, " | "))).toEqual([
      "wrong | reminder | revox | agent agent-that-is-not: missing, the provider does not list it",
      "wrong | reminder | revox | number +12025550100: missing, the account does not have it",
      `note | reminder | revox | number +33199009999: assigned to another agent: ${idOf("revox", 0)}`,
      "unchecked | reminder | revring | number +12025550100: not among the numbers that are assigned to agents; the account may have it",
      `note | reminder | revring | number +33199009999: assigned to another agent: ${idOf("revring", 1)}`,
      "wrong | reminder | vapi | number +33199009998: missing, the account does not have it",
      "note | reminder | languages differ: revring en, vapi fr"
    ])
  })

  it("tells programs the same, one difference a line", async () => {
    const { code, stdout } = await shell.run(["agents", "check", "--json"], { env: { UNICALL_CONFIG: wrong() } })
    expect(code).toBe(EXIT.refused)
    const found = linesOf(stdout).map((line): unknown => JSON.parse(line))
    expect(found).toHaveLength(7)
    expect(found[0]).toEqual({
      kind: "agent_missing",
      severity: "wrong",
      agent: "reminder",
      provider: "revox",
      id: "agent-that-is-not"
    })
    expect(found.map((each) => (isJsonObject(each) ? each["kind"] : ""))).toEqual([
      "agent_missing",
      "number_missing",
      "number_of_other_agent",
      "number_not_seen",
      "number_of_other_agent",
      "number_missing",
      "languages_differ"
    ])
  })

  it("says what it could not check, and checks the others", async () => {
    const file = written("partly.json", {
      reminder: {
        providers: { revox: { id: "x" }, revring: { id: idOf("revring", 0) }, vapi: { id: idOf("vapi", 0) } }
      },
      other: { providers: { acme: { id: "x" } } }
    })
    const env = { REVOX_API_KEY: "", VAPI_API_KEY: "another" }
    const { code, stdout, stderr } = await shell.run(["agents", "check", "--config", file], { env })
    expect(code).toBe(EXIT.setup)
    expect(stderr).toMatch(/^vapi: agents: the API key is not accepted.*\n$/)
    expect(
      linesOf(stdout)
        .slice(1)
        .map((line) => line.replaceAll(/ {2,}/g, " | "))
    ).toEqual([
      "unchecked | revox | agents: not checked, REVOX_API_KEY is not set",
      "unchecked | vapi | agents: not checked, the provider gave no list",
      "unchecked | acme | agents: not checked, unicall knows no such provider that can be called"
    ])

    const keyless = await shell.run(["agents", "check", "--config", file], { env: { REVOX_API_KEY: "" } })
    expect(keyless.code).toBe(EXIT.incomplete)
    const none = await shell.run(["agents", "check", "--config", file], {
      env: { REVOX_API_KEY: "", REVRING_API_KEY: "", VAPI_API_KEY: "" }
    })
    expect(none.code).toBe(EXIT.setup)
  })

  it("asks nobody about an agent that is defined in the configuration", async () => {
    const before = shell.revox.requests.length
    const file = written("inline.json", { demo: { providers: { revox: { inline: { prompt: "Ask for the time." } } } } })
    const { code, stdout } = await shell.run(["agents", "check", "--config", file], {
      env: { REVOX_API_KEY: "another" }
    })
    expect({ code, stdout }).toEqual({ code: EXIT.ok, stdout: "" })
    expect(shell.revox.requests.length).toBe(before)
  })

  it("refuses a configuration that is none, or that a provider cannot do", async () => {
    const nothing = await shell.run(["agents", "check"])
    expect(nothing.code).toBe(EXIT.usage)
    expect(nothing.stderr).toMatch(/expected --config FILE/)

    const metadata = written("metadata.json", {
      reminder: { providers: { revring: { id: "x", metadata: { team: "blue" } } } }
    })
    const cannot = await shell.run(["agents", "check", "--config", metadata])
    expect(cannot.code).toBe(EXIT.usage)
    expect(cannot.stderr).toMatch(/metadata\.json: agents\.reminder\.providers\.revring\.metadata: expected none/)

    const over = await shell.run(["agents", "check", "--config", metadata, "-o", metadata])
    expect(over.code).toBe(EXIT.usage)
    expect(readFileSync(metadata, "utf8")).toContain("blue")
  })
})
