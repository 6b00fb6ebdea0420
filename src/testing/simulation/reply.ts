/** A twin's reply as an answer of Effect's client, without streams and promises of the platform. */
import * as Effect from "effect/Effect"
import * as Cookies from "effect/http/Cookies"
import * as Headers from "effect/http/Headers"
import * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as HttpIncomingMessage from "effect/http/HttpIncomingMessage"
import * as Inspectable from "effect/Inspectable"
import * as Option from "effect/Option"
import { pipeArguments } from "effect/Pipeable"
import * as Stream from "effect/Stream"

type Failing<A> = Effect.Effect<A, HttpClientError.HttpClientError>

/** An answer whose body comes as `bytes` does. */
export class ReplyResponse extends Inspectable.Class implements HttpClientResponse.HttpClientResponse {
  readonly [HttpIncomingMessage.TypeId]: typeof HttpIncomingMessage.TypeId = HttpIncomingMessage.TypeId
  readonly [HttpClientResponse.TypeId]: typeof HttpClientResponse.TypeId = HttpClientResponse.TypeId
  readonly cookies = Cookies.empty
  readonly remoteAddress = Option.none()
  readonly request: HttpClientRequest.HttpClientRequest
  readonly status: number
  readonly headers: Headers.Headers
  private readonly bytes: Failing<string>

  constructor(
    request: HttpClientRequest.HttpClientRequest,
    status: number,
    headers: { readonly [name: string]: string },
    bytes: (response: HttpClientResponse.HttpClientResponse) => Failing<string>
  ) {
    super()
    this.request = request
    this.status = status
    this.headers = Headers.fromInput(headers)
    this.bytes = bytes(this)
  }

  get url(): string {
    return this.request.url
  }

  get text(): Failing<string> {
    return this.bytes
  }

  get json() {
    return Effect.flatMap(this.bytes, (text) =>
      Effect.try({ try: () => JSON.parse(text), catch: (cause) => this.unreadable(cause) })
    )
  }

  get stream() {
    return Stream.fromEffect(Effect.map(this.bytes, (text) => new TextEncoder().encode(text)))
  }

  get arrayBuffer() {
    return Effect.map(this.bytes, (text) => new TextEncoder().encode(text).buffer)
  }

  get urlParamsBody(): Failing<never> {
    return Effect.fail(this.unreadable("no form"))
  }

  get formData(): Failing<never> {
    return Effect.fail(this.unreadable("no form"))
  }

  get upgrade(): Failing<never> {
    return Effect.fail(this.unreadable("no upgrade"))
  }

  /** What a body comes to that cannot be read to its end. */
  unreadable(cause: unknown): HttpClientError.HttpClientError {
    return new HttpClientError.HttpClientError({
      reason: new HttpClientError.DecodeError({ request: this.request, response: this, cause })
    })
  }

  toJSON(): unknown {
    return { _id: "HttpClientResponse", status: this.status }
  }

  pipe() {
    // oxlint-disable-next-line prefer-rest-params
    return pipeArguments(this, arguments)
  }
}
