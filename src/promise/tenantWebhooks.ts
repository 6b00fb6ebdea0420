/** Webhooks of several tenants, for applications written with promises. */
import * as Effect from "effect/Effect"
import { isJsonObject } from "../domain/Json.ts"
import * as Check from "../provider/optionChecks.ts"
import type { AnswersWebhooks } from "../webhooks/AnswersWebhooks.ts"
import { makeTenantWebhooks, ofTenant, type WebhookHandler, type WebhookHead } from "../webhooks/tenantWebhooks.ts"
import { layerLogs } from "./layerLogs.ts"

type Maybe<A> = A | null | undefined

const answers = Check.that<AnswersWebhooks>(
  (value) => isJsonObject(value) && typeof value["webhook"] === "function",
  "what openCalls opens"
)

/** The tenants, and how the one of a request is found. */
export interface TenantWebhooksOptions {
  /**
   * The opened calls of each tenant; or a function that gives them, and may open them: nothing if there is no such tenant. The function
   * is asked for every request, with any name that somebody sends (one line of 1 to 200 characters), and keeps what it has opened.
   * @example { acme: await openCalls({ tenant: "acme", revox: { apiKey }, webhooks: { trust, inbox } }) }
   */
  readonly tenants:
    | { readonly [tenant: string]: AnswersWebhooks }
    | ((tenant: string) => Maybe<AnswersWebhooks> | PromiseLike<Maybe<AnswersWebhooks>>)
  /**
   * The tenant of a request; nothing if it has none.
   * @default the part of the path before the provider: `/webhooks/:tenant/:provider`
   * @example ({ headers }) => headers.get("host")?.split(".")[0]
   */
  readonly tenantOf?: ((head: WebhookHead) => Maybe<string> | PromiseLike<Maybe<string>>) | undefined
  /** Told what went wrong: that one of the functions failed, say. Nothing is printed. @default none */
  readonly onWarning?: ((message: string) => void) | undefined
}

const check = Check.options({
  tenants: (value, at) => (typeof value === "function" ? undefined : Check.recordOf(answers)(value, at)),
  tenantOf: Check.optional(Check.callback()),
  onWarning: Check.optional(Check.callback())
})

const handlerOf = (calls: Maybe<AnswersWebhooks>): WebhookHandler | undefined =>
  calls == null ? undefined : { handle: (request) => Effect.promise(async () => calls.webhook(request)) }

/**
 * One handler for the webhooks of all tenants: each request goes to the calls of its tenant, as it came, and to no others. A tenant that
 * is not there is answered as a provider that is not there (404); 500 where one of the functions fails or takes longer than ten seconds,
 * and 503 where the calls are closed. Never rejects.
 *
 * @example const webhooks = tenantWebhooks({ tenants: { acme, globex } })
 * @example createServer(webhookListener(tenantWebhooks({ tenants: callsOf }))).listen(8080)
 * @throws TypeError if an option is not as it must be
 */
export const tenantWebhooks = (options: TenantWebhooksOptions): AnswersWebhooks => {
  const fault = check(options, [])
  if (fault !== undefined) throw new TypeError(`tenantWebhooks: ${fault.field}: expected ${fault.expected}`)
  const { tenants, tenantOf, onWarning } = options
  const callsOf = typeof tenants === "function" ? tenants : (tenant: string) => ofTenant(tenants, tenant)
  const { handle } = makeTenantWebhooks({
    tenants: (tenant) => Effect.promise(async () => handlerOf(await callsOf(tenant))),
    ...(tenantOf === undefined ? {} : { tenantOf: (head) => Effect.promise(async () => tenantOf(head)) })
  })
  const logs = layerLogs(onWarning)
  return { webhook: async (request) => Effect.runPromise(Effect.provide(handle(request), logs)) }
}
