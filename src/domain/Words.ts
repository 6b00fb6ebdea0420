/**
 * Looks a provider's word up: exactly first, then ignoring case and treating `-`, `_` and space alike.
 * `undefined` for any word outside the table, `"constructor"` included.
 */
export interface WordTable<A> {
  (word: string): A | undefined
  /** The table as written, for documentation and tests. */
  readonly rows: ReadonlyArray<readonly [word: string, meaning: A]>
}

const folded = (word: string): string => word.trim().toLowerCase().replace(/[-_\s]+/g, "_")

/** Makes a look-up from a table of known words; a `Map` has no prototype to fall into. */
export const wordTable = <A>(table: { readonly [word: string]: A }): WordTable<A> => {
  const rows = Object.entries(table)
  const exact = new Map(rows)
  const loose = new Map(rows.map(([word, meaning]) => [folded(word), meaning]))
  return Object.assign((word: string) => exact.get(word) ?? loose.get(folded(word)), { rows })
}
