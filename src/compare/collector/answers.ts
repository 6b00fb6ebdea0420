/** Answers to definitions as columns. */
import type { Definition } from "../../metrics/Metric.ts"
import { encodeRate, encodeValue } from "../Observations.ts"
import type { Column } from "./ObservationTable.ts"

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
