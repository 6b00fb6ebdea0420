/**
 * How long each step of a placement may take. Another process may give up a reservation that has no result only when all
 * of them have passed: before that the request may still be under way.
 */
import * as Duration from "effect/Duration"

const STEP = Duration.minutes(5)

/** In the queue of a rate limit or of `maxConcurrency`, before the request is sent. */
export const LONGEST_TURN = STEP

/** From sending to the last byte of the answer. */
export const LONGEST_PLACE = STEP

/** For writing the reservation before, and the result after. A reservation that took longer to write is not sent. */
export const LONGEST_WRITING = Duration.minutes(1)

/** The age at which a reservation without a result is certainly not under way any more. */
export const RESERVATION_LIMIT = [LONGEST_TURN, LONGEST_PLACE, LONGEST_WRITING].reduce((a, b) => Duration.sum(a, b))

/** For messages: `5 minutes`. */
export const inMinutes = (duration: Duration.Duration): string => `${Duration.toMinutes(duration)} minutes`
