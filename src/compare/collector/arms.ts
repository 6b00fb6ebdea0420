/** Which arms there are, in which order, what people call them, and what is known of each beyond its rows. */
import { MOST_ARMS } from "../../experiment/Experiment.ts"
import type { ArmFacts } from "../Observations.ts"
import { countArmTexts, mostFrequent, placeIn } from "./gather.ts"
import type { ObservationTable } from "./ObservationTable.ts"
import { FAILURE_KINDS, type OrderColumn } from "./orderColumns.ts"
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
      ? titled(mostFrequent(countArmTexts(tables), MOST_ARMS), labels).map((arm) => ({
          ...arm,
          agent: armsBy === "agent" ? arm.key : undefined
        }))
      : experiment.arms.map(({ name, agent }) => ({ key: name, title: name, agent }))
  for (const table of tables) leaveOutOthers(table, arms)
  const wanted = baseline ?? experiment?.baseline
  const first = arms.find(({ key, title }) => key === wanted || title === wanted)
  return first === undefined ? arms : [first, ...arms.filter((arm) => arm !== first)]
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

export const armFacts = (
  table: ObservationTable<OrderColumn>,
  rows: Uint32Array,
  arms: ReadonlyArray<FoundArm>
): ReadonlyArray<ArmFacts> => {
  const facts = arms.map(({ key, title, agent }) => ({
    name: title,
    key,
    providers: new Set<string>(),
    agent,
    mostAttempts: 0,
    allowed: { orders: 0, sum: 0, squares: 0 },
    open: 0,
    verdicts: 0,
    contradicted: 0,
    dialed: 0,
    failures: new Map<string, number>(FAILURE_KINDS.map((kind) => [kind, 0]))
  }))
  const keys = arms.map(({ key }) => key)
  const arm = placeIn(table.column("arm"), keys)
  const [provider, failure] = [table.column("provider"), table.column("failure")]
  const [dials, tellsAllowed] = [table.column("dials"), table.column("tellsAllowed")]
  const sums = (["open", "dialed", "verdicts", "contradicted"] as const).map((name) => ({
    name,
    column: table.column(name)
  }))
  for (const row of rows) {
    const found = facts[arm(row)]
    if (found === undefined) continue
    for (const { name, column } of sums) found[name] += column.get(row)
    found.providers.add(provider.text(row))
    found.mostAttempts = Math.max(found.mostAttempts, dials.get(row))
    if (tellsAllowed.get(row) === 1) {
      found.allowed.orders += 1
      found.allowed.sum += dials.get(row)
      found.allowed.squares += dials.get(row) ** 2
    }
    const kind = FAILURE_KINDS[failure.get(row) - 1]
    if (kind !== undefined) found.failures.set(kind, (found.failures.get(kind) ?? 0) + 1)
  }
  return facts.map(({ providers, allowed, failures, ...counts }) => ({
    ...counts,
    providers: [...providers].toSorted(),
    failures: new Map([...failures].filter(([, count]) => count > 0)),
    ...(allowed.orders === 0 ? {} : { allowed: spreadOf(allowed) })
  }))
}

const spreadOf = ({ orders, sum, squares }: { orders: number; sum: number; squares: number }) => {
  const mean = sum / orders
  return { orders, mean, variance: Math.max(0, squares / orders - mean * mean) }
}
