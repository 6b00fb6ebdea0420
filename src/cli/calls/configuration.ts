/** The configuration of a command, if there is one. It is loaded where somebody names one. */
import * as Effect from "effect/Effect"
import { configurationPlace } from "./environment.ts"

export const configurationOf = Effect.fnUntraced(function* ({ config }: { readonly config: string | undefined }) {
  const file = configurationPlace(config)
  if (file === undefined) return undefined
  const { readConfiguration } = yield* Effect.promise(() => import("../inputs/configurationFile.ts"))
  return yield* readConfiguration(file)
})
