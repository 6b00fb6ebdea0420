/** Histories of a range of seeds, one after the other, and what they come to. */
import * as Effect from "effect/Effect"
import { makeMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { type Verdict, verdictOf } from "./checkers.ts"
import { addCells, cellsOf } from "./coverage.ts"
import { digestOf, joinedDigest } from "./digest.ts"
import { scriptOf } from "./generator.ts"
import { type History, playHistory } from "./history.ts"
import type { Script } from "./script.ts"
import { addSettling, NOTHING_OPEN } from "./settling.ts"
import { shrunk } from "./shrink.ts"

/** Plays a script over a journal that is made for it. */
export type Play = (script: Script) => History

/** Over a journal in memory. */
export const playInMemory: Play = (script) => {
  const journal = Effect.runSync(makeMemoryJournal)
  return playHistory(script, { open: Effect.succeed(journal) })
}

/** A seed whose history is not as it must be. */
export interface Failure {
  readonly seed: string
  readonly faults: ReadonlyArray<string>
  readonly noticedBy: Verdict["noticedBy"]
}

export interface Figures {
  readonly histories: number
  /** Of all, in the order of their seeds. */
  readonly digest: string
  readonly failures: ReadonlyArray<Failure>
  readonly orders: number
  readonly requests: number
  readonly deaths: number
  readonly doubles: Verdict["doubles"]
  readonly lists: Verdict["lists"]
  readonly settling: Verdict["settling"]
  readonly coverage: ReadonlyMap<string, number>
}

export interface SimulateOptions {
  readonly play?: Play
  /** Told after each history. */
  readonly onHistory?: (seed: string) => void
}

/** Seeds from one on. */
export const seedsFrom = (from: number, count: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, index) => String(from + index))

export const simulate = (
  seeds: Iterable<string>,
  { play = playInMemory, onHistory = () => {} }: SimulateOptions = {}
): Figures => {
  const failures: Array<Failure> = []
  const coverage = new Map<string, number>()
  const sums = { histories: 0, orders: 0, requests: 0, deaths: 0 }
  let doubles: Verdict["doubles"] = { byPerson: 0, byList: 0 }
  let lists: Verdict["lists"] = { found: 0, told: 0 }
  let settling = NOTHING_OPEN
  let digest = ""
  for (const seed of seeds) {
    const history = play(scriptOf(seed))
    const verdict = verdictOf(history)
    const { faults, noticedBy } = verdict
    if (faults.length > 0) failures.push({ seed, faults, noticedBy })
    digest = joinedDigest(digest, digestOf(history))
    addCells(coverage, cellsOf(history))
    sums.histories += 1
    sums.orders += history.orders.length
    sums.requests += history.events.filter(({ event }) => event === "sent").length
    sums.deaths += history.deaths.length
    doubles = {
      byPerson: doubles.byPerson + verdict.doubles.byPerson,
      byList: doubles.byList + verdict.doubles.byList
    }
    lists = { found: lists.found + verdict.lists.found, told: lists.told + verdict.lists.told }
    settling = addSettling(settling, verdict.settling)
    onHistory(seed)
  }
  return { ...sums, digest, failures, doubles, lists, settling, coverage }
}

/** A fault without what differs from history to history. */
const kindOf = (fault: string): string => fault.replaceAll(/[0-9a-f-]{36}/g, "").replaceAll(/\w*\/[abA]/g, "")

/** The shortest script that still fails as this seed's does. */
export const shrunkScript = ({ seed, faults }: Failure, play: Play = playInMemory): Script => {
  const kinds = new Set(faults.map(kindOf))
  return shrunk(scriptOf(seed), (script) => verdictOf(play(script)).faults.some((fault) => kinds.has(kindOf(fault))))
}

/** A failing script as a test to paste. */
export const asTest = (script: Script, faults: ReadonlyArray<string>): string =>
  [
    `it("seed ${script.seed}", () => {`,
    `  // ${faults.join("; ")}`,
    `  const script: Script = ${JSON.stringify({ ...script, steps: undefined }).slice(0, -1)}, "steps": [`,
    ...script.steps.map((step) => `    ${JSON.stringify(step)},`),
    "  ] }",
    "  expect(verdictOf(playInMemory(script)).faults).toEqual([])",
    "})"
  ].join("\n")
