/** Which arms there are, in which order, and what people call them. */
import { type Experiment, MOST_ARMS } from "../../experiment/Experiment.ts"
import { countNumbers } from "./gather.ts"
import { compareText } from "../../domain/textOrder.ts"
import type { Names } from "./names.ts"
import type { ObservationTable } from "./ObservationTable.ts"
import type { OrderRows } from "./orderRows.ts"
import { type ArmsBy, LEFT_OUT } from "./populations.ts"

export interface FoundArm {
  /** As rows name it. */
  readonly key: string
  readonly title: string
  /** Id of the agent stored at the provider. */
  readonly agent: string | undefined
}

export interface ArmOptions {
  readonly experiment?: Experiment | undefined
  readonly armsBy: ArmsBy
  readonly baseline?: string | undefined
}

type Named = { readonly table: ObservationTable; readonly arms: Names }

/** The baseline first, then those of the experiment as it lists them, or those found by name. Rows of others are left out. */
export const settleArms = (
  orders: Named & Pick<OrderRows, "labels">,
  placements: Named,
  { experiment, armsBy, baseline }: ArmOptions
): ReadonlyArray<FoundArm> => {
  const arms =
    experiment === undefined
      ? titled(largest(orders, placements), orders.labels).map((arm) => ({
          ...arm,
          agent: armsBy === "agent" ? arm.key : undefined
        }))
      : experiment.arms.map(({ name, agent }) => ({ key: name, title: name, agent }))
  leaveOutOthers(orders, arms)
  leaveOutOthers(placements, arms)
  const wanted = baseline ?? experiment?.baseline
  const first = arms.find(({ key, title }) => key === wanted || title === wanted)
  return first === undefined ? arms : [first, ...arms.filter((arm) => arm !== first)]
}

/** Names of the arms with the most rows, in order of letters. */
const largest = (...tables: ReadonlyArray<Named>): ReadonlyArray<string> => {
  const counts = new Map<string, number>()
  for (const { table, arms } of tables) {
    for (const [number, count] of countNumbers(table, "arm")) {
      const name = arms.name(number)
      counts.set(name, (counts.get(name) ?? 0) + count)
    }
  }
  return [...counts]
    .toSorted(([a, countA], [b, countB]) => countB - countA || compareText(a, b))
    .slice(0, MOST_ARMS)
    .map(([name]) => name)
    .toSorted(compareText)
}

/** An arm is called by its label if no other is called so. */
const titled = (keys: ReadonlyArray<string>, labels: ReadonlyMap<string, string>) => {
  const uses = new Map<string, number>()
  for (const key of keys) {
    for (const name of new Set([key, labels.get(key) ?? key])) uses.set(name, (uses.get(name) ?? 0) + 1)
  }
  return keys.map((key) => {
    const label = labels.get(key) ?? key
    return { key, title: uses.get(label) === 1 ? label : key }
  })
}

const leaveOutOthers = ({ table, arms }: Named, kept: ReadonlyArray<FoundArm>): void => {
  const keys = new Set(kept.map(({ key }) => key))
  const isKept = arms.all().map((name) => keys.has(name))
  for (let row = 0; row < table.size(); row++) {
    if (table.get(row, "leftOut") !== LEFT_OUT.none || isKept[table.get(row, "arm")] === true) continue
    table.set(row, "leftOut", LEFT_OUT.manyArms)
  }
}
