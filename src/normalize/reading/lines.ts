/** Where in an input a scanner is, and how the line there is laid out. Indexes are those of the current chunk. */
import { placeName } from "./outlet.ts"

export class Lines {
  /** Offset in the input of the first byte of the current chunk. */
  origin = 0
  /** 1-based. */
  line = 1
  /** Offset of the first byte of the line. */
  start = 0
  /** White space before the first significant byte of the line. */
  indent = 0
  /** No significant byte on this line yet. */
  isFresh = true
  /** A value or an array ended on this line, or with what was seen on it. */
  isAfterValue = false
  /** Offset from which the indentation counts. */
  private margin = 0

  begin(line: number, offset: number): void {
    this.line = line
    this.start = offset
    this.restart(offset)
  }

  /** Goes on to the next line, behind the line break at `at`. */
  end(at: number): void {
    this.begin(this.line + 1, this.origin + at + 1)
  }

  /** Lets the line begin anew behind the last byte of a mark that is no part of a record. */
  skipMark(at: number): void {
    this.restart(this.origin + at + 1)
  }

  significant(at: number): void {
    if (!this.isFresh) return
    this.indent = this.origin + at - this.margin
    this.isFresh = false
  }

  column(at: number): number {
    return this.origin + at - this.start + 1
  }

  place(at: number): string {
    return placeName(this.line, this.column(at), this.origin + at)
  }

  private restart(margin: number): void {
    this.margin = margin
    this.isFresh = true
    this.isAfterValue = false
  }
}
