/**
 * Connections of the HTTP client. A request gets one only once it stands – name looked up, connected, through the proxy,
 * certificate checked – so that whatever goes wrong before was certainly not sent.
 */
import http, { type AgentOptions, type ClientRequestArgs } from "node:http"
import https from "node:https"
import { Socket } from "node:net"
import tls from "node:tls"
import { present } from "../domain/present.ts"
import { UnsentError } from "../provider/http/UnsentError.ts"
import type { Lookup } from "./allowedAddress.ts"
import type { ProxyFor } from "./httpProxy.ts"
import { openTunnel } from "./proxyTunnel.ts"

export interface ConnectionOptions {
  /** Certificates in PEM that are trusted beside the usual ones. */
  readonly ca: ReadonlyArray<string> | undefined
  readonly proxyFor: ProxyFor
  readonly connectMillis: number
  /** How the addresses of a name are found. @default by the system */
  readonly lookup?: Lookup | undefined
}

/** For how long a connection is kept that nothing is asked on: shorter than servers keep theirs. */
const KEPT_MILLIS = 4000

const codeOf = (error: unknown): { readonly code?: string } => {
  const code = error instanceof Error && "code" in error ? error.code : undefined
  return typeof code === "string" ? { code } : {}
}

/** Settles once the socket is ready, or will not be. */
const ready = (socket: Socket, event: "connect" | "secureConnect", signal: AbortSignal): Promise<Socket> =>
  new Promise((resolve, reject) => {
    // It stays: between our listeners and those of the request an error would end the process.
    socket.on("error", reject)
    socket.once("close", () => reject(new Error("closed before it was ready")))
    const stop = (): void => void socket.destroy(signal.reason instanceof Error ? signal.reason : undefined)
    if (signal.aborted) stop()
    signal.addEventListener("abort", stop, { once: true })
    socket.once(event, () => {
      signal.removeEventListener("abort", stop)
      resolve(socket)
    })
  })

interface Wanted {
  readonly protocol: "http:" | "https:"
  readonly args: ClientRequestArgs
  /** Connects; over the tunnel, where there is one. */
  readonly connect: (tunnel: Socket | undefined) => Socket
}

const connection = async ({ protocol, args, connect }: Wanted, options: ConnectionOptions): Promise<Socket> => {
  const { proxyFor, ca, connectMillis } = options
  const limit = new AbortController()
  const late = new UnsentError("no connection in time", { code: "ETIMEDOUT" })
  const timer = setTimeout(() => limit.abort(late), connectMillis)
  const signal = AbortSignal.any(args.signal === undefined ? [limit.signal] : [limit.signal, args.signal])
  try {
    const host = args.host ?? "localhost"
    const target = new URL(`${protocol}//${host.includes(":") ? `[${host}]` : host}:${args.port ?? ""}`)
    const proxy = proxyFor(target)
    const tunnel = proxy === undefined ? undefined : await openTunnel(proxy, target, { signal, ca })
    if (tunnel !== undefined && protocol === "http:") return tunnel
    return await ready(connect(tunnel), protocol === "http:" ? "connect" : "secureConnect", signal)
  } catch (cause) {
    if (signal.reason === late) throw late
    throw cause instanceof UnsentError ? cause : new UnsentError("no connection", { cause, ...codeOf(cause) })
  } finally {
    clearTimeout(timer)
  }
}

const socketOf = (stream: unknown): Socket => {
  if (stream instanceof Socket) return stream
  throw new TypeError("the agent gave no socket")
}

/** The agent, whose requests get a connection only once it stands. */
const patient = (agent: http.Agent, protocol: Wanted["protocol"], options: ConnectionOptions): http.Agent => {
  const create = agent.createConnection.bind(agent)
  agent.createConnection = ({ signal, ...args }, created) => {
    const connect = (tunnel: Socket | undefined) =>
      socketOf(create(tunnel === undefined ? args : Object.assign(args, { socket: tunnel })))
    connection({ protocol, args: { ...args, signal }, connect }, options).then(
      (socket) => created?.(null, socket),
      // Where there is an error the socket is not looked at.
      (error) => created?.(error, new Socket())
    )
    return undefined
  }
  return agent
}

export type Agents = ReturnType<typeof makeAgents>

export const makeAgents = (options: ConnectionOptions) => {
  const all = { autoSelectFamily: true, ...present({ lookup: options.lookup }) }
  const kept = { ...all, keepAlive: true, timeout: KEPT_MILLIS }
  const alone = { ...all, keepAlive: false }
  // The roots trusted by default are named too: `ca` alone would replace them.
  const ca = options.ca && [...tls.getCACertificates("default"), ...options.ca]
  // Servers that prefer HTTP/2 are never offered it: it may send a request again.
  const secure = present({ ALPNProtocols: ["http/1.1"], secureContext: ca && tls.createSecureContext({ ca }) })
  const pair = (shared: AgentOptions) => ({
    "http:": patient(new http.Agent(shared), "http:", options),
    "https:": patient(new https.Agent({ ...shared, ...secure }), "https:", options)
  })
  const agents = { kept: pair(kept), alone: pair(alone) }
  return {
    /** `isAlone`: a connection of its own, and none that is kept. */
    agentFor: ({ protocol }: URL, isAlone: boolean): http.Agent =>
      (isAlone ? agents.alone : agents.kept)[protocol === "http:" ? "http:" : "https:"],
    destroy: () => {
      for (const each of Object.values(agents)) for (const agent of Object.values(each)) agent.destroy()
    }
  }
}
