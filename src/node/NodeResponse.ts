/** An answer of `node:http`, decompressed, as Effect's clients give it. */
import { once } from "node:events"
import type { IncomingMessage } from "node:http"
import { pipeline, type Readable, type Transform } from "node:stream"
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from "node:zlib"
import * as Effect from "effect/Effect"
import * as Inspectable from "effect/Inspectable"
import * as Option from "effect/Option"
import { type Pipeable, pipeArguments } from "effect/Pipeable"
import type * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Cookies from "effect/http/Cookies"
import * as Headers from "effect/http/Headers"
import * as HttpClientError from "effect/http/HttpClientError"
import type { HttpClientRequest } from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as HttpIncomingMessage from "effect/http/HttpIncomingMessage"
import * as UrlParams from "effect/http/UrlParams"

export const failureOf = (reason: HttpClientError.HttpClientErrorReason): HttpClientError.HttpClientError =>
  new HttpClientError.HttpClientError({ reason })

type Failing<A> = Effect.Effect<A, HttpClientError.HttpClientError>

/** What a server may compress with. */
export const ACCEPT_ENCODING = "gzip, deflate, br"

/** `deflate` names two formats; the first byte of zlib's tells them apart (RFC 1950, 2.2). */
const makeInflate = async (source: Readable): Promise<Transform> => {
  if (source.readableLength === 0 && !source.readableEnded) await once(source, "readable")
  const first: unknown = source.read(1)
  if (!(first instanceof Uint8Array)) return createInflate()
  source.unshift(first)
  return ((first[0] ?? 0) & 0x0f) === 0x08 ? createInflate() : createInflateRaw()
}

const DECODERS = new Map<string, (source: Readable) => Transform | Promise<Transform>>([
  ["gzip", () => createGunzip()],
  ["x-gzip", () => createGunzip()],
  ["deflate", makeInflate],
  ["br", () => createBrotliDecompress()]
])

/** The content as it was before it was compressed; what is not known how to decompress stays as it is. */
const chunksOf = async function* (message: IncomingMessage): AsyncGenerator<Uint8Array> {
  const encodings = message.headers["content-encoding"]?.toLowerCase().split(",") ?? []
  let source: Readable = message
  for (const encoding of encodings.toReversed()) {
    const decoder = await DECODERS.get(encoding.trim())?.(source)
    if (decoder === undefined) break
    // Whoever reads hears of errors from the end of the pipeline.
    source = pipeline(source, decoder, () => undefined)
  }
  yield* source
}

/** By hand: `buffer` of `node:stream/consumers` goes through a Blob, which made a request a seventh slower. */
export const bytesOf = async (chunks: AsyncIterable<unknown>): Promise<Uint8Array<ArrayBuffer>> => {
  const collected: Array<Uint8Array> = []
  for await (const chunk of chunks) collected.push(chunk instanceof Uint8Array ? chunk : Buffer.from(String(chunk)))
  return Buffer.concat(collected)
}

export class NodeResponse extends Inspectable.Class implements HttpClientResponse.HttpClientResponse, Pipeable {
  readonly [HttpIncomingMessage.TypeId] = HttpIncomingMessage.TypeId
  readonly [HttpClientResponse.TypeId] = HttpClientResponse.TypeId
  readonly request: HttpClientRequest
  readonly url: string
  readonly status: number
  readonly headers: Headers.Headers
  readonly remoteAddress: Option.Option<string>
  readonly #message: IncomingMessage
  #bytes: Promise<Uint8Array<ArrayBuffer>> | undefined
  #isStreamed = false

  constructor(request: HttpClientRequest, url: URL, message: IncomingMessage) {
    super()
    this.request = request
    this.url = url.href.split("#")[0] ?? url.href
    this.status = message.statusCode ?? 0
    this.headers = Headers.fromInput(message.headers)
    this.remoteAddress = Option.fromNullishOr(message.socket.remoteAddress)
    this.#message = message
    // Where nobody reads, an error would end the process.
    message.on("error", () => undefined)
  }

  /** Of the body, which can be streamed once, or read whole as often as one likes. */
  async #read(): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#isStreamed) throw new TypeError("the body has been read already")
    return await (this.#bytes ??= bytesOf(chunksOf(this.#message)))
  }

  readonly #broken = (cause: unknown): HttpClientError.HttpClientError =>
    failureOf(new HttpClientError.DecodeError({ request: this.request, response: this, cause }))

  #body<A>(convert: (bytes: Uint8Array<ArrayBuffer>) => A | Promise<A>): Failing<A> {
    return Effect.tryPromise({ try: async () => await convert(await this.#read()), catch: this.#broken })
  }

  get text(): Failing<string> {
    return this.#body((bytes) => new TextDecoder().decode(bytes))
  }

  get json(): Failing<Schema.Json> {
    return Effect.flatMap(this.text, (text) =>
      Effect.try({ try: (): Schema.Json => (text === "" ? null : JSON.parse(text)), catch: this.#broken })
    )
  }

  get arrayBuffer(): Failing<ArrayBuffer> {
    // A copy: the memory of a buffer may be shared with others.
    return this.#body((bytes) => new Uint8Array(bytes).buffer)
  }

  get urlParamsBody(): Failing<UrlParams.UrlParams> {
    return Effect.map(this.text, (text) => UrlParams.fromInput(new URLSearchParams(text)))
  }

  get formData(): Failing<FormData> {
    const type = this.headers["content-type"]
    return this.#body((bytes) =>
      new Response(bytes, { headers: type === undefined ? {} : { "content-type": type } }).formData()
    )
  }

  get stream(): Stream.Stream<Uint8Array, HttpClientError.HttpClientError> {
    return Stream.suspend(() => {
      if (this.#bytes !== undefined || this.#isStreamed) return Stream.fromEffect(this.#body((bytes) => bytes))
      this.#isStreamed = true
      return Stream.fromAsyncIterable(chunksOf(this.#message), this.#broken)
    })
  }

  get cookies(): Cookies.Cookies {
    return Cookies.fromSetCookie(this.#message.headers["set-cookie"] ?? [])
  }

  get upgrade(): Failing<never> {
    const description = "this client hands over no connection"
    const { request } = this
    return Effect.fail(failureOf(new HttpClientError.StatusCodeError({ request, response: this, description })))
  }

  override toJSON(): unknown {
    return HttpIncomingMessage.inspect(this, {
      _id: "HttpClientResponse",
      request: this.request.toJSON(),
      status: this.status
    })
  }

  pipe() {
    return pipeArguments(this, arguments)
  }
}
