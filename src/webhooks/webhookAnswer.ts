/** What is answered to a webhook: a status and a plain word, nothing of what was sent. */
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type { ProviderId } from "../domain/Identifiers.ts"
import type { BodyFault } from "./requestBody.ts"

/** What came of a request, as it is counted. */
export type Result =
  | "taken"
  | "pre_call"
  /** Well-formed, and names no call: acknowledged, so that nobody sends it for ever. */
  | "without_call"
  /** It names calls by ids that cannot be kept, or are longer than ids are: acknowledged likewise. */
  | "unusable_id"
  | "address"
  | "unknown_provider"
  | "unknown_tenant"
  /** The application could not say which tenant's it is, or open it. */
  | "tenant_failed"
  | "method"
  | "content_type"
  | "not_trusted"
  | "not_json"
  | "other_provider"
  | "too_many_calls"
  | "full"
  | "inbox"
  /** Ours to mend. */
  | "failed"
  | BodyFault

const LATER = "come again later"

/** To strangers a tenant that is not there is a provider that is not there. */
const NOBODY = [404, "no such provider"] as const

const ANSWERS = {
  taken: [200, "ok"],
  pre_call: [200, "ok"],
  without_call: [200, "ok: it names no call"],
  unusable_id: [200, "ok: its id is none"],
  address: [400, "no address"],
  unknown_provider: NOBODY,
  unknown_tenant: NOBODY,
  tenant_failed: [500, LATER],
  method: [405, "POST only"],
  content_type: [415, "application/json only"],
  not_trusted: [401, "not accepted"],
  not_json: [400, "not JSON"],
  other_provider: [422, "of another provider"],
  too_many_calls: [413, "too many calls"],
  full: [503, LATER],
  inbox: [503, LATER],
  failed: [503, LATER],
  too_large: [413, "too large"],
  too_slow: [408, "too slow"],
  broken: [400, "cut off"]
} as const satisfies Record<Result, readonly [status: number, said: string]>

const HEADERS: { readonly [result in Result]?: Record<string, string> } = {
  method: { allow: "POST" },
  full: { "retry-after": "60" },
  inbox: { "retry-after": "5" },
  failed: { "retry-after": "60" }
}

const requests = Metric.counter("unicall_webhooks", {
  description: "Webhooks by provider and what came of them",
  incremental: true
})

export const counted = (provider: ProviderId | undefined, result: Result): Effect.Effect<void> =>
  Metric.update(
    Metric.withAttributes(requests, {
      ...(provider === undefined ? {} : { "voice_call.provider": provider }),
      "voice_call.result": result
    }),
    1
  )

export const answer = (result: Result): Response => {
  const [status, said] = ANSWERS[result]
  const headers = { "content-type": "text/plain; charset=utf-8", ...HEADERS[result] }
  return new Response(`${said}\n`, { status, headers })
}
