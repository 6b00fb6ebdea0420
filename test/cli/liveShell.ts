import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { makeRevoxTwin, type RevoxTwinOptions } from "../../adapters/revox/Twin.ts"
import { makeRevRingTwin, type RevRingTwinOptions } from "../../adapters/revring/Twin.ts"
import { makeVapiTwin, type VapiTwinOptions } from "../../adapters/vapi/Twin.ts"
import { listen } from "../../src/twin/server.ts"
import type { Twin } from "../../src/twin/twin.ts"
import { compileCache, main, type Ran } from "./unicall.ts"

/** Two hours pass in two seconds: every story that ends is over by then. */
export const FAST = 3600

export interface Running {
  readonly child: ChildProcess
  readonly ran: Promise<Ran>
  /** Settles once standard error holds the text, or with the end of the run. */
  readonly told: (text: string) => Promise<void>
}

/** Nothing of the machine's own configuration reaches a run. */
const bareEnvironment = (): { readonly [name: string]: string | undefined } =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(REVOX|REVRING|VAPI|XDG)_|^UNICALL_(CONFIG|JOURNAL|TENANT)$/.test(name)
    )
  )

export interface Shell {
  readonly revox: Twin
  readonly revring: Twin
  readonly vapi: Twin
  readonly folder: string
  readonly urls: { readonly revox: string; readonly revring: string; readonly vapi: string }
  readonly start: (args: ReadonlyArray<string>, options?: RunOptions) => Running
  readonly run: (args: ReadonlyArray<string>, options?: RunOptions) => Promise<Ran>
  readonly close: () => Promise<void>
}

export interface RunOptions {
  /** An empty value takes the variable away. */
  readonly env?: { readonly [name: string]: string }
  readonly input?: string
  /** Where standard output goes instead of to us, as a descriptor. */
  readonly stdout?: number
}

const spawned = (
  folder: string,
  args: ReadonlyArray<string>,
  env: NodeJS.ProcessEnv,
  { input = "", stdout: out }: Omit<RunOptions, "env">
): Running => {
  const child = spawn(process.execPath, ["--no-warnings", main, ...args], {
    cwd: folder,
    env: { ...env, ...compileCache },
    stdio: ["pipe", out ?? "pipe", "pipe"]
  })
  let stdout = ""
  let stderr = ""
  const waiting: Array<{ readonly text: string; readonly resolve: () => void }> = []
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text))
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text
    for (const each of waiting) if (stderr.includes(each.text)) each.resolve()
  })
  const ran = new Promise<Ran>((resolve, reject) => {
    child.on("error", reject)
    child.on("close", (code) => {
      for (const each of waiting) each.resolve()
      resolve({ code, stdout, stderr })
    })
  })
  child.stdin?.on("error", () => {})
  child.stdin?.end(input)
  return {
    child,
    ran,
    told: (text) =>
      new Promise((resolve) => (stderr.includes(text) ? resolve() : waiting.push({ text, resolve: () => resolve() })))
  }
}

/** Every twin in this process, and a command line that is told of them. */
export const openShell = async ({
  speed = FAST,
  ...twins
}: {
  readonly speed?: number
  readonly revox?: RevoxTwinOptions
  readonly revring?: RevRingTwinOptions
  readonly vapi?: VapiTwinOptions
} = {}): Promise<Shell> => {
  const folder = mkdtempSync(join(tmpdir(), "unicall-live-"))
  const revox = makeRevoxTwin(twins.revox)
  const revring = makeRevRingTwin(twins.revring)
  const vapi = makeVapiTwin(twins.vapi)
  const servers = await Promise.all([revox, revring, vapi].map((twin) => listen(twin, { speed })))
  const [revoxUrl = "", revringUrl = "", vapiUrl = ""] = servers.map(({ url }) => url)
  const running = new Set<ChildProcess>()
  const start = (args: ReadonlyArray<string>, { env = {}, ...options }: RunOptions = {}): Running => {
    const started = spawned(
      folder,
      args,
      {
        ...bareEnvironment(),
        REVOX_BASE_URL: revoxUrl,
        REVOX_API_KEY: "twin-key",
        REVRING_BASE_URL: revringUrl,
        REVRING_API_KEY: "twin-key",
        VAPI_BASE_URL: vapiUrl,
        VAPI_API_KEY: "twin-key",
        UNICALL_JOURNAL: join(folder, "journal.sqlite"),
        ...env
      },
      options
    )
    running.add(started.child)
    started.child.once("close", () => running.delete(started.child))
    return started
  }
  return {
    revox,
    revring,
    vapi,
    folder,
    urls: { revox: revoxUrl, revring: revringUrl, vapi: vapiUrl },
    start,
    run: (args, given) => start(args, given).ran,
    close: async () => {
      // What a test that failed has left behind.
      await Promise.all([...running].map((child) => (child.kill("SIGTERM"), once(child, "close"))))
      await Promise.all(servers.map((server) => server.close()))
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

/** How often an order with this reference was sent. */
export const sendings = (twin: Twin, reference: string): number =>
  twin.requests.filter(({ operation, body }) => operation === "place" && body.includes(`"${reference}"`)).length

export const linesOf = (text: string): ReadonlyArray<string> => text.split("\n").filter((line) => line !== "")
