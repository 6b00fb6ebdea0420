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

/** Looked for in vain again and again, then placed again, found, doubted. */
const absence = (draws: Draws, chosen: Chosen): Episode => {
  const { setup, provider, process } = chosen
  const reference = "a" as const
  const isTaken = draws.chance(0.6)
  const faults = `place:${draws.pick(["drop", "504+delay=50", "hang", "500"])}${isTaken ? "/accepted" : ""}*1`
  const list = draws.pick(["nothing", "nothing", "all", "all", "all", "queued", "over"])
  const isGarbled = draws.chance(0.2)
  const looks = Array.from({ length: draws.pick([2, 2, 3, 4]) }, (_, index): Step => {
    const after = index === 0 ? draws.pick([330, 700, 1000, 1300]) : draws.pick([0, 60, 120, 450, 450, 700, 1200])
    return { after: after * SECOND, do: "settle", process: another(draws, chosen) }
  })
  const place = (after: number, named: Reference = reference): Step => ({
    after,
    do: "place",
    process: another(draws, chosen),
    provider,
    reference: named
  })
  const look = (after: number): Step => ({ after, do: "settle", process: another(draws, chosen) })
  const honest: Step = { after: 0, do: "lists", provider, delaySeconds: 0, hides: "nothing", minimal: false }
  const lied: ReadonlyArray<Step> = list === "nothing" ? [] : [{ ...honest, hides: list, minimal: draws.chance(0.1) }]
  return {
    setup: everywhere(setup, { listed: true }),
    steps: [
      { after: 0, do: "faults", provider, faults },
      ...lied,
      ...(draws.chance(0.25)
        ? [{ after: 0, do: "kill", process, operation: draws.pick([2, 3, 4]), moment: "after" } satisfies Step]
        : []),
      { after: 0, do: "place", process, provider, reference },
      ...(draws.chance(0.3) ? [place(0, "b")] : []),
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
      ...(draws.chance(0.7) ? [place(draws.pick([0, 0, 500]))] : []),
      ...(draws.chance(0.4) ? [place(0)] : []),
      ...(lied.length > 0 && draws.chance(0.8) ? [{ ...honest, after: draws.pick([0, 0, 60 * SECOND]) }] : []),
      look(draws.pick([0, 0, 400 * SECOND])),
      ...(draws.chance(0.5) ? [place(draws.pick([0, 1, 60 * SECOND]))] : []),
      look(draws.pick([0, 450 * SECOND]))
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
  const refused = draws.chance(0.5)
  return {
    setup: { ...setup, idempotent: true },
    steps: [
      { after: 0, do: "faults", provider, faults: `place:${fault}*1` },
      { after: 0, do: "place", process, provider, reference: "a" },
      ...(refused
        ? [
            {
              after: 90 * SECOND,
              do: "faults",
              provider,
              faults: `place:${draws.pick(["422", "401"])}*1`
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
        after: draws.pick([0, 10, 5000]),
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

const EPISODES = [absence, absence, absence, repetition, turn, alike] as const

/** Of how many scripts one is the beginning. */
const SHARE = 0.5

const later = (step: Step, by: number): Step => (step.do === "interrupt" ? { ...step, step: step.step + by } : step)

/** The script, perhaps with an episode before it. Those of other seeds stay what they are. */
export const withEpisode = (script: Script): Script => {
  const draws = makeDraws("episode", script.seed)
  if (!draws.chance(SHARE)) return script
  const { setup } = script
  const [first = "revring", ...others] = setup.providers
  const provider = first === "revox" ? (others[0] ?? first) : first
  const episode = draws.pick(EPISODES)(draws, { setup, provider, process: draws.below(setup.processes.length) })
  const steps = [...episode.steps, ...script.steps.map((step) => later(step, episode.steps.length))]
  return { ...script, setup: episode.setup, steps }
}
