/** Metrics by provider, operation and result: words of ours, never an id, a number or an address. */
import type { ProviderId } from "../domain/Identifiers.ts"
import type { Operation } from "./CallError.ts"

type Attributes = { readonly [name: string]: string }

export const attributesOf = (provider: ProviderId | undefined, operation: Operation): Attributes =>
  provider === undefined
    ? { "voice_call.operation": operation }
    : { "voice_call.provider": provider, "voice_call.operation": operation }

/** Metrics with attributes, made once for each set of these: making them costs more than counting. */
export const byResult = <M>(make: (attributes: Attributes) => M) => {
  const made = new Map<string, M>()
  return (provider: ProviderId | undefined, operation: Operation, result: string): M => {
    const key = `${provider ?? ""}\n${operation}\n${result}`
    const known = made.get(key)
    if (known !== undefined) return known
    const meter = make({ ...attributesOf(provider, operation), "voice_call.result": result })
    made.set(key, meter)
    return meter
  }
}
