/** The HTTP client of the command line: undici, which closes a connection when it is told to. */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
// `NodeHttpClient` loads undici by itself, in a way of which the bundler keeps nothing but the default export.
import { Agent } from "@effect/platform-node/Undici"
import * as Effect from "effect/Effect"
import type { HttpClient } from "effect/http/HttpClient"
import * as Layer from "effect/Layer"

const layerOf = (makeAgent: () => Agent): Layer.Layer<HttpClient> =>
  Layer.provide(
    NodeHttpClient.layerUndiciNoDispatcher,
    Layer.effect(
      NodeHttpClient.Dispatcher,
      Effect.acquireRelease(Effect.sync(makeAgent), (agent) => Effect.promise(() => agent.destroy()))
    )
  )

export const layerHttp = layerOf(() => new Agent())

/** Each placement on a connection of its own: one that was kept open may be closed by the provider just then. */
export const layerPlacingHttp = layerOf(() => new Agent({ pipelining: 0 }))
