/** What words of evidence mean by a table of the adapter, for its `interpretation`. */
import type { AttemptMeaning, RawWords, Interpretation } from "../domain/Fact.ts"
import type { FailureKind } from "../domain/Failure.ts"
import { evidenceText } from "../domain/flatText.ts"
import type { AnsweredByValue } from "../domain/Reach.ts"
import type { WordTable } from "../domain/Words.ts"
import { meaningOf } from "./FieldReader.ts"

/** Who answered, where the provider has a word of its own for it under `field`. */
export const statedAnswerer = (
  evidence: RawWords,
  field: string,
  words: WordTable<AnsweredByValue>
): AttemptMeaning["answeredBy"] => {
  const value = meaningOf(evidence[field], words)
  return value && { value, certainty: "stated", because: evidenceText(field, String(evidence[field])) }
}

/** Why it failed, where the provider has a word of its own for it under `field`. */
export const statedFailure = (
  evidence: RawWords,
  field: string,
  words: WordTable<FailureKind>
): Pick<AttemptMeaning, "failure" | "failureVerdict"> => {
  const kind = meaningOf(evidence[field], words)
  if (kind === undefined) return {}
  const certainty = kind === "unrecognized" ? "inferred" : "stated"
  const because = evidenceText(field, String(evidence[field]))
  return { failure: { kind }, failureVerdict: { value: kind, certainty, because } }
}

/** `recognizes` by the tables of evidence. Flags, and text under a field that has no table, are always known. */
export const recognizerOf = (tables: {
  readonly [field: string]: WordTable<unknown>
}): Interpretation["recognizes"] => {
  const byField = new Map(Object.entries(tables))
  return (field, word) => {
    const words = byField.get(field)
    return typeof word === "boolean" || words === undefined || words(word) !== undefined
  }
}
