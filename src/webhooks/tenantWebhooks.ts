/** Webhooks of several tenants at one place: the tenant of a request is found without its body, and its own handler does the rest. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { isTenant } from "../calls/ownership.ts"
import { kindOf } from "./failureKind.ts"
import { answer, counted, type Result } from "./webhookAnswer.ts"

/** What answers webhooks: `Webhooks` of one tenant, or of several. */
export interface WebhookHandler<R = never> {
  /** Answers a request. Never fails: whatever goes wrong is a status. */
  readonly handle: (request: Request) => Effect.Effect<Response, never, R>
}

/** A request without its body, which only the tenant's own handler reads: it knows how far, and whom to believe. */
export interface WebhookHead {
  /** `POST`, unless it is no webhook. */
  readonly method: string
  /** Its address. Under `webhookListener` the host is `localhost`: what was asked for is the header `host`. */
  readonly url: URL
  /** A copy. */
  readonly headers: Headers
}

/** The tenants, and how the one of a request is found. */
export interface TenantWebhooksOptions<R = never> {
  /**
   * The handler of each tenant; or a function that gives it, and may open it: nothing if there is no such tenant. The function is
   * asked for every request, with any name that somebody sends (one line of 1 to 200 characters), and keeps what it has opened.
   */
  readonly tenants:
    | { readonly [tenant: string]: WebhookHandler }
    | ((tenant: string) => Effect.Effect<WebhookHandler | null | undefined, unknown, R>)
  /**
   * The tenant of a request; nothing if it has none.
   * @default the part of the path before the provider: `/webhooks/:tenant/:provider`
   */
  readonly tenantOf?: (head: WebhookHead) => Effect.Effect<string | null | undefined, unknown, R>
}

/** For both functions together. */
const FINDING_LIMIT = Duration.seconds(10)

/** One part of the path stays one: whoever makes a file's name of it is led to no other folder. */
const decodedPart = (part: string): string | undefined => {
  try {
    const name = decodeURIComponent(part)
    return /[/\\]/.test(name) ? undefined : name
  } catch {
    return undefined
  }
}

const tenantInPath = ({ pathname }: URL): string | undefined => {
  const parts = pathname.split("/")
  const provider = parts.findLastIndex((part) => part !== "")
  return decodedPart(parts[provider - 1] ?? "")
}

/** What a record has of a tenant itself: names come from anybody. */
export const ofTenant = <A>(tenants: { readonly [tenant: string]: A }, tenant: string): A | undefined =>
  Object.hasOwn(tenants, tenant) ? tenants[tenant] : undefined

/**
 * One handler for the webhooks of all tenants: each request goes to the handler of its tenant, as it came. A tenant that is not there
 * is answered as a provider that is not there; 500 where one of the functions fails or takes longer than ten seconds.
 *
 * @example makeTenantWebhooks({ tenants: { acme: acmeWebhooks, globex: globexWebhooks } })
 */
export const makeTenantWebhooks = <R = never>(options: TenantWebhooksOptions<R>): WebhookHandler<R> => {
  const { tenants, tenantOf = ({ url }) => Effect.succeed(tenantInPath(url)) } = options
  const handlerOf =
    typeof tenants === "function" ? tenants : (tenant: string) => Effect.succeed(ofTenant(tenants, tenant))

  const find = Effect.fnUntraced(function* ({ method, headers }: Request, url: URL) {
    const tenant = yield* tenantOf({ method, url, headers: new Headers(headers) })
    const handler = isTenant(tenant) ? yield* handlerOf(tenant) : undefined
    return handler ?? "unknown_tenant"
  })

  /** Without the words of what failed, and without names that anybody can send. */
  const failing = (what: string, result: "tenant_failed" | "failed") =>
    Effect.catchCause((cause) => Effect.as(Effect.logError(`webhooks: ${what}: ${kindOf(cause)}`), result))

  const resultOf = Effect.fnUntraced(function* (request: Request): Effect.fn.Return<Result | Response, never, R> {
    const url = URL.parse(request.url)
    if (url === null) return "address"
    const found = yield* find(request, url).pipe(
      Effect.timeout(FINDING_LIMIT),
      failing("the tenant of a message could not be found", "tenant_failed")
    )
    if (typeof found === "string") return found
    return yield* Effect.suspend(() => found.handle(request)).pipe(
      failing("a message could not be handed on", "failed")
    )
  })

  return {
    handle: Effect.fnUntraced(function* (request) {
      const result = yield* resultOf(request)
      // What a tenant's own handler answers, it has counted.
      if (typeof result !== "string") return result
      yield* counted(undefined, result)
      return answer(result)
    })
  }
}
