/** A feed of changes in memory: it is lost when the process exits, and so is how far its consumers had come. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { compareText } from "../../domain/textOrder.ts"
import { countOf } from "../placementState.ts"
import type { CallChange } from "./CallChange.ts"
import { ChangeFeed, type FeedCall, type FeedConsumer } from "./ChangeFeed.ts"
import { acknowledgedPosition, numbered, pageOf, recordedOf, stageOf } from "./feedState.ts"

interface TenantFeed {
  last: number
  readonly changes: Array<CallChange>
  readonly calls: Map<string, FeedCall>
  readonly consumers: Map<string, FeedConsumer>
}

const inTurn = (a: Pick<FeedCall, "changedAt" | "key">, b: Pick<FeedCall, "changedAt" | "key">): number =>
  compareText(a.changedAt, b.changedAt) || compareText(a.key, b.key)

/** A feed in memory, for as long as this process. */
export const makeMemoryFeed = Effect.sync(() => {
  const tenants = new Map<string, TenantFeed>()
  const of = (tenant: string): TenantFeed => {
    const known = tenants.get(tenant)
    if (known !== undefined) return known
    const feed: TenantFeed = { last: 0, changes: [], calls: new Map(), consumers: new Map() }
    tenants.set(tenant, feed)
    return feed
  }
  return ChangeFeed.of({
    record: (tenant, heard, at) =>
      Effect.sync(() => {
        const feed = of(tenant)
        const { known, changes } = recordedOf(heard, (key) => feed.calls.get(key)?.known)
        for (const [key, each] of known) feed.calls.set(key, { key, known: each, changedAt: at })
        feed.changes.push(...numbered(changes, feed.last, at))
        feed.last += changes.length
        return changes.length
      }),
    read: ({ tenant, after, limit }) =>
      Effect.sync(() => {
        const { changes, last } = of(tenant)
        const [first] = changes
        const start = first === undefined ? 0 : Math.max(0, after + 1 - first.position)
        return pageOf(changes.slice(start, start + countOf(limit)), last)
      }),
    position: (tenant, consumer) =>
      Effect.sync(() => Option.fromNullishOr(of(tenant).consumers.get(consumer)?.position)),
    acknowledge: (tenant, consumer, position, at) =>
      Effect.sync(() => {
        const { consumers, last } = of(tenant)
        const after = acknowledgedPosition(consumers.get(consumer)?.position, position, last)
        if (after !== undefined) consumers.set(consumer, { consumer, position: after, at })
      }),
    consumers: (tenant) =>
      Effect.sync(() => [...of(tenant).consumers.values()].toSorted((a, b) => compareText(a.consumer, b.consumer))),
    dropConsumer: (tenant, consumer) => Effect.sync(() => of(tenant).consumers.delete(consumer)),
    calls: ({ tenant, stage, after, limit }) =>
      Effect.sync(() =>
        [...of(tenant).calls.values()]
          .filter((call) => stageOf(call.known) === stage && inTurn(call, after) > 0)
          .toSorted(inTurn)
          .slice(0, countOf(limit))
      ),
    forget: ({ tenant, changesBefore, callsBefore, limit }) =>
      Effect.sync(() => {
        const feed = of(tenant)
        const first = feed.changes.findIndex(({ at }) => at >= changesBefore)
        const changes = Math.min(first === -1 ? feed.changes.length : first, countOf(limit))
        feed.changes.splice(0, changes)
        const calls = [...feed.calls.values()]
          .filter(({ known, changedAt }) => stageOf(known) === "done" && changedAt < callsBefore)
          .toSorted(inTurn)
          .slice(0, countOf(limit))
        for (const { key } of calls) feed.calls.delete(key)
        return { changes, calls: calls.length }
      })
  })
})

/** A feed of changes in memory: it is lost when the process exits. */
export const layerMemoryFeed: Layer.Layer<ChangeFeed> = Layer.effect(ChangeFeed, makeMemoryFeed)
