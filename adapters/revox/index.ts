/** Revox: what it can do, how its bodies are told apart and read, and its live calls. */
import "../../src/supportedNode.ts"
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Adapter } from "../../src/provider/Adapter.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import type { Capabilities } from "../../src/provider/Capabilities.ts"
import { makeClient, type RevoxClientOptions } from "./Client.ts"
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

/** Reads the records of Revox. */
export const revox: Adapter<"revox"> = {
  id: "revox",
  providerId,
  title: "Revox",
  capabilities,
  evidence,
  shapes,
  recordless,
  envelopes,
  roleWords,
  secretKeys: { callees: ["custom tools"], addresses: ["precall lookup url"] },
  interpretation,
  sources: { order: orderSources, attempt: attemptSources, hint: hintSources, locateAttempts }
}

/** Live calls of Revox, as a service. */
export class Revox extends Context.Service<Revox, CallProvider>()("unicall/Revox") {}

/** Needs an `HttpClient`. Fails with `InvalidRequest`, operation `configure`, if key or base URL cannot be used. */
export const make = (options: RevoxClientOptions) => makeClient(revox, options)

/** Live calls of Revox as a layer; see `make`. */
export const layer = (options: RevoxClientOptions) => Layer.effect(Revox, make(options))

/** `REVOX_API_KEY`, and `REVOX_BASE_URL` if it is set: the names that the provider's own SDK reads. */
export const config = Config.all({
  apiKey: Config.Redacted("REVOX_API_KEY"),
  baseUrl: Config.String("REVOX_BASE_URL").pipe(Config.withDefault(undefined))
})

/** `make` with key and base URL from the configuration; fails with a `ConfigError` that names what is missing. */
export const makeConfig = (options: Omit<RevoxClientOptions, "apiKey" | "baseUrl"> = {}) =>
  Effect.flatMap(config, (read) => make({ ...options, ...read }))

/** `layer` with key and base URL from the configuration. */
export const layerConfig = (options: Omit<RevoxClientOptions, "apiKey" | "baseUrl"> = {}) =>
  Layer.effect(Revox, makeConfig(options))

export type { RevoxClientOptions } from "./Client.ts"
export { RevoxOptions } from "./Request.ts"
