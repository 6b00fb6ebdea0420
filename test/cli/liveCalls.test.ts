import { spawn } from "node:child_process"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { once } from "node:events"
import { existsSync, readFileSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { EXIT } from "../../src/cli/ExitCode.ts"
import { linesOf, openShell, sendings, type Shell } from "./liveShell.ts"
import { main } from "./unicall.ts"

let shell: Shell

beforeAll(async () => {
  shell = await openShell()
})

afterAll(() => shell.close())

/** The flags as one text: none of the values holds a space. */
const flags = (text: string): ReadonlyArray<string> => text.split(" ")

const BODIES = {
  revox: (to: string) => ({ path: "/call", body: { phone_number: to, assistant_id: "agent-1" } }),
  revring: (to: string) => ({ path: "/calls", body: { agentId: "agent-1", toNumber: to, fromNumber: "+12025550199" } })
} as const

/** The name of a call that was placed at the provider some time ago. */
const placed = (digits: string, provider: "revox" | "revring" = "revox"): string => {
  const { path, body } = BODIES[provider](`+120255501${digits}`)
  const twin = shell[provider]
  const headers = { authorization: "Bearer twin-key", "x-api-key": "twin-key" }
  twin.respond({ method: "POST", path, query: new URLSearchParams(), headers, body: JSON.stringify(body) }, Date.now())
  return `${provider}:${twin.orders.at(-1)?.id}`
}

describe.concurrent("unicall get", () => {
  it("shows one call in detail, with why, and what was said where that is wished for", async () => {
    const call = placed("00")
    await shell.run(["wait", call, "--until", "enriched"])
    const { code, stdout } = await shell.run(["get", call, "--transcript"])
    expect(code).toBe(EXIT.ok)
    expect(stdout.startsWith(`${call}\n`)).toBe(true)
    expect(stdout).toMatch(/^ {2}reach +human, stated, because result=human$/m)
    expect(stdout).toMatch(/^ {2}attempt 1 of 1: ended$/m)
    expect(stdout).toMatch(/^ {6}remote +\w+/m)
    const { stdout: without } = await shell.run(["get", call])
    expect(without).not.toMatch(/^ {6}remote/m)
  })

  it("gives several as a table or one record a line, and goes on after one that is not there", async () => {
    const calls = [placed("00"), placed("20", "revring")]
    const asked = ["get", ...calls, "revox:gone"]
    const [table, json] = await Promise.all([shell.run(asked), shell.run([...asked, "--json", "--no-native"])])
    expect([table.code, json.code]).toEqual([EXIT.refused, EXIT.refused])
    expect(linesOf(table.stdout)[0]).toMatch(/^PROVIDER +ORDER/)
    const records = linesOf(json.stdout).map((line) => JSON.parse(line))
    expect(records.map(({ provider, id }) => `${provider}:${id}`)).toEqual(calls)
    expect(records.map(({ native }) => native)).toEqual([undefined, undefined])
    expect(json.stderr).toMatch(
      /^revox:gone: get: the provider does not know revox:gone \(HTTP 404.*\): was it placed with another key or another base URL, or deleted\? Check the id/
    )
  })

  it.each([["order-1"], [":order-1"], ["retell:order-1"], ["revox:"]])("does not take %s for a call", async (name) => {
    const { code, stderr } = await shell.run(["get", name])
    expect(code).toBe(EXIT.usage)
    expect(stderr).toContain("expected revox:ID or revring:ID")
  })

  it("tells a wrong key, and neither that nor the right one", async () => {
    const { code, stderr, stdout } = await shell.run(["get", "revox:a"], { env: { REVOX_API_KEY: "wrong-secret" } })
    expect(code).toBe(EXIT.setup)
    expect(stderr).toMatch(/the API key is not accepted \(HTTP 401.*Check REVOX_API_KEY/)
    expect(stdout + stderr).not.toContain("wrong-secret")
  })

  it("tells a key that cannot be sent without showing it", async () => {
    const { code, stderr } = await shell.run(["get", "revox:a"], { env: { REVOX_API_KEY: "wrong\nsecret" } })
    expect(code).toBe(EXIT.setup)
    expect(stderr).toContain("apiKey: expected one line")
    expect(stderr).not.toContain("secret")
  })

  it("tells that there is no network", async () => {
    const closed = createServer().listen(0, "127.0.0.1")
    await once(closed, "listening")
    const url = `http://127.0.0.1:${addressOf(closed.address()).port}`
    await new Promise((resolve) => closed.close(resolve))
    const { code, stderr } = await shell.run(["get", "revox:a", "--timeout", "100ms"], { env: { REVOX_BASE_URL: url } })
    expect(code).toBe(EXIT.unavailable)
    expect(stderr).toContain(
      "no answer (ECONNREFUSED), the request was not sent. Check the network and REVOX_BASE_URL."
    )
  })

  it("waits for a provider that hangs no longer than it is told to", async () => {
    const hanging = await openShell({ revox: { faults: "get:hang" } })
    try {
      const { code, stderr } = await hanging.run(["get", "revox:a", "--timeout", "200ms"])
      expect(code).toBe(EXIT.unavailable)
      expect(stderr).toContain("no answer within 0.2 s. Try again, or give it longer with --timeout.")
    } finally {
      await hanging.close()
    }
  })

  it("ends quietly when nobody reads on", async () => {
    const call = placed("00")
    const child = spawn(process.execPath, ["--no-warnings", main, "get", call, "--json"], {
      env: { ...process.env, REVOX_BASE_URL: shell.urls.revox, REVOX_API_KEY: "twin-key" },
      stdio: ["ignore", "pipe", "pipe"]
    })
    child.stdout.destroy()
    let stderr = ""
    child.stderr.on("data", (text) => (stderr += text))
    const [code] = await once(child, "close")
    expect([code, stderr]).toEqual([EXIT.ok, ""])
  })
})

const addressOf = (address: string | AddressInfo | null): AddressInfo => {
  if (address === null || typeof address === "string") throw new Error("not a port")
  return address
}

describe.concurrent("unicall list", () => {
  it("lists calls as records, at most as many as are wished for", async () => {
    placed("00", "revring")
    placed("20", "revring")
    const { code, stdout } = await shell.run(["list", "--provider", "revring", "--limit", "2", "--json"])
    expect(code).toBe(EXIT.ok)
    const records = linesOf(stdout).map((line) => JSON.parse(line))
    expect(records.map(({ kind, provider }) => [kind, provider])).toEqual([
      ["call_order", "revring"],
      ["call_order", "revring"]
    ])
    const table = await shell.run(["list", "--provider", "revring"])
    expect(linesOf(table.stdout)[0]).toMatch(/^PROVIDER +ORDER/)
  })

  it.each([
    [
      "a filter the provider has not",
      ["--provider", "revox", "--created-after", "2026-05-01T00:00:00Z"],
      EXIT.unsupported
    ],
    ["a reference where the list has no such filter", ["--provider", "revring", "--reference", "r"], EXIT.unsupported],
    ["a number where the list has no such filter", ["--provider", "revox", "--to", "+12025550101"], EXIT.unsupported],
    ["a status nobody knows", ["--provider", "revox", "--status", "ringing"], EXIT.usage],
    ["a time without a zone", ["--provider", "revring", "--created-after", "yesterday"], EXIT.usage],
    ["no provider where there are two", [], EXIT.usage]
  ])("refuses %s", async (_, args, expected) => {
    const { code, stdout, stderr } = await shell.run(["list", ...args])
    expect([code, stdout]).toEqual([expected, ""])
    expect(stderr).not.toBe("")
  })
})

/** Runs with a server that answers everything with this body. */
const answering = async <A>(
  body: string,
  headers: { readonly [name: string]: string },
  use: (url: string) => Promise<A>
): Promise<A> => {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/json", ...headers }).end(body)
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  try {
    return await use(`http://127.0.0.1:${addressOf(server.address()).port}`)
  } finally {
    server.close()
  }
}

it("unicall list prints what it has of a list that may lack calls, and says so", () =>
  answering('{"calls":[{"id":"o1","call_attempts":[]},{"hello":1}]}', {}, async (url) => {
    const args = ["list", "--provider", "revox", "--json"]
    const { code, stdout, stderr } = await shell.run(args, { env: { REVOX_BASE_URL: url } })
    expect(code).toBe(EXIT.incomplete)
    expect(linesOf(stdout).map((line) => JSON.parse(line).id)).toEqual(["o1"])
    expect(stderr).toMatch(
      /^revox: list: the list may lack entries after 1: .*could not be read.*What is shown is right/
    )
  }))

describe.concurrent("unicall wait", () => {
  it("tells each change on the way, and the end as data", async () => {
    const [one, other] = [placed("00"), placed("20", "revring")]
    const { code, stdout, stderr } = await shell.run(["wait", one, other, "--json"])
    expect(code).toBe(EXIT.ok)
    const records = linesOf(stdout).map((line) => JSON.parse(line))
    expect(records.map(({ terminal }) => terminal)).toEqual([true, true])
    expect(stderr).toContain(`${one} completed, human\n`)
    expect(stderr).toContain(`${other} failed, not_reached\n`)
  })

  it("tells what is known when the deadline has passed", async () => {
    const call = placed("62")
    const { code, stdout, stderr } = await shell.run(["wait", call, "--deadline", "5s", "--json"])
    expect(code).toBe(EXIT.unresolved)
    expect(JSON.parse(stdout)).toMatchObject({ kind: "call_order", status: "queued" })
    expect(stderr).toMatch(
      /: not over when the time was up: its last status is queued \((initializing|queued_for_calling)\)\./
    )
    expect(stderr).toContain(`${call}: not over`)
  })

  it("can be stopped, and leaves a journal that knows the call", async () => {
    const args = flags("--provider revox --to +12025550161 --agent a --reference stopped")
    const running = shell.start(["place", ...args, "--wait", "--json"])
    await running.told("in_progress")
    running.child.kill("SIGINT")
    const { code, stdout } = await running.ran
    expect(code).toBe(EXIT.interrupted)
    const { call, state } = JSON.parse(stdout)
    expect(state).toBe("accepted")
    const known = await shell.run(["reconcile", "stopped", "--json"])
    expect(known.code).toBe(EXIT.ok)
    expect(JSON.parse(known.stdout)).toMatchObject({ state: "accepted", call, already: true })
    expect(shell.revox.orders.filter(({ reference }) => reference === "stopped")).toHaveLength(1)
  })
})

describe.concurrent("unicall cancel", () => {
  it("tells what came of it, also of what was over", async () => {
    const [going, over] = [placed("62"), placed("20")]
    await shell.run(["wait", over])
    const { code, stdout } = await shell.run(["cancel", going, over, "--json"])
    expect(code).toBe(EXIT.ok)
    const results = new Map(linesOf(stdout).map((line) => [JSON.parse(line).call, JSON.parse(line)]))
    expect(results.get(going)).toMatchObject({ outcome: "canceled", status: "canceled" })
    expect(results.get(over)).toMatchObject({ outcome: "already_over" })
    const table = await shell.run(["cancel", going])
    expect(table.stdout).toMatch(/^CALL +CANCEL +STATUS.*\nrevox:[-\w]+ +already_over +canceled/)
  })
})

describe("uncertain placements", () => {
  const args = flags("--provider revox --to +12025550100 --agent a --reference")

  it("are told as such, not placed again, and found where the list tells references", async () => {
    const lossy = await openShell({ revox: { faults: "place:drop/accepted*1", listItems: "orders" } })
    try {
      const first = await lossy.run(["place", ...args, "lost", "--json"])
      expect(first.code).toBe(EXIT.uncertain)
      expect(JSON.parse(first.stdout)).toMatchObject({ state: "uncertain", reference: "lost", provider: "revox" })
      expect(first.stderr).toContain("unicall reconcile 'lost' looks for it")
      const again = await lossy.run(["place", ...args, "lost"])
      expect(again.code).toBe(EXIT.uncertain)
      expect(again.stdout).toMatch(/^lost +revox:\? +uncertain/m)
      expect(sendings(lossy.revox, "lost")).toBe(1)
      const found = await lossy.run(["reconcile", "--stale", "1ms", "--json"])
      expect(found.code).toBe(EXIT.ok)
      expect(JSON.parse(found.stdout)).toMatchObject({ state: "accepted", call: `revox:${lossy.revox.orders[0]?.id}` })
      expect(found.stderr).toContain("1 placement looked at, 0 still uncertain")
    } finally {
      await lossy.close()
    }
  })

  it("are given up by whoever says so, and only then placed again", async () => {
    const lossy = await openShell({ revox: { faults: "place:drop*1" } })
    try {
      await lossy.run(["place", ...args, "given-up"])
      const unasked = await lossy.run(["reconcile", "--release", "given-up"])
      expect(unasked.code).toBe(EXIT.usage)
      expect(unasked.stderr).toContain("rung twice")
      const released = await lossy.run(["reconcile", "--release", "given-up", "--yes", "--json"])
      expect([released.code, released.stdout]).toEqual([EXIT.ok, '{"state":"released","reference":"given-up"}\n'])
      const placedNow = await lossy.run(["place", ...args, "given-up", "--json"])
      expect(JSON.parse(placedNow.stdout)).toMatchObject({ state: "accepted", already: false })
      expect(lossy.revox.orders).toHaveLength(1)
    } finally {
      await lossy.close()
    }
  })

  it("remain where a stop came in the middle, unless the answer comes in the next moment", async () => {
    const hanging = await openShell({ revox: { faults: "place:hang/accepted*1,place:delay=1*1" } })
    try {
      const running = hanging.start(["place", ...args, "cut-short", "--timeout", "2s"])
      while (sendings(hanging.revox, "cut-short") === 0) await new Promise((resolve) => setImmediate(resolve))
      running.child.kill("SIGINT")
      const { code, stdout } = await running.ran
      expect(code).toBe(EXIT.interrupted)
      expect(stdout).toMatch(/^cut-short +revox:\? +uncertain +TimedOut$/m)
      const again = await hanging.run(["place", ...args, "cut-short"])
      expect(again.code).toBe(EXIT.uncertain)
      expect(hanging.revox.orders).toHaveLength(1)
      const late = hanging.start(["place", ...args, "late"])
      while (sendings(hanging.revox, "late") === 0) await new Promise((resolve) => setImmediate(resolve))
      late.child.kill("SIGINT")
      const told = await late.ran
      expect(told.code).toBe(EXIT.interrupted)
      expect(told.stdout).toMatch(/^late +revox:[-\w]+ +now /m)
    } finally {
      await hanging.close()
    }
  })

  it("that nobody holds are told as free", async () => {
    const { code, stdout } = await shell.run(["reconcile", "never-heard-of", "--json"])
    expect([code, stdout]).toEqual([EXIT.ok, '{"state":"free","reference":"never-heard-of"}\n'])
  })
})

describe.concurrent("unicall doctor", () => {
  it("finds everything in order", async () => {
    const { code, stdout } = await shell.run(["doctor"])
    expect(code).toBe(EXIT.ok)
    expect(stdout).toContain("✓ revox access: the key is accepted")
    expect(stdout).toContain("✓ revring clock: agrees with the provider's")
    expect(stdout).toContain("✓ vapi access: the key is accepted")
    expect(stdout).toContain("rings nobody")
    expect(stdout).not.toContain("✗")
    expect(stdout).not.toContain("twin-key")
  })

  it("needs one provider, and does not mind that another has no key", async () => {
    const { code, stdout } = await shell.run(["doctor", "--json"], { env: { REVRING_API_KEY: "" } })
    expect(code).toBe(EXIT.ok)
    const { ok, findings } = JSON.parse(stdout)
    expect(ok).toBe(true)
    expect(findings).toContainEqual({ about: "revring key", verdict: "skip", found: "REVRING_API_KEY is not set" })
    const none = await shell.run(["doctor"], { env: { REVRING_API_KEY: "", REVOX_API_KEY: "", VAPI_API_KEY: "" } })
    expect(none.code).toBe(EXIT.setup)
    expect(none.stdout).toContain("✗ revox key: REVOX_API_KEY is not set\n    Set REVOX_API_KEY")
  })

  it("says what to do about a wrong key, an address and a journal", async () => {
    const { code, stdout } = await shell.run(["doctor", "--journal", "/dev/null/journal"], {
      env: { REVOX_API_KEY: "wrong-secret", REVRING_BASE_URL: "http://user:pass@api.example.invalid" }
    })
    expect(code).toBe(EXIT.setup)
    expect(stdout).toMatch(/✗ revox access: the API key is not accepted \(HTTP 200.*\n {4}Check REVOX_API_KEY\./)
    expect(stdout).toMatch(
      /✗ revring configuration: baseUrl: expected https.*\n {4}Check REVRING_API_KEY and REVRING_BASE_URL/
    )
    expect(stdout).toMatch(/✗ journal: .*\n {4}Make the file and its folder writable/)
    expect(stdout).not.toMatch(/wrong-secret|user:pass/)
  })

  it("notices a clock that is wrong", () =>
    answering('{"calls":[]}', { date: new Date(Date.now() + 600_000).toUTCString() }, async (url) => {
      const { code, stdout } = await shell.run(["doctor", "--provider", "revox"], { env: { REVOX_BASE_URL: url } })
      expect(stdout).toMatch(/! revox clock: \d+ s behind the provider's\n {4}Set this machine's clock/)
      expect(code).toBe(EXIT.ok)
    }))
})

describe.concurrent("unicall twin", () => {
  it("prints lines that make a shell use it, tells of requests, and cleans up when it is stopped", async () => {
    const running = shell.start(["twin", "--port", "0", "--speed", "600", "--faults", "get:503*1"])
    let printed = ""
    running.child.stdout?.on("data", (text) => (printed += text))
    while (!printed.includes("UNICALL_JOURNAL=")) await once(running.child.stdout ?? running.child, "data")
    const env = Object.fromEntries(
      [...printed.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name = "", value = ""]) => [name, value])
    )
    expect(Object.keys(env)).toEqual(
      flags("REVOX_BASE_URL REVOX_API_KEY REVRING_BASE_URL REVRING_API_KEY VAPI_BASE_URL VAPI_API_KEY UNICALL_JOURNAL")
    )
    const args = flags("--provider revox --to +12025550100 --agent a --reference r --wait")
    const { code, stdout } = await shell.run(["place", ...args], { env })
    expect(code).toBe(EXIT.ok)
    expect(stdout).toMatch(/completed +human/)
    running.child.kill("SIGTERM")
    const { stderr } = await running.ran
    expect(stderr).toContain("revox POST /call place 200\n")
    expect(stderr).toMatch(/^revox GET \/call\/[-\w]+ get 503 fault status$/m)
    expect(stderr).toMatch(/stopped after \d+ requests/)
    expect(stderr).not.toMatch(/twin-key|POST.*\+1202/)
    expect(existsSync(join(env["UNICALL_JOURNAL"] ?? "", ".."))).toBe(false)
  })

  it("takes another key, and begins its pages where it is told to", async () => {
    const running = shell.start(["twin", "revox", "--port", "0", "--key", "sk_own.key-1", "--page-base", "1"])
    let printed = ""
    running.child.stdout?.on("data", (text) => (printed += text))
    while (!printed.includes("UNICALL_JOURNAL=")) await once(running.child.stdout ?? running.child, "data")
    const url = /REVOX_BASE_URL='(.*)'/.exec(printed)?.[1] ?? ""
    expect(printed).toContain("REVOX_API_KEY='sk_own.key-1'")
    const status = async (page: number, key: string) =>
      (await fetch(`${url}//api/call?page=${page}`, { headers: { authorization: `Bearer ${key}` } })).status
    expect([await status(1, "sk_own.key-1"), await status(0, "sk_own.key-1"), await status(1, "twin-key")]).toEqual([
      200, 422, 401
    ])
    running.child.kill("SIGTERM")
    expect((await running.ran).stderr).not.toContain("sk_own")
  })

  it.each([
    ["a key that would break the lines to copy", ["--key", "it's"], EXIT.usage],
    ["a page base nobody knows", ["--page-base", "2"], EXIT.usage],
    ["faults nobody can read", ["--faults", "nonsense"], EXIT.usage],
    ["a provider nobody knows", ["retell"], EXIT.usage],
    ["a port that is taken", ["revox", "--port", "TAKEN"], EXIT.unreadable]
  ])("refuses %s", async (_, args, expected) => {
    const taken = new URL(shell.urls.revox).port
    const { code, stdout, stderr } = await shell.run(["twin", ...args.map((arg) => (arg === "TAKEN" ? taken : arg))])
    expect([code, stdout]).toEqual([expected, ""])
    expect(stderr).not.toBe("")
  })
})

describe("what is written", () => {
  it("holds no number in the journal", () => {
    const files = readdirSync(shell.folder).filter((name) => name.startsWith("journal.sqlite"))
    expect(files.length).toBeGreaterThan(0)
    for (const file of files) expect(readFileSync(join(shell.folder, file), "latin1")).not.toMatch(/2025550\d{3}/)
  })
})
