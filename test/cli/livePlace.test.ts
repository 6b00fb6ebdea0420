import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { EXIT } from "../../src/cli/ExitCode.ts"
import { linesOf, openShell, sendings, type Shell } from "./liveShell.ts"

let shell: Shell

beforeAll(async () => {
  shell = await openShell()
})

afterAll(() => shell.close())

const LIVE = { REVOX_BASE_URL: "https://api.example.invalid" }
/** The flags as one text: none of the values holds a space. */
const flags = (text: string): ReadonlyArray<string> => text.split(" ")

const revox = (digits: string, reference: string): ReadonlyArray<string> =>
  flags(`--provider revox --to +120255501${digits} --agent agent-1 --reference ${reference}`)

describe.concurrent("unicall place", () => {
  it("places an order on either provider by changing one word, and waits for its end", async () => {
    const place = (provider: string) =>
      shell.run([
        ...flags(`place --provider ${provider} --to +12025550100 --from +12025550199 --agent agent-1`),
        ...flags(`--reference either-${provider} --wait --until enriched --parts transcript`)
      ])
    for (const { code, stdout } of await Promise.all([place("revox"), place("revring")])) {
      expect(code).toBe(EXIT.ok)
      expect(linesOf(stdout)).toHaveLength(2)
      expect(stdout).toMatch(/^either-(revox|revring) +\1:[-\w]+ +now +completed +human +42s$/m)
    }
  })

  it("sends nothing for a reference that has been placed, and tells the known call", async () => {
    const first = await shell.run(["place", ...revox("10", "twice"), "--json"])
    const again = await shell.run(["place", ...revox("10", "twice"), "--json", "--no-native"])
    expect([first.code, again.code]).toEqual([EXIT.ok, EXIT.ok])
    const told = JSON.parse(again.stdout)
    expect(told).toMatchObject({ state: "accepted", reference: "twice", already: true, provider: "revox" })
    expect(told.call).toBe(JSON.parse(first.stdout).call)
    expect(told.order.native).toBeUndefined()
    expect(shell.revox.orders.filter(({ reference }) => reference === "twice")).toHaveLength(1)
  })

  it("refuses a reference that belongs to another number, without telling either", async () => {
    await shell.run(["place", ...revox("10", "taken")])
    const { code, stderr, stdout } = await shell.run(["place", ...revox("11", "taken")])
    expect(code).toBe(EXIT.refused)
    expect(stderr).toContain("the reference is held by an order to another number; nothing was sent")
    expect(stdout + stderr).not.toContain("+12025550111")
  })

  it("reads a number as people write it, and everything else an order takes", async () => {
    const { code, stdout, stderr } = await shell.run([
      "place",
      "--to",
      "01 99 00 00 03",
      ...flags("--provider revox --country FR --prompt Hello --first-sentence Hi --var name=A=B --meta order=17"),
      ...flags("--max-attempts 2 --retry-delay 60 --concurrency line=1 --option force_now=true --dry-run --json")
    ])
    expect(code).toBe(EXIT.ok)
    const { body, ...request } = JSON.parse(stdout)
    expect(request).toEqual({
      provider: "revox",
      method: "POST",
      url: `${shell.urls.revox}/call`,
      headers: { accept: "application/json", "content-type": "application/json" }
    })
    expect(body).toMatchObject({
      phone_number: "+33199000003",
      assistant: { prompt: "Hello", first_sentence: "Hi" },
      prompt_variables: { name: "A=B" },
      metadata: { order: "17" },
      concurrency: { key: "line", max: 1 },
      force_now: true
    })
    expect(stderr).toMatch(/^No --reference: (unicall-[-\w]+) was made up/)
    expect(body.metadata.reference).toBe(/unicall-[-\w]+/.exec(stderr)?.[0])
  })

  it("asks a script to say that real telephones shall ring, and shows the request without", async () => {
    const refused = await shell.run(["place", ...revox("00", "live")], { env: LIVE })
    expect(refused.code).toBe(EXIT.usage)
    expect(refused.stderr).toContain("expected --yes: this rings a real telephone on revox")
    expect(refused.stdout).toBe("")
    const shown = await shell.run(["place", ...revox("00", "live"), "--dry-run", "--json"], {
      env: { ...LIVE, REVOX_API_KEY: "", REVRING_API_KEY: "" }
    })
    expect(shown.code).toBe(EXIT.ok)
    expect(JSON.parse(shown.stdout).url).toBe("https://api.example.invalid/call")
    expect(sendings(shell.revox, "live")).toBe(0)
    expect((await shell.run(["reconcile", "live"])).stdout).toContain("no placement holds it")
  })

  it("says both ways in which Vapi is told the number to call from", async () => {
    const ways = "in the setting phoneNumbers, or as providerOptions.vapi.phoneNumberId beside it"
    const order = flags("--provider vapi --to +12025550100 --agent agent-1 --reference by-id --dry-run")
    const env = { VAPI_API_KEY: "twin-key" }
    for (const given of [[], flags("--from +12025550199")]) {
      const { code, stderr } = await shell.run(["place", ...order, ...given], { env })
      expect([code, stderr]).toEqual([EXIT.usage, expect.stringMatching(/ from: expected a number /)])
      expect(stderr).toContain(ways)
    }
    const told = [...flags("--from +12025550199 --option"), 'phoneNumberId="line-1"']
    const shown = await shell.run(["place", ...order, ...told], { env })
    expect([shown.code, shown.stdout]).toEqual([EXIT.ok, expect.stringContaining("line-1")])
  })

  it("says which variable a provider's key is expected in", async () => {
    const { code, stderr, stdout } = await shell.run(["place", ...revox("00", "keyless")], {
      env: { REVOX_API_KEY: "" }
    })
    expect(code).toBe(EXIT.setup)
    expect(stderr).toContain("REVOX_API_KEY is not set")
    expect(stdout).toBe("")
  })

  it.each([
    ["what the provider cannot do", flags("--provider revring --from +12025550199 --meta a=b"), EXIT.unsupported],
    ["no caller's number where one is required", ["--provider", "revring"], EXIT.usage],
    ["a provider to choose", [], EXIT.usage]
  ])("refuses before any request: %s", async (_, args, expected) => {
    const { code, stdout, stderr } = await shell.run([
      ...flags("place --to +12025550100 --agent agent-1 --reference early"),
      ...args
    ])
    expect(code).toBe(expected)
    expect(stdout).toBe("")
    expect(linesOf(stderr)).toHaveLength(1)
    expect(sendings(shell.revring, "early")).toBe(0)
  })

  it.each([
    [["--to", "12", "--agent", "a"], "to: expected a number"],
    [["--to", "+12025550100"], "agent: expected"],
    [["--agent", "a"], "expected --to"],
    [["--to", "+12025550100", "--agent", "a", "--prompt", "b"], "--agent or --prompt"],
    [["--to", "+12025550100", "--agent", "a", "--var", "b"], "--var: expected NAME=VALUE"],
    [["--to", "+12025550100", "--agent", "a", "--at", "tomorrow"], "scheduledAt: expected ISO 8601"],
    [["--to", "+12025550100", "--agent", "a", "--deadline", "soon"], "expected a time such as"]
  ])("tells a mistake by its place: %j", async (args, message) => {
    const { code, stdout, stderr } = await shell.run(["place", "--provider", "revox", "--reference", "r", ...args])
    expect(code).toBe(EXIT.usage)
    expect(stderr).toContain(message)
    expect(stdout).toBe("")
  })

  it("tells what the provider refused, and its words only where they are wished for", async () => {
    const quiet = await shell.run(["place", ...revox("80", "refused")])
    expect(quiet.code).toBe(EXIT.refused)
    expect(linesOf(quiet.stderr)).toHaveLength(1)
    expect(quiet.stderr).toMatch(/^refused: revox: place: the provider refused the request \(HTTP 422/)
    const asked = await shell.run(["place", ...revox("80", "refused"), "--show-answer"])
    expect(asked.stderr).toContain("phone_number cannot be called")
    expect(quiet.stderr).not.toContain("cannot be called")
  })

  it("places every order of a file that can be placed, and tells of each", async () => {
    const orders = [
      { to: "+12025550100", agent: { id: "a" }, reference: "file-1" },
      { to: "12", agent: { id: "a" }, reference: "file-2" },
      { to: "+12025550120", agent: { id: "a" } },
      { to: "+12025550180", agent: { id: "a" }, reference: "file-4" },
      { provider: "revox", to: "+12025550121", agent: { id: "a" }, reference: "file-5" }
    ]
    const lines = orders.map((order) => JSON.stringify(order))
    writeFileSync(join(shell.folder, "orders.ndjson"), [...lines.slice(0, 2), "{broken", ...lines.slice(2)].join("\n"))
    const args = ["--provider", "revring", "--from", "+12025550199", "--json", "--no-native"]
    const { code, stdout, stderr } = await shell.run(["place", "--order", "orders.ndjson", ...args])
    const results = linesOf(stdout).map((line) => JSON.parse(line))
    const byReference = new Map(results.map((result) => [result.reference, result]))
    expect(code).toBe(EXIT.refused)
    expect(results).toHaveLength(6)
    expect(byReference.get("file-1")).toMatchObject({ state: "accepted", provider: "revring", already: false })
    expect(byReference.get("file-2")).toMatchObject({
      state: "failed",
      reason: "InvalidRequest",
      source: "orders.ndjson:2"
    })
    expect(byReference.get("file-4")).toMatchObject({ state: "failed", reason: "InvalidRequest" })
    expect(byReference.get("file-5")).toMatchObject({ state: "accepted", provider: "revox" })
    expect(stderr).toContain("orders.ndjson:3: order: expected")
    expect(stderr).toContain("orders.ndjson:4: reference: expected a key of your own")
    const again = await shell.run(["place", "--order", "-", ...args], { input: `[${lines[0]}]` })
    expect(JSON.parse(again.stdout)).toMatchObject({ already: true, call: byReference.get("file-1").call })
    expect(shell.revring.orders.filter(({ reference }) => reference === "file-1")).toHaveLength(1)
  })

  it("keeps the table in the order of the file", async () => {
    const orders = ["00", "10", "20", "30"].map((digits) => ({
      to: `+120255501${digits}`,
      agent: { id: "a" },
      reference: `row-${digits}`
    }))
    const { stdout } = await shell.run(["place", "--provider", "revox", "--order", "-", "--wait"], {
      input: JSON.stringify(orders)
    })
    const rows = linesOf(stdout).map((line) => line.split(" ")[0])
    expect(rows).toEqual(["REFERENCE", "row-00", "row-10", "row-20", "row-30"])
  })

  it("cannot place without a journal, and says what to do", async () => {
    const { code, stderr } = await shell.run(["place", ...revox("00", "unwritten"), "--journal", "/dev/null/journal"])
    expect(code).toBe(EXIT.setup)
    expect(stderr).toMatch(/^journal: open: \w+\. Check the journal's file/)
    expect(sendings(shell.revox, "unwritten")).toBe(0)
  })
})
