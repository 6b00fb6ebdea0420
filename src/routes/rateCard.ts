/** What a call to a number costs, by a rate card. */
import type { RateCard } from "./Configuration.ts"

/** Fits every number. */
export const DEFAULT_RATE = "default"

/**
 * The price of a call of so many minutes, in billionths of the card's currency, so that equal prices are equal; none if the card has no
 * price for the number.
 */
export const priceOf = ({ perMinute, perCall = "0" }: RateCard, to: string, minutes: number): number | undefined => {
  for (let length = to.length; length > 1; length--) {
    const prefix = to.slice(0, length)
    if (Object.hasOwn(perMinute, prefix)) return cost(perMinute[prefix], perCall, minutes)
  }
  return Object.hasOwn(perMinute, DEFAULT_RATE) ? cost(perMinute[DEFAULT_RATE], perCall, minutes) : undefined
}

const cost = (perMinute: string | undefined, perCall: string, minutes: number): number =>
  Math.round((Number(perCall) + Number(perMinute) * minutes) * 1e9)
