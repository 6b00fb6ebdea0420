/** `unicall experiment new`: an example that is complete but for the agents. */
import { randomBytes } from "node:crypto"
import { writeFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import { providers } from "../../providers.ts"
import { commonDefinition } from "../../../experiment/definitions.ts"
import { DEFAULT_PRIMARY, metricsFor } from "../../../metrics/index.ts"
import { codeOf, unreadable, usage } from "../../shell/failures.ts"
import { plainText, tell } from "../../shell/terminal.ts"

/** Placeholder for an agent's id in the example; an experiment that still has it cannot be started. */
export const AGENT_TO_FILL_IN = "put the agent's id here"

/** The first that all providers of the example tell in the same way. */
const GUARDRAILS = ["first_attempt.remote_hangup_10s", "first_attempt.transcript_present"]

const guardrails = () =>
  metricsFor()
    .filter((metric) => GUARDRAILS.includes(metric.id) && commonDefinition(metric, providers.adapters) !== undefined)
    .toSorted((a, b) => GUARDRAILS.indexOf(a.id) - GUARDRAILS.indexOf(b.id))
    .slice(0, 1)
    .map(({ id }) => ({ metric: id, smallestEffect: 0.03 }))

const example = () => ({
  id: "first-comparison",
  arms: providers.ids.map((id) => ({ name: id, provider: id, agent: AGENT_TO_FILL_IN, share: 1 })),
  baseline: providers.ids[0],
  unit: "number",
  salt: randomBytes(16).toString("hex"),
  primary: { metric: DEFAULT_PRIMARY, smallestEffect: 0.03 },
  guardrails: guardrails(),
  analysis: "sequential",
  alpha: 0.05,
  timeZone: "UTC"
})

const HINTS = `Fill in:
  arms        each agent's id; providerOptions if a provider needs them; shares such as 1 and 1, or 90 and 10
  id          a name of its own: another id assigns people anew
  unit        number or contact: a person stays in one arm; reference: each order on its own
  primary     what decides, and the least difference that would matter (0.03: three points)
  timeZone    whose hours and days count, such as Europe/Paris
The salt is a secret: with it, and only with it, somebody could test which number a mark belongs to.
`

export const runNew = Effect.fn("unicall.experiment.new")(function* ({ file }: { readonly file: string }) {
  yield* Effect.try({
    try: () => writeFileSync(file, `${JSON.stringify(example(), null, 2)}\n`, { flag: "wx", mode: 0o600 }),
    catch: (error) =>
      codeOf(error) === "EEXIST" ? usage(`${file}: expected a file that does not exist yet`) : unreadable(file)(error)
  })
  const name = plainText(file)
  tell(`${name} is written. ${HINTS}Then: unicall experiment plan ${name}, unicall experiment start ${name}\n`)
})
