/** What a configuration says of two providers, and what is to be written in it for a move from one to the other. Pure. */
import { present } from "../../domain/present.ts"
import type { Adapter } from "../../provider/Adapter.ts"
import type { AgentAt, Configuration, NamedAgent } from "../../routes/Configuration.ts"
import type { ConfigurationFinding, PlannedConfiguration } from "../SwitchPlan.ts"
import { AGENT_RULES, type AgentRule } from "./agentRules.ts"
import { ruleBecomes } from "./ruleUses.ts"
import { checkedBeside, defaultRoute, findingOf, mayOmit, names, numbersAt, withoutRoutes } from "./settings.ts"
import { shownName } from "./written.ts"

interface Move {
  readonly source: Adapter
  readonly target: Adapter
}

export const planConfiguration = (configuration: Configuration, move: Move): PlannedConfiguration => {
  const { agents = {}, routes = {} } = configuration
  const { source, target } = move
  const placed = Object.values(agents).map((agent) => [at(agent, source), at(agent, target)] as const)
  const count = (here: boolean, there: boolean) =>
    placed.filter(([one, other]) => (one !== undefined) === here && (other !== undefined) === there).length
  const all = Object.values(routes)
  return {
    agents: {
      all: placed.length,
      atBoth: count(true, true),
      atSource: count(true, false),
      atTarget: count(false, true),
      atNeither: count(false, false)
    },
    callerNumbers: { source: numbersAt(configuration, source.id), target: numbersAt(configuration, target.id) },
    routes: all.length,
    rules: {
      all: all.reduce((sum, { rules }) => sum + rules.length, 0),
      source: all.reduce((sum, route) => sum + names(route, source.id), 0),
      target: all.reduce((sum, route) => sum + names(route, target.id), 0)
    },
    findings: [
      {
        id: "also_check",
        place: "alsoCheck",
        title: "`alsoCheck`",
        use: [],
        ...findingOf(checkedBeside(configuration, move))
      },
      ...agentFindings(agents, move),
      ...routeFindings(configuration, move)
    ]
  }
}

const at = ({ providers }: NamedAgent, { id }: Adapter): AgentAt | undefined =>
  Object.hasOwn(providers, id) ? providers[id] : undefined

const isAgentRule = (id: string): id is keyof typeof AGENT_RULES => Object.hasOwn(AGENT_RULES, id)
const RULE_IDS = Object.keys(AGENT_RULES).filter(isAgentRule)

const agentFindings = (
  agents: NonNullable<Configuration["agents"]>,
  { source, target }: Move
): ReadonlyArray<ConfigurationFinding> =>
  Object.entries(agents).flatMap(([name, agent]) => {
    const [here, there] = [at(agent, source), at(agent, target)]
    if (here === undefined && there === undefined) return []
    return RULE_IDS.flatMap((id): ReadonlyArray<ConfigurationFinding> => {
      const rule: AgentRule = AGENT_RULES[id]
      const becoming = rule.becomes({ name, agent, here, there, source, target })
      if (becoming === undefined) return []
      const title = `Agent ${shownName(name)}${rule.part === "" ? "" : `: ${rule.part}`}`
      return [{ id, place: `agents.${shownName(name)}`, title, use: becoming.use ?? [], ...findingOf(becoming) }]
    })
  })

const routeFindings = (configuration: Configuration, move: Move): ReadonlyArray<ConfigurationFinding> => {
  const { routes = {}, rates = {} } = configuration
  if (Object.keys(routes).length === 0)
    return [{ id: "routes", place: "routes", title: "Routes", use: [], ...findingOf(withoutRoutes(move)) }]
  const byDefault = findingOf(defaultRoute(configuration, move))
  return [
    { id: "default_route", place: "defaultRoute", title: "The default route", use: [], ...byDefault },
    ...Object.entries(routes).flatMap(([name, route]): ReadonlyArray<ConfigurationFinding> => {
      const [place, title] = [`routes.${shownName(name)}`, `Route ${shownName(name)}`]
      const omitted = mayOmit(route, move)
      return [
        ...route.rules.flatMap((rule, index): ReadonlyArray<ConfigurationFinding> => {
          const becoming = ruleBecomes({ rule, route, rates, ...move })
          if (becoming === undefined) return []
          const { use, share } = becoming
          const about = { place: `${place}.rules[${index}]`, title: `${title}, rule ${shownName(rule.name)}` }
          return [{ id: "rule", ...about, ...present({ share }), use, ...findingOf(becoming) }]
        }),
        ...(omitted === undefined
          ? []
          : [
              {
                id: "may_omit",
                place: `${place}.mayOmit`,
                title: `${title}: \`mayOmit\``,
                use: [],
                ...findingOf(omitted)
              } as const
            ])
      ]
    })
  ]
}
