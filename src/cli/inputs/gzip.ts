/**
 * Reads gzip (RFC 1952) as far as it can be read, pushed by whoever reads the file: members one after the other, also
 * with zeros between them. What is damaged is told once, with how far it was read, and reading goes on with the next
 * member that there is.
 */
import { crc32 } from "node:zlib"
import { maxRawBytes } from "../../normalize/reading/outlet.ts"
import { Inflate } from "./inflate.ts"

export interface GzipSink {
  /** Decoded bytes; only valid until this returns. */
  readonly bytes: (bytes: Uint8Array) => void
  /** Something could not be decoded; `raw` is text that stood where a member was expected. */
  readonly damaged: (message: string, raw: string) => void
}

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b

const DEFLATED = 8
const HEADER_LENGTH = 10
const TRAILER_LENGTH = 8
const HAS_HEADER_CHECK = 2
const HAS_EXTRA = 4
const HAS_NAME = 8
const HAS_COMMENT = 16
const RESERVED = 0xe0
/** A name and a comment longer than this are none. */
const LONGEST_HEADER = 4096
/** How far back a member is looked for whose first bytes were taken for the end of the one before. */
const REMEMBERED = 512 * 1024
/** Compressed bytes decoded at a time. */
const PORTION = 16 * 1024
/** The same of a member that may be none: as few as show it, so that damage behind them does not speak against it. */
const DOUBTFUL_PORTION = 256

/** The length of the header that the bytes begin with. */
const headerLength = (bytes: Uint8Array): number | "more" | "none" => {
  const start = [0x1f, 0x8b, DEFLATED]
  if (start.some((byte, at) => at < bytes.length && bytes[at] !== byte)) return "none"
  if (bytes.length < HEADER_LENGTH) return "more"
  const flags = bytes[3] ?? 0
  if ((flags & RESERVED) !== 0) return "none"
  let at = HEADER_LENGTH
  if ((flags & HAS_EXTRA) !== 0) {
    if (bytes.length < at + 2) return "more"
    at += 2 + (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0)
  }
  for (const flag of [HAS_NAME, HAS_COMMENT]) {
    if ((flags & flag) === 0) continue
    const end = bytes.indexOf(0, at)
    if (end < 0) return bytes.length > LONGEST_HEADER ? "none" : "more"
    at = end + 1
  }
  if ((flags & HAS_HEADER_CHECK) !== 0) at += 2
  return at > bytes.length ? "more" : at
}

/** Random bytes are no text for long: control characters give them away. */
const looksLikeText = (bytes: Uint8Array): boolean =>
  bytes.subarray(0, 4096).every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 13 || byte === 30)

const count = (bytes: number): string => `${bytes.toLocaleString("en-US")} byte${bytes === 1 ? "" : "s"}`

/** The bytes of an input that may still be needed, by where they stand in it. */
class Pending {
  /** Where the next byte to be used stands. */
  at = 0
  private base = 0
  private length = 0
  private bytes: Uint8Array = new Uint8Array(2 * REMEMBERED)

  append(chunk: Uint8Array): void {
    if (this.length + chunk.length > this.bytes.length) this.makeRoom(chunk.length)
    this.bytes.set(chunk, this.length)
    this.length += chunk.length
  }

  /** The bytes to be used, at most so many. */
  next(most = Infinity): Uint8Array {
    const from = this.at - this.base
    return this.bytes.subarray(from, Math.min(this.length, from + most))
  }

  /** Goes back to a place, or as near to it as the bytes that are kept allow. */
  goBackTo(place: number): void {
    this.at = Math.max(place, this.base)
  }

  get end(): number {
    return this.base + this.length
  }

  private makeRoom(length: number): void {
    const from = Math.max(0, this.at - this.base - REMEMBERED)
    const kept = this.length - from
    if (kept + length > this.bytes.length) {
      const larger = new Uint8Array(2 * (kept + length))
      larger.set(this.bytes.subarray(from, this.length))
      this.bytes = larger
    } else this.bytes.copyWithin(0, from, this.length)
    this.base += from
    this.length = kept
  }
}

/** What is wrong, and text since then that belongs to no member. */
interface Fault {
  readonly message: string
  readonly isForeign: boolean
  readonly decoder: TextDecoder
  raw: string
  total: number
}

type Step = "member" | "body" | "trailer" | "search"

/** Takes the bytes of one input, in any portions. */
export class GzipReader {
  private readonly sink: GzipSink
  private readonly pending = new Pending()
  private readonly inflate = new Inflate((bytes) => this.handOver(bytes))
  private step: Step = "member"
  private isFirst = true
  private memberStart = 0
  private decoded = 0
  /** Of this member. */
  private length = 0
  private crc = 0
  private fault: Fault | undefined
  /** A member that was found by searching is handed over once it is seen to hold text. */
  private isDoubtful = false
  private isRefuted = false

  constructor(sink: GzipSink) {
    this.sink = sink
  }

  push(chunk: Uint8Array): void {
    this.pending.append(chunk)
    while (this.advance(false)) {}
  }

  end(): void {
    while (this.advance(true)) {}
    this.report()
  }

  /** Gives whether there is more to do with the bytes at hand. */
  private advance(isEnd: boolean): boolean {
    switch (this.step) {
      case "member":
        return this.beginMember(isEnd)
      case "body":
        return this.readBody(isEnd)
      case "trailer":
        return this.readTrailer(isEnd)
      case "search":
        return this.search(isEnd)
    }
  }

  private beginMember(isEnd: boolean): boolean {
    const { pending } = this
    if (!this.isFirst) {
      const start = pending.next().findIndex((byte) => byte !== 0)
      pending.at = start < 0 ? pending.end : pending.at + start
    }
    if (pending.at === pending.end) return false
    const length = headerLength(pending.next())
    if (length === "more") return isEnd ? this.fail(this.cutOff()) : false
    if (length === "none") return this.fail(`expected gzip data at byte ${this.place()}`, true)
    this.openMember(length)
    return true
  }

  private openMember(length: number): void {
    this.isFirst = false
    this.memberStart = this.pending.at
    this.pending.at += length
    this.length = 0
    this.crc = 0
    this.isRefuted = false
    this.inflate.restart()
    this.step = "body"
  }

  private handOver(bytes: Uint8Array): void {
    this.isRefuted ||= this.isDoubtful && !looksLikeText(bytes)
    if (this.isRefuted) return
    this.isDoubtful = false
    this.report()
    this.length += bytes.length
    this.decoded += bytes.length
    this.crc = crc32(bytes, this.crc)
    this.sink.bytes(bytes)
  }

  private readBody(isEnd: boolean): boolean {
    const { inflate, pending } = this
    const most = this.isDoubtful ? DOUBTFUL_PORTION : PORTION
    const portion = pending.next(most)
    // A doubt is settled by as many bytes in whatever portions they come.
    if (portion.length < (this.isDoubtful ? most : 1) && !isEnd) return false
    pending.at += portion.length
    const isLast = isEnd && pending.at === pending.end
    const state = inflate.push(portion)
    if (this.isRefuted) return this.lookBehind()
    if (state === "more") return isLast ? this.fail(this.cutOff()) : true
    pending.at -= inflate.unused
    if (state === "damaged") return this.fail(`the compressed data are damaged at byte ${this.place()}`)
    this.step = "trailer"
    return true
  }

  private readTrailer(isEnd: boolean): boolean {
    const { pending } = this
    const bytes = pending.next(TRAILER_LENGTH)
    if (bytes.length < TRAILER_LENGTH) return isEnd ? this.fail(this.cutOff()) : false
    const view = new DataView(bytes.buffer, bytes.byteOffset, TRAILER_LENGTH)
    const agrees = view.getUint32(0, true) === this.crc >>> 0 && view.getUint32(4, true) === this.length % 2 ** 32
    pending.at += TRAILER_LENGTH
    if (!agrees) {
      return this.fail(`the compressed data do not agree with their checksum at byte ${this.place()}`)
    }
    this.isDoubtful = false
    this.step = "member"
    return true
  }

  private place(at = this.pending.at): string {
    return `${at.toLocaleString("en-US")}, with ${count(this.decoded)} decoded before it`
  }

  private cutOff(): string {
    return `the compressed data are cut off after byte ${this.place(this.pending.end)}`
  }

  /** Notes what is wrong and looks for another member. */
  private fail(message: string, isForeign = false): boolean {
    this.fault ??= { message, isForeign, decoder: new TextDecoder("utf-8", { ignoreBOM: true }), raw: "", total: 0 }
    if (!isForeign) return this.lookBehind()
    this.step = "search"
    return true
  }

  /** What was taken for the end of a member may have been the beginning of another. */
  private lookBehind(): boolean {
    this.pending.goBackTo(this.memberStart + 1)
    this.step = "search"
    return true
  }

  private search(isEnd: boolean): boolean {
    const { pending } = this
    const bytes = pending.next()
    let at = bytes.indexOf(0x1f)
    while (at >= 0) {
      const length = headerLength(bytes.subarray(at))
      if (length === "more" && !isEnd) break
      if (typeof length === "number") {
        this.leave(at)
        this.isDoubtful = true
        this.openMember(length)
        return true
      }
      at = bytes.indexOf(0x1f, at + 1)
    }
    this.leave(at < 0 ? bytes.length : at)
    return false
  }

  /** Leaves bytes out that belong to no member. */
  private leave(length: number): void {
    const { fault, pending } = this
    if (fault?.isForeign === true) {
      const shown = pending.next(Math.min(length, Math.max(0, maxRawBytes - fault.total)))
      // A character may be cut in two where one portion ends.
      fault.raw += fault.decoder.decode(shown, { stream: true })
      fault.total += length
    }
    pending.at += length
  }

  private report(): void {
    const { fault } = this
    if (fault === undefined) return
    this.fault = undefined
    const foreign = fault.isForeign ? `; ${count(fault.total)} of something else stand there` : ""
    this.sink.damaged(fault.message + foreign, fault.raw + fault.decoder.decode())
  }
}
