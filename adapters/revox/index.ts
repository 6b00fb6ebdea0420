/** Revox: what it can do, how its bodies are told apart and read, and its live calls. */
import "../../src/supportedNode.ts"
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import type { Capabilities } from "../../src/provider/Capabilities.ts"
import * as Check from "../../src/provider/optionChecks.ts"
import { choice, declareTwin, environmentOf, type ProviderDeclaration } from "../../src/provider/ProviderDeclaration.ts"
import { makeClient, type RevoxClientOptions, type RevoxSettings } from "./Client.ts"
import { evidence } from "./Evidence.ts"
import { providerId } from "./Mapping.ts"
import { interpretation } from "./Meaning.ts"
import { envelopes, recordless, shapes } from "./Shapes.ts"
import { attemptSources, hintSources, locateAttempts, orderSources } from "./Sources.ts"
import { roleWords } from "./Words.ts"

/** What Revox can do. */
export const capabilities: Capabilities = {
  retries: "yes",
  schedule: "yes",
  inlineAgent: "yes",
  metadata: "yes",
  variables: "yes",
  concurrency: "yes",
  callerNumber: "optional",
  cancel: "yes",
  batchRead: 0,
  list: "documented",
  listItems: "either",
  listFilters: ["status"],
  referenceIn: "metadata",
  listCarriesReference: "unknown",
  webhook: "unsigned",
  preCallWebhook: "no",
  answeredBy: "stated",
  outcome: "yes",
  extraction: "yes",
  summary: "no",
  transcript: "yes",
  recording: "yes",
  idempotency: "no",
  webCalls: "no"
}

/** Revox in one declaration. */
export const revox: ProviderDeclaration<"revox", RevoxSettings> = {
  id: "revox",
  providerId,
  title: "Revox",
  capabilities,
  evidence,
  shapes,
  recordless,
  envelopes,
  roleWords,
  secretKeys: { callees: ["custom tools"], addresses: ["api url", "precall lookup url"] },
  interpretation,
  sources: { order: orderSources, attempt: attemptSources, hint: hintSources, locateAttempts },
  live: {
    settings: {
      pageSize: Check.optional(Check.count),
      statusesEncoding: Check.optional(Check.oneOf(["repeat", "brackets", "comma"])),
      searchPath: Check.optional(Check.text("the path of search"))
    },
    load: async () => {
      const { makeClient } = await import("./Client.ts")
      return (options, settings) => makeClient(revox, { ...settings, ...options })
    }
  },
  twin: declareTwin({
    flags: {
      rung: choice({ V1: "V1", V2: "V2", V4: "V4", V5: "V5" }, "the state of the API that is spoken (default V4)"),
      pageBase: choice({ 0: 0, 1: 1, either: "either" }, "the number of the first page of its list (default either)"),
      listItems: choice({ orders: "orders", attempts: "attempts" }, "what its list holds (default attempts)")
    },
    demo: { listItems: "orders" },
    load: async () => (await import("./Twin.ts")).makeRevoxTwin
  })
}

/** Live calls of Revox, as a service. */
export class Revox extends Context.Service<Revox, CallProvider>()("unicall/Revox") {}

/** Needs an `HttpClient`. Fails with `InvalidRequest`, operation `configure`, if key or base URL cannot be used. */
export const make = (options: RevoxClientOptions) => makeClient(revox, options)

/** Live calls of Revox as a layer; see `make`. */
export const layer = (options: RevoxClientOptions) => Layer.effect(Revox, make(options))

const { keyVariable, urlVariable } = environmentOf(revox.id)

/** `REVOX_API_KEY`, and `REVOX_BASE_URL` if it is set: the names that the provider's own SDK reads. */
export const config = Config.all({
  apiKey: Config.Redacted(keyVariable),
  baseUrl: Config.String(urlVariable).pipe(Config.withDefault(undefined))
})

/** `make` with key and base URL from the configuration; fails with a `ConfigError` that names what is missing. */
export const makeConfig = (options: Omit<RevoxClientOptions, "apiKey" | "baseUrl"> = {}) =>
  Effect.flatMap(config, (read) => make({ ...options, ...read }))

/** `layer` with key and base URL from the configuration. */
export const layerConfig = (options: Omit<RevoxClientOptions, "apiKey" | "baseUrl"> = {}) =>
  Layer.effect(Revox, makeConfig(options))

export type { RevoxClientOptions } from "./Client.ts"
export { RevoxOptions } from "./Request.ts"
