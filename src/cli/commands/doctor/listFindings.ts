/**
 * `unicall doctor --list`: whether a provider's list tells the references of orders that it is known to have taken, those in
 * the journal. Nobody can answer for calling orders absent by a list without having seen this.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { sentReference } from "../../../calls/attribution.ts"
import { holderOf, type Owner } from "../../../calls/ownership.ts"
import type { Placement } from "../../../calls/PlacementJournal.ts"
import { isSameReference } from "../../../calls/references.ts"
import type { OrderStatus } from "../../../domain/CallStatus.ts"
import type { OrderFact } from "../../../domain/Fact.ts"
import type { OrderId } from "../../../domain/Identifiers.ts"
import { instantAt } from "../../../domain/Instant.ts"
import { compareText } from "../../../domain/textOrder.ts"
import { viewFact } from "../../../domain/View.ts"
import type { CallProvider } from "../../../provider/CallProvider.ts"
import { fixOf } from "../../calls/callFailures.ts"
import { plural } from "../../shell/terminal.ts"
import { type Finding, finding } from "./finding.ts"

/** Of the orders in the journal, the latest. */
const MOST_ORDERS = 200

/** How much earlier than its reservation an order may be listed: clocks differ. */
const EARLIER_MILLIS = 86_400_000

/** Kinds of orders that lists are known to leave out. */
const KINDS = ["queued", "failed", "canceled"] as const satisfies ReadonlyArray<OrderStatus>

const isOfKind = (kind: OrderStatus, status: OrderStatus | undefined): boolean =>
  status === kind || (kind === "queued" && status === "scheduled")

/** One order that was accepted, and what the list says of it. */
interface Looked {
  readonly status: OrderStatus | undefined
  readonly isTold: boolean
}

const counted = (orders: ReadonlyArray<Looked>): string =>
  [...Map.groupBy(orders, ({ status }) => status ?? "unknown")]
    .map(([status, { length }]) => `${length} ${status}`)
    .join(", ")

const verdictOf = (id: string, orders: ReadonlyArray<Looked>, isWhole: boolean, today: string): Finding => {
  const about = `${id} list`
  const untold = orders.filter(({ isTold }) => !isTold)
  if (untold.length > 0) {
    const found = `does not tell the references of ${untold.length} of ${plural(orders.length, "accepted order")}: ${counted(untold)}`
    return finding(about, "warn", found, "Do not call orders absent by this list.")
  }
  if (!isWhole) return finding(about, "warn", "may not be whole", "Do not call orders absent by this list.")
  const found = `tells the references of all ${plural(orders.length, "accepted order")}: ${counted(orders)}`
  const unseen = KINDS.filter((kind) => !orders.some(({ status }) => isOfKind(kind, status)))
  if (unseen.length > 0) {
    const fix = `Before you answer for calling orders absent by this list, have it shown for orders that are ${unseen.join(", ")} too.`
    return finding(about, "warn", found, fix)
  }
  return finding(
    about,
    "ok",
    found,
    `If you answer for it: unicall reconcile --watch --listed ${id}=${today}. It proves nothing.`
  )
}

/** What the list says of each of these orders; one that it does not hold, or does not tell, is read. */
const lookAt = Effect.fnUntraced(function* (provider: CallProvider, placements: ReadonlyArray<Placement>) {
  const { adapter } = provider
  const [{ reservedAt } = { reservedAt: "" }] = placements.toSorted((a, b) => compareText(a.reservedAt, b.reservedAt))
  const createdAfter = instantAt(Date.parse(reservedAt) - EARLIER_MILLIS)
  const filter =
    createdAfter === undefined || !adapter.capabilities.listFilters.includes("created") ? {} : { createdAfter }
  const listed = new Map<OrderId, OrderFact>()
  let isWhole = true
  yield* provider.list(filter).pipe(
    Stream.runForEach((fact) => Effect.sync(() => void (fact.kind === "order" && listed.set(fact.id, fact)))),
    Effect.catchReason("CallError", "Incomplete", () => Effect.sync(() => void (isWhole = false)))
  )
  const orders = yield* Effect.forEach(
    placements,
    Effect.fnUntraced(function* (placement) {
      const { orderId } = placement
      const item = orderId === undefined ? undefined : listed.get(orderId)
      const told = item && adapter.interpretation.order(item).reference
      // Where items tell little, the order itself is read, as a search would read it.
      const fact =
        orderId === undefined || (item !== undefined && told !== undefined)
          ? item
          : yield* Effect.orElseSucceed(provider.get(orderId), () => undefined)
      const reference = fact && adapter.interpretation.order(fact).reference
      const isTold =
        item !== undefined && reference !== undefined && isSameReference(reference, sentReference(placement))
      return { status: fact === undefined ? placement.status : viewFact(fact, adapter).status, isTold }
    }),
    { concurrency: 4 }
  )
  return { orders, isWhole }
})

/** Whose list it is. */
type Asker = Pick<Owner, "tenant" | "sameAccount">

export const listFinding = Effect.fnUntraced(function* (
  provider: CallProvider,
  all: ReadonlyArray<Placement>,
  asker: Asker
): Effect.fn.Return<Finding> {
  const { adapter, account } = provider
  const { listTells, list } = adapter.capabilities
  const about = `${adapter.id} list`
  if (list === "no" || listTells.reference === "no")
    return finding(about, "skip", `tells no references (${listTells.evidence}): no order can be called absent by it`)
  const { providerId } = adapter
  const accounts = new Map(account === undefined ? [] : [[providerId, account]])
  const owner = { ...asker, accounts, opened: new Set([providerId]) }
  const placements = all
    .filter((placement) => placement.provider === adapter.providerId && placement.orderId !== undefined)
    .filter((placement) => (placement.tenant ?? "") === asker.tenant && holderOf(owner, placement) === "us")
    .toSorted((a, b) => compareText(b.reservedAt, a.reservedAt))
    .slice(0, MOST_ORDERS)
  if (placements.length === 0)
    return finding(
      about,
      "skip",
      "the journal holds no accepted order of this tenant and account: nothing can be shown"
    )
  const today = (instantAt(yield* Clock.currentTimeMillis) ?? "").slice(0, 10)
  return yield* Effect.match(lookAt(provider, placements), {
    onSuccess: ({ orders, isWhole }) => verdictOf(adapter.id, orders, isWhole, today),
    onFailure: (error) => finding(about, "warn", error.message.replace(`${adapter.id}: list: `, ""), fixOf(error))
  })
})
