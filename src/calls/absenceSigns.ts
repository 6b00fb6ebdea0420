/** Signs of orders that were called absent, in whatever is read of their provider: to show it, to wait for its end, to cancel it. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { AttemptFact, OrderFact } from "../domain/Fact.ts"
import { instantAt } from "../domain/Instant.ts"
import type { CallProvider } from "../provider/CallProvider.ts"
import { type AtProvider, found } from "./outcome.ts"
import { placementsAt } from "./ownership.ts"
import { placementOfOrder } from "./placementOfOrder.ts"
import type { AbsenceJournal, JournalError } from "./PlacementJournal.ts"

/** A journal that is slow keeps nobody for longer from what one operation reads. */
const PATIENCE_MS = Duration.toMillis(Duration.seconds(2))

/** Longer than any provider is known to list an order. */
const SIGNS_FOR = Duration.days(30)

/** Whether anything is absent for which there might be a sign. */
const isAnyAbsent = Effect.fnUntraced(function* ({ owner, provider }: AtProvider, { absent }: AbsenceJournal) {
  const since = instantAt((yield* Clock.currentTimeMillis) - Duration.toMillis(SIGNS_FOR))
  return since !== undefined && (yield* absent({ ...placementsAt(owner, provider), since, limit: 1 })).length > 0
})

/** Writes it down if the order is one that was called absent. Of others that are looked for, a list tells more than one order does. */
const notice = Effect.fnUntraced(function* (at: AtProvider, fact: OrderFact): Effect.fn.Return<void, JournalError> {
  const placement = yield* placementOfOrder(at, fact)
  if (placement?.state === "absent") yield* found(at, placement, fact, { evidence: "reference_seen" })
})

const failed = ({ message }: { readonly message: string }) =>
  Effect.logWarning(`a sign of an order could not be looked up: ${message}`)

type Listed = OrderFact | AttemptFact

/** Sees what is read by one operation: the journal is asked once whether anything is absent, and where it fails, no more. */
const makeSeeing = (at: AtProvider, absence: AbsenceJournal) => {
  let isWorthwhile: boolean | undefined
  let left = PATIENCE_MS
  const see = Effect.fnUntraced(function* (orders: ReadonlyArray<OrderFact>) {
    isWorthwhile ??= yield* isAnyAbsent(at, absence)
    if (!isWorthwhile) return
    for (const order of orders) yield* notice(at, order)
  })
  return Effect.fnUntraced(function* (facts: ReadonlyArray<Listed>): Effect.fn.Return<void> {
    const orders = facts.filter((fact) => fact.kind === "order")
    if (orders.length === 0 || isWorthwhile === false || left <= 0) return
    // It goes on when nobody waits for it any more: what it has written down must be told, too.
    const seeing = yield* Effect.forkDetach(
      Effect.catch(see(orders), (error) => {
        isWorthwhile = false
        return failed(error)
      })
    )
    const [took, seen] = yield* Effect.timed(Effect.timeoutOption(Fiber.await(seeing), left))
    left -= Duration.toMillis(took)
    if (Option.isNone(seen)) yield* failed({ message: "the journal is slow" })
  })
}

/** The same provider, of which no order is read without its being noticed. */
export const noticingAbsent = (at: AtProvider): CallProvider => {
  const { provider } = at
  const { absence } = at.journal
  if (absence === undefined) return provider
  return {
    ...provider,
    get: (id) => Effect.tap(provider.get(id), (fact) => makeSeeing(at, absence)([fact])),
    getMany: (ids, detail) =>
      Effect.tap(provider.getMany(ids, detail), ({ orders }) => makeSeeing(at, absence)(orders)),
    list: (filter) =>
      Stream.suspend(() => {
        const see = makeSeeing(at, absence)
        return Stream.tap(provider.list(filter), (fact) => see([fact]))
      })
  }
}
