import { flat } from "./flatText.ts"

/**
 * Looks a provider's word up: exactly first, then ignoring case and treating `-`, `_` and space alike.
 * `undefined` for any word outside the table, `"constructor"` included.
 */
export interface WordTable<A> {
  (word: string): A | undefined
  /** The table as written, for documentation and tests. */
  readonly rows: ReadonlyArray<readonly [word: string, meaning: A]>
}

const folded = (word: string): string =>
  word
    .trim()
    .toLowerCase()
    .replace(/[-_\s]+/g, "_")

const UNKNOWN_WORDS_KEPT = 1000
/** A field may hold any text; a word is short. */
const LONGEST_WORD_KEPT = 64

/** Makes a look-up from a table of known words; a `Map` has no prototype to fall into. */
export const wordTable = <A>(table: { readonly [word: string]: A }): WordTable<A> => {
  const rows = Object.entries(table)
  const exact = new Map<string, A | undefined>(rows)
  const loose = new Map(rows.map(([word, meaning]) => [folded(word), meaning]))
  /** Other spellings and unknown words recur too; there may be any number of them, so not all are remembered. */
  const lookUp = (word: string): A | undefined => {
    const meaning = loose.get(folded(word))
    if (exact.size < UNKNOWN_WORDS_KEPT && word.length <= LONGEST_WORD_KEPT) exact.set(flat(word), meaning)
    return meaning
  }
  return Object.assign((word: string) => exact.get(word) ?? (exact.has(word) ? undefined : lookUp(word)), { rows })
}
