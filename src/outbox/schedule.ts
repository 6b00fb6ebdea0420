/** When a message that was not taken is tried again. Pure. */
import * as Duration from "effect/Duration"

/** Pauses after the first try, the second, and so on: the example of Standard Webhooks. The last one is repeated. */
const PAUSES = (
  [
    "5 seconds",
    "5 minutes",
    "30 minutes",
    "2 hours",
    "5 hours",
    "10 hours",
    "14 hours",
    "20 hours",
    "24 hours"
  ] as const
).map((pause) => Duration.toMillis(pause))

const [SHORTEST = 0] = PAUSES

/** Up to this part of a pause is added by chance, so that those who failed together do not come back together. */
const JITTER = 0.2

export interface Waiting {
  /** How often it has been tried. */
  readonly tries: number
  /** No pause is longer, but for what the receiver asks. In milliseconds, like all that follows. */
  readonly longest: number
  /** Until it is given up: the last try is then. */
  readonly left: number
  /** What the receiver asks for: not sooner, though not at once either. */
  readonly asked: number | undefined
  /** From 0 to 1. */
  readonly chance: number
}

/** Milliseconds until the next try. */
export const pauseAfter = ({ tries, longest, left, asked, chance }: Waiting): number => {
  const spread = 1 + JITTER * chance
  if (asked !== undefined) return Math.max(asked, SHORTEST) * spread
  const scheduled = PAUSES[Math.min(tries, PAUSES.length) - 1] ?? SHORTEST
  return Math.min(Math.min(scheduled, longest) * spread, left)
}
