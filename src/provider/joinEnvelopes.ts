/** The envelopes of several adapters as one list, made when the registry is. */
import { compareText } from "../domain/textOrder.ts"
import type { Adapter } from "./Adapter.ts"
import type { Envelope } from "./envelopes.ts"

/** A key with what all the adapters that declare it say of it. */
export interface JoinedEnvelope {
  readonly key: string
  readonly one: boolean
  readonly list: boolean
  readonly around: "page" | "row"
  readonly adapters: ReadonlyArray<Adapter>
}

/** As one adapter declares it. Nobody else checks an adapter that is written in JavaScript. */
const declared = (adapter: Adapter, key: string, { holds, around = "page" }: Envelope): JoinedEnvelope => {
  const expected = `expected the envelope "${key}" of ${adapter.id}`
  if (!["one", "list", "either"].includes(holds)) throw new Error(`${expected} to hold "one", "list" or "either"`)
  if (!["page", "row"].includes(around)) throw new Error(`${expected} to have "page" or "row" around it`)
  if (key.includes(".")) {
    throw new Error(`${expected} to be a single key: each level of a path is an envelope of its own`)
  }
  return { key, one: holds !== "list", list: holds !== "one", around, adapters: [adapter] }
}

const joined = (one: JoinedEnvelope, other: JoinedEnvelope): JoinedEnvelope => {
  if (one.around !== other.around) {
    const [first, second] = [one, other].map(({ around, adapters }) => `a ${around} of ${adapters[0]?.id}`)
    throw new Error(
      `the envelope "${one.key}" stands in ${first} and in ${second}: lists beside it are either records that would be lost, or none`
    )
  }
  return {
    ...one,
    one: one.one || other.one,
    list: one.list || other.list,
    adapters: [...one.adapters, ...other.adapters]
  }
}

/**
 * The envelopes of these adapters in the order of their keys, which does not depend on that of the adapters.
 *
 * @throws Error if one has a row where another has a page: lists beside the records cannot be both kept and left out
 */
export const joinEnvelopes = (adapters: ReadonlyArray<Adapter>): ReadonlyArray<JoinedEnvelope> => {
  const byKey = new Map<string, JoinedEnvelope>()
  for (const adapter of adapters) {
    for (const [key, envelope] of Object.entries(adapter.envelopes ?? {})) {
      const known = byKey.get(key)
      const next = declared(adapter, key, envelope)
      byKey.set(key, known === undefined ? next : joined(known, next))
    }
  }
  return [...byKey.values()].toSorted((a, b) => compareText(a.key, b.key))
}
