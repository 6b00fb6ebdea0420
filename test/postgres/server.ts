/**
 * A PostgreSQL server for the tests, from Debian's packages: in a temporary folder, on a socket of its own and no port, and
 * under a user of its own where the tests run as root, which `initdb` refuses.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { setTimeout as sleep } from "node:timers/promises"
import { Client } from "pg"

const DEBIAN = "/usr/lib/postgresql"

/** Where `initdb` and `postgres` are: the newest version there is. */
const binaries = (): string | undefined => {
  const given = process.env["UNICALL_POSTGRES_BIN"]
  const found = existsSync(DEBIAN)
    ? readdirSync(DEBIAN)
        .toSorted((a, b) => Number(b) - Number(a))
        .map((version) => join(DEBIAN, version, "bin"))
    : []
  return [...(given === undefined ? [] : [given]), ...found].find((folder) => existsSync(join(folder, "initdb")))
}

/** Without it the tests are skipped, unless they are required. */
export const isRequired = process.env["UNICALL_REQUIRE_POSTGRES"] === "1" || (process.env["CI"] ?? "") !== ""

export const isInstalled = binaries() !== undefined

const idsOf = (user: string): { readonly uid: number; readonly gid: number } => {
  const id = (flag: string): number => Number(execFileSync("id", [flag, user], { encoding: "utf8" }))
  return { uid: id("-u"), gid: id("-g") }
}

/** Whoever the server runs as: root may not. Debian's package makes the user. */
const identity = (): Partial<ReturnType<typeof idsOf>> => (process.getuid?.() === 0 ? idsOf("postgres") : {})

/** An address of a server by the folder of its socket. */
export const addressIn = (folder: string, { database = "postgres", user = "owner" } = {}): string =>
  `postgresql://${user}@/${database}?host=${encodeURIComponent(folder)}`

export interface Server {
  /** The folder of its socket, `.s.PGSQL.5432`. */
  readonly folder: string
  /** Ends it as a loss of power would, as far as a program can, and starts it again. */
  readonly crash: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** `with_password` must give one; everybody else who reaches the socket is let in. */
const HBA = "local all with_password scram-sha-256\nlocal all all trust\n"

const MOST_TRIES = 600

interface ServerOptions {
  /** By name, as in `postgresql.conf`. */
  readonly settings?: { readonly [name: string]: string }
  /** Whether it is a replica, which can only be read. */
  readonly replica?: boolean
}

export const startServer = async ({ settings = {}, replica = false }: ServerOptions = {}): Promise<Server> => {
  const bin = binaries()
  if (bin === undefined)
    throw new Error("no PostgreSQL: install Debian's package postgresql or set UNICALL_POSTGRES_BIN to its programs")
  const folder = mkdtempSync(join(tmpdir(), "unicall-pg-"))
  const who = identity()
  if (who.uid !== undefined && who.gid !== undefined) chownSync(folder, who.uid, who.gid)
  chmodSync(folder, 0o755)
  const data = join(folder, "data")
  const options = { ...who, cwd: folder, env: { PATH: process.env["PATH"], LC_ALL: "C" } }
  execFileSync(
    join(bin, "initdb"),
    ["-D", data, "-U", "owner", "--encoding=UTF8", "--locale=C", "--auth=trust", "--no-sync"],
    { ...options, stdio: ["ignore", "ignore", "pipe"] }
  )
  writeFileSync(join(data, "pg_hba.conf"), HBA)
  if (replica) writeFileSync(join(data, "standby.signal"), "")
  const all = { unix_socket_directories: folder, listen_addresses: "", shared_buffers: "32MB", ...settings }
  const args = Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`])
  const log = join(folder, "log")

  const isReady = async (): Promise<boolean> => {
    const client = new Client({ connectionString: addressIn(folder) })
    client.on("error", () => undefined)
    try {
      await client.connect()
      return true
    } catch {
      return false
    } finally {
      await client.end().catch(() => undefined)
    }
  }

  let child: ChildProcess
  const start = async (): Promise<void> => {
    child = spawn("sh", ["-c", 'exec "$0" "$@" 2>>log', join(bin, "postgres"), "-D", data, ...args], {
      ...options,
      stdio: "ignore"
    })
    for (let tries = 0; !(await isReady()); tries++) {
      if (child.exitCode !== null || tries > MOST_TRIES) throw new Error(`PostgreSQL: ${readFileSync(log, "utf8")}`)
      await sleep(50)
    }
  }
  /** SIGINT disconnects everybody, SIGQUIT writes nothing more. */
  const end = async (signal: "SIGINT" | "SIGQUIT"): Promise<void> => {
    const gone = once(child, "exit")
    if (child.exitCode === null && child.kill(signal)) await gone
  }
  await start()
  return {
    folder,
    crash: async () => {
      await end("SIGQUIT")
      await start()
    },
    stop: async () => {
      await end("SIGQUIT")
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
