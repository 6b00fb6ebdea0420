/** Scripts out of seeds. */
import { type Draws, makeDraws } from "../../src/testing/simulation/index.ts"
import { withEpisode } from "./episodes.ts"
import {
  type ListTruth,
  type Place,
  type ProcessSetup,
  type ProviderName,
  PROVIDERS,
  type Reference,
  REFERENCES,
  type Script,
  type Setup,
  type Step
} from "./script.ts"

type Weighted<A> = readonly [weight: number, value: A]

const weighted = <A>(draws: Draws, first: A, several: ReadonlyArray<Weighted<A>>): A => {
  let left = draws.next() * several.reduce((sum, [weight]) => sum + weight, 0)
  for (const [weight, value] of several) if ((left -= weight) < 0) return value
  return first
}

const shuffled = <A>(draws: Draws, items: ReadonlyArray<A>): Array<A> => {
  const left = [...items]
  return items.flatMap(() => left.splice(draws.below(left.length), 1))
}

/** The stories that calls play: ordinary, machines, nobody, failed, tried again, slow, never over, not taken. */
const STORIES = [
  "00",
  "01",
  "02",
  "03",
  "10",
  "11",
  "20",
  "21",
  "30",
  "31",
  "40",
  "41",
  "50",
  "51",
  "60",
  "61",
  "70",
  "80",
  "81"
]

const processOf = (draws: Draws): ProcessSetup => ({
  tenant: draws.chance(0.2) ? "acme" : "",
  yieldsPerThousand: draws.pick([0, 2, 20, 100]),
  aheadMillis: draws.pick([0, 0, 0, -2000, 90_000, -240_000, 200_000]),
  listed: draws.chance(0.6),
  ...(draws.chance(0.3) ? { everySeconds: draws.pick([60, 300]) } : {}),
  ...(draws.chance(0.15) ? { maxConcurrency: 1 } : {})
})

const setupOf = (draws: Draws): Setup => {
  const [one, two, three, four, five, six] = shuffled(draws, STORIES)
  const digits = (text: string | undefined): string => text ?? "00"
  return {
    processes: Array.from({ length: draws.pick([1, 2, 2, 2, 3]) }, () => processOf(draws)),
    providers: shuffled(draws, PROVIDERS).slice(0, draws.pick([1, 1, 2])),
    stories: {
      "": { a: digits(one), b: digits(two), A: digits(three) },
      acme: { a: digits(four), b: digits(five), A: digits(six) }
    },
    slowestMillis: draws.pick([0, 50, 2000, 30_000]),
    idempotent: draws.chance(0.25)
  }
}

/** Faults of placing; what refuses for certain has not taken it. */
const PLACE_FAULTS: readonly [string, ...ReadonlyArray<string>] = [
  "503",
  "500/accepted",
  "504+delay=50/accepted",
  "429+retry-after=2",
  "422",
  "401",
  "409/accepted",
  "402",
  "drop",
  "drop/accepted",
  "hang",
  "hang/accepted",
  "delay=40",
  "delay=70",
  "delay=200",
  "slow_body=90",
  "slow_body=5",
  "redirect=307",
  "redirect=302/accepted",
  "garble=html/accepted",
  "garble=truncated/accepted",
  "garble=empty",
  "garble=empty/accepted",
  "garble=not_json/accepted",
  "garble=wrong_shape/accepted",
  "garble=no_id/accepted",
  "garble=invalid_utf8/accepted",
  "garble=cut/accepted",
  "garble=cut"
]

/** Faults of everything that is read. */
const READ_FAULTS: readonly [string, ...ReadonlyArray<string>] = [
  "503",
  "500",
  "429+retry-after=20",
  "404",
  "401",
  "403",
  "drop",
  "hang",
  "delay=20",
  "delay=40",
  "slow_body=40",
  "redirect=302",
  "garble=html",
  "garble=truncated",
  "garble=empty",
  "garble=not_json",
  "garble=wrong_shape",
  "garble=no_id",
  "garble=invalid_utf8",
  "garble=cut"
]

const faultsOf = (draws: Draws): string => {
  const times = draws.pick(["*1", "*1", "*2", "", "@50%"])
  if (draws.chance(0.7)) return `place:${draws.pick(PLACE_FAULTS)}${times}`
  return `${draws.pick(["get", "list", "cancel", "batch", "list"])}:${draws.pick(READ_FAULTS)}${times}`
}

const truthOf = (draws: Draws): ListTruth => ({
  delaySeconds: draws.pick([0, 10, 120, 280, 900]),
  hides: draws.pick(["nothing", "nothing", "nothing", "queued", "over", "all"]),
  minimal: draws.chance(0.2)
})

const AFTER: readonly [number, ...ReadonlyArray<number>] = [0, 0, 0, 0, 1, 20, 500, 5000, 60_000, 330_000, 700_000]

type Draw = (
  draws: Draws,
  chosen: {
    readonly process: number
    readonly provider: ProviderName
    readonly reference: Reference
    readonly asked: ReadonlyArray<number>
  }
) => DistributedStep

type DistributedStep = Step extends infer Each ? (Each extends Step ? Omit<Each, "after"> : never) : never

const placeOf = (draws: Draws, { process, provider, reference }: Parameters<Draw>[1]): DistributedStep => {
  const differs = draws.chance(0.06) ? draws.pick(["agent", "number"] as const) : undefined
  return {
    do: "place",
    process,
    provider,
    reference,
    ...(draws.chance(0.25) ? { repeat: true as const } : {}),
    ...(draws.chance(0.1) ? { notAfterSeconds: draws.pick([0, 30, 400]) } : {}),
    ...(differs === undefined ? {} : { differs })
  } satisfies Omit<Place, "after">
}

const of =
  (name: "get" | "cancel" | "awaitEnd" | "reconcile" | "release" | "name"): Draw =>
  (_draws, { process, reference }) => ({ do: name, process, reference })

const STEPS: ReadonlyArray<Weighted<Draw>> = [
  [26, placeOf],
  [10, of("reconcile")],
  [3, of("get")],
  [3, of("cancel")],
  [3, of("awaitEnd")],
  [2, of("release")],
  [2, of("name")],
  [2, (_draws, { process, provider }) => ({ do: "list", process, provider })],
  [3, (_draws, { process }) => ({ do: "reconcileStale", process })],
  [8, (_draws, { process }) => ({ do: "settle", process })],
  [4, (draws, { asked }) => ({ do: "interrupt", step: asked[draws.below(asked.length)] ?? 0 })],
  [
    6,
    (draws, { process }) => ({
      do: "kill",
      process,
      operation: draws.pick([1, 1, 2, 2, 3, 3, 4, 5, 8]),
      moment: draws.pick(["before", "after"])
    })
  ],
  [4, (_draws, { process }) => ({ do: "restart", process })],
  [
    3,
    (draws, { process }) => ({
      do: "setClock",
      process,
      millis: draws.pick([-3_600_000, -400_000, -1000, 1000, 400_000, 3_600_000])
    })
  ],
  [
    3,
    (draws, { process }) => ({
      do: "sleep",
      process,
      seconds: draws.pick([5, 90, 400, 720, 4000]),
      isCounted: draws.chance(0.5)
    })
  ],
  [14, (draws, { provider }) => ({ do: "faults", provider, faults: draws.chance(0.15) ? "" : faultsOf(draws) })],
  [4, (draws, { provider }) => ({ do: "lists", provider, ...truthOf(draws) })],
  [3, (draws, { process }) => ({ do: "journal", process, fails: draws.pick([1, 1, 2, 8]), isDone: draws.chance(0.5) })],
  [2, (draws, { process, provider }) => ({ do: "cut", process, provider, seconds: draws.pick([1, 60, 400]) })]
]

const ASKS: ReadonlySet<string> = new Set([
  "place",
  "get",
  "cancel",
  "awaitEnd",
  "reconcile",
  "release",
  "list",
  "settle",
  "reconcileStale"
])

/** The script of a seed. */
export const scriptOf = (seed: string): Script => {
  const draws = makeDraws("script", seed)
  const setup = setupOf(draws)
  const references: ReadonlyArray<Reference> = REFERENCES.slice(0, draws.pick([1, 1, 2, 3]))
  const asked: Array<number> = []
  const first: Step = { after: 0, ...faulty(draws, setup) }
  const count = 4 + draws.below(14)
  const steps: Array<Step> = [first]
  while (steps.length < count) {
    const chosen = {
      process: draws.below(setup.processes.length),
      provider: setup.providers[draws.below(setup.providers.length)] ?? "revring",
      reference: references[draws.below(references.length)] ?? "a",
      asked
    }
    const step = weighted(draws, placeOf, STEPS)(draws, chosen)
    if (ASKS.has(step.do)) asked.push(steps.length)
    steps.push({ after: draws.pick(AFTER), ...step })
  }
  return withEpisode({ seed, setup, steps })
}

const faulty = (draws: Draws, { providers }: Setup): DistributedStep => ({
  do: "faults",
  provider: providers[0] ?? "revring",
  faults: faultsOf(draws)
})
