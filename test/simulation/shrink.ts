/** Makes a failing script as short as it goes. */
import type { ProcessSetup, Script, Setup, Step } from "./script.ts"

/** What an interruption names moves with the steps before it. */
const withoutStep = (steps: ReadonlyArray<Step>, place: number): ReadonlyArray<Step> =>
  steps
    .filter((step, at) => at !== place && !(step.do === "interrupt" && step.step === place))
    .map((step) => (step.do === "interrupt" && step.step > place ? { ...step, step: step.step - 1 } : step))

const withoutSteps = (script: Script, from: number, count: number): Script => {
  let steps = script.steps
  for (let place = Math.min(from + count, script.steps.length) - 1; place >= from; place--)
    steps = withoutStep(steps, place)
  return { ...script, steps }
}

const PLAIN: Omit<ProcessSetup, "tenant" | "listed"> = { yieldsPerThousand: 0, aheadMillis: 0 }

/** Setups with less in them. */
const simplerSetups = (setup: Setup): ReadonlyArray<Setup> => [
  { ...setup, slowestMillis: 0 },
  { ...setup, idempotent: false },
  { ...setup, journalTurns: false },
  ...setup.providers.map((_, place) => ({ ...setup, providers: setup.providers.toSpliced(place, 1) })),
  ...setup.processes.flatMap((process, place) => {
    const { tenant, listed } = process
    const plain: ProcessSetup = { ...PLAIN, tenant, listed }
    return [
      plain,
      { ...process, yieldsPerThousand: 0 },
      { ...process, aheadMillis: 0 },
      { ...process, tenant: "" as const },
      { ...process, listed: false }
    ].map((simpler) => ({ ...setup, processes: setup.processes.with(place, simpler) }))
  }),
  { ...setup, processes: setup.processes.slice(0, -1) }
]

const simplerSteps = (steps: ReadonlyArray<Step>): ReadonlyArray<ReadonlyArray<Step>> =>
  steps.flatMap((step, place) => [
    ...(step.after > 0 ? [steps.with(place, { ...step, after: 0 })] : []),
    ...(step.do === "place" && (step.repeat ?? step.notAfterSeconds ?? step.differs) !== undefined
      ? [steps.with(place, plainPlace(step))]
      : [])
  ])

const plainPlace = ({ after, process, provider, reference }: Step & { readonly do: "place" }): Step => ({
  after,
  do: "place",
  process,
  provider,
  reference
})

/** At most so many histories are played for it. */
const MOST_TRIES = 2000

/** The shortest script found by leaving out steps and simplifying what is left, of which `fails` still holds. */
export const shrunk = (script: Script, fails: (script: Script) => boolean): Script => {
  let best = script
  let tries = 0
  const take = (candidate: Script): boolean => {
    if (++tries > MOST_TRIES || candidate.setup.providers.length === 0 || candidate.setup.processes.length === 0)
      return false
    if (JSON.stringify(candidate) === JSON.stringify(best) || !fails(candidate)) return false
    best = candidate
    return true
  }
  for (let isShorter = true; isShorter;) {
    isShorter = false
    for (let size = Math.ceil(best.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
      for (let from = best.steps.length - size; from >= 0; from -= size)
        if (take(withoutSteps(best, from, size))) isShorter = true
    for (const setup of simplerSetups(best.setup)) if (take({ ...best, setup })) isShorter = true
    for (const steps of simplerSteps(best.steps)) if (take({ ...best, steps })) isShorter = true
  }
  return best
}
