/** Live calls on any provider: the same code places, reads, waits for and cancels them. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { CallAttempt } from "../domain/CallAttempt.ts"
import type { CallOrder } from "../domain/CallOrder.ts"
import { type ProviderId } from "../domain/Identifiers.ts"
import { viewFact } from "../domain/View.ts"
import { CallError, type CallErrorReason, type CallRef, InvalidRequest, type Operation } from "../provider/CallError.ts"
import type { CallProvider, KeyCheck } from "../provider/CallProvider.ts"
import { redactorOf } from "../provider/registry.ts"
import { confirmedPolicies } from "./absence.ts"
import { type AccountCatalog, makeAccountCatalog } from "./accountCatalog.ts"
import { cancel, type Connection } from "./cancel.ts"
import type { CallChange } from "./changes/CallChange.ts"
import type { ChangesOptions } from "./changes/consume.ts"
import { liveFeedIn } from "./changes/liveFeed.ts"
import { awaitEnd, watch } from "./follow.ts"
import { present } from "../domain/present.ts"
import { nowInstant } from "./currentInstant.ts"
import { noticingAbsent } from "./absenceSigns.ts"
import { type Heard, heard, knownAs } from "./heard.ts"
import { openedOf } from "./openedProviders.ts"
import type { AtProvider } from "./outcome.ts"
import { overBefore } from "./forgottenCall.ts"
import type { ReadPlaced } from "./heldReference.ts"
import type { OrderPlacing } from "./OrderPlacing.ts"
import { claimOf, holderOf, ownerOf } from "./ownership.ts"
import type { Canceled, Looked, Reconciled, ReconcileOptions } from "./Placed.ts"
import type { JournalError, PlacementJournal } from "./PlacementJournal.ts"
import { settlementOf } from "./placementState.ts"
import { makePlacing } from "./place.ts"
import { makePrepare, routerOf } from "./prepare.ts"
import { withDecision } from "./preparedOrder.ts"
import { makePoller } from "./Poller.ts"
import { makeReconciling, type StaleOptions } from "./reconcile.ts"
import { again, pauseOf } from "./settleEvery.ts"
import { filterFor } from "./support.ts"
import { traced, tracedAtEnd, tracedStream } from "./telemetry.ts"
import { makeWebhookAddressing, type WebhookAddressing } from "./agentAddresses.ts"
import type { ListOptions, VoiceCallsOptions } from "./VoiceCallsOptions.ts"
import { POLL, type WaitOptions } from "./WaitOptions.ts"

export type { ListOptions, SettleOptions, VoiceCallsOptions } from "./VoiceCallsOptions.ts"

/** Live calls on the providers there are: placing once, reading, waiting, cancelling, reconciling. */
export class VoiceCalls extends Context.Service<
  VoiceCalls,
  {
    /** Ids of the providers there are. */
    readonly providers: ReadonlyArray<ProviderId>
    readonly get: (call: CallRef) => Effect.Effect<CallOrder, CallError>
    /** Each call once; fails with `Incomplete` at its end if it may not be all. */
    readonly list: (options?: ListOptions) => Stream.Stream<CallOrder | CallAttempt, CallError>
    readonly cancel: (call: CallRef) => Effect.Effect<Canceled, CallError>
    /** Waits for the end; fails with `Unresolved`, which holds the last record, when the deadline has passed. */
    readonly awaitEnd: (call: CallRef, options: WaitOptions) => Effect.Effect<CallOrder, CallError>
    /** The record as it is, then each change of it, until the end. */
    readonly watch: (call: CallRef, options: WaitOptions) => Stream.Stream<CallOrder, CallError>
    /** Looks at a call now if somebody waits for it. */
    readonly wake: (call: CallRef) => Effect.Effect<void>
    /**
     * What became of a placement: read if it was accepted, searched for if that is uncertain, `free` if no placement holds
     * the reference. Never places.
     */
    readonly reconcile: (
      reference: string,
      options?: ReconcileOptions
    ) => Effect.Effect<Reconciled, CallError | JournalError>
    /**
     * The same for all that have not been heard of for long, in batches. Fails with `AbsentWasWrong`, once all is written
     * down, if an order exists that a policy had called absent.
     */
    readonly reconcileStale: (options: StaleOptions) => Effect.Effect<ReadonlyArray<Looked>, CallError | JournalError>
    /**
     * Looks for uncertain orders, and for those called absent in the last day, once: what `settle` of the options does every
     * so often. Of each provider in one walk of its list; an old one less and less often. What needs a person has a
     * `question`; `wasAbsent` says that one exists which a policy had called absent.
     */
    readonly settle: Effect.Effect<ReadonlyArray<Looked>, CallError | JournalError>
    /**
     * Reads a call that a message named, whoever sent it, and brings up to date what is known of it: its placement, one
     * whose order was not known until now, and whoever waits for its end.
     */
    readonly heard: (call: CallRef) => Effect.Effect<Heard, CallError | JournalError>
    /** Whether a call is one that was placed with this journal, by its id. */
    readonly isKnown: (call: CallRef) => Effect.Effect<boolean, CallError | JournalError>
    /**
     * Gives up an uncertain placement, so that its reference can be placed again. The call may have been placed: only a
     * person, or a policy that somebody answers for, can decide this. Whether there was one to give up: not what is
     * being placed just now, nor what is `in_flight`, nor what is held by another account or tenant.
     */
    readonly release: (reference: string) => Effect.Effect<boolean, JournalError>
    /**
     * What becomes known of placed calls, one after the other, those that come included: a consumer has each at least once, and after
     * a restart goes on where it was. Needs a `ChangeFeed`.
     */
    readonly changes: (options: ChangesOptions) => Stream.Stream<CallChange, CallError | JournalError>
    /** Whether the key is accepted. */
    readonly check: (provider: string) => Effect.Effect<KeyCheck, CallError>
  } & OrderPlacing &
    WebhookAddressing &
    AccountCatalog
>()("unicall/VoiceCalls") {
  /** The service over the given providers: `VoiceCalls.layer([Acme.make({ apiKey }), Other.makeConfig()])`. */
  static layer = <E, R>(providers: ReadonlyArray<Effect.Effect<CallProvider, E, R>>, options: VoiceCallsOptions = {}) =>
    Layer.effect(
      VoiceCalls,
      Effect.flatMap(Effect.all(providers), (made) => makeVoiceCalls(made, options))
    )
}

const failing = (operation: Operation, reason: CallErrorReason, provider?: ProviderId): CallError =>
  new CallError(provider === undefined ? { operation, reason } : { provider, operation, reason })

/**
 * The service over these providers. Fails with `InvalidRequest`, operation `configure`, if a policy cannot be followed
 * or `settle.every` is no pause.
 *
 * @throws Error if there is no provider, two with one id, or a tenant's name that cannot be one
 */
export const makeVoiceCalls = Effect.fnUntraced(function* (
  providers: ReadonlyArray<CallProvider>,
  options: VoiceCallsOptions = {}
) {
  const scope = yield* Effect.scope
  const connections = new Map<string, Connection>()
  const owner = ownerOf(providers, options)
  const { tenant } = owner
  const context = yield* Effect.context<PlacementJournal>()
  const feed = yield* liveFeedIn(context, { owner, scope, options: options.changes })
  const { journal, hearing } = feed
  const opened = openedOf(providers, feed.recorded)
  const known = [...opened.keys()].join(" or ")
  const onlyId = opened.size === 1 ? known : undefined

  const onEnd = (order: CallOrder): Effect.Effect<void> =>
    Effect.gen(function* () {
      const { provider, id: orderId } = order
      const placement = Option.getOrUndefined(yield* journal.findCall({ tenant, provider, orderId }))
      if (placement === undefined || placement.state === "ended" || holderOf(owner, placement) === "account") return
      const { reference, token } = placement
      const settlement = settlementOf(order, claimOf(owner, placement))
      yield* journal.settle({ tenant, reference }, token, settlement, yield* nowInstant)
    }).pipe(Effect.catch((error) => Effect.logWarning(`an end could not be written down: ${error.message}`)))

  const find = (id = onlyId): Connection | undefined => (id === undefined ? undefined : connections.get(id))

  const connectionOf = (operation: Operation, id: string | undefined): Effect.Effect<Connection, CallError> =>
    Effect.suspend(() => {
      const connection = find(id)
      return connection === undefined
        ? Effect.fail(failing(operation, new InvalidRequest({ field: "provider", expected: known })))
        : Effect.succeed(connection)
    })

  /** For telemetry: absent for an unknown name. */
  const idOf = (name: string | undefined): ProviderId | undefined => find(name)?.provider.adapter.providerId

  /** One operation at a provider. */
  const at = <A>(
    operation: Operation,
    id: string | undefined,
    use: (connection: Connection) => Effect.Effect<A, CallError>
  ): Effect.Effect<A, CallError> => traced(operation, Effect.flatMap(connectionOf(operation, id), use), idOf(id))

  /** The same, where it gives one thing after another. */
  const eachAt = <A>(
    operation: Operation,
    id: string | undefined,
    use: (connection: Connection) => Stream.Stream<A, CallError>
  ): Stream.Stream<A, CallError> =>
    tracedStream(operation, Stream.unwrap(Effect.map(connectionOf(operation, id), use)), idOf(id))

  const get = (call: CallRef): Effect.Effect<CallOrder, CallError> =>
    Effect.flatMap(connectionOf("get", call.provider), ({ provider }) =>
      Effect.map(provider.get(call.id), (fact) => viewFact(fact, provider.adapter))
    )

  const readPlaced: ReadPlaced = ({ provider, orderId }) =>
    Effect.map(Effect.option(get({ provider, id: orderId })), Option.getOrUndefined)

  const { place, isUnderWay } = makePlacing({ journal, owner, scope, read: readPlaced })

  const { policies = {} } = options.settle ?? {}
  const every = yield* pauseOf("settle.every", options.settle?.every)
  const confirmed = yield* confirmedPolicies(policies, providers, journal)
  const atProvider = (id: string): Effect.Effect<AtProvider, CallError> => {
    const plain = opened.get(id)?.provider
    return plain === undefined
      ? Effect.fail(failing("reconcile", new InvalidRequest({ field: "provider", expected: known })))
      : Effect.succeed({ journal, owner, confirmed, provider: plain })
  }

  const { reconcile, reconcileStale, settle, release } = makeReconciling({
    confirmed,
    journal,
    owner,
    providers: new Map([...opened].map(([id, { provider }]) => [id, provider])),
    atProvider,
    read: readPlaced,
    isUnderWay
  })

  for (const [id, { provider: plain, deleted }] of opened) {
    const provider = noticingAbsent({ journal, owner, confirmed, provider: plain })
    const poller = yield* makePoller(provider, { ...POLL, ...options.poll }, scope, onEnd)
    connections.set(id, { provider, poller, deleted })
  }

  const router = yield* routerOf(
    options.router,
    [...connections.values()].map(({ provider }) => provider),
    journal
  )
  const providerOf = (id: string | undefined) => Effect.map(connectionOf("place", id), ({ provider }) => provider)
  const { prepare, prepareDry } = makePrepare({ journal, tenant, router, providerOf })

  const settling = hearing("settle", traced("reconcile", settle))
  if (every !== undefined)
    yield* Effect.forkIn(again(settling, every, "uncertain orders could not be looked for"), scope)
  yield* feed.start([...opened.values()].map(({ provider }) => ({ journal, owner, confirmed, provider })))

  return VoiceCalls.of({
    providers: [...connections.values()].map(({ provider }) => provider.adapter.providerId),
    place: (input, placeOptions) => {
      const placing = Effect.flatMap(prepare(input), (ready) =>
        Effect.map(place(ready, placeOptions), (placed) => withDecision(placed, ready))
      )
      return hearing("place", traced("place", placing, idOf(input.provider)))
    },
    dryRun: (input) =>
      Effect.map(
        prepareDry(input),
        ({ provider: { adapter }, request: { method, url, headers, body }, decision: routed }) => {
          const { record } = redactorOf(adapter)
          const shown = Object.entries(record(headers)).map(([name, value]) => [name, String(value)] as const)
          return {
            provider: adapter.providerId,
            method,
            url,
            headers: Object.fromEntries(shown),
            body: record(body),
            ...present({ routed })
          }
        }
      ),
    get: (call) => traced("get", get(call), call.provider),
    list: ({ provider: id, ...filter } = {}) =>
      eachAt("list", id, ({ provider: { adapter, list } }) => {
        const read = filterFor(adapter.capabilities, filter)
        return Result.isSuccess(read)
          ? Stream.map(list(read.success), (fact) => viewFact(fact, adapter))
          : Stream.fail(failing("list", read.failure, adapter.providerId))
      }),
    cancel: (call) =>
      at("cancel", call.provider, (connection) =>
        cancel(connection, call).pipe(
          Effect.tap(({ order }) => (order.terminal === true ? onEnd(order) : Effect.void)),
          Effect.catchReason("CallError", "NotFound", (_, error) =>
            overBefore(journal, owner, connection.provider.adapter, call, error)
          )
        )
      ),
    awaitEnd: (call, wait) =>
      tracedAtEnd(
        "awaitEnd",
        Effect.flatMap(connectionOf("awaitEnd", call.provider), (connection) => awaitEnd(connection, call, wait)),
        call.provider
      ),
    watch: (call, wait) => eachAt("watch", call.provider, (connection) => watch(connection, call, wait)),
    wake: ({ provider, id }) => Effect.sync(() => connections.get(provider)?.poller.wake(id)),
    reconcile: (reference, asked) => hearing("settle", traced("reconcile", reconcile(reference, asked))),
    reconcileStale: (stale) => hearing("settle", traced("reconcile", reconcileStale(stale))),
    settle: settling,
    heard: (call) => {
      const reading = Effect.flatMap(atProvider(call.provider), (at) => heard(at, call.id))
      const wake = Effect.sync(() => connections.get(call.provider)?.poller.wake(call.id))
      return Effect.tap(hearing("webhook", traced("reconcile", reading, call.provider)), () => wake)
    },
    isKnown: ({ provider, id }) =>
      Effect.map(
        Effect.flatMap(atProvider(provider), (at) => knownAs(at, id)),
        (placement) => placement !== undefined
      ),
    release: (reference) => hearing("settle", release(reference)),
    changes: (asked) => tracedStream("changes", feed.changes(asked, get)),
    ...makeWebhookAddressing(at),
    ...makeAccountCatalog(eachAt),
    check: (id) => at("check", id, ({ provider }) => provider.check)
  })
})
