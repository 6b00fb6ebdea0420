/**
 * Two hundred call transcripts that were invented, forty situations in five languages, each labelled twice: as it was made
 * up, and by a reader who had seen nothing but its text. No person, company or number in them exists.
 */
import { readFileSync } from "node:fs"
import { type LabelledTranscript, LABELS, transcriptOfLines } from "../../../src/compare/labels.ts"

export const INVENTED = new URL("./invented.ndjson", import.meta.url)

export interface InventedTranscript extends LabelledTranscript {
  readonly id: string
  readonly language: string
  readonly kind: string
  readonly text: string
  readonly synthetic: unknown
}

export const invented = (): ReadonlyArray<InventedTranscript> =>
  readFileSync(INVENTED, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => {
      const row: { readonly [column: string]: unknown } = JSON.parse(line)
      const text = String(row["transcript"])
      const transcript = transcriptOfLines(text)
      const [label, secondLabel] = [row["label"], row["label_2"]].map((word) => LABELS.find((known) => known === word))
      if (transcript === undefined || label === undefined || secondLabel === undefined) {
        throw new Error(`${String(row["id"])}: expected a transcript and two labels`)
      }
      return {
        id: String(row["id"]),
        provider: String(row["provider"]),
        language: String(row["language"]),
        kind: String(row["kind"]),
        synthetic: row["synthetic"],
        text,
        transcript,
        label,
        secondLabel
      }
    })
