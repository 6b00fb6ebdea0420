/** Runs of a situation, counted and kept. */
import { readFileSync, writeFileSync } from "node:fs"
import { type Claims, type Run, simulate, type Situation } from "./situations.ts"

export interface Counted {
  readonly title: string
  readonly runs: number
  /** In how many runs an interval was given. */
  readonly measured: number
  readonly withheld: number
  readonly claims: { readonly [claim in keyof Claims]: number }
}

export interface Kept {
  readonly seed: number
  readonly runs: number
  readonly situations: ReadonlyArray<Counted>
}

/** Seeds of a series are its own. */
const seedOf = (seed: number, run: number): number => seed * 100_000 + run

export const countRuns = (
  situation: Situation,
  seed: number,
  runs: number,
  progress: (done: number) => void = () => undefined
): Counted => {
  const found = Array.from({ length: runs }, (_, run): Run => {
    const one = simulate(situation, seedOf(seed, run))
    progress(run + 1)
    return one
  })
  const countOf = (holds: (run: Run) => boolean): number => found.filter(holds).length
  return {
    title: situation.title,
    runs,
    measured: countOf(({ isMeasured }) => isMeasured),
    withheld: countOf(({ isWithheld }) => isWithheld),
    claims: {
      once: countOf(({ once }) => once),
      course: countOf(({ course }) => course),
      primary: countOf(({ primary }) => primary),
      others: countOf(({ others }) => others)
    }
  }
}

export const HEADS = ["Nothing differs", "Runs", "One look", "Every look", "Verdict", "Other verdicts", "Check failed"]

const shareOf = (count: number, runs: number): string => `${((100 * count) / runs).toFixed(1)} %`

export const rowOf = ({ title, runs, claims, withheld }: Counted): ReadonlyArray<string> => [
  title,
  String(runs),
  ...[claims.once, claims.course, claims.primary, claims.others, withheld].map((count) => shareOf(count, runs))
]

const FILE = new URL("counts.json", import.meta.url)

export const keep = ({ seed, runs, situations }: Kept): void =>
  writeFileSync(
    FILE,
    `{"seed": ${seed}, "runs": ${runs}, "situations": [\n${situations.map((each) => `  ${JSON.stringify(each)}`).join(",\n")}\n]}\n`
  )

export const readKept = (): Kept => JSON.parse(readFileSync(FILE, "utf8"))
