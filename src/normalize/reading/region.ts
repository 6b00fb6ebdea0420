/** The bytes of one open record, collected over chunks. */
import { lineFeed } from "./bytes.ts"
import { maxRawBytes, placeName } from "./outlet.ts"
import { utf16Of } from "./text.ts"

const nothing = new Uint8Array(0)

/** Holds at most `maxBytes` bytes; once the record is longer, only the part that a damage report shows is kept. */
export class Region {
  line = 1
  column = 1
  offset = 0
  /** Indentation of the line on which the record begins. */
  indent = 0
  /** Length of the record so far in bytes, kept or not. */
  total = 0
  /** Why the record is damaged, as far as that is known before its end; empty while it is not. */
  fault = ""
  readonly maxBytes: number
  private limit: number
  private kept = 0
  private bytes = nothing

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes
    this.limit = maxBytes
  }

  /** Starts a record at a place in the input, forgetting the one before. */
  begin(line: number, column: number, offset: number, indent = 0): void {
    this.line = line
    this.column = column
    this.offset = offset
    this.indent = indent
    this.total = 0
    this.fault = ""
    this.limit = this.maxBytes
    this.kept = 0
    // A buffer that grew for one huge record is not held for the rest of the input.
    if (this.bytes.length > maxRawBytes) this.bytes = nothing
  }

  get isTooLong(): boolean {
    return this.total > this.maxBytes
  }

  /** Names the place of the first byte. */
  get start(): string {
    return placeName(this.line, this.column, this.offset)
  }

  /** Names the place of the byte at `at` in `view`, the bytes of this record. */
  placeOf(view: Uint8Array, at: number): string {
    let line = this.line
    let column = this.column + at
    for (let index = 0; index < at; index++) {
      if (view[index] !== lineFeed) continue
      line++
      column = at - index
    }
    return placeName(line, column, this.offset + at)
  }

  /** The encoding of an input that is not UTF-8, as far as the mark at its start tells. */
  foreignEncoding(view: Uint8Array): string | undefined {
    return this.offset === 0 ? utf16Of(view) : undefined
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

  /** From here on keeps no more than a damage report shows. */
  keepRawOnly(): void {
    this.limit = 0
    this.shrink()
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
