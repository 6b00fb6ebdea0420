import { once } from "node:events"
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import * as Result from "effect/Result"
import { normalize, providers } from "../../adapters/index.ts"
import { EXIT } from "../../src/cli/ExitCode.ts"
import { readTag, TAG_KEY } from "../../src/experiment/assignmentTag.ts"
import { parseExperiment } from "../../src/experiment/parseExperiment.ts"
import { freeze } from "../../src/experiment/freeze.ts"
import { instantAt } from "../../src/domain/Instant.ts"
import { isJsonObject, type JsonObject } from "../../src/domain/Json.ts"
import { linesOf, openShell, sendings, type Shell } from "./liveShell.ts"
import { type Ran, unicall } from "./unicall.ts"

const SALT = "k3Jd92ksLqpz81Xm"

const draft: JsonObject = {
  id: "exp-1",
  arms: [
    { name: "control", provider: "revox", agent: "agent-a", share: 1, providerOptions: { force_now: true } },
    { name: "treatment", provider: "revring", agent: "agent-b", share: 1 }
  ],
  unit: "number",
  salt: SALT,
  primary: { metric: "first_attempt.human_reached", smallestEffect: 0.03 }
}

let shell: Shell

beforeAll(async () => {
  shell = await openShell()
})

afterAll(() => shell.close())

const folders: Array<string> = []
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "unicall-experiment-"))
  folders.push(folder)
  return folder
}
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

const write = (folder: string, name: string, value: unknown): string => {
  const path = join(folder, name)
  writeFileSync(path, JSON.stringify(value, null, 2), { mode: 0o640 })
  return path
}

const jsonIn = (path: string): JsonObject => {
  const value: unknown = JSON.parse(readFileSync(path, "utf8"))
  if (!isJsonObject(value)) throw new Error(`${path}: no object`)
  return value
}

const recordsOf = ({ stdout }: Ran): ReadonlyArray<JsonObject> =>
  linesOf(stdout).map((line) => {
    const value: unknown = JSON.parse(line)
    return isJsonObject(value) ? value : {}
  })

const HOUR_AGO = instantAt(Date.now() - 3_600_000)

/** A file with an experiment that was started an hour ago. */
const startedFile = (changes: JsonObject = {}): string => {
  const frozen = Result.flatMap(parseExperiment({ ...draft, ...changes }, providers.ids), (experiment) =>
    freeze(experiment, HOUR_AGO ?? Result.getOrThrow(Result.fail("no time")), providers)
  )
  return write(newFolder(), "experiment.json", Result.getOrThrow(frozen))
}

describe.concurrent("unicall experiment", () => {
  it("writes an example that only lacks the agents, for its owner's eyes, and overwrites nothing", async () => {
    const folder = newFolder()
    const written = await unicall(folder, ["experiment", "new", "e.json"])
    expect(written).toMatchObject({ code: EXIT.ok, stdout: "" })
    const file = join(folder, "e.json")
    const first = readFileSync(file, "utf8")
    if (process.platform !== "win32") expect(statSync(file).mode & 0o077).toBe(0)
    const again = await unicall(folder, ["experiment", "new", "e.json"])
    expect(again.code).toBe(EXIT.usage)
    expect(readFileSync(file, "utf8")).toBe(first)
    await unicall(folder, ["experiment", "new", "other.json"])
    expect(jsonIn(join(folder, "other.json"))["salt"]).not.toBe(jsonIn(file)["salt"])
    const early = await unicall(folder, ["experiment", "start", "e.json"])
    expect(early.code).toBe(EXIT.usage)
    expect(early.stderr).toContain("e.json: arms[0].agent: expected the id of an agent of yours")
    expect(readFileSync(file, "utf8")).toBe(first)
    writeFileSync(file, first.replaceAll("put the agent's id here", "agent-1"))
    expect((await unicall(folder, ["experiment", "start", "e.json"])).code).toBe(EXIT.ok)
  })

  it("plans: how many, how long, and what other sizes find", async () => {
    const folder = newFolder()
    write(folder, "e.json", draft)
    const plan = ["experiment", "plan", "e.json", "--baseline-rate", "0.4", "--per-day", "200"]
    const [text, json, power] = await Promise.all([
      unicall(folder, plan),
      unicall(folder, [...plan, "--json"]),
      unicall(folder, [...plan, "--power", "0.95", "--json"])
    ])
    expect([text.code, json.code, power.code]).toEqual([EXIT.ok, EXIT.ok, EXIT.ok])
    const [planned = {}, surer = {}] = [...recordsOf(json), ...recordsOf(power)]
    const units = Number(planned["units"])
    expect(planned).toMatchObject({ effect: 0.03, days: Math.ceil(units / 200), analysis: "sequential", power: 0.8 })
    expect(Number(surer["units"])).toBeGreaterThan(units)
    expect(text.stdout).toContain("Conversation (first_attempt.human_reached), 40 % in the baseline arm.")
    expect(text.stdout).toContain(`  ${units.toLocaleString("en-US")} persons: control `)
    expect(text.stdout).toMatch(/^PERSONS +DAYS +FINDS$/m)
    expect(text.stdout).toMatch(/3\.0 points +the plan$/m)
    expect(text.stderr).toContain(`"plannedUnits": ${units}`)
  })

  it("plans for the guardrails whose rate is given, and says which are left out and what decides", async () => {
    const folder = newFolder()
    const guardrails = [
      { metric: "first_attempt.connected", smallestEffect: 0.02 },
      { metric: "first_attempt.remote_hangup_10s" }
    ]
    write(folder, "e.json", { ...draft, guardrails })
    const plan = ["experiment", "plan", "e.json", "--baseline-rate", "0.4"]
    const connected = ["--guardrail-rate", "first_attempt.connected=0.7"]
    const [without, one, wrong] = await Promise.all([
      unicall(folder, plan),
      unicall(folder, [...plan, ...connected]),
      unicall(folder, [...plan, "--guardrail-rate", "first_attempt.connected"])
    ])
    expect([without.code, one.code, wrong.code]).toEqual([EXIT.ok, EXIT.ok, EXIT.usage])
    const leftOut = (id: string) => `Not planned for guardrail ${id}: give its rate by --guardrail-rate ${id}=SHARE.`
    expect(without.stderr).toContain(leftOut("first_attempt.connected"))
    expect(one.stdout).toContain("Guardrail Connected (first_attempt.connected), 70 % in the baseline arm.")
    expect(one.stdout).toContain("To exclude harm of 2.0 points or more where there is none, with a chance of 80 %:")
    expect(one.stdout).toMatch(/^Connected needs the most, so the experiment needs:\n {2}[\d,]+ persons: control /m)
    expect(one.stderr).toContain(leftOut("first_attempt.remote_hangup_10s"))
    expect(one.stderr).not.toContain(leftOut("first_attempt.connected"))
    expect(wrong.stderr).toContain("--guardrail-rate: expected a share above 0 and below 1 for first_attempt.connected")
  })

  it("plans and starts by conversations where agents may listen for mailboxes or not, and says so", async () => {
    const folder = newFolder()
    const arms = ["first", "second"].map((name) => ({ name, provider: "vapi", agent: name, share: 1 }))
    write(folder, "e.json", { ...draft, arms })
    const plan = await unicall(folder, ["experiment", "plan", "e.json", "--baseline-rate", "0.4"])
    const start = await unicall(folder, ["experiment", "start", "e.json"])
    const why =
      "Vapi detects that a mailbox answered (endedReason = voicemail, of a detector that is off unless it is set up: without it a mailbox looks like any other call), and the experiment does not set it up in every arm."
    expect(plan.stdout).toContain("Conversation (first_attempt.human_reached), 40 % in the baseline arm.")
    expect(plan.stderr).toContain(`Conversation is counted, not first_attempt.human_reached.own_word: ${why}\n`)
    expect(start.stderr).toContain("is measured by first_attempt.human_reached.conversation, and by nothing else")
    expect(start.stderr).toContain(`Not by first_attempt.human_reached.own_word: ${why}\n`)
    const { frozen } = jsonIn(join(folder, "e.json"))
    expect(frozen).toMatchObject({
      definitions: { "first_attempt.human_reached": { id: "first_attempt.human_reached.conversation" } }
    })
  })

  it("says what cannot be planned", async () => {
    const folder = newFolder()
    write(folder, "e.json", { ...draft, primary: { metric: "first_attempt.talk_time", better: "higher" } })
    write(folder, "f.json", draft)
    const [seconds, rate] = await Promise.all([
      unicall(folder, ["experiment", "plan", "e.json"]),
      unicall(folder, ["experiment", "plan", "f.json", "--baseline-rate", "40"])
    ])
    expect(seconds).toMatchObject({ code: EXIT.usage, stdout: "" })
    expect(seconds.stderr).toContain("e.json: primary.metric: expected a rate")
    expect(rate).toMatchObject({ code: EXIT.usage, stdout: "" })
    expect(rate.stderr).toContain("--baseline-rate: expected a share above 0 and below 1")
  })

  it("neither plans nor starts what the arms' providers can never be compared by, and says why and what can be", async () => {
    const folder = newFolder()
    const file = write(folder, "e.json", { ...draft, primary: { metric: "order.success" } })
    write(folder, "g.json", { ...draft, guardrails: [{ metric: "order.success" }] })
    const before = readFileSync(file, "utf8")
    const [plan, start, guarded] = await Promise.all([
      unicall(folder, ["experiment", "plan", "e.json"]),
      unicall(folder, ["experiment", "start", "e.json"]),
      unicall(folder, ["experiment", "start", "g.json"])
    ])
    for (const ran of [plan, start, guarded]) {
      expect(ran).toMatchObject({ code: EXIT.usage, stdout: "" })
      expect(ran.stderr).toContain(
        "expected a metric that the providers of all arms tell in the same way. RevRing does not tell what came of the order. These can be compared: first_attempt.connected, "
      )
    }
    expect(plan.stderr).toContain("e.json: primary.metric: ")
    expect(start.stderr).toContain("e.json: primary.metric: ")
    expect(guarded.stderr).toContain("g.json: guardrails[0].metric: ")
    expect(readFileSync(file, "utf8")).toBe(before)
  })

  it("stops an experiment once, for good: nothing is assigned, started or overwritten after", async () => {
    const folder = newFolder()
    const file = write(folder, "e.json", draft)
    const reason = "An arm called at night"
    const early = await unicall(folder, ["experiment", "stop", "e.json"])
    expect(early).toMatchObject({ code: EXIT.usage, stdout: "" })
    expect(early.stderr).toContain("e.json: frozen: expected an experiment that has been started")
    await unicall(folder, ["experiment", "start", "e.json"])
    const wordy = await unicall(folder, ["experiment", "stop", "e.json", "--reason", "two\nlines"])
    expect(wordy.stderr).toContain("--reason: expected one line of 1 to 500 characters")
    const stop = await unicall(folder, ["experiment", "stop", "e.json", "--reason", reason, "--json"])
    expect(stop.code).toBe(EXIT.ok)
    const after = readFileSync(file, "utf8")
    const { stopped } = jsonIn(file)
    expect(recordsOf(stop)).toEqual([
      {
        experiment: "exp-1",
        stopped: { at: isJsonObject(stopped) && stopped["at"], reason },
        digest: isJsonObject(stopped) && stopped["digest"]
      }
    ])
    const runs = [
      [["experiment", "stop", "e.json"], "e.json: stopped: expected nothing yet: it was stopped on 2"],
      [["experiment", "assign", "e.json", "+12025550101"], "stopped: expected an experiment that runs: this one was"],
      [["experiment", "start", "e.json"], "expected an experiment that was not started; this one was, on 2"],
      [["experiment", "new", "e.json"], "e.json: expected a file that does not exist yet"]
    ] as const
    for (const [args, message] of runs) {
      const ran = await unicall(folder, args)
      expect(ran).toMatchObject({ code: EXIT.usage, stdout: "" })
      expect(ran.stderr).toContain(message)
    }
    expect(readFileSync(file, "utf8")).toBe(after)
    write(folder, "e.json", { ...jsonIn(file), stopped: { ...(isJsonObject(stopped) ? stopped : {}), reason: "Else" } })
    const changed = await unicall(folder, ["experiment", "assign", "e.json", "+12025550101"])
    expect(changed.stderr).toContain("e.json: stopped: expected what it was when the experiment was stopped")
  })

  it("refuses to assign anew after the start, whatever of the assignment was changed", async () => {
    const started = jsonIn(startedFile())
    const { arms } = started
    const shared = Array.isArray(arms)
      ? arms.map((arm: JsonObject) => ({ ...arm, share: arm["name"] === "control" ? 3 : 1 }))
      : []
    const folder = newFolder()
    const changes: ReadonlyArray<readonly [string, JsonObject]> = [
      ["salt", { salt: "k3Jd92ksLqpz81Xn" }],
      ["arms", { arms: shared }],
      ["unit", { unit: "reference" }],
      ["id", { id: "exp-2" }]
    ]
    for (const [field, change] of changes) {
      const file = write(folder, `${field}.json`, { ...started, ...change })
      const message = `${field}.json: ${field}: expected what it was when the experiment was started`
      const runs = await Promise.all([
        unicall(folder, ["experiment", "assign", file, "+12025550101"]),
        unicall(folder, ["experiment", "start", file]),
        unicall(folder, ["compare", "--experiment", file, "-"], ""),
        shell.run(["place", "--to", "+12025550100", "--reference", "anew", "--experiment", file])
      ])
      for (const ran of runs) {
        expect(ran).toMatchObject({ code: EXIT.usage, stdout: "" })
        expect(ran.stderr).toContain(message)
      }
    }
    for (const twin of [shell.revox, shell.revring]) expect(sendings(twin, "anew")).toBe(0)
  })

  it("starts an experiment once, in place, and finds by field what is changed after", async () => {
    const folder = newFolder()
    const file = write(folder, "e.json", draft)
    const start = await unicall(folder, ["experiment", "start", "e.json"])
    expect(start.code).toBe(EXIT.ok)
    const frozen = jsonIn(file)
    const { digest } = isJsonObject(frozen["frozen"]) ? frozen["frozen"] : {}
    expect(frozen).toMatchObject(draft)
    expect(start.stdout).toBe(`${String(digest)}\n`)
    expect(start.stderr).toContain("no plannedUnits")
    expect(start.stderr).toContain("is measured by first_attempt.human_reached.conversation, and by nothing else")
    expect(existsSync(`${file}.starting`)).toBe(false)
    if (process.platform !== "win32") expect(statSync(file).mode & 0o777).toBe(0o640)

    const before = readFileSync(file, "utf8")
    const again = await unicall(folder, ["experiment", "start", "e.json"])
    expect(again).toMatchObject({ code: EXIT.usage, stdout: "" })
    expect(again.stderr).toContain("this one was, on 2")
    expect(readFileSync(file, "utf8")).toBe(before)

    write(folder, "e.json", { ...frozen, alpha: 0.2 })
    const runs = [
      ["plan", "e.json"],
      ["assign", "e.json", "+12025550101"],
      ["start", "e.json"]
    ].map((args) => unicall(folder, ["experiment", ...args]))
    for (const changed of await Promise.all(runs)) {
      expect(changed).toMatchObject({ code: EXIT.usage, stdout: "" })
      expect(changed.stderr).toContain("e.json: alpha: expected what it was when the experiment was started")
    }
  })

  it("is started by one of many who try at the same time", async () => {
    const folder = newFolder()
    const file = write(folder, "e.json", draft)
    const runs = await Promise.all([1, 2, 3, 4].map(() => unicall(folder, ["experiment", "start", "e.json"])))
    const [won, ...others] = runs.filter(({ code }) => code === EXIT.ok)
    expect(others).toEqual([])
    expect(runs.filter(({ code }) => code === EXIT.usage)).toHaveLength(3)
    expect(jsonIn(file)).toMatchObject({ frozen: { digest: won?.stdout.trim() } })
  })

  it("does not start while somebody else is at it, and says what to remove if nobody is", async () => {
    const folder = newFolder()
    write(folder, "e.json", draft)
    writeFileSync(join(folder, "e.json.starting"), "")
    const start = await unicall(folder, ["experiment", "start", "e.json"])
    expect(start.code).toBe(EXIT.usage)
    expect(start.stderr).toContain("remove e.json.starting")
    expect(jsonIn(join(folder, "e.json"))).toEqual(draft)
  })

  it("assigns units by their place, and repeats no number", async () => {
    const folder = newFolder()
    write(folder, "e.json", draft)
    const input = "+12025550101\r\n\n01 99 00 00 03\n0555\n+1 (202) 555-0101\n"
    const args = ["experiment", "assign", "e.json", "-", "--country", "FR"]
    const [plain, json] = await Promise.all([unicall(folder, args, input), unicall(folder, [...args, "--json"], input)])
    expect(recordsOf(json)).toEqual([
      { index: 1, arm: "treatment" },
      { index: 3, arm: "control" },
      { index: 5, arm: "treatment" }
    ])
    expect(linesOf(plain.stdout)).toEqual(["1  treatment", "3  control", "5  treatment"])
    for (const { code, stdout, stderr } of [plain, json]) {
      expect(code).toBe(EXIT.usage)
      expect(stderr).toContain("unit 4: expected a number of possible length")
      expect(stderr).toContain("not started")
      for (const secret of ["2025550101", "555-0101", "0555", "199000003", "99 00", SALT]) {
        expect(stdout + stderr).not.toContain(secret)
      }
    }
  })

  it("assigns references by themselves, and contacts by their place", async () => {
    const folder = newFolder()
    write(folder, "r.json", { ...draft, unit: "reference" })
    write(folder, "c.json", { ...draft, unit: "contact", contactKey: "crm" })
    const [references, contacts] = await Promise.all([
      unicall(folder, ["experiment", "assign", "r.json", "order-17", "order-18", "--json"]),
      unicall(folder, ["experiment", "assign", "c.json", "ada@example.invalid"])
    ])
    expect(recordsOf(references)[0]).toEqual({ index: 1, reference: "order-17", arm: "control" })
    expect(references.stderr).toContain("not started")
    expect(contacts.stdout).toMatch(/^1 {2}(control|treatment)\n$/)
  })

  it.each([
    ["no such file", "nowhere.json", undefined, EXIT.unreadable, "no such file"],
    ["no JSON", "e.json", `{ "salt": "${SALT}", ]`, EXIT.usage, "e.json: line 1 column 31: expected JSON"],
    ["no experiment", "e.json", "[]", EXIT.usage, "e.json: experiment: expected an object"],
    ["another provider", "e.json", JSON.stringify(draft).replace("revring", "x"), EXIT.usage, "arms[1].provider"]
  ])("tells what is wrong with a file: %s", async (_, name, content, code, message) => {
    const folder = newFolder()
    if (content !== undefined) writeFileSync(join(folder, name), content)
    const ran = await unicall(folder, ["experiment", "start", name])
    expect(ran).toMatchObject({ code, stdout: "" })
    expect(ran.stderr).toContain(message)
    expect(ran.stderr).not.toContain(SALT)
  })
})

/** To sixteen people, answered by some of them. */
const orders = (prefix: string): ReadonlyArray<JsonObject> =>
  Array.from({ length: 16 }, (_, at) => ({
    to: `+120255501${String(at).padStart(2, "0")}`,
    from: "+12025550199",
    reference: `${prefix}-${at}`,
    variables: { name: "Ada" }
  }))

const ndjson = (values: ReadonlyArray<unknown>): string => values.map((value) => JSON.stringify(value)).join("\n")

describe.concurrent("unicall place --experiment", () => {
  it("places each order with its arm's provider, agent and options; the mark comes back from both", async () => {
    const file = startedFile()
    const args = ["place", "--order", "-", "--experiment", file, "--json"]
    const input = ndjson(orders("tagged"))
    const numbers = linesOf(
      orders("")
        .map(({ to }) => `${String(to)}\n`)
        .join("")
    )
    const [placed, assigned] = await Promise.all([
      shell.run(args, { input }),
      unicall(newFolder(), ["experiment", "assign", file, "-", "--json"], numbers.join("\n"))
    ])
    expect(placed.code).toBe(EXIT.ok)
    const results = recordsOf(placed)
    const arms = recordsOf(assigned).map(({ arm }) => arm)
    expect([results.length, arms.length]).toEqual([16, 16])
    expect(new Set(arms)).toEqual(new Set(["control", "treatment"]))
    const armOf = (reference: unknown) => arms[Number(String(reference).replace("tagged-", ""))]
    for (const result of results) {
      const arm = armOf(result["reference"])
      expect(result).toMatchObject({ state: "accepted", already: false, experiment: { id: "exp-1", arm } })
      expect(result["latencyMs"]).toEqual(expect.any(Number))
    }

    const calls = results.map(({ call }) => String(call))
    const read = recordsOf(await shell.run(["get", ...calls, "--json"]))
    expect(read).toHaveLength(16)
    for (const { native, reference } of read) {
      const [order] = normalize(native)
      if (order?.kind !== "call_order") return expect(order).toBe("an order")
      const arm = armOf(reference)
      expect(order.provider).toBe(arm === "control" ? "revox" : "revring")
      expect(order.agent?.id).toBe(arm === "control" ? "agent-a" : "agent-b")
      expect(readTag(order, "exp-1")).toEqual({ arm, digest: expect.stringMatching(/^[0-9a-f]{12}$/) })
      expect(order.variables).toMatchObject({ name: "Ada" })
    }
    const bodies = shell.revox.requests.filter(({ body }) => body.includes(`"tagged-`)).map(({ body }) => body)
    expect(bodies.length).toBeGreaterThan(0)
    for (const body of bodies) expect(JSON.parse(body)).toMatchObject({ force_now: true, assistant_id: "agent-a" })

    const again = recordsOf(await shell.run([...args, "--no-native"], { input }))
    expect(again).toHaveLength(16)
    for (const result of again) {
      expect(result).toMatchObject({ already: true, experiment: { arm: armOf(result["reference"]) } })
      expect(result).not.toHaveProperty("latencyMs")
    }
    const twinOrders = [...shell.revox.orders, ...shell.revring.orders]
    expect(twinOrders.filter(({ reference }) => reference?.startsWith("tagged-"))).toHaveLength(16)
  })

  it("names the arm beside the call, for people", async () => {
    const args = ["place", "--to", "+12025550101", "--from", "+12025550199", "--reference", "shown"]
    const { code, stdout } = await shell.run([...args, "--experiment", startedFile()])
    expect(code).toBe(EXIT.ok)
    expect(stdout).toMatch(/^shown +revring:\S+ +now .*arm treatment$/m)
  })

  it("keeps a person in one arm, and writes no number into the mark", async () => {
    const file = startedFile()
    const written = ["+12025550101", "+1 202 555 0101", "(202) 555-0101"]
    const input = ndjson(
      written.map((to, at) => ({ to, defaultCountry: "US", from: "+12025550199", reference: `same-${at}` }))
    )
    const shown = await shell.run(["place", "--order", "-", "--experiment", file, "--dry-run", "--json"], { input })
    expect(shown.code).toBe(EXIT.ok)
    const marks = recordsOf(shown).map(({ body }) => {
      const { variables } = isJsonObject(body) ? body : {}
      return isJsonObject(variables) ? variables[TAG_KEY] : undefined
    })
    expect(marks).toHaveLength(3)
    expect(new Set(marks)).toEqual(new Set(["exp-1/treatment/c6dff0171923"]))
  })

  it("tells of what failed with whom, and how long the provider took if it was asked", async () => {
    const file = startedFile({ unit: "reference" })
    const input = ndjson([
      { to: "+12025550180", from: "+12025550199", reference: "order-17" },
      { to: "+12025550180", from: "+12025550199", reference: "order-17-x", metadata: { a: "b" } },
      { to: "+12025550180", reference: "order-17-y" },
      { to: "+12025550180", from: "+12025550199", reference: "order-17-z", provider: "revox" }
    ])
    const { code, stdout, stderr } = await shell.run(["place", "--order", "-", "--experiment", file, "--json"], {
      input
    })
    expect(code).toBe(EXIT.refused)
    const byReference = new Map(recordsOf({ code, stdout, stderr }).map((result) => [result["reference"], result]))
    expect(byReference.get("order-17")).toMatchObject({
      state: "failed",
      reason: "InvalidRequest",
      provider: "revox",
      experiment: { id: "exp-1", arm: "control", unit: expect.stringMatching(/^[0-9a-f]{12}$/) },
      latencyMs: expect.any(Number)
    })
    const since = Date.now() - 600_000
    for (const { at } of byReference.values()) expect(Date.parse(String(at))).toBeGreaterThan(since)
    for (const [reference, field] of [
      ["order-17-x", "metadata"],
      ["order-17-y", "from"],
      ["order-17-z", "provider"]
    ]) {
      const result = byReference.get(reference)
      expect(result).toMatchObject({
        state: "failed",
        reason: "InvalidRequest",
        message: expect.stringContaining(`${field}: `)
      })
      expect(result).not.toHaveProperty("latencyMs")
      expect(result).not.toHaveProperty("experiment")
      for (const twin of [shell.revox, shell.revring]) expect(sendings(twin, reference ?? "")).toBe(0)
    }
    expect(byReference.get("order-17-z")).toMatchObject({ provider: "revox" })
  })

  it("places nothing under an experiment that is not started, was changed, or without every provider's key", async () => {
    const folder = newFolder()
    const file = startedFile()
    const stopped = startedFile()
    expect((await unicall(folder, ["experiment", "stop", stopped])).code).toBe(EXIT.ok)
    const place = (experiment: string, more: ReadonlyArray<string> = [], env = {}) =>
      shell.run(
        [
          "place",
          "--to",
          "+12025550100",
          "--from",
          "+12025550199",
          "--reference",
          "never",
          "--experiment",
          experiment,
          ...more
        ],
        { env }
      )
    const cases = await Promise.all([
      place(write(folder, "draft.json", draft)),
      place(write(folder, "changed.json", { ...jsonIn(file), id: "exp-2" })),
      place(startedFile({ start: "2999-01-01T00:00:00Z" })),
      place(stopped),
      place(file, ["--provider", "revox"]),
      place(file, ["--agent", "agent-c"]),
      place(file, [], { REVRING_API_KEY: "" })
    ])
    expect(cases.map(({ code }) => code)).toEqual([...Array.from({ length: 6 }, () => EXIT.usage), EXIT.setup])
    const messages = [
      "draft.json: expected an experiment that has been started",
      "changed.json: id: expected what it was",
      "start: expected a moment that has passed: orders are placed from 2999",
      "stopped: expected an experiment that runs: this one was stopped on 2",
      "--provider: expected none",
      "agent: expected none: the experiment chooses it",
      "REVRING_API_KEY is not set"
    ]
    cases.forEach(({ stderr, stdout }, at) => {
      expect(stderr).toContain(messages[at])
      expect(stdout).toBe("")
    })
    for (const twin of [shell.revox, shell.revring]) expect(sendings(twin, "never")).toBe(0)
  })

  it("writes the time and the country of each order where that is compared like with like, and no number", async () => {
    const file = startedFile({ strata: ["country", "hour"] })
    const input = ndjson([{ to: "+12025550181", from: "+12025550199", reference: "stratified-1" }])
    const { stdout } = await shell.run(["place", "--order", "-", "--experiment", file, "--json", "--no-native"], {
      input
    })
    const [line] = recordsOf({ code: 0, stdout, stderr: "" })
    expect(line).toMatchObject({ at: expect.stringMatching(/Z$/), experiment: { country: "US" } })
  })

  it.each(["stopped", "replaced", "removed"] as const)(
    "sends nothing more once the experiment is %s while a run goes on",
    async (what) => {
      const file = startedFile()
      const [stopped, other] = [startedFile(), startedFile({ plannedUnits: 7 })]
      expect((await unicall(newFolder(), ["experiment", "stop", stopped])).code).toBe(EXIT.ok)
      const change = {
        stopped: () => renameSync(stopped, file),
        replaced: () => renameSync(other, file),
        removed: () => rmSync(file)
      }[what]
      let requests = 0
      // A provider that refuses each order; at the second, somebody changes the experiment.
      const provider = createServer((_, response) => {
        requests += 1
        if (requests === 2) change()
        response.writeHead(400, { "content-type": "application/json" }).end("{}")
      })
      provider.listen(0, "127.0.0.1")
      await once(provider, "listening")
      const address = provider.address()
      const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`
      const { code, stdout, stderr } = await shell.run(
        ["place", "--order", "-", "--experiment", file, "--json", "--parallel", "1"],
        { input: ndjson(orders(`meanwhile-${what}`)), env: { REVOX_BASE_URL: url, REVRING_BASE_URL: url } }
      )
      provider.close()
      expect(requests).toBe(2)
      expect(linesOf(stdout)).toHaveLength(2)
      expect(stderr).toContain(
        {
          stopped: "stopped: expected an experiment that runs: this one was stopped on",
          replaced: "expected the experiment that the orders were assigned by",
          removed: "no such file"
        }[what]
      )
      expect(linesOf(stderr).filter((each) => each.startsWith(file))).toHaveLength(1)
      expect(stderr).toContain("14 orders not sent")
      expect(code).toBe(EXIT.refused)
    }
  )

  it("asks before it rings on either provider", async () => {
    const file = startedFile()
    const env = { REVOX_BASE_URL: "https://api.example.invalid", REVRING_BASE_URL: "https://api.example.invalid" }
    const input = ndjson(orders("unrung"))
    const { code, stderr } = await shell.run(["place", "--order", "-", "--experiment", file], { input, env })
    expect(code).toBe(EXIT.usage)
    expect(stderr).toContain("expected --yes: this rings 16 real telephones on")
  })
})
