/** Ids of agents as they may be shown: they come from records, and may be anything. */
import { plainText } from "../domain/plainText.ts"

const LONGEST = 80

/** A telephone number, however it is written, or what may be one: nothing but digits, or many of them in a row. */
const LIKE_A_NUMBER = /\+\s*\d|^[\d\s().-]{7,}$|\d(?:[\s().-]*\d){8,}/u
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/iu

/** The id on one line, shortened; `undefined` if it may hold a telephone number. */
export const shownId = (id: string): string | undefined => {
  if (!UUID.test(id) && LIKE_A_NUMBER.test(id)) return undefined
  const text = plainText(id).trim()
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`
}
