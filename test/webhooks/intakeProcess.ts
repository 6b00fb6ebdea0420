/** A process that takes webhooks until it is killed: `node intakeProcess.ts <base url> <key> <folder>`. Says the port it listens at. */
import { once } from "node:events"
import { createServer } from "node:http"
import { join } from "node:path"
import process from "node:process"
import { openCalls } from "../../adapters/promiseNode.ts"
import { sqliteInbox, sqliteJournal } from "../../src/node/fileHandles.ts"
import { webhookListener } from "../../src/node/webhookListener.ts"

const [baseUrl = "", apiKey = "", folder = ""] = process.argv.slice(2)

const calls = await openCalls({
  revox: { apiKey, baseUrl },
  journal: sqliteJournal(join(folder, "calls.sqlite")),
  webhooks: { trust: { revox: { trust: "trusted" } }, inbox: sqliteInbox(join(folder, "inbox.sqlite")) }
})
const server = createServer(webhookListener(calls)).listen(0, "127.0.0.1")
await once(server, "listening")
process.stdout.write(`${JSON.stringify(server.address())}\n`)
