/** RevRing: what it can do, how its bodies are told apart and read, and its live calls. */
import "../../src/supportedNode.ts"
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import type { Capabilities } from "../../src/provider/Capabilities.ts"
import * as Check from "../../src/provider/optionChecks.ts"
import {
  amount,
  choice,
  declareTwin,
  environmentOf,
  type ProviderDeclaration
} from "../../src/provider/ProviderDeclaration.ts"
import { makeClient, type RevRingClientOptions, type RevRingSettings } from "./Client.ts"
import { evidence } from "./Evidence.ts"
import { providerId } from "./Mapping.ts"
import { interpretation } from "./Meaning.ts"
import { envelopes, shapes } from "./Shapes.ts"
import { attemptSources, hintSources, locateAttempts, orderSources } from "./Sources.ts"
import { roleWords } from "./Words.ts"

/** What RevRing can do. */
export const capabilities: Capabilities = {
  retries: "no",
  schedule: "no",
  inlineAgent: "no",
  metadata: "no",
  variables: "yes",
  concurrency: "no",
  callerNumber: "required",
  cancel: "yes",
  batchRead: 100,
  list: "observed",
  listItems: "orders",
  listFilters: ["status", "created", "agent"],
  referenceIn: "variables",
  listCarriesReference: "unknown",
  webhook: "unsigned",
  preCallWebhook: "yes",
  answeredBy: "detected",
  outcome: "no",
  extraction: "no",
  summary: "yes",
  transcript: "yes",
  recording: "yes",
  idempotency: "no",
  webCalls: "yes"
}

/** RevRing in one declaration. */
export const revring: ProviderDeclaration<"revring", RevRingSettings> = {
  id: "revring",
  providerId,
  title: "RevRing",
  capabilities,
  evidence,
  shapes,
  envelopes,
  roleWords,
  interpretation,
  sources: { order: orderSources, attempt: attemptSources, hint: hintSources, locateAttempts },
  live: {
    settings: { pageSize: Check.optional(Check.count) },
    load: async () => {
      const { makeClient } = await import("./Client.ts")
      return (options, settings) => makeClient(revring, { ...settings, ...options })
    }
  },
  twin: declareTwin({
    flags: {
      generation: choice({ 1: 1, 2: 2, 3: 3 }, "the generation of the API that is spoken (default 3)"),
      concurrencyLimit: amount(10_000, "calls at a time; others queue")
    },
    load: async () => (await import("./Twin.ts")).makeRevRingTwin
  })
}

/** Live calls of RevRing, as a service. */
export class RevRing extends Context.Service<RevRing, CallProvider>()("unicall/RevRing") {}

/** Needs an `HttpClient`. Fails with `InvalidRequest`, operation `configure`, if key or base URL cannot be used. */
export const make = (options: RevRingClientOptions) => makeClient(revring, options)

/** Live calls of RevRing as a layer; see `make`. */
export const layer = (options: RevRingClientOptions) => Layer.effect(RevRing, make(options))

const { keyVariable, urlVariable } = environmentOf(revring.id)

/** `REVRING_API_KEY`, and `REVRING_BASE_URL` if it is set. */
export const config = Config.all({
  apiKey: Config.Redacted(keyVariable),
  baseUrl: Config.String(urlVariable).pipe(Config.withDefault(undefined))
})

/** `make` with key and base URL from the configuration; fails with a `ConfigError` that names what is missing. */
export const makeConfig = (options: Omit<RevRingClientOptions, "apiKey" | "baseUrl"> = {}) =>
  Effect.flatMap(config, (read) => make({ ...options, ...read }))

/** `layer` with key and base URL from the configuration. */
export const layerConfig = (options: Omit<RevRingClientOptions, "apiKey" | "baseUrl"> = {}) =>
  Layer.effect(RevRing, makeConfig(options))

export type { RevRingClientOptions } from "./Client.ts"
export { RevRingOptions } from "./Request.ts"
