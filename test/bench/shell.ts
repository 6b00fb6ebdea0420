/** What every variant shares: NDJSON read synchronously in 64 kB chunks, records written in large blocks. */
import { closeSync, openSync, readSync, writeSync } from "node:fs"

/** Takes one payload and hands on the records it becomes. */
export type Mapper<Payload> = (payload: Payload, emit: (record: object) => void) => void

export interface Volume {
  readonly lines: number
  readonly records: number
  readonly bytes: number
}

const CHUNK = 64 * 1024
const BLOCK = 256 * 1024
const LINE_FEED = 10

/** The lines of a file. One decode serves all complete lines of a chunk. */
export const eachLine = (path: string, onLine: (line: string) => void): void => {
  const file = openSync(path, "r")
  const chunk = Buffer.allocUnsafe(CHUNK)
  let carry = Buffer.alloc(0)
  for (;;) {
    const length = readSync(file, chunk, 0, CHUNK, null)
    if (length === 0) break
    const last = chunk.lastIndexOf(LINE_FEED, length - 1)
    if (last < 0) {
      carry = Buffer.concat([carry, chunk.subarray(0, length)])
      continue
    }
    let from = 0
    if (carry.length > 0) {
      const first = chunk.indexOf(LINE_FEED)
      onLine(Buffer.concat([carry, chunk.subarray(0, first)]).toString("utf8"))
      from = first + 1
    }
    const text = chunk.toString("utf8", from, last + 1)
    let start = 0
    for (let end = text.indexOf("\n", start); end >= 0; end = text.indexOf("\n", start)) {
      onLine(text.slice(start, end))
      start = end + 1
    }
    carry = Buffer.from(chunk.subarray(last + 1, length))
  }
  if (carry.length > 0) onLine(carry.toString("utf8"))
  closeSync(file)
}

const writeAll = (file: number, text: string): number => {
  const bytes = Buffer.from(text, "utf8")
  let written = 0
  while (written < bytes.length) written += writeSync(file, bytes, written)
  return written
}

/** Parse, map, stringify: the whole job on one thread. */
export const runJob = <Payload>(input: string, output: string, map: Mapper<Payload>): Volume => {
  const file = openSync(output, "w")
  let [lines, records, bytes, block] = [0, 0, 0, ""]
  const emit = (record: object): void => {
    records += 1
    block += `${JSON.stringify(record)}\n`
  }
  eachLine(input, (line) => {
    lines += 1
    const payload: Payload = JSON.parse(line)
    map(payload, emit)
    if (block.length < BLOCK) return
    bytes += writeAll(file, block)
    block = ""
  })
  bytes += writeAll(file, block)
  closeSync(file)
  return { lines, records, bytes }
}
