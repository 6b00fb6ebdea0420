/** Lengths of time as people write them: `90s`, `10m`, `1h30m`, `500ms`, `2d`; a bare number is seconds. */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"

const MILLIS_OF = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

const WHOLE = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g

const isUnit = (text: string | undefined): text is keyof typeof MILLIS_OF =>
  text !== undefined && Object.hasOwn(MILLIS_OF, text)

/** None for anything else, and for no time at all. */
export const parseDuration = (text: string): Option.Option<Duration.Duration> => {
  const written = /^\d+(?:\.\d+)?$/.test(text) ? `${text}s` : text
  if (!WHOLE.test(written)) return Option.none()
  let millis = 0
  for (const [, count, unit] of written.matchAll(PART)) if (isUnit(unit)) millis += Number(count) * MILLIS_OF[unit]
  return millis > 0 ? Option.some(Duration.millis(millis)) : Option.none()
}
