/** A receiver on this machine, which answers as a test wants it to and remembers what it was sent. */
import { EventEmitter, once } from "node:events"
import http, {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse
} from "node:http"
import https from "node:https"
import * as Effect from "effect/Effect"
import type { Certificate } from "../calls/certificate.ts"

export interface Received {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** The name that TLS was asked for. */
  readonly servername: string | undefined
}

/** Answers a request whose body has been read; or does not. */
export type Answering = (response: ServerResponse, received: Received) => void

export const answering =
  (status: number, headers: { readonly [name: string]: string } = {}): Answering =>
  (response) =>
    response.writeHead(status, headers).end("an answer that nobody reads")

const servernameOf = ({ socket }: IncomingMessage): string | undefined => {
  const name: unknown = "servername" in socket ? socket.servername : undefined
  return typeof name === "string" ? name : undefined
}

export const openReceiver = (answer: Answering, certificate?: Certificate) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const received: Array<Received> = []
      let current = answer
      let connections = 0
      const listener: RequestListener = (request, response) => {
        const chunks: Array<Uint8Array> = []
        request.on("data", (chunk: Uint8Array) => chunks.push(chunk))
        request.on("error", () => undefined)
        request.on("end", () => {
          const { method, url, headers } = request
          const body = Buffer.concat(chunks).toString()
          const one: Received = { method, url, headers, body, servername: servernameOf(request) }
          received.push(one)
          current(response, one)
        })
      }
      const server = certificate === undefined ? http.createServer(listener) : https.createServer(certificate, listener)
      const open = new Set<unknown>()
      const closing = new EventEmitter()
      server.on("connection", (socket) => {
        connections += 1
        open.add(socket)
        socket.on("close", () => {
          open.delete(socket)
          closing.emit("one")
        })
      })
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
      const address = server.address()
      const port = typeof address === "object" && address !== null ? address.port : 0
      return {
        server,
        port,
        url: `http://127.0.0.1:${port}/hooks?key=of-the-address`,
        received,
        connections: () => connections,
        answer: (next: Answering) => {
          current = next
        },
        /** Once no connection is open. */
        left: Effect.promise(async () => {
          while (open.size > 0) await once(closing, "one")
        })
      }
    }),
    ({ server }) =>
      Effect.sync(() => {
        server.close()
        server.closeAllConnections()
      })
  )
