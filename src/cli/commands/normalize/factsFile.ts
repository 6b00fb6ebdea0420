/**
 * A file of facts that a run folds into: read once, and replaced by a new file when that is complete. A run that is
 * stopped at any moment leaves the old file or the new one.
 */
import { createReadStream, fsyncSync, statSync } from "node:fs"
import { dirname } from "node:path"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { createGunzip, createGzip } from "node:zlib"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { providers } from "../../providers.ts"
import { DEEPEST_NESTING } from "../../../domain/Redaction.ts"
import { Locked, lockFile } from "../../../node/fileLock.ts"
import { makeDocumentSplitter } from "../../../normalize/reading/documents.ts"
import { type FactsMerge, type Folded, makeFactsMerge } from "../../../normalize/written/factsMerge.ts"
import { isCompressed } from "../../inputs/inputBytes.ts"
import {
  codeOf,
  type CommandFailure,
  inputFailure,
  tryFile,
  unreadable,
  usage,
  whileOpen
} from "../../shell/failures.ts"
import { type Given, onOff, text } from "../../shell/flags.ts"
import { dataPath, writeFully } from "../../shell/output.ts"
import { findTarget, openWhole, type Target } from "../../shell/wholeFile.ts"

/** Generous: a line holds all that is known of one order. */
const LIMITS = { maxNesting: DEEPEST_NESTING, maxRecordBytes: 512 * 1024 * 1024 }

/** Checked before anything is read, as in `findTarget`. */
const findFactsFile = Effect.fnUntraced(function* (name: string) {
  const found = yield* tryFile(name, () => statSync(name, { throwIfNoEntry: false }))
  if (found !== undefined && !found.isFile()) {
    return yield* usage(`--into: expected a file, got ${name}, which is none`)
  }
  return yield* findTarget(name)
})

export const factsFlags = {
  facts: onOff(
    "facts",
    "Fold, and write the joined claims instead of records: they can be folded again, with anything"
  ),
  into: text(
    "into",
    "FILE",
    "Fold into this file of facts, made if it is not there, as a whole or not at all; .gz compresses it"
  )
}

interface FactsFlags extends Given<typeof factsFlags> {
  readonly fold: boolean
  readonly native: boolean
  readonly only: string | undefined
}

/** Why facts do not go with the other flags. */
const misfitOf = ({ native, only, into }: FactsFlags, format: string): string | undefined => {
  if (format !== "ndjson") {
    return `without --format ${format}; facts are NDJSON, and records of any format are made from them`
  }
  if (!native) {
    return "without --no-native; facts hold the provider's records, and records without them are made from facts"
  }
  if (only !== undefined) return "without --only; facts are whole, and records of some kinds are made from them"
  return into !== undefined && dataPath() !== undefined ? "without -o; all is written to the file of facts" : undefined
}

/** Whether payloads are folded, what is written, and the file of facts. */
export const foldingOf = Effect.fnUntraced(function* (flags: FactsFlags, format: string) {
  const { fold, facts, into: name } = flags
  if (name === undefined && !facts) return { fold, output: "records", into: undefined } as const
  const misfit = misfitOf(flags, format)
  if (misfit !== undefined) return yield* usage(`${name === undefined ? "--facts" : "--into"}: expected it ${misfit}`)
  if (name === undefined) return { fold: true, output: "facts", into: undefined } as const
  return { fold: true, output: "nothing", into: yield* findFactsFile(name) } as const
})

/** Lines of the file after a run: those that were there and are as they were, and those that are new or changed. */
export interface FactsWritten {
  readonly kept: number
  readonly written: number
}

/** The file is not what a run can fold into; it has been left as it was. */
class Damaged extends Error {}

async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  const source = createReadStream(path, { highWaterMark: 256 * 1024 })
  const gunzip = whileOpen(path, isCompressed) ? createGunzip() : undefined
  if (gunzip !== undefined) source.on("error", (error) => gunzip.destroy(error)).pipe(gunzip)
  for await (const chunk of gunzip ?? source) if (chunk instanceof Uint8Array) yield chunk
}

const BATCH_LENGTH = 256 * 1024

/** The new content: old lines that stay, then those that are new or changed. */
async function* contentOf(
  { name, path }: Target,
  merge: FactsMerge,
  count: (kind: keyof FactsWritten) => void
): AsyncGenerator<string> {
  let batch = ""
  const refuse = (line: number, message: string): never => {
    throw new Damaged(`${name}:${line}: ${message}`)
  }
  const splitter = makeDocumentSplitter(LIMITS, {
    value: (value, line) => {
      const old = merge.old(value)
      if (old.is === "damaged") return refuse(line, old.message)
      if (old.is === "taken") return
      count("kept")
      batch += `${old.text}\n`
    },
    damaged: ({ line, message }) => refuse(line, message)
  })
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) {
    for await (const chunk of bytesOf(path)) {
      splitter.push(chunk)
      if (batch.length < BATCH_LENGTH) continue
      yield batch
      batch = ""
    }
    splitter.end()
  }
  for (const text of merge.rest()) {
    count("written")
    batch += `${text}\n`
    if (batch.length < BATCH_LENGTH) continue
    yield batch
    batch = ""
  }
  yield batch
}

/** Makes the renaming durable. Windows cannot open folders. */
const syncFolder = (path: string): void => {
  if (process.platform !== "win32") whileOpen(dirname(path), fsyncSync)
}

const rewrite = async (target: Target, merge: FactsMerge, signal: AbortSignal): Promise<FactsWritten> => {
  const { path } = target
  const counts = { kept: 0, written: 0 }
  const content = Readable.from(contentOf(target, merge, (kind) => (counts[kind] += 1)))
  // The lock is held, so a leftover of an earlier run can be overwritten.
  const file = openWhole(target, { part: `${path}.part` })
  const write = async (pieces: AsyncIterable<string | Uint8Array>): Promise<void> => {
    for await (const piece of pieces) {
      signal.throwIfAborted()
      writeFully(file.descriptor, Buffer.from(piece))
    }
  }
  try {
    await pipeline([content, ...(path.endsWith(".gz") ? [createGzip()] : []), write], { signal })
  } catch (error) {
    file.discard()
    throw error
  }
  file.keep()
  syncFolder(path)
  return counts
}

const failureOf =
  ({ name }: Target) =>
  (error: unknown): CommandFailure => {
    if (error instanceof Damaged) return inputFailure(`${error.message}; ${name} is left as it was`)
    return codeOf(error)?.startsWith("Z_") === true
      ? inputFailure(`${name}: the compressed file is cut off or damaged; it is left as it was`)
      : unreadable(name)(error)
  }

/** Another run holds the lock while it reads and writes the file. */
const untilFree = Schedule.upTo(Schedule.spaced("50 millis"), { duration: "2 minutes" })

/** Folds what was read into the file. Runs at the same time take turns, and each finds what the other wrote. */
export const foldInto = (file: Target, folded: Folded): Effect.Effect<FactsWritten, CommandFailure> =>
  Effect.acquireUseRelease(
    Effect.try({
      try: () => lockFile(file.path),
      catch: (error) => (error instanceof Locked ? error : unreadable(file.name)(error))
    }),
    () =>
      Effect.tryPromise({
        try: (signal) => rewrite(file, makeFactsMerge(folded, providers), signal),
        catch: failureOf(file)
      }),
    (release) => Effect.sync(release)
  ).pipe(
    Effect.retry({ schedule: untilFree, while: (error) => error instanceof Locked }),
    Effect.mapError((error) =>
      error instanceof Locked
        ? inputFailure(`${file.name}: another unicall is folding into it; it is left as it was`)
        : error
    )
  )
