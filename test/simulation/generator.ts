/** Scripts out of seeds. */
import { type Draws, makeDraws } from "../../src/testing/simulation/index.ts"
import { withEpisode } from "./episodes.ts"
import { withMessages } from "./messages.ts"
import { ROUTED, withRoutes } from "./routed.ts"
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
  ...(draws.chance(0.15) ? { maxConcurrency: 1 } : {}),
  ...(draws.chance(0.05) ? { ratePerMinute: draws.pick([2, 10]) } : {})
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
    idempotent: draws.chance(0.25),
    journalTurns: draws.chance(0.5)
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
    ...(draws.chance(0.05) ? { scheduledInSeconds: draws.pick([30, 300, 3000]) } : {}),
    ...(draws.chance(0.1) ? { failsOnDifference: true as const } : {}),
    ...(differs === undefined ? {} : { differs })
  } satisfies Omit<Place, "after">
}

const of =
  (name: "get" | "cancel" | "awaitEnd" | "watch" | "reconcile" | "release" | "name"): Draw =>
  (_draws, { process, reference }) => ({ do: name, process, reference })

const STEPS: ReadonlyArray<Weighted<Draw>> = [
  [26, placeOf],
  [10, of("reconcile")],
  [3, of("get")],
  [3, of("cancel")],
  [2, of("awaitEnd")],
  [2, of("watch")],
  [1, (_draws, { process, provider }) => ({ do: "check", process, provider })],
  [1, (_draws, { process, provider, reference }) => ({ do: "dryRun", process, provider, reference })],
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
  "dryRun",
  "get",
  "cancel",
  "awaitEnd",
  "watch",
  "check",
  "reconcile",
  "release",
  "list",
  "settle",
  "reconcileStale"
])

/** Of anything that may happen, in any order. */
const anything = (draws: Draws): Omit<Script, "seed"> => {
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
  return { setup, steps }
}

const faulty = (draws: Draws, { providers }: Setup): DistributedStep => ({
  do: "faults",
  provider: providers[0] ?? "revring",
  faults: faultsOf(draws)
})

const LISTED: readonly [ProviderName, ProviderName] = ["revring", "vapi"]

/** A process whose clock is right, and that settles by lists. */
const settlerOf = (draws: Draws): ProcessSetup => ({
  tenant: "",
  yieldsPerThousand: draws.pick([0, 2, 20, 100]),
  aheadMillis: draws.pick([0, 0, 600, -1500]),
  listed: true,
  ...(draws.chance(0.15) ? { everySeconds: 60 } : {})
})

/** Answers that never come, of an order that is taken or not. */
const LOST: Readonly<Record<"taken" | "not taken", readonly [string, ...ReadonlyArray<string>]>> = {
  taken: ["drop/accepted", "hang/accepted", "504+delay=50/accepted", "garble=empty/accepted", "delay=70"],
  "not taken": ["drop", "hang", "503", "garble=empty", "garble=cut"]
}

/** It dies while it places: it reads, reserves, sends and writes. */
const dyingOf = (draws: Draws, process: number): Step & { readonly do: "kill" } => ({
  after: 0,
  do: "kill",
  process,
  operation: draws.pick([1, 2, 3, 3, 4, 4, 5]),
  moment: draws.pick(["before", "after"])
})

/** Lost answers, to be settled by lists that tell all. */
const settlement = (draws: Draws): Omit<Script, "seed"> => {
  const provider = draws.pick(LISTED)
  const setup: Setup = {
    ...setupOf(draws),
    processes: Array.from({ length: draws.pick([1, 2]) }, () => settlerOf(draws)),
    providers: [provider],
    slowestMillis: draws.pick([0, 0, 50, 2000]),
    idempotent: false
  }
  const steps: Array<Step> = []
  if (draws.chance(0.95)) steps.push({ after: 0, do: "check", process: 0, provider })
  for (const reference of REFERENCES.slice(0, draws.pick([1, 2, 3]))) {
    const process = draws.below(setup.processes.length)
    const fault = draws.pick(LOST[draws.chance(0.2) ? "taken" : "not taken"])
    if (process > 0) steps.push({ after: 100, do: "check", process, provider })
    steps.push({ after: draws.pick([100, 100, 5000, 70_000]), do: "faults", provider, faults: `place:${fault}*1` })
    if (draws.chance(0.25)) steps.push(dyingOf(draws, process))
    steps.push({ after: 0, do: "place", process, provider, reference })
    if (draws.chance(0.2)) steps.push({ after: 0, do: "reconcile", process, reference })
    steps.push({ after: draws.pick([0, 1000, 70_000]), do: "restart", process: draws.below(3) })
  }
  return { setup, steps: steps.filter((step) => step.do !== "restart" || step.process < setup.processes.length) }
}

/** A lost answer, a list that does not hold the order, until it turns up after it has been placed again. */
const lyingList = (draws: Draws): Omit<Script, "seed"> => {
  const provider = draws.pick(LISTED)
  const other = draws.chance(0.3) ? draws.pick(PROVIDERS) : provider
  const setup: Setup = {
    ...setupOf(draws),
    processes: Array.from({ length: draws.pick([1, 2, 2]) }, () => settlerOf(draws)),
    providers: [...new Set([provider, other])],
    slowestMillis: draws.pick([0, 0, 50, 2000]),
    idempotent: false
  }
  const anybody = (): number => draws.below(setup.processes.length)
  const isDying = draws.chance(0.2)
  const settles = (after: number): Step => ({ after, do: "settle", process: anybody() })
  const loses = (reference: Reference, dies: boolean, fault: string): ReadonlyArray<Step> => {
    const process = anybody()
    return [
      { after: 1000, do: "check", process, provider },
      { after: 1000, do: "faults", provider, faults: `place:${fault}*1` },
      ...(dies ? [dyingOf(draws, process)] : []),
      { after: 0, do: "place", process, provider, reference },
      ...(dies ? [{ after: 70_000, do: "restart", process } as const] : [])
    ]
  }
  const early = isDying ? 1_020_000 : 420_000
  const later = isDying ? 1_140_000 : 500_000
  const lost = REFERENCES.slice(0, draws.pick([1, 1, 2]))
  const hides = draws.pick(["all", "all", "nothing", "queued", "over"])
  const steps: Array<Step> = [
    {
      after: 0,
      do: "lists",
      provider,
      hides,
      delaySeconds: hides === "nothing" ? draws.pick([900, 3600, 7200]) : draws.pick([0, 300, 1500]),
      minimal: draws.chance(0.05)
    },
    ...lost.flatMap((reference) => loses(reference, isDying, draws.pick(LOST.taken))),
    settles(early),
    settles(later),
    ...(draws.chance(0.3) ? [settles(300_000)] : []),
    ...lost.slice(0, draws.chance(0.7) ? 3 : 1).flatMap((reference): ReadonlyArray<Step> => {
      const again = { do: "place", provider: draws.pick([provider, other]), reference } as const
      return [
        { after: 1000, process: anybody(), ...again },
        ...(draws.chance(0.3) ? [{ after: draws.pick([0, 1]), process: anybody(), ...again }] : [])
      ]
    })
  ]
  if (draws.chance(0.7)) {
    steps.push(
      {
        after: draws.pick([0, 1000, 60_000]),
        do: "lists",
        provider,
        delaySeconds: 0,
        hides: "nothing",
        minimal: false
      },
      draws.chance(0.7) ? settles(1000) : { after: 1000, do: "reconcile", process: anybody(), reference: "a" }
    )
    // The policy has stopped: this one stays undecided.
    if (draws.chance(0.5))
      steps.push(...loses("A", false, draws.pick(LOST["not taken"])), settles(420_000), settles(500_000))
    for (const reference of lost)
      if (draws.chance(0.5)) steps.push({ after: 0, do: "place", process: anybody(), provider, reference })
  }
  if (draws.chance(0.25)) steps.splice(draws.below(steps.length), 0, dyingOf(draws, anybody()))
  return { setup, steps }
}

/** Faults of placing by their kinds, to be met each as often. */
const BY_KIND: readonly [
  readonly [string, ...ReadonlyArray<string>],
  ...ReadonlyArray<readonly [string, ...ReadonlyArray<string>]>
] = [
  [""],
  ["place:503*1", "place:500/accepted*1", "place:409/accepted*1", "place:422*1"],
  ["place:drop*1", "place:drop/accepted*1"],
  ["place:hang*1", "place:hang/accepted*1"],
  ["place:delay=40*1", "place:delay=70*1"],
  ["place:slow_body=5*1", "place:slow_body=90*1"],
  ["place:redirect=307*1", "place:redirect=302/accepted*1"],
  ["place:garble=empty/accepted*1", "place:garble=cut/accepted*1", "place:garble=no_id/accepted*1"]
]

/** One order, with a fault, a death around it, and somebody else who is about the same order at the same time. */
const moment = (draws: Draws): Omit<Script, "seed"> => {
  const setup: Setup = {
    ...setupOf(draws),
    processes: [processOf(draws), processOf(draws)].map((process) => ({ ...process, tenant: "" as const })),
    slowestMillis: draws.pick([50, 2000, 30_000])
  }
  const provider = setup.providers[0] ?? "revring"
  const reference = "a"
  const after = (): number => draws.pick([0, 1, 20, 500, 5000])
  const kill = dyingOf(draws, 0)
  const place: Step = { after: 0, do: "place", process: 0, provider, reference }
  const look = draws.pick(["reconcile", "settle", "reconcileStale"])
  const own: Step =
    look === "reconcile"
      ? { after: after(), do: look, process: 0, reference }
      : { after: after(), do: look, process: 0 }
  const isEarly = draws.chance(0.4)
  const others = Array.from({ length: draws.pick([0, 1, 1, 2]) }, (): Step => {
    const process = draws.pick([0, 1, 1])
    return draws.chance(0.35)
      ? { after: after(), do: "release", process, reference }
      : draws.chance(0.5)
        ? {
            after: after(),
            do: "place",
            process,
            provider: draws.pick([provider, setup.providers.at(-1) ?? provider]),
            reference
          }
        : { after: after(), do: "reconcile", process, reference }
  })
  return {
    setup,
    steps: [
      { after: 0, do: "faults", provider, faults: draws.pick(draws.pick(BY_KIND)) },
      ...(isEarly ? [kill, place] : [place]),
      ...others,
      ...(isEarly ? [] : [{ ...kill, operation: draws.pick([1, 1, 2, 3]) }, own]),
      ...(draws.chance(0.3) ? [{ after: draws.pick([0, 1000, 70_000]), do: "restart", process: 0 } as const] : []),
      ...(draws.chance(0.5) ? [{ after: after(), do: "place", process: 1, provider, reference } as const] : [])
    ]
  }
}

/** Kinds of histories, and how often of a hundred. */
const KINDS: ReadonlyArray<Weighted<(draws: Draws) => Omit<Script, "seed">>> = [
  [45, anything],
  [30, moment],
  [13, settlement],
  [12, lyingList]
]

/** The script of a seed: of one that begins with `r`, with routes. */
export const scriptOf = (seed: string): Script =>
  seed.startsWith(ROUTED) ? withRoutes(plainScript(seed)) : plainScript(seed)

const plainScript = (seed: string): Script => {
  const draws = makeDraws("script", seed)
  const kind = weighted(draws, anything, KINDS)
  const script = { seed, ...kind(draws) }
  return withMessages(kind === anything ? withEpisode(script) : script)
}
