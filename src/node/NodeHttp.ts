/**
 * HTTP for live calls on Node, over `node:http` and `node:https`: HTTP/1.1 only, every request is sent once, no
 * redirection is followed. Placements have a connection of their own, reads share kept ones.
 */
import { X509Certificate } from "node:crypto"
import http, { type ClientRequest, type IncomingMessage } from "node:http"
import https from "node:https"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import type { HttpClientRequest } from "effect/http/HttpClientRequest"
import type { FieldFault } from "../domain/PlaceCall.ts"
import { CallError, InvalidRequest } from "../provider/CallError.ts"
import type { Lookup } from "./allowedAddress.ts"
import { type Agents, makeAgents } from "./httpAgents.ts"
import { type Environment, proxyFromEnvironment } from "./httpProxy.ts"
import { ACCEPT_ENCODING, bytesOf, failureOf, NodeResponse } from "./NodeResponse.ts"

/** What the transport can be told. */
export interface NodeHttpOptions {
  /**
   * Certificates in PEM of authorities that are trusted beside Node's own and those of `NODE_EXTRA_CA_CERTS`.
   * @default none
   */
  readonly ca?: string | ReadonlyArray<string> | undefined
  /**
   * Where `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` are looked up.
   * @default process.env
   */
  readonly environment?: Environment | undefined
  /**
   * Milliseconds until a connection must stand; without one in time the request was not sent.
   * @default 10000
   */
  readonly connectMillis?: number | undefined
}

type Failure = HttpClientError.HttpClientError

/** A stream must not be read before there is a connection: what has been read may have been sent. */
type Body = Uint8Array | string | ReadableStream<unknown> | undefined

const bodyOf = (request: HttpClientRequest): Effect.Effect<Body, Failure> => {
  const { body } = request
  switch (body._tag) {
    case "Empty":
      return Effect.succeed(undefined)
    case "Uint8Array":
      return Effect.succeed(body.body)
    case "Raw":
      if (body.body instanceof ReadableStream || body.body instanceof Uint8Array || typeof body.body === "string")
        return Effect.succeed(body.body)
      break
    case "Stream":
      return Stream.mkArrayBuffer(body.stream).pipe(
        Effect.map((content) => new Uint8Array(content)),
        Effect.mapError((cause) => failureOf(new HttpClientError.EncodeError({ request, cause })))
      )
  }
  const description = "this client sends text, bytes and streams"
  return Effect.fail(failureOf(new HttpClientError.EncodeError({ request, description })))
}

const bytesIn = async (stream: ReadableStream<unknown>, length: string | undefined): Promise<Uint8Array> => {
  const bytes = await bytesOf(stream)
  // A stream that was read before ends at once, and the server would wait for the rest.
  if (length !== undefined && Number(length) !== bytes.length) throw new Error("the body has been read before")
  return bytes
}

const send = (sent: ClientRequest, body: Body, length: string | undefined): void => {
  if (!(body instanceof ReadableStream)) sent.end(body)
  else
    sent.once("socket", () =>
      bytesIn(body, length).then(
        (bytes) => sent.end(bytes),
        (error) => sent.destroy(error)
      )
    )
}

const ask = (
  { agentFor }: Agents,
  request: HttpClientRequest,
  url: URL,
  signal: AbortSignal,
  body: Body
): Effect.Effect<IncomingMessage, Failure> =>
  Effect.callback((resume) => {
    const fail = (cause: unknown): void =>
      resume(Effect.fail(failureOf(new HttpClientError.TransportError({ request, cause }))))
    const isAlone = request.headers["connection"] === "close"
    // Called on the module: tests that intercept requests put their own function there.
    const sent = (url.protocol === "http:" ? http : https).request(url, {
      method: request.method,
      headers: { "accept-encoding": ACCEPT_ENCODING, ...request.headers },
      agent: agentFor(url, isAlone),
      signal
    })
    sent.once("response", (message) => resume(Effect.succeed(message)))
    sent.on("error", fail)
    // An answer that upgrades the connection is no answer to us, and ends without an error.
    sent.once("close", () => fail(new Error("closed without an answer")))
    send(sent, body, request.headers["content-length"])
    return Effect.sync(() => sent.destroy())
  })

/** @throws where one is none: a context would take it in silence. */
const certificatesOf = (ca: NodeHttpOptions["ca"]): ReadonlyArray<string> | undefined => {
  const given = typeof ca === "string" ? [ca] : ca
  given?.map((pem) => new X509Certificate(pem))
  return given
}

/** Fails with `InvalidRequest` where the environment names a proxy that cannot be used, or `ca` is no certificate. */
export const makeNodeHttp = (
  options: NodeHttpOptions = {}
): Effect.Effect<HttpClient.HttpClient, CallError, Scope.Scope> => makeNodeHttpOver(options)

/** The same over connections to addresses that are found in a way of one's own. */
export const makeNodeHttpOver = ({
  ca,
  environment = process.env,
  connectMillis = 10_000,
  lookup
}: NodeHttpOptions & { readonly lookup?: Lookup | undefined }): Effect.Effect<
  HttpClient.HttpClient,
  CallError,
  Scope.Scope
> => {
  const refuse = (fault: FieldFault): CallError =>
    new CallError({ operation: "configure", reason: new InvalidRequest(fault) })
  return Effect.gen(function* () {
    const proxyFor = yield* Effect.fromResult(Result.mapError(proxyFromEnvironment(environment), refuse))
    const agents = yield* Effect.acquireRelease(
      Effect.try({
        try: () => makeAgents({ ca: certificatesOf(ca), proxyFor, connectMillis, lookup }),
        catch: () => refuse({ field: "ca", expected: "certificates in PEM" })
      }),
      ({ destroy }) => Effect.sync(destroy)
    )
    return HttpClient.make((request, url, signal) =>
      Effect.flatMap(bodyOf(request), (body) =>
        Effect.map(ask(agents, request, url, signal, body), (message) => new NodeResponse(request, url, message))
      )
    )
  })
}

/** The client as a layer; its connections are closed with the scope. */
export const layerNodeHttp = (options?: NodeHttpOptions): Layer.Layer<HttpClient.HttpClient, CallError> =>
  Layer.effect(HttpClient.HttpClient)(makeNodeHttp(options))
