/** Finding and reading inputs: files, folders, glob patterns, standard input, each plain or gzipped. */
import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from "node:fs"
import { join, resolve } from "node:path"
import { Readable } from "node:stream"
import { createGunzip } from "node:zlib"
import * as Effect from "effect/Effect"
import * as Glob from "effect/Glob"
import { InputUnreadable } from "./CommandFailure.ts"

export type InputForm = "json" | "csv"

export interface Input {
  /** As the user named it, for messages. */
  readonly name: string
  /** Absent for standard input. */
  readonly path: string | undefined
  readonly form: InputForm
  /** Size in bytes; absent where it cannot be known before. */
  readonly size: number | undefined
}

/** Files that are picked up in a folder. */
export const FOLDER_FILES = Glob.make("**/*.{json,ndjson,jsonl,csv,tsv}{,.gz}")

const CSV_NAME = /\.(?:csv|tsv)(?:\.gz)?$/i
const JSON_NAME = /\.(?:json|ndjson|jsonl)(?:\.gz)?$/i

/** What the user says about the form of inputs: all of them, or those whose name does not tell. */
export interface FormHint {
  readonly forced: InputForm | undefined
  readonly otherwise: InputForm
}

const formOf = (name: string, { forced, otherwise }: FormHint): InputForm =>
  forced ?? (CSV_NAME.test(name) ? "csv" : JSON_NAME.test(name) ? "json" : otherwise)

const PATTERN_CHARACTERS = /[*?[{]/

const READ_SIZE = 64 * 1024
const YIELD_AFTER_BYTES = 16 * 1024 * 1024
const EMPTY_PIPE_PAUSE_MS = 5
const STDIN = 0

const pause = new Int32Array(new SharedArrayBuffer(4))

const filesBelow = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }))
    .filter(({ entry, path }) => entry.isFile() || (entry.isSymbolicLink() && statSync(path).isFile()))
    .map(({ path }) => path)
    .toSorted()

const relativeTo = (folder: string, path: string): string =>
  path.slice(folder.length).replaceAll("\\", "/").replace(/^\/+/, "")

const filesOf = (name: string): ReadonlyArray<string> => {
  if (existsSync(name)) {
    if (!statSync(name).isDirectory()) return [name]
    const found = filesBelow(name).filter((path) => Glob.match(FOLDER_FILES, relativeTo(name, path)))
    if (found.length === 0) throw new Error("holds no .json, .ndjson, .jsonl, .csv or .tsv file, plain or .gz")
    return found
  }
  if (!PATTERN_CHARACTERS.test(name)) throw new Error("no such file or folder")
  const firstPattern = name.split("/").findIndex((segment) => PATTERN_CHARACTERS.test(segment))
  const base = name.split("/").slice(0, firstPattern).join("/") || (name.startsWith("/") ? "/" : ".")
  const pattern = Glob.make(name.split("/").slice(firstPattern).join("/"))
  const found = existsSync(base)
    ? filesBelow(base).filter((path) => Glob.match(pattern, relativeTo(base === "." ? "" : base, path)))
    : []
  if (found.length === 0) throw new Error("no file matches the pattern")
  return found
}

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return "cannot be read"
  const code = "code" in error ? String(error.code) : ""
  return REASONS.get(code) ?? (code === "" ? error.message : `cannot be read (${code})`)
}

const REASONS = new Map([
  ["ENOENT", "no such file or folder"],
  ["EACCES", "permission denied"],
  ["EPERM", "permission denied"],
  ["EISDIR", "is a folder"],
  ["ENOSPC", "no space left on the device"]
])

export const unreadable =
  (name: string) =>
  (error: unknown): InputUnreadable =>
    new InputUnreadable({ message: `${name}: ${reasonOf(error)}` })

/** The inputs that the given names stand for; all are checked before any is read. */
export const findInputs = Effect.fnUntraced(function* (names: ReadonlyArray<string>, hint: FormHint) {
  const inputs: Array<Input> = []
  for (const name of names) {
    if (name === "-") {
      inputs.push({ name: "stdin", path: undefined, form: formOf("", hint), size: undefined })
      continue
    }
    const found = yield* Effect.try({
      try: () =>
        filesOf(name).map((path): Input => {
          const { size } = statSync(path)
          return { name: path, path, form: formOf(path, hint), size }
        }),
      catch: unreadable(name)
    })
    inputs.push(...found)
  }
  // Named twice, as a file and with its folder, an input is still one.
  return [...new Map(inputs.map((input) => [input.path === undefined ? "-" : resolve(input.path), input])).values()]
})

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b

const isAgain = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "EAGAIN"
const isEof = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "EOF"

/** Bytes read, `undefined` if a pipe has none yet; 0 at the end. */
export const readSome = (fd: number, buffer: Uint8Array, position: number | null): number | undefined => {
  try {
    return readSync(fd, buffer, 0, buffer.length, position)
  } catch (error) {
    if (isAgain(error)) return undefined
    if (isEof(error)) return 0
    throw error
  }
}

export interface ReadHooks {
  /** The chunk is reused when this returns. */
  readonly chunk: (chunk: Uint8Array) => void
  /** Compressed data broke off; what came before has been handed over. */
  readonly broken: (message: string) => void
  /** Called now and then, with the bytes read from this input so far. */
  readonly progress: (bytes: number) => void
}

/** Reads synchronously, which is what a line-by-line job is fastest on, and gives way to signals now and then. */
const readPlain = Effect.fnUntraced(function* (input: Input, fd: number, hooks: ReadHooks) {
  const buffer = new Uint8Array(READ_SIZE)
  let total = 0
  let sinceYield = 0
  while (true) {
    const count = yield* Effect.try({ try: () => readSome(fd, buffer, null), catch: unreadable(input.name) })
    if (count === 0) return
    if (count === undefined) {
      yield* Effect.sleep(EMPTY_PIPE_PAUSE_MS)
      continue
    }
    hooks.chunk(buffer.subarray(0, count))
    total += count
    sinceYield += count
    if (sinceYield >= YIELD_AFTER_BYTES || count < READ_SIZE) {
      sinceYield = 0
      hooks.progress(total)
      yield* Effect.yieldNow
    }
  }
})

/** Asynchronous reading, for what must be decompressed or typed in. */
const readStream = (input: Input, stream: NodeJS.ReadableStream & AsyncIterable<unknown>, hooks: ReadHooks) =>
  Effect.tryPromise({
    try: async () => {
      let total = 0
      for await (const chunk of stream) {
        if (!(chunk instanceof Uint8Array)) continue
        hooks.chunk(chunk)
        total += chunk.length
        hooks.progress(total)
      }
    },
    catch: unreadable(input.name)
  })

const isZlibError = (error: unknown): boolean =>
  error instanceof Error && "code" in error && typeof error.code === "string" && error.code.startsWith("Z_")

const readGzip = (input: Input, source: NodeJS.ReadableStream, hooks: ReadHooks) =>
  Effect.tryPromise({
    try: async () => {
      const gunzip = createGunzip()
      source.on("error", (error) => gunzip.destroy(error))
      source.pipe(gunzip)
      let total = 0
      try {
        for await (const chunk of gunzip) {
          if (!(chunk instanceof Uint8Array)) continue
          hooks.chunk(chunk)
          total += chunk.length
          hooks.progress(total)
        }
      } catch (error) {
        if (!isZlibError(error)) throw error
        hooks.broken("expected more gzip data: the compressed input is cut off or damaged")
      }
    },
    catch: unreadable(input.name)
  })

/** Hands an input's bytes over, decompressed. Files, pipes and standard input are read alike, from where they stand. */
export const readInput = Effect.fnUntraced(function* (input: Input, hooks: ReadHooks) {
  const { path } = input
  if (path === undefined) {
    return yield* process.stdin.isTTY ? readStream(input, process.stdin, hooks) : readDescriptor(input, STDIN, hooks)
  }
  const fd = yield* Effect.try({ try: () => openSync(path, "r"), catch: unreadable(input.name) })
  return yield* readDescriptor(input, fd, hooks).pipe(Effect.ensuring(Effect.sync(() => closeSync(fd))))
})

/** Bytes of a descriptor as they come, for a decompressor to pull; `first` has been read already. */
function* bytesFrom(fd: number, first: Uint8Array): Generator<Uint8Array> {
  yield first
  const buffer = new Uint8Array(READ_SIZE)
  while (true) {
    const count = readSome(fd, buffer, null)
    if (count === 0) return
    if (count === undefined) Atomics.wait(pause, 0, 0, EMPTY_PIPE_PAUSE_MS)
    else yield buffer.slice(0, count)
  }
}

/** The first bytes show whether an input is compressed; a pipe cannot be asked for them twice. */
const readDescriptor = Effect.fnUntraced(function* (input: Input, fd: number, hooks: ReadHooks) {
  const buffer = new Uint8Array(READ_SIZE)
  let count: number | undefined
  while (count === undefined) {
    count = yield* Effect.try({ try: () => readSome(fd, buffer, null), catch: unreadable(input.name) })
    if (count === undefined) yield* Effect.sleep(EMPTY_PIPE_PAUSE_MS)
  }
  const first = buffer.subarray(0, count)
  if (isGzip(first)) return yield* readGzip(input, Readable.from(bytesFrom(fd, first)), hooks)
  if (count > 0) hooks.chunk(first)
  return yield* readPlain(input, fd, hooks)
})
