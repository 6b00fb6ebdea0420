/** Definitions asked about one subject after another. */
import type { Definition, RateDefinition, ValueDefinition } from "../../metrics/Metric.ts"
import type { Draft } from "./ObservationTable.ts"
import { ANSWER, encodeRate, encodeValue, VALUE } from "../Observations.ts"

/** Answers that rest on what may come after the end are not final before so long has passed: 15 minutes, in milliseconds. */
export const ENRICHMENT_HORIZON = 15 * 60_000

export interface Answers<S> {
  readonly rates: number
  readonly values: number
  readonly ask: (subject: S, into: Pick<Draft, "rates" | "values">) => void
}

export const rateDefinitions = <S>(definitions: ReadonlyArray<Definition<S>>): ReadonlyArray<RateDefinition<S>> =>
  definitions.filter((definition) => definition.kind === "rate")

export const valueDefinitions = <S>(definitions: ReadonlyArray<Definition<S>>): ReadonlyArray<ValueDefinition<S>> =>
  definitions.filter((definition) => definition.kind !== "rate")

export const makeAnswers = <S>(definitions: ReadonlyArray<Definition<S>>): Answers<S> => {
  const rates = rateDefinitions(definitions)
  const values = valueDefinitions(definitions)
  return {
    rates: rates.length,
    values: values.length,
    ask: (subject, into) => {
      for (let index = 0; index < rates.length; index++) {
        const answer = rates[index]?.of(subject)
        if (answer !== undefined) into.rates[index] = encodeRate(answer)
      }
      for (let index = 0; index < values.length; index++) {
        const answer = values[index]?.of(subject)
        if (answer !== undefined) into.values[index] = encodeValue(isImpossible(answer) ? "missing" : answer)
      }
    }
  }
}

/** Records may claim times below 0, and numbers beyond all; such a claim tells nothing. */
const isImpossible = (answer: unknown): boolean =>
  typeof answer === "number" && !(answer >= 0 && Number.isFinite(answer))

/** The answer once it is known whether the subject had ended just before the latest moment in the data. */
export const finalRate = (code: number, justEnded: boolean, mayStillArrive: boolean): number => {
  if (!justEnded) return code
  const isNo = code >= ANSWER.no_stated && code < ANSWER.yes_stated
  return code === ANSWER.missing || (mayStillArrive && isNo) ? ANSWER.open : code
}

export const finalValue = (value: number, justEnded: boolean): number =>
  justEnded && value === VALUE.missing ? VALUE.open : value
