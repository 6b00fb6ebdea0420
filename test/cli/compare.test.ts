import { spawnSync } from "node:child_process"
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { providers } from "../../adapters/index.ts"
import { PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { assign } from "../../src/experiment/assignment.ts"
import type { Comparison } from "../../src/compare/Comparison.ts"
import type { Experiment } from "../../src/experiment/Experiment.ts"
import { freeze } from "../../src/experiment/freeze.ts"
import { OrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { Instant } from "../../src/domain/Instant.ts"
import { layerSqliteJournal } from "../../src/node/SqliteJournal.ts"
import { main, unicall } from "./unicall.ts"

/** Numbers for fiction, in several countries' worth. */
const numberOf = (index: number): string => `+3319900${String(index).padStart(4, "0")}`

const minute = (index: number, seconds = 0): string =>
  new Date(Date.UTC(2026, 2, 2, 9) + index * 60_000 + seconds * 1000).toISOString()

const SECRET_WORDS = "Zefira wants the blue one"

const turns = (roles: readonly [agent: string, remote: string]) =>
  [0, 1].flatMap(() => roles.map((role) => ({ role, content: SECRET_WORDS })))

interface Call {
  readonly index: number
  readonly human: boolean
  readonly agent?: string
  readonly tag?: string
}

const revoxOrder = ({ index, human, agent = "asst-1", tag }: Call) => ({
  id: `ox-${index}`,
  assistant: { id: agent, name: agent },
  created_at: minute(index),
  updated_at: minute(index, 90),
  direction: "outbound",
  status: "completed",
  to_phone_number: numberOf(index),
  ...(tag === undefined ? {} : { metadata: { unicall_experiment: tag } }),
  call_attempts: [
    {
      id: `oxa-${index}`,
      phone_number: numberOf(index),
      started_at: minute(index, 1),
      ended_at: minute(index, 60),
      ...(human
        ? {
            answered_at: minute(index, 10),
            status: "completed",
            result: "human",
            transcript: turns(["assistant", "user"])
          }
        : { status: "error", dial_error: "busy" })
    }
  ]
})

const revringCall = ({ index, human, agent = "agent-1", tag }: Call) => ({
  id: `ring-${index}`,
  organizationId: "org",
  direction: "OUTBOUND",
  fromNumber: "+12025550199",
  toNumber: numberOf(index),
  agentId: agent,
  createdAt: minute(index),
  updatedAt: minute(index, 90),
  initiatedAt: minute(index, 1),
  endedAt: minute(index, 60),
  ...(tag === undefined ? {} : { variables: { unicall_experiment: tag } }),
  ...(human
    ? { startedAt: minute(index, 10), status: "COMPLETED", transcript: turns(["assistant", "user"]) }
    : { status: "FAILED", errorMessage: "SIP 486 Busy Here" })
})

const ORDERS = 600
const range = (count: number): ReadonlyArray<number> => Array.from({ length: count }, (_, index) => index)
const ndjson = (records: ReadonlyArray<unknown>): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join("")

/** Three of ten are reached by one, six of ten by the other. */
const revoxCalls = range(ORDERS).map((index) =>
  revoxOrder({ index, human: index % 10 < 3, agent: index % 2 === 0 ? "asst-1" : "asst-2" })
)
const revringCalls = range(ORDERS).map((index) => revringCall({ index: index + ORDERS, human: index % 10 < 6 }))

const draft: Experiment = {
  id: "spring",
  arms: [
    { name: "old", provider: ProviderId.make("revox"), share: 1 },
    { name: "new", provider: ProviderId.make("revring"), share: 1 }
  ],
  unit: "number",
  salt: "q7Zt0pVx93LmWc5R",
  primary: { metric: "first_attempt.connected", smallestEffect: 0.05 }
}
const experiment = Result.getOrThrow(freeze(draft, Instant.make("2026-03-01T00:00:00.000Z"), providers))

const assigned = range(ORDERS).map((index) => {
  const arm = assign(experiment, numberOf(index)).name
  const tag = `spring/${arm}/0123456789ab`
  const make = arm === "old" ? revoxOrder : revringCall
  return { arm, record: make({ index, human: index % 10 < (arm === "old" ? 3 : 7), tag }) }
})

let folder = ""

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "unicall-compare-"))
  const write = (name: string, content: string) => writeFileSync(join(folder, name), content)
  write("revox.ndjson", ndjson(revoxCalls))
  write("revring.ndjson", ndjson(revringCalls))
  write("experiment.json", JSON.stringify(experiment))
  write("changed.json", JSON.stringify({ ...experiment, alpha: 0.2 }))
  write("assigned.ndjson", ndjson(assigned.map(({ record }) => record)))
  write(
    "skewed.ndjson",
    ndjson(assigned.filter(({ arm }, index) => arm === "old" || index % 2 === 0).map(({ record }) => record))
  )
  write("broken.ndjson", `${ndjson(revoxCalls.slice(0, 9))}{"to":"${numberOf(7)}","cal\n{"hello":"${numberOf(7)}"}\n`)
  mkdirSync(join(folder, "reports"))
  symlinkSync(join(folder, "revox.ndjson"), join(folder, "link-to-input.html"))
  const journal = Layer.provide(
    Layer.effectDiscard(
      Effect.gen(function* () {
        const { reserve, settle } = yield* PlacementJournal
        for (const index of range(40)) {
          const [reference, token, at] = [`lead-${index}`, `token-${index}`, Instant.make(minute(index))]
          const provider = ProviderId.make(index % 2 === 0 ? "revox" : "revring")
          yield* reserve({ tenant: "", reference, provider, token, numberDigest: "0000", at })
          if (index % 4 !== 0)
            yield* settle(
              { tenant: "", reference },
              token,
              { state: "accepted", orderId: OrderId.make(`o-${index}`) },
              at
            )
        }
      })
    ),
    layerSqliteJournal({ file: join(folder, "journal.sqlite") })
  )
  await Effect.runPromise(Effect.scoped(Layer.build(journal)))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = (args: ReadonlyArray<string>, input?: string) => unicall(folder, ["compare", ...args], input)

const EXPORTS = ["revox.ndjson", "revring.ndjson"]

const parse = (text: string): Comparison => JSON.parse(text)
const primaryOf = ({ metrics }: Comparison) => metrics.find(({ role }) => role === "primary")
const onOneLine = (text: string): string => text.replace(/\s+/gu, " ")

describe.concurrent("unicall compare", () => {
  it("prints what came of it and the table, and nothing else to standard output", async () => {
    const { code, stdout, stderr } = await run(EXPORTS)
    expect(code).toBe(0)
    const row = /^Conversation\* +30\.0 % +60\.0 % +\+30\.0 points +Higher in this$/mu
    expect(stdout).toMatch(row)
    expect(stdout.search(row)).toBeGreaterThan(stdout.indexOf("revring is higher than revox in this data."))
    expect(stderr).toMatch(
      /^1,200 records in = 1,200 orders compared \+ 0 folded into them \+ 0 left out, in [\d.]+ s$/mu
    )
  })

  it("is plain and narrow where it is piped", async () => {
    const { stdout } = await run(EXPORTS)
    expect(stdout).not.toContain("\u001B")
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([])
  })

  it.each([[[]], [["--json"]], [["--markdown"]]])("tells no number, name or word of a call, with %j", async (flags) => {
    const { stdout, stderr } = await run([...EXPORTS, "broken.ndjson", ...flags])
    expect(stdout + stderr).not.toMatch(/Zefira|\+?3319900|\+?1202555|blue one/u)
  })

  it("prints all of it as JSON", async () => {
    const { code, stdout } = await run([...EXPORTS, "--json"])
    expect(code).toBe(0)
    const comparison = parse(stdout)
    expect(comparison.arms.map(({ name, orders, baseline }) => [name, orders, baseline])).toEqual([
      ["revox", ORDERS, true],
      ["revring", ORDERS, false]
    ])
    expect(primaryOf(comparison)?.id).toBe("first_attempt.human_reached")
    expect(primaryOf(comparison)?.contrasts[0]?.verdict).toBe("better")
    expect(comparison.checks.map(({ id }) => id)).toContain("no_assignment")
  })

  it("prints Markdown", async () => {
    const { code, stdout } = await run([...EXPORTS, "--markdown"])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^## revox and revring compared\n/u)
    expect(stdout).toContain("| Conversation\\* | 30.0 % (of 600) | 60.0 % (of 600) |")
  })

  it("reads standard input, folders and what normalize wrote, with the same result", async () => {
    const normalized = await unicall(folder, ["normalize", "--no-native", ...EXPORTS])
    const [files, piped, records] = await Promise.all([
      run([...EXPORTS, "--json"]),
      run(["-", "--json"], ndjson([...revringCalls, ...revoxCalls, ...revoxCalls])),
      run(["--json"], normalized.stdout)
    ])
    expect(parse(records.stdout).metrics).toEqual(parse(files.stdout).metrics)
    expect(parse(piped.stdout).metrics).toEqual(parse(files.stdout).metrics)
    expect(parse(piped.stdout).data).toMatchObject({ records: 3 * ORDERS, orders: 2 * ORDERS, folded: ORDERS })
  })

  it("compares agents, with the baseline that is named", async () => {
    const { code, stdout } = await run(["revox.ndjson", "--by", "agent", "--baseline", "asst-2", "--json"])
    expect(code).toBe(0)
    expect(parse(stdout).arms.map(({ name, baseline }) => [name, baseline])).toEqual([
      ["asst-2", true],
      ["asst-1", false]
    ])
  })

  it("uses the analysis, alpha, time zone and primary metric that are asked for", async () => {
    const flags = ["--analysis", "fixed", "--alpha", "0.01", "--time-zone", "Europe/Paris"]
    const { stdout } = await run([...EXPORTS, "--json", ...flags, "--primary", "first_attempt.connected"])
    const comparison = parse(stdout)
    expect(comparison.settings).toMatchObject({ analysis: "fixed", alpha: 0.01, timeZone: "Europe/Paris" })
    expect(primaryOf(comparison)).toMatchObject({ id: "first_attempt.connected", contrasts: [{ level: 0.99 }] })
  })
})

describe.concurrent("unicall compare --html", () => {
  it("writes one file, says where, and still prints the table", async () => {
    const { code, stdout, stderr } = await run([...EXPORTS, "--html", "reports/one.html"])
    expect(code).toBe(0)
    expect(stdout).toContain("METRIC")
    expect(stderr).toContain("report written to reports/one.html")
    const html = readFileSync(join(folder, "reports", "one.html"), "utf8")
    expect(html).toMatch(/^<!doctype html>/iu)
    expect(html).toMatch(/<\/html>\s*$/u)
    expect(html).toMatch(/60\.0\s%/u)
  })

  it("leaves standard output to --json", async () => {
    const { stdout } = await run([...EXPORTS, "--json", "--html", "reports/two.html"])
    expect(parse(stdout).kind).toBe("comparison")
    expect(existsSync(join(folder, "reports", "two.html"))).toBe(true)
  })

  it("replaces an older report, also behind a link, and leaves nothing beside it", async () => {
    mkdirSync(join(folder, "replaced"))
    const [file, link] = [join(folder, "replaced", "report.html"), join(folder, "replaced", "latest.html")]
    writeFileSync(file, "older")
    symlinkSync(file, link)
    const { code } = await run([...EXPORTS, "--html", "replaced/latest.html"])
    expect(code).toBe(0)
    expect(readFileSync(file, "utf8")).toContain("</html>")
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(readdirSync(dirname(file)).toSorted()).toEqual(["latest.html", "report.html"])
  })

  it.each(["revox.ndjson", "./reports/../revring.ndjson", "link-to-input.html"])(
    "does not overwrite an input: %s",
    async (name) => {
      const before = readFileSync(join(folder, name), "utf8")
      const { code, stdout, stderr } = await run([...EXPORTS, "--html", name])
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
      expect(stderr).toContain("expected another file than the inputs")
      expect(readFileSync(join(folder, name), "utf8")).toBe(before)
    }
  )

  it("does not overwrite the file that standard input comes from", () => {
    const file = join(folder, "redirected.ndjson")
    writeFileSync(file, readFileSync(join(folder, "revox.ndjson")))
    const fd = openSync(file, "r")
    const ran = spawnSync(process.execPath, ["--no-warnings", main, "compare", "--html", file], {
      stdio: [fd, "pipe", "pipe"],
      encoding: "utf8"
    })
    closeSync(fd)
    expect({ code: ran.status, stdout: ran.stdout }).toEqual({ code: 2, stdout: "" })
    expect(ran.stderr).toContain("expected another file than the inputs")
    expect(readFileSync(file)).toEqual(readFileSync(join(folder, "revox.ndjson")))
  })

  it("does not overwrite the experiment or the journal", async () => {
    const read = ["--experiment", "experiment.json", "--journal", "journal.sqlite", "assigned.ndjson"]
    for (const name of ["experiment.json", "journal.sqlite"]) {
      expect((await run([...read, "--html", name])).code).toBe(2)
    }
  })

  it.each([
    ["reports", 2],
    ["no-such-folder/report.html", 3]
  ])("refuses %s before anything is read", async (name, expected) => {
    const { code, stdout, stderr } = await run(["broken.ndjson", "--html", name])
    expect({ code, stdout }).toEqual({ code: expected, stdout: "" })
    expect(stderr).not.toContain("rejected")
  })
})

describe.concurrent("unicall compare --experiment", () => {
  const args = ["--experiment", "experiment.json"]

  it("takes arms, primary metric and least effect from the experiment", async () => {
    const { code, stdout } = await run([...args, "assigned.ndjson", "--json"])
    expect(code).toBe(0)
    const comparison = parse(stdout)
    expect(comparison.arms.map(({ name }) => name)).toEqual(["old", "new"])
    expect(primaryOf(comparison)).toMatchObject({ id: "first_attempt.connected", smallestEffect: 0.05 })
    expect(comparison.experiment).toMatchObject({ id: "spring", frozen: true, digest: experiment.frozen?.digest })
    expect(comparison.checks).toContainEqual(expect.objectContaining({ id: "sample_ratio", outcome: "passed" }))
  })

  it("never shows its salt", async () => {
    const { stdout, stderr } = await run([...args, "assigned.ndjson", "--json"])
    expect(stdout + stderr).not.toContain(experiment.salt)
  })

  it("exits with 11 where a check failed, having printed why", async () => {
    const { code, stdout, stderr } = await run([...args, "skewed.ndjson"])
    expect(code).toBe(11)
    expect(stdout).toMatch(/^ {2}FAILED {3}Split between arms\. The persons are not split as the experiment says/mu)
    expect(stdout).toMatch(/^Connected .*Not comparable$/mu)
    expect(stderr).toContain("nothing can be concluded")
  })

  it("refuses one that was changed after its start", async () => {
    const { code, stdout, stderr } = await run(["--experiment", "changed.json", "assigned.ndjson"])
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
    expect(stderr).toContain("changed.json: alpha: expected ")
  })

  it.each([
    ["--by", "agent"],
    ["--baseline", "new"],
    ["--analysis", "fixed"],
    ["--alpha", "0.1"],
    ["--time-zone", "UTC"],
    ["--primary", "first_attempt.connected"]
  ])("refuses %s, which it settles", async (flag, value) => {
    const { code, stderr } = await run([...args, flag, value, "assigned.ndjson"])
    expect(code).toBe(2)
    expect(stderr).toContain(`${flag}: expected without --experiment`)
  })
})

describe.concurrent("unicall compare --journal", () => {
  it("adds placements, and needs no other input", async () => {
    const { code, stdout, stderr } = await run(["--journal", "journal.sqlite", "--json"])
    expect(code).toBe(0)
    expect(parse(stdout).data).toMatchObject({ records: 40, placements: 40 })
    const uncertain = parse(stdout).metrics.find(({ id }) => id === "placement.uncertain")
    expect(uncertain?.arms.map(({ arm, count, n }) => [arm, count, n])).toEqual([
      ["revox", 10, 20],
      ["revring", 0, 20]
    ])
    expect(stderr).toContain("40 placements")
  })

  it("neither makes a journal nor takes another file for one", async () => {
    const [missing, other] = await Promise.all([
      run(["--journal", "no-such.sqlite"]),
      run(["--journal", "experiment.json"])
    ])
    expect([missing.code, other.code]).toEqual([3, 3])
    expect(missing.stderr).toContain("no-such.sqlite: no such file or folder")
    expect(existsSync(join(folder, "no-such.sqlite"))).toBe(false)
  })
})

describe.concurrent("mistakes", () => {
  it.each([
    [["--json", "--markdown"], "expected one of them"],
    [["--baseline", "nobody"], "--baseline: expected one of revox, revring"],
    [["--primary", "first_attempt.luck"], "--primary: expected one of first_attempt.connected"],
    [["--primary", "first_attempt.talk_time"], "--primary: expected a metric of which one direction is better"],
    [["--time-zone", "Mars/Olympus"], "--time-zone: expected an IANA name"],
    [["--alpha", "0.9"], "a number from 0.0001 to 0.2"]
  ])("%j is a mistake of usage", async (flags, message) => {
    const { code, stdout, stderr } = await run([...EXPORTS, ...flags])
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
    expect(onOneLine(stderr)).toContain(message)
  })

  it("says what cannot be read", async () => {
    const { code, stdout, stderr } = await run(["revox.ndjson", "nowhere.ndjson"])
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" })
    expect(stderr).toContain("nowhere.ndjson: no such file or folder")
  })

  it("tells each rejected record with its place, and goes on", async () => {
    const { code, stdout, stderr } = await run(["broken.ndjson", "revring.ndjson"])
    expect(code).toBe(0)
    expect(stderr).toMatch(/^rejected broken\.ndjson:10: expected /mu)
    expect(stderr).toMatch(/^rejected broken\.ndjson:11: expected the keys of /mu)
    expect(onOneLine(stdout)).toContain("2 left out: not readable as a record")
  })

  it("exits with 1 where that was asked for", async () => {
    const { code, stdout } = await run(["broken.ndjson", "revring.ndjson", "--fail-on-reject"])
    expect(code).toBe(1)
    expect(stdout).toContain("METRIC")
  })
})

describe("the command line", () => {
  /** What is loaded before any command is known. */
  const loaded = (file: string, seen: Set<string> = new Set()): ReadonlySet<string> => {
    if (seen.has(file)) return seen
    seen.add(file)
    const source = readFileSync(file, "utf8")
    for (const [statement, specifier = ""] of source.matchAll(/^(?:import|export) [^;]*? from "(\.[^"]+\.ts)"$/gmu)) {
      if (!statement.startsWith("import type")) loaded(join(dirname(file), specifier), seen)
    }
    return seen
  }

  it("does not load what compares before it is asked for", () => {
    const files = [...loaded(fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url)))]
    expect(files.filter((file) => file.endsWith("compareCommand.ts"))).toHaveLength(1)
    expect(files.filter((file) => /compareRun|\/src\/compare\//u.test(file.replaceAll("\\", "/")))).toEqual([])
  })
})
