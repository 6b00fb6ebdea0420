/** Figures that are kept with the sources, one JSON line for each run; `docs/reliability.md` shows them. */
import { appendFileSync, existsSync, readFileSync } from "node:fs"
import * as Schema from "effect/Schema"
import { cellsOver } from "./coverage.ts"
import { RangeFigures } from "./range.ts"
import { countOf } from "./settling.ts"

const FILE = new URL("figures.jsonl", import.meta.url)

const {
  journal,
  isRouted,
  commit,
  node,
  from,
  histories,
  digest,
  orders,
  requests,
  deaths,
  doubles,
  lists,
  settling,
  seconds
} = RangeFigures.fields

/** What a run came to. */
export const KeptFigures = Schema.Struct({
  journal,
  isRouted,
  commit,
  node,
  from,
  histories,
  digest,
  /** Seeds in whose history something was that must not be. */
  failures: Schema.Int,
  /** The first of them. */
  failed: Schema.optionalKey(Schema.Array(Schema.String)),
  /** In how many of them each has noticed something. */
  noticedBy: Schema.optionalKey(Schema.Record(Schema.String, Schema.Int)),
  orders,
  requests,
  deaths,
  doubles,
  lists,
  settling,
  seconds,
  /** Of fault, moment of death and interleaving. */
  cells: Schema.Struct({ met: Schema.Int, all: Schema.Int })
})
export type KeptFigures = typeof KeptFigures.Type

/** More are no news. */
const MOST_FAILED = 20

export const keep = ({ coverage, failures, ...figures }: RangeFigures): void => {
  const all = cellsOver(figures.journal, figures.isRouted)
  const cells = { met: all.filter((cell) => (coverage[cell] ?? 0) > 0).length, all: all.length }
  const kept: KeptFigures = {
    ...figures,
    failures: failures.length,
    failed: failures.slice(0, MOST_FAILED).map(({ seed }) => seed),
    noticedBy: countOf(failures.flatMap(({ noticedBy }) => noticedBy)),
    cells
  }
  appendFileSync(FILE, `${JSON.stringify(kept)}\n`)
}

const decode = Schema.decodeUnknownSync(KeptFigures)

export const readKept = (): ReadonlyArray<KeptFigures> =>
  existsSync(FILE)
    ? readFileSync(FILE, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => decode(JSON.parse(line)))
    : []
