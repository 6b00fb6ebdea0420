/** Consuming a feed of changes: each in its turn, from where the consumer had come, and then those that come. */
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { CallOrder } from "../../domain/CallOrder.ts"
import type { FieldFault } from "../../domain/PlaceCall.ts"
import { CallError, type CallRef, ChangesForgotten, InvalidRequest } from "../../provider/CallError.ts"
import { holdsForAll, mayPass } from "../../provider/failureScope.ts"
import { nowInstant } from "../currentInstant.ts"
import { isTenant } from "../ownership.ts"
import type { JournalError } from "../PlacementJournal.ts"
import { LEAST_PAUSE } from "../settleEvery.ts"
import type { CallChange } from "./CallChange.ts"
import type { ChangeFeed } from "./ChangeFeed.ts"

interface Consuming {
  /**
   * What to do where changes after the position have been forgotten: `fail` with `ChangesForgotten`, which names it, or `skip` to
   * those that are kept.
   * @default "fail"
   */
  readonly onForgotten?: "fail" | "skip"
  /** `read`: each change comes with its order as its provider has it then (`call`), where it can be read. @default "none" */
  readonly content?: "none" | "read"
  /** Whether to wait for those that come; if not, it ends with the last that there is. @default true */
  readonly follow?: boolean
  /** How often to look for what other processes have recorded: at least a second, finite. What this one records comes at once. @default 1 second */
  readonly every?: Duration.Input
}

/** By a name: asking for the next change says that the one before has been dealt with. Each comes at least once. */
export interface NamedConsuming extends Consuming {
  /** Who consumes: one line of 1 to 200 characters. How far each name has come is kept in the feed. */
  readonly consumer: string
  /**
   * Where a name begins that has never consumed: with the `oldest` change that is kept, with those that come from `now` on, or with
   * the one at a position.
   * @default "oldest"
   */
  readonly from?: "oldest" | "now" | number
  readonly after?: never
}

/** From a position that the application keeps itself, with what it makes of the changes: then each has its effect exactly once. */
export interface PositionedConsuming extends Consuming {
  /** The position of the last change that has been dealt with; 0 before the first. */
  readonly after: number
  readonly consumer?: never
  readonly from?: never
}

/** Whose changes are consumed, from where, and how. */
export type ChangesOptions = NamedConsuming | PositionedConsuming

export interface ConsumingContext {
  readonly feed: ChangeFeed["Service"]
  readonly tenant: string
  readonly read: (call: CallRef) => Effect.Effect<CallOrder, CallError>
  /** Done when something is recorded from now on. */
  readonly news: () => Deferred.Deferred<void>
}

const PAGE = 100

const isPosition = Schema.is(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)))

const isPause = (every: Duration.Input): boolean =>
  Option.exists(Duration.fromInput(every), (pause) => {
    const millis = Duration.toMillis(pause)
    return Number.isFinite(millis) && millis >= Duration.toMillis(LEAST_PAUSE)
  })

const faultOf = ({ consumer, after, from = "oldest", every = LEAST_PAUSE }: ChangesOptions): FieldFault | undefined => {
  if (consumer !== undefined && after !== undefined)
    return { field: "after", expected: "either consumer, a name, or after, a position" }
  if (consumer === undefined && !isPosition(after))
    return { field: "consumer", expected: "a name; or after, the position of the last change that was dealt with" }
  if (consumer !== undefined && !isTenant(consumer))
    return { field: "consumer", expected: "one line of 1 to 200 characters" }
  if (from !== "oldest" && from !== "now" && !(isPosition(from) && from > 0))
    return { field: "from", expected: "oldest, now, or a position from 1" }
  return isPause(every)
    ? undefined
    : { field: "every", expected: `a finite duration of at least ${Duration.format(LEAST_PAUSE)}` }
}

/** Fails with `InvalidRequest`, operation `changes`. */
export const invalidChanges = (fault: FieldFault): CallError =>
  new CallError({ operation: "changes", reason: new InvalidRequest(fault) })

/** The last position that there is. */
export const lastPosition = (feed: ChangeFeed["Service"], tenant: string): Effect.Effect<number, JournalError> =>
  Effect.map(feed.read({ tenant, after: Number.MAX_SAFE_INTEGER, limit: 1 }), ({ next }) => next - 1)

const firstOf = (feed: ChangeFeed["Service"], tenant: string): Effect.Effect<number, JournalError> =>
  Effect.map(feed.read({ tenant, after: 0, limit: 1 }), ({ next }) => next)

export const consume = (
  { feed, tenant, read, news }: ConsumingContext,
  options: ChangesOptions
): Stream.Stream<CallChange, CallError | JournalError> => {
  const { consumer, onForgotten = "fail", content = "none", follow = true, every = LEAST_PAUSE } = options

  /** Where a name begins is kept, so that it begins there as well if it dies before its first change. */
  const begin = Effect.fnUntraced(function* (name: string): Effect.fn.Return<number, JournalError> {
    const { from = "oldest" } = options
    const known = yield* feed.position(tenant, name)
    if (Option.isSome(known)) return known.value
    const last = yield* lastPosition(feed, tenant)
    const first = from === "oldest" ? yield* firstOf(feed, tenant) : from === "now" ? last + 1 : from
    yield* feed.acknowledge(tenant, name, first - 1, yield* nowInstant)
    return Math.min(first - 1, last)
  })

  const withCall = Effect.fnUntraced(function* (change: CallChange): Effect.fn.Return<CallChange, CallError> {
    const { provider, orderId: id } = change
    if (content === "none" || id === undefined) return change
    return yield* read({ provider, id }).pipe(
      Effect.map((call) => ({ ...change, call })),
      // What can be read later is waited for by whoever consumes; what cannot must not be in the way of all that follow.
      Effect.catchIf(
        ({ reason }) => !mayPass(reason) && !holdsForAll(reason),
        () => Effect.succeed(change)
      )
    )
  })

  const pulling = Effect.gen(function* () {
    const fault = faultOf(options)
    if (fault !== undefined) return yield* invalidChanges(fault)
    let position = consumer === undefined ? (options.after ?? 0) : yield* begin(consumer)
    let isDelivered = false
    let page: ReadonlyArray<CallChange> = []

    /** What comes after the position; nothing where there is nothing yet. */
    const turn = Effect.gen(function* () {
      const { changes, next } = yield* feed.read({ tenant, after: position, limit: PAGE })
      const asked = position + 1
      if (next !== asked && onForgotten === "fail")
        return yield* new CallError({ operation: "changes", reason: new ChangesForgotten({ asked, next }) })
      position = next - 1
      return changes
    })

    return Effect.gen(function* () {
      if (isDelivered && consumer !== undefined) yield* feed.acknowledge(tenant, consumer, position, yield* nowInstant)
      isDelivered = false
      while (page.length === 0) {
        const coming = news()
        page = yield* turn
        if (page.length > 0) break
        if (!follow) return yield* Cause.done()
        yield* Effect.timeoutOption(Deferred.await(coming), every)
      }
      const [change, ...rest] = page
      if (change === undefined) return yield* Cause.done()
      const delivered = yield* withCall(change)
      page = rest
      position = change.position
      isDelivered = true
      return [delivered] as const
    })
  })
  return Stream.fromPull(pulling)
}
