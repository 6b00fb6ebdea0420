/** Plans of payloads, as the command makes them. */
import { providers } from "../../adapters/index.ts"
import type { Adapter } from "../../src/provider/Adapter.ts"
import { makeUsageCollector } from "../../src/switch/collectUsage.ts"
import { planOf } from "../../src/switch/plan.ts"
import type { PlannedFeature, SwitchPlan } from "../../src/switch/SwitchPlan.ts"

export const adapterOf = (id: string): Adapter => {
  const adapter = providers.get(id)
  if (adapter === undefined) throw new Error(`${id} is no provider`)
  return adapter
}

export const usageFrom = (from: string | Adapter, payloads: ReadonlyArray<unknown>) => {
  const adapter = typeof from === "string" ? adapterOf(from) : from
  const collector = makeUsageCollector({ registry: providers, adapter })
  for (const payload of payloads) collector.payload(payload, () => "test")
  return collector.finish()
}

/** `target` may be another declaration than the one that is there. */
export const planFor = (from: string | Adapter, to: string | Adapter, payloads: ReadonlyArray<unknown>): SwitchPlan => {
  const { usage, input } = usageFrom(from, payloads)
  const source = typeof from === "string" ? adapterOf(from) : from
  return planOf({ usage, source, target: typeof to === "string" ? adapterOf(to) : to }, input)
}

export const featureOf = (plan: SwitchPlan, id: string): PlannedFeature => {
  const found = plan.features.find((feature) => feature.id === id)
  if (found === undefined) throw new Error(`the plan has no feature ${id}`)
  return found
}
