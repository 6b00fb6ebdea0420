/** The country that an order is sorted by: the same before it is placed and after, so that a refused one has it, too. */
import { countryOfNumber } from "../domain/PhoneNumber.ts"

/** Digits that tell the country: calling code and area code. */
const PREFIX = 9

/** No number is longer. */
export const LONGEST_NUMBER = 16

export const beginningOf = (to: string): string => to.slice(0, PREFIX)

/** Numbers of a length that begin alike are of one country, by two letters: that of the number with fives for the rest. */
export const countryOfBeginning = (beginning: string, length: number): string | undefined =>
  length > LONGEST_NUMBER ? undefined : countryOfNumber(beginning.padEnd(length, "5"))

/** By two letters, as `countryOfNumber`. */
export const stratumCountry = (to: string): string | undefined => countryOfBeginning(beginningOf(to), to.length)
