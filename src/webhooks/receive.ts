/** A request becomes entries of the inbox, and an answer. Its body is plain and tells nothing of what was sent. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type { VoiceCalls } from "../calls/VoiceCalls.ts"
import type { CallHint } from "../domain/CallHint.ts"
import type { OrderId, ProviderId } from "../domain/Identifiers.ts"
import { type Instant, instantAt } from "../domain/Instant.ts"
import type { Registry } from "../provider/registry.ts"
import { namedCalls } from "./namedCalls.ts"
import { type BodyFault, type BodyLimits, readBody } from "./requestBody.ts"
import type { Received, WebhookInbox } from "./WebhookInbox.ts"
import type { PreCallVariables, WebhookOptions } from "./Webhooks.ts"
import { isTrusted, type WebhookTrust } from "./WebhookTrust.ts"

interface Receiving {
  readonly calls: VoiceCalls["Service"]
  readonly inbox: WebhookInbox["Service"]
  readonly tenant: string
  readonly registry: Registry
  readonly trust: WebhookOptions["trust"]
  readonly body: BodyLimits
  readonly mostWaiting: number
  readonly onPreCall: WebhookOptions["onPreCall"]
  /** Told that something waits. */
  readonly received: Effect.Effect<void>
}

/** What came of a request, as it is counted. */
type Result =
  | "taken"
  | "pre_call"
  /** Well-formed, and names no call: acknowledged, so that nobody sends it for ever. */
  | "without_call"
  | "unknown_provider"
  | "method"
  | "content_type"
  | "not_trusted"
  | "not_json"
  | "other_provider"
  | "too_many_calls"
  | "full"
  | "inbox"
  | BodyFault

const STATUS = {
  taken: 200,
  pre_call: 200,
  without_call: 200,
  unknown_provider: 404,
  method: 405,
  content_type: 415,
  not_trusted: 401,
  not_json: 400,
  other_provider: 422,
  too_many_calls: 413,
  full: 503,
  inbox: 503,
  too_large: 413,
  too_slow: 408,
  broken: 400
} as const satisfies Record<Result, number>

/** What is said beside the status, for whoever looks at a provider's log of deliveries. */
const SAID = {
  taken: "ok",
  pre_call: "ok",
  without_call: "ok: it names no call",
  unknown_provider: "no such provider",
  method: "POST only",
  content_type: "application/json only",
  not_trusted: "not accepted",
  not_json: "not JSON",
  other_provider: "of another provider",
  too_many_calls: "too many calls",
  full: "come again later",
  inbox: "come again later",
  too_large: "too large",
  too_slow: "too slow",
  broken: "cut off"
} as const satisfies Record<Result, string>

const EXTRA: { readonly [result in Result]?: Record<string, string> } = {
  method: { allow: "POST" },
  full: { "retry-after": "60" },
  inbox: { "retry-after": "5" }
}

const requests = Metric.counter("unicall_webhooks", {
  description: "Webhooks by provider and what came of them",
  incremental: true
})

const counted = (provider: string | undefined, result: Result): Effect.Effect<void> =>
  Metric.update(
    Metric.withAttributes(requests, {
      ...(provider === undefined ? {} : { "voice_call.provider": provider }),
      "voice_call.result": result
    }),
    1
  )

const answer = (result: Result): Response =>
  new Response(`${SAID[result]}\n`, {
    status: STATUS[result],
    headers: { "content-type": "text/plain; charset=utf-8", ...EXTRA[result] }
  })

const isJsonType = (type: string | null): boolean =>
  type === null || /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type.trim())

const parsed = (body: Uint8Array): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)) }
  } catch {
    return undefined
  }
}

const digestOf = async (provider: string, body: Uint8Array<ArrayBuffer>): Promise<string> => {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body))
  return `${provider}-${Array.from(digest.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("")}`
}

/** A message is about one call, or a few; one with more is no webhook. */
const MOST_CALLS = 100

/** Providers wait three seconds. */
const PRE_CALL_LIMIT = Duration.millis(2500)

const isVariables = (value: unknown): value is PreCallVariables =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((each) => typeof each === "string")

export const makeReceiving = (context: Receiving) => {
  const { calls, inbox, tenant, registry, trust } = context

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
    const asked = onPreCall === undefined || who === "refetch" ? Effect.succeed({}) : onPreCall(hint)
    const variables = yield* asked.pipe(
      Effect.timeout(PRE_CALL_LIMIT),
      Effect.filterOrFail(isVariables),
      // What the application does wrong must not keep a call from being answered.
      Effect.catchCause(() => Effect.as(Effect.logWarning("webhooks: onPreCall gave no variables in time"), {}))
    )
    return Response.json({ variables })
  })

  const entriesOf = Effect.fnUntraced(function* (
    provider: ProviderId,
    ids: ReadonlySet<OrderId>,
    body: Uint8Array<ArrayBuffer>,
    receivedAt: Instant
  ) {
    const digest = yield* Effect.promise(async () => digestOf(provider, body))
    return yield* Effect.forEach([...ids], (orderId, index) =>
      Effect.map(
        // Who cannot be looked up is dealt with in its turn.
        Effect.orElseSucceed(calls.isKnown({ provider, id: orderId }), () => false),
        (isKnown): Received => ({ id: `${digest}-${index}`, tenant, provider, orderId, isKnown, receivedAt })
      )
    )
  })

  const resultOf = Effect.fnUntraced(function* (request: Request, provider: ProviderId | undefined, url: URL) {
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
    if (named.isForeign) return "other_provider"
    if (named.preCall !== undefined) return yield* preCall(named.preCall, trusted)
    if (named.calls.size === 0) return "without_call"
    if (named.calls.size > MOST_CALLS) return "too_many_calls"
    const at = instantAt(yield* Clock.currentTimeMillis)
    if (at === undefined) return "inbox"
    const entries = yield* entriesOf(provider, named.calls, body, at)
    // Forged ids must not take the room of calls that were placed here.
    const most = entries.every(({ isKnown }) => isKnown) ? context.mostWaiting : Math.ceil(context.mostWaiting / 2)
    const taken = yield* Effect.catch(inbox.receive(entries, most), ({ message }) =>
      Effect.as(Effect.logWarning(`webhooks: ${message}`), "inbox" as const)
    )
    if (taken === "taken") yield* context.received
    return taken
  })

  return Effect.fnUntraced(function* (request: Request): Effect.fn.Return<Response> {
    const url = new URL(request.url)
    const provider = providerOf(url)
    const result = yield* resultOf(request, provider, url)
    yield* counted(provider, typeof result === "string" ? result : "pre_call")
    return typeof result === "string" ? answer(result) : result
  })
}
