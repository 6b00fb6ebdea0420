/** `fetch` as an `HttpClient`, in a form in which it cannot send a placement twice. */
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import { lengthOf } from "./onceBody.ts"
import { UnsentError } from "./UnsentError.ts"

export type Fetch = typeof globalThis.fetch

let takesStreams: boolean | undefined

/** Some browsers make text of a stream. A runtime that sends it asks for `duplex`, or keeps it as the body of a request. */
const doesTakeStreams = (): boolean => {
  let asked = false
  const body = new ReadableStream()
  const init = {
    method: "POST",
    body,
    get duplex() {
      asked = true
      return "half"
    }
  }
  const request = new Request("https://provider.invalid", init)
  return (asked || request.body === body) && !request.headers.has("content-type")
}

/** Effect's client takes `content-length` away; without it a stream is sent in chunks, which not every server takes. */
const withLength =
  (fetch: Fetch): Fetch =>
  (input, init) => {
    const length = lengthOf(init?.body)
    if (length === undefined) return fetch(input, init)
    takesStreams ??= doesTakeStreams()
    if (!takesStreams) throw new UnsentError("fetch takes no stream as body here, so it might send a placement twice")
    const headers = new Headers(init?.headers)
    headers.set("content-length", String(length))
    return fetch(input, { ...init, headers: Object.fromEntries(headers) })
  }

/**
 * An `HttpClient` over `fetch`: the one given, or the global one as it is at the time of each request. A placement is
 * given to it as a stream (`duplex: "half"`), so that it cannot send it again.
 */
export const layerFetch = (fetch?: Fetch): Layer.Layer<HttpClient.HttpClient> =>
  Layer.provide(
    FetchHttpClient.layer,
    Layer.succeed(FetchHttpClient.Fetch)(withLength(fetch ?? ((input, init) => globalThis.fetch(input, init))))
  )
