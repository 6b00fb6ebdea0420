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

/**
 * Orders of a silent provider are not asked: it does not tell what the definition needs, so with such an order in an arm the
 * definition is never used.
 */
export const unlessSilent = <S extends { readonly provider: string }>(
  { as, of }: AnswerColumn<S>,
  isSilent: (provider: string) => boolean
): AnswerColumn<S> => {
  const outside = as === "byte" ? ANSWER.outside : VALUE.outside
  const silent = new Map<string, boolean>()
  return {
    as,
    of: (subject) => {
      const { provider } = subject
      const known = silent.get(provider) ?? isSilent(provider)
      silent.set(provider, known)
      return known ? outside : of(subject)
    }
  }
}
