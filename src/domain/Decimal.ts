import * as Schema from "effect/Schema"
import { flat } from "./flatText.ts"

const DECIMAL = /^-?\d+(?:\.\d+)?$/u

/** A number as decimal text, as it was written: `0.10` stays `0.10`, and no digit is lost to floating point. */
export const Decimal = Schema.String.pipe(Schema.check(Schema.isPattern(DECIMAL)), Schema.brand("unicall/Decimal"))
export type Decimal = typeof Decimal.Type

export const isDecimal = (value: unknown): value is Decimal => typeof value === "string" && DECIMAL.test(value)

const PRINTED = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/

/** A number is printed with an exponent where it is very large or very small. */
const withoutExponent = (text: string): string => {
  const match = PRINTED.exec(text)
  if (match === null) return text
  const [, sign = "", whole = "", fraction = "", exponent] = match
  const digits = whole + fraction
  const point = 1 + Number(exponent)
  return flat(sign + (point <= 0 ? `0.${"0".repeat(-point)}${digits}` : digits.padEnd(point, "0")))
}

/** A number as decimal text; text as it stands, if it is a plain decimal. Anything else gives `undefined`. */
export const parseDecimal = (raw: unknown): Decimal | undefined => {
  const text = typeof raw === "number" && Number.isFinite(raw) ? withoutExponent(String(raw)) : raw
  return isDecimal(text) ? text : undefined
}
