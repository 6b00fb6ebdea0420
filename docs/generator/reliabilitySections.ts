/** What simulated histories came to: the figures that are kept with them, and the planted bugs that they find. */
import { type KeptFigures, readKept } from "../../test/simulation/keptFigures.ts"
import { PLANTED_BUGS, type PlantedBug } from "../../test/simulation/plantedBugs.ts"
import { readFound, seedOf } from "../../test/simulation/plantedRun.ts"
import { addCounts, type Counts, percentile, REASONS } from "../../test/simulation/settling.ts"
import { code, table } from "./markdown.ts"

const number = (count: number): string => count.toLocaleString("en-US")

const sumOf = (counts: Counts): number => Object.values(counts).reduce((sum, count) => sum + count, 0)

const within = (settled: number, open: number): string => `${number(settled)} of ${number(open)}`

const times = (minutes: Counts): string => {
  const [half, ...rest] = [50, 95, 99, 100].map((ofHundred) => percentile(minutes, ofHundred))
  return half === undefined ? "none" : [half, ...rest].join(", ")
}

/** Histories in which a checker has noticed something. */
const noticed = ({ failures, noticedBy }: KeptFigures, ...checkers: ReadonlyArray<string>): string => {
  if (failures === 0) return "0"
  return noticedBy === undefined
    ? "not kept"
    : number(sumOf(Object.fromEntries(checkers.map((name) => [name, noticedBy[name] ?? 0]))))
}

const rateOf = ({ histories, seconds }: KeptFigures): string => number(Math.round(histories / seconds))

/** Of a commit that was not changed, so much tells it. */
const SHORT = 12
const FULL = 40

type Row = readonly [what: string, of: (figures: KeptFigures) => string]

const ROWS: ReadonlyArray<Row> = [
  ["Journal", ({ journal }) => (journal === "sqlite" ? "SQLite, with a loss of power" : "memory")],
  ["Commit", ({ commit }) => code(commit.length > FULL ? commit : commit.slice(0, SHORT))],
  ["Node", ({ node }) => node],
  ["Seeds", ({ from, histories }) => `${number(from)} to ${number(from + histories - 1)}`],
  ["Histories", ({ histories }) => number(histories)],
  ["Histories a second, of one worker", rateOf],
  ["Digest", ({ digest }) => code(digest)],
  ["Requests to place", ({ requests }) => number(requests)],
  ["Orders taken", ({ orders }) => number(orders)],
  ["Deaths of processes", ({ deaths }) => number(deaths)],
  ["Fault × moment of death × interleaving: cells met", ({ cells }) => `${cells.met} of ${cells.all}`],
  ["**Histories that broke a law**", ({ failures }) => number(failures)],
  ["of these: a call twice that nobody took on himself", (of) => noticed(of, "doubles")],
  ["of these: an order lost", (of) => noticed(of, "lost")],
  ["Their first seeds", ({ failures, failed = [] }) => (failures === 0 ? "none" : failed.join(", ") || "not kept")],
  ["Calls twice: a person had given the first up", ({ doubles }) => number(doubles.byPerson)],
  ["Calls twice: a list lied that had been confirmed", ({ doubles }) => number(sumOf(doubles.byList))],
  [
    "Orders that turned up though lists had been enough to call them absent; of these told",
    ({ lists }) => `${number(lists.found)}; ${number(lists.told)}`
  ],
  ["Settled within 15 minutes", ({ settling }) => within(settling.settledIn15, settling.open)],
  ["Minutes: median, 95 %, 99 %, longest", ({ settling }) => times(settling.minutes)],
  [
    "After a death: settled within 38 minutes",
    ({ settling }) => within(settling.settledIn38AfterDeath, settling.openAfterDeath)
  ],
  ["Minutes after a death: median, 95 %, 99 %, longest", ({ settling }) => times(settling.minutesAfterDeath)]
]

const NONE = "No run is kept yet."

/** A column for each run that is kept, with routes or without. */
const ofRuns =
  (title: string, rowsOf: (kept: ReadonlyArray<KeptFigures>) => ReadonlyArray<Row>, isRouted = false) =>
  (): string => {
    const kept = readKept().filter((each) => (each.isRouted === true) === isRouted)
    return kept.length === 0
      ? NONE
      : table(
          [title, ...kept.map((_, index) => `Run ${index + 1}`)],
          rowsOf(kept).map(([what, of]) => [what, ...kept.map(of)])
        )
  }

const countsOf = (names: ReadonlyArray<string>, countIn: (figures: KeptFigures) => Counts): ReadonlyArray<Row> => [
  ...names.map((name): Row => [name, (figures) => number(countIn(figures)[name] ?? 0)]),
  ["all", (figures) => number(sumOf(countIn(figures)))]
]

const undecided = ({ settling }: KeptFigures): Counts => settling.needsPerson

const byLie = ({ doubles }: KeptFigures): Counts => doubles.byList

const textOfSeed = (bug: PlantedBug, seed: number): string => (bug.isRouted === true ? seedOf(bug, seed) : number(seed))

const WITHIN = [10, 100, 1000, 10_000]

/** How many are found within so many seeds, and all of them. */
const planted = (): string => {
  const found = new Map(readFound().map((each) => [each.bug, each]))
  const seeds = [...found.values()].flatMap(({ seed }) => seed ?? [])
  const counts = WITHIN.map((most) => `${seeds.filter((seed) => seed <= most).length} within ${number(most)}`)
  const rows = PLANTED_BUGS.map((bug: PlantedBug) => {
    const { id, is } = bug
    const { seed, played = 0, noticedBy = [] } = found.get(id) ?? {}
    return [
      code(id),
      is,
      seed === undefined ? `none of ${number(played)}` : textOfSeed(bug, seed),
      noticedBy.join(", ")
    ]
  })
  return [
    `Of ${PLANTED_BUGS.length} planted bugs ${seeds.length} are found: ${counts.join(", ")} seeds.`,
    table(["Bug", "What is wrong", "First seed", "Noticed by"], rows)
  ].join("\n\n")
}

export const reliabilitySections: ReadonlyArray<readonly [string, () => string]> = [
  ["simulated-histories", ofRuns("", () => ROWS)],
  ["simulated-routes", ofRuns("With routes", () => ROWS, true)],
  [
    "simulated-undecided",
    ofRuns("Undecided at the end, for a person", (kept) => {
      const met = kept.map(undecided).reduce(addCounts)
      return countsOf(
        REASONS.filter((reason) => Object.hasOwn(met, reason)),
        undecided
      )
    })
  ],
  [
    "simulated-doubles",
    ofRuns("Calls twice, by how the list lied", (kept) =>
      countsOf(Object.keys(kept.map(byLie).reduce(addCounts)).toSorted(), byLie)
    )
  ],
  ["planted-bugs", planted]
]
