/** Connections through a proxy. */
import http from "node:http"
import https from "node:https"
import { isIP, type Socket } from "node:net"
import { UnsentError } from "../provider/http/UnsentError.ts"
import { portOf } from "./httpProxy.ts"

const authorizationOf = ({ username, password }: URL): { readonly [name: string]: string } => {
  if (username === "" && password === "") return {}
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { "proxy-authorization": `Basic ${Buffer.from(pair).toString("base64")}` }
}

/** A connection to the target through the proxy. Where there is none, nothing of the request has left. */
export const openTunnel = (
  proxy: URL,
  target: URL,
  { signal, ca }: { readonly signal: AbortSignal; readonly ca: ReadonlyArray<string> | undefined }
): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const host = proxy.hostname.replace(/^\[(.*)\]$/, "$1")
    const authority = `${target.hostname}:${portOf(target)}`
    const request = (proxy.protocol === "https:" ? https : http).request({
      host,
      // The certificate is the proxy's: by itself Node takes the name from the header.
      servername: isIP(host) === 0 ? host : "",
      port: portOf(proxy),
      method: "CONNECT",
      path: authority,
      headers: { host: authority, ...authorizationOf(proxy) },
      agent: false,
      signal,
      ...(ca === undefined ? {} : { ca: [...ca] })
    })
    const fail = (code: string | undefined, cause?: unknown): void =>
      reject(new UnsentError("the proxy gave no connection", { cause, ...(code === undefined ? {} : { code }) }))
    request.once("connect", ({ statusCode = 0 }, socket) => {
      // Between two listeners an error would end the process.
      socket.on("error", () => undefined)
      if (statusCode >= 200 && statusCode < 300) return resolve(socket)
      socket.destroy()
      fail(`PROXY_${statusCode}`)
    })
    request.once("response", (response) => {
      response.destroy()
      fail(`PROXY_${response.statusCode}`)
    })
    request.on("error", (cause) => fail(undefined, cause))
    request.once("close", () => fail("PROXY_CLOSED"))
    request.end()
  })
