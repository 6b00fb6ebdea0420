/** What becomes of undecided orders once the faults stop: how soon they settle by themselves, and which need a person, and why. */
import { numberDigest } from "../../src/calls/orderDigest.ts"
import type { History } from "./history.ts"
import { modelStep, type Placing, placingModelOf, type PlacingModel } from "./placingModel.ts"

/** Why an order is not settled by itself. */
export const REASONS = [
  "list without references",
  "policy never",
  "policy stopped",
  "clock never measured",
  "clocks set, apart or asleep",
  "journal failed",
  "list told less",
  "reference of two tenants",
  "reference of two numbers",
  "list of one moment",
  "other"
] as const
export type Reason = (typeof REASONS)[number]

/** How often, by what. */
export interface Counts {
  readonly [what: string]: number
}

export interface Settling {
  /**
   * Orders that no provider had taken and that were undecided when the faults stopped, of a provider whose list keeps what
   * was confirmed, with clocks that are known, and the end of whose request was seen.
   */
  readonly open: number
  /** Of these, how many had settled 15 minutes later. */
  readonly settledIn15: number
  /** The same of processes that died before they saw the end. */
  readonly openAfterDeath: number
  /**
   * Of these, how many had settled 38 minutes later: 34 at the least, and each list is asked for at a look, the first a
   * tenth of the order's age after the one before.
   */
  readonly settledIn38AfterDeath: number
  /** By how many minutes later each of `open` settled, the begun one counted. */
  readonly minutes: Counts
  readonly minutesAfterDeath: Counts
  /** Orders that were undecided at the end, by why. */
  readonly needsPerson: Counts
}

export const NOTHING_OPEN: Settling = {
  open: 0,
  settledIn15: 0,
  openAfterDeath: 0,
  settledIn38AfterDeath: 0,
  minutes: {},
  minutesAfterDeath: {},
  needsPerson: {}
}

export const addCounts = (one: Counts, other: Counts): Counts => {
  const sum: { [what: string]: number } = { ...one }
  for (const [what, count] of Object.entries(other)) sum[what] = (sum[what] ?? 0) + count
  return sum
}

export const addSettling = (one: Settling, other: Settling): Settling => ({
  open: one.open + other.open,
  settledIn15: one.settledIn15 + other.settledIn15,
  openAfterDeath: one.openAfterDeath + other.openAfterDeath,
  settledIn38AfterDeath: one.settledIn38AfterDeath + other.settledIn38AfterDeath,
  minutes: addCounts(one.minutes, other.minutes),
  minutesAfterDeath: addCounts(one.minutesAfterDeath, other.minutesAfterDeath),
  needsPerson: addCounts(one.needsPerson, other.needsPerson)
})

/** Orders that were undecided by why, and how long others took to settle. */
export const settlingTable = ({ minutes, minutesAfterDeath, needsPerson, ...counts }: Settling): string => {
  const times = (of: Counts): string =>
    [50, 95, 100].map((ofHundred) => `${percentile(of, ofHundred) ?? "-"} (${ofHundred} %)`).join(", ")
  const { open, settledIn15, openAfterDeath, settledIn38AfterDeath } = counts
  return [
    `settled within 15 minutes: ${settledIn15} of ${open}; minutes: ${times(minutes)}`,
    `after a death, within 38: ${settledIn38AfterDeath} of ${openAfterDeath}; minutes: ${times(minutesAfterDeath)}`,
    "undecided at the end, by why:",
    ...Object.entries(needsPerson).map(([reason, count]) => `  ${reason.padEnd(30)} ${count}`)
  ].join("\n")
}

/** The least number of minutes in which so many of a hundred had settled. */
export const percentile = (minutes: Counts, ofHundred: number): number | undefined => {
  const sorted = Object.entries(minutes)
    .map(([minute, count]) => [Number(minute), count] as const)
    .toSorted(([a], [b]) => a - b)
  let left = (sorted.reduce((sum, [, count]) => sum + count, 0) * ofHundred) / 100
  return sorted.find(([, count]) => (left -= count) <= 0)?.[0]
}

const MINUTE = 60_000

/** Clocks of machines that are kept right are not further apart. */
const MOST_APART = 5000

const areClocksKnown = ({ script: { setup, steps } }: History): boolean => {
  const ahead = setup.processes.map(({ aheadMillis }) => aheadMillis)
  return (
    Math.max(...ahead) - Math.min(...ahead) <= MOST_APART &&
    !steps.some((step) => step.do === "setClock" || step.do === "sleep")
  )
}

const isOpen = ({ state, freed }: Placing): boolean =>
  (state === "reserved" || state === "uncertain") && freed === undefined

/**
 * Whether the list may hold more orders of one moment than it tells: no more than one page can be had of them, and of a page that is
 * the largest nobody knows whether it is full. A list is cut by milliseconds, and goes on with those of the next one after its last.
 */
const isOfOneMoment = (orders: History["orders"], pageSize: number): boolean =>
  orders.some(({ placedAt: from }) => {
    const together = orders.filter(({ placedAt }) => placedAt === from || placedAt === from + 1).length
    return together > 1 && together >= Math.min(pageSize, orders.length)
  })

const reasonOf = (history: History, model: PlacingModel, stopped: ReadonlySet<string>, placing: Placing): Reason => {
  const { setup, steps } = history.script
  const settler = setup.processes.find(({ tenant }) => tenant === placing.key.tenant)
  if (placing.provider === "revox") return "list without references"
  if (settler?.listed !== true) return "policy never"
  if (stopped.has(placing.provider)) return "policy stopped"
  if (!placing.isMeasured) return "clock never measured"
  if (!areClocksKnown(history)) return "clocks set, apart or asleep"
  if (steps.some((step) => step.do === "journal")) return "journal failed"
  if (steps.some((step) => step.do === "lists")) return "list told less"
  const listed = history.orders.filter(({ provider }) => provider === placing.provider)
  const ofReference = listed.filter(({ reference }) => reference === placing.key.reference)
  // They share an account: it is for a person to say whose order the list holds.
  if (ofReference.some(({ key }) => key.tenant !== placing.key.tenant)) return "reference of two tenants"
  // Its own order is found in any list that holds it.
  if (placing.orders.length > 0) return "other"
  // The one before was given up, and is nobody's: whether the number is only written otherwise, a person knows.
  const known = new Set([...model.placings.values()].map(({ orderId }) => orderId))
  const isOfTwo = ofReference.some(({ id, to }) => !known.has(id) && numberDigest(to) !== placing.numberDigest)
  if (isOfTwo) return "reference of two numbers"
  return isOfOneMoment(listed, settler.pageSize ?? listed.length) ? "list of one moment" : "other"
}

/** How often each occurs. */
export const countOf = (several: ReadonlyArray<string | number>): Counts =>
  several.reduce<Counts>((sum, what) => ({ ...sum, [what]: (sum[what] ?? 0) + 1 }), {})

/** `model`: of all that has happened. */
export const settlingIn = (history: History, model: PlacingModel, stopped: ReadonlySet<string>): Settling => {
  const { events } = history
  const undecided = [...model.placings.values()].filter(isOpen)
  const needsPerson = countOf(undecided.map((placing) => reasonOf(history, model, stopped, placing)))
  const from = events.findIndex(({ event }) => event === "recovered")
  const recoveredAt = events[from]?.at ?? 0
  const before = placingModelOf(events.slice(0, from))
  const open = [...before.placings.values()].filter((placing) => {
    if (!isOpen(placing) || placing.orders.length > 0) return false
    const later = model.placings.get(placing.token) ?? placing
    // What is given up or found to be refused meanwhile is not for a list to settle.
    return (
      later.freed === undefined && later.orders.length === 0 && reasonOf(history, model, stopped, later) === "other"
    )
  })
  if (open.length === 0) return { ...NOTHING_OPEN, needsPerson }
  const settledAt = new Map<string, number>()
  let then = before
  for (const event of events.slice(from)) {
    then = modelStep(then, event)
    if (event.event !== "journal") continue
    for (const { token } of open) {
      const now = then.placings.get(token)
      if (now !== undefined && !isOpen(now) && !settledAt.has(token)) settledAt.set(token, event.at - recoveredAt)
    }
  }
  const minutesOf = (several: ReadonlyArray<Placing>): ReadonlyArray<number> =>
    several.flatMap(({ token }) => {
      const at = settledAt.get(token)
      return at === undefined ? [] : [Math.ceil(at / MINUTE)]
    })
  const within = (minutes: ReadonlyArray<number>, most: number): number =>
    minutes.filter((minute) => minute <= most).length
  const [ended, died] = [true, false].map((isSeen) =>
    open.filter(({ token, isEndSeen }) => (model.placings.get(token)?.isEndSeen ?? isEndSeen) === isSeen)
  )
  const [minutes, minutesAfterDeath] = [minutesOf(ended ?? []), minutesOf(died ?? [])]
  return {
    open: ended?.length ?? 0,
    settledIn15: within(minutes, 15),
    openAfterDeath: died?.length ?? 0,
    settledIn38AfterDeath: within(minutesAfterDeath, 38),
    minutes: countOf(minutes),
    minutesAfterDeath: countOf(minutesAfterDeath),
    needsPerson
  }
}
