/** Synchronous output: blocks until the reader has taken what is written, so memory stays bounded whatever the speed. */
import { closeSync, openSync, writeSync } from "node:fs"
import { codeOf } from "./failures.ts"
import { withoutPasswords } from "./withoutPasswords.ts"

const FLUSH_LENGTH = 64 * 1024
/** A fast reader empties a pipe within microseconds; for a slow one the pauses grow. */
const SHORTEST_PAUSE_MS = 0.02
const LONGEST_PAUSE_MS = 4

const pause = new Int32Array(new SharedArrayBuffer(4))

/** The reader of our output has closed the pipe, as in `unicall … | head`. */
export class OutputClosed extends Error {}

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

/** For work that goes on if the reader closes the pipe. */
const writeUnlessClosed = (fd: number, bytes: Uint8Array): void => {
  try {
    writeFully(fd, bytes)
  } catch (error) {
    if (!(error instanceof OutputClosed)) throw error
  }
}

/** Buffers text and writes it in large pieces. */
const makeTextOutput = (fd: number, write = writeFully) => {
  let pending = ""
  const flush = (): void => {
    const text = pending
    pending = ""
    write(fd, Buffer.from(text))
  }
  return {
    text: (text: string): void => {
      pending += text
      if (pending.length >= FLUSH_LENGTH) flush()
    },
    /** Writes bytes after all text so far. */
    bytes: (bytes: Uint8Array): void => {
      flush()
      write(fd, bytes)
    },
    flush
  }
}

export const STDOUT = 1
export const STDERR = 2

/** The file of `-o`, while a command runs with it. */
interface DataFile {
  readonly path: string
  readonly descriptor: number
}
let dataFile: DataFile | undefined

export const redirectData = (file: DataFile | undefined): void => {
  dataFile = file
}

export const dataPath = (): string | undefined => dataFile?.path

/** Where a command's data go: standard output, or the file of `-o`. */
const dataDescriptor = (): number => dataFile?.descriptor ?? STDOUT

export const makeDataOutput = () => makeTextOutput(dataDescriptor())

/** Notes on standard error: a reader of them who leaves does not end the work. */
export const makeNoteOutput = () => {
  const { text, flush } = makeTextOutput(STDERR, writeUnlessClosed)
  return { text: (note: string): void => text(withoutPasswords(note)), flush }
}

/** Data, written at once: a placed call must be shown even if the next step fails. */
export const print = (text: string): void => writeFully(dataDescriptor(), Buffer.from(text))

/** Data of a run whose exit code matters even if the reader closes the pipe. */
export const printVerdict = (text: string): void => writeUnlessClosed(dataDescriptor(), Buffer.from(text))

/** Notes on standard error. It does not matter if they cannot be written: the terminal may be closed. */
export const tell = (text: string): void => {
  try {
    writeFully(STDERR, Buffer.from(withoutPasswords(text)))
  } catch {
    // There is no other place to report it.
  }
}

/** A new file, replacing what was there. */
export const createTextFile = (path: string) => {
  const fd = openSync(path, "w")
  const { text, flush } = makeTextOutput(fd)
  return {
    text,
    close: (): void => {
      flush()
      closeSync(fd)
    }
  }
}
