/**
 * Normalising in several threads, with the same output in the same order as in one. The main thread cuts the input into
 * blocks of whole lines and writes results in sequence. A block in which a record is still open at the end (a document
 * over many lines, a record longer than a block) is read again in the main thread, together with the next blocks, until
 * no record is open.
 */
import { fstatSync, readSync } from "node:fs"
import { Worker } from "node:worker_threads"
import * as Effect from "effect/Effect"
import type { Rejection } from "../../../domain/Rejection.ts"
import { isCompressed, isPipe } from "../../inputs/inputBytes.ts"
import { tryFile, usingFile } from "../../shell/failures.ts"
import { type Input } from "../../inputs/findInputs.ts"
import { addTally, type Job, type JobOptions, type JobOutput, type Tally } from "./job.ts"
import type { Start } from "../../../normalize/reading/documents.ts"
import { makeSplitter, type SplitOptions, type Splitter } from "../../inputs/split.ts"
import type { Progress } from "../../shell/progress.ts"

export interface WorkerSetup {
  readonly job: JobOptions
  readonly split: SplitOptions
}

/** Consecutive bytes of one input, ending at a line end where there is one. */
export interface Block {
  readonly name: string
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly start: Start
}

export interface BlockResult {
  /** The block's bytes, returned. */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** No record was open at the end of the block. */
  readonly whole: boolean
  readonly output: Uint8Array<ArrayBuffer>
  readonly rejections: ReadonlyArray<Rejection>
  readonly tally: Tally
}

const BLOCK_SIZE = 1024 * 1024
const BLOCKS_PER_WORKER = 2
const LINE_FEED = 10

const workerModule = new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.mjs", import.meta.url)

const countLines = (bytes: Uint8Array): number => {
  let lines = 0
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) lines += 1
  return lines
}

function* blocksOf(name: string, fd: number): Generator<Block> {
  let start: Start = { line: 1, offset: 0 }
  let rest: Uint8Array = new Uint8Array(0)
  while (true) {
    const bytes = new Uint8Array(Math.max(BLOCK_SIZE, rest.length + BLOCK_SIZE / 2))
    bytes.set(rest)
    let length = rest.length
    let ended = false
    while (length < bytes.length && !ended) {
      const count = readSync(fd, bytes, length, bytes.length - length, null)
      ended = count === 0
      length += count
    }
    const lineEnd = bytes.subarray(0, length).lastIndexOf(LINE_FEED) + 1
    const cut = ended || lineEnd === 0 ? length : lineEnd
    rest = bytes.slice(cut, length)
    const block = bytes.subarray(0, cut)
    // Computed before the block's bytes are transferred to a thread.
    const next = { line: start.line + countLines(block), offset: start.offset + cut }
    if (cut > 0) yield { name, bytes: block, start }
    if (ended) return
    start = next
  }
}

const startThread = (setup: WorkerSetup) => {
  const worker = new Worker(workerModule, { workerData: setup, argv: process.argv.slice(2) })
  const waiting: Array<PromiseWithResolvers<BlockResult>> = []
  const fail = (error: unknown): void => waiting.splice(0).forEach(({ reject }) => reject(error))
  worker.on("message", (result: BlockResult) => waiting.shift()?.resolve(result))
  worker.on("error", fail)
  worker.on("exit", () => fail(new Error("a worker thread stopped")))
  return {
    normalize: (block: Block): Promise<BlockResult> => {
      const result = Promise.withResolvers<BlockResult>()
      waiting.push(result)
      worker.postMessage(block, [block.bytes.buffer])
      return result.promise
    },
    stop: () => worker.terminate()
  }
}

type Thread = ReturnType<typeof startThread>

interface WorkersRun {
  readonly job: Job
  readonly setup: WorkerSetup
  readonly output: JobOutput
  readonly writeBytes: (bytes: Uint8Array) => void
  readonly progress: Progress
  readonly inputRead: (input: Input) => void
}

/** Only a regular file that is neither compressed nor CSV can be cut into blocks. */
const canCut = (input: Input, fd: number): boolean =>
  input.form !== "csv" && fstatSync(fd).isFile() && !isCompressed(fd)

/** Joins the results of one input in order. */
const joinBlocks = async (
  input: Input,
  fd: number,
  threads: ReadonlyArray<Thread>,
  { job, setup, output, writeBytes, progress, inputRead }: WorkersRun,
  before: number
): Promise<number> => {
  let open: Splitter | undefined
  const join = (result: BlockResult, start: Start): void => {
    if (open === undefined && result.whole) {
      writeBytes(result.output)
      for (const rejection of result.rejections) output.rejection(rejection)
      addTally(job.tally, result.tally)
      return
    }
    open ??= makeSplitter(input, setup.split, job, start)
    open.push(result.bytes)
    if (!open.isIdle()) return
    open.settle()
    open = undefined
  }
  const underway: Array<{ readonly start: Start; readonly result: Promise<BlockResult> }> = []
  let next = 0
  let bytesRead = before
  const joinOldest = async (): Promise<void> => {
    const oldest = underway.shift()
    if (oldest === undefined) return
    const result = await oldest.result
    join(result, oldest.start)
    bytesRead += result.bytes.length
    progress.update(bytesRead, job.tally)
  }
  for (const block of blocksOf(input.name, fd)) {
    const thread = threads[next++ % threads.length]
    if (thread === undefined) break
    const { start } = block
    const result = thread.normalize(block)
    // A failure is handled in `joinOldest`; until then it must not count as unhandled.
    result.catch(() => {})
    underway.push({ start, result })
    while (underway.length >= threads.length * BLOCKS_PER_WORKER) await joinOldest()
  }
  while (underway.length > 0) await joinOldest()
  open?.end()
  inputRead(input)
  return bytesRead
}

/** Normalises the inputs that can be cut; the others are left to `inThread`. */
export const normalizeInWorkers = Effect.fnUntraced(function* <E>(
  inputs: ReadonlyArray<Input>,
  count: number,
  run: WorkersRun,
  inThread: (input: Input) => Effect.Effect<void, E>
) {
  const threads = yield* Effect.acquireRelease(
    Effect.sync(() => Array.from({ length: count }, () => startThread(run.setup))),
    (started) => Effect.promise(() => Promise.all(started.map(({ stop }) => stop())))
  )
  let before = 0
  for (const input of inputs) {
    const { path } = input
    if (path === undefined || isPipe(path)) {
      yield* inThread(input)
      continue
    }
    const normalized = (fd: number) =>
      Effect.flatMap(
        tryFile(input.name, () => canCut(input, fd)),
        (cut) =>
          cut ? Effect.promise(() => joinBlocks(input, fd, threads, run, before)) : Effect.as(inThread(input), before)
      )
    before = yield* usingFile(input.name, path, normalized)
  }
}, Effect.scoped)
