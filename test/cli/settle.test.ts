import { once } from "node:events"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { numberDigest } from "../../src/calls/orderDigest.ts"
import { PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { EXIT } from "../../src/cli/ExitCode.ts"
import { OrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { Instant } from "../../src/domain/Instant.ts"
import { PhoneNumber } from "../../src/domain/PhoneNumber.ts"
import { layerSqliteJournal } from "../../src/node/SqliteJournal.ts"
import { openShell, type Shell } from "./liveShell.ts"

let shell: Shell
beforeAll(async () => {
  shell = await openShell({ revring: { faults: "place:drop/accepted*1,place:drop*1" } })
})
afterAll(() => shell.close())

/** Another journal, in which no order of these is known. */
const journalIn = (name: string) => join(shell.folder, `${name}.sqlite`)

const args = (digits: string, reference: string, provider = "revring") =>
  `--provider ${provider} --to +120255501${digits} --from +12025550199 --agent a --reference ${reference}`.split(" ")

const lines = (text: string): ReadonlyArray<unknown> =>
  text
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line))

const minutesAgo = (minutes: number) => Instant.make(new Date(Date.now() - minutes * 60_000).toISOString())

/** Has orders called absent an hour ago, and one that turned out to exist half an hour later. */
const calledAbsent = (file: string, references: ReadonlyArray<string>, to: string, wrong?: string): Promise<void> => {
  const write = Effect.gen(function* () {
    const journal = yield* PlacementJournal
    const provider = ProviderId.make("revring")
    for (const each of references) {
      const key = { tenant: "", reference: each }
      const digest = numberDigest(PhoneNumber.make(to))
      yield* journal.reserve({ ...key, provider, token: each, numberDigest: digest, at: minutesAgo(90) })
      const missed = { state: "uncertain", because: "TimedOut", evidence: "not_listed", missedMillis: 600_000 } as const
      yield* journal.settle(key, each, missed, minutesAgo(70))
      yield* journal.settle(key, each, { state: "absent", evidence: "not_listed" }, minutesAgo(60))
    }
    if (wrong === undefined) return
    const found = { state: "accepted", orderId: OrderId.make("o-1"), evidence: "reference_seen" } as const
    yield* journal.settle({ tenant: "", reference: wrong }, wrong, found, minutesAgo(30))
  })
  const journal = layerSqliteJournal({ file })
  return Effect.runPromise(Effect.provide(write, journal))
}

/** Watches until standard output holds all of these; what was written then. */
const watch = async (given: ReadonlyArray<string>, awaited: ReadonlyArray<string>) => {
  const watching = shell.start(["reconcile", "--watch", "--every", "1s", ...given])
  const { stdout } = watching.child
  if (stdout === null) throw new Error("no output")
  let seen = ""
  while (!awaited.every((each) => seen.includes(each))) seen += String((await once(stdout, "data"))[0])
  watching.child.kill("SIGINT")
  return await watching.ran
}

describe("reconcile --watch", () => {
  it("shows what it finds, and what a person must answer, until it is stopped", async () => {
    const placed = [
      await shell.run(["place", ...args("00", "lost")]),
      await shell.run(["place", ...args("00", "dropped")])
    ]
    expect(placed.map(({ code }) => code)).toEqual([EXIT.uncertain, EXIT.uncertain])
    const watching = shell.start(["reconcile", "--watch", "--every", "1s", "--json"])
    const { stdout } = watching.child
    if (stdout === null) throw new Error("no output")
    let seen = ""
    while (!seen.includes("dropped") || !seen.includes("lost")) seen += String((await once(stdout, "data"))[0])
    const lists = () => shell.revring.requests.filter(({ operation }) => operation === "list").length
    const before = lists()
    while (lists() < before + 2) await new Promise((resolve) => setImmediate(resolve))
    watching.child.kill("SIGINT")
    const { code, stdout: shown } = await watching.ran
    expect(code).toBe(EXIT.interrupted)
    const results = lines(shown)
    expect(results).toContainEqual(expect.objectContaining({ state: "accepted", reference: "lost" }))
    const open = results.filter((each) => JSON.stringify(each).includes('"dropped"'))
    // It was young at first; nothing is shown again that is the same.
    expect(open).toEqual([expect.objectContaining({ state: "uncertain", reference: "dropped" })])
  })

  it.each([
    [["--watch", "lead-1"], "--watch: expected no references"],
    [["--watch", "--every", "999ms"], "expected at least 1s"],
    [["--listed", "acme=2026-03-02"], "--listed: expected revox or revring or vapi, and =DATE"],
    [["--call", "revring:1"], "--call: expected one reference"],
    [["lead-1", "--call", "1"], "--call: expected revox:ID or revring:ID"]
  ])("refuses %s", async (given, message) => {
    const { code, stderr } = await shell.run(["reconcile", ...given])
    expect([code, stderr]).toEqual([EXIT.usage, expect.stringContaining(message)])
  })

  it.each([
    [["--listed", "revox=2026-03-02"], "the list of Revox does not tell references"],
    [["--listed", "revring=2999-01-01"], "of a time that has passed"],
    [["--listed", "revring"], "ISO 8601"]
  ])("does not open with a policy that cannot be followed: %s", async (given, message) => {
    const { code, stderr } = await shell.run(["reconcile", ...given])
    expect(code).toBe(EXIT.usage)
    expect(stderr).toContain(message)
    expect(stderr).toMatch(/ Look at --listed\.\n$/)
  })

  it("opens with one that can", async () => {
    const { code } = await shell.run(["reconcile", "lost", "--listed", "revring=2026-03-02"])
    expect(code).toBe(EXIT.ok)
  })
})

describe("a person who has looked", () => {
  it("says which call it is; another one is refused", async () => {
    await shell.run(["place", ...args("20", "other")])
    const [lost, other] = shell.revring.orders.map(({ id }) => id)
    const wrong = await shell.run(["reconcile", "dropped", "--call", `revring:${other}`])
    expect([wrong.code, wrong.stderr]).toEqual([
      EXIT.usage,
      expect.stringContaining("call: expected a call to the number")
    ])
    const known = await shell.run(["reconcile", "lost", "--call", `revring:${lost}`, "--json"])
    expect(known.code).toBe(EXIT.ok)
    const [taken, free] = [
      await shell.run(["reconcile", "lost", "--call", `revring:${other}`]),
      await shell.run(["reconcile", "unknown", "--call", `revring:${other}`])
    ]
    expect([taken.code, taken.stdout, taken.stderr]).toEqual([
      EXIT.usage,
      "",
      expect.stringContaining("call: expected the call that this order is known to be")
    ])
    expect([free.code, free.stdout, free.stderr]).toEqual([
      EXIT.usage,
      "",
      expect.stringContaining("call: expected none, since no placement holds this reference")
    ])
  })
})

describe("an order that was called absent, and whose provider's lists were wrong since", () => {
  it("is given up by whoever takes it on themselves, and can be placed again", async () => {
    const file = journalIn("doubted")
    await calledAbsent(file, ["doubted", "wrong"], "+12025550130", "wrong")
    const run = (given: ReadonlyArray<string>) => shell.run([...given, "--journal", file])
    const again = await run(["place", ...args("30", "doubted")])
    expect([again.code, again.stderr]).toEqual([EXIT.uncertain, expect.stringContaining("doubted' --release")])
    const shown = await run(["reconcile", "doubted", "--json"])
    expect([shown.code, lines(shown.stdout)]).toEqual([
      EXIT.uncertain,
      [expect.objectContaining({ state: "absent", doubted: true })]
    ])
    const unsure = await run(["reconcile", "doubted", "--release"])
    expect([unsure.code, unsure.stderr]).toEqual([EXIT.usage, expect.stringContaining("--release: expected --yes")])
    const released = await run(["reconcile", "doubted", "--release", "--yes", "--json"])
    expect([released.code, lines(released.stdout)]).toEqual([EXIT.ok, [{ state: "released", reference: "doubted" }]])
    const placed = await run(["place", ...args("30", "doubted"), "--json"])
    expect(lines(placed.stdout)).toEqual([expect.objectContaining({ state: "accepted", already: false })])
  })
})

describe("an order that was called absent, and exists", () => {
  it("is told as what was wrong, whichever way it is found", async () => {
    for (const reference of ["found", "watched", "stale"]) await shell.run(["place", ...args("00", reference)])
    const idOf = (reference: string) =>
      shell.revring.orders.find((order) => JSON.stringify(order).includes(`"${reference}"`))?.id ?? "none"
    const why = "Find out why the provider's list had not held it before --listed is confirmed with a later date."
    const found = journalIn("found")
    await calledAbsent(found, ["found"], "+12025550100")
    const named = await shell.run(["reconcile", "found", "--journal", found])
    expect([named.code, named.stdout]).toEqual([EXIT.uncertain, ""])
    expect(named.stderr).toContain(`revring:${idOf("found")}`)
    expect(named.stderr).toContain(why)
    const stale = journalIn("stale")
    await calledAbsent(stale, ["stale"], "+12025550100")
    const looked = await shell.run(["reconcile", "--journal", stale])
    expect([looked.code, looked.stderr]).toEqual([EXIT.uncertain, expect.stringContaining(why)])
    const watched = journalIn("watched")
    await calledAbsent(watched, ["watched"], "+12025550100")
    const { stdout, stderr } = await watch(["--json", "--journal", watched], ["watched"])
    expect(lines(stdout)).toEqual([expect.objectContaining({ state: "accepted", wasAbsent: true })])
    expect(stderr).toContain(
      `revring:${idOf("watched")}: it had been called absent, and exists; no more orders of revring are\n`
    )
  })
})

describe("place --not-after", () => {
  it("places nothing too late, and says so", async () => {
    const { code, stdout, stderr } = await shell.run([
      "place",
      ...args("00", "late"),
      "--not-after",
      "2026-01-01T00:00:00Z",
      "--json"
    ])
    expect([code, stderr]).toEqual([EXIT.refused, expect.stringContaining("late: too late")])
    expect(lines(stdout)).toEqual([expect.objectContaining({ state: "expired", notAfter: "2026-01-01T00:00:00.000Z" })])
    const soon = await shell.run(["place", ...args("00", "late"), "--not-after", "2999-01-01T00:00:00Z", "--json"])
    expect(lines(soon.stdout)).toEqual([expect.objectContaining({ state: "accepted", already: false })])
  })
})

describe("doctor --list", () => {
  const findingsOf = async () => {
    const { stdout } = await shell.run(["doctor", "--list", "--json"])
    const { findings } = JSON.parse(stdout)
    return new Map<string, object>(findings.map((each: { readonly about: string }) => [each.about, each]))
  }

  it("counts the orders of the one who asks alone", async () => {
    const env = { UNICALL_TENANT: "acme" }
    const findingOf = async (
      given: ReadonlyArray<string>,
      options: { readonly env?: { readonly [name: string]: string } }
    ) => {
      const { stdout } = await shell.run(["doctor", "--list", "--provider", "revring", "--json", ...given], options)
      const { findings } = JSON.parse(stdout)
      return findings.find((each: { readonly about: string }) => each.about === "revring list")
    }
    await shell.run(["place", ...args("00", "of-acme")], { env })
    expect(await findingOf([], { env })).toMatchObject({ found: expect.stringContaining("1 accepted order: ") })
    expect(await findingOf(["--tenant", "acme"], {})).toMatchObject({
      found: expect.stringContaining("1 accepted order: ")
    })
    expect(await findingOf(["--tenant", "other"], {})).toMatchObject({ verdict: "skip" })
  })

  it("refuses a tenant that is none", async () => {
    const given = await shell.run(["doctor", "--tenant", "a\nb"])
    const named = await shell.run(["doctor"], { env: { UNICALL_TENANT: "a\nb" } })
    expect([given.code, named.code]).toEqual([EXIT.usage, EXIT.usage])
    expect(given.stderr).toContain("--tenant: expected one line of 1 to 200 characters")
    expect(named.stderr).toContain("UNICALL_TENANT: expected one line of 1 to 200 characters")
  })

  it("tells whether the list tells the references of what the journal holds", async () => {
    const found = await findingsOf()
    expect(found.get("revring list")).toMatchObject({
      verdict: "warn",
      found: expect.stringMatching(/^tells the references of all \d+ accepted orders: /),
      fix: expect.stringContaining("have it shown for orders that are")
    })
    expect(found.get("revox list")).toMatchObject({
      verdict: "skip",
      found: expect.stringContaining("tells no references")
    })
  })
})
