/** The dialer of docs/samples/dialer, before the move and at each of its steps, as programs that are started again and again. */
import { spawn } from "node:child_process"
import { cpSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { rolldown } from "rolldown"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { makeRevoxTwin, makeRevRingTwin } from "../../adapters/testing.ts"
import { listen } from "../../src/twin/server.ts"
import { TWIN_KEY } from "../../src/twin/twinKey.ts"
import { makeWorkspace, root } from "./workspace.ts"

const workspace = makeWorkspace()
afterAll(workspace.remove)

/** The two entry points that the dialer imports, in one piece: a program starts in a third of the time that the sources take. */
beforeAll(async () => {
  const input = { promise: join(root, "adapters", "promiseNode.ts"), node: join(root, "src", "node", "index.ts") }
  const bundle = await rolldown({ input, cwd: root, platform: "node", tsconfig: join(root, "tsconfig.json") })
  await bundle.write({ dir: join(workspace.path, "node_modules", "unicall"), format: "esm" })
  await bundle.close()
  const exports = { "./promise": "./promise.js", "./node": "./node.js" }
  workspace.write("node_modules/unicall/package.json", JSON.stringify({ type: "module", exports }))
})

const SAMPLE = join(root, "docs", "samples", "dialer")
const leads: ReadonlyArray<{ readonly id: string; readonly phone: string }> = JSON.parse(
  readFileSync(join(SAMPLE, "leads.json"), "utf8")
)

interface RunOptions {
  /** How many of the leads there are by then. @default all */
  readonly leads?: number
  /** Whether the twins' time goes on, ten seconds with each request. @default true */
  readonly timePasses?: boolean
}

/** A folder of its own with the dialer in it, beside twins of both providers. */
const startDialer = async (name: string) => {
  const folder = join(workspace.path, name)
  cpSync(SAMPLE, folder, { recursive: true })
  let now = Date.now()
  let step = 0
  const [revox, revring] = [makeRevoxTwin(), makeRevRingTwin()]
  const options = { now: () => (now += step) }
  const servers = [await listen(revox, options), await listen(revring, options)] as const

  const run = (
    command: string,
    { leads: count = leads.length, timePasses = true }: RunOptions = {}
  ): Promise<string> => {
    step = timePasses ? 10_000 : 0
    workspace.write(`${name}/leads.json`, JSON.stringify(leads.slice(0, count)))
    const env = {
      ...process.env,
      NODE_COMPILE_CACHE: join(workspace.path, "cache"),
      REVOX_API_KEY: TWIN_KEY,
      REVOX_BASE_URL: servers[0].url,
      REVRING_API_KEY: TWIN_KEY,
      REVRING_BASE_URL: servers[1].url,
      POLL_SECONDS: "0.02",
      WAIT_SECONDS: timePasses ? "60" : "0"
    }
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, command.split(" "), {
        cwd: folder,
        env,
        stdio: ["ignore", "ignore", "pipe"]
      })
      let stderr = ""
      child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()))
      child.on("error", reject)
      child.on("close", (code) => {
        if (code === 0) resolve(readFileSync(join(folder, "rows.csv"), "utf8"))
        else reject(new Error(`${command} ended with ${code}: ${stderr}`))
      })
    })
  }

  /** The numbers that were dialled, each as often as it was. */
  const dialled = () => [...revox.orders, ...revring.orders].map(({ to }) => to).toSorted()
  return {
    run,
    folder,
    revox,
    revring,
    dialled,
    close: () => Promise.all(servers.map((server) => server.close()))
  }
}

/** All but those that the provider refuses. */
const callable = (count = leads.length) =>
  leads
    .slice(0, count)
    .map(({ phone }) => phone)
    .filter((phone) => !phone.endsWith("80"))
    .toSorted()

const ROWS = `lead,result,talk_seconds
lead-1,human,42
lead-2,voicemail,14
lead-3,nobody,
lead-4,human,63
lead-5,nobody,
lead-6,refused,
lead-7,menu,22
lead-8,nobody,
`

/** RevRing does not say that a telephone menu answered. */
const AT_REVRING = ROWS.replace("menu", "somebody")

/** Step 3. */
const DRAINED = "step2.ts unicall.drained.json"

describe("a dialer that moves", () => {
  it.concurrent.each([
    ["before.ts", [ROWS]],
    ["step1.ts", [ROWS]],
    ["step2.ts", [ROWS, AT_REVRING]],
    [DRAINED, [AT_REVRING]]
  ])("%s dials each lead once, and writes its row", async (command, expected) => {
    const { run, dialled, close } = await startDialer(command)
    expect(expected).toContain(await run(command))
    expect(dialled()).toEqual(callable())
    await close()
  })

  it.concurrent("goes from one step to the next, with calls under way, and dials nobody again", async () => {
    const { run, revox, revring, dialled, folder, close } = await startDialer("move")
    const open = () => readFileSync(join(folder, "open.txt"), "utf8").trim()
    await run("before.ts", { leads: 2, timePasses: false })
    await run("before.ts", { leads: 2, timePasses: false })
    expect(dialled()).toEqual(callable(2))
    await run("step1.ts", { leads: 4, timePasses: false })
    expect([revox.orders.length, revring.orders.length]).toEqual([4, 0])

    // Two at once, as happens when somebody starts it by hand.
    await Promise.all([
      run("step2.ts", { leads: 7, timePasses: false }),
      run("step2.ts", { leads: 7, timePasses: false })
    ])
    expect(dialled()).toEqual(callable(7))
    const { length: old } = revox.orders
    expect(old).toBeLessThan(dialled().length)

    expect(await run(DRAINED, { timePasses: false })).toContain("lead-1,open")
    expect(open()).toBe(String(old - 2))
    const rows = await run(DRAINED)
    expect([ROWS, AT_REVRING]).toContain(rows)
    expect(open()).toBe("0")
    expect(revox.orders.length).toBe(old)

    expect(await run("step2.ts")).toBe(rows)
    // A provider that is not opened cannot tell what it has: nothing is placed elsewhere.
    await expect(run("step1.ts")).rejects.toThrow("ReferenceHeld")
    expect(dialled()).toEqual(callable())
    await close()
    // Many processes, one after the other.
  }, 180_000)
})
