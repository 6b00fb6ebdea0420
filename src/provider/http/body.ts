/** The body of an answer as text, up to a size: nobody has to send an end, and compressed nothings grow. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { HttpClientError } from "effect/http/HttpClientError"
import type { HttpClientResponse } from "effect/http/HttpClientResponse"

/** Far more than a page of calls with all their transcripts. */
export const LARGEST_MEGABYTES = 64

const LARGEST = LARGEST_MEGABYTES * 1024 * 1024

export interface TooLarge {
  readonly _tag: "TooLarge"
  readonly status: number
}

/** What says its size is read at once; the rest is counted while it comes. */
export const textOf = (response: HttpClientResponse): Effect.Effect<string, HttpClientError | TooLarge> => {
  const { headers, status } = response
  const tooLarge: TooLarge = { _tag: "TooLarge", status }
  const announced = headers["content-encoding"] === undefined ? Number(headers["content-length"]) : Number.NaN
  if (announced > LARGEST) return Effect.fail(tooLarge)
  if (announced <= LARGEST || status === 204) return response.text
  return Effect.suspend(() => {
    const decoder = new TextDecoder()
    let text = ""
    let size = 0
    return response.stream.pipe(
      Stream.runForEach((chunk) => {
        size += chunk.byteLength
        if (size > LARGEST) return Effect.fail(tooLarge)
        text += decoder.decode(chunk, { stream: true })
        return Effect.void
      }),
      Effect.catchIf(isEmptyBody, () => Effect.void),
      Effect.map(() => text + decoder.decode())
    )
  })
}

/** An answer without a body has no stream, and an empty text. */
const isEmptyBody = (error: HttpClientError | TooLarge): error is HttpClientError =>
  error._tag === "HttpClientError" && error.reason._tag === "EmptyBodyError"
