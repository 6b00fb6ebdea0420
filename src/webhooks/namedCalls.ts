/** The calls that a message names: their ids, and nothing else of what it says. Pure. */
import { isKeptText } from "../calls/keptText.ts"
import type { CallHint } from "../domain/CallHint.ts"
import type { OrderId } from "../domain/Identifiers.ts"
import { makePayloadReader } from "../normalize/normalize.ts"
import type { Registry } from "../provider/registry.ts"

/** What a message is about. */
export interface Named {
  readonly calls: ReadonlySet<OrderId>
  /** A call that is about to be answered: its provider may wait for variables. */
  readonly preCall: CallHint | undefined
  /** Whether all of it is another provider's. */
  readonly isForeign: boolean
  /** Whether it names calls, and all by ids that no provider gives. */
  readonly isUnusable: boolean
}

/** A message is about one call, or a few; one with more, or with so much that is none, is no webhook. */
const MOST_RECORDS = 100

/** Providers' ids have up to forty characters. */
const LONGEST_ID = 200

class TooMany extends Error {}

const read = (registry: Registry, provider: string, payload: unknown): Named => {
  const calls = new Set<OrderId>()
  let preCall: CallHint | undefined
  let records = 0
  let foreign = 0
  let unusable = 0
  const count = (): void => {
    records += 1
    if (records > MOST_RECORDS) throw new TooMany()
  }
  const name = (id: OrderId): void => {
    if (id.length <= LONGEST_ID && isKeptText(id)) calls.add(id)
    else unusable += 1
  }
  const readPayload = makePayloadReader(
    registry,
    { provider },
    {
      fact: (fact) => {
        count()
        if (fact.kind === "order") name(fact.id)
      },
      view: (record) => {
        count()
        if (record.kind === "call_order") name(record.id)
      },
      hint: (hint) => {
        count()
        if (hint.event === "pre_call") preCall ??= hint
        if (hint.orderId !== undefined) name(hint.orderId)
      },
      rejection: ({ reason }) => {
        count()
        if (reason === "provider_mismatch") foreign += 1
      },
      passedOver: count
    }
  )
  readPayload(payload, () => "webhook")
  return {
    calls,
    preCall,
    isForeign: foreign > 0 && foreign === records,
    isUnusable: calls.size === 0 && unusable > 0
  }
}

/** None where it holds too much: reading ends there. */
export const namedCalls = (registry: Registry, provider: string, payload: unknown): Named | undefined => {
  try {
    return read(registry, provider, payload)
  } catch (error) {
    if (error instanceof TooMany) return undefined
    throw error
  }
}
