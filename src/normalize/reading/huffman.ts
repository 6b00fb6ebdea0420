/** The Huffman codes of DEFLATE (RFC 1951, 3.2). */

/** What stands at the next bits: `symbol << 4 | length`, 0 where no code is. */
export interface Codes {
  readonly table: Uint16Array
  readonly mask: number
}

const reversed = (code: number, length: number): number => {
  let bits = 0
  for (let at = 0; at < length; at++) bits |= ((code >> at) & 1) << (length - 1 - at)
  return bits
}

/** The codes of these lengths; `undefined` if no encoder makes such a set. One code alone may be incomplete. */
export const codesOf = (lengths: Uint8Array, mayBeIncomplete: boolean): Codes | undefined => {
  const counts = new Uint16Array(16)
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1
  counts[0] = 0
  let most = 15
  while (most > 1 && counts[most] === 0) most--
  let free = 1
  const next = new Uint16Array(17)
  let used = 0
  for (let length = 1; length <= 15; length++) {
    const count = counts[length] ?? 0
    used += count
    free = 2 * free - count
    if (free < 0) return undefined
    next[length + 1] = ((next[length] ?? 0) + count) << 1
  }
  if (free > 0 && !(mayBeIncomplete && used <= 1)) return undefined
  const table = new Uint16Array(1 << most)
  lengths.forEach((length, symbol) => {
    if (length === 0) return
    const code = next[length] ?? 0
    next[length] = code + 1
    const entry = (symbol << 4) | length
    for (let at = reversed(code, length); at < table.length; at += 1 << length) table[at] = entry
  })
  return { table, mask: table.length - 1 }
}

export const NO_CODES: Codes = { table: new Uint16Array(1), mask: 0 }

const fixedLengths = (): Codes => {
  const lengths = new Uint8Array(288)
  lengths.fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280)
  return codesOf(lengths, false) ?? NO_CODES
}
export const FIXED_SYMBOLS = fixedLengths()
export const FIXED_DISTANCES = codesOf(new Uint8Array(32).fill(5), false) ?? NO_CODES
