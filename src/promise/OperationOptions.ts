/** What each operation can be told beside its subject: what each option must be, and the types that follow. */
import { OrderStatus } from "../domain/CallStatus.ts"
import { momentGiven } from "../domain/Instant.ts"
import * as Duration from "effect/Duration"
import { isTenant } from "../calls/ownership.ts"
import { LEAST_PAUSE } from "../calls/settleEvery.ts"
import { InboxState } from "../webhooks/WebhookInbox.ts"
import * as Check from "../provider/optionChecks.ts"

const CANCELABLE = {
  /** Ends the operation: it rejects with the signal's reason. @example AbortSignal.timeout(5000) */
  signal: Check.optional(Check.signal)
}

/** An operation that can be aborted. */
export interface Cancelable extends Check.OptionsOf<typeof CANCELABLE> {}

const PLACE = {
  /**
   * What to do where the reference is held by an order with other content (another agent, other variables). `return` what
   * is known of that order, with `differs: true`, or `fail` with `ReferenceHeld`. Nothing is sent in either case.
   * The same where that cannot be told of an order that has been compacted (`compacted: true`).
   * @default "return"
   */
  onDifference: Check.optional(Check.oneOf(["return", "fail"])),
  /**
   * What to do where the reference is held by an uncertain placement. `return` it, or `repeat` the identical order where that
   * rings nobody twice: at a provider that knows it by its reference (`capabilities.idempotency`), up to `repeatableUntil`.
   * If the provider accepts it, so is the placement; after any other answer, a refusal too, it is as uncertain as before.
   * Where it cannot be repeated nothing is sent.
   * @default "return"
   */
  onUncertain: Check.optional(Check.oneOf(["return", "repeat"]))
}

/** How an order is placed, and what ends the waiting. */
export interface PlaceOptions extends Cancelable, Check.OptionsOf<typeof PLACE> {}

const moment = Check.that<string | Date>((value) => momentGiven(value) !== undefined, "ISO 8601 with a zone, or a Date")

export const reference = Check.text("the key that the order was placed with")

const LIST = {
  /** Only orders with one of these statuses. @default any */
  status: Check.optional(Check.listOf(Check.oneOf(OrderStatus.literals))),
  /** ISO 8601 with zone, or a `Date`. @example "2026-03-02T15:00:00Z" */
  createdAfter: Check.optional(moment),
  /** ISO 8601 with zone, or a `Date`. @example new Date() */
  createdBefore: Check.optional(moment),
  /** Only calls of this agent. @default any */
  agentId: Check.optional(Check.text("the id of an agent")),
  /** Only the call that was placed with this reference. @default any */
  reference: Check.optional(reference),
  /** Only calls to this number, in E.164. @example "+12025550101" */
  to: Check.optional(Check.text("a number in E.164, such as +12025550101"))
}

/** Which calls to list, beside the provider. */
export interface ListFields extends Cancelable, Check.OptionsOf<typeof LIST> {}

const WAIT = {
  /** From now. When it has passed, waiting fails with `Unresolved`, which holds the last record. @example 600 */
  deadlineSeconds: Check.seconds,
  /**
   * `terminal`: the order is over. `enriched`: it is over and transcript, recording and outcome have arrived, as far as
   * its provider has them; they trail the end.
   * @default "terminal"
   */
  until: Check.optional(Check.oneOf(["terminal", "enriched"])),
  /** What `enriched` waits for, where the agent makes only some of it. @default all that the provider has */
  parts: Check.optional(Check.listOf(Check.oneOf(["transcript", "recording", "outcome"])))
}

/** Until when a call is waited for, and for what. */
export interface WaitOptions extends Cancelable, Check.OptionsOf<typeof WAIT> {}

const STALE = {
  /** Placements of which nothing has been heard for so long. @example 600 */
  olderThanSeconds: Check.seconds,
  /** At most so many. @default 1000 */
  limit: Check.optional(Check.count)
}

/** Which placements to look into again. */
export interface StaleOptions extends Cancelable, Check.OptionsOf<typeof STALE> {}

const ENDED = {
  /** Placements whose end was written down before: ISO 8601 with zone, or a `Date`, a day ago or earlier. @example "2026-01-01T00:00:00Z" */
  endedBefore: moment,
  /** Only this tenant's; `""` for the common tenant of all who name none. @default everybody's */
  tenant: Check.optional(
    Check.that<string>(
      (value) => value === "" || isTenant(value),
      "one line of 1 to 200 characters, or nothing for the common tenant"
    )
  )
}

/** Which ended placements are meant. */
export interface EndedOptions extends Cancelable, Check.OptionsOf<typeof ENDED> {}

const PERMITS = {
  /**
   * That somebody knows what it permits: the references may be placed again, and the people be called again; a webhook or an
   * import of these orders is that of an unknown one.
   */
  permits: Check.oneOf(["placing_again"])
}

/** Which ended placements are deleted: thirty days after their end, or later. */
export interface DeleteEndedOptions extends EndedOptions, Check.OptionsOf<typeof PERMITS> {}

const RECONCILE = {
  /**
   * The call that a person says it is, `{ provider, id }` or text with a colon between: it is read, and taken for it unless it
   * names another number or another reference, is known as another order's, or tells no reference and was made before this
   * order (`InvalidRequest`). While the order may be under way, it is `in_flight`.
   * @default it is looked for
   */
  call: Check.optional(
    Check.that<{ readonly provider: string; readonly id: string } | string>(
      (value) => typeof value === "string" || (typeof value === "object" && value !== null),
      "{ provider, id } or PROVIDER:ID"
    )
  )
}

/** How an order is reconciled. */
export interface ReconcileOptions extends Cancelable, Check.OptionsOf<typeof RECONCILE> {}

const AGENT = {
  /** The id of the agent, as it is stored at the provider. */
  agentId: Check.text("the id of a stored agent")
}

const isAddress = (value: unknown): boolean => value === null || Check.isText(value)
const address = Check.that<string | null>(isAddress, "an address as text, or null for none")

const ADDRESSES = {
  ...AGENT,
  /** Where messages about calls go; `null` takes the address away. @default as it is @example "https://app.example.com/webhooks/revox" */
  calls: Check.optional(address),
  /** Where is asked before an inbound call is answered; `null` takes the address away. @default as it is */
  preCall: Check.optional(address),
  /** Tells what would be changed, and changes nothing. @default false */
  dryRun: Check.optional(Check.that<boolean>((value) => typeof value === "boolean", "true or false"))
}

/** Which agent is meant, beside its provider. */
export interface AgentFields extends Cancelable, Check.OptionsOf<typeof AGENT> {}

/** Where an agent's messages are to go, beside its provider. */
export interface AddressFields extends Cancelable, Check.OptionsOf<typeof ADDRESSES> {}

const INBOX_LIST = {
  /** Only calls in this state. @default any @example "parked" */
  state: Check.optional(Check.oneOf([...InboxState.literals, "unreadable"])),
  /** At most so many. @default 100 */
  limit: Check.optional(Check.count)
}

/** Which calls to list that webhooks have named. */
export interface InboxListOptions extends Cancelable, Check.OptionsOf<typeof INBOX_LIST> {}

const CHANGES = {
  /** Who consumes: one line of 1 to 200 characters. How far each name has come is kept in the feed. @default `after` tells it */
  consumer: Check.optional(Check.that<string>(isTenant, "one line of 1 to 200 characters")),
  /**
   * Instead of a name, the position of the last change that has been dealt with, 0 before the first: the application keeps it itself,
   * with what it makes of the changes.
   * @default what is known of `consumer`
   */
  after: Check.optional(
    Check.that<number>((value) => Number.isSafeInteger(value) && Number(value) >= 0, "a position, 0 before the first")
  ),
  /**
   * Where a name begins that has never consumed: with the `oldest` change that is kept, with those that come from `now` on, or with
   * the one at a position.
   * @default "oldest"
   */
  from: Check.optional(
    Check.that<"oldest" | "now" | number>(
      (value) => value === "oldest" || value === "now" || (Number.isSafeInteger(value) && Number(value) >= 1),
      "oldest, now, or a position from 1"
    )
  ),
  /**
   * What to do where changes after the position have been forgotten: `fail` with `ChangesForgotten`, which names it, or `skip` to those
   * that are kept.
   * @default "fail"
   */
  onForgotten: Check.optional(Check.oneOf(["fail", "skip"])),
  /** `read`: each change comes with its order as its provider has it then (`call`), where it can be read. @default "none" */
  content: Check.optional(Check.oneOf(["none", "read"])),
  /** Whether to wait for those that come; if not, it ends with the last that there is. @default true */
  follow: Check.optional(Check.that<boolean>((value) => typeof value === "boolean", "true or false")),
  /** How often to look for what other processes have recorded, at least 1. What this one records comes at once. @default 1 */
  everySeconds: Check.optional(Check.secondsFrom(Duration.toSeconds(LEAST_PAUSE)))
}

/** Whose changes are consumed, from where, and how. */
export interface ChangesOptions extends Cancelable, Check.OptionsOf<typeof CHANGES> {}

const CLOSE = {
  /** How long placements under way are waited for; what is not done then is uncertain. @default until each has its result */
  withinSeconds: Check.optional(Check.seconds)
}

/** How the calls are closed. */
export interface CloseOptions extends Check.OptionsOf<typeof CLOSE> {}

export const provider = Check.optional(Check.text("the id of a provider"))

/** What options of an operation must be. */
export const CHECKS = {
  cancelable: Check.options(CANCELABLE),
  place: Check.options({ ...CANCELABLE, ...PLACE }),
  wait: Check.options({ ...CANCELABLE, ...WAIT }),
  list: Check.options({ provider, ...LIST, ...CANCELABLE }),
  check: Check.options({ provider, ...CANCELABLE }),
  reconcile: Check.options({ ...RECONCILE, ...CANCELABLE }),
  stale: Check.options({ ...STALE, ...CANCELABLE }),
  ended: Check.options({ ...ENDED, ...CANCELABLE }),
  agent: Check.options({ provider, ...AGENT, ...CANCELABLE }),
  addresses: Check.options({ provider, ...ADDRESSES, ...CANCELABLE }),
  deleteEnded: Check.options({ ...ENDED, ...PERMITS, ...CANCELABLE }),
  inboxList: Check.options({ ...INBOX_LIST, ...CANCELABLE }),
  changes: Check.options({ ...CHANGES, ...CANCELABLE }),
  close: Check.options(CLOSE)
}
