/** An order as a provider takes it: what its named agent is there, and without what had to be left out. Pure. */
import * as Result from "effect/Result"
import type { ReadyAt } from "../calls/Router.ts"
import { type FieldFault, Omittable, type PlaceCall } from "../domain/PlaceCall.ts"
import { InvalidRequest, type Unsupported } from "../provider/CallError.ts"
import type { CallProvider, PlaceRequest } from "../provider/CallProvider.ts"
import type { Configuration } from "./Configuration.ts"
import { orderAt } from "./namedAgent.ts"

export type Refused = InvalidRequest | Unsupported

/** An order at a provider, with what had to be left out of it. */
export interface Taken {
  readonly order: PlaceCall
  readonly provider: CallProvider
  readonly request: PlaceRequest
  readonly omitted: ReadonlyArray<Omittable>
}

/** Takes an order to a provider. `alsoOmit`: what may be left out beside what the order itself allows. */
export const makeTake =
  (configuration: Configuration, ready: ReadyAt) =>
  (
    { route: _route, routeKey: _key, mayOmit = [], provider: _provider, ...order }: PlaceCall,
    provider: CallProvider,
    alsoOmit: ReadonlyArray<Omittable> = []
  ): Result.Result<Taken, Refused> => {
    const named = orderAt(configuration, order, provider.adapter.id)
    if (Result.isFailure(named)) return Result.fail(new InvalidRequest(named.failure))
    const allowed = [...mayOmit, ...alsoOmit].filter((field) => !dialsOftener(field, provider))
    let rest: PlaceCall = named.success
    const omitted: Array<Omittable> = []
    for (;;) {
      const request = ready(rest, provider)
      if (Result.isSuccess(request)) return Result.succeed({ order: rest, provider, request: request.success, omitted })
      const away = omittable(request.failure)
      if (away === undefined || !allowed.includes(away) || omitted.includes(away)) return Result.fail(request.failure)
      const { [away]: _away, ...less } = rest
      rest = less
      omitted.push(away)
    }
  }

/** For a decision: nothing where nothing was left out. */
export const leftOut = (omitted: ReadonlyArray<Omittable>) => (omitted.length === 0 ? {} : { omitted })

/** Whether more dials would come of it, if this were left out: a provider that redials by itself would go by rules of its own. */
const dialsOftener = (away: Omittable, { adapter }: CallProvider): boolean =>
  away === "retry" && adapter.capabilities.retries !== "no"

/** What would have to be left out: `retry`, where `retry.windows` is not supported. */
const omittable = (refused: Refused): Omittable | undefined => {
  const { field = "" } = refused._tag === "Unsupported" ? refused : {}
  return Omittable.literals.find((name) => field === name || field.startsWith(`${name}.`))
}

export const cannotOf = (refused: Refused): FieldFault =>
  refused._tag === "Unsupported"
    ? { field: refused.field ?? refused.capability, expected: `none: the provider has no ${refused.capability}` }
    : { field: refused.field ?? "order", expected: refused.expected ?? "another value" }
