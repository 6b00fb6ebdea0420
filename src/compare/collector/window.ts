/** Persons judged by all their orders within a window: the rows of each become one. */
import type { Experiment } from "../../experiment/Experiment.ts"
import type { Metric } from "../../metrics/Metric.ts"
import { ANSWER, isAnswer, isYes, type Observations, VALUE } from "../Observations.ts"
import { HOUR } from "./units.ts"

/** What is known of a metric where orders are collected. */
export type MeasuredMetric<M extends Metric = Metric> = Pick<M, "scope" | "definitions"> &
  Partial<Pick<M, "id" | "better" | "among">>

/**
 * Definitions that the window widens: a success of any order counts, so these are rates of all orders of which more is
 * better. A ratio counts what all orders took. Of everything else the first order is asked.
 */
const widenedIds = (metrics: ReadonlyArray<MeasuredMetric>, experiment: Experiment): ReadonlySet<string> => {
  const goals = [experiment.primary, ...(experiment.guardrails ?? [])]
  return new Set(
    metrics.flatMap(({ id, better, among, definitions }) => {
      const wanted = goals.find(({ metric }) => metric === id)?.better ?? better
      return definitions
        .filter((each) => (each.kind === "rate" ? wanted === "higher" && among === undefined : each.per !== undefined))
        .map((each) => each.id)
    })
  )
}

/** When something was asked for last; NaN where nothing tells a time. All times are in milliseconds since the epoch. */
export const lastAskedFor = (asked: ReadonlyArray<Float64Array>): number =>
  asked.reduce((last, times) => times.reduce(laterOf, last), Number.NaN)

const laterOf = (last: number, time: number): number => (time > last || Number.isNaN(last) ? time : last)

/**
 * Whether what was first asked for at a time may still have orders that count, at that moment. What tells no time counts as the
 * last that was asked for; a window that is not known to have passed is open.
 */
export const makeIsWindowOpen =
  ({ windowHours }: Pick<Experiment, "windowHours">, lastAsked: number, moment: number): ((time: number) => boolean) =>
  (time) =>
    windowHours !== undefined && !((Number.isNaN(time) ? lastAsked : time) + windowHours * HOUR <= moment)

export interface Window {
  readonly experiment: Experiment
  readonly metrics: ReadonlyArray<MeasuredMetric>
  /** By the time of a person's first order. */
  readonly isOpen: (time: number) => boolean
}

/** One row for each person out of the rows that they are judged by; without a window that is what there is. */
export const judgedWithin = (orders: Observations, { experiment, metrics, isOpen }: Window): Observations => {
  if (experiment.windowHours === undefined) return orders
  const { person, persons, size } = orders
  const first = new Uint32Array(persons)
  for (let row = size - 1; row >= 0; row--) first[person[row] ?? 0] = row
  const ofFirst = <C extends Uint8Array | Uint16Array | Float64Array>(column: C, into: C): C => {
    for (let who = 0; who < persons; who++) into[who] = column[first[who] ?? 0] ?? 0
    return into
  }
  const at = ofFirst(orders.at, new Float64Array(persons))
  // Until the window has passed nothing counts, a success neither: else what is soon told would seem to be more.
  const areOpen = Uint8Array.from(at, (time) => Number(isOpen(time)))
  const widened = widenedIds(metrics, experiment)
  const [rates, values] = [new Map<string, Uint8Array>(), new Map<string, Float64Array>()]
  for (const id of metrics.flatMap(({ definitions }) => definitions.map((each) => each.id))) {
    const [codes, numbers] = [orders.rate(id), orders.value(id)]
    if (codes !== undefined) {
      const into = ofFirst(codes, new Uint8Array(persons))
      if (widened.has(id))
        widen(codes, into, person, (a, b) => (weightOf(b) > weightOf(a) ? b : a), areOpen, ANSWER.open)
      rates.set(id, into)
    }
    if (numbers !== undefined) {
      const into = ofFirst(numbers, new Float64Array(persons))
      if (widened.has(id)) widen(numbers, into.fill(Number.NaN), person, sumOf, areOpen, VALUE.open)
      values.set(id, into)
    }
  }
  return {
    ...orders,
    size: persons,
    arm: ofFirst(orders.arm, new Uint8Array(persons)),
    person: new Uint32Array(persons).map((_, who) => who),
    stratum: ofFirst(orders.stratum, new Uint16Array(persons)),
    at,
    rate: (id) => rates.get(id),
    value: (id) => values.get(id)
  }
}

const widen = <C extends Uint8Array | Float64Array>(
  column: C,
  into: C,
  person: Uint32Array,
  join: (known: number, next: number) => number,
  areOpen: Uint8Array,
  open: number
): void => {
  for (let row = 0; row < column.length; row++) {
    const who = person[row] ?? 0
    into[who] = join(into[who] ?? 0, column[row] ?? 0)
  }
  for (let who = 0; who < into.length; who++) if (areOpen[who] === 1) into[who] = open
}

/** Of several answers the weightiest stands: the surest yes, then what is not known yet or not told, then the least sure no. */
const weightOf = (code: number): number =>
  isYes(code) ? 300 - code : code === ANSWER.open ? 200 : code === ANSWER.missing ? 100 : isAnswer(code) ? code : -1

/** What is open or not told makes the sum so; what is outside adds nothing. */
const sumOf = (known: number, next: number): number => {
  if (Number.isNaN(known) || Number.isNaN(next)) return Number.isNaN(known) ? next : known
  return known < 0 || next < 0
    ? known === VALUE.open || next === VALUE.open
      ? VALUE.open
      : VALUE.missing
    : known + next
}
