/** Processes with routes: what each is configured with, and where that would send an order of which nothing is known. */
import * as Result from "effect/Result"
import { readyAt } from "../../src/calls/prepare.ts"
import type { MakeRouter } from "../../src/calls/Router.ts"
import { Instant } from "../../src/domain/Instant.ts"
import { parsePlaceCall, type PlaceCallInput } from "../../src/domain/PlaceCall.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import type { ConfigurationInput } from "../../src/routes/Configuration.ts"
import { PROVIDERS, type ProviderName, type RouteSetup } from "./script.ts"

/** The route of every configuration. */
export const ROUTE = "main"

/** Names of agents by their numbers. */
export const AGENT = { 1: "first", 2: "second" } as const

/** What a process is configured with: the same agents as all, and a route of its own. */
export const configurationOf = (
  providers: ReadonlyArray<ProviderName>,
  { use }: RouteSetup,
  agentOf: (provider: ProviderName, number: 1 | 2) => string,
  from: string
): ConfigurationInput => {
  const agent = (number: 1 | 2) => ({
    providers: Object.fromEntries(providers.map((name) => [name, { id: agentOf(name, number), from: [from] }]))
  })
  return {
    agents: { [AGENT[1]]: agent(1), [AGENT[2]]: agent(2) },
    routes: { [ROUTE]: { rules: [{ name: "all", use }] } }
  }
}

const AT = Instant.make("2026-03-02T15:00:00.000Z")

/** Where an order goes of whose reference nothing is known: by the route, or as it says itself. */
export const chosenBy = (
  make: MakeRouter | undefined,
  providers: ReadonlyArray<CallProvider>
): ((order: PlaceCallInput) => ProviderName | undefined) => {
  const router = make === undefined ? undefined : Result.getOrThrow(make(providers, readyAt))
  return (input) => {
    const order = Result.getOrThrow(parsePlaceCall(input))
    const routed = router?.chooses(order) === true ? router.route(order, { at: AT }) : undefined
    const chosen =
      routed === undefined ? order.provider : Result.isSuccess(routed) ? routed.success.decision.provider : undefined
    return PROVIDERS.find((name) => name === chosen)
  }
}
