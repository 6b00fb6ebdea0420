/** Whom a rule names for an order, the best first, and why. Pure. */
import { hmac } from "@noble/hashes/hmac.js"
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import * as Result from "effect/Result"
import type { Instant } from "../domain/Instant.ts"
import type { FieldFault, PlaceCall } from "../domain/PlaceCall.ts"
import { makeAssignOrder } from "../experiment/assignmentTag.ts"
import type { Capabilities } from "../provider/Capabilities.ts"
import type { Cheapest, Configuration, Experimental, Rule, RuleUse, Weighted } from "./Configuration.ts"
import { madeOnce } from "./madeOnce.ts"
import { orderAt } from "./namedAgent.ts"
import { priceOf } from "./rateCard.ts"
import { makeRanking } from "./rendezvous.ts"

/** Providers by preference. */
export interface Preference {
  readonly providers: ReadonlyArray<string>
  /** Why this one, if it is the first; goes on from "rule NAME". */
  readonly because: (id: string) => string
  /** The order as it goes to a provider, where the rule changes it: an experiment gives it the agent of its arm, and marks it. */
  readonly orderAt?: (provider: string) => PlaceCall | undefined
}

export interface PreferenceContext {
  readonly configuration: Configuration
  /** Keeps the chances of two routes apart. */
  readonly route: string
  /** When it is decided. */
  readonly at: Instant
  /** The provider that is kept for what the route goes by. */
  readonly kept?: string | undefined
  readonly capabilitiesOf: (provider: string) => Capabilities | undefined
}

/** None of them: the next rule decides. */
export const preferenceOf = (
  { name, use }: Rule,
  order: PlaceCall,
  context: PreferenceContext
): Result.Result<Preference, FieldFault> => {
  if (typeof use === "string") return Result.succeed({ providers: [use], because: (id) => `names ${id}` })
  if (isList(use)) return Result.succeed({ providers: use, because: (id) => `prefers ${id}` })
  if ("weights" in use) return weighted(use, order, context)
  if ("cheapest" in use) return Result.succeed(cheapest(use, order, context))
  if ("experiment" in use) return assigned(use, order, context)
  // What it throws may hold the number.
  const { capabilitiesOf } = context
  const called = Result.try({ try: () => use.choose(order), catch: () => undefined })
  if (Result.isFailure(called))
    return Result.fail({ field: "route", expected: `a function of rule ${name} that does not throw` })
  const chosen = called.success
  const providers: ReadonlyArray<unknown> = chosen === undefined ? [] : typeof chosen === "string" ? [chosen] : chosen
  return Array.isArray(providers) && providers.every((id) => typeof id === "string" && capabilitiesOf(id) !== undefined)
    ? Result.succeed({ providers, because: (id) => `chose ${id}` })
    : Result.fail({ field: "route", expected: `ids of opened providers from the function of rule ${name}` })
}

const isList = (use: RuleUse): use is Extract<RuleUse, ReadonlyArray<unknown>> => Array.isArray(use)

const weighted = (
  use: Weighted,
  order: PlaceCall,
  { route, kept }: PreferenceContext
): Result.Result<Preference, FieldFault> => {
  const { weights, by = "number", keep = false } = use
  const key = keyOf(by, order)
  if (key === undefined) return Result.fail({ field: "routeKey", expected: "a key: the route goes by it" })
  const providers = rankingsOf(use)(route)(key)
  const isKept = keep && kept !== undefined && providers.includes(kept)
  return Result.succeed({
    providers: isKept ? [kept, ...providers.filter((id) => id !== kept)] : providers,
    because: (id) =>
      isKept && id === kept
        ? `keeps the ${WORD[by]} with ${id}`
        : `gives the ${WORD[by]} to ${id} (weight ${weights[id]})`
  })
}

/** The names of routes come from one configuration, and are few. */
const rankingsOf = madeOnce(({ weights }: Weighted) => {
  const byRoute = new Map<string, ReturnType<typeof makeRanking>>()
  return (route: string) => {
    const ranking = byRoute.get(route) ?? makeRanking(Object.entries(weights), route)
    byRoute.set(route, ranking)
    return ranking
  }
})

const keyOf = (by: keyof typeof WORD, order: PlaceCall): string | undefined =>
  ({ number: order.to, key: order.routeKey, reference: order.reference })[by]

/** Under what the journal keeps the choice of a rule, where it is to: nobody can tell from it whose it is. */
export const keptAs = ({ name, use }: Rule, order: PlaceCall, route: string, secret: string): string | undefined => {
  if (typeof use === "string" || !("weights" in use) || use.keep !== true) return undefined
  const { by = "number" } = use
  const text = JSON.stringify([route, name, by, keyOf(by, order)])
  return bytesToHex(hmac(sha256, utf8ToBytes(secret), utf8ToBytes(`unicall route 1 ${text}`)))
}

const WORD = { number: "called number", key: "key", reference: "reference" } as const

const cheapest = (
  { cheapest: providers, minutes = 1 }: Cheapest,
  order: PlaceCall,
  { configuration: { rates = {} } }: PreferenceContext
): Preference => {
  const priced = providers.flatMap((provider) => {
    const card = Object.hasOwn(rates, provider) ? rates[provider] : undefined
    const price = card && priceOf(card, order.to, minutes)
    return price === undefined ? [] : [{ provider, price }]
  })
  const best = priced.toSorted((a, b) => a.price - b.price)
  return {
    providers: best.map(({ provider }) => provider),
    because: (id) => `finds the least price at ${id}`
  }
}

/** An order that only some arms could take would make the arms unlike: it is refused, and no other rule is asked. */
const assigned = (
  { experiment }: Experimental,
  { routeKey: _key, mayOmit: _may, route: _route, ...order }: PlaceCall,
  { configuration, at, capabilitiesOf }: PreferenceContext
): Result.Result<Preference, FieldFault> => {
  const applied = assignmentOf(experiment)(order, {
    capabilitiesOf,
    at,
    orderAt: (each, provider) => orderAt(configuration, each, provider)
  })
  return Result.map(applied, ({ arm, order: own, orderOfArmAt }) => ({
    providers: [arm.provider],
    because: (id) => `assigns it to arm ${arm.name} of ${experiment.id}, at ${id}`,
    orderAt: (provider) => (provider === arm.provider ? own : orderOfArmAt(provider))
  }))
}

const assignmentOf = madeOnce(makeAssignOrder)
