/** Orders to place: one from flags, or many from a file or standard input, with flags for what they leave out. */
import { readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { isJsonObject, type JsonObject } from "../../../domain/Json.ts"
import type { FieldFault } from "../../../domain/PlaceCall.ts"
import { present } from "../../../domain/present.ts"
import { defaultLimits } from "../../../normalize/reading/documents.ts"
import { usage } from "../../shell/CommandFailure.ts"
import { readInput, whileUnchanged } from "../../inputs/inputBytes.ts"
import { unreadable } from "../../shell/fileFault.ts"
import { findInputs } from "../../inputs/findInputs.ts"
import { makeSplitter } from "../../inputs/split.ts"
import type { OrderFlags } from "../../calls/callFlags.ts"
import { liveProviders, variable } from "../../calls/environment.ts"
import { plainText, tell } from "../../shell/terminal.ts"

/** An order as it was written, not checked yet, or why there is none. */
export interface Candidate {
  /** Where it stands, for an order from a file. */
  readonly source: string | undefined
  /** Among the orders of the run, from 0. */
  readonly place: number
  readonly input: unknown
  readonly damaged: string | undefined
  /** The arm it was assigned to; `input` is the order as that arm places it. */
  readonly experiment?: AssignedArm
  /** Why no arm takes it. */
  readonly fault?: FieldFault
}

/** An assignment as results tell it. */
export interface AssignedArm {
  readonly id: string
  readonly arm: string
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

/** `@FILE` is what stands in the file. */
const textOrFile = (text: string) =>
  text.startsWith("@")
    ? Effect.try({ try: () => readFileSync(text.slice(1), "utf8").trim(), catch: unreadable(text.slice(1)) })
    : Effect.succeed(text)

/** JSON where it is JSON, else the text as it stands: `skipQueue=true`, `callerIdName=Workshop`. */
const jsonOrText = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const optionsOf = Effect.fnUntraced(function* (flags: OrderFlags) {
  if (flags.option.length === 0) return undefined
  const keyed = liveProviders.filter(({ keyVariable }) => variable(keyVariable) !== undefined)
  const provider = Option.getOrUndefined(flags.provider) ?? (keyed.length === 1 ? keyed[0]?.id : undefined)
  if (provider === undefined) return yield* usage("--option: expected --provider, whose option it is")
  const pairs = yield* pairsOf("--option", flags.option)
  return { [provider]: Object.fromEntries(pairs.map(([name, value]) => [name, jsonOrText(value)])) }
})

const concurrencyOf = Effect.fnUntraced(function* (text: string) {
  const [, key = "", max] = /^([^=]+|.+(?==\d+$))(?:=(\d+))?$/.exec(text) ?? []
  if (key === "") return yield* usage("--concurrency: expected KEY or KEY=N")
  return max === undefined ? { key } : { key, max: Number(max) }
})

const agentOf = Effect.fnUntraced(function* ({ agent, prompt, firstSentence }: OrderFlags) {
  const id = Option.getOrUndefined(agent)
  const text = Option.getOrUndefined(prompt)
  const first = Option.getOrUndefined(firstSentence)
  if (id !== undefined && text !== undefined) return yield* usage("expected --agent or --prompt, not both")
  if (text === undefined) {
    if (first !== undefined) return yield* usage("--first-sentence: expected --prompt, whose first sentence it is")
    return id === undefined ? undefined : { id }
  }
  const inline = { prompt: yield* textOrFile(text), ...(first === undefined ? {} : { firstSentence: first }) }
  return { inline }
})

const nonEmpty = (pairs: ReadonlyArray<readonly [string, string]>) =>
  pairs.length === 0 ? undefined : Object.fromEntries(pairs)

const fromFlags = Effect.fnUntraced(function* (flags: OrderFlags) {
  const maxAttempts = Option.getOrUndefined(flags.maxAttempts)
  const delaySeconds = Option.getOrUndefined(flags.retryDelay)
  const retry = present({ maxAttempts, delaySeconds })
  const concurrency = Option.getOrUndefined(flags.concurrency)
  return present({
    provider: Option.getOrUndefined(flags.provider),
    to: Option.getOrUndefined(flags.to),
    from: Option.getOrUndefined(flags.from),
    defaultCountry: Option.getOrUndefined(flags.country),
    agent: yield* agentOf(flags),
    reference: Option.getOrUndefined(flags.reference),
    variables: nonEmpty(yield* pairsOf("--var", flags.variables)),
    metadata: nonEmpty(yield* pairsOf("--meta", flags.metadata)),
    scheduledAt: Option.getOrUndefined(flags.at),
    retry: Object.keys(retry).length === 0 ? undefined : retry,
    concurrency: concurrency === undefined ? undefined : yield* concurrencyOf(concurrency),
    providerOptions: yield* optionsOf(flags)
  })
})

const fromFile = Effect.fnUntraced(function* (name: string, defaults: JsonObject) {
  const found: Array<Candidate> = []
  const inputs = yield* findInputs([name], { forced: "json", otherwise: "json" })
  for (const input of inputs) {
    const splitter = makeSplitter(
      input,
      { limits: defaultLimits, payloadColumn: undefined, providerColumn: undefined },
      {
        payload: (value, place) =>
          found.push({
            source: place(),
            place: found.length,
            input: isJsonObject(value) ? { ...defaults, ...value } : value,
            damaged: undefined
          }),
        unreadable: (source, damaged) => found.push({ source, place: found.length, input: undefined, damaged })
      }
    )
    const hooks = { chunk: splitter.push, broken: splitter.broken, progress: () => {} }
    yield* whileUnchanged(input, readInput(input, hooks))
    splitter.end()
  }
  if (found.length === 0) tell(`${plainText(name)}: holds no order\n`)
  return found
})

const withReference = (order: JsonObject): JsonObject => {
  if (order["reference"] !== undefined) return order
  const reference = `unicall-${crypto.randomUUID()}`
  tell(
    `No --reference: ${reference} was made up. Give it as --reference to ask again without ringing twice; a reference of your own protects from the start.\n`
  )
  return { ...order, reference }
}

/** The orders that flags and files name. A reference is only made up for a single order: a file may be run again. */
export const candidates = Effect.fnUntraced(function* (flags: OrderFlags) {
  const order: JsonObject = yield* fromFlags(flags)
  if (Option.isNone(flags.order)) {
    if (order["to"] === undefined) return yield* usage("expected --to, the number to call, or --order FILE")
    const single: Candidate = { source: undefined, place: 0, input: withReference(order), damaged: undefined }
    return [single]
  }
  const extra = ["to", "reference"].find((field) => order[field] !== undefined)
  if (extra !== undefined) return yield* usage(`--${extra}: expected in each order of the file`)
  return yield* fromFile(flags.order.value, order)
})
