/** Who was assigned, whether anything came of it or not, and what was lost on the way. */
import { type LossCounts, LOSSES } from "../Observations.ts"
import { numberKeys, placeIn } from "./gather.ts"
import { isOverdue, LOSS_NUMBERS } from "./losses.ts"
import type { ObservationTable } from "./ObservationTable.ts"
import type { OrderColumn } from "./orderColumns.ts"
import type { PlacementColumn } from "./placementRows.ts"

/** Units of which there are placements, one place for each. */
export interface AssignedUnits {
  /** Index of the arm. */
  readonly arm: Uint8Array
  /** How all its placements were lost, by `LOSS_NUMBERS`; none if one was not, or if an order of the unit is in the data. */
  readonly loss: Uint8Array
  /** Whether the placement says whom it is about; older lines do not, and stand for themselves. */
  readonly isTold: Uint8Array
  /** When it was first asked for, in milliseconds since the epoch; NaN if not told. */
  readonly at: Float64Array
  /** What that request would be sorted by; empty if not told. */
  readonly stratumOf: (unit: number) => string
}

interface Tables {
  readonly placements: ObservationTable<PlacementColumn>
  /** In order of time, as those of the orders. */
  readonly placementRows: Uint32Array
  readonly orders: ObservationTable<OrderColumn>
  readonly rows: Uint32Array
  /** The latest moment in the data, in milliseconds since the epoch. */
  readonly asOf: number
}

export const assignedUnits = (
  { placements, placementRows, orders, rows, asOf }: Tables,
  arms: ReadonlyArray<string>
): AssignedUnits => {
  const [high, low] = [placements.column("unitHigh"), placements.column("unitLow")]
  const { numbers: unit, size: units, find } = numberKeys(high, low, placementRows)
  const [told, kind, time] = [placements.column("tellsUnit"), placements.column("loss"), placements.column("at")]
  const [armOf, stratum] = [placeIn(placements.column("arm"), arms), placements.column("stratum")]
  const [arm, loss, isTold] = [new Uint8Array(units), new Uint8Array(units), new Uint8Array(units)]
  const first = new Uint32Array(units)
  const came = (who: number, as: number): void => void (loss[who] = Math.max(as, loss[who] ?? 0))
  for (let place = 0; place < placementRows.length; place++) {
    const [row, who] = [placementRows[place] ?? 0, unit[place] ?? 0]
    if (loss[who] === 0) first[who] = row
    arm[who] = armOf(row)
    isTold[who] = told.get(row)
    came(who, kind.get(row))
  }
  const [ofHigh, ofLow] = [orders.column("unitHigh"), orders.column("unitLow")]
  if (units > 0)
    rows.forEach((row) => {
      const who = find(ofHigh.get(row), ofLow.get(row))
      if (who >= 0) came(who, LOSS_NUMBERS[isOverdue(orders, row, asOf) ? "notOver" : "none"])
    })
  const at = new Float64Array(units).map((_, who) => time.get(first[who] ?? 0))
  return { arm, loss, isTold, at, stratumOf: (who) => stratum.text(first[who] ?? 0) }
}

/** By index of the arm. */
export const countLosses = ({ arm, loss }: AssignedUnits, arms: ReadonlyArray<string>): ReadonlyArray<LossCounts> => {
  const counts = arms.map(() => new Uint32Array(LOSS_NUMBERS.none + 1))
  loss.forEach((kind, who) => {
    const ofArm = counts[arm[who] ?? 0]
    if (ofArm !== undefined) ofArm[kind] = (ofArm[kind] ?? 0) + 1
  })
  return counts.map((ofArm) => ({
    assigned: ofArm.reduce((sum, count) => sum + count, 0),
    lost: LOSSES.map((kind) => ofArm[LOSS_NUMBERS[kind]] ?? 0)
  }))
}
