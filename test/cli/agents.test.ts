/** `unicall agents`: which agents and numbers there are, for people and for programs, and what it says where that may not be all. */
import { createServer } from "node:http"
import { once } from "node:events"
import type { AddressInfo } from "node:net"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { EXIT } from "../../src/cli/ExitCode.ts"
import { linesOf, openShell, type Shell } from "./liveShell.ts"

let shell: Shell
beforeAll(async () => {
  shell = await openShell()
})
afterAll(() => shell.close())

const idOf = (name: "revox" | "revring" | "vapi", index: number): string => shell[name].agents[index]?.id ?? ""

/** A Vapi that answers this to whatever it is asked. */
const answering = async <A>(body: string, use: (url: string) => Promise<A>): Promise<A> => {
  const server = createServer((_, response) => response.setHeader("content-type", "application/json").end(body))
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  try {
    return await use(`http://127.0.0.1:${portOf(address)}`)
  } finally {
    server.close()
  }
}

const portOf = (address: string | AddressInfo | null): number =>
  typeof address === "object" && address !== null ? address.port : 0

describe("unicall agents", () => {
  it("lists the agents of an account as a table, or one a line", async () => {
    const table = await shell.run(["agents", "list", "--provider", "revring"])
    expect(table).toMatchObject({ code: EXIT.ok, stderr: "" })
    const [header, first, second] = linesOf(table.stdout)
    expect(header).toMatch(/^PROVIDER +AGENT +NAME +LANGUAGE +MADE +CHANGED$/)
    expect(first).toBe(`revring   ${idOf("revring", 0)}  Twin agent                en        2026-01-01  2026-01-01`)
    expect(second).toContain("French agent of the twin")

    const json = await shell.run(["agents", "list", "-p", "vapi", "--json"])
    expect(linesOf(json.stdout).map((line) => JSON.parse(line))).toMatchObject([
      { kind: "agent", provider: "vapi", id: idOf("vapi", 1), language: "fr" },
      { kind: "agent", provider: "vapi", id: idOf("vapi", 0), name: "Twin assistant" }
    ])
    expect(json.stdout).not.toContain("secret-of-the-twin")
  })

  it("lists its numbers with what orders name, and the agents that answer them", async () => {
    const vapi = await shell.run(["agents", "numbers", "-p", "vapi"])
    expect(vapi).toMatchObject({ code: EXIT.ok, stderr: "" })
    expect(linesOf(vapi.stdout)[0]).toMatch(/^PROVIDER +NUMBER +ID +LABEL +AGENTS$/)
    expect(vapi.stdout).toMatch(new RegExp(`\\+12025550199 +\\S+ +Number of the twin +${idOf("vapi", 0)}`))
    expect(vapi.stdout).not.toContain("secret-of-the-twin")

    const revox = await shell.run(["agents", "numbers", "-p", "revox", "--json"])
    expect(linesOf(revox.stdout).map((line) => JSON.parse(line))).toMatchObject([
      { kind: "number", e164: "+12025550199", agentIds: [] },
      { kind: "number", e164: "+33199009999", label: "Paris", agentIds: [idOf("revox", 0)] }
    ])
    expect(revox.stderr).toBe("")
  })

  it("says that RevRing tells of assigned numbers only", async () => {
    for (const form of [[], ["--json"]]) {
      const { code, stdout, stderr } = await shell.run(["agents", "numbers", "-p", "revring", ...form])
      expect(code).toBe(EXIT.ok)
      expect(stdout).toContain("+33199009999")
      expect(stderr).toBe("revring: only numbers that are assigned to an agent; the account may have others\n")
    }
  })

  it("shows what it could read, and says that it may not be all", () =>
    answering(
      JSON.stringify([{ id: "a\u001b[2J", name: "Ada\nLovelace", createdAt: "2026-03-02T15:00:00Z" }, 17]),
      async (url) => {
        const { code, stdout, stderr } = await shell.run(["agents", "list", "-p", "vapi"], {
          env: { VAPI_BASE_URL: url }
        })
        expect(code).toBe(EXIT.incomplete)
        expect(linesOf(stdout)).toHaveLength(2)
        expect(stdout).toContain("Lovelace")
        expect(stdout).not.toContain("\u001b")
        expect(stderr).toMatch(
          /^vapi: agents: the list may lack entries after 1: .*could not be read.*What is shown is right/
        )
      }
    ))

  it("says what cannot be", async () => {
    const wrong = await shell.run(["agents", "list", "-p", "revox"], { env: { REVOX_API_KEY: "another" } })
    expect(wrong).toMatchObject({ code: EXIT.setup, stdout: "" })
    expect(wrong.stderr).toMatch(/^revox: agents: the API key is not accepted.*REVOX_API_KEY/)

    const lost = await shell.run(["agents", "numbers", "-p", "revox"], {
      env: { REVOX_BASE_URL: `${shell.urls.revox}/v9` }
    })
    expect(lost).toMatchObject({ code: EXIT.refused, stdout: "" })
    expect(lost.stderr).toMatch(/^revox: numbers: not found.*REVOX_BASE_URL/)

    const page = await answering("<html>", (url) =>
      shell.run(["agents", "numbers", "-p", "vapi"], { env: { VAPI_BASE_URL: url } })
    )
    expect(page.stdout).toBe("")
    expect(page.stderr).toMatch(/^vapi: numbers: the answer cannot be read: expected a list of numbers/)

    const several = await shell.run(["agents", "list"])
    expect(several.code).toBe(EXIT.usage)
    expect(several.stderr).toMatch(/provider: expected revox or revring or vapi/)
  })
})
