/** What can be measured, and by which definitions. Pure types; the metrics themselves are in `metrics/`. */
import type { Attempt } from "../domain/CallAttempt.ts"
import type { CallOrder } from "../domain/CallOrder.ts"
import type { Certainty } from "../domain/Reach.ts"
import type { Observable } from "../provider/Evidence.ts"
import type { TranscriptRule } from "./transcriptRules.ts"

/**
 * `first_attempt`: one dial each, whatever the provider does after; `order`: all dials of an order; `placement`: requests
 * to place an order, whether it was taken or not.
 */
export type Scope = "first_attempt" | "order" | "placement"

/** Whether more of it is good. `neither`: it is described and gets no verdict unless an experiment says which way is good. */
export type Better = "higher" | "lower" | "neither"

/** An order as definitions look at it. */
export interface Subject {
  /** Absent where only an attempt of it is in the data. */
  readonly order: CallOrder | undefined
  readonly attempts: ReadonlyArray<Attempt>
  /** The oldest dial; absent if the order ended without one, or if which it is is not told. */
  readonly first: Attempt | undefined
  /** There were dials, and which was the first is not told. */
  readonly firstUnknown?: boolean
}

/** A request to place an order as definitions look at it, from what `unicall place --json` wrote or from the journal. */
export interface PlacementSubject {
  readonly state: "accepted" | "uncertain" | "failed"
  /** The error's reason (`AtCapacity`), for `failed`. */
  readonly reason: string | undefined
  /** How long the provider took to answer; absent if nothing was sent or it was not measured. */
  readonly latencyMs: number | undefined
}

/**
 * What a definition says of a subject: `yes` or `no` with the certainty of that claim; `open`: not over yet; `missing`: it
 * is over and the record does not tell (counted as open if it ended just before the latest moment in the data, since
 * transcripts and recordings come late); `outside`: not among those counted.
 */
export type RateAnswer =
  | { readonly is: "yes" | "no"; readonly certainty: Certainty }
  | { readonly is: "open" | "missing" | "outside" }

/** The same for a length of time or a count: a number of 0 or more. */
export type ValueAnswer = number | "open" | "missing" | "outside"

interface DefinitionBase {
  /** `human_reached.own_word`: the metric's id and a word for the definition. */
  readonly id: string
  /** What exactly is counted, in one sentence for people. */
  readonly text: string
  /** As people call what it counts, where that is something else than the metric's title says. */
  readonly title?: string
  /** Instead of the metric's. */
  readonly among?: string
  /** What a yes claims of the call ("a person answered"); of a definition that takes the provider's word for it. */
  readonly claim?: string
  /** The rule over transcripts that it rests on; its version is part of what is counted. */
  readonly transcriptRule?: TranscriptRule
  /** Raised when it counts otherwise than before in the same words: an experiment that was started with the old rule notices. */
  readonly rule?: number
  /** What it rests on; comparable where every arm's provider proves all of it by the same rule with the same certainty. */
  readonly needs: ReadonlyArray<Observable>
  /** Whether an order that may be dialled more often has more chances: then arms must allow the same number of dials. */
  readonly countsRetries: boolean
  /** Whether verdicts that their own record contradicts make it unfit. */
  readonly trustsVerdicts: boolean
  /** A `no` means that something has not arrived: just after the end it is counted as open. */
  readonly mayStillArrive?: true
}

export interface RateDefinition<S> extends DefinitionBase {
  readonly kind: "rate"
  readonly of: (subject: S) => RateAnswer
}

export interface ValueDefinition<S> extends DefinitionBase {
  readonly kind: "seconds" | "count"
  readonly of: (subject: S) => ValueAnswer
  /** Of a ratio: the id of the rate definition whose yes-answers the sum of values is divided by ("dials per person reached"). */
  readonly per?: string
}

/** One way to measure a metric. */
export type Definition<S = Subject> = RateDefinition<S> | ValueDefinition<S>

interface MetricOf<S> {
  /** `first_attempt.human_reached` */
  readonly id: string
  readonly scope: Scope
  /** As people call it: "Human reached". */
  readonly title: string
  readonly kind: "rate" | "seconds" | "count"
  readonly better: Better
  /** The least difference that matters unless an experiment says otherwise: a share for rates (0.03: three points), else seconds or count. */
  readonly smallestEffect: number
  /**
   * Only calls that came this far are measured ("connected calls"): such a comparison describes and does not prove, since
   * the arms may differ in who came this far. Absent where all are measured.
   */
  readonly among?: string
  /** The preferred first. The first that all arms can meet is used; those before it are refused with a reason. */
  readonly definitions: ReadonlyArray<Definition<S>>
}

/** A metric of calls. */
export interface CallMetric extends MetricOf<Subject> {
  readonly scope: "first_attempt" | "order"
}

/** A metric of placements. */
export interface PlacementMetric extends MetricOf<PlacementSubject> {
  readonly scope: "placement"
}

/** As people call what a definition of the metric counts. */
export const titleOf = (
  { title }: Pick<Metric, "title">,
  definition: Pick<Definition<never>, "title"> | undefined
): string => definition?.title ?? title

/** Something that a comparison measures. */
export type Metric = CallMetric | PlacementMetric
