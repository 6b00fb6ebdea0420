/** The transport over `node:http`, as an HTTP client: connections, proxies, certificates, compression, giving up. */
import http, { type IncomingMessage, type RequestListener, type ServerResponse } from "node:http"
import https from "node:https"
import { connect, createServer, type Server, Socket } from "node:net"
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as HttpBody from "effect/http/HttpBody"
import type * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as Revox from "../../adapters/revox/index.ts"
import { makeNodeHttp, type NodeHttpOptions } from "../../src/node/NodeHttp.ts"
import { OrderId } from "../../src/domain/Identifiers.ts"
import { LARGEST_MEGABYTES, textOf } from "../../src/provider/http/exchange.ts"
import { onceBody } from "../../src/provider/http/onceBody.ts"
import { reasonOfTransport } from "../../src/provider/http/reason.ts"
import * as HttpClient from "effect/http/HttpClient"
import { makeCertificate } from "../calls/certificate.ts"

const DAY = 24 * 3600_000

const certificateFor = (name: string) =>
  makeCertificate({ names: [name], validFrom: new Date(Date.now() - DAY), validTo: new Date(Date.now() + DAY) })

const listening = <S extends Server>(server: S) =>
  Effect.acquireRelease(
    Effect.promise(
      () =>
        new Promise<{ readonly server: S; readonly port: number }>((resolve) => {
          server.listen(0, "127.0.0.1", () => {
            const address = server.address()
            resolve({ server, port: typeof address === "object" && address !== null ? address.port : 0 })
          })
        })
    ),
    () =>
      Effect.sync(() => {
        server.close()
        if (server instanceof http.Server || server instanceof https.Server) server.closeAllConnections()
      })
  )

const serve = (listener: RequestListener) => listening(http.createServer(listener))

const client = (options: NodeHttpOptions = {}) => makeNodeHttp({ environment: {}, ...options })

const textFrom = (made: HttpClient.HttpClient, url: string) =>
  Effect.flatMap(made.execute(HttpClientRequest.get(url)), textOf)

/** What becomes of a failure: whether the request was sent, as far as that is known, and the system's word. */
const failing = <A, E, R>(effect: Effect.Effect<A, E | HttpClientError.HttpClientError, R>) =>
  Effect.map(Effect.flip(effect), (error) => {
    if (typeof error !== "object" || error === null || !("reason" in error)) throw new Error("another error")
    const { sent, code } = reasonOfTransport(error)
    return { sent, code }
  })

const echo = (request: IncomingMessage, response: ServerResponse): void => {
  const chunks: Array<Uint8Array> = []
  request.on("data", (chunk: Uint8Array) => chunks.push(chunk))
  request.on("end", () => {
    const { headers, method } = request
    response.end(JSON.stringify({ method, headers, body: Buffer.concat(chunks).toString() }))
  })
}

describe("an answer", () => {
  const TEXT = "Grüße ".repeat(2000)

  it.effect.each([
    ["gzip", gzipSync(TEXT)],
    ["x-gzip", gzipSync(TEXT)],
    ["deflate", deflateSync(TEXT)],
    ["deflate", deflateRawSync(TEXT)],
    ["br", brotliCompressSync(TEXT)],
    ["gzip, br", brotliCompressSync(gzipSync(TEXT))],
    ["identity", Buffer.from(TEXT)]
  ] as const)("compressed with %s is read, with a length and in chunks", ([encoding, bytes]) =>
    Effect.gen(function* () {
      const { port } = yield* serve((request, response) => {
        const length = request.url === "/long" ? { "content-length": bytes.length } : {}
        response.writeHead(200, { "content-encoding": encoding, ...length })
        response.end(bytes)
      })
      const made = yield* client()
      for (const path of ["long", "chunked"])
        expect(yield* textFrom(made, `http://127.0.0.1:${port}/${path}`)).toBe(TEXT)
      const response = yield* made.execute(HttpClientRequest.get(`http://127.0.0.1:${port}/long`))
      expect(yield* response.text).toBe(TEXT)
      expect(yield* response.text).toBe(TEXT)
    })
  )

  it.effect.each([
    ["that is not compressed as announced", { "content-encoding": "gzip" }, Buffer.from("plain")],
    ["whose compression breaks off", { "content-encoding": "gzip" }, gzipSync(TEXT).subarray(0, 40)]
  ] as const)("%s fails", ([, headers, bytes]) =>
    Effect.gen(function* () {
      const { port } = yield* serve((_, response) => {
        response.writeHead(200, headers)
        response.end(bytes)
      })
      const made = yield* client()
      expect(yield* failing(textFrom(made, `http://127.0.0.1:${port}`))).toMatchObject({ sent: "maybe" })
    })
  )

  it.effect("that inflates beyond the limit is left", () =>
    Effect.gen(function* () {
      const bomb = gzipSync(Buffer.alloc((LARGEST_MEGABYTES + 8) * 1024 * 1024))
      const { port } = yield* serve((_, response) => {
        response.writeHead(200, { "content-encoding": "gzip", "content-length": bomb.length })
        response.end(bomb)
      })
      const made = yield* client()
      expect(yield* Effect.flip(textFrom(made, `http://127.0.0.1:${port}`))).toMatchObject({
        _tag: "UnreadableResponse",
        status: 200
      })
    })
  )

  it.effect("is read once as a stream, and not taken for empty then", () =>
    Effect.gen(function* () {
      const { port } = yield* serve((_, response) => void response.end("once"))
      const made = yield* client()
      const response = yield* made.execute(HttpClientRequest.get(`http://127.0.0.1:${port}`))
      expect(yield* Stream.mkString(Stream.decodeText(response.stream))).toBe("once")
      expect(yield* failing(response.text)).toMatchObject({ sent: "maybe" })
      expect(yield* failing(Stream.runDrain(response.stream))).toMatchObject({ sent: "maybe" })
    })
  )

  it.effect("of a redirection is given as it is", () =>
    Effect.gen(function* () {
      let asked = 0
      const { port } = yield* serve((_, response) => {
        asked += 1
        response.writeHead(307, { location: "/elsewhere" })
        response.end()
      })
      const made = yield* client()
      const response = yield* made.execute(HttpClientRequest.get(`http://127.0.0.1:${port}`))
      expect([response.status, response.headers["location"], asked]).toEqual([307, "/elsewhere", 1])
    })
  )

  it.effect("has its json, cookies and form", () =>
    Effect.gen(function* () {
      const { port } = yield* serve((_, response) => {
        response.writeHead(200, {
          "content-type": "application/x-www-form-urlencoded",
          "set-cookie": ["a=1", "b=2"]
        })
        response.end("x=1&y=2")
      })
      const made = yield* client()
      const response = yield* made.execute(HttpClientRequest.get(`http://127.0.0.1:${port}`))
      expect(Object.keys(response.cookies.cookies)).toEqual(["a", "b"])
      expect([...(yield* response.formData)]).toEqual([
        ["x", "1"],
        ["y", "2"]
      ])
      expect(new TextDecoder().decode(yield* response.arrayBuffer)).toBe("x=1&y=2")
    })
  )
})

describe("a body", () => {
  it.effect("of text, bytes or a stream arrives with its length", () =>
    Effect.gen(function* () {
      const { port } = yield* serve(echo)
      const made = yield* client()
      const once = onceBody("of bytes")
      const bodies = [
        HttpBody.text("of bytes"),
        HttpBody.uint8Array(Buffer.from("of bytes")),
        HttpBody.raw("of bytes"),
        HttpBody.stream(Stream.make(Buffer.from("of "), Buffer.from("bytes"))),
        HttpBody.raw(once.stream, { contentLength: once.length })
      ]
      for (const body of bodies) {
        const request = HttpClientRequest.setBody(HttpClientRequest.post(`http://127.0.0.1:${port}`), body)
        const response = yield* made.execute(request)
        expect(yield* response.json).toMatchObject({ body: "of bytes", headers: { "content-length": "8" } })
      }
      const again = HttpClientRequest.setBody(HttpClientRequest.post(`http://127.0.0.1:${port}`), bodies[4]!)
      expect(yield* failing(made.execute(again))).toMatchObject({ sent: "maybe" })
    })
  )

  it.effect("that can be read once is not touched before there is a connection", () =>
    Effect.gen(function* () {
      const once = onceBody("never sent")
      const made = yield* client()
      const request = HttpClientRequest.setBody(
        HttpClientRequest.post("http://127.0.0.1:1"),
        HttpBody.raw(once.stream, { contentLength: once.length })
      )
      expect(yield* failing(made.execute(request))).toEqual({ sent: "no", code: "ECONNREFUSED" })
      expect(once.withdraw()).toBe(true)
    })
  )
})

describe("connections", () => {
  it.effect("are kept for what follows, and not where they shall be closed", () =>
    Effect.gen(function* () {
      const sockets = new Set<unknown>()
      const { port, server } = yield* serve(echo)
      server.on("connection", (socket) => sockets.add(socket))
      const made = yield* client()
      for (let count = 0; count < 3; count++) yield* textFrom(made, `http://127.0.0.1:${port}`)
      expect(sockets.size).toBe(1)
      const alone = HttpClientRequest.setHeader(
        HttpClientRequest.post(`http://127.0.0.1:${port}`),
        "connection",
        "close"
      )
      for (let count = 0; count < 2; count++) yield* Effect.flatMap(made.execute(alone), textOf)
      expect(sockets.size).toBe(3)
    })
  )

  it.effect("are closed with the scope", () =>
    Effect.gen(function* () {
      const { port, server } = yield* serve(echo)
      const scope = yield* Scope.make()
      const made = yield* Scope.provide(client(), scope)
      const closed = new Promise((resolve) => server.on("connection", (socket) => socket.on("close", resolve)))
      yield* textFrom(made, `http://127.0.0.1:${port}`)
      yield* Scope.close(scope, Exit.void)
      yield* Effect.promise(() => closed)
    })
  )

  it.effect("that nobody answers on are given up with the request", () =>
    Effect.gen(function* () {
      const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>()
      const { promise: gone, resolve: leave } = Promise.withResolvers<void>()
      const { port } = yield* serve((request) => {
        request.socket.on("close", () => leave())
        arrive()
      })
      const made = yield* client()
      const asking = yield* Effect.forkChild(textFrom(made, `http://127.0.0.1:${port}`))
      yield* Effect.promise(() => arrived)
      yield* Fiber.interrupt(asking)
      yield* Effect.promise(() => gone)
    })
  )

  it.effect("that never stand were not used, and are given up in time", () =>
    Effect.gen(function* () {
      // It takes connections, and says nothing to the handshake.
      const { port } = yield* listening(createServer(() => undefined))
      const made = yield* client({ connectMillis: 20 })
      const found = yield* failing(textFrom(made, `https://127.0.0.1:${port}`))
      expect(found).toEqual({ sent: "no", code: "ETIMEDOUT" })
    })
  )

  it.effect("go to the address of a name that answers", () =>
    Effect.gen(function* () {
      const { port } = yield* serve(echo)
      const made = yield* client()
      // Where `localhost` is ::1 as well, nothing listens there.
      expect(JSON.parse(yield* textFrom(made, `http://localhost:${port}`))).toMatchObject({ method: "GET" })
    })
  )
})

describe("certificates", () => {
  it.effect("of an authority that was given are trusted, others are not", () =>
    Effect.gen(function* () {
      const certificate = certificateFor("127.0.0.1")
      const { port } = yield* listening(https.createServer(certificate, echo))
      const url = `https://127.0.0.1:${port}`
      expect(yield* failing(textFrom(yield* client(), url))).toEqual({
        sent: "no",
        code: "DEPTH_ZERO_SELF_SIGNED_CERT"
      })
      for (const ca of [certificate.cert, [certificate.cert]]) {
        expect(JSON.parse(yield* textFrom(yield* client({ ca }), url))).toMatchObject({ method: "GET" })
      }
    })
  )

  it.effect("that are none are refused at opening", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(client({ ca: "no certificate" }))
      expect(error).toMatchObject({ operation: "configure", reason: { _tag: "InvalidRequest", field: "ca" } })
    })
  )
})

/** A proxy that connects to the given port whatever it is asked for. */
const openProxy = (toPort: number, answer?: string) => {
  const asked: Array<{ readonly target: string | undefined; readonly authorization: string | undefined }> = []
  const server = http.createServer((_, response) => void response.writeHead(400).end())
  server.on("connect", (request: IncomingMessage, socket: Socket) => {
    asked.push({ target: request.url, authorization: request.headers["proxy-authorization"] })
    socket.on("error", () => undefined)
    if (answer !== undefined) {
      socket.end(answer)
      return
    }
    const through = connect(toPort, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n")
      through.pipe(socket).pipe(through)
    })
    through.on("error", () => socket.destroy())
  })
  return Effect.map(listening(server), ({ port }) => ({ port, asked }))
}

describe("a proxy", () => {
  const HOST = "provider.invalid"
  const certificate = certificateFor(HOST)
  const ca = certificate.cert

  it.effect.each(["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])("of %s is asked for a connection", (name) =>
    Effect.gen(function* () {
      const { port } = yield* listening(https.createServer(certificate, echo))
      const proxy = yield* openProxy(port)
      const made = yield* client({ ca, environment: { [name]: `http://user:p%40ss@127.0.0.1:${proxy.port}` } })
      expect(JSON.parse(yield* textFrom(made, `https://${HOST}/call`))).toMatchObject({ method: "GET" })
      yield* textFrom(made, `https://${HOST}/call`)
      const authorization = `Basic ${Buffer.from("user:p@ss").toString("base64")}`
      expect(proxy.asked).toEqual([{ target: `${HOST}:443`, authorization }])
    })
  )

  it.effect("may be reached by https, or be named without a scheme", () =>
    Effect.gen(function* () {
      const { port } = yield* listening(https.createServer(certificate, echo))
      const plain = yield* openProxy(port)
      const made = yield* client({ ca, environment: { HTTPS_PROXY: `127.0.0.1:${plain.port}` } })
      yield* textFrom(made, `https://${HOST}/`)
      expect(plain.asked).toEqual([{ target: `${HOST}:443`, authorization: undefined }])

      const own = certificateFor("127.0.0.1")
      const secure = https.createServer(own)
      secure.on("connect", (_: IncomingMessage, socket: Socket) => {
        const through = connect(port, "127.0.0.1", () => {
          socket.write("HTTP/1.1 200 OK\r\n\r\n")
          through.pipe(socket).pipe(through)
        })
        for (const each of [socket, through]) each.on("error", () => undefined)
      })
      const { port: securePort } = yield* listening(secure)
      const second = yield* client({
        ca: [ca, own.cert],
        environment: { HTTPS_PROXY: `https://127.0.0.1:${securePort}` }
      })
      expect(JSON.parse(yield* textFrom(second, `https://${HOST}/`))).toMatchObject({ method: "GET" })
    })
  )

  it.effect("is not asked for what NO_PROXY names, and never for this machine", () =>
    Effect.gen(function* () {
      const { port } = yield* serve(echo)
      const proxy = yield* openProxy(port)
      const HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`
      for (const NO_PROXY of [
        "*",
        "other.example, provider.invalid",
        ".invalid",
        "*.invalid",
        "provider.invalid:443"
      ]) {
        const made = yield* client({ environment: { HTTPS_PROXY, NO_PROXY } })
        expect(yield* failing(textFrom(made, `https://${HOST}/`))).toEqual({ sent: "no", code: "ENOTFOUND" })
      }
      const made = yield* client({ environment: { HTTP_PROXY: HTTPS_PROXY, ALL_PROXY: HTTPS_PROXY } })
      expect(JSON.parse(yield* textFrom(made, `http://127.0.0.1:${port}`))).toMatchObject({ method: "GET" })
      expect(proxy.asked).toEqual([])
      for (const NO_PROXY of ["vider.invalid", "provider.invalid:444", "provider.invalid.example"]) {
        const asking = yield* client({ ca, environment: { HTTPS_PROXY, NO_PROXY } })
        yield* failing(textFrom(asking, `https://${HOST}/`))
      }
      expect(proxy.asked).toHaveLength(3)
    })
  )

  it.effect.each([
    ["wants to know who asks", "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n", "PROXY_407"],
    ["finds no way", "HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n", "PROXY_502"],
    ["says nothing", "", "ECONNRESET"],
    ["speaks something else", "SSH-2.0-OpenSSH_9.9\r\n", "HPE_INVALID_CONSTANT"]
  ] as const)("that %s leaves the request unsent", ([, answer, code]) =>
    Effect.gen(function* () {
      const proxy = yield* openProxy(1, answer)
      const made = yield* client({ environment: { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` } })
      expect(yield* failing(textFrom(made, `https://${HOST}/`))).toEqual({ sent: "no", code })
    })
  )

  it.effect("that is away leaves the request unsent", () =>
    Effect.gen(function* () {
      const made = yield* client({ environment: { HTTPS_PROXY: "http://127.0.0.1:1" } })
      expect(yield* failing(textFrom(made, `https://${HOST}/`))).toEqual({ sent: "no", code: "ECONNREFUSED" })
    })
  )

  it.effect.each(["socks5://user:secret@127.0.0.1:1", "http://[::1", "ftp://127.0.0.1"])(
    "%s cannot be used, which is said at opening and without repeating it",
    (value) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(client({ environment: { https_proxy: value } }))
        expect(error).toMatchObject({
          operation: "configure",
          reason: { _tag: "InvalidRequest", field: "https_proxy" }
        })
        expect(error.message).not.toContain(value)
        expect(error.message).toContain("unset it")
      })
  )
})

describe("a provider over it", () => {
  it.effect("fails as with any other client", () =>
    Effect.gen(function* () {
      const made = yield* client()
      const provider = yield* Revox.make({
        apiKey: Redacted.make("key-of-node-http"),
        baseUrl: "http://127.0.0.1:1",
        retry: { tries: 1 }
      }).pipe(Effect.provideService(HttpClient.HttpClient, made))
      const error = yield* Effect.flip(provider.get(OrderId.make("id")))
      expect(error.reason).toMatchObject({ _tag: "NetworkError", sent: "no", code: "ECONNREFUSED" })
    })
  )
})
