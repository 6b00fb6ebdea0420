/** Signs of orders that were called absent, in whatever is read of their provider: to show it, to wait for its end, to cancel it. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { AttemptFact, OrderFact } from "../domain/Fact.ts"
import { Instant } from "../domain/Instant.ts"
import type { CallProvider } from "../provider/CallProvider.ts"
import { nowInstant } from "./currentInstant.ts"
import { isPerhapsUnderWay } from "./heldReference.ts"
import { type AtProvider, found } from "./outcome.ts"
import { placementsAt } from "./ownership.ts"
import { placementOfOrder } from "./placementOfOrder.ts"
import type { AbsenceJournal, JournalError } from "./PlacementJournal.ts"

/** A journal that does not answer keeps nobody from reading something else. */
const PATIENCE = Duration.seconds(2)

const EVER = Instant.make("1970-01-01T00:00:00.000Z")

/** Whether anything is absent for which there might be a sign. */
const isAnyAbsent = ({ owner, provider }: AtProvider, { absent }: AbsenceJournal) =>
  Effect.map(absent({ ...placementsAt(owner, provider), since: EVER, limit: 1 }), ({ length }) => length > 0)

/** Writes it down if the order is of a placement that does not know it. */
const notice = Effect.fnUntraced(function* (at: AtProvider, fact: OrderFact): Effect.fn.Return<void, JournalError> {
  const placement = yield* placementOfOrder(at, fact)
  if (placement === undefined || isPerhapsUnderWay(placement, yield* nowInstant)) return
  yield* found(at, placement, fact, { evidence: "reference_seen" })
})

type Listed = OrderFact | AttemptFact

/** Sees what is read by one operation: the journal is asked once whether anything is absent, and where it fails, no more. */
const makeSeeing = (at: AtProvider, absence: AbsenceJournal) => {
  let isWorthwhile: boolean | undefined
  return (facts: ReadonlyArray<Listed>): Effect.Effect<void> => {
    const orders = facts.filter((fact) => fact.kind === "order")
    if (orders.length === 0 || isWorthwhile === false) return Effect.void
    const seeing = Effect.gen(function* () {
      isWorthwhile ??= yield* isAnyAbsent(at, absence)
      if (!isWorthwhile) return
      for (const order of orders) yield* notice(at, order)
    })
    return seeing.pipe(
      Effect.timeout(PATIENCE),
      Effect.catch(({ message }) => {
        isWorthwhile = false
        return Effect.logWarning(`a sign of an order could not be looked up: ${message}`)
      })
    )
  }
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
