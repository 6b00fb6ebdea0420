/** Providers' messages in a script: what befalls them, who sends what again or makes it up, and who dies at one. */
import { type Draws, makeDraws } from "../../src/testing/simulation/index.ts"
import { INBOX_MOMENTS, REFERENCES, type Script, type Setup, type Step } from "./script.ts"

/** Of how many scripts one has messages. */
const SHARE = 0.25

const FAULTS: readonly [string, ...ReadonlyArray<string>] = [
  "",
  "webhook:double",
  "webhook:double=40",
  "webhook:double=400@50%",
  "webhook:delay=30@50%",
  "webhook:delay=700@50%",
  "webhook:reorder@50%",
  "webhook:drop@30%",
  "webhook:drop@50%, webhook:double=5@50%",
  "webhook:garble=truncated@30%, webhook:delay=60@50%"
]

const messageOf = (draws: Draws, { providers }: Setup): Omit<Extract<Step, { readonly do: "message" }>, "after"> => ({
  do: "message",
  provider: providers[draws.below(providers.length)] ?? "revring",
  names: draws.chance(0.25)
    ? "nothing that exists"
    : { tenant: draws.pick(["", "", "acme"]), reference: REFERENCES[draws.below(2)] ?? "a" }
})

/** One to four, each at a place of its own. */
const additions = (draws: Draws, setup: Setup): ReadonlyArray<Step> =>
  Array.from({ length: draws.pick([1, 2, 3, 4]) }, (): Step => {
    const after = draws.pick([0, 0, 1, 20, 500, 5000, 60_000])
    return draws.chance(0.5)
      ? { after, ...messageOf(draws, setup) }
      : {
          after,
          do: "killAtMessage",
          process: draws.below(setup.processes.length),
          moment: INBOX_MOMENTS[draws.below(INBOX_MOMENTS.length)] ?? "after claim"
        }
  })

/** Steps that name others by their places go on naming the same. */
export const inserted = (steps: ReadonlyArray<Step>, step: Step, place: number): ReadonlyArray<Step> => [
  ...steps.slice(0, place),
  step,
  ...steps
    .slice(place)
    .map((each): Step => (each.do === "interrupt" && each.step >= place ? { ...each, step: each.step + 1 } : each))
]

/** The script, perhaps with messages. Those of other seeds stay what they are. */
export const withMessages = (script: Script): Script => {
  const draws = makeDraws("webhooks", script.seed)
  if (!draws.chance(SHARE)) return script
  const webhooks = { faults: draws.pick(FAULTS), trust: draws.pick(["refetch", "refetch", "trusted"] as const) }
  const setup: Setup = { ...script.setup, webhooks }
  const steps = additions(draws, setup).reduce(
    (all, step) => inserted(all, step, draws.below(all.length + 1)),
    script.steps
  )
  return { ...script, setup, steps }
}
