/** A request becomes entries of the inbox, and an answer. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { VoiceCalls } from "../calls/VoiceCalls.ts"
import type { CallHint } from "../domain/CallHint.ts"
import type { ProviderId } from "../domain/Identifiers.ts"
import type { Registry } from "../provider/registry.ts"
import { digestOf } from "./digest.ts"
import { kindOf } from "./failureKind.ts"
import { namedCalls } from "./namedCalls.ts"
import { type BodyLimits, readBody } from "./requestBody.ts"
import type { Taking } from "./take.ts"
import { answer, counted, type Result } from "./webhookAnswer.ts"
import type { PreCallVariables, WebhookOptions } from "./Webhooks.ts"
import { isTrusted, type WebhookTrust } from "./WebhookTrust.ts"

interface Receiving {
  readonly calls: VoiceCalls["Service"]
  readonly registry: Registry
  readonly trust: WebhookOptions["trust"]
  readonly body: BodyLimits
  readonly onPreCall: WebhookOptions["onPreCall"]
  readonly take: Taking
}

const isJsonType = (type: string | null): boolean =>
  type === null || /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type.trim())

const utf8 = new TextDecoder("utf-8", { fatal: true })

const parsed = (body: Uint8Array): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(utf8.decode(body)) }
  } catch {
    return undefined
  }
}

/** Providers wait three seconds. */
const PRE_CALL_LIMIT = Duration.millis(2500)

const isVariables = (value: unknown): value is PreCallVariables =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((each) => typeof each === "string")

export const makeReceiving = (context: Receiving) => {
  const { calls, registry, trust } = context

  /** The last part of the path names the provider, as one that is opened and has a trust. */
  const providerOf = ({ pathname }: URL): ProviderId | undefined => {
    const name = pathname.split("/").findLast((part) => part !== "")
    return calls.providers.find((id) => id === name && Object.hasOwn(trust, id))
  }

  /** What the application knows of a number is told to nobody who has not shown who he is. */
  const preCall = Effect.fnUntraced(function* (hint: CallHint, { trust: who }: WebhookTrust) {
    const { onPreCall } = context
    if (onPreCall !== undefined && who === "refetch")
      yield* Effect.logWarning("webhooks: onPreCall is not asked where nobody is believed (trust: refetch)")
    const asked =
      onPreCall === undefined || who === "refetch" ? Effect.succeed({}) : Effect.suspend(() => onPreCall(hint))
    const variables = yield* asked.pipe(
      Effect.timeout(PRE_CALL_LIMIT),
      Effect.filterOrFail(isVariables),
      // What the application does wrong must not keep a call from being answered.
      Effect.catchCause(() => Effect.as(Effect.logWarning("webhooks: onPreCall gave no variables in time"), {}))
    )
    return Response.json({ variables })
  })

  const resultOf = Effect.fnUntraced(function* (
    request: Request,
    provider: ProviderId | undefined,
    url: URL
  ): Effect.fn.Return<Result | Response> {
    const trusted = provider === undefined ? undefined : trust[provider]
    if (provider === undefined || trusted === undefined) return "unknown_provider"
    if (request.method !== "POST") return "method"
    if (!isJsonType(request.headers.get("content-type"))) return "content_type"
    const body = yield* readBody(request, context.body)
    if (typeof body === "string") return body
    if (!(yield* isTrusted(trusted, { headers: request.headers, url, body }))) return "not_trusted"
    const payload = parsed(body)
    if (payload === undefined) return "not_json"
    const named = namedCalls(registry, provider, payload.value)
    if (named === undefined) return "too_many_calls"
    if (named.isForeign) return "other_provider"
    const asksBefore = registry.get(provider)?.capabilities.preCallWebhook === "yes"
    const taking =
      named.calls.size === 0
        ? Effect.succeed(undefined)
        : Effect.flatMap(digestOf(body), (message) =>
            context.take({ provider, calls: named.calls, message, trust: trusted })
          )
    if (named.preCall !== undefined && asksBefore) {
      const [response] = yield* Effect.all([preCall(named.preCall, trusted), taking], { concurrency: 2 })
      return response
    }
    return (yield* taking) ?? (named.isUnusable ? "unusable_id" : "without_call")
  })

  return Effect.fnUntraced(function* (request: Request): Effect.fn.Return<Response> {
    const url = URL.parse(request.url)
    const provider = url === null ? undefined : providerOf(url)
    const result = yield* (url === null ? Effect.succeed("address" as const) : resultOf(request, provider, url)).pipe(
      Effect.catchCause((cause) =>
        Effect.as(Effect.logError(`webhooks: a message could not be taken: ${kindOf(cause)}`), "failed" as const)
      )
    )
    yield* counted(provider, typeof result === "string" ? result : "pre_call")
    return typeof result === "string" ? answer(result) : result
  })
}
