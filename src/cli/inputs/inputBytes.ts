/** The bytes of an input, decompressed, as they come. */
import { constants, openSync, readSync, statSync } from "node:fs"
import { Socket } from "node:net"
import * as Effect from "effect/Effect"
import { GzipReader, isGzip } from "./gzip.ts"
import { codeOf, CommandFailure, inputFailure, tryFile, unreadable, usingFile, whileOpen } from "../shell/failures.ts"
import type { Input } from "./findInputs.ts"

const READ_SIZE = 64 * 1024
const YIELD_AFTER_BYTES = 16 * 1024 * 1024
const EMPTY_PIPE_PAUSE_MS = 5
const STDIN = 0

/** Bytes read, `undefined` if a pipe has none yet; 0 at the end. */
const readSome = (fd: number, buffer: Uint8Array, position: number | null): number | undefined => {
  try {
    return readSync(fd, buffer, 0, buffer.length, position)
  } catch (error) {
    if (codeOf(error) === "EAGAIN") return undefined
    if (codeOf(error) === "EOF") return 0
    throw error
  }
}

/** Whether an open file holds compressed data. */
export const isCompressed = (fd: number): boolean => {
  const head = new Uint8Array(2)
  return readSome(fd, head, 0) === 2 && isGzip(head)
}

interface ReadHooks {
  /** The chunk is reused when this returns. */
  readonly chunk: (chunk: Uint8Array) => void
  /** Compressed data are damaged here; what could be read before has been passed on. `raw` stands for the rest. */
  readonly broken: (message: string, raw: string) => void
  /** Called now and then, with the bytes of this input that have been read so far. */
  readonly progress?: (bytes: number) => void
}

/** The first bytes show whether an input is compressed. */
const makeBytes = (hooks: ReadHooks) => {
  let first: Uint8Array = new Uint8Array(0)
  let reader: Pick<GzipReader, "push" | "end"> | undefined
  const begin = (bytes: Uint8Array) => {
    const begun = isGzip(bytes)
      ? new GzipReader({ bytes: hooks.chunk, damaged: hooks.broken })
      : { push: hooks.chunk, end: () => {} }
    if (bytes.length > 0) begun.push(bytes)
    return begun
  }
  return {
    push: (chunk: Uint8Array): void => {
      if (reader !== undefined) return reader.push(chunk)
      // A pipe may give a single byte first.
      first = Buffer.concat([first, chunk])
      if (first.length >= 2) reader = begin(first)
    },
    end: (): void => (reader ?? begin(first)).end()
  }
}

/** Reads synchronously, which is fastest for a line-by-line job, and yields regularly so that signals are handled. */
const readDescriptor = Effect.fnUntraced(function* (input: Input, fd: number, hooks: ReadHooks) {
  const buffer = new Uint8Array(READ_SIZE)
  let total = 0
  let handedOver = 0
  let givenWayAt = 0
  const bytes = makeBytes({
    ...hooks,
    chunk: (chunk) => {
      handedOver += chunk.length
      hooks.chunk(chunk)
    }
  })
  while (true) {
    const count = yield* tryFile(input.name, () => readSome(fd, buffer, null))
    if (count === 0) return bytes.end()
    if (count === undefined) {
      yield* Effect.sleep(EMPTY_PIPE_PAUSE_MS)
      continue
    }
    bytes.push(buffer.subarray(0, count))
    total += count
    if (handedOver - givenWayAt >= YIELD_AFTER_BYTES || count < READ_SIZE) {
      givenWayAt = handedOver
      hooks.progress?.(total)
      yield* Effect.yieldNow
    }
  }
})

/** Reads asynchronously, as data arrive. */
const readStream = (input: Input, stream: AsyncIterable<unknown>, hooks: ReadHooks) =>
  Effect.tryPromise({
    try: async () => {
      const bytes = makeBytes(hooks)
      let total = 0
      for await (const chunk of stream) {
        if (!(chunk instanceof Uint8Array)) continue
        bytes.push(chunk)
        total += chunk.length
        hooks.progress?.(total)
      }
      bytes.end()
    },
    catch: unreadable(input.name)
  })

/** Whether a path leads to a named pipe. Only Linux distinguishes a pipe that has no writer yet from one at its end. */
export const isPipe = (path: string): boolean =>
  process.platform === "linux" && statSync(path, { throwIfNoEntry: false })?.isFIFO() === true

/** Waits asynchronously for a pipe without a writer, or with a slow one: a blocking read would delay signals. */
const readPipe = (input: Input, path: string, hooks: ReadHooks) =>
  Effect.acquireUseRelease(
    tryFile(input.name, () => {
      const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
      return new Socket({ fd, readable: true, writable: false })
    }),
    (socket) => readStream(input, socket, hooks),
    (socket) => Effect.sync(() => socket.destroy())
  )

const stampOf = ({ path }: Input): string => {
  const found = path === undefined ? undefined : statSync(path, { bigint: true, throwIfNoEntry: false })
  return found?.isFile() === true ? `${found.dev} ${found.ino} ${found.size} ${found.mtimeNs}` : ""
}

/** Fails if the file changes while it is read: half of the data would be old and half new. */
export const whileUnchanged = <A, E, R>(input: Input, read: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const before = stampOf(input)
    const result = yield* read
    if (stampOf(input) === before) return result
    return yield* inputFailure(`${input.name}: changed while it was read; nothing was done`)
  })

/** A failure about flags that is thrown while reading is reported like any other failure. */
const asFailure = (defect: unknown): Effect.Effect<never, CommandFailure> =>
  defect instanceof CommandFailure ? Effect.fail(defect) : Effect.die(defect)

/** Passes on the bytes of an input: a file, a pipe or standard input, from its current position. */
export const readInput = Effect.fnUntraced(function* (input: Input, hooks: ReadHooks) {
  const { path } = input
  if (path === undefined) {
    return yield* process.stdin.isTTY ? readStream(input, process.stdin, hooks) : readDescriptor(input, STDIN, hooks)
  }
  if (isPipe(path)) return yield* readPipe(input, path, hooks)
  return yield* usingFile(input.name, path, (fd) => readDescriptor(input, fd, hooks))
}, Effect.catchDefect(asFailure))

/** The first bytes of a file, decompressed; at most `length`. */
export const headOf = (path: string, length: number): Uint8Array =>
  whileOpen(path, (fd) => {
    const parts: Array<Uint8Array> = []
    const bytes = makeBytes({ chunk: (chunk) => parts.push(chunk.slice()), broken: () => {} })
    const buffer = new Uint8Array(length)
    bytes.push(buffer.subarray(0, readSome(fd, buffer, 0) ?? 0))
    bytes.end()
    return Buffer.concat(parts).subarray(0, length)
  })
