/** Envelopes: what a provider puts around its records, as its adapter declares it; and those of several adapters as one list. */
import { compareText } from "../domain/textOrder.ts"
import type { Adapter } from "./Adapter.ts"

/** What stands under one key of an envelope, and what the object is that has the key. */
export interface Envelope {
  /** One record, a list of records, or either. A value of another form is not opened. */
  readonly holds: "one" | "list" | "either"
  /**
   * A `page` is about its records: other lists beside them, and faults, come as a rejection and are not lost. A `row` is
   * about something else, such as a contact with its call: its lists are no records, and only faults come as a rejection.
   * @default "page"
   */
  readonly around?: "page" | "row" | undefined
}

/**
 * The envelopes of a provider, by their keys. An envelope within another needs no declaration of its own: each key is
 * opened wherever it stands.
 *
 * @example
 * // {"items": [{…}, {…}], "total": 2}   {"message": {…}, "sent": "…"}   {"contact": "c-7", "tags": [], "call": {…}}
 * const envelopes: Envelopes = {
 *   items: { holds: "list" },
 *   message: { holds: "one" },
 *   call: { holds: "one", around: "row" }
 * }
 */
export interface Envelopes {
  readonly [key: string]: Envelope
}

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
