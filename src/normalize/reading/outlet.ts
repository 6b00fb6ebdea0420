/** What readers of raw input take and report. */
import { clip, decodeLoosely } from "./text.ts"

/** Bounds that keep one record from taking all memory. */
export interface Limits {
  /** Longest single record in bytes; a longer one becomes one damage. */
  readonly maxRecordBytes: number
  /** Deepest nesting of arrays and objects in one record; `{}` has depth 1. */
  readonly maxNesting: number
}

export const defaultLimits: Limits = { maxRecordBytes: 64 * 1024 * 1024, maxNesting: 500 }

/** Longest text kept in {@link Damage.raw}, in bytes of the input. */
export const maxRawBytes = 1 << 20

/** A region of the input that could not be read. */
export interface Damage {
  /** 1-based line of the first byte of the region. */
  readonly line: number
  /** 0-based running number over the values and damages of one input. */
  readonly index: number
  readonly reason: "unreadable_json"
  /** What was expected and where; never quotes the input. Columns count bytes from 1, byte offsets start at 0. */
  readonly message: string
  /** The damaged text, decoded with U+FFFD for bad bytes, at most {@link maxRawBytes} bytes of it. */
  readonly raw: string
}

/** Receives what a file holds, in input order. `line` and `index` mean the same as in {@link Damage}. */
export interface DocumentSink {
  value(value: unknown, line: number, index: number): void
  damaged(damage: Damage): void
}

/** Takes the bytes of one input, in any portions. */
export interface ByteReader {
  /** Reads the next bytes of the input. The chunk may be reused as soon as this returns. */
  push(chunk: Uint8Array): void
  /** Reports what is still open at the end of the input. */
  end(): void
}

export const nothing = new Uint8Array(0)

const within = (value: number, least: number, most: number): number =>
  value >= least ? Math.min(Math.floor(value), most) : least

/** Limits that can be kept: no text is longer than engines allow, no length is negative or `NaN`. */
export const usableLimits = (limits: Limits): Limits => ({
  maxRecordBytes: within(limits.maxRecordBytes, 1, 2 ** 29 - 25),
  maxNesting: within(limits.maxNesting, 0, 1 << 20)
})

/** Where a byte stands: line and column, in bytes, count from 1, the offset in the input from 0. */
export interface Place {
  readonly line: number
  readonly column: number
  readonly offset: number
}

export const placeName = ({ line, column, offset }: Place): string =>
  `line ${line}, column ${column} (byte offset ${offset})`

/** Numbers values and damages and hands them to a sink. */
export class Outlet {
  private readonly sink: DocumentSink
  private index = 0

  constructor(sink: DocumentSink) {
    this.sink = sink
  }

  value(value: unknown, line: number): void {
    this.sink.value(value, line, this.index++)
  }

  /** Reports a damaged region of `total` bytes of which `bytes` are at hand, in the given WHATWG encoding. */
  damage(line: number, message: string, bytes: Uint8Array, total: number, encoding?: string): void {
    const shown = clip(bytes, maxRawBytes)
    const left = total - shown.length
    this.sink.damaged({
      line,
      index: this.index++,
      reason: "unreadable_json",
      message: left > 0 ? `${message}; ${left} of its ${total} bytes are left out here` : message,
      raw: encoding === undefined ? decodeLoosely(shown) : new TextDecoder(encoding).decode(shown)
    })
  }
}
