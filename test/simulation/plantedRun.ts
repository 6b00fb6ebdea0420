/** Looks for planted bugs: which seed is the first whose history is not as it must be, and who notices. */
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import * as Schema from "effect/Schema"
import { makePatchedModules } from "./patchedModules.ts"
import { PLANTED_BUGS, type PlantedBug } from "./plantedBugs.ts"
import { ROUTED } from "./routed.ts"
import { NOTICERS } from "./simulate.ts"

/** What came of looking for a bug. */
export const Found = Schema.Struct({
  bug: Schema.String,
  /** The number of the first seed whose history is not as it must be. Absent: none of those that were played. */
  seed: Schema.optionalKey(Schema.Int),
  /** Seeds that were played, from 1 on. */
  played: Schema.Int,
  noticedBy: Schema.Array(Schema.Literals(NOTICERS)),
  /** Steps that are left of the script once it is as short as it goes. */
  steps: Schema.optionalKey(Schema.Int)
})
export type Found = typeof Found.Type

const FILE = new URL("plantedBugs.found.json", import.meta.url)

export const readFound = (): ReadonlyArray<Found> =>
  existsSync(FILE) ? Schema.decodeUnknownSync(Schema.Array(Found))(JSON.parse(readFileSync(FILE, "utf8"))) : []

/** In the order of the bugs; what is known of others stays. */
const writeFound = (found: Found): void => {
  const all = new Map([...readFound(), found].map((each) => [each.bug, each]))
  const inOrder = PLANTED_BUGS.flatMap(({ id }) => all.get(id) ?? [])
  writeFileSync(FILE, `[\n${inOrder.map((each) => `  ${JSON.stringify(each)}`).join(",\n")}\n]\n`)
}

type Simulation = typeof import("./simulate.ts")

/** Loads the simulation of code that has a bug. */
const makePlanting = () => {
  const addressOf = makePatchedModules()
  return async ({ id, patches }: PlantedBug): Promise<Simulation> => {
    const simulation: Simulation = await import(addressOf("test/simulation/simulate.ts", id, patches))
    return simulation
  }
}

interface LookOptions {
  readonly seeds: number
  readonly isShrunk: boolean
}

/** The text of a seed by its number. */
export const seedOf = ({ isRouted }: PlantedBug, seed: number): string => `${isRouted === true ? ROUTED : ""}${seed}`

const failureOf = (simulation: Simulation, seed: string) => simulation.simulate([seed]).failures[0]

/** Plays seeds from 1 on until one fails. */
const lookFor = (planted: PlantedBug, simulation: Simulation, { seeds, isShrunk }: LookOptions): Found => {
  const { id: bug, noticedBy: wanted } = planted
  for (let played = 1; played <= seeds; played++) {
    const seed = seedOf(planted, played)
    const failure = failureOf(simulation, seed)
    if (failure === undefined || (wanted !== undefined && !failure.noticedBy.includes(wanted))) continue
    const { noticedBy } = failure
    const shrunk = isShrunk ? { steps: simulation.shrunkScript(failure).steps.length } : {}
    return { bug, seed: played, played, noticedBy, ...shrunk }
  }
  return { bug, played: seeds, noticedBy: [] }
}

const lineOf = ({ bug, seed, noticedBy, steps, played }: Found): string =>
  [
    bug.padEnd(36),
    (seed === undefined ? `none of ${played}` : String(seed)).padStart(14),
    (steps === undefined ? "" : String(steps)).padStart(6),
    ` ${noticedBy.join(", ")}`
  ].join(" ")

/** Looks for all, or for those of these names, and keeps what came of it. Whether all were found. */
export const runPlanted = async (
  names: ReadonlyArray<string>,
  options: LookOptions,
  write: (line: string) => void
): Promise<boolean> => {
  const bugs = PLANTED_BUGS.filter(({ id }) => names.length === 0 || names.includes(id))
  const plant = makePlanting()
  let isAllFound = bugs.length > 0
  write(["bug".padEnd(36), "first seed".padStart(14), "steps".padStart(6), " noticed by"].join(" "))
  for (const bug of bugs) {
    const found = lookFor(bug, await plant(bug), options)
    isAllFound &&= found.seed !== undefined
    writeFound(found)
    write(lineOf(found))
  }
  return isAllFound
}

/** What a kept seed does not do any more: its bug is not noticed, or by others. */
export interface Missed {
  readonly bug: string
  readonly kept: Found["noticedBy"]
  readonly now: Found["noticedBy"]
}

/** Plays of each bug the one seed that is kept, and compares who notices. */
export const missedSince = async (): Promise<ReadonlyArray<Missed>> => {
  const plant = makePlanting()
  const found = new Map(readFound().map((each) => [each.bug, each]))
  const missed: Array<Missed> = []
  for (const bug of PLANTED_BUGS) {
    const { seed, noticedBy: kept } = found.get(bug.id) ?? { seed: undefined, noticedBy: [] }
    if (seed === undefined) continue
    const now = failureOf(await plant(bug), seedOf(bug, seed))?.noticedBy ?? []
    if (kept.join() !== now.join()) missed.push({ bug: bug.id, kept, now })
  }
  return missed
}
