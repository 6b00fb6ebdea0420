/** Figures of a range of seeds, as they are appended to a file, one JSON line each. */
import { existsSync, readFileSync } from "node:fs"
import * as Schema from "effect/Schema"
import { joinedDigest } from "./digest.ts"
import { CHECKER_NAMES } from "./checkers.ts"
import { addCounts, addSettling } from "./settling.ts"
import type { Figures } from "./simulate.ts"

const Count = Schema.Int
const Counts = Schema.Record(Schema.String, Count)

/** What a range came to. */
export const RangeFigures = Schema.Struct({
  journal: Schema.Literals(["memory", "sqlite"]),
  from: Count,
  histories: Count,
  digest: Schema.String,
  failures: Schema.Array(
    Schema.Struct({
      seed: Schema.String,
      faults: Schema.Array(Schema.String),
      noticedBy: Schema.Array(Schema.Literals(CHECKER_NAMES))
    })
  ),
  orders: Count,
  requests: Count,
  deaths: Count,
  doubles: Schema.Struct({ byPerson: Count, byList: Count }),
  lists: Schema.Struct({ found: Count, told: Count }),
  settling: Schema.Struct({
    open: Count,
    settledIn15: Count,
    openAfterDeath: Count,
    settledIn38AfterDeath: Count,
    minutes: Counts,
    minutesAfterDeath: Counts,
    needsPerson: Counts
  }),
  coverage: Counts,
  seconds: Schema.Finite
})
export type RangeFigures = typeof RangeFigures.Type

export const rangeFigures = (
  journal: RangeFigures["journal"],
  from: number,
  { coverage, ...figures }: Figures,
  seconds: number
): RangeFigures => ({ journal, from, ...figures, coverage: Object.fromEntries(coverage), seconds })

const decode = Schema.decodeUnknownSync(RangeFigures)

/** Ranges that have been done, by their beginnings. */
export const readRanges = (file: string | undefined): ReadonlyArray<RangeFigures> =>
  file === undefined || !existsSync(file)
    ? []
    : readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line.endsWith("}"))
        .map((line) => decode(JSON.parse(line)))

/** Several ranges as one, in the order of their seeds. */
export const joined = (ranges: ReadonlyArray<RangeFigures>): RangeFigures | undefined => {
  const [first, ...rest] = ranges.toSorted((a, b) => a.from - b.from)
  if (first === undefined) return undefined
  return rest.reduce((sum, each): RangeFigures => {
    return {
      journal: sum.journal,
      from: sum.from,
      histories: sum.histories + each.histories,
      digest: joinedDigest(sum.digest, each.digest),
      failures: [...sum.failures, ...each.failures],
      orders: sum.orders + each.orders,
      requests: sum.requests + each.requests,
      deaths: sum.deaths + each.deaths,
      doubles: {
        byPerson: sum.doubles.byPerson + each.doubles.byPerson,
        byList: sum.doubles.byList + each.doubles.byList
      },
      lists: { found: sum.lists.found + each.lists.found, told: sum.lists.told + each.lists.told },
      settling: addSettling(sum.settling, each.settling),
      coverage: addCounts(sum.coverage, each.coverage),
      seconds: sum.seconds + each.seconds
    }
  }, first)
}
