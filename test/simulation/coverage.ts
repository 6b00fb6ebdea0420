/** What the histories have met: which fault, when a process died, what went on at the same time. */
import type { Event, OrderKey } from "./events.ts"
import type { History } from "./history.ts"
import { textOf } from "./placingModel.ts"
import { ROUTED_CELLS, routedCellsOf } from "./routedCoverage.ts"

/** What went on for the same reference while a request was under way. */
const INTERLEAVINGS = ["nothing", "placing", "looking", "giving up"] as const
type Interleaving = (typeof INTERLEAVINGS)[number]

/** When the process died that placed an order. */
const DEATHS = [
  "lives",
  "before read",
  "after read",
  "before write",
  "after write",
  "before send",
  "after send",
  "between operations"
] as const

/** How often each has been met: fault, death and interleaving, joined by `|`. */
export type Coverage = { readonly [cell: string]: number }

const CLASS: { readonly [kind: string]: Interleaving } = {
  place: "placing",
  reconcile: "looking",
  name: "looking",
  settle: "looking",
  reconcileStale: "looking",
  release: "giving up"
}

const RANK: ReadonlyArray<Interleaving> = ["giving up", "placing", "looking"]

interface Placement {
  readonly key: OrderKey
  readonly process: number
  readonly life: number
  readonly from: number
  readonly fault: string
}

/** Faults by the request they met. */
const placementsIn = (events: ReadonlyArray<Event>): ReadonlyArray<Placement> => {
  const faults = new Map<number, string>()
  for (const event of events) if (event.event === "placed") faults.set(event.request, event.fault ?? "none")
  return events.flatMap((event, from) =>
    event.event === "sent"
      ? [{ key: event.key, process: event.process, life: event.life, from, fault: faults.get(event.request) ?? "lost" }]
      : []
  )
}

/** The place in the events at which what was asked was answered. */
const endsOf = (events: ReadonlyArray<Event>): ReadonlyMap<number, number> =>
  new Map(events.flatMap((event, place) => (event.event === "answered" ? [[event.step, place] as const] : [])))

const interleavingOf = (
  events: ReadonlyArray<Event>,
  ends: ReadonlyMap<number, number>,
  { key, from }: Placement,
  to: number
): Interleaving => {
  const met = new Set<Interleaving>()
  events.slice(0, to).forEach((event, place) => {
    if (event.event !== "asked" || (event.key !== undefined && textOf(event.key) !== textOf(key))) return
    // The one that has sent it does not count.
    const isOwn = event.kind === "place" && place < from && !met.has("placing")
    const end = ends.get(event.step) ?? Number.POSITIVE_INFINITY
    const kind = Object.hasOwn(CLASS, event.kind) ? CLASS[event.kind] : undefined
    if (end > from && kind !== undefined && !isOwn) met.add(kind)
  })
  return RANK.find((each) => met.has(each)) ?? "nothing"
}

/** The cells that a history has met. */
export const cellsOf = (history: History): ReadonlyArray<string> => {
  const { events } = history
  const ends = endsOf(events)
  const placed = placementsIn(events).map((placement) => {
    const died = events.find(
      (event) => event.event === "died" && event.process === placement.process && event.life === placement.life
    )
    const settled = events.findIndex(
      (event, place) => place > placement.from && event.event === "journal" && event.operation.do === "settle"
    )
    const to = settled < 0 ? events.length : settled
    const death = died?.event === "died" ? died.where : "lives"
    return [placement.fault, death, interleavingOf(events, ends, placement, to)].join("|")
  })
  return [...placed, ...routedCellsOf(history)]
}

export const addCells = (counts: Map<string, number>, cells: ReadonlyArray<string>): void => {
  for (const cell of cells) counts.set(cell, (counts.get(cell) ?? 0) + 1)
}

/** Faults of placing that a history can meet, by what a twin calls them. */
export const FAULTS = ["none", "status", "drop", "hang", "delay", "slow_body", "redirect", "garble"] as const

/** In so many histories each cell is to be met. */
export const FLOOR_HISTORIES = 20_000

/** Over a journal, those that can occur: where the power fails at the end nobody lives on, else all come together. */
export const cellsOver = (journal: "memory" | "sqlite", isRouted = false): ReadonlyArray<string> => [
  ...FAULTS.flatMap((fault) =>
    DEATHS.filter((death) => journal === "memory" || death !== "lives").flatMap((death) =>
      INTERLEAVINGS.map((each) => [fault, death, each].join("|"))
    )
  ),
  ...(isRouted ? ROUTED_CELLS : [])
]

/** A line for each fault, a column for each moment of death; the cell: how many of the classes of interleaving were met. */
export const coverageTable = (counts: ReadonlyMap<string, number>): string => {
  const kinds = [...counts.keys()].filter((cell) => cell.includes("|")).map((cell) => cell.split("|")[0] ?? "")
  const faults = [...new Set(kinds)].toSorted()
  const width = Math.max(5, ...faults.map(({ length }) => length))
  const rows = faults.map((fault) => {
    const cells = DEATHS.map((death) => {
      const found = INTERLEAVINGS.map((each) => counts.get([fault, death, each].join("|")) ?? 0)
      const met = found.filter((count) => count > 0).length
      return `${found.reduce((a, b) => a + b, 0)} (${met}/${INTERLEAVINGS.length})`
    })
    return [fault.padEnd(width), ...cells.map((text) => text.padStart(18))].join(" ")
  })
  return [["fault".padEnd(width), ...DEATHS.map((text) => text.padStart(18))].join(" "), ...rows].join("\n")
}
