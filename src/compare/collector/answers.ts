/** Answers to definitions as columns. */
import type { Definition } from "../../metrics/Metric.ts"
import { ANSWER, encodeRate, encodeValue, VALUE } from "../Observations.ts"
import type { Column } from "./ObservationTable.ts"

/** Answers that rest on what may come after the end are not final before so long has passed: 15 minutes, in milliseconds. */
export const ENRICHMENT_HORIZON = 15 * 60_000

export const answerColumn = <S>(definition: Definition<S>): Column<S> => {
  if (definition.kind === "rate") return { as: "byte", of: (subject) => encodeRate(definition.of(subject)) }
  return {
    as: "double",
    of: (subject) => {
      const answer = definition.of(subject)
      // Records may claim times below 0, and numbers beyond all; such a claim tells nothing.
      const isImpossible = typeof answer === "number" && !(answer >= 0 && Number.isFinite(answer))
      return encodeValue(isImpossible ? "missing" : answer)
    }
  }
}

/** The answer once it is known whether the subject had ended just before the latest moment in the data. */
export const finalRate = (code: number, justEnded: boolean, mayStillArrive: boolean): number => {
  if (!justEnded) return code
  const isNo = code >= ANSWER.no_stated && code < ANSWER.yes_stated
  return code === ANSWER.missing || (mayStillArrive && isNo) ? ANSWER.open : code
}

export const finalValue = (value: number, justEnded: boolean): number =>
  justEnded && value === VALUE.missing ? VALUE.open : value
