/** Orders as columns of numbers: what a comparison keeps of each, about a hundred bytes. Nothing in it names a person. */
import type { DataSummary } from "./Comparison.ts"
import type { RateAnswer, ValueAnswer } from "../metrics/Metric.ts"
import type { TraitName } from "./collector/traits.ts"

/** A rate definition's answer for one order, in a byte. */
export const ANSWER = {
  outside: 0,
  open: 1,
  missing: 2,
  no_stated: 3,
  no_detected: 4,
  no_inferred: 5,
  /** Nobody said so: nobody was called, or the order is not over long after. */
  no_assumed: 6,
  yes_stated: 7,
  yes_detected: 8,
  yes_inferred: 9
} as const satisfies { readonly [word: string]: number }

/** Added to the code of a stated answer. */
const CERTAINTY = { stated: 0, detected: 1, inferred: 2 } as const

export const encodeRate = (answer: RateAnswer): number =>
  answer.is === "yes" || answer.is === "no"
    ? (answer.is === "yes" ? ANSWER.yes_stated : ANSWER.no_stated) + CERTAINTY[answer.certainty]
    : ANSWER[answer.is]

export const isAnswer = (code: number): boolean => code >= ANSWER.no_stated
export const isYes = (code: number): boolean => code >= ANSWER.yes_stated
/** An answer that a record gives, not one that is assumed. */
export const isTold = (code: number): boolean => isAnswer(code) && code !== ANSWER.no_assumed

/** A value definition's answer: the value itself, or one of these, all below 0 but the last. */
export const VALUE = { open: -1, missing: -2, outside: Number.NaN } as const

export const encodeValue = (answer: ValueAnswer): number => (typeof answer === "number" ? answer : VALUE[answer])

/** One kind of thing that was observed: orders (with their first attempts), or placements. All columns have `size` rows. */
export interface Observations {
  readonly size: number
  /** Index into `arms`. */
  readonly arm: Uint8Array
  readonly arms: ReadonlyArray<string>
  /** Whoever was called, counted from 0; rows of one person are not independent. */
  readonly person: Uint32Array
  readonly persons: number
  /** Index into `strata`; all 0 without strata. */
  readonly stratum: Uint16Array
  readonly strata: ReadonlyArray<string>
  /** Milliseconds since the epoch when the order was created (else first dialled); NaN if not told. */
  readonly at: Float64Array
  /** Answers by definition id; `undefined` for a definition of another kind of thing. */
  readonly rate: (definition: string) => Uint8Array | undefined
  readonly value: (definition: string) => Float64Array | undefined
}

/** What is known of an arm beyond its rows. */
export interface ArmFacts {
  /** As people call it; no other arm is called so. */
  readonly name: string
  /** As records name it: a provider, an agent or campaign by its id, an arm of the experiment. */
  readonly key: string
  readonly providers: ReadonlyArray<string>
  readonly agent: string | undefined
  readonly mostAttempts: number
  /** Dials that orders were allowed, of those that tell; absent if none does. */
  readonly allowed?: { readonly orders: number; readonly mean: number; readonly variance: number }
  readonly open: number
  /** Verdicts on who answered, and those among them that their own record contradicts. */
  readonly verdicts: number
  readonly contradicted: number
  /** Failed first dials by kind of failure. */
  readonly failures: ReadonlyMap<string, number>
  readonly dialed: number
}

/** A trait that arms may differ in beside what comes of their orders, one value for each row; there may be fewer rows than orders. */
export interface TraitColumn {
  readonly trait: TraitName
  /** As people read them; the last may stand for all that are rarer. */
  readonly values: ReadonlyArray<string>
  /** Index into `values`, or `NOT_TOLD`. */
  readonly of: Uint8Array
  /** Whether orders of two arms have any value in common. */
  readonly isShared: boolean
}

/** In a `TraitColumn`: the record does not say. */
export const NOT_TOLD = 255

/** Of an experiment that assigned persons: how many orders became one judgement each. */
export interface UnitFacts {
  /** Absent where persons are judged by their first order. */
  readonly windowHours: number | undefined
  /** Orders of persons who are judged by an earlier one. */
  readonly laterOrders: number
  /** They are judged in the arm of their first order. */
  readonly personsInSeveralArms: number
  /** By index of the arm, how many persons have so many orders; within the window if there is one. */
  readonly ordersPerPerson: ReadonlyArray<ReadonlyMap<number, number>>
}

/**
 * How a unit is lost on the way to an outcome: refused by the provider or by our own validation; whether it was taken is not known; accepted
 * without a record of the order; not over long after.
 */
export const LOSSES = ["refused", "uncertain", "withoutRecord", "notOver"] as const

export interface LossCounts {
  /** Units of which there are placements. */
  readonly assigned: number
  /** By place in `LOSSES`. */
  readonly lost: ReadonlyArray<number>
}

/** Units that were assigned and never called, as far as is known; the last rows of `orders` are theirs. */
export interface LostFacts {
  /** By index of the arm. */
  readonly units: ReadonlyArray<number>
  /** Whether the primary metric counts them. */
  readonly areCounted: boolean
  /** Of how many that count it is not known what they would be sorted by; none without strata. */
  readonly withoutStratum: number
}

/** Rows at the end of `orders` that are of units that were never called. */
export const countLost = (lost: LostFacts | undefined): number =>
  lost?.units.reduce((sum, count) => sum + count, 0) ?? 0

/** All that a comparison is computed from. */
export interface Collected {
  readonly orders: Observations
  /** Requests to place an order; empty without a record of them. */
  readonly placements: Observations
  readonly facts: ReadonlyArray<ArmFacts>
  readonly data: DataSummary
  /** Orders that went to another arm than the one their unit is assigned to. */
  readonly crossovers: number
  /** Orders that do not carry the experiment's mark: their arm was computed from their unit. */
  readonly unmarked: number
  /** Of the first rows of `orders`; absent where nobody asks. */
  readonly traits?: ReadonlyArray<TraitColumn> | undefined
  /** Calls of each arm that would still be going on if its data were whole, by index of the arm. */
  readonly running?: ReadonlyArray<number> | undefined
  /** Where persons were assigned: `orders` then has one row for each of them. */
  readonly units?: UnitFacts | undefined
  /** When something was asked for last, in milliseconds since the epoch: by an order or a placement, whatever is made of it. */
  readonly lastAsked?: number | undefined
  /** Units of an experiment of which no order is in the data. */
  readonly lost?: LostFacts | undefined
  /** Orders of an experiment that are not over long after they were created; the primary metric counts them as no. */
  readonly overdue?: number | undefined
  /** By index of the arm; of an experiment whose placements are in the data. */
  readonly losses?: ReadonlyArray<LossCounts> | undefined
}
