/** Counting requests and retries. Attributes are provider, operation and result: never an id, a number or an address. */
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type { ProviderId } from "../../domain/Identifiers.ts"
import type { CallErrorReason, Operation } from "../CallError.ts"

const requests = Metric.counter("unicall_provider_requests", {
  description: "Operations on a provider by result: ok or the reason of the failure",
  incremental: true
})

const retries = Metric.counter("unicall_provider_retries", {
  description: "Requests sent again after a passing failure",
  incremental: true
})

/** One metric for each set of attributes: making them anew costs as much as the rest of a request. */
const counters = new Map<string, Metric.Counter<number>>()

const counterOf = (provider: ProviderId, operation: Operation, result: string): Metric.Counter<number> => {
  const key = `${provider}\n${operation}\n${result}`
  const known = counters.get(key)
  if (known !== undefined) return known
  const made = Metric.withAttributes(requests, {
    "voice_call.provider": provider,
    "voice_call.operation": operation,
    "voice_call.result": result
  })
  counters.set(key, made)
  return made
}

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
    Metric.update(
      Metric.withAttributes(retries, { "voice_call.provider": provider, "voice_call.operation": operation }),
      1
    ),
    Effect.annotateCurrentSpan("voice_call.retries", tries)
  )
