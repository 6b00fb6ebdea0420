/** 64 bits of a text: enough to tell millions of ids or numbers apart without keeping them. Not for secrets. */
export interface TextHash {
  high: number
  low: number
  /** Begins anew with the texts given; `["ab", "c"]` and `["a", "bc"]` differ. */
  readonly of: (...texts: ReadonlyArray<string>) => void
  /** The digits of a number alone, however it is written; of what is no number, the whole text. */
  readonly ofNumber: (text: string) => void
}

const ZERO = 48
const NINE = 57
/** No code unit. */
const SEPARATOR = 0x1_00_00
const FEWEST_DIGITS = 7

/** One to be reused: it holds the last result, so that none has to be allocated. Two lanes of 32 bits, mixed at the end. */
export const makeTextHash = (): TextHash => {
  let a = 0
  let b = 0
  const begin = (): void => {
    a = 0x243f6a88
    b = 0x85a308d3
  }
  const take = (unit: number): void => {
    a = Math.imul(a ^ unit, 0x85ebca6b)
    a = (a << 13) | (a >>> 19)
    b = Math.imul(b ^ unit, 0xc2b2ae35)
    b = (b << 17) | (b >>> 15)
  }
  const end = (): void => {
    hash.high = mixed(a ^ Math.imul(b, 0x9e3779b1)) >>> 0
    hash.low = mixed(b ^ Math.imul(a, 0x27d4eb2f)) >>> 0
  }
  const hash: TextHash = {
    high: 0,
    low: 0,
    of: (...texts) => {
      begin()
      for (const text of texts) {
        for (let index = 0; index < text.length; index++) take(text.charCodeAt(index))
        take(SEPARATOR)
      }
      end()
    },
    ofNumber: (text) => {
      begin()
      let digits = 0
      for (let index = 0; index < text.length; index++) {
        const unit = text.charCodeAt(index)
        if (unit < ZERO || unit > NINE) continue
        take(unit)
        digits += 1
      }
      if (digits >= FEWEST_DIGITS) end()
      else hash.of(text)
    }
  }
  return hash
}

const mixed = (value: number): number => {
  let bits = value
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return bits ^ (bits >>> 16)
}
