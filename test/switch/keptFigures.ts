/** Figures of pairs that are kept with the sources, one JSON line for each run; `docs/switching.md` shows them. */
import { appendFileSync, existsSync, readFileSync } from "node:fs"
import * as Schema from "effect/Schema"

const FILE = new URL("figures.jsonl", import.meta.url)

/** What a run came to. */
export const KeptPairs = Schema.Struct({
  commit: Schema.String,
  node: Schema.String,
  /** The first seed; each call is told by every two providers. */
  seed: Schema.Int,
  pairs: Schema.Int,
  kinds: Schema.Record(Schema.String, Schema.Int),
  alarms: Schema.Int,
  /** Seeds of the first alarms. */
  alarmed: Schema.Array(Schema.String),
  declared: Schema.Record(Schema.String, Schema.Int),
  /** The first pair in which each planted mistake was found; null if it was not. */
  planted: Schema.Record(Schema.String, Schema.NullOr(Schema.Int)),
  /** Among how many pairs each was looked for. */
  plantedWithin: Schema.Int,
  seconds: Schema.Finite
})
export type KeptPairs = typeof KeptPairs.Type

export const keep = (figures: KeptPairs): void => appendFileSync(FILE, `${JSON.stringify(figures)}\n`)

const decode = Schema.decodeUnknownSync(KeptPairs)

export const readKept = (): ReadonlyArray<KeptPairs> =>
  existsSync(FILE)
    ? readFileSync(FILE, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => decode(JSON.parse(line)))
    : []
