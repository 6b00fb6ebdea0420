/** Which arms there are, in which order, and what people call them. */
import { MOST_ARMS } from "../../experiment/Experiment.ts"
import { countTexts, mostFrequent } from "./gather.ts"
import type { ObservationTable } from "./ObservationTable.ts"
import { leftOutNumber, type PopulationOptions } from "./populations.ts"

export interface FoundArm {
  /** As rows name it. */
  readonly key: string
  readonly title: string
  /** Id of the agent stored at the provider. */
  readonly agent: string | undefined
}

/** The baseline first, then those of the experiment as it lists them, or those found by name. Rows of others are left out. */
export const settleArms = (
  tables: ReadonlyArray<ObservationTable>,
  labels: ReadonlyMap<string, string>,
  { experiment, armsBy, baseline }: PopulationOptions & { readonly baseline?: string | undefined }
): ReadonlyArray<FoundArm> => {
  const arms =
    experiment === undefined
      ? titled(largest(tables), labels).map((arm) => ({ ...arm, agent: armsBy === "agent" ? arm.key : undefined }))
      : experiment.arms.map(({ name, agent }) => ({ key: name, title: name, agent }))
  for (const table of tables) leaveOutOthers(table, arms)
  const wanted = baseline ?? experiment?.baseline
  const first = arms.find(({ key, title }) => key === wanted || title === wanted)
  return first === undefined ? arms : [first, ...arms.filter((arm) => arm !== first)]
}

/** Names of the arms with the most rows, in order of letters. */
const largest = (tables: ReadonlyArray<ObservationTable>): ReadonlyArray<string> => {
  const counts = new Map<string, number>()
  for (const table of tables) {
    for (const [name, count] of countTexts(table, "arm")) counts.set(name, (counts.get(name) ?? 0) + count)
  }
  return mostFrequent(counts, MOST_ARMS)
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

const leaveOutOthers = (table: ObservationTable, kept: ReadonlyArray<FoundArm>): void => {
  const [leftOut, arm] = [table.column("leftOut"), table.column("arm")]
  const keys = new Set(kept.map(({ key }) => key))
  const isKept = arm.texts.map((name) => keys.has(name))
  for (let row = 0; row < table.size(); row++) {
    if (leftOut.get(row) === 0 && isKept[arm.get(row)] !== true) leftOut.set(row, leftOutNumber("manyArms"))
  }
}
