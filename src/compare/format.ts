/** Numbers and words as people read them: one way for terminal, Markdown and HTML. Pure; plain text without markup. */
import { INVISIBLE } from "../domain/plainText.ts"
import type { Check, Contrast, Interval, MetricResult } from "./Comparison.ts"
import type { Scope } from "../metrics/Metric.ts"

type Kind = MetricResult["kind"]

const textsOf =
  <Word extends string>(texts: { readonly [word in Word]: string }) =>
  (word: Word): string =>
    texts[word]

/** Of a check. */
export const outcomeText = textsOf<Check["outcome"]>({ failed: "Failed", warning: "Warning", passed: "Passed" })

/** What a metric is measured on. */
export const scopeText = textsOf<Scope>({
  first_attempt: "First attempts",
  order: "Whole orders, all attempts",
  placement: "Placing orders"
})

export const roleText = textsOf<MetricResult["role"]>({
  primary: "Primary metric",
  guardrail: "Guardrail",
  secondary: "Other metric"
})

const RUN_OF_INVISIBLE = new RegExp(`${INVISIBLE.source}+`, "gu")

/** Text of others, a run of what cannot be seen as one space. */
export const plain = (text: string): string => text.replace(RUN_OF_INVISIBLE, " ")

/** Shown where there is no number. */
export const NOTHING = "–"

/** 4.16 → "4.2", with thousands commas and a true minus sign; never "−0.0". */
const decimal = (value: number, digits: number): string => {
  if (!Number.isFinite(value)) return NOTHING
  const text = Math.abs(value).toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })
  return value < 0 && /[1-9]/u.test(text) ? `−${text}` : text
}

const signed = (value: number, text: (value: number) => string): string => {
  const plain = text(value)
  return value > 0 && /[1-9]/u.test(plain) ? `+${plain}` : plain
}

/** Of a share from 0 to 1. One digit; two where one would make "none" or "all" of something that is neither. */
const percentNumber = (rate: number): string => {
  const edge = Math.min(Math.abs(rate), Math.abs(1 - rate))
  return decimal(rate * 100, edge > 0 && edge < 0.0005 ? 2 : 1)
}

/** 0.31 → "31.0 %". */
export const percent = (rate: number): string => (Number.isFinite(rate) ? `${percentNumber(rate)} %` : NOTHING)

const pointsNumber = (difference: number): string => decimal(difference * 100, 1)

/** A difference of two rates: 0.042 → "+4.2 points". */
export const points = (difference: number): string =>
  Number.isFinite(difference) ? `${signed(difference, pointsNumber)} points` : NOTHING

/** 0.182 → "0.18 s", 42.3 → "42.3 s", 83 → "1 min 23 s", 4000 → "1 h 7 min". */
export const secondsText = (seconds: number): string => {
  if (!Number.isFinite(seconds)) return NOTHING
  if (seconds < 0) {
    const plain = secondsText(-seconds)
    return /[1-9]/u.test(plain) ? `−${plain}` : plain
  }
  if (seconds < 0.995) return `${decimal(seconds, 2)} s`
  if (seconds < 59.95) return `${decimal(seconds, 1)} s`
  const whole = Math.round(seconds)
  if (whole < 3600) return whole % 60 === 0 ? `${whole / 60} min` : `${Math.floor(whole / 60)} min ${whole % 60} s`
  const minutes = Math.round(seconds / 60)
  return `${decimal(Math.floor(minutes / 60), 0)} h ${minutes % 60} min`
}

/** 1204 → "1,204"; what is not whole (attempts per human reached) gets two digits: 2.413 → "2.41". */
export const countText = (count: number): string => decimal(count, Number.isInteger(count) ? 0 : 2)

/** "1 order", "1,204 orders". */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${countText(count)} ${count === 1 ? one : many}`

const FIGURES: { readonly [kind in Kind]: (value: number) => string } = {
  rate: percent,
  seconds: secondsText,
  // A median or a mean: 2 and 2.41 stand in one column.
  count: (value) => decimal(value, 2)
}

/** A rate, a length of time or a count of an arm; a dash if absent. */
export const figure = (kind: Kind, value: number | undefined): string =>
  value === undefined ? NOTHING : FIGURES[kind](value)

/** A difference between arms, with its sign: "+4.2 points", "−1.3 s", "+0.31". */
export const effect = (kind: Kind, value: number | undefined): string => {
  if (value === undefined) return NOTHING
  return kind === "rate" ? points(value) : signed(value, FIGURES[kind])
}

/** "0.95" → "95 %", 0.9917 → "99.2 %"; more digits where it would round to 100. */
export const levelText = (level: number): string => {
  const digits = level < 0.9995 ? 1 : level < 0.99995 ? 2 : 3
  return `${decimal(level * 100, digits).replace(/\.0+$/u, "")} %`
}

/** An interval of an arm's figure: "29.1 to 33.0 %", "4.1 s to 5.0 s", "2.10 to 2.64". */
export const intervalText = (kind: Kind, { low, high }: Interval): string =>
  kind === "rate" && Number.isFinite(low)
    ? `${percentNumber(low)} to ${percent(high)}`
    : `${FIGURES[kind](low)} to ${FIGURES[kind](high)}`

/** An interval of a difference: "+1.2 to +7.1 points", "−1.3 s to +0.40 s". */
export const effectIntervalText = (kind: Kind, { low, high }: Interval): string =>
  kind === "rate" && Number.isFinite(low)
    ? `${signed(low, pointsNumber)} to ${points(high)}`
    : `${effect(kind, low)} to ${effect(kind, high)}`

/** "99.2 % interval +1.2 to +7.1 points"; the interval that a verdict rests on. */
export const levelledIntervalText = (kind: Kind, interval: Interval, level: Contrast["level"]): string =>
  `${level === undefined ? "" : `${levelText(level)} `}interval ${effectIntervalText(kind, interval)}`

/** The least difference that matters, without a sign: "3.0 points", "2.0 s", "0.20". */
export const smallestEffectText = (kind: Kind, smallest: number): string =>
  effect(kind, Math.abs(smallest)).replace(/^\+/u, "")

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

const partsOf = (at: string, timeZone: string): { readonly [part: string]: string } | undefined => {
  const time = Date.parse(at)
  if (Number.isNaN(time)) return undefined
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit"
  })
  return Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]))
}

/** "3 Mar 2026" in the time zone; what is no time is given back as it is. */
export const dayText = (at: string, timeZone: string): string => {
  const parts = partsOf(at, timeZone)
  return parts === undefined ? at : `${Number(parts["day"])} ${MONTHS[Number(parts["month"]) - 1]} ${parts["year"]}`
}

/** "3 Mar 2026, 14:05" in the time zone. */
export const momentText = (at: string, timeZone: string): string => {
  const parts = partsOf(at, timeZone)
  return parts === undefined ? at : `${dayText(at, timeZone)}, ${parts["hour"]}:${parts["minute"]}`
}
