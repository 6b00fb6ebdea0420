/** What is kept of an order, and how it is got from its record. Two records of one are compared by it from the top. */
import type { CallOrder } from "../../domain/CallOrder.ts"
import type { Attempt } from "../../domain/CallAttempt.ts"
import { isOverAttempt } from "../../domain/CallStatus.ts"
import { FailureKind } from "../../domain/Failure.ts"
import { fieldCount } from "../../domain/RecordRank.ts"
import type { Subject } from "../../metrics/Metric.ts"
import type { Answering } from "./answers.ts"
import { isDial, lastEnd } from "./dials.ts"
import { millisecondsOf } from "./moments.ts"
import type { Columns, Key } from "./ObservationTable.ts"
import type { Candidate, Member } from "./populations.ts"
import { dialsMadeOf, type OrderTraits, waitOf } from "./traits.ts"

/** How much a record settles; the higher stays. */
export const GRADE = {
  /** Only attempts of the order are known. */
  attempts: 0,
  running: 1,
  /** Over, but not every dial is told. */
  over: 2,
  /** Over, with every dial that it took: a record of one of them adds nothing. */
  whole: 3
} as const

/** Failures of first dials are numbered by their place in this list, from 1. */
export const FAILURE_KINDS = FailureKind.literals

/** An order, or the attempts of one that is not in the data. */
export interface DescribedOrder {
  readonly order: CallOrder | undefined
  /** The latest moment of anything that happened. */
  readonly latest: string | undefined
  readonly dialsOnce: boolean
  /** Why it is left out; 0: it is not. */
  readonly leftOut: number
}

export const ORDER_COLUMNS = {
  grade: {
    as: "byte",
    of: ({ order, dialsOnce }) => (order === undefined ? GRADE.attempts : gradeOf(order, dialsOnce))
  },
  fieldCount: { as: "short", of: ({ order }) => (order === undefined ? 0 : fieldCount(order)) },
  latest: { as: "double", of: ({ order, latest }) => millisecondsOf(order?.updatedAt ?? latest) },
  leftOut: { as: "byte", of: ({ leftOut }) => leftOut }
} as const satisfies Columns<string, DescribedOrder>

export interface CountedOrder
  extends Subject, Answering, Pick<Candidate, "provider" | "at">, Omit<Member, "label" | "unit"> {
  readonly person: Key
  /** What was assigned; the order itself where nothing was. */
  readonly unit: Key
  readonly traits: OrderTraits
}

export const COUNTED_COLUMNS = {
  personHigh: { as: "word", of: ({ person }) => person.high },
  personLow: { as: "word", of: ({ person }) => person.low },
  unitHigh: { as: "word", of: ({ unit }) => unit.high },
  unitLow: { as: "word", of: ({ unit }) => unit.low },
  at: { as: "double", of: ({ at }) => millisecondsOf(at) },
  /** When the last dial ended. */
  ended: { as: "double", of: ({ attempts }) => millisecondsOf(lastEnd(attempts)) },
  tellsAllowed: { as: "byte", of: ({ order }) => Number(order?.attemptsAllowed !== undefined) },
  unmarked: { as: "byte", of: ({ unmarked }) => Number(unmarked) },
  attemptsOnly: { as: "byte", of: ({ order }) => Number(order === undefined) },
  crossover: { as: "byte", of: ({ crossover }) => Number(crossover) },
  dialed: { as: "byte", of: ({ attempts }) => Number(attempts.some(isDial)) },
  open: {
    as: "byte",
    of: ({ order, attempts }) => Number(order === undefined ? !attempts.every(isOverAttempt) : order.terminal !== true)
  },
  /** Dials allowed, or made if those are more. */
  dials: {
    as: "short",
    of: ({ order, attempts }) =>
      Math.trunc(Math.max(order?.attemptsAllowed ?? 0, order?.attemptsMade ?? 0, attempts.length))
  },
  verdicts: { as: "byte", of: ({ attempts }) => attempts.filter(isVerdict).length },
  contradicted: {
    as: "byte",
    of: ({ attempts }) => attempts.filter((each) => isVerdict(each) && each.reach.contradicted === true).length
  },
  failure: {
    as: "byte",
    of: ({ first }) =>
      first?.failure === undefined || first.answered === true ? 0 : FAILURE_KINDS.indexOf(first.failure.kind) + 1
  },
  arm: { as: "text", of: ({ arm }) => arm },
  provider: { as: "text", of: ({ provider }) => provider },
  wait: { as: "byte", of: ({ order, attempts }) => waitOf(order, attempts) },
  dialsMade: { as: "byte", of: ({ attempts }) => dialsMadeOf(attempts) },
  country: { as: "text", of: ({ traits }) => traits.country },
  campaign: { as: "text", of: ({ traits }) => traits.campaign },
  caller: { as: "text", of: ({ traits }) => traits.caller },
  agent: { as: "text", of: ({ traits }) => traits.agent }
} as const satisfies Columns<string, CountedOrder>

export type OrderColumn = keyof typeof ORDER_COLUMNS | keyof typeof COUNTED_COLUMNS

/** An order that does not tell how often it was dialled may have been dialled more often than it shows. */
const gradeOf = ({ terminal, attempts, attemptsMade }: CallOrder, dialsOnce: boolean): number => {
  if (terminal !== true) return GRADE.running
  const tellsAll = dialsOnce || (attemptsMade !== undefined && attempts.length >= attemptsMade)
  return tellsAll && attempts.every(isOverAttempt) ? GRADE.whole : GRADE.over
}

/** On who answered. */
const isVerdict = ({ answeredBy }: Attempt): boolean =>
  answeredBy?.value === "human" || answeredBy?.value === "voicemail"
