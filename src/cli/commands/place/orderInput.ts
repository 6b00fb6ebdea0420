/**
 * Orders to place: one from flags, or many from a file or standard input, whose missing fields the flags fill in. With an
 * experiment every order goes to the arm of its unit.
 */
import { readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { JsonObject } from "../../../domain/Json.ts"
import { present } from "../../../domain/present.ts"
import { applyAssignment, unitDigest } from "../../../experiment/assignmentTag.ts"
import { stratumCountry } from "../../../experiment/stratumCountry.ts"
import type { Configuration } from "../../../routes/Configuration.ts"
import { orderAt } from "../../../routes/namedAgent.ts"
import { liveProviders, variable } from "../../calls/environment.ts"
import type { PlacementNote } from "../../calls/placements.ts"
import { readOrders, type WrittenOrder } from "../../inputs/orderFile.ts"
import { capabilitiesOf } from "../../providers.ts"
import { tryFile, usage } from "../../shell/failures.ts"
import { tell } from "../../shell/terminal.ts"
import type { PlaceFlags } from "./placeCommand.ts"
import type { RunningExperiment } from "./runningExperiment.ts"

/** An order to place, not checked yet. */
export interface Candidate extends WrittenOrder {
  /** The arm it was assigned to; `input` is the order as that arm places it. */
  readonly experiment?: PlacementNote["experiment"]
}

/** `name=value`; only the first `=` divides. */
const pairsOf = Effect.fnUntraced(function* (flag: string, texts: ReadonlyArray<string>) {
  const pairs: Array<readonly [string, string]> = []
  for (const text of texts) {
    const at = text.indexOf("=")
    if (at < 1) return yield* usage(`${flag}: expected NAME=VALUE`)
    pairs.push([text.slice(0, at), text.slice(at + 1)])
  }
  return pairs
})

/** `@FILE` stands for the content of the file. */
const textOrFile = (text: string) =>
  text.startsWith("@") ? tryFile(text.slice(1), () => readFileSync(text.slice(1), "utf8").trim()) : Effect.succeed(text)

/** Parses JSON; other text stays as it is: `skipQueue=true`, `callerIdName=Workshop`. */
const jsonOrText = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const optionsOf = Effect.fnUntraced(function* ({ option, provider: given }: PlaceFlags) {
  if (option.length === 0) return undefined
  const keyed = liveProviders.filter(({ keyVariable }) => variable(keyVariable) !== undefined)
  const provider = given ?? (keyed.length === 1 ? keyed[0]?.id : undefined)
  if (provider === undefined) return yield* usage("--option: expected --provider, whose option it is")
  const pairs = yield* pairsOf("--option", option)
  return { [provider]: Object.fromEntries(pairs.map(([name, value]) => [name, jsonOrText(value)])) }
})

const concurrencyOf = Effect.fnUntraced(function* (text: string | undefined) {
  if (text === undefined) return undefined
  const [, key = "", max] = /^([^=]+|.+(?==\d+$))(?:=(\d+))?$/.exec(text) ?? []
  if (key === "") return yield* usage("--concurrency: expected KEY or KEY=N")
  return { key, ...(max === undefined ? {} : { max: Number(max) }) }
})

const agentOf = Effect.fnUntraced(function* ({ agent: id, agentName: name, prompt, firstSentence }: PlaceFlags) {
  if (name !== undefined) {
    if (id !== undefined || prompt !== undefined)
      return yield* usage("expected --agent-name alone, without --agent or --prompt")
    return { name }
  }
  if (id !== undefined && prompt !== undefined) return yield* usage("expected --agent or --prompt, not both")
  if (prompt !== undefined) return { inline: present({ prompt: yield* textOrFile(prompt), firstSentence }) }
  if (firstSentence !== undefined) {
    return yield* usage("--first-sentence: expected --prompt, whose first sentence it is")
  }
  return id === undefined ? undefined : { id }
})

const unlessEmpty = (members: object): object | undefined => (Object.keys(members).length === 0 ? undefined : members)

const fromFlags = Effect.fnUntraced(function* (flags: PlaceFlags) {
  const { provider, to, from, country, reference, at, notAfter, maxAttempts, retryDelay } = flags
  return present({
    provider,
    to,
    from,
    defaultCountry: country,
    agent: yield* agentOf(flags),
    reference,
    variables: unlessEmpty(Object.fromEntries(yield* pairsOf("--var", flags.variables))),
    metadata: unlessEmpty(Object.fromEntries(yield* pairsOf("--meta", flags.metadata))),
    scheduledAt: at,
    notAfter,
    route: flags.route,
    routeKey: flags.routeKey,
    mayOmit: flags.mayOmit.length === 0 ? undefined : flags.mayOmit,
    retry: unlessEmpty(present({ maxAttempts, delaySeconds: retryDelay })),
    concurrency: yield* concurrencyOf(flags.concurrency),
    providerOptions: yield* optionsOf(flags)
  })
})

/** The order as its arm places it, or why no arm takes it. */
export const assigned =
  ({ experiment, at }: Pick<RunningExperiment, "experiment" | "at">, configuration: Configuration = {}) =>
  (candidate: Candidate): Candidate => {
    if (candidate.fault !== undefined) return candidate
    const applied = applyAssignment(experiment, candidate.input, {
      capabilitiesOf,
      at,
      orderAt: (order, provider) => orderAt(configuration, order, provider)
    })
    if (Result.isFailure(applied)) return { ...candidate, fault: applied.failure }
    const { arm, order } = applied.success
    const country = experiment.strata?.includes("country") === true ? stratumCountry(order.to) : undefined
    const note = { id: experiment.id, arm: arm.name, unit: unitDigest(applied.success), ...present({ country }) }
    return { ...candidate, input: order, experiment: note }
  }

const withReference = (order: JsonObject): JsonObject => {
  if (order["reference"] !== undefined) return order
  const reference = `unicall-${crypto.randomUUID()}`
  tell(
    `No --reference: ${reference} was made up. Give it as --reference to ask again without ringing twice; a reference of your own protects from the start.\n`
  )
  return { ...order, reference }
}

/** The orders of flags and file. Only a single order gets a generated reference: a file may be run again. */
export const candidates = Effect.fnUntraced(function* (flags: PlaceFlags) {
  const order: JsonObject = yield* fromFlags(flags)
  if (flags.order === undefined) {
    if (order["to"] === undefined) return yield* usage("expected --to, the number to call, or --order FILE")
    return [{ place: 0, input: withReference(order) } satisfies Candidate]
  }
  const extra = ["to", "reference"].find((field) => order[field] !== undefined)
  if (extra !== undefined) return yield* usage(`--${extra}: expected in each order of the file`)
  return yield* readOrders(flags.order, order)
})
