/** A provider in one declaration: how its records are read, how it is called, and the twin that stands in for it. */
import type * as Effect from "effect/Effect"
import type { HttpClient } from "effect/http/HttpClient"
import type { FaultRule } from "../twin/fault.ts"
import type { Twin } from "../twin/twin.ts"
import type { JsonObject } from "../domain/Json.ts"
import type { Adapter } from "./Adapter.ts"
import type { CallError } from "./CallError.ts"
import type { CallProvider } from "./CallProvider.ts"
import type { CodeDeclaration } from "./CodeSigns.ts"
import type { ClientOptions } from "./http/ClientOptions.ts"
import type { Check } from "./optionChecks.ts"

/**
 * All of a provider. Everything that works with providers is driven by the list of these: reading, live calls, the
 * promise face, the command line, twins, the contract's tests and, but for the tables of its words, the documentation.
 *
 * `Settings` are what its client can be told beside key, address and limits; all of them may be left out.
 */
export interface ProviderDeclaration<
  Id extends string = string,
  Settings extends object = object
> extends CallableAdapter<Id, Settings> {
  readonly twin: TwinDeclaration
  /** By what code tells that it speaks to this provider. Absent: code is not scanned for it. */
  readonly code?: CodeDeclaration
}

/** An adapter with live calls: what `makeOpenCalls` of `unicall/promise` takes. */
export interface CallableAdapter<Id extends string = string, Settings extends object = object> extends Adapter<Id> {
  readonly live: LiveCalls<Settings>
}

/** How a provider is called. The client is loaded when it is needed: who reads records needs none. */
export interface LiveCalls<Settings extends object = object> {
  /** What each setting must be, as it is given at run time. */
  readonly settings: { readonly [Name in keyof Settings]-?: Check }
  readonly load: () => Promise<MakeCallProvider<Settings>>
}

/** `settings` may have other members than its own. Fails with `InvalidRequest`, operation `configure`, if key, address or a setting cannot be used. */
export type MakeCallProvider<Settings extends object = object> = (
  client: ClientOptions,
  settings?: Settings | undefined
) => Effect.Effect<CallProvider, CallError, HttpClient>

/** What any twin can be told. */
export interface TwinOptions {
  /** The key that it accepts. @default TWIN_KEY */
  readonly apiKey?: string
  /** The same seed gives the same ids and the same draws of faults. */
  readonly seed?: string
  /** What goes wrong with which requests: rules, or their short text. */
  readonly faults?: string | ReadonlyArray<FaultRule>
}

/** One thing more that a twin can be told, as a word on the command line. */
export interface TwinFlag<Value = unknown> {
  /** What it says, and what holds without it. */
  readonly about: string
  /** The words that it takes. Absent: a whole number from 1 to `most`. */
  readonly words?: ReadonlyArray<string>
  readonly most?: number
  /** What a word stands for; `undefined` if it is none of these words. */
  readonly read: (word: string) => Value | undefined
}

/** A flag that takes one of a few words. */
export const choice = <const Value>(values: { readonly [word: string]: Value }, about: string): TwinFlag<Value> => ({
  about,
  words: Object.keys(values),
  read: (word) => (Object.hasOwn(values, word) ? values[word] : undefined)
})

/** A flag that takes a whole number from 1. */
export const amount = (most: number, about: string): TwinFlag<number> => ({
  about,
  most,
  read: (word) => (/^\d+$/.test(word) && Number(word) >= 1 && Number(word) <= most ? Number(word) : undefined)
})

/** What a flag takes, in words. */
export const expectedOf = ({ words, most }: TwinFlag): string => words?.join(", ") ?? `a number from 1 to ${most}`

/** The twin of a provider; see `declareTwin`. */
export interface TwinDeclaration {
  readonly flags: { readonly [name: string]: TwinFlag }
  /** The words that it is given in the demo. */
  readonly demo: { readonly [name: string]: string }
  /** What an order must bring in `providerOptions` where the client of the twin has been told nothing. */
  readonly options: JsonObject
  /** Loads the twin and makes it, with what the words for its flags stand for. Rejects a flag or a word that it does not have. */
  readonly make: (options: TwinOptions, words?: { readonly [name: string]: string }) => Promise<Twin>
}

/** Declares a twin by the options that it has of its own and can be told on the command line. */
export const declareTwin = <Own extends object>({
  flags,
  demo = {},
  options = {},
  load
}: {
  readonly flags: { readonly [Name in keyof Own]: TwinFlag<Own[Name]> }
  readonly demo?: { readonly [name: string]: string }
  readonly options?: JsonObject
  readonly load: () => Promise<(options: TwinOptions & Partial<NoInfer<Own>>) => Twin>
}): TwinDeclaration => ({
  flags,
  demo,
  options,
  make: async (given, words = {}) => {
    const stranger = Object.keys(words).find((name) => !Object.hasOwn(flags, name))
    if (stranger !== undefined)
      throw new RangeError(`expected one of ${Object.keys(flags).join(", ")}, got ${stranger}`)
    const own: Partial<Own> = {}
    for (const name in flags) {
      const flag = flags[name]
      const word = words[name]
      if (word === undefined) continue
      const value = flag.read(word)
      if (value === undefined) throw new RangeError(`${name}: expected ${expectedOf(flag)}`)
      own[name] = value
    }
    return (await load())({ ...given, ...own })
  }
})

/** The environment variables of a provider's key, address and trust: its id in capitals, as a shell can set them. */
export const environmentOf = (
  id: string
): { readonly keyVariable: string; readonly urlVariable: string; readonly trustVariable: string } => {
  const name = id.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_")
  return { keyVariable: `${name}_API_KEY`, urlVariable: `${name}_BASE_URL`, trustVariable: `${name}_WEBHOOK_TRUST` }
}
