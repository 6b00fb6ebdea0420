/** Synchronous output: blocks until the reader has taken what is written, so memory stays bounded whatever the speed. */
import { closeSync, openSync, writeSync } from "node:fs"

const FLUSH_LENGTH = 64 * 1024
/** A reader as fast as we are empties a pipe within microseconds; one that has stopped is not asked all the time. */
const SHORTEST_PAUSE_MS = 0.02
const LONGEST_PAUSE_MS = 4

const pause = new Int32Array(new SharedArrayBuffer(4))

/** The reader of our output has gone, as in `unicall … | head`. Nobody is left to tell. */
export class OutputClosed extends Error {}

/** The system's word for what went wrong. */
export const codeOf = (error: unknown): string | undefined =>
  typeof error === "object" && error !== null && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined

export const writeFully = (fd: number, bytes: Uint8Array): void => {
  let written = 0
  let patience = SHORTEST_PAUSE_MS
  while (written < bytes.length) {
    try {
      written += writeSync(fd, bytes, written)
      patience = SHORTEST_PAUSE_MS
    } catch (error) {
      if (codeOf(error) === "EPIPE") throw new OutputClosed()
      if (codeOf(error) !== "EAGAIN") throw error
      Atomics.wait(pause, 0, 0, patience)
      patience = Math.min(2 * patience, LONGEST_PAUSE_MS)
    }
  }
}

/** Text gathered and written in large pieces. */
export interface TextOutput {
  readonly text: (text: string) => void
  /** Bytes that are ready as they are, after all text so far. */
  readonly bytes: (bytes: Uint8Array) => void
  readonly flush: () => void
  readonly close: () => void
}

export const makeTextOutput = (fd: number, write = writeFully): TextOutput => {
  let pending = ""
  const flush = () => {
    if (pending === "") return
    const text = pending
    pending = ""
    write(fd, Buffer.from(text))
  }
  return {
    text: (text) => {
      pending += text
      if (pending.length >= FLUSH_LENGTH) flush()
    },
    bytes: (bytes) => {
      flush()
      write(fd, bytes)
    },
    flush,
    close: flush
  }
}

const STDOUT = 1

/** Where data go instead of to standard output, while a command runs with `-o`. */
interface DataFile {
  readonly path: string
  readonly descriptor: number
}
let dataFile: DataFile | undefined

export const redirectData = (file: DataFile | undefined): void => {
  dataFile = file
}

/** The file of `-o`; none where data go to standard output. */
export const dataPath = (): string | undefined => dataFile?.path

/** Where a command's data go: to standard output, or into the file of `-o`. */
export const makeDataOutput = (): TextOutput => makeTextOutput(dataFile?.descriptor ?? STDOUT)

/** For what goes on whether anybody reads of it or not. */
const writeUnlessClosed = (fd: number, bytes: Uint8Array): void => {
  try {
    writeFully(fd, bytes)
  } catch (error) {
    if (!(error instanceof OutputClosed)) throw error
  }
}

/** Notes on standard error: a reader of them who leaves does not end the work. */
export const makeNoteOutput = (): TextOutput => makeTextOutput(2, writeUnlessClosed)

/** Data of a run whose exit code says something even to whoever reads no further. */
export const makeVerdictOutput = (): TextOutput => makeTextOutput(dataFile?.descriptor ?? STDOUT, writeUnlessClosed)

/** A new file, replacing what was there. */
export const createTextFile = (path: string): TextOutput => {
  const fd = openSync(path, "w")
  const output = makeTextOutput(fd)
  return {
    ...output,
    close: () => {
      output.flush()
      closeSync(fd)
    }
  }
}
