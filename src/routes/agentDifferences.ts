/** How the named agents of a configuration differ from what their providers have. Pure. */
import type { PhoneNumber } from "../domain/PhoneNumber.ts"
import type { AccountLists, Listed, Unread } from "./accountLists.ts"
import type { AgentAt, Configuration, NamedAgent } from "./Configuration.ts"

/** `wrong`: an order would fail. `unchecked`: nobody knows. `note`: it may be meant. */
export type Severity = "wrong" | "unchecked" | "note"

const SEVERITY = {
  agent_missing: "wrong",
  agent_not_seen: "unchecked",
  number_missing: "wrong",
  number_not_seen: "unchecked",
  number_of_other_agent: "note",
  languages_differ: "note",
  not_checked: "unchecked"
} as const satisfies { readonly [kind: string]: Severity }

type Kind = keyof typeof SEVERITY

interface Of<K extends Kind> {
  readonly kind: K
  readonly severity: Severity
}

/** Of one named agent at one provider. */
interface AtProvider {
  /** The name in the configuration. */
  readonly agent: string
  readonly provider: string
}

/** One thing that is not as the configuration says, or that could not be checked. */
export type AgentDifference =
  | (Of<"agent_missing"> & AtProvider & { readonly id: string })
  /** The list may not be whole. */
  | (Of<"agent_not_seen"> & AtProvider & { readonly id: string })
  | (Of<"number_missing"> & AtProvider & { readonly number: PhoneNumber })
  | (Of<"number_not_seen"> & AtProvider & { readonly number: PhoneNumber; readonly because: "incomplete" | "assigned" })
  | (Of<"number_of_other_agent"> &
      AtProvider & { readonly number: PhoneNumber; readonly agentIds: ReadonlyArray<string> })
  | (Of<"languages_differ"> & { readonly agent: string; readonly languages: { readonly [provider: string]: string } })
  | (Of<"not_checked"> & { readonly provider: string; readonly what: What; readonly because: Unread })

/** Which list. */
export type What = "agents" | "numbers"

const difference = <K extends Kind, Fields>(kind: K, fields: Fields) => ({ kind, severity: SEVERITY[kind], ...fields })

/** What has to be read of a provider for a configuration; nothing where its agents are all defined in place. */
export const neededLists = ({ agents = {} }: Pick<Configuration, "agents">): ReadonlyMap<string, ReadonlySet<What>> => {
  const needed = new Map<string, Set<What>>()
  for (const { providers } of Object.values(agents)) {
    for (const [provider, { id, from }] of Object.entries(providers)) {
      const lists = needed.get(provider) ?? new Set()
      if (id !== undefined) lists.add("agents")
      if (from !== undefined) lists.add("numbers")
      if (lists.size > 0) needed.set(provider, lists)
    }
  }
  return needed
}

/** In the order of the configuration; what could not be read of a provider comes once, at the end. */
export const agentDifferences = (
  { agents = {} }: Pick<Configuration, "agents">,
  accounts: ReadonlyMap<string, AccountLists>
): ReadonlyArray<AgentDifference> => [
  ...Object.entries(agents).flatMap(([name, agent]) => [
    ...Object.entries(agent.providers).flatMap(([provider, at]) => {
      const account = accounts.get(provider)
      const place = { agent: name, provider }
      return account === undefined ? [] : [...ofAgent(place, at, account), ...ofNumbers(place, at, account)]
    }),
    ...ofLanguages(name, agent, accounts)
  ]),
  ...[...neededLists({ agents })].flatMap(([provider, lists]) =>
    [...lists].flatMap((what) => {
      const list = accounts.get(provider)?.[what] ?? "unknown_provider"
      return typeof list === "string" ? [difference("not_checked", { provider, what, because: list })] : []
    })
  )
]

const ofAgent = (place: AtProvider, { id }: AgentAt, { agents }: AccountLists): ReadonlyArray<AgentDifference> => {
  if (id === undefined || typeof agents === "string" || agents.items.some((agent) => agent.id === id)) return []
  return [difference(agents.isWhole ? "agent_missing" : "agent_not_seen", { ...place, id })]
}

const ofNumbers = (
  place: AtProvider,
  { id, from = [] }: AgentAt,
  { numbers }: AccountLists
): ReadonlyArray<AgentDifference> => {
  if (typeof numbers === "string") return []
  return from.flatMap((number): ReadonlyArray<AgentDifference> => {
    const found = numbers.items.filter(({ e164 }) => e164 === number)
    if (found.length === 0) return [unseenNumber({ ...place, number }, numbers)]
    const agentIds = [...new Set(found.flatMap((each) => each.agentIds ?? []))]
    return agentIds.length === 0 || id === undefined || agentIds.includes(id)
      ? []
      : [difference("number_of_other_agent", { ...place, number, agentIds })]
  })
}

const unseenNumber = (
  place: AtProvider & { readonly number: PhoneNumber },
  { isWhole, isOfAssigned = false }: Listed<unknown>
): AgentDifference => {
  if (!isWhole) return difference("number_not_seen", { ...place, because: "incomplete" as const })
  return isOfAssigned
    ? difference("number_not_seen", { ...place, because: "assigned" as const })
    : difference("number_missing", place)
}

/** Of two words for regions of one language (`en`, `en-US`) none is wrong; a word for several languages is no language. */
const LANGUAGE = /^([a-z]{2,3})(?:[-_]|$)/i

const ofLanguages = (
  name: string,
  { providers }: NamedAgent,
  accounts: ReadonlyMap<string, AccountLists>
): ReadonlyArray<AgentDifference> => {
  const told = Object.entries(providers).flatMap(([provider, { id }]) => {
    const agents = accounts.get(provider)?.agents
    const found = typeof agents === "object" ? agents.items.find((agent) => agent.id === id) : undefined
    const language = found?.language
    const main = language === undefined ? undefined : LANGUAGE.exec(language)?.[1]?.toLowerCase()
    return language === undefined || main === undefined ? [] : [{ provider, language, main }]
  })
  if (new Set(told.map(({ main }) => main)).size < 2) return []
  const languages = Object.fromEntries(told.map(({ provider, language }) => [provider, language]))
  return [difference("languages_differ", { agent: name, languages })]
}
