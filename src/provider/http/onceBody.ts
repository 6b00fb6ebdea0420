/**
 * The body of a placement: it can be read once. Whatever would send the request again – `fetch` on 421, HTTP/2 on a
 * refused stream, a retry wrapped around a client – has nothing left to send.
 */

interface Known {
  /** In bytes. */
  readonly length: number
  readonly take: () => Uint8Array<ArrayBuffer>
}

const bodies = new WeakMap<ReadableStream, Known>()

const knownOf = (body: unknown): Known | undefined => (body instanceof ReadableStream ? bodies.get(body) : undefined)

/** The bytes that a body of ours will give, which a stream alone does not tell. */
export const lengthOf = (body: unknown): number | undefined => knownOf(body)?.length

/**
 * Reads a body of ours at once, without a promise; none of another. That counts as its one reading.
 *
 * @throws TypeError if it has been read before
 */
export const takeBody = (body: unknown): Uint8Array<ArrayBuffer> | undefined => knownOf(body)?.take()

const refusal = (): TypeError => new TypeError("the body of a placement is sent once")

const givenUp = (): Error => new Error("the request was given up")

const refuse = (): never => {
  throw refusal()
}

/** An error at the first step is what clients are prepared for. */
const failingIterator = () => ({
  next: () => Promise.reject(refusal()),
  [Symbol.asyncIterator]() {
    return this
  }
})

/** The ways to read a stream, and what each does with one that was read before. */
const READS = [
  ["getReader", refuse],
  ["tee", refuse],
  ["pipeTo", refuse],
  ["pipeThrough", refuse],
  ["values", failingIterator],
  [Symbol.asyncIterator, failingIterator]
] as const

/**
 * A stream that has been read ends at once for a second reader, and a request without its body would be refused
 * as if the order had been: reading again is an error instead.
 */
const refuseAgain = (stream: ReadableStream, isRead: () => boolean): void => {
  for (const [name, again] of READS) {
    const read: unknown = Reflect.get(stream, name)
    if (typeof read !== "function") continue
    const value = (...args: ReadonlyArray<unknown>): unknown => (isRead() ? again() : Reflect.apply(read, stream, args))
    Object.defineProperty(stream, name, { value, configurable: true })
  }
}

export const onceBody = (text: string) => {
  const bytes = new TextEncoder().encode(text)
  let state: "whole" | "read" | "withdrawn" = "whole"
  const withdrawals: Array<() => void> = []

  const take = () => {
    if (state !== "whole") throw state === "read" ? refusal() : givenUp()
    state = "read"
    return bytes
  }

  const makeStream = (): ReadableStream<Uint8Array<ArrayBuffer>> => {
    const stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        start: (controller) => {
          withdrawals.push(() => controller.error(givenUp()))
        },
        pull: (controller) => {
          if (state !== "whole") return controller.error(state === "read" ? refusal() : givenUp())
          state = "read"
          controller.enqueue(bytes)
          controller.close()
        }
      },
      // Nothing is read ahead: what has been read may have been sent.
      { highWaterMark: 0 }
    )
    // The platform's `tee` reads ahead and gives the bytes twice. `fetch` of Node 22 and 24 copies each request by it before it connects.
    const tee = () => {
      stream.getReader()
      return [makeStream(), makeStream()]
    }
    Object.defineProperty(stream, "tee", { value: tee, configurable: true })
    refuseAgain(stream, () => state === "read")
    bodies.set(stream, { length: bytes.byteLength, take })
    return stream
  }

  return {
    stream: makeStream(),
    /** In bytes. */
    length: bytes.byteLength,
    /** Whether nothing of it has been read; from then on nothing can be. */
    withdraw: (): boolean => {
      if (state === "whole") {
        state = "withdrawn"
        for (const withdraw of withdrawals) withdraw()
      }
      return state === "withdrawn"
    }
  }
}
