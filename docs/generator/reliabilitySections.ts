/** What simulated histories came to: the figures that are kept with them. */
import { type KeptFigures, readKept } from "../../test/simulation/keptFigures.ts"
import { type Counts, percentile } from "../../test/simulation/settling.ts"
import { table } from "./markdown.ts"

const number = (count: number): string => count.toLocaleString("en-US")

const sumOf = (counts: Counts): number => Object.values(counts).reduce((sum, count) => sum + count, 0)

const within = (settled: number, open: number): string => `${number(settled)} of ${number(open)}`

const times = (minutes: Counts): string => {
  const [half, most, all] = [50, 95, 100].map((ofHundred) => percentile(minutes, ofHundred))
  return half === undefined ? "none" : `${half}, ${most}, ${all}`
}

const ROWS: ReadonlyArray<readonly [what: string, of: (figures: KeptFigures) => string]> = [
  ["Journal", ({ journal }) => (journal === "sqlite" ? "SQLite, with a loss of power" : "memory")],
  ["Seeds", ({ from, histories }) => `${number(from)} to ${number(from + histories - 1)}`],
  ["Histories", ({ histories }) => number(histories)],
  ["Digest", ({ digest }) => `\`${digest}\``],
  ["Requests to place", ({ requests }) => number(requests)],
  ["Orders taken", ({ orders }) => number(orders)],
  ["Deaths of processes", ({ deaths }) => number(deaths)],
  ["Fault × moment of death × interleaving: cells met", ({ cells }) => `${cells.met} of ${cells.all}`],
  [
    "**Histories that broke a law**: a call twice that nobody took on himself, an order lost, …",
    (of) => `${of.failures}`
  ],
  ["Calls twice: a person had given the first up", ({ doubles }) => number(doubles.byPerson)],
  ["Calls twice: a list lied that had been confirmed", ({ doubles }) => number(sumOf(doubles.byList))],
  [
    "Orders that turned up though a list lacked them; of these told",
    ({ lists }) => `${number(lists.found)}; ${number(lists.told)}`
  ],
  ["Settled within 15 minutes", ({ settling }) => within(settling.settledIn15, settling.open)],
  ["Minutes: median, 95 %, longest", ({ settling }) => times(settling.minutes)],
  [
    "After a death: settled within 38 minutes",
    ({ settling }) => within(settling.settledIn38AfterDeath, settling.openAfterDeath)
  ],
  ["Minutes: median, 95 %, longest", ({ settling }) => times(settling.minutesAfterDeath)]
]

const runs = (): string => {
  const kept = readKept()
  return table(
    ["", ...kept.map((_, index) => `Run ${index + 1}`)],
    ROWS.map(([what, of]) => [what, ...kept.map(of)])
  )
}

const undecided = (): string => {
  const kept = readKept()
  const reasons = [...new Set(kept.flatMap(({ settling }) => Object.keys(settling.needsPerson)))].toSorted()
  return table(
    ["Undecided at the end, for a person", ...kept.map((_, index) => `Run ${index + 1}`)],
    reasons.map((reason) => [reason, ...kept.map(({ settling }) => number(settling.needsPerson[reason] ?? 0))])
  )
}

export const reliabilitySections: ReadonlyArray<readonly [string, () => string]> = [
  ["simulated-histories", runs],
  ["simulated-undecided", undecided]
]
