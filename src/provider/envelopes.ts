/** Envelopes: what a provider puts around its records, as its adapter declares it. */

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
