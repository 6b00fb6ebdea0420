/** The route for Effect's `HttpRouter`: every request to its path reaches the handler as it came, and others do not. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import { Webhooks } from "../../src/webhooks/Webhooks.ts"
import { webhookRoute } from "../../src/webhooks/webhookRoute.ts"
import { AT, messageOf, opened, placedOrder, requestOf } from "./webhookSite.ts"

/** The routes as a web server has them, with another one beside. */
const served = (routes: Layer.Layer<never, never, HttpRouter.HttpRouter>) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const health = HttpRouter.add("GET", "/health", HttpServerResponse.text("ok"))
      const app = Layer.merge(routes, health).pipe(Layer.provide(HttpServer.layerServices))
      return HttpRouter.toWebHandler(app, { disableLogger: true })
    }),
    ({ dispose }) => Effect.promise(async () => dispose())
  )

const answerOf = (handler: (request: Request) => Promise<Response>, request: Request) =>
  Effect.promise(async () => {
    const response = await handler(request)
    return { status: response.status, text: await response.text(), headers: Object.fromEntries(response.headers) }
  })

describe("the route of webhooks", () => {
  it.effect("takes a message, and answers what is none as the handler does", () =>
    Effect.gen(function* () {
      const site = yield* opened()
      const id = yield* placedOrder(site)
      const routes = Layer.unwrap(Effect.map(Webhooks, (webhooks) => webhookRoute(webhooks)))
      const { handler } = yield* served(Layer.provide(routes, Layer.succeed(Webhooks, site.webhooks)))
      const ask = (request: Request) => answerOf(handler, request)
      expect(yield* ask(requestOf(AT, messageOf(id)))).toMatchObject({ status: 200, text: "ok\n" })
      expect(yield* site.waiting).toMatchObject([{ orderId: id }])
      expect(yield* ask(requestOf(AT, "{"))).toMatchObject({ status: 400 })
      expect(yield* ask(requestOf(AT, undefined, "GET"))).toMatchObject({ status: 405, headers: { allow: "POST" } })
      expect(yield* ask(requestOf(AT.replace("revox", "nobody"), "{}"))).toMatchObject({ status: 404 })
      expect(yield* ask(requestOf("https://app.example/health", undefined, "GET"))).toMatchObject({ text: "ok" })
    })
  )

  it.effect("stands at the path that is given, and reaches the webhooks of several tenants", () =>
    Effect.gen(function* () {
      const seen: Array<string> = []
      const handle = (request: Request) =>
        Effect.promise(async () => {
          seen.push(`${new URL(request.url).pathname} ${await request.text()}`)
          return new Response("taken", { status: 202 })
        })
      const { handler } = yield* served(webhookRoute({ handle }, "/hooks/:tenant/:provider"))
      const request = requestOf("https://app.example/hooks/acme/revox", "{}")
      expect(yield* answerOf(handler, request)).toMatchObject({ status: 202, text: "taken" })
      expect((yield* answerOf(handler, requestOf("https://app.example/webhooks/revox", "{}"))).status).toBe(404)
      expect(seen).toEqual(["/hooks/acme/revox {}"])
    })
  )
})
