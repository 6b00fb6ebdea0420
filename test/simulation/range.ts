/** Figures of ranges of seeds, as they are appended to a file, one JSON line each. */
import { appendFileSync, existsSync, readFileSync, truncateSync } from "node:fs"
import process from "node:process"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { present } from "../../src/domain/present.ts"
import { joinedDigest } from "./digest.ts"
import { addCounts, addSettling } from "./settling.ts"
import { type Figures, NOTICERS } from "./simulate.ts"

const Count = Schema.Int
const Counts = Schema.Record(Schema.String, Count)

/** What a range came to. */
export const RangeFigures = Schema.Struct({
  journal: Schema.Literals(["memory", "sqlite"]),
  /** Of histories with routes, whose seeds begin with `r`. */
  isRouted: Schema.optionalKey(Schema.Literal(true)),
  /** Of the code that was simulated, as `codeVersion` tells it. */
  commit: Schema.String,
  /** Versions of Node. */
  node: Schema.String,
  from: Count,
  histories: Count,
  digest: Schema.String,
  failures: Schema.Array(
    Schema.Struct({
      seed: Schema.String,
      faults: Schema.Array(Schema.String),
      noticedBy: Schema.Array(Schema.Literals(NOTICERS))
    })
  ),
  orders: Count,
  requests: Count,
  deaths: Count,
  doubles: Schema.Struct({ byPerson: Count, byList: Counts }),
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
  /** Of work; several workers do as many at a time. */
  seconds: Schema.Finite
})
export type RangeFigures = typeof RangeFigures.Type

/** Seeds, one after the other. */
export interface Range {
  readonly from: number
  readonly histories: number
}

export const rangeFigures = (
  of: Pick<RangeFigures, "journal" | "commit" | "from" | "isRouted">,
  { coverage, ...figures }: Figures,
  seconds: number
): RangeFigures => ({ ...of, node: process.version, ...figures, coverage: Object.fromEntries(coverage), seconds })

/** The file holds something else than ranges. */
export class RangeFileError extends Error {
  override readonly name = "RangeFileError"
}

const decode = Schema.decodeUnknownOption(Schema.fromJsonString(RangeFigures))

/**
 * Ranges that stand in a file. Its last line may be torn, where whoever wrote it was stopped: it is cut off.
 *
 * @throws RangeFileError if another line is no range
 */
export const readRanges = (file: string): ReadonlyArray<RangeFigures> => {
  if (!existsSync(file)) return []
  const text = readFileSync(file, "utf8")
  const whole = text.slice(0, text.lastIndexOf("\n") + 1)
  if (whole !== text) truncateSync(file, Buffer.byteLength(whole))
  return whole
    .split("\n")
    .slice(0, -1)
    .map((line, index) =>
      Option.getOrThrowWith(
        decode(line),
        () => new RangeFileError(`${file}: line ${index + 1} is no range of this simulation`)
      )
    )
}

export const appendRange = (file: string, range: RangeFigures): void =>
  appendFileSync(file, `${JSON.stringify(range)}\n`)

const endOf = ({ from, histories }: Range): number => from + histories

/** Of ranges those that lie in another one, each seed once: one that stands twice counts once. */
export const rangesWithin = (ranges: ReadonlyArray<RangeFigures>, wanted: Range): ReadonlyArray<RangeFigures> => {
  const taken: Array<RangeFigures> = []
  let next = wanted.from
  for (const range of ranges.toSorted((a, b) => a.from - b.from || b.histories - a.histories)) {
    if (range.from < next || endOf(range) > endOf(wanted)) continue
    taken.push(range)
    next = endOf(range)
  }
  return taken
}

/** What is left of a range besides those that are done, in parts of a size. */
export const rangesLeft = (wanted: Range, done: ReadonlyArray<Range>, size: number): ReadonlyArray<Range> => {
  const left: Array<Range> = []
  let next = wanted.from
  const until = (end: number): void => {
    for (; next < end; next = Math.min(next + size, end))
      left.push({ from: next, histories: Math.min(size, end - next) })
  }
  for (const range of done.toSorted((a, b) => a.from - b.from)) {
    until(range.from)
    next = endOf(range)
  }
  until(endOf(wanted))
  return left
}

const bothOf = (one: string, other: string): string =>
  [...new Set([...one.split(", "), ...other.split(", ")])].toSorted().join(", ")

/** Several ranges of one code and journal as one. */
export const joined = (ranges: ReadonlyArray<RangeFigures>): RangeFigures | undefined => {
  const [first, ...rest] = ranges.toSorted((a, b) => a.from - b.from)
  if (first === undefined) return undefined
  return rest.reduce(
    (sum, each): RangeFigures => ({
      journal: sum.journal,
      ...present({ isRouted: sum.isRouted }),
      commit: sum.commit,
      node: bothOf(sum.node, each.node),
      from: sum.from,
      histories: sum.histories + each.histories,
      digest: joinedDigest(sum.digest, each.digest),
      failures: [...sum.failures, ...each.failures],
      orders: sum.orders + each.orders,
      requests: sum.requests + each.requests,
      deaths: sum.deaths + each.deaths,
      doubles: {
        byPerson: sum.doubles.byPerson + each.doubles.byPerson,
        byList: addCounts(sum.doubles.byList, each.doubles.byList)
      },
      lists: { found: sum.lists.found + each.lists.found, told: sum.lists.told + each.lists.told },
      settling: addSettling(sum.settling, each.settling),
      coverage: addCounts(sum.coverage, each.coverage),
      seconds: sum.seconds + each.seconds
    }),
    first
  )
}
