/** Telephone numbers to be called: E.164, or written as people write them. */
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/min"
import * as Schema from "effect/Schema"

const E164 = /^\+[1-9]\d{6,14}$/u

/** A telephone number in E.164: `+`, country code and number, at most 15 digits. */
export const PhoneNumber = Schema.String.pipe(Schema.check(Schema.isPattern(E164)), Schema.brand("unicall/PhoneNumber"))
export type PhoneNumber = typeof PhoneNumber.Type

export const isPhoneNumber = (text: string): text is PhoneNumber => E164.test(text)

/** What was expected of a text that is no number that can be dialled. */
export interface NotDialable {
  readonly expected: string
}

/**
 * A number as E.164. A text in E.164 is taken as it is; anything else is read as people write numbers of the default
 * country (ISO 3166, `FR`), where one is given. Extensions, letters and numbers of impossible length are refused.
 */
export const parsePhoneNumber = (text: string, defaultCountry?: string): PhoneNumber | NotDialable => {
  const trimmed = text.trim().replace(/^tel:/i, "")
  const country = defaultCountry === undefined ? undefined : countryOf(defaultCountry)
  if (country === "unknown") return { expected: "a country by its two letters (ISO 3166), such as FR" }
  if (isPhoneNumber(trimmed)) {
    const read = parsePhoneNumberFromString(trimmed)
    return read === undefined || !read.isPossible()
      ? { expected: "a number of possible length for its country" }
      : trimmed
  }
  if (/\p{L}/u.test(trimmed)) return { expected: WITHOUT_EXTENSION }
  const read = parsePhoneNumberFromString(
    trimmed,
    country === undefined ? { extract: false } : { defaultCountry: country, extract: false }
  )
  if (read === undefined) {
    return country === undefined
      ? { expected: "a number in E.164, such as +12025550101, or a default country" }
      : { expected: `a telephone number, in E.164 or as written in ${country}` }
  }
  // Written with a sign (`#5`, `;5`): what is left of it would ring somebody else.
  if (read.ext !== undefined) return { expected: WITHOUT_EXTENSION }
  if (!read.isPossible()) return { expected: "a number of possible length for its country" }
  return isPhoneNumber(read.number) ? read.number : { expected: "a number in E.164, such as +12025550101" }
}

const WITHOUT_EXTENSION = "a telephone number without letters or extension"

/** Whether it is a country that numbers are known of, by its two letters. */
export const isCountry = (code: string): boolean => isSupportedCountry(code)

const countryOf = (text: string): CountryCode | "unknown" => {
  const code = text.trim().toUpperCase()
  return isSupportedCountry(code) ? code : "unknown"
}

/** The country of a number in E.164 by two letters (ISO 3166), else its calling code (`+44`); none of what is no such number. */
export const countryOfNumber = (number: string): string | undefined => {
  const read = isPhoneNumber(number) ? parsePhoneNumberFromString(number) : undefined
  return read?.country ?? (read === undefined ? undefined : `+${read.countryCallingCode}`)
}
