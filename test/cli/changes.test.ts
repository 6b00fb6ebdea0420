/** `unicall changes`: what a feed holds, to whom it has been told, and what a command that is stopped tells again. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import * as Effect from "effect/Effect"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { ChangeFeed } from "../../src/calls/changes/ChangeFeed.ts"
import { EXIT } from "../../src/cli/ExitCode.ts"
import { makeSqliteFeed } from "../../src/node/SqliteFeed.ts"
import { listen } from "../../src/twin/server.ts"
import { makeRevRingTwin } from "../../adapters/revring/Twin.ts"
import { at, seen } from "../changes/feedLaws.ts"
import { compileCache, main, type Ran, unicall } from "./unicall.ts"

let folder = ""
let file = ""
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "unicall-changes-cli-"))
  file = join(folder, "changes.sqlite")
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const inFeed = <A, E>(use: (feed: ChangeFeed["Service"]) => Effect.Effect<A, E>): Promise<A> =>
  Effect.runPromise(Effect.scoped(Effect.flatMap(makeSqliteFeed({ file }), use)))

const record = (...names: ReadonlyArray<string>) =>
  inFeed((feed) => Effect.forEach(names, (name, index) => feed.record("", [seen(name)], at(index))))

const changes = (...args: ReadonlyArray<string>): Promise<Ran> => unicall(folder, ["changes", "--feed", file, ...args])

const references = ({ stdout }: Ran): ReadonlyArray<string> =>
  stdout
    .trimEnd()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const read: unknown = JSON.parse(line)
      return typeof read === "object" && read !== null && "reference" in read ? String(read.reference) : line
    })

describe("unicall changes", () => {
  it("prints what is kept, and for a name what it has not been told", async () => {
    await record("a", "b")
    const { code, stdout } = await changes()
    expect([code, stdout]).toEqual([
      EXIT.ok,
      [
        "1         2026-03-02T15:00:00.000Z  accepted   revox:order a                   lead a\n",
        "2         2026-03-02T15:00:01.000Z  accepted   revox:order b                   lead b\n"
      ].join("")
    ])
    expect(references(await changes("--after", "1", "--json"))).toEqual(["lead b"])
    expect(references(await changes("--consumer", "crm", "--json"))).toEqual(["lead a", "lead b"])
    await record("c")
    expect(references(await changes("--consumer", "crm", "--json"))).toEqual(["lead c"])
    expect(references(await changes("--consumer", "new", "--from", "3", "--json"))).toEqual(["lead c"])
    expect((await changes("--consumer", "late", "--from", "now")).stdout).toBe("")
    const consumers = await unicall(folder, ["changes", "consumers", "--feed", file])
    expect(consumers.stdout).toMatch(/^CONSUMER {2}POSITION {2}BEHIND {2}LAST SEEN\ncrm {7}3 {9}0 /)
  })

  it("says that changes have been forgotten, and skips them when it is told to", async () => {
    await record("a", "b", "c")
    await changes("--consumer", "crm")
    await record("d", "e")
    // The fourth and the fifth were heard at 0 and 1 seconds, the third at 2.
    await inFeed((feed) => feed.forget({ tenant: "", changesBefore: at(3), callsBefore: at(0), limit: 99 }))
    await record("f")
    const failed = await changes("--consumer", "crm")
    expect(failed.code).toBe(EXIT.incomplete)
    expect(failed.stderr).toContain("change 4 has been forgotten, the oldest that is kept is 6")
    expect(references(await changes("--consumer", "crm", "--skip-forgotten", "--json"))).toEqual(["lead f"])
    expect(references(await changes("--json"))).toEqual(["lead f"])
  })

  it.each([
    [["--consumer", "crm", "--after", "1"], EXIT.usage, "--after: expected nothing beside --consumer"],
    [["--from", "now"], EXIT.usage, "--from: expected --consumer"],
    [["--consumer", "crm", "--from", "start"], EXIT.usage, "--from: expected oldest, now, or a position"],
    [["--consumer", ""], EXIT.usage, "consumer: expected one line"]
  ] as const)("refuses %j", async (args, exit, message) => {
    await record("a")
    const { code, stderr, stdout } = await changes(...args)
    expect([code, stdout]).toEqual([exit, ""])
    expect(stderr).toContain(message)
  })

  it("makes no feed where there is none, and asks for one", async () => {
    expect((await changes()).stderr).toContain("no such file")
    expect(existsSync(file)).toBe(false)
    const { code, stderr } = await unicall(folder, ["changes"])
    expect([code, stderr]).toEqual([EXIT.usage, expect.stringContaining("--feed: expected a file")])
  })

  it("goes on with what comes, and tells again what it was killed over", async () => {
    await record("a")
    const following = () =>
      spawn(process.execPath, ["--no-warnings", main, "changes", "--feed", file, "--consumer", "crm", "--json", "-f"], {
        env: { ...process.env, ...compileCache }
      })
    const child = following()
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    expect((await lines.next()).value).toContain("lead a")
    await record("b")
    expect((await lines.next()).value).toContain("lead b")
    child.kill("SIGKILL")
    await once(child, "exit")
    const again = references(await changes("--consumer", "crm", "--json"))
    // It may have come to its next question by then.
    expect([["lead b"], []]).toContainEqual(again)
  })
})

describe("commands about calls", () => {
  it("record what they hear in the feed that is named", async () => {
    const twin = await listen(makeRevRingTwin(), { speed: 600 })
    const env = { REVRING_API_KEY: "twin-key", REVRING_BASE_URL: twin.url, REVOX_API_KEY: "", VAPI_API_KEY: "" }
    const before = { ...process.env }
    Object.assign(process.env, env)
    try {
      const files = ["--journal", join(folder, "journal.sqlite"), "--feed", file]
      const number = ["--to", "+12025550100", "--from", "+12025550199", "--agent", "agent-1", "--reference", "lead-9"]
      const placed = await unicall(folder, ["place", "--provider", "revring", ...number, "--wait", "--yes", ...files])
      expect(placed.code).toBe(EXIT.ok)
      const told = await changes("--json")
      expect(new Set(references(told))).toEqual(new Set(["lead-9"]))
      expect(told.stdout).toContain(`"change":"ended"`)
      expect(told.stdout).not.toContain("+1202")
    } finally {
      for (const name of Object.keys(env)) {
        const value = before[name]
        if (value === undefined) delete process.env[name]
        else process.env[name] = value
      }
      await twin.close()
    }
  })
})
