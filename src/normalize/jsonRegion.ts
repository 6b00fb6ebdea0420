/**
 * What a reader of raw input reports, and the bytes it holds while a record is still open.
 */

/** Longest text kept in {@link Damage.raw}, in bytes of the input. */
export const maxRawBytes = 1 << 20

/** Bounds that keep one record from taking all memory. */
export interface Limits {
  /** Longest single record in bytes; a longer one becomes one damage. */
  readonly maxRecordBytes: number
  /** Deepest nesting of arrays and objects in one record; `{}` has depth 1. */
  readonly maxNesting: number
}

export const defaultLimits: Limits = { maxRecordBytes: 64 * 1024 * 1024, maxNesting: 500 }

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

// BOMs are kept because only the scanner may decide that one is at the start of a record and can be skipped.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true })
const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** Decodes UTF-8 with U+FFFD for bad bytes. */
export const decodeLoosely = (bytes: Uint8Array): string => decoder.decode(bytes)

export const isUtf8 = (bytes: Uint8Array): boolean => {
  try {
    strictDecoder.decode(bytes)
    return true
  } catch {
    return false
  }
}

/**
 * Decodes UTF-8; undefined when the bytes are not valid UTF-8.
 *
 * The lenient decoder is about twice as fast as the fatal one on text that is not ASCII, so the strict check runs only
 * when a replacement character turned up, which may also stand in the input itself.
 */
export const decodeUtf8 = (bytes: Uint8Array): string | undefined => {
  const text = decodeLoosely(bytes)
  return text.includes("\uFFFD") && !isUtf8(bytes) ? undefined : text
}

/** Parses JSON text; undefined when it is not JSON. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Names a place for a message; `column` is 1-based in bytes, `offset` 0-based in bytes of the input. */
export const placeName = (line: number, column: number, offset: number): string =>
  `line ${line}, column ${column} (byte offset ${offset})`

/** White space of JSON. */
export const isBlankByte = (byte: number | undefined): boolean =>
  byte === 32 || byte === 10 || byte === 13 || byte === 9

/** The bytes without white space at their end. */
export const trimEnd = (bytes: Uint8Array): Uint8Array => {
  let end = bytes.length
  while (end > 0 && isBlankByte(bytes[end - 1])) end--
  return end === bytes.length ? bytes : bytes.subarray(0, end)
}

/** The first `max` bytes, or up to three fewer so that no character is cut in two. */
const clip = (bytes: Uint8Array, max: number): Uint8Array => {
  if (bytes.length <= max) return bytes
  let end = max
  while (end > max - 3 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.subarray(0, end)
}

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
      raw: (encoding === undefined ? decoder : new TextDecoder(encoding)).decode(shown)
    })
  }
}

const nothing = new Uint8Array(0)

/**
 * The bytes of one open record, collected over chunks.
 *
 * Holds at most `limit` bytes; once the record is longer, only the part that a damage report shows is kept.
 */
export class Region {
  line = 1
  column = 1
  offset = 0
  /** Length of the record so far in bytes, kept or not. */
  total = 0
  /** Known not to be JSON, whatever follows. */
  isBroken = false
  /** Names the place where the nesting went too deep; empty while it has not. */
  tooDeepAt = ""
  private readonly maxBytes: number
  private limit: number
  private kept = 0
  private bytes = nothing

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes
    this.limit = maxBytes
  }

  /** Starts a record at a place in the input, forgetting the one before. */
  begin(line: number, column: number, offset: number): void {
    this.line = line
    this.column = column
    this.offset = offset
    this.limit = this.maxBytes
    this.total = 0
    this.isBroken = false
    this.tooDeepAt = ""
    this.kept = 0
    // A buffer that grew for one huge record is not held for the rest of the input.
    if (this.bytes.length > maxRawBytes) this.bytes = nothing
  }

  /** From here on keeps no more than a damage report shows. */
  keepRawOnly(): void {
    this.limit = 0
    this.shrink()
  }

  get isTooLong(): boolean {
    return this.total > this.maxBytes
  }

  /** Names the place of the first byte. */
  get start(): string {
    return placeName(this.line, this.column, this.offset)
  }

  get isBad(): boolean {
    return this.isBroken || this.tooDeepAt !== "" || this.isTooLong
  }

  /** Names the place of the byte at `at` in `view`, the bytes of this record. */
  placeOf(view: Uint8Array, at: number): string {
    let line = this.line
    let column = this.column + at
    for (let index = 0; index < at; index++) {
      if (view[index] !== 10) continue
      line++
      column = at - index
    }
    return placeName(line, column, this.offset + at)
  }

  append(chunk: Uint8Array, from: number, to: number): void {
    this.total += to - from
    if (this.total > this.limit) this.shrink()
    const room = this.total > this.limit ? Math.max(0, maxRawBytes + 1 - this.kept) : to - from
    this.copy(chunk, from, Math.min(to, from + room))
  }

  /** Adds another region that follows this one in the input. */
  appendRegion(next: Region): void {
    this.append(next.bytes, 0, next.kept)
    this.total += next.total - next.kept
    if (this.total > this.limit) this.shrink()
  }

  /** What is kept of the record; valid until the next change. */
  view(): Uint8Array {
    return this.bytes.subarray(0, this.kept)
  }

  /** Ends the record with `chunk[from, to)` and gives its bytes, uncopied when they all lie in that chunk. */
  finish(chunk: Uint8Array, from: number, to: number): Uint8Array {
    if (this.total > 0) {
      this.append(chunk, from, to)
      return this.view()
    }
    this.total = to - from
    return chunk.subarray(from, to)
  }

  private shrink(): void {
    // One byte more than is shown, so that clipping can see whether a character goes on.
    if (this.kept <= maxRawBytes + 1) return
    this.bytes = this.bytes.slice(0, maxRawBytes + 1)
    this.kept = maxRawBytes + 1
  }

  private copy(chunk: Uint8Array, from: number, to: number): void {
    const length = this.kept + to - from
    if (length > this.bytes.length) {
      const grown = new Uint8Array(Math.max(length, this.bytes.length * 2, 1024))
      grown.set(this.view())
      this.bytes = grown
    }
    this.bytes.set(from === 0 && to === chunk.length ? chunk : chunk.subarray(from, to), this.kept)
    this.kept = length
  }
}
