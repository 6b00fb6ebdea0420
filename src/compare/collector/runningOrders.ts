/**
 * How many orders would still be going on at the end of an arm's data, if none had been left out of it: an export of
 * finished calls alone lacks those that were running, and what is over quickly is not like the rest.
 */
import { placeIn } from "./gather.ts"
import type { ObservationTable } from "./ObservationTable.ts"
import type { OrderColumn } from "./orderColumns.ts"

/** Steps of the lengths of orders: eight from each power of two seconds to the next. */
const STEPS = 248
const stepOf = (seconds: number): number => {
  const whole = Math.max(1, Math.min(2 ** 31 - 1, Math.floor(seconds)))
  const power = 31 - Math.clz32(whole)
  return 8 * power + ((power < 3 ? whole << (3 - power) : whole >>> (power - 3)) & 7)
}

/** Nothing is said of an order so young that hardly any would be over. */
const MOST_RUNNING = 0.9

/**
 * By arm. Each order that is over stands for those like it that are not: with G the share of orders that take longer than
 * this one is old, G / (1 − G) of them. In whole data the arm's last moment is the end of its last order, and none may run
 * then only where few would be expected to: if `n` are, by a chance of about exp(−`n`).
 */
export const expectedRunning = (
  table: ObservationTable<OrderColumn>,
  rows: Uint32Array,
  arms: ReadonlyArray<string>
): ReadonlyArray<number> => {
  const armOf = placeIn(table.column("arm"), arms)
  const [at, ended, latest, open] = [
    table.column("at"),
    table.column("ended"),
    table.column("latest"),
    table.column("open")
  ]
  const last = new Float64Array(arms.length).fill(Number.NEGATIVE_INFINITY)
  const lengths = new Float64Array(STEPS)
  let all = 0
  const isOver = (row: number): boolean => open.get(row) === 0 && ended.get(row) >= at.get(row)
  for (const row of rows) {
    const arm = armOf(row)
    for (const time of [ended.get(row), latest.get(row)]) if (time > (last[arm] ?? 0)) last[arm] = time
    if (!isOver(row)) continue
    const step = stepOf((ended.get(row) - at.get(row)) / 1000)
    lengths[step] = (lengths[step] ?? 0) + 1
    all += 1
  }
  /** Share of orders that take longer, by step; those of the step itself count as not longer. */
  const longer = new Float64Array(STEPS)
  let above = 0
  for (let step = STEPS - 1; step >= 0; step--) {
    longer[step] = above / Math.max(1, all)
    above += lengths[step] ?? 0
  }
  const running = arms.map(() => 0)
  for (const row of rows) {
    if (!isOver(row)) continue
    const arm = armOf(row)
    const share = longer[stepOf(((last[arm] ?? 0) - at.get(row)) / 1000)] ?? 0
    if (share <= MOST_RUNNING) running[arm] = (running[arm] ?? 0) + share / (1 - share)
  }
  return running
}
