/**
 * Texts in one piece. Engines keep a concatenation as its two parts and a slice as a view of the whole; V8 writes a
 * record with one such text in it as JSON at less than half the speed. `join` makes one piece.
 */

/** Shorter texts are never kept in parts. */
const SHORTEST_IN_PARTS = 13

/** The same text in one piece, which keeps nothing else alive. */
export const flat = (text: string): string =>
  text.length < SHORTEST_IN_PARTS ? text : [text.slice(0, 1), text.slice(1)].join("")

const TEXTS_KEPT = 1000
const LONGEST_WORD_KEPT = 64

const texts = new Map<string, Map<string, string>>()
let kept = 0

/** A provider's word under its field, as evidence: `result=human`. The same few recur, so each is joined once. */
export const evidenceText = (field: string, word: string): string => {
  const known = texts.get(field)?.get(word)
  if (known !== undefined) return known
  const text = [field, "=", word].join("")
  if (word.length > LONGEST_WORD_KEPT || kept >= TEXTS_KEPT) return text
  kept += 1
  const ofField = texts.get(field) ?? new Map<string, string>()
  texts.set(field, ofField)
  ofField.set(flat(word), text)
  return text
}
