/** Envelopes: what a provider puts around its records, as its adapter declares it. */
import { compareText } from "../domain/textOrder.ts"

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

/** An envelope as the adapters of a registry declare it together. */
export interface JoinedEnvelope {
  readonly key: string
  readonly one: boolean
  readonly list: boolean
  readonly around: "page" | "row"
}

/** As of an adapter; those written in JavaScript are checked by nobody else. */
const joinable = (id: string, key: string, { holds, around = "page" }: Envelope): JoinedEnvelope => {
  const expected = `expected the envelope "${key}" of ${id}`
  if (!["one", "list", "either"].includes(holds)) throw new Error(`${expected} to hold "one", "list" or "either"`)
  if (!["page", "row"].includes(around)) throw new Error(`${expected} to have "page" or "row" around it`)
  if (key.includes(".")) {
    throw new Error(`${expected} to be a single key: each level of a path is an envelope of its own`)
  }
  return { key, one: holds !== "list", list: holds !== "one", around }
}

/**
 * The envelopes of several adapters in the order of their keys, which does not depend on that of the adapters. What one
 * adapter opens is opened for all.
 *
 * @throws Error if one has a row where another has a page: lists beside the records cannot be both kept and left out
 */
export const joinEnvelopes = (
  adapters: ReadonlyArray<{ readonly id: string; readonly envelopes?: Envelopes | undefined }>
): ReadonlyArray<JoinedEnvelope> => {
  const byKey = new Map<string, { readonly id: string; readonly joined: JoinedEnvelope }>()
  for (const { id, envelopes = {} } of adapters) {
    for (const [key, envelope] of Object.entries(envelopes)) {
      const next = joinable(id, key, envelope)
      const known = byKey.get(key)
      if (known !== undefined && known.joined.around !== next.around) {
        throw new Error(
          `the envelope "${key}" stands in a ${known.joined.around} of ${known.id} and in a ${next.around} of ${id}: lists beside it are either records that would be lost, or none`
        )
      }
      const one = next.one || known?.joined.one === true
      const list = next.list || known?.joined.list === true
      byKey.set(key, { id: known?.id ?? id, joined: { ...next, one, list } })
    }
  }
  return [...byKey.values()].map(({ joined }) => joined).toSorted((a, b) => compareText(a.key, b.key))
}
