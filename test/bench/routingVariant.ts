/**
 * Deciding by a route, alone in this process: `routingVariant.ts KIND COUNT`. Prints, as JSON, the microseconds that half, 99 of a
 * hundred and 999 of a thousand decisions took at most, each with the request of its order, at Revox and RevRing. Nothing is sent.
 */
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Revox from "../../adapters/revox/index.ts"
import * as RevRing from "../../adapters/revring/index.ts"
import { readyAt } from "../../src/calls/prepare.ts"
import { Instant } from "../../src/domain/Instant.ts"
import { parsePlaceCall, type PlaceCall, type PlaceCallInput } from "../../src/domain/PlaceCall.ts"
import type { ConfigurationInput } from "../../src/routes/Configuration.ts"
import { makeRouter } from "../../src/routes/makeRouter.ts"
import { experimentOf } from "../compare/trialPlacing.ts"

const [kind = "", count = "20000"] = process.argv.slice(2)

const ORDERS = Number(count)
const AT = Instant.make("2030-03-02T15:00:00.000Z")

type Rules = NonNullable<ConfigurationInput["routes"]>[string]["rules"]

const byRules = (...rules: Rules): ConfigurationInput => ({ routes: { main: { rules } }, defaultRoute: "main" })

const fixed = byRules({ name: "all", use: "revring" })

const hours = { from: "08:00", to: "20:00", timeZone: "Europe/Paris" } as const

const POOL = Array.from({ length: 50 }, (_, index) =>
  index % 2 === 0 ? `+120255501${String(index).padStart(2, "0")}` : `+331990099${String(index).padStart(2, "0")}`
)

const CONFIGURATIONS: { readonly [kind: string]: ConfigurationInput } = {
  fixed,
  weights: byRules({ name: "split", use: { weights: { revox: 9, revring: 1 } } }),
  rules: byRules(
    { name: "night", when: { country: ["GB", "DE"] }, use: "revox" },
    { name: "capital", when: { prefix: ["+1303", "+1305"] }, use: "revox" },
    { name: "day", when: { country: ["US", "FR"], prefix: ["+1202", "+331"], hours }, use: "revring" },
    { name: "rest", use: "revox" }
  ),
  cheapest: {
    ...byRules({ name: "cheap", use: { cheapest: ["revox", "revring"] } }),
    rates: {
      revox: { currency: "USD", perMinute: { default: "0.10", "+1": "0.05", "+1202": "0.04", "+33": "0.07" } },
      revring: { currency: "USD", perMinute: { default: "0.12", "+1": "0.06", "+33": "0.05" }, perCall: "0.01" }
    }
  },
  experiment: byRules({
    name: "trial",
    use: {
      experiment: experimentOf([
        { name: "one", provider: "revox", agent: "agent-1" },
        { name: "two", provider: "revring", agent: "agent-2" }
      ])
    }
  }),
  pool: {
    ...fixed,
    agents: { caller: { providers: { revring: { id: "agent-1", from: POOL, localPresence: true } } } }
  }
}

/** The experiment, and the name, say it themselves. */
const AGENTS: { readonly [kind: string]: PlaceCallInput["agent"] } = { pool: { name: "caller" }, experiment: {} }

const orderOf = (index: number): PlaceCallInput => ({
  to:
    index % 2 === 0
      ? `+1202555${String(index % 10_000).padStart(4, "0")}`
      : `+3319900${String(index % 10_000).padStart(4, "0")}`,
  agent: AGENTS[kind] ?? { id: "agent-1" },
  ...(kind === "pool" ? {} : { from: "+12025550199" }),
  reference: `order-${index}`,
  variables: { firstName: "Ada", appointment: "Tuesday" }
})

const providers = Effect.runSync(
  Effect.all([
    Revox.make({ apiKey: Redacted.make("bench-key") }),
    RevRing.make({ apiKey: Redacted.make("bench-key") })
  ]).pipe(
    Effect.provideService(
      HttpClient.HttpClient,
      HttpClient.make(() => Effect.die("nothing is sent"))
    ),
    Effect.scoped
  )
)

const configuration = CONFIGURATIONS[kind]
if (configuration === undefined) throw new Error(`no kind ${kind}`)
const router = Result.getOrThrow(makeRouter(configuration)(providers, readyAt))
const orders: ReadonlyArray<PlaceCall> = Array.from({ length: ORDERS }, (_, index) =>
  Result.getOrThrow(parsePlaceCall(orderOf(index)))
)

/** Microseconds. */
const taken = (order: PlaceCall): number => {
  const start = performance.now()
  Result.getOrThrow(router.route(order, { at: AT }))
  return (performance.now() - start) * 1000
}

for (const order of orders) taken(order)
const times = orders.map(taken).toSorted((a, b) => a - b)
const most = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
console.log(JSON.stringify({ half: most(0.5), p99: most(0.99), p999: most(0.999) }))
