/** An order that names an agent, as one provider gets it. Pure. */
import * as Result from "effect/Result"
import { countryOfNumber, type PhoneNumber } from "../domain/PhoneNumber.ts"
import type { FieldFault, PlaceCall } from "../domain/PlaceCall.ts"
import { present } from "../domain/present.ts"
import type { AgentAt, Configuration } from "./Configuration.ts"
import { madeOnce } from "./madeOnce.ts"
import { makeChoice } from "./rendezvous.ts"

/** The order as it goes to a provider: what its agent is there, and what the configuration adds. What the order says itself holds. */
export const orderAt = (
  { agents = {} }: Pick<Configuration, "agents">,
  order: PlaceCall,
  provider: string
): Result.Result<PlaceCall, FieldFault> => {
  const { name } = order.agent
  if (name === undefined) return Result.succeed(order)
  const agent = Object.hasOwn(agents, name) ? agents[name] : undefined
  if (agent === undefined) return Result.fail({ field: "agent.name", expected: anyOf("a named agent", agents) })
  const at = Object.hasOwn(agent.providers, provider) ? agent.providers[provider] : undefined
  if (at === undefined) {
    return Result.fail({ field: "agent.name", expected: `an agent that is configured at ${provider}` })
  }
  return Result.succeed({
    ...order,
    agent: present({ id: at.id, inline: at.inline }),
    ...present({
      from: order.from ?? numberFor(order.to, at),
      variables: joined(agent.variables, at.variables, order.variables),
      metadata: joined(agent.metadata, at.metadata, order.metadata),
      providerOptions: optionsOf(at, order, provider)
    })
  })
}

/** What may stand there, by its names; too many are not told. */
export const anyOf = (what: string, named: object): string => {
  const names = Object.keys(named)
  if (names.length === 0) return `none: the configuration has no ${what.replace(/^an? /, "")}`
  return names.length > 20 ? `${what} of the configuration` : names.join(" or ")
}

type TextMap = { readonly [name: string]: string }

/** Later ones win. */
const joined = (...maps: ReadonlyArray<TextMap | undefined>): TextMap | undefined => {
  const given = maps.filter((map) => map !== undefined)
  return given.length === 0 ? undefined : Object.fromEntries(given.flatMap((map) => Object.entries(map)))
}

const optionsOf = ({ options }: AgentAt, { providerOptions }: PlaceCall, provider: string) =>
  options === undefined
    ? providerOptions
    : { ...providerOptions, [provider]: { ...options, ...providerOptions?.[provider] } }

/** A person is always called from the same number, as long as it is there. */
const numberFor = (to: PhoneNumber, at: AgentAt): PhoneNumber | undefined => {
  const { from = [], localPresence = false } = at
  const only = from.length < 2 ? from[0] : undefined
  return only ?? (localPresence ? numbersOf(at).local(to) : undefined) ?? numbersOf(at).any(to)
}

type NumberOf = (to: PhoneNumber) => PhoneNumber | undefined

interface Numbers {
  readonly any: NumberOf
  /** Of the same country; none where there is none. */
  readonly local: NumberOf
}

/** Reading the countries of numbers takes longer than all else of a decision. */
const numbersOf = madeOnce(({ from = [] }: AgentAt): Numbers => {
  const oneOf = (pool: ReadonlyArray<PhoneNumber>): NumberOf => makeChoice(pool, "from")
  const byCountry = new Map([...Map.groupBy(from, countryOfNumber)].map(([country, pool]) => [country, oneOf(pool)]))
  return { any: oneOf(from), local: (to) => byCountry.get(countryOfNumber(to))?.(to) }
})
