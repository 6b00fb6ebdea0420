/** The bytes of one open record, collected over chunks. */
import { lineFeed } from "./bytes.ts"
import { maxRawBytes, nothing, type Place, placeName } from "./outlet.ts"
import { utf16Of } from "./text.ts"

/** Holds at most `maxBytes` bytes; once the record is longer, only the part that a damage report shows is kept. */
export class Region {
  /** Of the first byte. */
  place: Place = { line: 1, column: 1, offset: 0 }
  /** Indentation of the line on which the record begins. */
  indent = 0
  /** Length of the record so far in bytes, kept or not. */
  total = 0
  /** Why the record is damaged, as far as that is known before its end; empty while it is not. */
  fault = ""
  readonly maxBytes: number
  private maxKept = Infinity
  private kept = 0
  private bytes = nothing

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes
  }

  /** Starts a record at a place in the input, forgetting the one before. */
  begin(place: Place, indent = 0): void {
    this.place = place
    this.indent = indent
    this.clear()
  }

  clear(): void {
    this.total = 0
    this.fault = ""
    this.maxKept = Infinity
    this.kept = 0
    // A buffer that grew for one huge record is not held for the rest of the input.
    if (this.bytes.length > maxRawBytes) this.bytes = nothing
  }

  get isTooLong(): boolean {
    return this.total > this.maxBytes
  }

  /** Names the place of the first byte. */
  get start(): string {
    return placeName(this.place)
  }

  /** Names the place of the byte at `at` in `view`, the bytes of this record. */
  placeOf(view: Uint8Array, at: number): string {
    let { line, column, offset } = this.place
    column += at
    offset += at
    for (let index = 0; index < at; index++) {
      if (view[index] !== lineFeed) continue
      line++
      column = at - index
    }
    return placeName({ line, column, offset })
  }

  /** The encoding of an input that is not UTF-8, as far as the mark at its start tells. */
  foreignEncoding(view: Uint8Array): string | undefined {
    return this.place.offset === 0 ? utf16Of(view) : undefined
  }

  append(bytes: Uint8Array): void {
    this.total += bytes.length
    if (this.isTooLong) this.keepRawOnly()
    const room = this.maxKept - this.kept
    this.copy(bytes.length > room ? bytes.subarray(0, room) : bytes)
  }

  /** Adds another region that follows this one in the input. */
  appendRegion(next: Region): void {
    this.append(next.view())
    this.total += next.total - next.kept
    if (this.isTooLong) this.keepRawOnly()
  }

  /** What is kept of the record; valid until the next change. */
  view(): Uint8Array {
    return this.bytes.subarray(0, this.kept)
  }

  /** Ends the record with `bytes` and gives all of it, uncopied when that is all there is. */
  finish(bytes: Uint8Array): Uint8Array {
    if (this.total > 0) {
      this.append(bytes)
      return this.view()
    }
    this.total = bytes.length
    return bytes
  }

  /** From here on keeps no more than a damage report shows. */
  keepRawOnly(): void {
    // One byte more than is shown, so that clipping can see whether a character goes on.
    this.maxKept = maxRawBytes + 1
    if (this.kept <= this.maxKept) return
    this.bytes = this.bytes.slice(0, this.maxKept)
    this.kept = this.maxKept
  }

  private copy(bytes: Uint8Array): void {
    const length = this.kept + bytes.length
    if (length > this.bytes.length) {
      const grown = new Uint8Array(Math.max(length, this.bytes.length * 2, 1024))
      grown.set(this.view())
      this.bytes = grown
    }
    this.bytes.set(bytes, this.kept)
    this.kept = length
  }
}
