/**
 * A server of bare sockets on this machine, which does to a connection what no HTTP server would: answers in pieces,
 * garbage, half a body, a reset, an alert of TLS. It reads just enough HTTP to hand over whole requests.
 */
import { createServer, type Socket } from "node:net"
import { createServer as createTlsServer } from "node:tls"
import type { Certificate } from "./certificate.ts"

export interface RawRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string }
  /** Empty if only the head has been read. */
  readonly body: string
  /** Requests before this one on its connection. */
  readonly earlier: number
}

/** What is written, and what becomes of the connection then. */
export interface Reaction {
  /** Nothing happens before. */
  readonly after?: Promise<void>
  readonly write?: ReadonlyArray<string | Uint8Array>
  /** `keep`: the next request is read. `end`: closed in order. `reset`: cut off. `stay`: left open without a word. */
  readonly leave: "keep" | "end" | "reset" | "stay"
}

/** Each is asked in turn; the first that answers has the connection. */
export interface RawHandlers {
  /** A connection is open, nothing has been read. */
  readonly onConnection?: () => Reaction | undefined
  /** The first bytes are there: of HTTP, or of TLS's handshake. */
  readonly onBytes?: () => Reaction | undefined
  readonly onHead?: (request: RawRequest) => Reaction | undefined
  readonly onRequest: (request: RawRequest) => Reaction
}

export interface RawServer {
  readonly port: number
  readonly close: () => Promise<void>
}

const HEAD_END = "\r\n\r\n"

interface Head {
  readonly request: Omit<RawRequest, "earlier">
  readonly length: number
}

const headOf = (text: string): Head => {
  const [start = "", ...lines] = text.split("\r\n")
  const [method = "", target = "/"] = start.split(" ")
  const [path = "/", query = ""] = target.split("?", 2)
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":")
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
    })
  )
  return {
    request: { method, path, query: new URLSearchParams(query), headers, body: "" },
    length: Number(headers["content-length"] ?? 0)
  }
}

/** What an ordinary server writes. */
export const plainAnswer = (
  status: number,
  headers: { readonly [name: string]: string },
  body: string | Uint8Array
): ReadonlyArray<string | Uint8Array> => {
  const bytes = Buffer.from(body)
  const lines = Object.entries({ ...headers, "content-length": String(bytes.length) }).map(
    ([name, value]) => `${name}: ${value}\r\n`
  )
  return [`HTTP/1.1 ${status} Whatever\r\n${lines.join("")}\r\n`, bytes]
}

const react = (socket: Socket, { after, ...reaction }: Reaction, goOn: () => void): void => {
  if (after === undefined) reactNow(socket, reaction, goOn)
  else void after.then(() => reactNow(socket, reaction, goOn))
}

const reactNow = (socket: Socket, { write = [], leave }: Omit<Reaction, "after">, goOn: () => void): void => {
  const finish = (): void => {
    if (leave === "keep") goOn()
    else if (leave === "end") socket.end()
    else if (leave === "reset") socket.resetAndDestroy()
  }
  const bytes = Buffer.concat(write.map((piece) => Buffer.from(piece)))
  if (bytes.length === 0) finish()
  else socket.write(bytes, finish)
}

/** Reads requests off a connection, one after another. */
const serve = (socket: Socket, { onHead, onRequest }: RawHandlers): void => {
  let unread: Uint8Array = Buffer.alloc(0)
  let earlier = 0
  let taken = false

  const take = (reaction: Reaction): void => {
    taken = true
    react(socket, reaction, () => {
      taken = false
      earlier += 1
      read()
    })
  }

  const read = (): void => {
    const bytes = Buffer.from(unread)
    const end = bytes.indexOf(HEAD_END)
    if (taken || end === -1) return
    const { request, length } = headOf(bytes.subarray(0, end).toString("latin1"))
    const early = onHead?.({ ...request, earlier })
    if (early !== undefined) {
      unread = Buffer.alloc(0)
      take(early)
      return
    }
    const from = end + HEAD_END.length
    if (bytes.length < from + length) return
    unread = bytes.subarray(from + length)
    take(onRequest({ ...request, earlier, body: bytes.subarray(from, from + length).toString("utf8") }))
  }

  socket.on("data", (chunk: Uint8Array) => {
    unread = Buffer.concat([unread, chunk])
    read()
  })
  // Whoever waited for the first bytes has stopped the flow.
  socket.resume()
}

/** Opens a server on a free port, or on the one given. Whoever goes away in the middle is let go. */
export const openRawServer = async (
  handlers: RawHandlers,
  { certificate, port = 0 }: { readonly certificate?: Certificate | undefined; readonly port?: number } = {}
): Promise<RawServer> => {
  const sockets = new Set<Socket>()
  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    return socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket))
  }
  const secured =
    certificate === undefined
      ? undefined
      : createTlsServer(certificate, (socket) => serve(keep(socket), handlers)).on("tlsClientError", () => {})

  const enter = (socket: Socket): void => {
    if (secured === undefined) serve(socket, handlers)
    else secured.emit("connection", socket)
  }

  const server = createServer((socket) => {
    keep(socket)
    const atOnce = handlers.onConnection?.()
    if (atOnce !== undefined) {
      react(socket, atOnce, () => enter(socket))
      return
    }
    if (handlers.onBytes === undefined) {
      enter(socket)
      return
    }
    socket.once("readable", () => {
      const reaction = handlers.onBytes?.()
      if (reaction === undefined) enter(socket)
      else react(socket, reaction, () => enter(socket))
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, "127.0.0.1", resolve)
  })
  const address = server.address()
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      })
  }
}
