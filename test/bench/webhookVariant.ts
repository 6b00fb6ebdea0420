/**
 * Webhooks sent to one way of taking them, which runs in a process of its own: `webhookVariant.ts NAME PLACE COUNT`, where PLACE is a
 * folder for SQLite's files, or that of the socket of a server of PostgreSQL. Prints the seconds until COUNT messages were
 * acknowledged, after a warm-up of half as many. Then the taker is killed, and each message must be found in its database.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer } from "node:http"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { fileURLToPath } from "node:url"
import { Pool } from "pg"
import { addressIn } from "../postgres/server.ts"
import { callIdAt, requestAt } from "./webhookMessages.ts"
import { sendAll } from "./webhookSender.ts"

const [name = "", place = "", count = "1000"] = process.argv.slice(2)
const isOurs = name.startsWith("listener") || name.startsWith("handler")

interface Store {
  readonly place: string
  readonly kept: () => Promise<ReadonlyArray<unknown>>
  readonly remove: () => Promise<void>
}

const inSqlite = (): Store => {
  const folder = mkdtempSync(join(place, "webhooks-"))
  const query = isOurs ? "SELECT orderId AS id FROM named_call" : "SELECT order_id AS id FROM received"
  return {
    place: folder,
    kept: async () => {
      const database = new DatabaseSync(join(folder, isOurs ? "inbox.sqlite" : "bare.sqlite"))
      const rows = database.prepare(query).all()
      database.close()
      return rows.map((row) => row["id"])
    },
    remove: async () => rmSync(folder, { recursive: true })
  }
}

const inPostgres = async (): Promise<Store> => {
  const database = `webhooks_${process.pid}_${Date.now()}`
  const address = addressIn(place, { database })
  const within = async (connectionString: string, text: string) => {
    const pool = new Pool({ connectionString })
    const { rows } = await pool.query(text)
    await pool.end()
    return rows
  }
  await within(addressIn(place), `CREATE DATABASE ${database}`)
  return {
    place: address,
    kept: async () => {
      const rows = await within(address, `SELECT order_id AS id FROM ${isOurs ? "unicall_inbox" : "received"}`)
      return rows.map((row) => Reflect.get(row, "id"))
    },
    remove: async () => void (await within(addressIn(place), `DROP DATABASE ${database} WITH (FORCE)`))
  }
}

/** A provider that keeps whoever reads a call waiting: sixteen calls are begun to be read, and no others. */
const provider = createServer(() => undefined).listen(0, "127.0.0.1")
await once(provider, "listening")
const baseUrl = `http://127.0.0.1:${Object(provider.address()).port}`

const run = crypto.randomUUID()
const requestsFrom = (first: number, many: number) =>
  Array.from({ length: many }, (_, index) => requestAt("/webhooks/revox", run, first + index))
const warmUp = Math.ceil(Number(count) / 2)
const [before, timed] = [requestsFrom(0, warmUp), requestsFrom(warmUp, Number(count))]

const store = name.endsWith("postgres") ? await inPostgres() : inSqlite()
const taker = spawn(
  process.execPath,
  [fileURLToPath(new URL("webhookServer.ts", import.meta.url)), name, store.place, baseUrl],
  { stdio: ["ignore", "pipe", "inherit"] }
)
const exited = once(taker, "exit")
const [port] = await Promise.race([once(taker.stdout, "data"), exited])
await sendAll(Number(port), before)
const started = performance.now()
await sendAll(Number(port), timed)
const seconds = (performance.now() - started) / 1000
taker.kill("SIGKILL")
await exited

const kept = new Set(await store.kept())
await store.remove()
const all = Array.from({ length: warmUp + Number(count) }, (_, index) => callIdAt(run, index))
const lost = all.filter((id) => !kept.has(id))
if (lost.length > 0) throw new Error(`${lost.length} messages were acknowledged and lost, the first about ${lost[0]}`)
process.stdout.write(`${seconds}\n`)
process.exit(0)
