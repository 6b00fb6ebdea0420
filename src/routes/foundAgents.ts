/** Named agents made out of what providers have. Pure. */
import { present } from "../domain/present.ts"
import type { AgentInfo, NumberInfo } from "../provider/Catalog.ts"
import { type AgentAt, isName, LONGEST_NAME, type NamedAgent } from "./Configuration.ts"

/** What was read of a provider. */
export interface FoundAccount {
  readonly agents: ReadonlyArray<AgentInfo>
  readonly numbers: ReadonlyArray<NumberInfo>
  /** Whether its orders may name the number to call from. */
  readonly takesNumber: boolean
}

export interface FoundAgents {
  /** By the application's own name. */
  readonly agents: { readonly [name: string]: NamedAgent }
  /** Names that several agents of one provider have, so that nobody knows which of them belongs to those of others. */
  readonly ambiguous: number
  /** Numbers that could be called from and are not in it: they are assigned to no agent, or it is not told to which. */
  readonly unassigned: number
}

/**
 * Agents of several providers with the same name are one, but for upper case and spaces; others are one each. Each has the
 * numbers that are assigned to it.
 */
export const foundAgents = (accounts: ReadonlyArray<FoundAccount>): FoundAgents => {
  const groups = Map.groupBy(
    accounts.flatMap((account) => account.agents.map((agent) => ({ agent, at: agentAt(agent, account) }))),
    ({ agent }) => folded(agent.name ?? "")
  )
  const agents = new Map<string, NamedAgent>()
  let ambiguous = 0
  for (const [name, group] of groups) {
    const isOne = name !== "" && new Set(group.map(({ agent }) => agent.provider)).size === group.length
    if (!isOne && name !== "") ambiguous += 1
    for (const part of isOne ? [group] : group.map((each) => [each])) {
      const providers = Object.fromEntries(part.map(({ agent, at }) => [agent.provider, at]))
      agents.set(unusedName(nameOf(name), agents), { providers })
    }
  }
  const unassigned = accounts.reduce((count, account) => count + unassignedIn(account), 0)
  return { agents: Object.fromEntries(agents), ambiguous, unassigned }
}

const unassignedIn = ({ agents, numbers, takesNumber }: FoundAccount): number => {
  const ids = new Set(agents.map(({ id }) => id))
  const isLeft = ({ e164, agentIds = [] }: NumberInfo) => e164 !== undefined && !agentIds.some((id) => ids.has(id))
  return takesNumber ? numbers.filter(isLeft).length : 0
}

const MOST_NUMBERS = 1000

const agentAt = ({ id }: AgentInfo, { numbers, takesNumber }: FoundAccount): AgentAt => {
  const own = numbers.flatMap(({ e164, agentIds = [] }) => (e164 !== undefined && agentIds.includes(id) ? [e164] : []))
  const from = takesNumber ? [...new Set(own)].slice(0, MOST_NUMBERS) : []
  return { id, ...present({ from: from.length === 0 ? undefined : from }) }
}

const folded = (name: string): string => name.normalize("NFKC").trim().toLowerCase().replaceAll(/\s+/gu, " ")

const UNNAMED = "agent"

/** Seven digits or more, however they are written apart. */
const NUMBER = /\d(?:[^\p{L}\d]*\d){6,}/gu

/** A name of the configuration that is as like as may be. What could be a telephone number is left out. */
const nameOf = (name: string): string => {
  const written = name
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(NUMBER, "")
    .replaceAll(/[^a-z0-9._]+/gu, "-")
    .replaceAll(/[._-]{2,}/gu, "-")
    .replaceAll(/^[._-]+|[._-]+$/gu, "")
  const begun = /^[a-z]/u.test(written) ? written : written === "" ? UNNAMED : `${UNNAMED}-${written}`
  const cut = begun.slice(0, LONGEST_NAME)
  return isName(cut) ? cut : UNNAMED
}

const unusedName = (name: string, used: ReadonlyMap<string, unknown>): string => {
  if (!used.has(name)) return name
  // With the digits of a count it would be too like a telephone number.
  const base = isName(`${name.slice(0, LONGEST_NAME - 4)}-999`) ? name : UNNAMED
  for (let count = 2; ; count++) {
    const suffix = `-${count}`
    const candidate = `${base.slice(0, LONGEST_NAME - suffix.length)}${suffix}`
    if (!used.has(candidate)) return candidate
  }
}
