/** What a configuration asks of providers that are not there, or cannot do it: found when calls are opened, before any order. */
import type { FieldFault } from "../domain/PlaceCall.ts"
import { present } from "../domain/present.ts"
import type { Adapter } from "../provider/Adapter.ts"
import { unmet } from "../provider/orderNeeds.ts"
import type { Configuration, Rule } from "./Configuration.ts"

/** The first of it. An agent may also be configured at providers that are not opened. */
export const misplacedIn = (
  { agents = {}, routes = {}, alsoCheck = [] }: Configuration,
  adapters: ReadonlyArray<Pick<Adapter, "id" | "capabilities">>
): FieldFault | undefined => {
  for (const [name, agent] of Object.entries(agents)) {
    for (const { id, capabilities } of adapters) {
      const at = Object.hasOwn(agent.providers, id) ? agent.providers[id] : undefined
      if (at === undefined) continue
      const everywhere = present({ variables: agent.variables, metadata: agent.metadata })
      const here = present({ variables: at.variables, metadata: at.metadata, from: at.from?.[0] })
      const all = { agent: present({ id: at.id, inline: at.inline }), ...everywhere, ...here }
      const [first] = unmet(all, capabilities)
      if (first?.field === undefined) continue
      const own = first.field.replace(/^agent\./, "")
      const isOwn = Object.hasOwn(here, own) || own === "inline"
      const field = isOwn ? `agents.${name}.providers.${id}.${own}` : `agents.${name}.${own}`
      return {
        field,
        expected: `none${isOwn ? "" : " for all, but under the providers that take it"}: ${id} has no ${first.capability}`
      }
    }
  }
  const known = adapters.map(({ id }) => id)
  const expected = `providers that are opened: ${known.join(" or ")}`
  if (!alsoCheck.every((id) => known.includes(id))) return { field: "alsoCheck", expected }
  for (const [name, { rules }] of Object.entries(routes)) {
    for (const [at, rule] of rules.entries()) {
      if (providersOf(rule).some((provider) => !known.includes(provider)))
        return { field: `routes.${name}.rules[${at}].use`, expected }
    }
  }
  return undefined
}

/** Every provider that must be opened: those that a route may choose, and those that are checked beside. */
export const routedProviders = ({ routes = {}, alsoCheck = [] }: Configuration): ReadonlyArray<string> => [
  ...new Set([...Object.values(routes).flatMap(({ rules }) => rules.flatMap(providersOf)), ...alsoCheck])
]

/** The providers that a rule may choose; those of a function are not known before. */
export const providersOf = ({ use }: Rule): ReadonlyArray<string> => {
  if (typeof use === "string") return [use]
  if ("weights" in use) return Object.keys(use.weights)
  if ("cheapest" in use) return use.cheapest
  if ("experiment" in use) return use.experiment.arms.map(({ provider }) => provider)
  return "choose" in use ? [] : use
}
