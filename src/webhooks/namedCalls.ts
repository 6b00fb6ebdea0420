/** The calls that a message names: their ids, and nothing else of what it says. Pure. */
import type { CallHint } from "../domain/CallHint.ts"
import type { OrderId } from "../domain/Identifiers.ts"
import { makePayloadReader } from "../normalize/normalize.ts"
import type { Registry } from "../provider/registry.ts"

/** What a message is about. */
export interface Named {
  readonly calls: ReadonlySet<OrderId>
  /** A call that is about to be answered, and has no id yet: its provider waits for variables. */
  readonly preCall: CallHint | undefined
  /** Whether all of it is another provider's. */
  readonly isForeign: boolean
}

export const namedCalls = (registry: Registry, provider: string, payload: unknown): Named => {
  const calls = new Set<OrderId>()
  let preCall: CallHint | undefined
  let foreign = 0
  let others = 0
  const read = makePayloadReader(
    registry,
    { provider },
    {
      fact: (fact) => void (fact.kind === "order" ? calls.add(fact.id) : (others += 1)),
      view: (record) => void (record.kind === "call_order" ? calls.add(record.id) : (others += 1)),
      hint: (hint) => {
        if (hint.orderId !== undefined) calls.add(hint.orderId)
        else if (hint.event === "pre_call") preCall = hint
        else others += 1
      },
      rejection: ({ reason }) => void (reason === "provider_mismatch" ? (foreign += 1) : (others += 1))
    }
  )
  read(payload, () => "webhook")
  return { calls, preCall, isForeign: foreign > 0 && others === 0 && calls.size === 0 && preCall === undefined }
}
