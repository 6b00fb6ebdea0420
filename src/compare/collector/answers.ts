/** Answers to definitions as columns. */
import type { Definition } from "../../metrics/Metric.ts"
import { ANSWER, encodeRate, encodeValue, VALUE } from "../Observations.ts"

interface AnswerColumn<S> {
  readonly as: "byte" | "double"
  readonly of: (subject: S) => number
}

export const answerColumn = <S>(definition: Definition<S>): AnswerColumn<S> => {
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

/** Of a subject whether it can answer each definition, by the definition's place among all. */
export interface Answering {
  readonly answers: Uint8Array
}

/** Of what cannot be answered nothing is asked: it is outside. */
export const ifAnswered = <S extends Answering>({ as, of }: AnswerColumn<S>, place: number): AnswerColumn<S> => {
  const outside = as === "byte" ? ANSWER.outside : VALUE.outside
  return { as, of: (subject) => (subject.answers[place] === 1 ? of(subject) : outside) }
}
