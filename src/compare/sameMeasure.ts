/** Whether numbers of two comparisons, of last month and of this one, are numbers of the same measure. */
import type { MetricResult } from "./Comparison.ts"

type Measured = Pick<MetricResult, "id" | "title" | "definition">

/** Why numbers of two results must not be compared, in a sentence; `undefined` if they may be. */
export const whyNotSameMeasure = (one: Measured, other: Measured): string | undefined => {
  if (one.id !== other.id) return `${one.id} and ${other.id} are two metrics.`
  const [first, second] = [one.definition, other.definition]
  if (first === undefined || second === undefined) return `${one.id} has no figures in one of the two.`
  const rules = [first.rule?.id ?? "none", second.rule?.id ?? "none"]
  if (rules[0] !== rules[1]) {
    return `“${one.title}” is counted by rule ${rules[0]} over transcripts in one and by ${rules[1]} in the other: numbers of the two are not compared.`
  }
  if (first.id !== second.id || first.text !== second.text || first.rule?.text !== second.rule?.text) {
    return `${one.id} is counted by two definitions: “${first.text}” and “${second.text}”.`
  }
  return undefined
}
