/** A provider that always answers the same call at once: what a request costs, and nothing else. Prints its port. */
import { createServer } from "node:http"
import { LIVE_CALL } from "./liveData.ts"

const body = JSON.stringify(LIVE_CALL)

const server = createServer((request, response) => {
  request.resume()
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) })
  response.end(body)
})
server.keepAliveTimeout = 60_000
server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  if (typeof address === "object" && address !== null) process.stdout.write(`${address.port}\n`)
})
