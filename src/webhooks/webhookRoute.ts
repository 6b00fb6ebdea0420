/** Webhooks as a route of Effect's `HttpRouter`. */
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type * as Layer from "effect/Layer"
import { answer } from "./webhookAnswer.ts"
import type { Webhooks } from "./Webhooks.ts"

/**
 * Adds a route that hands each request to the webhooks of one tenant, or of several (`makeTenantWebhooks`). Every method is answered,
 * so that a wrong one is told so.
 *
 * @param path The last part is the provider's id. @default "/webhooks/:provider"
 * @example Layer.unwrap(Effect.map(Webhooks, (webhooks) => webhookRoute(webhooks)))
 */
export const webhookRoute = (
  { handle }: Pick<Webhooks["Service"], "handle">,
  path: HttpRouter.PathInput = "/webhooks/:provider"
): Layer.Layer<never, never, HttpRouter.HttpRouter> =>
  HttpRouter.add("*", path, (request) =>
    HttpServerRequest.toWeb(request).pipe(
      Effect.flatMap(handle),
      // Its address cannot be read.
      Effect.catch(() => Effect.sync(() => answer("address"))),
      Effect.map(HttpServerResponse.fromWeb)
    )
  )
