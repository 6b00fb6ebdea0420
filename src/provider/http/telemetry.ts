/** Counting requests and retries. */
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type { ProviderId } from "../../domain/Identifiers.ts"
import type { CallErrorReason, Operation } from "../CallError.ts"
import { attributesOf, byResult } from "../meters.ts"

const requests = Metric.counter("unicall_provider_requests", {
  description: "Operations on a provider by result: ok or the reason of the failure",
  incremental: true
})

const retries = Metric.counter("unicall_provider_retries", {
  description: "Requests sent again after a passing failure",
  incremental: true
})

const counterOf = byResult((attributes) => Metric.withAttributes(requests, attributes))

export const countRequest = <A>(
  provider: ProviderId,
  operation: Operation,
  sent: Effect.Effect<A, CallErrorReason>
): Effect.Effect<A, CallErrorReason> =>
  Effect.tapError(
    Effect.tap(sent, () => Metric.update(counterOf(provider, operation, "ok"), 1)),
    (reason) => Metric.update(counterOf(provider, operation, reason._tag), 1)
  )

export const countRetry = (provider: ProviderId, operation: Operation, tries: number): Effect.Effect<void> =>
  Effect.andThen(
    Metric.update(Metric.withAttributes(retries, attributesOf(provider, operation)), 1),
    Effect.annotateCurrentSpan("voice_call.retries", tries)
  )
