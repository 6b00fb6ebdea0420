/** The provider's id of a request, for its support, as long as no telephone number can stand in it. */

/** What was sent, as far as an answer may echo it. */
export interface Sent {
  readonly fields: ReadonlyArray<string>
  /** The digits of what may be a telephone number. */
  readonly numbers: ReadonlyArray<string>
}

const HEADERS = ["x-request-id", "request-id", "x-amzn-requestid", "cf-ray"]
const FORM = /^[\w.:=+/-]{1,128}$/
/** Ids made of random hexadecimal digits hold runs of decimal ones by chance. */
const HEXADECIMAL =
  /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?:Root=)?1-[0-9a-f]{8}-[0-9a-f]{24}|(?=[0-9a-f]*[a-f])[0-9a-f]{16,64}(?:-[A-Z]{3})?)$/i
/** The shortest number has seven digits; they may be parted. */
const NUMBER = /\d(?:[^0-9a-z]?\d){6}/i
const LONG_NUMBER = /\d{10}/
/** As many last digits tell a number, whatever stands before them. */
const TELLING_DIGITS = 7

const digitsOf = (text: string): string => text.replace(/\D/g, "")

const mayHoldNumber = (id: string, numbers: ReadonlyArray<string>): boolean => {
  if ((HEXADECIMAL.test(id) ? LONG_NUMBER : NUMBER).test(id)) return true
  const digits = digitsOf(id)
  return numbers.some((number) => digits.includes(number.slice(-TELLING_DIGITS)))
}

export const requestIdOf = (
  headers: { readonly [name: string]: string | undefined },
  { numbers }: Sent
): string | undefined =>
  HEADERS.map((name) => headers[name]).find(
    (value) => value !== undefined && FORM.test(value) && !mayHoldNumber(value, numbers)
  )

/** A text without letters and with as many digits as a number has. */
const NUMBER_SENT = /^[^\p{L}]{7,40}$/u

const MOST_NUMBERS = 20

/** What a request sends: the names of its body's fields, and the numbers on the body's first level and in the query. */
export const sentIn = (body: { readonly [key: string]: unknown } = {}, url?: string): Sent => {
  const queried = url?.includes("?") === true ? new URL(url).searchParams.values() : []
  const numbers = [...Object.values(body), ...queried]
    .filter((value) => typeof value === "string" && NUMBER_SENT.test(value))
    .map((value) => digitsOf(String(value)))
    .filter(({ length }) => length >= TELLING_DIGITS)
  return { fields: Object.keys(body), numbers: numbers.slice(0, MOST_NUMBERS) }
}
