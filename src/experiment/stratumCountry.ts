/** The country that an order is sorted by: the same before it is placed and after, so that a refused one has it, too. */
import { countryOfNumber } from "../domain/PhoneNumber.ts"

/** Digits that tell the country: calling code and area code. */
const PREFIX = 9

/** Numbers that begin alike are of one country: what they have in common, with fives for the rest. */
export const beginningOf = (to: string): string =>
  to.length > 16 ? to.slice(0, 17) : to.slice(0, PREFIX).padEnd(to.length, "5")

/** By two letters, as `countryOfNumber`. */
export const stratumCountry = (to: string): string | undefined => countryOfNumber(beginningOf(to))
