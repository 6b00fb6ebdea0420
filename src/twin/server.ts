/** A twin as an HTTP server on this machine. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import { carried, sendLocally, type SendWebhook } from "./carrier.ts"
import type { Delivery, SentMessage } from "./outbox.ts"
import { mayHaveBody, type TwinReply } from "./reply.ts"
import { LARGEST_BODY } from "./parsedBody.ts"
import { type LoggedRequest, type Twin, type TwinRequest } from "./twin.ts"

/** Where a twin listens, and how its time runs. */
export interface ListenOptions {
  /** The port. @default any free one */
  readonly port?: number
  /** The address. @default "127.0.0.1" */
  readonly host?: string
  /** How much faster than the clock on the wall the twin's time runs. Delays of faults are real ones. @default 1 */
  readonly speed?: number
  /** The twin's time in milliseconds since the epoch, instead of a faster clock. */
  readonly now?: () => number
  /** Sends its webhooks. @default to addresses on this machine, and to no others */
  readonly sendWebhook?: SendWebhook
  /** Told of each webhook that was sent, once it has been answered, or has not been in time. */
  readonly onWebhook?: (sent: SentMessage) => void
  /** Told of each request once its answer is settled. */
  readonly onRequest?: (request: LoggedRequest) => void
}

/** A twin that listens on this machine. */
export interface TwinServer {
  /** Without a slash at its end. */
  readonly url: string
  readonly port: number
  /** Ends open connections too. */
  readonly close: () => Promise<void>
}

/** The body as text. One that is too large is read to its end, so that the client gets to its answer, but not kept. */
const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Array<Uint8Array> = []
  let size = 0
  for await (const chunk of request) {
    if (size <= LARGEST_BODY) chunks.push(chunk)
    size += chunk.length
  }
  return Buffer.concat(chunks).toString("utf8")
}

const requestFrom = (request: IncomingMessage, body: string): TwinRequest => {
  const [path = "/", query = ""] = (request.url ?? "/").split("?", 2)
  const headers = Object.entries(request.headers).map(([name, value = ""]): [string, string] => [
    name,
    typeof value === "string" ? value : value.join(", ")
  ])
  return {
    method: request.method ?? "GET",
    path,
    query: new URLSearchParams(query),
    headers: Object.fromEntries(headers),
    body
  }
}

const PIECES = 4

/** Between looks for webhooks that are due, by the clock on the wall. */
const LOOK_EVERY_MS = 20

/** A longer one would go off at once. */
const LONGEST_TIMER = 2 ** 31 - 1

/** Answers on the socket as the reply and its fault have it. */
const send = (request: IncomingMessage, response: ServerResponse, reply: TwinReply): void => {
  const { fault } = reply
  const body = Buffer.from(reply.body)
  const tellsLength = request.method !== "HEAD" && mayHaveBody(reply.status)
  const length = tellsLength ? { "content-length": String(body.length) } : {}
  const writeHead = () => response.writeHead(reply.status, { ...reply.headers, ...length })
  const later = (seconds: number, act: () => void): void => {
    const timer = setTimeout(act, Math.min(seconds * 1000, LONGEST_TIMER))
    response.once("close", () => clearTimeout(timer))
  }
  switch (fault?.kind) {
    case undefined:
      writeHead().end(body)
      return
    case "delay":
      later(fault.seconds, () => writeHead().end(body))
      return
    case "hang":
      return
    case "drop":
      request.socket.destroy()
      return
    case "cut":
      writeHead().write(body.subarray(0, Math.floor(body.length / 2)), () => request.socket.destroy())
      return
    case "slow_body": {
      const step = Math.ceil(body.length / PIECES)
      writeHead().flushHeaders()
      for (let piece = 1; piece <= PIECES; piece++) {
        const part = body.subarray((piece - 1) * step, piece * step)
        later((fault.seconds * piece) / PIECES, () => void (piece < PIECES ? response.write(part) : response.end(part)))
      }
    }
  }
}

const opened = (server: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, host, () => {
      const address = server.address()
      resolve(typeof address === "object" && address !== null ? address.port : port)
    })
  })

/** Opens a server that answers for the twin. Rejects if the port cannot be had. */
export const listen = async (twin: Twin, options: ListenOptions = {}): Promise<TwinServer> => {
  const { host = "127.0.0.1", speed = 1, onRequest, sendWebhook = sendLocally, onWebhook } = options
  const startedAt = Date.now()
  const now = options.now ?? (() => Math.round(startedAt + (Date.now() - startedAt) * speed))

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request)
    const reply = twin.respond(requestFrom(request, body), now())
    const logged = onRequest === undefined ? undefined : twin.requests.at(-1)
    if (logged !== undefined) onRequest?.(logged)
    send(request, response, reply)
  }
  const server = createServer((request, response) => {
    // Only a client that goes away in the middle of its request gets here.
    respond(request, response).catch(() => request.socket.destroy())
  })
  const port = await opened(server, options.port ?? 0, host)
  const closing = new AbortController()
  const deliver = async (delivery: Delivery): Promise<void> => {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(delivery.withinSeconds * 1000)])
    const sent = delivery.answered(await carried(delivery, sendWebhook, signal))
    onWebhook?.(sent)
  }
  const looking = setInterval(() => {
    for (const delivery of twin.takeDeliveries(now())) void deliver(delivery)
  }, LOOK_EVERY_MS)
  looking.unref()
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        clearInterval(looking)
        closing.abort()
        server.close(() => resolve())
        server.closeAllConnections()
      })
  }
}
