/** The providers that can be called, and what the environment says of them. */
import * as Effect from "effect/Effect"
import { callable } from "../providers.ts"
import { environmentOf, type MakeCallProvider, type TwinDeclaration } from "../../provider/ProviderDeclaration.ts"

export interface LiveProvider {
  readonly id: string
  readonly title: string
  /** The environment variables of its key and its address. */
  readonly keyVariable: string
  readonly urlVariable: string
  readonly make: MakeCallProvider
  readonly twin: TwinDeclaration
}

export const liveProviders: ReadonlyArray<LiveProvider> = callable.map(({ id, title, live, twin }) => ({
  id,
  title,
  ...environmentOf(id),
  make: (client) => Effect.flatMap(Effect.promise(live.load), (make) => make(client)),
  twin
}))

/** An empty variable is none. */
export const variable = (name: string): string | undefined => {
  const value = process.env[name]
  return value === undefined || value.trim() === "" ? undefined : value
}
