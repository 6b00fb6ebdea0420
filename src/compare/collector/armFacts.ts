/** What is known of each arm beyond its rows. */
import type { FoundArm } from "./arms.ts"
import type { ArmFacts } from "../Observations.ts"
import { FLAG } from "./ObservationTable.ts"
import { FAILURE_KINDS, type OrderRows } from "./orderRows.ts"

export const armFacts = (
  { table, arms: names, providers }: Pick<OrderRows, "table" | "arms" | "providers">,
  rows: Uint32Array,
  arms: ReadonlyArray<FoundArm>
): ReadonlyArray<ArmFacts> => {
  const counts = arms.map(() => ({
    providers: new Set<number>(),
    mostAttempts: 0,
    allowed: { orders: 0, sum: 0, squares: 0 },
    open: 0,
    verdicts: 0,
    contradicted: 0,
    dialed: 0,
    failures: FAILURE_KINDS.map(() => 0)
  }))
  const byKey = new Map(arms.map(({ key }, index) => [key, counts[index]]))
  const countsOf = names.all().map((name) => byKey.get(name))
  for (const row of rows) {
    const arm = countsOf[table.get(row, "arm")]
    if (arm === undefined) continue
    const flags = table.get(row, "flags")
    arm.providers.add(table.get(row, "provider"))
    const dials = table.get(row, "dials")
    arm.mostAttempts = Math.max(arm.mostAttempts, dials)
    if ((flags & FLAG.tellsAllowed) !== 0) {
      arm.allowed.orders += 1
      arm.allowed.sum += dials
      arm.allowed.squares += dials * dials
    }
    if ((flags & FLAG.open) !== 0) arm.open += 1
    if ((flags & FLAG.dialed) !== 0) arm.dialed += 1
    arm.verdicts += table.get(row, "verdicts")
    arm.contradicted += table.get(row, "contradicted")
    const failure = table.get(row, "failure")
    if (failure > 0) arm.failures[failure - 1] = (arm.failures[failure - 1] ?? 0) + 1
  }
  return arms.map(({ key, title, agent }, index) => {
    const found = counts[index]
    return {
      name: title,
      key,
      providers: [...(found?.providers ?? [])].map((number) => providers.name(number)).toSorted(),
      agent,
      mostAttempts: found?.mostAttempts ?? 0,
      ...(found === undefined || found.allowed.orders === 0 ? {} : { allowed: spreadOf(found.allowed) }),
      open: found?.open ?? 0,
      verdicts: found?.verdicts ?? 0,
      contradicted: found?.contradicted ?? 0,
      failures: new Map(
        FAILURE_KINDS.map((kind, place): [string, number] => [kind, found?.failures[place] ?? 0]).filter(
          ([, count]) => count > 0
        )
      ),
      dialed: found?.dialed ?? 0
    }
  })
}

const spreadOf = ({ orders, sum, squares }: { orders: number; sum: number; squares: number }) => {
  const mean = sum / orders
  return { orders, mean, variance: Math.max(0, squares / orders - mean * mean) }
}
