/** Where in an input a scanner is, and how the line there is laid out. */
import { type ByteSet, setOf } from "./bytes.ts"
import { nothing, type Place, placeName } from "./outlet.ts"

/** What runs over chunks: where one ends it waits (`yield`), and goes on in the next. */
export type Scan<Result = void> = Generator<undefined, Result, undefined>

const none = setOf("")

export class Cursor {
  /** The current chunk of the input. */
  bytes: Uint8Array = nothing
  /** Index of the next byte in the chunk. */
  at = 0
  /** No chunk follows. */
  isAtEnd = false
  /** 1-based. */
  line = 1
  /** White space before the first significant byte of the line. */
  indent = 0
  /** No significant byte on this line yet. */
  isFresh = true
  /** A value or an array ended on this line, or with what was seen on it. */
  isAfterValue = false
  /** Index of the first byte that nobody took. */
  private taken = 0
  /** Offset in the input of the first byte of the chunk. */
  private origin = 0
  /** Offset of the first byte of the line. */
  private lineStart = 0
  /** Offset from which the indentation counts. */
  private margin = 0

  /** Goes on in another chunk, or at another place of it. */
  enter(chunk: Uint8Array, from: number): void {
    this.origin += this.at - from
    this.bytes = chunk
    this.at = from
    this.taken = from
  }

  /** From here on, bytes are to be taken. */
  startTaking(): void {
    this.taken = this.at
  }

  /** The bytes of the chunk from the last that were taken up to here. */
  take(): Uint8Array {
    const bytes = this.bytes.subarray(this.taken, this.at)
    this.taken = this.at
    return bytes
  }

  /** Leaves out whole lines, which somebody else reads. */
  skipLines(lines: number, bytes: number): void {
    this.origin += bytes
    this.beginLine(this.line + lines)
  }

  /** Goes to the next byte of the chunk that is not in the set and gives it; `undefined`: the chunk holds none. */
  skip(passed: ByteSet): number | undefined {
    const { bytes } = this
    const end = bytes.length
    let { at } = this
    while (at < end && passed[bytes[at] ?? 0] !== 0) at++
    this.at = at
    return bytes[at]
  }

  /** The same over chunks; `undefined`: the input holds none. To `skip` first is quicker. */
  *next(passed: ByteSet = none): Scan<number | undefined> {
    for (;;) {
      const byte = this.skip(passed)
      if (byte !== undefined || this.isAtEnd) return byte
      yield
    }
  }

  passLineFeed(): void {
    this.at++
    this.beginLine(this.line + 1)
  }

  get isAtLineStart(): boolean {
    return this.origin + this.at === this.lineStart
  }

  /** Lets the line begin anew here, behind a mark that is no part of a record. */
  restartLine(): void {
    this.margin = this.origin + this.at
    this.isFresh = true
    this.isAfterValue = false
  }

  /** Notes that the next byte is a significant one. */
  noteSignificant(): void {
    if (!this.isFresh) return
    this.indent = this.origin + this.at - this.margin
    this.isFresh = false
  }

  place(at = this.at): Place {
    const offset = this.origin + at
    return { line: this.line, column: offset - this.lineStart + 1, offset }
  }

  placeName(at = this.at): string {
    return placeName(this.place(at))
  }

  private beginLine(line: number): void {
    this.line = line
    this.lineStart = this.origin + this.at
    this.restartLine()
  }
}
