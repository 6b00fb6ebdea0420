/**
 * `npm run simulate:compare -- --runs 1000 --seed 12 [--keep]`: experiments in which nothing differs, and how often anything
 * is claimed of them. Exits with 1 if it is more often than chance allows; `--keep` writes the counts down for the docs.
 */
import { parseArgs } from "node:util"
import { table } from "../../../docs/generator/markdown.ts"
import { expectedCounts } from "../statistics/exact.ts"
import { type Counted, countRuns, HEADS, keep, rowOf } from "./counts.ts"
import { SITUATIONS } from "./situations.ts"

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "200" },
    seed: { type: "string", default: "12" },
    keep: { type: "boolean", default: false }
  }
})
const [runs, seed] = [Number(values.runs), Number(values.seed)]
if (!Number.isInteger(runs) || runs < 1 || !Number.isInteger(seed) || seed < 0) {
  process.stderr.write("--runs and --seed are whole numbers\n")
  process.exit(2)
}

const counted = SITUATIONS.map((situation, index): Counted => {
  const of = `${index + 1} of ${SITUATIONS.length}: ${situation.title}`
  return countRuns(situation, seed, runs, (done) => {
    if (done % 10 === 0 || done === runs) process.stderr.write(`\r${of}: ${done}/${runs}${done === runs ? "\n" : ""}`)
  })
})

process.stdout.write(`${table(HEADS, counted.map(rowOf))}\n`)
const { most } = expectedCounts(runs, 0.05)
process.stdout.write(`\nOf ${runs} runs, chance allows ${most}.\n`)
if (values.keep) keep({ seed, runs, situations: counted })
process.exitCode = counted.some(({ claims }) => Object.values(claims).some((count) => count > most)) ? 1 : 0
