/** The providers that can be called, and what the environment says of them. */
import type * as Effect from "effect/Effect"
import type { HttpClient } from "effect/http/HttpClient"
import { providers } from "../../../adapters/index.ts"
import { makeCallProvider } from "../../../adapters/live.ts"
import type { CallError } from "../../provider/CallError.ts"
import type { CallProvider } from "../../provider/CallProvider.ts"
import type { ClientOptions } from "../../provider/http/ClientOptions.ts"

export interface LiveProvider {
  readonly id: string
  readonly title: string
  /** The environment variables of its key and its address. */
  readonly keyVariable: string
  readonly urlVariable: string
  readonly make: (options: ClientOptions) => Effect.Effect<CallProvider, CallError, HttpClient>
}

export const liveProviders: ReadonlyArray<LiveProvider> = providers.adapters.map(({ id, title }) => ({
  id,
  title,
  keyVariable: `${id.toUpperCase()}_API_KEY`,
  urlVariable: `${id.toUpperCase()}_BASE_URL`,
  make: makeCallProvider[id]
}))

export const liveProvider = (id: string): LiveProvider | undefined => liveProviders.find((each) => each.id === id)

/** An empty variable is none. */
export const variable = (name: string): string | undefined => {
  const value = process.env[name]
  return value === undefined || value.trim() === "" ? undefined : value
}
