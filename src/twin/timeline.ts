/**
 * Where an order stands at a moment: a pure function of its story and the time, so that a twin needs no timers, can run
 * at any speed and gives the same answers on every run. Instants are milliseconds since the epoch.
 */
import type { Turn } from "../domain/Transcript.ts"
import { isAnswered, type Story, type StoryAttempt } from "./story.ts"

/** What changes the course of a story. */
export interface TimelineOptions {
  /** Attempts in all, the first included. @default as many as the story has */
  readonly attemptsAllowed?: number | undefined
  /** Between two attempts, instead of the story's own. */
  readonly retryDelaySeconds?: number | undefined
  /** The second attempt follows the first without a delay. */
  readonly twiceInARow?: boolean | undefined
  /** The order is not worked on before; a time that has passed means at once. */
  readonly scheduledAt?: number | undefined
  /** The order has no line before. */
  readonly heldUntil?: number | undefined
  /** When the order was canceled; without effect once it is over. A running attempt is hung up. */
  readonly canceledAt?: number | undefined
}

/** What an order is doing. */
export type Phase = "scheduled" | "queued" | "dialing" | "talking" | "between_attempts" | "over"

/** Where an attempt stands. */
export interface AttemptState {
  /** From 0, oldest first. */
  readonly index: number
  readonly plan: StoryAttempt
  readonly phase: "dialing" | "talking" | "over"
  readonly dialedAt: number
  readonly answeredAt: number | undefined
  readonly endedAt: number | undefined
  /** Ended because the order was canceled, not as its story has it. */
  readonly hungUp: boolean
  /** Absent until the provider has written it down; as much of it as was said. */
  readonly turns: ReadonlyArray<Turn> | undefined
  readonly recorded: boolean
}

/** Where an order stands. */
export interface OrderState {
  readonly phase: Phase
  readonly placedAt: number
  /** Absent for an order that is worked on at once. */
  readonly scheduledAt: number | undefined
  /** Oldest first, as far as they have been dialled. */
  readonly attempts: ReadonlyArray<AttemptState>
  /** Of an order that waits between two attempts. */
  readonly nextAttemptAt: number | undefined
  readonly endedAt: number | undefined
  readonly canceled: boolean
  /** Whether the provider has made up its mind about outcome, summary and extracted data. */
  readonly evaluated: boolean
  /** Over, and not evaluated yet. */
  readonly writingUp: boolean
  /** The last moment at which any of this changed. */
  readonly changedAt: number
}

interface PlannedAttempt extends Omit<AttemptState, "phase" | "endedAt" | "turns" | "recorded"> {
  readonly endedAt: number
  readonly turns: ReadonlyArray<Turn>
  readonly transcriptAt: number
  readonly recordingAt: number
}

interface Plan {
  readonly startsAt: number
  readonly queueEndsAt: number
  readonly attempts: ReadonlyArray<PlannedAttempt>
  readonly overAt: number
  readonly evaluatedAt: number
  readonly canceled: boolean
}

const NEVER = Number.POSITIVE_INFINITY

const LAST_DATE = 8.64e15

/** An instant as ISO 8601; one beyond all dates, as a delay of ages brings it, as the last of them. */
export const isoOf = (instant: number): string => new Date(Math.min(instant, LAST_DATE)).toISOString()

const after = (instant: number, seconds: number): number => instant + Math.round(seconds * 1000)

const planAttempt = (
  { enrichment }: Story,
  plan: StoryAttempt,
  index: number,
  dialedAt: number,
  canceledAt: number
): PlannedAttempt => {
  const ringingEndsAt = after(dialedAt, plan.ringSeconds)
  const answeredAt = isAnswered(plan) && ringingEndsAt < canceledAt ? ringingEndsAt : undefined
  const wouldEndAt = isAnswered(plan) ? after(ringingEndsAt, plan.talkSeconds ?? 0) : ringingEndsAt
  const endedAt = Math.min(wouldEndAt, canceledAt)
  const hasTalk = answeredAt !== undefined && endedAt > answeredAt
  const turns = hasTalk ? saidUntil(plan, (endedAt - answeredAt) / 1000) : []
  return {
    index,
    plan,
    dialedAt,
    answeredAt,
    endedAt,
    hungUp: endedAt < wouldEndAt,
    turns,
    transcriptAt: turns.length > 0 ? after(endedAt, enrichment.transcriptSeconds) : NEVER,
    recordingAt: hasTalk ? after(endedAt, enrichment.recordingSeconds) : NEVER
  }
}

/** A conversation that is cut short has fewer turns. */
const saidUntil = ({ turns = [], talkSeconds = 0 }: StoryAttempt, seconds: number): ReadonlyArray<Turn> =>
  seconds >= talkSeconds ? turns : turns.slice(0, Math.ceil((turns.length * seconds) / talkSeconds))

const planOf = (story: Story, placedAt: number, options: TimelineOptions): Plan => {
  const startsAt = Math.max(options.scheduledAt ?? after(placedAt, story.scheduleSeconds), placedAt)
  const queueEndsAt = Math.max(after(startsAt, story.queueSeconds), options.heldUntil ?? placedAt)
  const canceledInStory = story.cancelSeconds === undefined ? NEVER : after(placedAt, story.cancelSeconds)
  const canceledAt = Math.min(options.canceledAt ?? NEVER, canceledInStory)
  const allowed = story.attempts.slice(0, Math.max(options.attemptsAllowed ?? story.attempts.length, 1))
  const attempts: Array<PlannedAttempt> = []
  let dialedAt = queueEndsAt
  for (const [index, attempt] of allowed.entries()) {
    if (dialedAt >= canceledAt || dialedAt === NEVER) break
    const planned = planAttempt(story, attempt, index, dialedAt, canceledAt)
    attempts.push(planned)
    const delay = index === 0 && options.twiceInARow === true ? 0 : options.retryDelaySeconds
    dialedAt = after(planned.endedAt, delay ?? story.retryDelaySeconds)
  }
  const isWhole = attempts.length === allowed.length
  const wouldEndAt = isWhole ? (attempts.at(-1)?.endedAt ?? queueEndsAt) : NEVER
  const isEvaluated = (story.outcome ?? story.summary) !== undefined && attempts.some(({ turns }) => turns.length > 0)
  const overAt = Math.min(wouldEndAt, canceledAt)
  return {
    startsAt,
    queueEndsAt,
    attempts,
    overAt,
    evaluatedAt: isEvaluated ? after(overAt, story.enrichment.outcomeSeconds) : NEVER,
    canceled: canceledAt !== NEVER && (!isWhole || attempts.at(-1)?.hungUp === true || canceledAt < wouldEndAt)
  }
}

const attemptAt = (planned: PlannedAttempt, now: number): AttemptState => {
  const { transcriptAt, recordingAt, ...attempt } = planned
  const isOver = now >= planned.endedAt
  const answeredAt = planned.answeredAt !== undefined && now >= planned.answeredAt ? planned.answeredAt : undefined
  return {
    ...attempt,
    phase: isOver ? "over" : answeredAt === undefined ? "dialing" : "talking",
    answeredAt,
    endedAt: isOver ? planned.endedAt : undefined,
    hungUp: isOver && planned.hungUp,
    turns: now >= transcriptAt ? planned.turns : undefined,
    recorded: now >= recordingAt
  }
}

const phaseAt = (plan: Plan, attempts: ReadonlyArray<AttemptState>, now: number): Phase => {
  if (now >= plan.overAt) return "over"
  const last = attempts.at(-1)
  if (last !== undefined) return last.phase === "over" ? "between_attempts" : last.phase
  return now < plan.startsAt ? "scheduled" : "queued"
}

/** Every moment at which something changes. */
const changesOf = (plan: Plan): ReadonlyArray<number> =>
  [
    ...(plan.startsAt < plan.overAt ? [plan.startsAt] : []),
    ...plan.attempts.flatMap(({ dialedAt, answeredAt, endedAt, transcriptAt, recordingAt }) => [
      dialedAt,
      answeredAt ?? dialedAt,
      endedAt,
      transcriptAt,
      recordingAt
    ]),
    plan.overAt,
    plan.evaluatedAt
  ].filter((instant) => instant !== NEVER)

/** Where the order stands at `now`; before it was placed it stands where it stood then. */
export const stateAt = (story: Story, placedAt: number, now: number, options: TimelineOptions = {}): OrderState => {
  const plan = planOf(story, placedAt, options)
  const moment = Math.max(now, placedAt)
  const attempts = plan.attempts.filter(({ dialedAt }) => dialedAt <= moment).map((each) => attemptAt(each, moment))
  const phase = phaseAt(plan, attempts, moment)
  const next = plan.attempts[attempts.length]?.dialedAt
  return {
    phase,
    placedAt,
    scheduledAt: plan.startsAt > placedAt ? plan.startsAt : undefined,
    attempts,
    nextAttemptAt: phase === "between_attempts" ? next : undefined,
    endedAt: phase === "over" ? plan.overAt : undefined,
    canceled: phase === "over" && plan.canceled,
    evaluated: moment >= plan.evaluatedAt,
    writingUp: phase === "over" && plan.evaluatedAt !== NEVER && moment < plan.evaluatedAt,
    changedAt: changesOf(plan).reduce((last, change) => (change <= moment && change > last ? change : last), placedAt)
  }
}

/** Whether it is over, and all that is to be known of it has been written down. */
export const isWrittenUp = ({ phase, writingUp, attempts }: OrderState): boolean =>
  phase === "over" &&
  !writingUp &&
  attempts.every(({ answeredAt, endedAt, recorded }) => answeredAt === undefined || endedAt === answeredAt || recorded)

/** Every moment at which something changes, oldest first, from placing on. */
export const momentsOf = (story: Story, placedAt: number, options: TimelineOptions = {}): ReadonlyArray<number> =>
  [...new Set([placedAt, ...changesOf(planOf(story, placedAt, options))])]
    .filter((moment) => moment >= placedAt)
    .toSorted((a, b) => a - b)

/** The moment after which nothing changes any more. */
export const settledAt = (story: Story, placedAt: number, options: TimelineOptions = {}): number =>
  changesOf(planOf(story, placedAt, options)).reduce((last, change) => Math.max(last, change), placedAt)

/** When an order occupies a line: from each dial to its end, without end for a call that never ends. */
export const occupancy = (
  story: Story,
  placedAt: number,
  options: TimelineOptions = {}
): ReadonlyArray<readonly [from: number, to: number]> =>
  planOf(story, placedAt, options).attempts.map(({ dialedAt, endedAt }) => [dialedAt, endedAt])
