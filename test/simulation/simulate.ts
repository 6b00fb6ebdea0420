/** Histories of a range of seeds, one after the other, and what they come to. */
import * as Effect from "effect/Effect"
import { makeMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { makeMemoryInbox } from "../../src/webhooks/MemoryInbox.ts"
import { CHECKER_NAMES, type Verdict, verdictOf } from "./checkers.ts"
import { addCells, cellsOf } from "./coverage.ts"
import { digestOf, joinedDigest, NO_DIGEST } from "./digest.ts"
import { scriptOf } from "./generator.ts"
import { type History, playHistory } from "./history.ts"
import { ROUTED } from "./routed.ts"
import type { Script } from "./script.ts"
import { addCounts, addSettling, NOTHING_OPEN } from "./settling.ts"
import { shrunk } from "./shrink.ts"

/** Plays a script over a journal that is made for it. */
export type Play = (script: Script) => History

/** Over a journal in memory. */
export const playInMemory: Play = (script) => {
  const journal = Effect.runSync(makeMemoryJournal)
  const inbox = Effect.runSync(makeMemoryInbox)
  return playHistory(script, { open: Effect.succeed(journal), openInbox: Effect.succeed(inbox) })
}

/** Who notices that a history is not as it must be: a checker, or whoever plays it and does not come to its end. */
export const NOTICERS = [...CHECKER_NAMES, "end of history"] as const
export type Noticer = (typeof NOTICERS)[number]

/** What is wrong with a history, and who has found it. */
export interface Wrong {
  readonly faults: ReadonlyArray<string>
  readonly noticedBy: ReadonlyArray<Noticer>
}

/** A seed whose history is not as it must be. */
export interface Failure extends Wrong {
  readonly seed: string
}

export interface Figures {
  readonly histories: number
  /** Of all, in whatever order. */
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

interface SimulateOptions {
  readonly play?: Play
}

/** Seeds from one on; `prefix`: of a kind of histories of their own. */
export const seedsFrom = (from: number, count: number, prefix: typeof ROUTED | "" = ""): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, index) => `${prefix}${from + index}`)

export const simulate = (seeds: Iterable<string>, { play = playInMemory }: SimulateOptions = {}): Figures => {
  const failures: Array<Failure> = []
  const coverage = new Map<string, number>()
  const sums = { histories: 0, orders: 0, requests: 0, deaths: 0 }
  let doubles: Verdict["doubles"] = { byPerson: 0, byList: {} }
  let lists: Verdict["lists"] = { found: 0, told: 0 }
  let settling = NOTHING_OPEN
  let digest = NO_DIGEST
  for (const seed of seeds) {
    sums.histories += 1
    const result = judged(scriptOf(seed), play)
    const { faults, noticedBy } = result
    if (faults.length > 0) failures.push({ seed, faults, noticedBy })
    digest = joinedDigest(digest, digestOf(seed, "history" in result ? result.history : "no end"))
    if (!("history" in result)) continue
    const { history, verdict } = result
    addCells(coverage, cellsOf(history))
    sums.orders += history.orders.length
    sums.requests += history.events.filter(({ event }) => event === "sent").length
    sums.deaths += history.deaths.length
    doubles = {
      byPerson: doubles.byPerson + verdict.doubles.byPerson,
      byList: addCounts(doubles.byList, verdict.doubles.byList)
    }
    lists = { found: lists.found + verdict.lists.found, told: lists.told + verdict.lists.told }
    settling = addSettling(settling, verdict.settling)
  }
  return { ...sums, digest, failures, doubles, lists, settling, coverage }
}

type Judged = Wrong & { readonly history: History; readonly verdict: Verdict }

/** A history and what it comes to; one that cannot be played to its end is not as it must be. */
const judged = (script: Script, play: Play): Wrong | Judged => {
  try {
    const history = play(script)
    const verdict = verdictOf(history)
    return { history, verdict, faults: verdict.faults, noticedBy: verdict.noticedBy }
  } catch (error) {
    const fault = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    return { faults: [`it did not come to its end: ${fault}`], noticedBy: ["end of history"] }
  }
}

/** What is wrong with the history of a script. */
export const faultsOf = (script: Script, play: Play = playInMemory): ReadonlyArray<string> =>
  judged(script, play).faults

/** A fault without what differs from history to history. */
const kindOf = (fault: string): string => fault.replaceAll(/[0-9a-f-]{36}/g, "").replaceAll(/\w*\/[abA]/g, "")

/** The shortest script that still fails as this seed's does. */
export const shrunkScript = ({ seed, faults }: Failure, play: Play = playInMemory): Script => {
  const kinds = new Set(faults.map(kindOf))
  return shrunk(scriptOf(seed), (script) => faultsOf(script, play).some((fault) => kinds.has(kindOf(fault))))
}

/** A failing script as a test to paste. */
export const asTest = (script: Script, faults: ReadonlyArray<string>): string =>
  [
    `it("seed ${script.seed}", () => {`,
    `  // ${faults.join("; ")}`,
    `  const script: Script = ${JSON.stringify({ ...script, steps: undefined }).slice(0, -1)}, "steps": [`,
    ...script.steps.map((step) => `    ${JSON.stringify(step)},`),
    "  ] }",
    "  expect(faultsOf(script)).toEqual([])",
    "})"
  ].join("\n")
