/** What reading a call comes to for its entry: done, again later, or parked. Pure. */
import * as Duration from "effect/Duration"
import type { Heard } from "../calls/heard.ts"
import { instantAt } from "../domain/Instant.ts"
import { present } from "../domain/present.ts"
import { NOT_FOUND } from "./inboxState.ts"
import type { Dealt, InboxEntry } from "./WebhookInbox.ts"

/** What kept a call from being read. */
export interface Obstacle {
  /** A reason's name. */
  readonly problem: string
  readonly isRetryable: boolean
}

/** A call that was placed a moment ago may not be there to be read yet: with the pauses between them these take nine minutes. */
const NOT_FOUND_TRIES = 9

/** Fewer tries park nothing, whatever the clock says of how long it has been tried. */
const LEAST_TRIES = 10

/** The first pause before another try, in milliseconds; each is twice the one before. */
const FIRST_PAUSE = 2000
export const LONGEST_PAUSE = Duration.toMillis(Duration.minutes(10))

/** An order that is being placed has its own answer by then. */
const IN_FLIGHT_PAUSE = Duration.toMillis(Duration.seconds(30))

/** So that it is claimed again from then on; parked by a clock that shows no time. */
export const later = (millis: number, problem: string | undefined, isFree: boolean): Dealt => {
  const dueAt = instantAt(millis)
  return dueAt === undefined
    ? { state: "parked", problem: problem ?? "Clock" }
    : { state: "waiting", dueAt, isFree, ...present({ problem }) }
}

export const afterHearing = ({ state }: Heard, now: number): Dealt => {
  if (state === "in_flight") return later(now + IN_FLIGHT_PAUSE, "InFlight", true)
  return state === "unknown" ? { state: "done", problem: "UnknownCall" } : { state: "done" }
}

/** What says nothing of the call itself: with the right key it may be there. */
const isOfTheKey = (problem: string): boolean => problem === "Unauthorized"

/** Where nobody is known to have placed it, somebody may have made its id up. */
const isGivenUp = ({ notFound }: InboxEntry, { problem, isRetryable }: Obstacle): boolean =>
  problem === NOT_FOUND ? notFound + 1 >= NOT_FOUND_TRIES : !isRetryable && !isOfTheKey(problem)

export const afterFailing = (
  entry: InboxEntry,
  obstacle: Obstacle,
  { now, isKnown, longest }: { readonly now: number; readonly isKnown: boolean; readonly longest: number }
): Dealt => {
  const { problem } = obstacle
  if (!isKnown && isGivenUp(entry, obstacle)) return { state: "done", problem }
  if (entry.tries >= LEAST_TRIES && now - Date.parse(entry.since) >= longest) return { state: "parked", problem }
  const before = problem === NOT_FOUND ? entry.notFound : entry.tries - 1
  return later(now + Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** before), problem, false)
}
