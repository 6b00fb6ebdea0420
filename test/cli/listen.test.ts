/** `unicall listen` and `unicall inbox`: a twin's webhooks over loopback, what is shown of them, and what is kept of them. */
import { once } from "node:events"
import { createServer, type IncomingMessage } from "node:http"
import { join } from "node:path"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { EXIT } from "../../src/cli/ExitCode.ts"
import { linesOf, openShell, type Running, type RunOptions, type Shell } from "./liveShell.ts"

let shell: Shell
let listening: Listening | undefined
beforeAll(async () => {
  // Webhooks are sent twice.
  shell = await openShell({ revox: { faults: "webhook:double" } })
})
afterEach(async () => {
  listening?.running.child.kill("SIGINT")
  await listening?.running.ran
  listening = undefined
})
afterAll(() => shell.close())

interface Listening {
  readonly running: Running
  readonly port: number
  /** Settles once standard output holds the text, with all of it. */
  readonly shown: (pattern: RegExp) => Promise<string>
}

const listen = async (args: ReadonlyArray<string> = [], options?: RunOptions): Promise<Listening> => {
  const inbox = join(shell.folder, "inbox.sqlite")
  const running = shell.start(["listen", "--port", "0", "--inbox", inbox, ...args], options)
  let stdout = ""
  let stderr = ""
  const waiting: Array<{ readonly isIt: () => boolean; readonly tell: () => void }> = []
  const look = (): void => waiting.filter(({ isIt }) => isIt()).forEach(({ tell }) => tell())
  running.child.stdout?.on("data", (text: string) => {
    stdout += text
    look()
  })
  running.child.stderr?.on("data", (text: string) => {
    stderr += text
    look()
  })
  const until = (isIt: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      if (isIt()) return resolve()
      running.child.once("close", () => reject(new Error(`it ended: ${stdout}${stderr}`)))
      waiting.push({ isIt, tell: resolve })
    })
  await until(() => stderr.includes("Ctrl-C stops"))
  listening = {
    running,
    port: Number(/127\.0\.0\.1:(\d+)\//.exec(stderr)?.[1]),
    shown: async (pattern) => {
      await until(() => pattern.test(stdout))
      return stdout
    }
  }
  return listening
}

const agentOf = (name: "revox" | "revring" | "vapi"): string => shell[name].agents[0]?.id ?? ""

/** The messages of a provider's first agent go to whoever listens at this port. */
const point = async (name: "revox" | "revring" | "vapi", port: number): Promise<void> => {
  const address = `http://127.0.0.1:${port}/webhooks/${name}`
  const set = ["webhooks", "set", "--provider", name, "--agent", agentOf(name), "--calls", address, "--yes"]
  expect(await shell.run(set)).toMatchObject({ code: EXIT.ok })
}

const place = (name: "revox" | "revring", reference: string, digits = "00") =>
  shell.run(
    ["place", "--provider", name, "--agent", agentOf(name), "--reference", reference, "--json"].concat([
      "--to",
      `+120255501${digits}`,
      "--from",
      "+12025550199"
    ])
  )

describe("unicall listen", () => {
  it("shows messages of a twin and what became known by them, and nothing of what was said", async () => {
    const { port, shown, running } = await listen()
    await point("revox", port)
    const placed = await place("revox", "lead-1")
    const call = String(JSON.parse(placed.stdout).call)
    const stdout = await shown(/\(placed here\)/)
    const lines = linesOf(stdout)
    expect(lines.filter((line) => line.endsWith(" revox message 200")).length).toBeGreaterThan(0)
    expect(lines).toContainEqual(expect.stringMatching(new RegExp(`Z ${call} completed, human \\(placed here\\)$`)))
    // One call, read once for two equal messages.
    expect(lines.filter((line) => line.includes(call))).toHaveLength(1)
    running.child.kill("SIGINT")
    const ran = await running.ran
    expect(ran.code).toBe(EXIT.interrupted)
    expect(ran.stderr).toMatch(/stopped after \d+ messages?\n$/)
    expect(ran.stdout + ran.stderr).not.toMatch(/20255501|Tuesday/)
  })

  it("settles a placement whose answer was lost, which no list can find", async () => {
    shell.revox.setFaults("place:drop/accepted*1")
    const { port, shown } = await listen(["--json"])
    await point("revox", port)
    const placed = await place("revox", "lead-lost", "10")
    expect(placed.code).toBe(EXIT.uncertain)
    const stdout = await shown(/"known":"settled"/)
    const news: ReadonlyArray<{ readonly kind?: unknown }> = linesOf(stdout).map((line) => JSON.parse(line))
    expect(news).toContainEqual(
      expect.objectContaining({
        kind: "call",
        known: "settled",
        status: "completed",
        reach: "voicemail",
        terminal: true
      })
    )
    expect(news).toContainEqual(expect.objectContaining({ kind: "message", provider: "revox", status: 200 }))
    const found = await shell.run(["reconcile", "lead-lost", "--json"])
    expect(JSON.parse(found.stdout)).toMatchObject({ state: "accepted", reference: "lead-lost" })
    shell.revox.setFaults("webhook:double")
  })

  it("passes on what is taken as it came, and nothing else", async () => {
    const got: Array<{ readonly url: string; readonly type: string; readonly own: unknown; readonly body: string }> = []
    const application = createServer((request: IncomingMessage, response) => {
      const chunks: Array<string> = []
      request.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk))
      request.on("end", () => {
        const { "content-type": type = "", "x-own": own } = request.headers
        got.push({ url: request.url ?? "", type, own, body: chunks.join("") })
        response.writeHead(202).end("thanks")
      })
    }).listen(0, "127.0.0.1")
    await once(application, "listening")
    const { port: to } = Object(application.address())
    try {
      const { port, shown } = await listen(["--forward", `http://127.0.0.1:${to}/app/`])
      const post = (path: string, body: string) =>
        fetch(`http://127.0.0.1:${port}${path}`, {
          method: "POST",
          body,
          headers: { "content-type": "application/json", "x-own": "kept" }
        })
      const body = JSON.stringify({ call_order_id: "no-such-order", call_id: "no-such-call", status: "completed" })
      expect((await post("/webhooks/revox", "{")).status).toBe(400)
      expect((await post("/webhooks/nobody", body)).status).toBe(404)
      expect((await post("/webhooks/revox?key=1", body)).status).toBe(200)
      const stdout = await shown(/revox message passed on: 202/)
      expect(stdout).toMatch(/ unknown message 404\n/)
      expect(stdout).not.toContain("nobody")
      expect(got).toEqual([{ url: "/app/webhooks/revox?key=1", type: "application/json", own: "kept", body }])
      await shown(/revox:no-such-order not read: NotFound/)
    } finally {
      application.close()
    }
  })

  it("believes whom the environment names, and says no secret", async () => {
    const trust = { trust: "shared_secret", secrets: ["s3cret-of-a-test", "older"], header: "x-secret" }
    const { port, shown, running } = await listen([], { env: { VAPI_WEBHOOK_TRUST: JSON.stringify(trust) } })
    const post = async (provider: string, secret: string) => {
      const headers = { "content-type": "application/json", "x-secret": secret }
      const address = `http://127.0.0.1:${port}/webhooks/${provider}`
      return (await fetch(address, { method: "POST", body: "{}", headers })).status
    }
    expect([await post("vapi", "other"), await post("vapi", "s3cret-of-a-test"), await post("revox", "")]).toEqual([
      401, 200, 200
    ])
    await shown(/vapi message 401\n[^]*vapi message 200\n/)
    running.child.kill("SIGINT")
    const { stdout, stderr } = await running.ran
    expect(stderr).toContain("Trust: revox refetch, revring refetch, vapi shared_secret.")
    expect(stdout + stderr).not.toContain("s3cret")
  })

  it.each([
    ["s3cret", `expected JSON, such as {"trust":"refetch"}`],
    [`"s3cret"`, "options: expected an object"],
    ["null", "options: expected an object"],
    [`{"trust":"s3cret"}`, "trust: expected one of refetch, shared_secret, hmac, standard_webhooks, trusted"],
    [`{"trust":"hmac","secrets":"s3cret"}`, "header: expected the name of a header"],
    [`{"trust":"standard_webhooks","secrets":"s3cret"}`, "secrets: expected the secret, or several"],
    [`{"trust":"shared_secret","secrets":"s3cret"}`, "header: expected one place"],
    [`{"trust":"refetch","secrets":"s3cret"}`, "secrets: expected nothing beside trust: refetch"]
  ])("refuses a trust that is none, and does not repeat it: %s", async (given, expected) => {
    const ran = await shell.run(["listen", "--port", "0"], { env: { REVOX_WEBHOOK_TRUST: given } })
    expect(ran).toMatchObject({ code: EXIT.usage, stderr: expect.stringContaining(`REVOX_WEBHOOK_TRUST: ${expected}`) })
    expect(ran.stdout + ran.stderr).not.toContain("s3cret")
  })

  it("refuses an address to pass on to that is not encrypted or holds a secret, and a port that is taken", async () => {
    for (const address of [
      "http://app.example.invalid",
      "https://u:p@app.example.invalid",
      "https://a.example.invalid/?k=1"
    ])
      expect(await shell.run(["listen", "--port", "0", "--forward", address])).toMatchObject({ code: EXIT.usage })
    const { port } = await listen()
    const inbox = join(shell.folder, "other.sqlite")
    const taken = await shell.run(["listen", "--port", String(port), "--inbox", inbox])
    expect(taken).toMatchObject({ code: EXIT.unreadable, stderr: expect.stringMatching(/EADDRINUSE/) })
  })
})

describe("unicall inbox", () => {
  const run = (...args: ReadonlyArray<string>) =>
    shell.run(["inbox", ...args, "--inbox", join(shell.folder, "inbox.sqlite")])

  it("lists, shows, replays and drops what webhooks have named", async () => {
    const listed = await run("list", "--json")
    const entries: ReadonlyArray<{ readonly [field: string]: unknown }> = linesOf(listed.stdout).map((line) =>
      JSON.parse(line)
    )
    const done = entries.find(({ state, isKnown }) => state === "done" && isKnown === true)
    if (done === undefined) throw new Error("nothing is done")
    expect(done).toMatchObject({ provider: "revox", isKnown: true, messages: 1 })
    const call = `revox:${String(done["orderId"])}`

    const shown = await run("show", call)
    expect(shown.stdout).toMatch(new RegExp(`^CALL +STATE +SINCE +DUE +TRIES +PROBLEM\\n${call} +done `))
    expect(linesOf((await run("list", "--state", "done", "--limit", "1")).stdout)).toHaveLength(2)

    expect(await run("replay", call)).toMatchObject({ code: EXIT.ok, stdout: `${call} waits to be read\n` })
    expect((await run("list", "--state", "waiting")).stdout).toContain(call)

    const unasked = await run("drop", call)
    expect([unasked.code, unasked.stderr]).toEqual([EXIT.usage, expect.stringMatching(/expected --yes/)])
    expect(await run("drop", call, "--yes")).toMatchObject({ code: EXIT.ok, stdout: `${call} dropped\n` })
    for (const command of ["show", "replay"])
      expect(await run(command, call)).toMatchObject({
        code: EXIT.rejected,
        stderr: expect.stringMatching(/not in the inbox/)
      })
  })

  it("makes no file, and reads no other", async () => {
    const missing = await shell.run(["inbox", "list", "--inbox", join(shell.folder, "no-inbox.sqlite")])
    expect(missing).toMatchObject({ code: EXIT.unreadable })
    const journal = await shell.run(["inbox", "list", "--inbox", join(shell.folder, "journal.sqlite")])
    expect(journal).toMatchObject({ code: EXIT.setup })
    expect(await run("show", "nothing")).toMatchObject({ code: EXIT.usage })
  })
})
