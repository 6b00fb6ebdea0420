/** The providers of a history: clients, and twins that can be told to know orders again. */
import * as Redacted from "effect/Redacted"
import * as Revox from "../../adapters/revox/index.ts"
import * as RevRing from "../../adapters/revring/index.ts"
import { makeRevoxTwin, makeRevRingTwin, makeVapiTwin, type Twin } from "../../adapters/testing.ts"
import * as Vapi from "../../adapters/vapi/index.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import { present } from "../../src/domain/present.ts"
import type { ProcessSetup, ProviderName } from "./script.ts"

const FROM = "+12025550199"

const BASE_URL = {
  revox: "https://revox.example/api",
  revring: "https://revring.example/v1",
  vapi: "https://vapi.example"
} as const satisfies Record<ProviderName, string>

export const siteOf = (name: ProviderName, seed: string) => ({ name, twin: TWINS[name](seed), baseUrl: BASE_URL[name] })

const TWINS: { readonly [name in ProviderName]: (seed: string) => Twin } = {
  revox: (seed) => makeRevoxTwin({ seed, listItems: "orders" }),
  revring: (seed) => makeRevRingTwin({ seed }),
  vapi: (seed) => makeVapiTwin({ seed })
}

type Client = Pick<ProcessSetup, "maxConcurrency" | "pageSize" | "ratePerMinute">

const clientOf = (name: ProviderName, { maxConcurrency, pageSize, ratePerMinute }: Client) => ({
  apiKey: Redacted.make("twin-key"),
  baseUrl: BASE_URL[name],
  ...present({ maxConcurrency, pageSize }),
  ...(ratePerMinute === undefined ? {} : { rateLimit: { limit: ratePerMinute, window: "1 minute" } as const })
})

/** A client of a provider. */
export const makeProvider = (name: ProviderName, client: Client) => {
  switch (name) {
    case "revox":
      return Revox.make(clientOf(name, client))
    case "revring":
      return RevRing.make(clientOf(name, client))
    case "vapi":
      return Vapi.make({
        ...clientOf(name, client),
        phoneNumbers: { [FROM]: "line-1" },
        cancelBy: { scheduled: "deleting_record", running: "control_address" }
      })
  }
}

/** How long an idempotent provider knows an order again. */
export const WINDOW_SECONDS = 7200

/** A provider that promises to know an order again by its reference, as none of these does. */
export const idempotent = (provider: CallProvider): CallProvider => ({
  ...provider,
  adapter: {
    ...provider.adapter,
    capabilities: {
      ...provider.adapter.capabilities,
      idempotency: { windowSeconds: WINDOW_SECONDS, evidence: "https://provider.example/idempotency" }
    }
  }
})

/** Where the record of an order is. */
export const ORDER_PATH = {
  revox: "/call/",
  revring: "/calls/",
  vapi: "/call/"
} as const satisfies Record<ProviderName, string>

const PATCHED = {
  revox: (id: string, url: string) => ({ path: `/assistants/${id}`, body: { webhook_url: url } }),
  revring: (id: string, url: string) => ({ path: `/agents/${id}`, body: { postCallWebhookUrl: url } }),
  vapi: (id: string, url: string) => ({ path: `/assistant/${id}`, body: { server: { url } } })
} as const satisfies Record<ProviderName, (id: string, url: string) => unknown>

/** Has the messages of all its agents sent. */
export const sendMessages = (name: ProviderName, twin: Twin, now: number): void => {
  for (const { id } of twin.agents) {
    const { path, body } = PATCHED[name](id, `https://app.example/webhooks/${name}`)
    const headers = { authorization: "Bearer twin-key", "x-api-key": "twin-key", "content-type": "application/json" }
    const request = { method: "PATCH", path, query: new URLSearchParams(), headers, body: JSON.stringify(body) }
    const { status } = twin.respond(request, now)
    if (status !== 200) throw new Error(`${name} was told where its messages go, and answered ${status}`)
  }
}

/** Of a message that says nothing but which call it is about. */
export const MESSAGE = {
  revox: (id: string) => ({ call_order_id: id }),
  revring: (id: string) => ({ id, agentId: "agent-1", toNumber: "+12025550100", status: "COMPLETED" }),
  vapi: (id: string) => ({ message: { type: "status-update", status: "ended", call: { id } } })
} as const satisfies Record<ProviderName, (id: string) => unknown>

export const FROM_NUMBER = FROM
