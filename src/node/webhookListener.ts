/** Webhooks under `node:http`, and under what hands its requests on as they are: Express, Connect. */
import { Buffer } from "node:buffer"
import type { AnswersWebhooks } from "../webhooks/AnswersWebhooks.ts"

/** What is needed of an `IncomingMessage` of `node:http`: these types need no others. */
export interface IncomingRequest {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly headersDistinct: { readonly [name: string]: ReadonlyArray<string> | undefined }
  /** Whether all of its body has come. */
  readonly complete: boolean
  /** Whether somebody has read of it. */
  readonly readableDidRead: boolean
  /** Of the text that its bytes are given as (`setEncoding`). */
  readonly readableEncoding: string | null
  iterator(options: { destroyOnReturn: boolean }): AsyncIterator<unknown>
  on(event: "error", told: () => void): unknown
}

/** What is needed of a `ServerResponse` of `node:http`. */
export interface OutgoingResponse {
  readonly headersSent: boolean
  setHeader(name: string, value: string): unknown
  writeHead(status: number, headers: { readonly [name: string]: string }): unknown
  end(body?: string): unknown
  destroy(): unknown
}

const headersOf = ({ headersDistinct }: IncomingRequest): Headers => {
  const headers = new Headers()
  for (const [name, values = []] of Object.entries(headersDistinct))
    for (const value of values) headers.append(name, value)
  return headers
}

/** Express takes the place where it is mounted off `url`. */
const addressOf = (request: IncomingRequest & { readonly originalUrl?: string }): URL | undefined => {
  const target = request.originalUrl ?? request.url ?? "/"
  // The host that a request names is nobody's business here.
  return URL.parse(target.startsWith("/") ? `http://localhost${target}` : target) ?? undefined
}

/** As they come; what is canceled is not read further, and the connection stays for the answer. */
const bytesOf = (incoming: IncomingRequest): ReadableStream<Uint8Array> => {
  const chunks = incoming.iterator({ destroyOnReturn: false })
  const { readableEncoding: encoding } = incoming
  const encoded = encoding !== null && Buffer.isEncoding(encoding) ? encoding : "utf8"
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { done, value } = await chunks.next()
      if (done === true) controller.close()
      else if (value instanceof Uint8Array) controller.enqueue(value)
      else controller.enqueue(new Uint8Array(Buffer.from(String(value), encoded)))
    },
    cancel: async () => void (await chunks.return?.())
  })
}

/** What is said to a request that is none, and with which status. */
type Refused = readonly [status: number, said: string]

/** No `Request` can have these methods, and none of them is that of a webhook. */
const FORBIDDEN = new Set(["CONNECT", "TRACE", "TRACK"])

const requestOf = (incoming: IncomingRequest): Request | Refused => {
  const url = addressOf(incoming)
  const { method = "GET" } = incoming
  if (FORBIDDEN.has(method.toUpperCase())) return [405, "POST only"]
  if (method === "POST" && incoming.readableDidRead)
    return [503, "the body has been read: put webhookListener before whatever parses bodies"]
  const hasBody = method !== "GET" && method !== "HEAD"
  const init = hasBody ? { body: bytesOf(incoming), duplex: "half" } : {}
  try {
    // Also where it has a user and a password in it.
    return url === undefined ? [400, "no address"] : new Request(url, { method, headers: headersOf(incoming), ...init })
  } catch {
    return [400, "no request"]
  }
}

const answerWith = async (response: Response, outgoing: OutgoingResponse): Promise<void> => {
  const body = await response.text()
  const length = { "content-length": String(Buffer.byteLength(body)) }
  outgoing.writeHead(response.status, { ...Object.fromEntries(response.headers), ...length })
  outgoing.end(body)
}

/**
 * A listener for a server, which answers every request as a webhook: of opened calls, or of several tenants (`tenantWebhooks`). It
 * must have the bytes as they come: under Express it stands before whatever parses bodies.
 *
 * @example createServer(webhookListener(calls)).listen(8080)
 * @example app.use("/webhooks", webhookListener(calls))
 */
export const webhookListener =
  (webhooks: AnswersWebhooks) =>
  (incoming: IncomingRequest, outgoing: OutgoingResponse): void => {
    const failed = ([status, said]: Refused): void => {
      if (outgoing.headersSent) outgoing.destroy()
      else {
        const allow = status === 405 ? { allow: "POST" } : {}
        outgoing.writeHead(status, { "content-type": "text/plain; charset=utf-8", connection: "close", ...allow })
        outgoing.end(`${said}\n`)
      }
    }
    const answer = async (): Promise<void> => {
      const request = requestOf(incoming)
      if (!(request instanceof Request)) return failed(request)
      const response = await webhooks.webhook(request)
      // What is left of a body that nobody reads would be taken for the next request.
      if (!incoming.complete) outgoing.setHeader("connection", "close")
      await answerWith(response, outgoing)
    }
    incoming.on("error", () => undefined)
    // They are closed, perhaps.
    answer().catch(() => failed([503, "come again later"]))
  }
