/**
 * Changes of calls posted to addresses, for applications that want them elsewhere. Each address is a consumer of the feed: it gets the
 * changes one after the other, each until it has been taken, and goes on where it was after a restart.
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { CallChange } from "../calls/changes/CallChange.ts"
import type { NamedConsuming, PositionedConsuming } from "../calls/changes/consume.ts"
import type { JournalError } from "../calls/PlacementJournal.ts"
import type { Instant } from "../domain/Instant.ts"
import { present } from "../domain/present.ts"
import { CallError, InvalidRequest } from "../provider/CallError.ts"
import { counted, makeDelivering } from "./delivery.ts"
import { addressFault, LIMITS, type OutboxAddress } from "./OutboxAddress.ts"

/** How an address fares, since the outbox was opened. */
export interface OutboxState {
  readonly name: string
  /** `waiting`: a change was not taken and is tried again. `gone`: the receiver has said that it wants no more. */
  readonly state: "delivering" | "waiting" | "gone"
  readonly taken: number
  /** Given up, or forgotten by the feed before they could be posted. */
  readonly lost: number
  /** The change that was last dealt with, or is being dealt with. */
  readonly position?: number
  /** Of `waiting`: why it was not taken, a status or a code. */
  readonly problem?: string
  /** Of `waiting`. */
  readonly nextTryAt?: Instant
}

/** What posts changes to addresses, as long as its scope is open. */
export class Outbox extends Context.Service<
  Outbox,
  {
    /** How each address fares. */
    readonly states: Effect.Effect<ReadonlyArray<OutboxState>>
  }
>()("unicall/Outbox") {}

export interface OutboxContext<Address extends OutboxAddress> {
  readonly changes: (
    options: NamedConsuming | PositionedConsuming
  ) => Stream.Stream<CallChange, CallError | JournalError>
  /** @default the common tenant */
  readonly tenant?: string | undefined
  readonly addresses: { readonly [name: string]: Address }
  /** What an address is posted to with; fails where its URL may not be posted to. */
  readonly clientFor: (name: string, address: Address) => Effect.Effect<HttpClient.HttpClient, CallError, Scope.Scope>
}

/** The consumer of the feed that an address is. */
export const consumerOf = (name: string): string => `outbox:${name}`

/** Between looks where the feed cannot be read, or a call not that somebody wants with its change. */
const PAUSE = Duration.seconds(30)

const makePosting = Effect.fnUntraced(function* <Address extends OutboxAddress>(
  { changes, tenant = "", clientFor }: OutboxContext<Address>,
  name: string,
  address: Address
) {
  const { url, secrets, only, content, from, timeout = LIMITS.timeout } = address
  const client = yield* clientFor(name, address)
  let state: OutboxState = { name, state: "delivering", taken: 0, lost: 0 }
  /** The position that comes next; not known before the first change. */
  let next: number | undefined

  const deliver = makeDelivering({
    name,
    tenant,
    receiver: { client, url, secrets, timeout: Duration.fromInputUnsafe(timeout) },
    retrying: ({ problem, at }) => (state = { ...state, state: "waiting", problem, ...present({ nextTryAt: at }) }),
    ...present({ giveUpAfter: address.giveUpAfter, longestPause: address.longestPause })
  })

  const forgotten = (first: number, after: number): Effect.Effect<void> => {
    const count = after - first
    state = { ...state, lost: state.lost + count }
    return Effect.andThen(
      counted(name, "forgotten", count),
      Effect.logError(
        `outbox ${name}: changes ${first} to ${after - 1} have been forgotten before they could be posted`
      )
    )
  }

  /** Whether to go on. */
  const one = Effect.fnUntraced(function* (change: CallChange) {
    const { position } = change
    if (next !== undefined && next < position) yield* forgotten(next, position)
    next = position + 1
    if (only?.includes(change.change) === false) return true
    state = { ...state, position }
    const delivered = yield* deliver(change)
    const { problem: _, nextTryAt: _at, taken, lost, ...rest } = state
    state = {
      ...rest,
      state: delivered === "gone" ? "gone" : "delivering",
      taken: delivered === "taken" ? taken + 1 : taken,
      lost: delivered === "given_up" ? lost + 1 : lost
    }
    return delivered !== "gone"
  })

  const again = Effect.fnUntraced(function* (error: CallError | JournalError) {
    if (error._tag === "CallError" && error.reason._tag === "ChangesForgotten") {
      const { asked, next: kept } = error.reason
      if (asked < kept) yield* forgotten(asked, kept)
      else yield* Effect.logError(`outbox ${name}: ${error.message}`)
      next = kept
      return
    }
    yield* Effect.logWarning(`outbox ${name}: ${error.message}`)
    yield* Effect.sleep(PAUSE)
  })

  /** Asking for the next change says that the one before has been dealt with. */
  const posting = Effect.suspend(() =>
    changes({
      consumer: consumerOf(name),
      // What is missing is told by `one`, once it is known where it begins.
      onForgotten: next === undefined ? "fail" : "skip",
      ...present({ content, from })
    }).pipe(
      Stream.runForEachWhile(one),
      Effect.catch(again),
      Effect.catchDefect(() => Effect.andThen(Effect.logError(`outbox ${name}: a defect`), Effect.sleep(PAUSE)))
    )
  )

  return {
    state: () => state,
    run: Effect.repeat(posting, { until: () => state.state === "gone" })
  }
})

/**
 * Begins to post. Fails with `InvalidRequest`, operation `configure`, if an address is not as it must be; as `changes` does, if there is
 * no feed.
 */
export const makeOutbox = Effect.fnUntraced(function* <Address extends OutboxAddress>(
  context: OutboxContext<Address>
): Effect.fn.Return<Outbox["Service"], CallError | JournalError, Scope.Scope> {
  const addresses = Object.entries(context.addresses)
  for (const [name, address] of addresses) {
    const fault = addressFault(name, address)
    if (fault !== undefined) return yield* new CallError({ operation: "configure", reason: new InvalidRequest(fault) })
  }
  // Whether there is a feed: otherwise nobody would hear of it before the first change.
  yield* Stream.runDrain(Stream.take(context.changes({ after: 0, onForgotten: "skip", follow: false }), 1))
  const postings = yield* Effect.forEach(addresses, ([name, address]) => makePosting(context, name, address))
  yield* Effect.forEach(postings, ({ run }) => Effect.forkScoped(run), { discard: true })
  return Outbox.of({ states: Effect.sync(() => postings.map(({ state }) => state())) })
})
