/** Scripts with routes: two providers, processes whose configurations differ and change, orders that name no provider. */
import { type Draws, makeDraws } from "../../src/testing/simulation/index.ts"
import { inserted } from "./messages.ts"
import { type ProviderName, PROVIDERS, REFERENCES, type RouteSetup, type Script, type Step } from "./script.ts"

/** What the seeds of histories with routes begin with. */
export const ROUTED = "r"

/** Of how many orders one names no provider. */
const SHARE = 0.75

type Pair = readonly [ProviderName, ProviderName]

const pairOf = (draws: Draws, [one, two]: ReadonlyArray<ProviderName>): Pair => {
  const first = one ?? "revring"
  const others = PROVIDERS.filter((name) => name !== first)
  return [first, two ?? others[draws.below(others.length)] ?? "vapi"]
}

/** Weight 0 drains a provider. */
const WEIGHTS: readonly [readonly [number, number], ...ReadonlyArray<readonly [number, number]>] = [
  [1, 1],
  [9, 1],
  [1, 9],
  [1, 0],
  [0, 1]
]

const routeOf = (draws: Draws, [one, two]: Pair): RouteSetup => {
  if (draws.chance(0.3)) return { use: draws.pick([one, two]) }
  if (draws.chance(0.15)) return { use: draws.pick([[one, two] as const, [two, one] as const]) }
  const [a, b] = draws.pick(WEIGHTS)
  return { use: { weights: { [one]: a, [two]: b }, by: draws.pick(["number", "number", "reference"]) } }
}

const configuring = (draws: Draws, pair: Pair, process: number): Step => ({
  after: 0,
  do: "configure",
  process,
  ...(draws.chance(0.9) ? { route: routeOf(draws, pair) } : {})
})

/** Steps at one place, in their order. */
const insertedAll = (steps: ReadonlyArray<Step>, more: ReadonlyArray<Step>, place: number): ReadonlyArray<Step> =>
  more.reduce((all, step, index) => inserted(all, step, place + index), steps)

/** What befalls one provider may befall the other as well, at another time. */
const otherFaults = (draws: Draws, steps: ReadonlyArray<Step>, [one, two]: Pair): ReadonlyArray<ReadonlyArray<Step>> =>
  steps.flatMap((step) =>
    step.do === "faults" && draws.chance(0.5)
      ? [[{ ...step, after: 0, provider: step.provider === one ? two : one }]]
      : []
  )

/** The script with routes. */
export const withRoutes = (script: Script): Script => {
  const draws = makeDraws("routes", script.seed)
  const pair = pairOf(draws, script.setup.providers)
  const [first] = script.setup.processes
  const few = script.setup.processes
  const processes = [...few, ...(first !== undefined && few.length < 2 ? [first] : [])].map((process) => ({
    ...process,
    ...(draws.chance(0.85) ? { route: routeOf(draws, pair) } : {})
  }))
  // Without any the history would have none.
  const routed = processes.map((process, index) =>
    index === 0 ? { route: routeOf(draws, pair), ...process } : process
  )
  const anybody = (): number => draws.below(routed.length)
  const soon = (): number => draws.pick([0, 0, 1, 20, 500, 5000, 70_000])

  const placing = (reference = REFERENCES[draws.below(2)] ?? "a"): Step => ({
    after: soon(),
    do: "place",
    process: anybody(),
    provider: draws.pick(pair),
    reference,
    ...(draws.chance(SHARE) ? { isRouted: true as const } : {}),
    ...(draws.chance(0.2) ? { repeat: true as const } : {})
  })

  /** A process is begun anew with another configuration; several ask for one order; one is given up and asked for again. */
  const addition = (): ReadonlyArray<Step> => {
    const process = anybody()
    const reference = draws.pick(["a", "a", "b"])
    const deploy: ReadonlyArray<Step> = [configuring(draws, pair, process), { after: soon(), do: "restart", process }]
    if (draws.chance(0.4)) return [...deploy, placing(reference)]
    if (draws.chance(0.6)) return [placing(reference), { ...placing(reference), after: draws.pick([0, 0, 1, 50]) }]
    return [
      { after: soon(), do: "release", process, reference },
      ...(draws.chance(0.5) ? deploy : []),
      { ...placing(reference), after: draws.pick([0, 1, 5000]) }
    ]
  }

  const steps = script.steps.map((step): Step => {
    if (step.do !== "place") return step
    const provider = draws.chance(0.4) ? draws.pick(pair) : step.provider
    return { ...step, provider, ...(draws.chance(SHARE) ? { isRouted: true } : {}) }
  })
  const other = otherFaults(draws, steps, pair)
  const all = [...other, ...Array.from({ length: draws.pick([1, 2, 3]) }, addition)].reduce(
    (done, more) => insertedAll(done, more, draws.below(done.length + 1)),
    steps
  )
  const providers = [...new Set([...script.setup.providers, ...pair])]
  return { ...script, setup: { ...script.setup, providers, processes: routed }, steps: all }
}
