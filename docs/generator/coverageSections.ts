/** The generated tables of simulations on the page on comparing, from the counts that are kept beside the tests. */
import { HEADS, readKept, rowOf } from "../../test/compare/simulations/counts.ts"
import { type Counts, type Held, readCoverage, type Situation } from "../../test/compare/statistics/coverage.ts"
import { table } from "./markdown.ts"

const TITLES = {
  rate: "Rates",
  "stratified rate": "Rates in ten strata, 80 points apart",
  ratio: "Dials for each person reached, at these rates",
  median: "Medians, in seconds"
} as const satisfies Record<Situation["measure"], string>

/** With fewer intervals a share of them says little. */
const FEWEST_GIVEN = 100
const MOSTLY = 0.9

const heldText = ({ given, held }: Held, runs: number): string =>
  given < FEWEST_GIVEN ? "none" : `${((100 * held) / given).toFixed(1)}${given < MOSTLY * runs ? "\\*" : ""}`

const cellText = ({ arm, difference, everyLook, runs }: Counts): string =>
  [arm, difference, everyLook].map((each) => heldText(each, runs)).join(" · ")

const truthText = ({ measure, truths: [baseline, arm] }: Situation): string =>
  measure === "median" ? `${baseline} and ${arm} s` : `${Math.round(100 * baseline)} and ${Math.round(100 * arm)} %`

const tableOf = (measure: Situation["measure"], situations: ReadonlyArray<Situation & Counts>): string => {
  const own = situations.filter((each) => each.measure === measure)
  const persons = [...new Set(own.map((each) => each.persons))]
  const rows = new Map<string, ReadonlyArray<string>>()
  for (const each of own) {
    const { orders, share } = each
    const head = [truthText(each), `${100 * (1 - share)} : ${100 * share}`, orders]
    const key = head.join()
    rows.set(key, [...(rows.get(key) ?? head), cellText(each)])
  }
  const heads = [
    TITLES[measure],
    "Split",
    "Orders",
    ...persons.map((count) => `${count.toLocaleString("en-US")} persons`)
  ]
  return table(heads, [...rows.values()])
}

const coverage = (): string => {
  const { situations } = readCoverage()
  return [...new Set(situations.map(({ measure }) => measure))]
    .map((measure) => tableOf(measure, situations))
    .join("\n\n")
}

const sameTrials = (): string => table(HEADS, readKept().situations.map(rowOf))

export const coverageSections: ReadonlyArray<readonly [string, () => string]> = [
  ["coverage", coverage],
  ["same-trials", sameTrials]
]
