/**
 * What chance alone seldom brings about, at the beginning of a script: an order that is called absent and placed again, one
 * that is sent again late, one whose turn comes late, orders that are alike.
 */
import { type Draws, makeDraws } from "../../src/testing/simulation/index.ts"
import type { ProcessSetup, ProviderName, Reference, Script, Setup, Step } from "./script.ts"

interface Episode {
  readonly setup: Setup
  readonly steps: ReadonlyArray<Step>
}

interface Chosen {
  readonly setup: Setup
  readonly provider: ProviderName
  readonly process: number
}

const SECOND = 1000

/** Any answer tells the provider's clock. */
const measuring = ({ provider, process }: Pick<Chosen, "provider" | "process">): Step => ({
  after: 0,
  do: "list",
  process,
  provider
})

const everywhere = ({ processes, ...setup }: Setup, more: Partial<ProcessSetup>): Setup => ({
  ...setup,
  processes: processes.map((process) => ({ ...process, ...more }))
})

/** Of the tenant of a process. */
const another = (draws: Draws, { setup, process }: Chosen): number => {
  const { tenant } = setup.processes[process] ?? { tenant: "" }
  const same = setup.processes.flatMap((each, index) => (each.tenant === tenant ? [index] : []))
  return same[draws.below(same.length)] ?? process
}

/** Another one of the tenant, if there is one. */
const rival = ({ setup, process }: Chosen): number => {
  const { tenant } = setup.processes[process] ?? { tenant: "" }
  const other = setup.processes.findIndex((each, index) => each.tenant === tenant && index !== process)
  return other < 0 ? process : other
}

/** Looked for in vain again and again, then placed again, found, doubted. */
const absence = (draws: Draws, chosen: Chosen): Episode => {
  const { setup, provider, process } = chosen
  const reference = "a" as const
  const isTaken = draws.chance(0.6)
  const faults = `place:${draws.pick(["drop", "504+delay=50", "hang", "500"])}${isTaken ? "/accepted" : ""}*1`
  const list = draws.pick(["nothing", "nothing", "all", "all", "all", "queued", "over"])
  const isGarbled = draws.chance(0.2)
  const looks = Array.from({ length: draws.pick([2, 2, 3, 4]) }, (_, index): Step => {
    const after = index === 0 ? draws.pick([330, 700, 1000, 1300]) : draws.pick([0, 60, 120, 330, 400, 450, 700, 1200])
    return { after: after * SECOND, do: "settle", process: another(draws, chosen) }
  })
  const place = (after: number, named: Reference = reference, by?: number): Step => {
    const drawn = another(draws, chosen)
    return { after, do: "place", process: by ?? drawn, provider, reference: named }
  }
  const fails = (after: number, faults: string): Step => ({ after, do: "faults", provider, faults })
  const look = (after: number): Step => ({ after, do: "settle", process: another(draws, chosen) })
  const honest: Step = { after: 0, do: "lists", provider, delaySeconds: 0, hides: "nothing", minimal: false }
  const lied: ReadonlyArray<Step> = list === "nothing" ? [] : [{ ...honest, hides: list, minimal: draws.chance(0.1) }]
  return {
    setup: everywhere(setup, { listed: true }),
    steps: [
      ...(draws.chance(0.6) ? [measuring(chosen)] : []),
      { after: 5 * SECOND, do: "faults", provider, faults },
      ...lied,
      ...(draws.chance(0.25)
        ? [{ after: 0, do: "kill", process, operation: draws.pick([2, 3, 4]), moment: "after" } satisfies Step]
        : []),
      { after: 0, do: "place", process, provider, reference },
      ...(draws.chance(0.4)
        ? [fails(0, `place:${draws.pick(["drop", "drop/accepted", "500/accepted"])}*1`), place(0, "b")]
        : []),
      { after: draws.pick([0, 1, 70 * SECOND]), do: "restart", process: draws.chance(0.5) ? process : 99 },
      ...(isGarbled
        ? [{ after: 90 * SECOND, do: "faults", provider, faults: "list:garble=no_id" } satisfies Step]
        : []),
      ...(draws.chance(0.15)
        ? [
            {
              after: draws.pick([0, 120 * SECOND]),
              do: "setClock",
              process: another(draws, chosen),
              millis: draws.pick([-3_600_000, 400_000, 3_600_000])
            } satisfies Step
          ]
        : []),
      ...looks,
      ...(draws.chance(0.3) ? [fails(0, `place:${draws.pick(["drop", "drop/accepted"])}*1`)] : []),
      ...(draws.chance(0.7) ? [place(draws.pick([0, 5 * SECOND, 5 * SECOND]), reference, process)] : []),
      ...(draws.chance(0.4) ? [place(0, reference, rival(chosen))] : []),
      ...(lied.length > 0 && draws.chance(0.8) ? [{ ...honest, after: draws.pick([0, 5 * SECOND, 60 * SECOND]) }] : []),
      look(draws.pick([0, 0, 400 * SECOND])),
      ...(draws.chance(0.5) ? [place(draws.pick([0, 1, 60 * SECOND]))] : []),
      look(draws.pick([0, 450 * SECOND])),
      ...(draws.chance(0.3) ? [fails(0, "place:drop*1"), place(0, "A"), look(400 * SECOND), look(700 * SECOND)] : [])
    ]
  }
}

/** Sent again near the end of the time in which the provider knows it again, and behind it. */
const repetition = (draws: Draws, chosen: Chosen): Episode => {
  const { setup, provider, process } = chosen
  const fault = draws.pick(["drop/accepted", "500/accepted", "hang/accepted", "drop"])
  const again = (minutes: number): Step => ({
    after: minutes * 60 * SECOND,
    do: "place",
    process: another(draws, chosen),
    provider,
    reference: "a",
    repeat: true
  })
  const isRefused = draws.chance(0.6)
  // What is known again is answered by reading it.
  const ofBoth = (fault: string): string => `place:${fault}*1, get:${fault}*1`
  return {
    setup: { ...setup, idempotent: true },
    steps: [
      { after: 0, do: "faults", provider, faults: `place:${fault}*1` },
      { after: 0, do: "place", process, provider, reference: "a" },
      ...(isRefused
        ? [
            {
              after: 90 * SECOND,
              do: "faults",
              provider,
              faults: ofBoth(draws.pick(["422", "401", "422", "401", "drop", "500"]))
            } satisfies Step
          ]
        : []),
      again(draws.pick([2, 30, 50, 58, 70, 100, 125])),
      ...(draws.chance(0.5) ? [again(0)] : []),
      ...(draws.chance(0.5) ? [again(draws.pick([1, 10, 40]))] : [])
    ]
  }
}

/** One request at a time: the second waits until the first is given up. */
const turn = (draws: Draws, { setup, provider, process }: Chosen): Episode => ({
  setup: everywhere(setup, { maxConcurrency: 1 }),
  steps: [
    { after: 0, do: "faults", provider, faults: `place:${draws.pick(["hang", "delay=50", "hang/accepted"])}*1` },
    { after: 0, do: "place", process, provider, reference: "b" },
    {
      after: draws.pick([1, 500]),
      do: "place",
      process,
      provider,
      reference: "a",
      notAfterSeconds: draws.pick([10, 30])
    },
    ...(draws.chance(0.3) ? [{ after: 1, do: "interrupt", step: 2 } satisfies Step] : [])
  ]
})

/** Several orders that are alike, of which the answers are lost: to one number, or by references that look much the same. */
const alike = (draws: Draws, chosen: Chosen): Episode => {
  const { setup, provider, process } = chosen
  const ofOne = draws.chance(0.6)
  const { tenant } = setup.processes[process] ?? { tenant: "" }
  const own = setup.stories[tenant]
  const references = draws.pick<ReadonlyArray<Reference>>([
    ["a", "b", "A"],
    ["b", "a"],
    ["a", "A"]
  ])
  const fault = draws.pick(["drop/accepted", "500/accepted", "drop"])
  return {
    setup: {
      ...everywhere(setup, { pageSize: draws.pick([2, 2, 100]) }),
      stories: ofOne ? { ...setup.stories, [tenant]: { ...own, b: own.a } } : setup.stories
    },
    steps: [
      { after: 0, do: "faults", provider, faults: `place:${fault}${draws.pick(["", "@50%", "*1"])}` },
      ...references.map((reference): Step => ({
        after: draws.pick([10, 200, 5000]),
        do: "place",
        process: another(draws, chosen),
        provider,
        reference
      })),
      { after: 700 * SECOND, do: "faults", provider, faults: "" },
      ...(draws.chance(0.4)
        ? [{ after: 0, do: "name", process, reference: draws.pick(["a", "b"]) } satisfies Step]
        : []),
      { after: 0, do: "settle", process: another(draws, chosen) }
    ]
  }
}

/** Given up and placed again while somebody looks for it. */
const givenUp = (draws: Draws, chosen: Chosen): Episode => {
  const { setup, provider, process } = chosen
  const of = { provider, reference: "a" } as const
  return {
    setup,
    steps: [
      { after: 0, do: "faults", provider, faults: `place:${draws.pick(["drop/accepted", "drop", "500"])}*1` },
      { after: 0, do: "place", process, ...of },
      { after: 70 * SECOND, do: "faults", provider, faults: `list:delay=${draws.pick([5, 20])}` },
      { after: 0, do: draws.pick(["settle", "reconcileStale"]), process: another(draws, chosen) },
      { after: draws.pick([0, 1, 500]), do: "release", process: another(draws, chosen), reference: "a" },
      { after: draws.pick([0, 1, 500]), do: "place", process: another(draws, chosen), ...of }
    ]
  }
}

/** Its caller goes, or the journal fails, while the answer is on its way. */
const disturbed = (draws: Draws, { setup, provider, process }: Chosen): Episode => ({
  setup: { ...setup, slowestMillis: draws.pick([50, 2000, 2000]) },
  steps: [
    { after: 0, do: "place", process, provider, reference: "a" },
    draws.chance(0.5)
      ? { after: draws.pick([1, 1, 20, 500]), do: "interrupt", step: 0 }
      : { after: draws.pick([1, 1, 20, 500]), do: "journal", process, fails: draws.pick([1, 2]), isDone: false }
  ]
})

/** Canceled one after the other, and asked about; some before they are dialled, where a provider deletes the record with the call. */
const canceled = (draws: Draws, { setup, provider, process }: Chosen): Episode => {
  const isDeleting = draws.chance(0.6)
  const at = isDeleting ? "vapi" : provider
  const ofBoth = (what: "cancel" | "get", after: number): ReadonlyArray<Step> =>
    (["a", "b"] as const).map((reference) => ({ after, do: what, process, reference }))
  const place = (reference: Reference, after: number): Step => ({
    after,
    do: "place",
    process,
    provider: at,
    reference,
    ...(isDeleting ? { scheduledInSeconds: draws.pick([3000, 9000]) } : {})
  })
  return {
    setup: { ...setup, providers: [...new Set([at, ...setup.providers])], slowestMillis: draws.pick([0, 50, 2000]) },
    steps: [
      place("a", 0),
      place("b", 1),
      ...ofBoth("cancel", draws.pick([0, 500, 5000])),
      ...ofBoth("get", draws.pick([0, 500, 5000]))
    ]
  }
}

/** Several processes of a tenant place one reference at one moment, at one provider or at two. */
const race = (draws: Draws, chosen: Chosen): Episode => {
  const { setup, provider, process } = chosen
  const own = setup.processes[process] ?? { tenant: "", yieldsPerThousand: 0, aheadMillis: 0, listed: true }
  const racers = [process, setup.processes.length, ...(draws.chance(0.3) ? [setup.processes.length + 1] : [])]
  const others = draws.chance(0.3) ? setup.providers : [provider]
  return {
    setup: {
      ...setup,
      processes: [...setup.processes, ...racers.slice(1).map(() => ({ ...own, yieldsPerThousand: 100 }))],
      journalTurns: true,
      slowestMillis: draws.pick([0, 50, 2000])
    },
    steps: [
      ...(draws.chance(0.5)
        ? [
            {
              after: 0,
              do: "faults",
              provider,
              faults: `place:${draws.pick(["422", "drop", "500/accepted", "401"])}*1`
            } satisfies Step
          ]
        : []),
      ...racers.map((racer): Step => ({
        after: draws.pick([0, 0, 0, 1]),
        do: "place",
        process: racer,
        provider: others[draws.below(others.length)] ?? provider,
        reference: "a"
      }))
    ]
  }
}

/** The list is seen to be late, and then an order is lost: it takes longer until two lists are enough. */
const lateList = (draws: Draws, { setup, provider, process }: Chosen): Episode => {
  const delaySeconds = draws.pick([200, 280, 400])
  const list: Step = { after: 5 * SECOND, do: "lists", provider, delaySeconds, hides: "nothing", minimal: false }
  const look = (after: number): Step => ({ after: after * SECOND, do: "settle", process })
  const lost = (reference: Reference, isTaken: boolean): ReadonlyArray<Step> => [
    {
      after: 100,
      do: "faults",
      provider,
      faults: `place:${draws.pick(["500", "drop"])}${isTaken ? "/accepted" : ""}*1`
    },
    { after: 0, do: "place", process, provider, reference }
  ]
  return {
    setup: { ...everywhere(setup, { listed: true }), slowestMillis: 50 },
    steps: [
      measuring({ provider, process }),
      list,
      ...lost("a", true),
      look(draws.pick([20, 60])),
      look(delaySeconds + draws.pick([10, 60])),
      ...(draws.chance(0.5) ? [{ ...list, delaySeconds: 0, hides: draws.pick(["nothing", "all"]) }] : []),
      ...lost("b", draws.chance(0.5)),
      look(draws.pick([330, 400, 3 * delaySeconds + 10])),
      look(draws.pick([450, 3 * delaySeconds + 130])),
      look(draws.pick([450, 3 * delaySeconds + 130]))
    ]
  }
}

/** Its machine sleeps until others have called it absent and have placed it again; then its answer is there. */
const asleep = (draws: Draws, chosen: Chosen): Episode => {
  const { setup, provider, process } = chosen
  const sleeper = setup.processes.length
  const own = { ...(setup.processes[process] ?? { tenant: "", yieldsPerThousand: 0, aheadMillis: 0 }), listed: true }
  const of = { provider, reference: "a" } as const
  const look = (after: number): Step => ({ after: after * SECOND, do: "settle", process })
  return {
    setup: { ...setup, processes: [...setup.processes.with(process, own), own], slowestMillis: 2000 },
    steps: [
      measuring({ ...chosen, process: sleeper }),
      { after: 5 * SECOND, do: "lists", provider, delaySeconds: 0, hides: "all", minimal: false },
      { after: 0, do: "place", process: sleeper, ...of },
      { after: draws.pick([1, 1, 200]), do: "sleep", process: sleeper, seconds: 4000, isCounted: draws.chance(0.3) },
      look(1000),
      look(1200),
      { after: 5 * SECOND, do: "place", process, ...of },
      { after: 1900 * SECOND, do: draws.pick(["reconcile", "place"]), process, ...of }
    ]
  }
}

/** Two are called absent, and one of them is found: the other is in doubt, and no more are called so. */
const doubted = (draws: Draws, { setup, provider, process }: Chosen): Episode => {
  const honest: Step = { after: 5 * SECOND, do: "lists", provider, delaySeconds: 0, hides: "nothing", minimal: false }
  const look = (after: number): Step => ({ after: after * SECOND, do: "settle", process })
  const place = (reference: Reference, after = 1): Step => ({ after, do: "place", process, provider, reference })
  const lost = (reference: Reference, isTaken: boolean): ReadonlyArray<Step> => [
    { after: 100, do: "faults", provider, faults: `place:500${isTaken ? "/accepted" : ""}*1` },
    place(reference)
  ]
  return {
    setup: { ...everywhere(setup, { listed: true }), slowestMillis: 50 },
    steps: [
      { ...honest, hides: "all" },
      ...lost("a", true),
      ...lost("b", false),
      look(400),
      look(450),
      ...(draws.chance(0.5) ? [honest, look(draws.pick([1, 60]))] : [place("a", 5 * SECOND), honest, look(60)]),
      ...(draws.chance(0.5) ? [place("b", 5 * SECOND)] : [...lost("A", false), look(400), look(450)])
    ]
  }
}

/** By how often they are drawn. */
const EPISODES = [
  absence,
  absence,
  absence,
  absence,
  repetition,
  turn,
  alike,
  givenUp,
  disturbed,
  canceled,
  asleep,
  doubted,
  race,
  lateList
] as const

/** Of how many scripts one is the beginning. */
const SHARE = 0.5

const later = (step: Step, by: number): Step => (step.do === "interrupt" ? { ...step, step: step.step + by } : step)

/** The script, perhaps with an episode before it. Those of other seeds stay what they are. */
export const withEpisode = (script: Script): Script => {
  const draws = makeDraws("episode", script.seed)
  if (!draws.chance(SHARE)) return script
  // The list of Revox tells no references.
  const [first = draws.pick(["revring", "vapi"])] = script.setup.providers.filter((name) => name !== "revox")
  const setup = { ...script.setup, providers: [...new Set([first, ...script.setup.providers])] }
  const episode = draws.pick(EPISODES)(draws, { setup, provider: first, process: draws.below(setup.processes.length) })
  const steps = [...episode.steps, ...script.steps.map((step) => later(step, episode.steps.length))]
  return { ...script, setup: episode.setup, steps }
}
