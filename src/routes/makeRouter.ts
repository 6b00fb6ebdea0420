/** A configuration as placing asks for it: the provider of each order, and what its names mean there. Pure. */
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type {
  AlsoChecked,
  MakeRouter,
  ReadyAt,
  RouteCandidate,
  Routed,
  Router,
  RoutingContext
} from "../calls/Router.ts"
import { placedBefore } from "../calls/preparedOrder.ts"
import type { FieldFault, Omittable, PlaceCall } from "../domain/PlaceCall.ts"
import { present } from "../domain/present.ts"
import { digestOfJson } from "../experiment/digest.ts"
import { InvalidRequest } from "../provider/CallError.ts"
import type { CallProvider } from "../provider/CallProvider.ts"
import type { Configuration, ConfigurationInput, Route, Rule } from "./Configuration.ts"
import { misplacedIn } from "./misplaced.ts"
import { anyOf } from "./namedAgent.ts"
import { parseConfiguration } from "./parseConfiguration.ts"
import { keptAs, type Preference, preferenceOf } from "./preference.ts"
import { cannotOf, leftOut, makeTake, type Refused, type Taken } from "./takenOrder.ts"
import { makeIsFor } from "./when.ts"

/**
 * Lets orders name agents and routes of a configuration, by the option `router` of `VoiceCalls`, which fails with `InvalidRequest`,
 * operation `configure`, where the configuration is wrong or the providers cannot do what it says.
 *
 * @example
 * VoiceCalls.layer([Acme.makeConfig(), Other.makeConfig()], {
 *   router: makeRouter({ routes: { main: { rules: [{ name: "split", use: { weights: { acme: 9, other: 1 } } }] } } })
 * })
 */
export const makeRouter =
  (input: ConfigurationInput, { secret }: RouterOptions = {}): MakeRouter =>
  (providers, ready) => {
    const parsed = Result.flatMap(parseConfiguration(input), (configuration) => {
      const fault = misplacedIn(
        configuration,
        providers.map(({ adapter }) => adapter)
      )
      const first = fault ?? unkeptIn(configuration, secret)
      return first === undefined ? Result.succeed(configuration) : Result.fail(first)
    })
    return Result.mapBoth(parsed, {
      onFailure: ({ field, expected }) => new InvalidRequest({ field: `configuration.${field}`, expected }),
      onSuccess: (configuration) => routerOf(configuration, providers, ready, secret)
    })
  }

/** What a configuration cannot hold itself. */
export interface RouterOptions {
  /** 16 characters or more; for rules that `keep` their assignments. With another one, all of them are forgotten. */
  readonly secret?: Redacted.Redacted | undefined
}

const SHORTEST_SECRET = 16

const unkeptIn = ({ routes = {} }: Configuration, secret: Redacted.Redacted | undefined): FieldFault | undefined => {
  if (secret !== undefined && Redacted.value(secret).length >= SHORTEST_SECRET) return undefined
  for (const [name, { rules }] of Object.entries(routes)) {
    const at = rules.findIndex(isKeeping)
    const expected = `a secret of ${SHORTEST_SECRET} characters or more beside the configuration`
    if (at >= 0) return { field: `routes.${name}.rules[${at}].use.keep`, expected }
  }
  return undefined
}

const mayGoByKey = ({ use }: Rule): boolean =>
  typeof use !== "string" && (("weights" in use && use.by === "key") || "choose" in use)

const isKeeping = ({ use }: Rule): boolean => typeof use !== "string" && "weights" in use && use.keep === true

/** Enough to tell two configurations apart. */
const DIGEST_LENGTH = 16

/** Of what a configuration says; of a function, only that it is one. */
export const configurationDigest = (configuration: Configuration): string =>
  digestOfJson(
    JSON.parse(JSON.stringify(configuration, (_key, value) => (typeof value === "function" ? "function" : value)))
  ).slice(0, DIGEST_LENGTH)

const routerOf = (
  configuration: Configuration,
  providers: ReadonlyArray<CallProvider>,
  ready: ReadyAt,
  secret: Redacted.Redacted | undefined
): Router => {
  const { routes = {}, defaultRoute, alsoCheck = [] } = configuration
  const digest = configurationDigest(configuration)
  const byId = new Map<string, CallProvider>(providers.map((provider) => [provider.adapter.id, provider]))
  const ids = [...byId.keys()].join(" or ")
  const [only] = providers.length === 1 ? providers : []
  const capabilitiesOf = (id: string) => byId.get(id)?.adapter.capabilities

  const take = makeTake(configuration, ready)

  const chosenBy = (
    { omitted, ...taken }: Taken,
    decision: Omit<Routed["decision"], "provider" | "configuration" | "omitted">,
    asked: Asked
  ): Chosen => {
    const { providerId: provider } = taken.provider.adapter
    const routed = {
      ...taken,
      decision: { provider, ...decision, ...leftOut(omitted), configuration: digest }
    }
    return { routed, asked }
  }

  /** One that the order names, or the only one there is. */
  const direct = (order: PlaceCall): Result.Result<Chosen, Refused> => {
    const provider = order.provider === undefined ? only : byId.get(order.provider)
    if (provider === undefined) return Result.fail(new InvalidRequest({ field: "provider", expected: ids }))
    const { id } = provider.adapter
    const because = order.provider === undefined ? `${id} is the only provider` : `the order names ${id}`
    return Result.map(take(order, provider), (taken) => chosenBy(taken, { because }, () => ({ order })))
  }

  const byRules = (
    order: PlaceCall,
    name: string,
    { rules, mayOmit }: Route,
    { at, kept }: RoutingContext
  ): Result.Result<Chosen, Refused> => {
    const candidates: Array<RouteCandidate> = []
    const passed: Array<string> = []
    const isForOrder = makeIsFor(order, Date.parse(order.scheduledAt ?? at))
    for (const rule of rules) {
      if (rule.when !== undefined && !isForOrder(rule.when)) continue
      const preference = preferenceOf(rule, order, { configuration, route: name, at, kept, capabilitiesOf })
      if (Result.isFailure(preference)) return Result.fail(new InvalidRequest(preference.failure))
      const asked = askedOf(preference.success, order, mayOmit)
      const taken = firstOf(rule, preference.success, asked, candidates)
      if (taken !== undefined) {
        const because = sentence(rule, preference.success.because(taken.provider.adapter.id), candidates, passed)
        // One that had to pass others over is no choice for later orders.
        const isFirst = taken.provider.adapter.id === preference.success.providers[0]
        const key = isFirst ? secret && keptAs(rule, order, name, Redacted.value(secret)) : undefined
        const { routed } = chosenBy(taken, { route: name, rule: rule.name, candidates, because }, asked)
        return Result.succeed({ routed: { ...routed, ...present({ keptAs: key }) }, asked })
      }
      if (preference.success.providers.length > 0) passed.push(rule.name)
    }
    const refusals = candidates.map(({ provider, cannot }) => `${provider}: ${cannot?.field ?? "order"}`)
    const expected =
      refusals.length === 0
        ? `an order that a rule of route ${name} is for`
        : `an order that a provider of route ${name} can take; ${[...new Set(refusals)].join(", ")}`
    return Result.fail(new InvalidRequest({ field: "route", expected }))
  }

  /** Asked one after the other until one can take it; those after it are candidates all the same. */
  const firstOf = (
    { name }: Rule,
    { providers: preferred }: Preference,
    asked: Asked,
    candidates: Array<RouteCandidate>
  ): Taken | undefined => {
    let found: Taken | undefined
    for (const provider of preferred.flatMap((id) => byId.get(id) ?? [])) {
      const candidate = { provider: provider.adapter.providerId, rule: name }
      if (found !== undefined) {
        candidates.push(candidate)
        continue
      }
      const { order, mayOmit } = asked(provider.adapter.id)
      const taken = take(order, provider, mayOmit)
      candidates.push(Result.isSuccess(taken) ? candidate : { ...candidate, cannot: cannotOf(taken.failure) })
      found = Result.getOrUndefined(taken)
    }
    return found
  }

  const chooses = ({ route, provider }: PlaceCall): boolean =>
    route !== undefined || (provider === undefined && defaultRoute !== undefined)

  const routeOf = (order: PlaceCall, context: RoutingContext): Result.Result<Chosen, Refused> => {
    if (!chooses(order)) {
      return order.routeKey === undefined
        ? direct(order)
        : Result.fail(new InvalidRequest({ field: "routeKey", expected: "none: no route chooses the provider" }))
    }
    const name = order.route ?? defaultRoute ?? ""
    const route = Object.hasOwn(routes, name) ? routes[name] : undefined
    if (route === undefined)
      return Result.fail(new InvalidRequest({ field: "route", expected: anyOf("a route", routes) }))
    if (order.routeKey !== undefined && !route.rules.some(mayGoByKey))
      return Result.fail(
        new InvalidRequest({ field: "routeKey", expected: `none: no rule of route ${name} goes by it` })
      )
    const decided = byRules(order, name, route, context)
    const before = context.placedWith === undefined ? undefined : byId.get(context.placedWith)
    if (before === undefined) return decided
    const { because } = placedBefore(before.adapter.providerId, { route: name, configuration: digest })
    // The rule may have changed the order, as an experiment does: sent again, it is to be the same.
    if (Result.isSuccess(decided) && decided.success.routed.provider === before) {
      const { asked, routed } = decided.success
      const { keptAs: _kept, decision, ...rest } = routed
      return Result.succeed({ routed: { ...rest, decision: { ...decision, because } }, asked })
    }
    const taken = take(order, before, route.mayOmit)
    return Result.isFailure(taken)
      ? decided
      : Result.succeed(chosenBy(taken.success, { route: name, because }, () => ({ order, mayOmit: route.mayOmit })))
  }

  /** What the other providers would have made of the order. Nothing is sent to them. */
  const checkedBeside = ({ asked, routed: { decision } }: Chosen): ReadonlyArray<AlsoChecked> =>
    [...new Set(alsoCheck)].flatMap((id) => {
      const provider = id === decision.provider ? undefined : byId.get(id)
      if (provider === undefined) return []
      const { order, mayOmit } = asked(id)
      const taken = take(order, provider, mayOmit)
      const told = Result.isFailure(taken) ? { cannot: cannotOf(taken.failure) } : leftOut(taken.success.omitted)
      return [{ provider: id, ...told }]
    })

  return {
    keeps: Object.values(routes).some(({ rules }) => rules.some(isKeeping)),
    chooses,
    concerns: (order) =>
      chooses(order) ||
      alsoCheck.length > 0 ||
      order.agent.name !== undefined ||
      order.mayOmit !== undefined ||
      order.routeKey !== undefined,
    route: (order, context) =>
      Result.map(routeOf(order, context), (chosen) => {
        const { routed } = chosen
        if (alsoCheck.length === 0) return routed
        return { ...routed, decision: { ...routed.decision, alsoChecked: checkedBeside(chosen) } }
      })
  }
}

/** An order as a provider would get it, and what may be left out of it. */
type Asked = (provider: string) => {
  readonly order: PlaceCall
  readonly mayOmit?: ReadonlyArray<Omittable> | undefined
}

/** What was decided, and how the order would go to others. */
interface Chosen {
  readonly routed: Routed
  readonly asked: Asked
}

/** All arms of an experiment take the same order: nothing is left out for one of them. */
const askedOf =
  ({ orderAt }: Preference, order: PlaceCall, mayOmit: ReadonlyArray<Omittable> | undefined): Asked =>
  (provider) => {
    const own = orderAt?.(provider)
    return own === undefined ? { order, mayOmit } : { order: own }
  }

const sentence = (
  rule: Rule,
  why: string,
  candidates: ReadonlyArray<RouteCandidate>,
  passed: ReadonlyArray<string>
): string => {
  const unable = candidates.flatMap(({ provider, cannot }) =>
    cannot === undefined ? [] : [`${provider} cannot take ${cannot.field}`]
  )
  const none = passed.length === 0 ? [] : [`no provider of rule ${passed.join(" or ")} could take it`]
  return [`rule ${rule.name} ${why}`, ...new Set(unable), ...none].join("; ")
}
