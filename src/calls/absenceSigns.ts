/** Signs of orders that were called absent, in whatever is read of their provider: to show it, to wait for its end, to cancel it. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { AttemptFact, OrderFact } from "../domain/Fact.ts"
import { Instant } from "../domain/Instant.ts"
import type { CallProvider } from "../provider/CallProvider.ts"
import { monotonicMillis } from "../provider/monotonicTime.ts"
import { attributed, familyOf } from "./attribution.ts"
import { earliestTimes, mayBeOrderOf, referenceOf } from "./listSearch.ts"
import { type AtProvider, found } from "./outcome.ts"
import { accountFilter, holderOf } from "./ownership.ts"
import type { AbsenceJournal, JournalError } from "./PlacementJournal.ts"
import { clockOffsetOf } from "./providerClock.ts"
import { storedForm } from "./references.ts"

/** Where nothing is absent, the journal is not asked with every record that is read. */
const ASK_AGAIN = Duration.toMillis(Duration.seconds(10))

const EVER = Instant.make("1970-01-01T00:00:00.000Z")

/** Whether anything is absent for which there might be a sign. */
const isAnyAbsent = ({ owner, provider }: AtProvider, { absent }: AbsenceJournal) => {
  const { providerId } = provider.adapter
  const { tenant } = owner
  const filter = { tenant, provider: providerId, ...accountFilter(owner, provider), since: EVER, limit: 1 }
  return Effect.map(absent(filter), ({ length }) => length > 0)
}

/** Writes it down if the order is one that was called absent. */
const notice = Effect.fnUntraced(function* (at: AtProvider, fact: OrderFact): Effect.fn.Return<void, JournalError> {
  const { journal, owner, provider } = at
  const told = referenceOf(provider, fact)
  if (told === undefined) return
  const main = Option.getOrUndefined(yield* journal.find({ tenant: owner.tenant, reference: storedForm(told) }))
  if (main === undefined || holderOf(owner, main) !== "us") return
  const members = yield* familyOf(journal, owner.tenant, main)
  const family = members.filter((each) => each.provider === provider.adapter.providerId)
  if (!family.some(({ state }) => state === "absent")) return
  const earliest = earliestTimes(yield* Clock.currentTimeMillis, yield* clockOffsetOf(provider))
  const its = attributed(family, [fact], (each, order) => mayBeOrderOf(provider, each, order, earliest(each)))
  for (const member of family) if (its.has(member.token)) yield* found(at, member, fact, { evidence: "reference_seen" })
})

/** The same provider, of which nothing is read without its being noticed. */
export const noticingAbsent = (at: AtProvider): CallProvider => {
  const { provider } = at
  const { absence } = at.journal
  if (absence === undefined) return provider
  let askedAt = Number.NEGATIVE_INFINITY
  const see = Effect.fnUntraced(
    function* (facts: ReadonlyArray<OrderFact | AttemptFact>) {
      const orders = facts.filter((fact) => fact.kind === "order")
      const now = monotonicMillis(yield* Clock.Clock)
      if (orders.length === 0 || now - askedAt < ASK_AGAIN) return
      if (!(yield* isAnyAbsent(at, absence))) return void (askedAt = now)
      for (const order of orders) yield* notice(at, order)
    },
    // A journal that cannot be read keeps nobody from reading something else.
    Effect.catch(({ message }) => Effect.logWarning(`a sign of an order could not be looked up: ${message}`))
  )
  return {
    ...provider,
    get: (id) => Effect.tap(provider.get(id), (fact) => see([fact])),
    getMany: (ids, detail) => Effect.tap(provider.getMany(ids, detail), ({ orders }) => see(orders)),
    list: (filter) => Stream.tap(provider.list(filter), (fact) => see([fact]))
  }
}
