/** The text of one whole CSV record into cells (RFC 4180). */

export const delimiters = [",", ";", "\t"] as const

/** Index of the quote that ends the quoted cell whose text begins at `start`, -1 if there is none. */
const closingQuote = (text: string, start: number): number => {
  let at = text.indexOf('"', start)
  // A doubled quote is one within the cell.
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2)
  return at
}

const quotableCells = (text: string, delimiter: string): ReadonlyArray<string> | string => {
  const cells: Array<string> = []
  for (let at = 0; ; at++) {
    if (text[at] === '"') {
      const end = closingQuote(text, at + 1)
      if (end < 0) return `Unterminated quoted field (cell ${cells.length + 1})`
      const follower = text[end + 1]
      if (follower !== undefined && follower !== delimiter) {
        return `Expected a delimiter or line break after a closing quote (cell ${cells.length + 1})`
      }
      cells.push(text.slice(at + 1, end).replaceAll('""', '"'))
      at = end + 1
    } else {
      const end = text.indexOf(delimiter, at)
      const plain = text.slice(at, end < 0 ? text.length : end)
      if (plain.includes('"')) return `Unexpected quote in an unquoted field (cell ${cells.length + 1})`
      cells.push(plain)
      at += plain.length
    }
    if (at >= text.length) return cells
  }
}

/**
 * The cells of a record; a message when it is not CSV. Tab-separated exports often write JSON without quoting it, so a
 * record in which no cell begins with a quote is split at its delimiters when it is no CSV.
 */
export const cellsOf = (text: string, delimiter: string): ReadonlyArray<string> | string => {
  const cells = quotableCells(text, delimiter)
  if (typeof cells !== "string") return cells
  const split = text.split(delimiter)
  return split.some((cell) => cell.startsWith('"')) ? cells : split
}

/** The delimiter that a header row has most of outside quotes; the comma when it has none. */
export const detectDelimiter = (header: string): string => {
  const bare = header.replace(/"[^"]*"?/g, "")
  const counts = delimiters.map((delimiter) => bare.split(delimiter).length)
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ","
}
