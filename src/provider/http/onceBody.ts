/**
 * The body of a placement: it can be read once. Whatever would send the request again – `fetch` on 421, HTTP/2 on a
 * refused stream, a retry wrapped around a client – has nothing left to send.
 */

export interface OnceBody {
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>
  /** In bytes. */
  readonly length: number
  /** Whether nothing of it has been read; from then on nothing can be. */
  readonly withdraw: () => boolean
}

const lengths = new WeakMap<ReadableStream, number>()

/** The bytes that a body of ours will give, which a stream alone does not tell. */
export const lengthOf = (body: unknown): number | undefined =>
  body instanceof ReadableStream ? lengths.get(body) : undefined

export const onceBody = (text: string): OnceBody => {
  const bytes = new TextEncoder().encode(text)
  let state: "whole" | "read" | "withdrawn" = "whole"
  let withdrawn = (): void => undefined
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start: (controller) => {
        withdrawn = () => controller.error(new Error("the request was given up"))
      },
      pull: (controller) => {
        state = "read"
        controller.enqueue(bytes)
        controller.close()
      }
    },
    // Nothing is read ahead: what has been read may have been sent.
    { highWaterMark: 0 }
  )
  lengths.set(stream, bytes.byteLength)
  return {
    stream,
    length: bytes.byteLength,
    withdraw: () => {
      if (state === "whole") {
        state = "withdrawn"
        withdrawn()
      }
      return state === "withdrawn"
    }
  }
}
