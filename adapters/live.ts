/** How each provider of the registry is called, one line each; the compiler asks for one when the registry gets a provider. */
import type * as Effect from "effect/Effect"
import type { HttpClient } from "effect/http/HttpClient"
import type { CallError } from "../src/provider/CallError.ts"
import type { CallProvider } from "../src/provider/CallProvider.ts"
import type { ClientOptions } from "../src/provider/http/ClientOptions.ts"
import type { providers } from "./index.ts"
import * as Revox from "./revox/index.ts"
import * as RevRing from "./revring/index.ts"

type MakeCallProvider = (options: ClientOptions) => Effect.Effect<CallProvider, CallError, HttpClient>

export const makeCallProvider: { readonly [Id in (typeof providers.ids)[number]]: MakeCallProvider } = {
  revox: Revox.make,
  revring: RevRing.make
}
