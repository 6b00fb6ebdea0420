/**
 * DEFLATE (RFC 1951), decoded as far as it goes. Engines' own decoders keep back what they decoded last when they meet
 * damage, in up to a whole chunk of input; this one hands over every byte before it.
 */
import { codesOf, FIXED_DISTANCES, FIXED_SYMBOLS, NO_CODES } from "./huffman.ts"

const HISTORY = 32 * 1024
const LONGEST_COPY = 258
const OUTPUT = 128 * 1024
/** A length and a distance with their extra bits. */
const LONGEST_SYMBOL_BITS = 48
const END_OF_BLOCK = 256

/** Extra bits of the 29 length symbols and of the 30 distance symbols. */
const LENGTH_BITS = Array.from({ length: 29 }, (_, at) => (at === 28 ? 0 : Math.max(0, (at >> 2) - 1)))
const DISTANCE_BITS = Array.from({ length: 30 }, (_, at) => Math.max(0, (at >> 1) - 1))

/** Where the values of each symbol begin. */
const basesOf = (bits: ReadonlyArray<number>, first: number): ReadonlyArray<number> =>
  bits.map((_, at) => bits.slice(0, at).reduce((base, width) => base + (1 << width), first))

// The last length has a symbol of its own, within the values of the one before it.
const LENGTH_BASE = [...basesOf(LENGTH_BITS, 3).slice(0, 28), LONGEST_COPY]
const DISTANCE_BASE = basesOf(DISTANCE_BITS, 1)

const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

/** `more`: the input ends before the data do. */
export type InflateState = "more" | "done" | "damaged"

/** Decodes one stream; `output` takes bytes that are only valid until it returns. */
export class Inflate {
  private readonly output: (bytes: Uint8Array) => void
  private input: Uint8Array = new Uint8Array(0)
  /** In bits of `input`. */
  private at = 0
  private limit = 0
  private step: InflateState | "block" | "stored" | "compressed" = "block"
  private isLastBlock = false
  private stored = 0
  private symbols = NO_CODES
  private distances = NO_CODES
  private readonly window = new Uint8Array(HISTORY + OUTPUT)
  // A copy from before the beginning gives zeros, so that damage in one place does not cost all that is behind it.
  private filled = HISTORY
  private handedOver = HISTORY

  constructor(output: (bytes: Uint8Array) => void) {
    this.output = output
  }

  /** Forgets the stream and begins with another. */
  restart(): void {
    this.input = new Uint8Array(0)
    this.at = 0
    this.step = "block"
    this.window.fill(0, 0, HISTORY)
    this.filled = HISTORY
    this.handedOver = HISTORY
  }

  /** Decodes on; with `isEnd` also what can be decoded of a stream that is cut off. */
  push(chunk: Uint8Array, isEnd: boolean): InflateState {
    const kept = this.input.subarray(this.at >> 3)
    const bits = this.at & 7
    if (kept.length === 0) this.input = chunk
    else {
      const joined = new Uint8Array(kept.length + chunk.length)
      joined.set(kept)
      joined.set(chunk, kept.length)
      this.input = joined
    }
    this.at = bits
    this.limit = 8 * this.input.length
    let state = this.advance(isEnd)
    while (state === undefined) state = this.advance(isEnd)
    this.flush()
    // Kept over the next change of the caller's chunk.
    if (state === "more") {
      this.input = this.input.slice(this.at >> 3)
      this.at &= 7
    }
    return state
  }

  /** The bytes that were given and not used. */
  get rest(): Uint8Array {
    return this.input.subarray((this.at + 7) >> 3)
  }

  private advance(isEnd: boolean): InflateState | undefined {
    switch (this.step) {
      case "block":
        return this.begin()
      case "stored":
        return this.copyStored()
      case "compressed":
        return this.decode(isEnd)
      default:
        return this.step
    }
  }

  private settle(step: "done" | "damaged"): InflateState {
    this.step = step
    return step
  }

  /** The next bits, zeros behind the end. */
  private peek(at: number, count: number): number {
    const { input } = this
    const byte = at >> 3
    const bits = (input[byte] ?? 0) | ((input[byte + 1] ?? 0) << 8) | ((input[byte + 2] ?? 0) << 16)
    return (bits >> (at & 7)) & ((1 << count) - 1)
  }

  private begin(): InflateState | undefined {
    if (this.at + 3 > this.limit) return "more"
    const isLast = this.peek(this.at, 1) === 1
    const kind = this.peek(this.at + 1, 2)
    const body = this.at + 3
    if (kind === 3) return this.settle("damaged")
    if (kind === 0) {
      const from = (body + 7) >> 3
      const { input } = this
      if (from + 4 > input.length) return "more"
      const length = (input[from] ?? 0) | ((input[from + 1] ?? 0) << 8)
      const check = (input[from + 2] ?? 0) | ((input[from + 3] ?? 0) << 8)
      if ((length ^ check) !== 0xffff) return this.settle("damaged")
      this.stored = length
      this.at = (from + 4) << 3
      this.step = "stored"
    } else {
      if (kind === 1) {
        this.symbols = FIXED_SYMBOLS
        this.distances = FIXED_DISTANCES
        this.at = body
      } else {
        const state = this.readCodes(body)
        if (state === "damaged") return this.settle(state)
        if (state === "more") return state
      }
      this.step = "compressed"
    }
    this.isLastBlock = isLast
    return undefined
  }

  private copyStored(): InflateState | undefined {
    while (this.stored > 0) {
      const from = this.at >> 3
      const count = Math.min(this.stored, this.input.length - from, this.room())
      if (count === 0) return "more"
      this.window.set(this.input.subarray(from, from + count), this.filled)
      this.filled += count
      this.stored -= count
      this.at += count << 3
    }
    return this.endBlock()
  }

  private endBlock(): InflateState | undefined {
    if (this.isLastBlock) return this.settle("done")
    this.step = "block"
    return undefined
  }

  private readCodes(from: number): InflateState | undefined {
    let at = from
    const take = (count: number): number => {
      const value = this.peek(at, count)
      at += count
      return value
    }
    const symbolCount = take(5) + 257
    const distanceCount = take(5) + 1
    const codeLengthCount = take(4) + 4
    if (at + 3 * codeLengthCount > this.limit) return "more"
    if (symbolCount > 286 || distanceCount > 30) return "damaged"
    const codeLengths = new Uint8Array(19)
    for (let index = 0; index < codeLengthCount; index++) codeLengths[CODE_LENGTH_ORDER[index] ?? 0] = take(3)
    const codes = codesOf(codeLengths, false)
    if (codes === undefined) return "damaged"
    const lengths = new Uint8Array(symbolCount + distanceCount)
    let index = 0
    while (index < lengths.length) {
      const entry = codes.table[this.peek(at, 15) & codes.mask] ?? 0
      at += entry & 15
      const symbol = entry >> 4
      if (symbol < 16) lengths[index++] = symbol
      else {
        const value = symbol === 16 ? lengths[index - 1] : 0
        const count = symbol === 16 ? 3 + take(2) : symbol === 17 ? 3 + take(3) : 11 + take(7)
        if (at > this.limit) return "more"
        if (value === undefined || index + count > lengths.length) return "damaged"
        lengths.fill(value, index, index + count)
        index += count
      }
      if (at > this.limit) return "more"
    }
    const symbols = codesOf(lengths.subarray(0, symbolCount), false)
    const distances = codesOf(lengths.subarray(symbolCount), true)
    if (symbols === undefined || distances === undefined || lengths[END_OF_BLOCK] === 0) return "damaged"
    this.symbols = symbols
    this.distances = distances
    this.at = at
    return undefined
  }

  private decode(isEnd: boolean): InflateState | undefined {
    const { input, window, symbols, distances, limit } = this
    const last = isEnd ? limit : limit - LONGEST_SYMBOL_BITS
    let { at, filled } = this
    let state: InflateState | "ended" | undefined
    while (state === undefined) {
      if (at > last || (isEnd && at >= last)) {
        state = "more"
        break
      }
      if (filled + LONGEST_COPY > window.length) {
        this.filled = filled
        this.room()
        filled = this.filled
      }
      let byte = at >> 3
      const entry =
        symbols.table[
          (((input[byte] ?? 0) | ((input[byte + 1] ?? 0) << 8) | ((input[byte + 2] ?? 0) << 16)) >> (at & 7)) &
            symbols.mask
        ] ?? 0
      const symbol = entry >> 4
      let next = at + (entry & 15)
      if (symbol < END_OF_BLOCK) {
        if (entry === 0) state = next + 15 > limit ? "more" : "damaged"
        else if (next > limit) state = "more"
        else {
          window[filled++] = symbol
          at = next
        }
        continue
      }
      if (symbol === END_OF_BLOCK) {
        if (next > limit) state = "more"
        else {
          at = next
          state = "ended"
        }
        continue
      }
      const lengthBits = LENGTH_BITS[symbol - 257]
      if (lengthBits === undefined) {
        state = "damaged"
        continue
      }
      const length = (LENGTH_BASE[symbol - 257] ?? 0) + this.peek(next, lengthBits)
      next += lengthBits
      byte = next >> 3
      const distanceEntry =
        distances.table[
          (((input[byte] ?? 0) | ((input[byte + 1] ?? 0) << 8) | ((input[byte + 2] ?? 0) << 16)) >> (next & 7)) &
            distances.mask
        ] ?? 0
      const distanceBits = DISTANCE_BITS[distanceEntry >> 4]
      next += distanceEntry & 15
      const distance = (DISTANCE_BASE[distanceEntry >> 4] ?? 0) + this.peek(next, distanceBits ?? 0)
      next += distanceBits ?? 0
      if (next > limit) state = "more"
      else if (distanceEntry === 0 || distanceBits === undefined) state = "damaged"
      else {
        at = next
        let from = filled - distance
        if (distance >= length) {
          window.copyWithin(filled, from, from + length)
          filled += length
        } else for (const to = filled + length; filled < to; filled++) window[filled] = window[from++] ?? 0
      }
    }
    this.at = at
    this.filled = filled
    if (state === "ended") return this.endBlock()
    return state === "damaged" ? this.settle(state) : state
  }

  /** Makes room for a copy and gives how much there is. */
  private room(): number {
    if (this.filled + LONGEST_COPY > this.window.length) {
      this.flush()
      this.window.copyWithin(0, this.filled - HISTORY, this.filled)
      this.filled = HISTORY
      this.handedOver = HISTORY
    }
    return this.window.length - this.filled
  }

  private flush(): void {
    if (this.filled > this.handedOver) this.output(this.window.subarray(this.handedOver, this.filled))
    this.handedOver = this.filled
  }
}
