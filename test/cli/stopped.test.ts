/** Commands that are stopped: their output is closed or full, their terminal goes, or a signal comes. */
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { EXIT } from "../../src/cli/ExitCode.ts"
import { linesOf, openShell, type Running, sendings, type Shell } from "./liveShell.ts"
import { unicall } from "./unicall.ts"

// Several processes start in some of them.
vi.setConfig({ testTimeout: 180_000 })

let shell: Shell

afterEach(() => shell.close())

const COUNT = 12

const references = Array.from({ length: COUNT }, (_, index) => `lead-${index}`)

const orders = references
  .map((reference) => JSON.stringify({ to: "+12025550110", agent: { id: "agent-1" }, reference }))
  .join("\n")

/** The flags as one text: none of the values holds a space. */
const place = (flags: string): ReadonlyArray<string> => ["place", "--provider", "revox", ...flags.split(" ")]

const sent = (): ReadonlyArray<string> => references.filter((reference) => sendings(shell.revox, reference) > 0)

/** Nobody reads what it writes any more. */
const closeOutput = ({ child }: Running): void => {
  child.stdout?.destroy()
}

/** The names below a heading, a line each, to the end. */
const listed = (stderr: string, heading: RegExp): ReadonlyArray<string> => {
  const lines = linesOf(stderr)
  const at = lines.findIndex((line) => heading.test(line))
  return at < 0 ? [] : lines.slice(at + 1)
}

const toldIn = (text: string): ReadonlyArray<string> =>
  references.filter((reference) => new RegExp(`\\b${reference}\\b.*revox:[-\\w]+`).test(text))

/** Each order is either sent, once, and told with its call, or listed as not sent. */
const expectNothingLost = (stdout: string, stderr: string): void => {
  const unsent = listed(stderr, /^\d+ orders? not sent:$/)
  const told = linesOf(stdout + stderr.replace(/\d+ orders? not sent:[^]*/, "")).join("\n")
  expect([...unsent].toSorted()).toEqual(references.filter((reference) => !sent().includes(reference)).toSorted())
  expect(toldIn(told.replaceAll('"', " "))).toEqual(sent())
  expect(sent().map((reference) => sendings(shell.revox, reference))).toEqual(sent().map(() => 1))
}

describe("unicall place, slowly", () => {
  beforeEach(async () => {
    shell = await openShell({ revox: { faults: "place:delay=0.3" } })
  })

  it("stops sending when its output is closed, and tells what was sent and what was not", async () => {
    const running = shell.start(place("--order - --json --no-native --parallel 2"), { input: orders })
    running.child.stdout?.once("data", () => closeOutput(running))
    const { code, stdout, stderr } = await running.ran
    expect(code).toBe(EXIT.incomplete)
    expect(sent().length).toBeLessThan(COUNT)
    expectNothingLost(stdout, stderr)
    expect(stderr).toContain("standard output was closed; this was to be written there:\n")
    // Run again, the file goes on from there: nobody is rung twice.
    const again = await shell.run(place("--order - --json --no-native"), { input: orders })
    expect(again.code).toBe(EXIT.ok)
    expect(linesOf(again.stdout)).toHaveLength(COUNT)
    expect(references.map((reference) => sendings(shell.revox, reference))).toEqual(references.map(() => 1))
  })

  it.skipIf(process.platform !== "linux")("stops sending when its output is full", async () => {
    const full = openSync("/dev/full", "w")
    const { code, stderr } = await shell.run(place("--order - --json --parallel 2"), { input: orders, stdout: full })
    closeSync(full)
    expect(code).toBe(EXIT.unreadable)
    expect(sent().length).toBeLessThan(COUNT)
    expectNothingLost("", stderr)
    expect(stderr).toContain("standard output cannot be written (ENOSPC)")
  })

  it("tells a table that nobody reads on standard error", async () => {
    const running = shell.start(place("--order - --parallel 6"), { input: orders })
    closeOutput(running)
    const { code, stderr } = await running.ran
    expect(code).toBe(EXIT.incomplete)
    expect(sent()).toEqual(references)
    expectNothingLost("", stderr)
    expect(stderr).toMatch(/^REFERENCE +CALL +PLACED/m)
  })

  it("tells of calls that it waits for when its output is closed", async () => {
    const input = references
      .map((reference, index) => ({ to: `+120255501${index === 0 ? "20" : "62"}`, agent: { id: "a" }, reference }))
      .map((order) => JSON.stringify(order))
    const running = shell.start(place("--order - --json --no-native --wait --deadline 1m --parallel 12"), {
      input: input.join("\n")
    })
    closeOutput(running)
    const { code, stdout, stderr } = await running.ran
    expect(code).toBe(EXIT.incomplete)
    expectNothingLost(stdout, stderr)
    expect(stderr).toMatch(/^lead-0 +revox:[-\w]+ +now +completed +not_reached/m)
  })

  it("goes on when only its notes cannot be written", async () => {
    const running = shell.start(place("--order - --json --no-native"), { input: `${orders}\n{}` })
    running.child.stderr?.destroy()
    const { code, stdout } = await running.ran
    expect(code).toBe(EXIT.usage)
    expect(linesOf(stdout)).toHaveLength(COUNT + 1)
    expect(sent()).toEqual(references)
  })

  it.each([["SIGINT"], ["SIGTERM"], ["SIGHUP"]] as const)(
    "waits for answers on %s, however often it comes, and lists what was not sent",
    async (signal) => {
      const running = shell.start(place("--order - --parallel 3"), { input: orders })
      while (sent().length < 3) await new Promise((resolve) => setImmediate(resolve))
      for (let often = 0; often < 3; often++) running.child.kill(signal)
      const { code, stdout, stderr } = await running.ran
      expect(code).toBe(EXIT.interrupted)
      expect(sent().length).toBeLessThan(COUNT)
      expectNothingLost(stdout, stderr)
      expect(stderr).toMatch(/^lead-\d+: waiting a moment for the provider's answer$/m)
    }
  )
})

describe("other commands that change something", () => {
  beforeEach(async () => {
    shell = await openShell({ revox: { faults: "place:drop" } })
  })

  it("tell what they came to and what not when nobody reads them", async () => {
    const three = references.slice(0, 3)
    await shell.run(place("--order -"), { input: linesOf(orders).slice(0, 3).join("\n") })
    const reconciling = shell.start(["reconcile", ...three, "--json"])
    closeOutput(reconciling)
    const reconciled = await reconciling.ran
    expect(reconciled.code).toBe(EXIT.incomplete)
    expect(reconciled.stderr).toMatch(/^lead-0 +revox:\? +uncertain/m)
    expect(listed(reconciled.stderr, /^2 references not looked for:$/).slice(0, 2)).toEqual(["lead-1", "lead-2"])

    const releasing = shell.start(["reconcile", ...three, "--release", "--yes"])
    closeOutput(releasing)
    const released = await releasing.ran
    expect(released.code).toBe(EXIT.incomplete)
    for (const reference of three) expect(released.stderr).toMatch(new RegExp(`^${reference} +released`, "m"))

    const canceling = shell.start(["cancel", "revox:gone", "revox:lost"])
    closeOutput(canceling)
    // Nothing was to be printed: the failures are notes.
    expect((await canceling.ran).code).toBe(EXIT.refused)
  })
})

describe("commands that only read", () => {
  beforeEach(async () => {
    shell = await openShell()
  })

  const line = (index: number): string =>
    JSON.stringify({ id: `call-${index}`, toNumber: "+12025550110", fromNumber: "+12025550199", status: "COMPLETED" })

  it("keep what was rejected when nobody reads on", async () => {
    const file = join(shell.folder, "records.ndjson")
    writeFileSync(file, ['{"no":"record"}', ...Array.from({ length: 5000 }, (_, index) => line(index))].join("\n"))
    const running = shell.start(["normalize", file, "--rejects", join(shell.folder, "rejects.ndjson")])
    closeOutput(running)
    const { code } = await running.ran
    expect(code).toBe(EXIT.ok)
    expect(linesOf(readFileSync(join(shell.folder, "rejects.ndjson"), "utf8"))).toHaveLength(1)
  })

  it("write all data though nobody reads the notes", async () => {
    const input = ['{"no":"record"}', line(1)].join("\n")
    const running = shell.start(["normalize", "--no-native"], { input })
    running.child.stderr?.destroy()
    const { code, stdout } = await running.ran
    expect(code).toBe(EXIT.ok)
    expect(linesOf(stdout)).toHaveLength(1)
  })

  it("keep the verdict of a comparison that nobody reads in the exit code", async () => {
    writeFileSync(join(shell.folder, "empty.ndjson"), "")
    const read = await unicall(shell.folder, ["compare", "empty.ndjson"])
    const running = shell.start(["compare", "empty.ndjson"])
    closeOutput(running)
    expect([read.code, (await running.ran).code]).toEqual([EXIT.inconclusive, EXIT.inconclusive])
  })

  it.skipIf(process.platform !== "linux").each([["list", "--provider", "revring"], ["normalize"], ["doctor"]])(
    "say that their output is full: %s",
    async (...args) => {
      await shell.run([
        "place",
        "--provider",
        "revring",
        "--to",
        "+12025550110",
        "--from",
        "+12025550199",
        "--agent",
        "a"
      ])
      const full = openSync("/dev/full", "w")
      const { code, stderr } = await shell.run(args, { input: line(1), stdout: full })
      closeSync(full)
      expect([code, stderr]).toEqual([EXIT.unreadable, expect.stringContaining("output: cannot be written (ENOSPC)")])
    }
  )
})
