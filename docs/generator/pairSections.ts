/** What pairs of records of one call came to, from the figures that are kept with them, and the mistakes that they show. */
import { type KeptPairs, readKept } from "../../test/switch/keptFigures.ts"
import { BEYOND_PAIRS, PLANTED_MISTAKES } from "../../test/switch/planted.ts"
import { providers } from "../../adapters/index.ts"
import { code, table } from "./markdown.ts"

const NONE = "No run is kept yet."

/** Of a commit that was not changed, so much tells it. */
const SHORT = 12
const FULL = 40

const number = (count: number): string => count.toLocaleString("en-US")

const titleOf = (id: string): string => providers.get(id)?.title ?? id

const foundIn = ({ planted }: KeptPairs): ReadonlyArray<number> => Object.values(planted).flatMap((pair) => pair ?? [])

const ROWS: ReadonlyArray<readonly [what: string, of: (figures: KeptPairs) => string]> = [
  ["Commit", ({ commit }) => code(commit.length > FULL ? commit : commit.slice(0, SHORT))],
  ["Node", ({ node }) => node],
  ["First seed", ({ seed }) => number(seed)],
  ["Pairs", ({ pairs }) => number(pairs)],
  ["of calls that somebody or something answered", ({ kinds }) => number(kinds["answered"] ?? 0)],
  ["of calls that nobody answered", ({ kinds }) => number(kinds["not answered"] ?? 0)],
  ["of calls that broke before they were dialled", ({ kinds }) => number(kinds["not dialled"] ?? 0)],
  ["of calls that went on when they were read", ({ kinds }) => number(kinds["going on"] ?? 0)],
  ["**False alarms**", ({ alarms }) => number(alarms)],
  ["Their first seeds", ({ alarmed }) => alarmed.join(", ") || "none"],
  [
    "Planted mistakes that were found",
    (figures) => `${foundIn(figures).length} of ${Object.keys(figures.planted).length}`
  ],
  ["Pairs until the last of them was found", (figures) => number(Math.max(0, ...foundIn(figures)))],
  ["Seconds", ({ seconds }) => number(Math.round(seconds))]
]

const runs = (): string => {
  const kept = readKept()
  return kept.length === 0
    ? NONE
    : table(
        ["", ...kept.map((_, index) => `Run ${index + 1}`)],
        ROWS.map(([what, of]) => [what, ...kept.map(of)])
      )
}

const mistakes = (): string => {
  const last = readKept().at(-1)
  const rows = PLANTED_MISTAKES.map(({ id, is, at, against, field }) => {
    const pair = last?.planted[id]
    const found =
      pair === undefined
        ? "not looked for"
        : pair === null
          ? `none of ${number(last?.plantedWithin ?? 0)}`
          : number(pair)
    return [is, titleOf(at), titleOf(against), code(field), found]
  })
  const beyond = BEYOND_PAIRS.map(({ is, at, against, field }) => [
    is,
    titleOf(at),
    titleOf(against),
    code(field),
    "cannot be found"
  ])
  return table(["Mistake", "Of", "Against", "Field", "Pair"], [...rows, ...beyond])
}

export const pairSections: ReadonlyArray<readonly [string, () => string]> = [
  ["told-pairs", runs],
  ["planted-mistakes", mistakes]
]
