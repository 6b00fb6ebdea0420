/** What is known of each arm beyond its rows. */
import type { ArmFacts } from "../Observations.ts"
import type { FoundArm } from "./arms.ts"
import { placeIn } from "./gather.ts"
import type { ObservationTable } from "./ObservationTable.ts"
import { FAILURE_KINDS, type OrderColumn } from "./orderColumns.ts"

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
