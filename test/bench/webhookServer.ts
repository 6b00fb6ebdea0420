/**
 * One way of taking webhooks, alone in this process until it is killed: `webhookServer.ts NAME PLACE PROVIDER`. PLACE is a folder for
 * SQLite's files, or the address of a database of PostgreSQL; PROVIDER the address where calls are read. Prints its port.
 */
import { Buffer } from "node:buffer"
import { once } from "node:events"
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { Pool } from "pg"
import { openCalls } from "../../adapters/promiseNode.ts"
import { sqliteInbox, sqliteJournal } from "../../src/node/fileHandles.ts"
import { webhookListener } from "../../src/node/webhookListener.ts"
import { postgresInbox, postgresJournal } from "../../src/postgres/index.ts"

const [name = "", place = "", baseUrl = ""] = process.argv.slice(2)

const MOST_WAITING = 10_000_000
const trust = { revox: { trust: "refetch" } } as const

const inSqlite = () =>
  openCalls({
    revox: { apiKey: "bench-key", baseUrl },
    journal: sqliteJournal(join(place, "calls.sqlite")),
    webhooks: { trust, mostWaiting: MOST_WAITING, inbox: sqliteInbox(join(place, "inbox.sqlite")) }
  })

const inPostgres = () => {
  const pool = new Pool({ connectionString: place })
  return openCalls({
    revox: { apiKey: "bench-key", baseUrl },
    journal: postgresJournal(pool),
    webhooks: { trust, mostWaiting: MOST_WAITING, inbox: postgresInbox(pool) }
  })
}

type Calls = Awaited<ReturnType<typeof inSqlite>>

/** Hands over the bytes of each request once all have come. */
const taking =
  (take: (bytes: Buffer, incoming: IncomingMessage, outgoing: ServerResponse) => void): RequestListener =>
  (incoming, outgoing) => {
    const chunks: Array<Buffer> = []
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk))
    incoming.on("end", () => take(Buffer.concat(chunks), incoming, outgoing))
  }

/** What an application has whose framework gives it requests of the web platform. */
const bridge = (calls: Calls): RequestListener =>
  taking(async (bytes, incoming, outgoing) => {
    const { url = "/", method = "GET", headers } = incoming
    const type = headers["content-type"] ?? ""
    const body = new Uint8Array(bytes)
    const request = new Request(`http://localhost${url}`, { method, headers: { "content-type": type }, body })
    const response = await calls.webhook(request)
    outgoing.statusCode = response.status
    outgoing.end(await response.text())
  })

/** What is written by hand in an hour: one row for each request. */
const bare = (insert: (id: string, at: string) => Promise<unknown> | void): RequestListener =>
  taking(async (bytes, _, outgoing) => {
    const message = JSON.parse(bytes.toString())
    await insert(String(message.call_order_id), new Date().toISOString())
    outgoing.setHeader("content-type", "text/plain")
    outgoing.end("ok\n")
  })

const BARE = "CREATE TABLE received (order_id TEXT PRIMARY KEY, at TEXT NOT NULL)"

const INSERT = "INSERT INTO received (order_id, at) VALUES (?, ?)"

const opened = (): DatabaseSync => {
  const database = new DatabaseSync(join(place, "bare.sqlite"))
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; ${BARE} STRICT`)
  return database
}

const variants: { readonly [name: string]: () => Promise<RequestListener> } = {
  "listener-sqlite": async () => webhookListener(await inSqlite()),
  "handler-sqlite": async () => bridge(await inSqlite()),
  "bare-sqlite": async () => {
    const insert = opened().prepare(INSERT)
    return bare((id, at) => void insert.run(id, at))
  },
  "grouped-sqlite": async () => {
    const database = opened()
    const insert = database.prepare(INSERT)
    let waiting: Array<{ readonly row: readonly [string, string]; readonly done: () => void }> = []
    const write = (): void => {
      const group = waiting
      waiting = []
      database.exec("BEGIN IMMEDIATE")
      for (const { row } of group) insert.run(...row)
      database.exec("COMMIT")
      for (const { done } of group) done()
    }
    return bare((id, at) => {
      if (waiting.length === 0) setImmediate(write)
      return new Promise<void>((done) => waiting.push({ row: [id, at], done }))
    })
  },
  "listener-postgres": async () => webhookListener(await inPostgres()),
  "handler-postgres": async () => bridge(await inPostgres()),
  "bare-postgres": async () => {
    const pool = new Pool({ connectionString: place })
    await pool.query(BARE)
    return bare((id, at) => pool.query("INSERT INTO received (order_id, at) VALUES ($1, $2)", [id, at]))
  }
}

const prepare = Object.hasOwn(variants, name) ? variants[name] : undefined
if (prepare === undefined) throw new Error(`expected one of ${Object.keys(variants).join(", ")}`)
const server = createServer(await prepare()).listen(0, "127.0.0.1")
await once(server, "listening")
process.stdout.write(`${Object(server.address()).port}\n`)
