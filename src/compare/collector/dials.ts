/** The attempts of an order: which are dials, which came first, and what two records of one tell together. */
import type { Attempt } from "../../domain/CallAttempt.ts"
import type { CallOrder } from "../../domain/CallOrder.ts"
import { orderReach } from "../../domain/Reach.ts"
import { hasWords } from "../../domain/Transcript.ts"
import { compareAttempts, laterOf, latestOfAttempt } from "../../domain/RecordRank.ts"
import { compareText } from "../../domain/textOrder.ts"

/** Whether the telephone rang, or would have: an attempt that waits or was called off before is no dial. */
export const isDial = ({ status, dialedAt, answeredAt }: Attempt): boolean =>
  dialedAt !== undefined || answeredAt !== undefined || DIALED.has(status)

const DIALED: ReadonlySet<Attempt["status"]> = new Set(["dialing", "in_progress", "ended", "failed"])

/**
 * Whether it is told which dial was the first: not if some are not in the record, nor if one of several has no time. A
 * provider may tell the time of answered dials alone, and a redial must not pass for the first.
 */
export const tellsFirst = (
  { attemptsMade = 0 }: { readonly attemptsMade?: number },
  attempts: ReadonlyArray<Attempt>
): boolean => {
  const dials = attempts.filter(isDial)
  return attemptsMade <= attempts.length && (dials.length < 2 || dials.every(({ dialedAt }) => dialedAt !== undefined))
}

/** Oldest first, those without a time last; records of ours come so, others may not. */
export const byAge = (attempts: ReadonlyArray<Attempt>): ReadonlyArray<Attempt> => {
  for (let index = 1; index < attempts.length; index++) {
    if (ageOf(attempts[index - 1]) > ageOf(attempts[index]))
      return attempts.toSorted((a, b) => compareText(ageOf(a), ageOf(b)) || compareText(a.id, b.id))
  }
  return attempts
}

const ageOf = (attempt: Attempt | undefined): string => attempt?.dialedAt ?? "~"

/** The better of two stripped records of one attempt, by an order that is total over all they tell. */
export const fuller = (a: Attempt, b: Attempt): Attempt =>
  (compareAttempts(a, b) || compareText(JSON.stringify(a), JSON.stringify(b))) >= 0 ? a : b

/** The order with attempts that came apart from it, and what follows from them. */
export const withAttempts = (order: CallOrder, more: ReadonlyMap<string, Attempt>): CallOrder => {
  const byId = new Map(order.attempts.map((attempt): [string, Attempt] => [attempt.id, attempt]))
  for (const [id, attempt] of more) {
    const known = byId.get(id)
    byId.set(id, known === undefined ? attempt : fuller(known, attempt))
  }
  const attempts = byAge([...byId.values()].toSorted((a, b) => compareText(a.id, b.id)))
  const { status, terminal, enriched } = order
  return {
    ...order,
    attempts,
    reach: orderReach(
      attempts.map(({ reach }) => reach),
      { status, terminal, because: order.providerStatus ?? status }
    ),
    enriched: {
      transcript: enriched.transcript || attempts.some(({ transcript }) => hasWords(transcript)),
      recording: enriched.recording || attempts.some(({ recordingUrl }) => recordingUrl !== undefined),
      outcome: enriched.outcome
    }
  }
}

/** The latest time of anything that happened. */
export const latestOf = (order: CallOrder | undefined, attempts: ReadonlyArray<Attempt>): string | undefined => {
  let latest: string | undefined = order?.createdAt
  for (const attempt of attempts) latest = laterOf(latest, latestOfAttempt(attempt))
  return latest
}

export const lastEnd = (attempts: ReadonlyArray<Attempt>): string | undefined => {
  let last: string | undefined
  for (const { endedAt } of attempts) last = laterOf(last, endedAt)
  return last
}
